//! Snapshots that someone has changed, and everything that can be done with what still opens.
//!
//! The fuzz target in `fuzz/` is built from this file too.

use std::ops::Range;

use akin_engine::{Index, Metric, Options, Search};
use xxhash_rust::xxh64::xxh64;

use super::{Random, clustered};

/// Bytes before the table of a snapshot, and of a row of the table.
const HEADER_BYTES: usize = 100;
const ROW_BYTES: usize = 24;

/// A small index in which everything occurs: nodes, tombstones, pending and free slots, and a
/// compaction under way.
pub fn busy_index(options: Options, count: usize) -> Index {
    let dimensions = options.dimensions as usize;
    let data = clustered(21, count, dimensions);
    let (early, late) = data.split_at(count * 3 / 4);
    let mut index = Index::new(options).unwrap();
    index.add(&early.concat()).unwrap();
    index.build_step(u64::MAX).unwrap();
    let gone: Vec<u32> = (0..early.len() as u32).filter(|slot| slot % 11 == 3).collect();
    index.remove(&gone);
    assert!(!index.compact(60).unwrap(), "the compaction is to be under way");
    index.add(&late.concat()).unwrap();
    index.remove(&[0, 7, count as u32 - 2]);
    assert!(index.pending() > 0 && index.tombstones() > 0);
    index
}

/// Snapshots of small indexes of every kind, to be changed.
pub fn seeds() -> Vec<Vec<u8>> {
    let small = |metric, dimensions| Options {
        metric,
        m: 4,
        ef_construction: 20,
        ef_search: 4,
        exact_below: 0,
        ..Options::new(dimensions)
    };
    let mut seeds = vec![Index::new(small(Metric::Cosine, 3)).unwrap().snapshot().unwrap()];
    for (metric, dimensions) in [(Metric::Cosine, 5), (Metric::Dot, 113), (Metric::L2, 130)] {
        seeds.push(busy_index(small(metric, dimensions), 65).snapshot().unwrap());
        let mut quiet = Index::new(small(metric, dimensions)).unwrap();
        quiet.add(&clustered(28, 20, dimensions as usize).concat()).unwrap();
        seeds.push(quiet.snapshot().unwrap());
        quiet.build_step(u64::MAX).unwrap();
        seeds.push(quiet.snapshot().unwrap());
    }
    seeds
}

/// Changes a snapshot here and there: bits, bytes, numbers, stretches of it or of another one.
pub fn mutate(random: &mut Random, bytes: &mut Vec<u8>, other: &[u8]) {
    for _ in 0..1 + random.below(4) {
        if bytes.is_empty() {
            return;
        }
        // The header is small, and every field of it a promise: it gets a third of the changes.
        let end = if random.below(3) == 0 { bytes.len().min(400) } else { bytes.len() };
        let at = random.below(end);
        let length = (1 + random.below(64)).min(bytes.len() - at);
        match random.below(8) {
            0 => bytes[at] ^= 1 << random.below(8),
            1 => bytes[at] = random.next() as u8,
            2 => bytes[at..at + length].fill([0, 255][random.below(2)]),
            3..6 => {
                let value = match random.below(6) {
                    0 => 0,
                    1 => u32::MAX,
                    2 => 1 << random.below(32),
                    3 => f32::NAN.to_bits(),
                    4 => random.below(bytes.len()) as u32,
                    _ => random.below(100) as u32,
                };
                let at = at / 4 * 4;
                let word = bytes[at..].iter_mut().zip(value.to_le_bytes());
                word.for_each(|(byte, new)| *byte = new);
            }
            6 => {
                let from = random.below(bytes.len() - length + 1);
                bytes.copy_within(from..from + length, at);
            }
            _ => {
                let from = random.below(other.len());
                let stretch = bytes[at..at + length].iter_mut().zip(&other[from..]);
                stretch.for_each(|(byte, &new)| *byte = new);
            }
        }
    }
    match random.below(20) {
        0 => bytes.truncate(random.below(bytes.len())),
        1 => bytes.extend(other.iter().take(random.below(100))),
        _ => {}
    }
}

/// Makes total length and checksums right again, as far as the table can be read: whoever can
/// write a snapshot can write those.
pub fn seal(bytes: &mut [u8]) {
    let Some(header) = u32_at(bytes, 12).map(|header| (header as usize).min(bytes.len())) else {
        return;
    };
    if bytes.len() < HEADER_BYTES || header < HEADER_BYTES {
        return;
    }
    let total = (bytes.len() as u64).to_le_bytes();
    bytes[24..32].copy_from_slice(&total);
    let mut offset = header;
    for row in (HEADER_BYTES..=header - ROW_BYTES.min(header)).step_by(ROW_BYTES) {
        let length = u32_at(bytes, row + 8).unwrap_or(0) as usize;
        let Some(section) = bytes.get(offset..offset.saturating_add(length)) else { break };
        let checksum = xxh64(section, 0).to_le_bytes();
        bytes[row + 16..row + 24].copy_from_slice(&checksum);
        offset += length;
    }
    bytes[16..24].fill(0);
    let checksum = xxh64(&bytes[..header], 0).to_le_bytes();
    bytes[16..24].copy_from_slice(&checksum);
}

/// Where the first section of a kind lies.
pub fn section(bytes: &[u8], kind: u32) -> Option<Range<usize>> {
    let header = u32_at(bytes, 12)? as usize;
    let mut offset = header;
    for row in (HEADER_BYTES..header).step_by(ROW_BYTES) {
        let length = u32_at(bytes, row + 8)? as usize;
        if u32_at(bytes, row)? == kind {
            return Some(offset..offset + length);
        }
        offset += length;
    }
    None
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..at + 4).map(|word| u32::from_le_bytes(word.try_into().unwrap()))
}

/// Opens bytes from anywhere. What opens must then do all that an index does, whatever its vectors
/// and links say. Says whether it opened.
pub fn open_and_use(bytes: &[u8]) -> bool {
    let Ok(mut index) = Index::open(bytes) else { return false };
    let dimensions = index.options().dimensions as usize;
    let mut random = Random::new(bytes.len() as u64);

    search(&mut index, &mut random);
    index.build_step(300).unwrap();
    index.compact(200).unwrap();
    let vectors: Vec<f32> = (0..3).flat_map(|_| random.vector(dimensions)).collect();
    let slots = index.add(&vectors).unwrap();
    assert!(slots.iter().all(|&slot| index.vector(slot).unwrap().is_some()));
    assert_eq!(index.remove(&[slots[0], slots[0], u32::MAX]), 1);
    index.remove(&[0, 5, index.slot_count() as u32 / 2]);
    search(&mut index, &mut random);

    let saved = index.snapshot().unwrap();
    let mut opened = Index::open(&saved).expect("what was written can be opened");
    assert!(opened.snapshot().unwrap() == saved);
    for index in [&mut index, &mut opened] {
        index.compact(u64::MAX).unwrap();
        index.build_step(u64::MAX).unwrap();
        index.compact(u64::MAX).unwrap();
        assert_eq!(index.tombstones(), 0);
    }
    assert!(index.snapshot().unwrap() == opened.snapshot().unwrap());
    search(&mut index, &mut random);
    true
}

/// Searches in every way; the vectors may be anything, the promises stay.
fn search(index: &mut Index, random: &mut Random) {
    let query = random.vector(index.options().dimensions as usize);
    let words = index.slot_count().div_ceil(32);
    let filter: Vec<u32> = (0..words).map(|_| random.next() as u32).collect();
    let passes = |slot: u32| filter[slot as usize / 32] >> (slot % 32) & 1 == 1;
    let live = |slot: &u32| index.vector(*slot).unwrap().is_some();
    let live: Vec<u32> = (0..index.slot_count() as u32).filter(live).collect();
    assert_eq!(live.len(), index.len());
    let matches = live.iter().filter(|&&slot| passes(slot)).count();
    for k in [1, 5, usize::MAX] {
        for (ef, exact) in [(None, false), (Some(1), false), (Some(200), false), (None, true)] {
            for filter in [None, Some(filter.as_slice())] {
                let hits = index
                    .search(&query, &Search { k, ef, exact, filter, ..Search::default() })
                    .unwrap();
                let expected = if filter.is_some() { matches } else { live.len() };
                assert_eq!(hits.slots.len(), k.min(expected));
                assert!(hits.slots.iter().all(|slot| live.binary_search(slot).is_ok()));
                assert!(filter.is_none() || hits.slots.iter().all(|&slot| passes(slot)));
                assert!(hits.scores.iter().all(|score| score.is_finite()));
                assert!(hits.scores.is_sorted_by(|a, b| a >= b));
                let mut slots = hits.slots;
                slots.sort_unstable();
                assert!(slots.windows(2).all(|pair| pair[0] < pair[1]), "a slot twice");
            }
        }
    }
}
