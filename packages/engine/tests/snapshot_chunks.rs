//! Snapshots in chunks: only what changed is written, and only what belongs together opens.

mod support;

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use akin_engine::{Chunk, ChunkKind, Error, Index, Manifest, Opening, Options, Search};
use support::snapshots::{busy_index, go_on, seal};
use support::{Random, clustered, graph_options};

/// A database of chunks, each under its key and never overwritten.
#[derive(Default)]
struct Store(HashMap<String, Vec<u8>>);

impl Store {
    /// Saves what it does not have yet; gives the manifest and the kinds of what was written.
    fn save(&mut self, index: &mut Index) -> (Vec<u8>, Vec<ChunkKind>) {
        let manifest = index.manifest().unwrap();
        let mut written = Vec::new();
        for chunk in Manifest::read(&manifest).unwrap().chunks() {
            if let Entry::Vacant(place) = self.0.entry(chunk.to_string()) {
                place.insert(index.read_chunk(chunk).unwrap());
                written.push(chunk.kind);
            }
        }
        (manifest, written)
    }

    fn chunk(&self, chunk: &Chunk) -> &[u8] {
        &self.0[&chunk.to_string()]
    }

    fn open(&self, manifest: &[u8]) -> Index {
        let mut opening = Opening::begin(manifest).unwrap();
        while let Some(chunk) = opening.expected() {
            opening.put(self.chunk(&chunk)).unwrap();
        }
        opening.finish().unwrap()
    }

    fn in_one_piece(&self, manifest: &[u8]) -> Vec<u8> {
        let mut bytes = manifest.to_vec();
        for chunk in Manifest::read(manifest).unwrap().chunks() {
            bytes.extend_from_slice(self.chunk(chunk));
        }
        bytes
    }
}

/// Long vectors and rows, so that a few thousand of them are several chunks of each kind.
fn wide_options() -> Options {
    Options { m: 64, ef_construction: 4, ef_search: 4, ..graph_options(600) }
}

#[test]
fn a_chain_of_increments_is_the_snapshot_of_each_moment() {
    for seed in 0..3 {
        let mut random = Random::new(seed);
        let mut index = Index::new(wide_options()).unwrap();
        let mut store = Store::default();
        let (mut saved, mut reused) = (0, 0);
        for _ in 0..70 {
            match random.below(10) {
                0..4 => {
                    let count = random.below(200);
                    index.add(&random.vector(count * 600)).unwrap();
                }
                4 => {
                    let gone: Vec<u32> =
                        (0..40).map(|_| random.below(index.slot_count() + 1) as u32).collect();
                    index.remove(&gone);
                }
                5 | 6 => drop(index.build_step(1 + random.below(20_000) as u64).unwrap()),
                7 => drop(index.compact(1 + random.below(20_000) as u64).unwrap()),
                _ => {
                    let (manifest, written) = store.save(&mut index);
                    let all = Manifest::read(&manifest).unwrap().chunks().len();
                    (saved, reused) = (saved + 1, reused + all - written.len());
                    let whole = index.snapshot().unwrap();
                    assert!(store.in_one_piece(&manifest) == whole, "seed {seed}");
                    if random.below(3) == 0 {
                        index = store.open(&manifest);
                        assert!(index.snapshot().unwrap() == whole, "seed {seed}");
                    }
                }
            }
        }
        let (manifest, _) = store.save(&mut index);
        let kinds: Vec<_> = Manifest::read(&manifest).unwrap().chunks().to_vec();
        for kind in [ChunkKind::Codes, ChunkKind::Links] {
            assert!(kinds.iter().filter(|chunk| chunk.kind == kind).count() > 1);
        }
        assert!(saved > 5 && reused > 5, "{saved} snapshots shared {reused} chunks");
        assert!(go_on_wide(&mut store.open(&manifest)) == go_on_wide(&mut index), "seed {seed}");
    }
}

fn go_on_wide(index: &mut Index) -> Vec<u8> {
    index.add(&Random::new(9).vector(20 * 600)).unwrap();
    index.build_step(50_000).unwrap();
    index.compact(5_000).unwrap();
    index.snapshot().unwrap()
}

#[test]
fn only_what_changed_is_written() {
    use ChunkKind::{Codes, Links, State};
    let mut index = Index::new(wide_options()).unwrap();
    index.add(&Random::new(1).vector(2_500 * 600)).unwrap();
    index.build_step(u64::MAX).unwrap();
    let mut store = Store::default();
    let (first, written) = store.save(&mut index);
    assert_eq!(written, [State, Codes, Codes, Codes, Links, Links]);

    let ask = Search { k: 5, ..Search::default() };
    index.search(&Random::new(2).vector(600), &ask).unwrap();
    assert_eq!(store.save(&mut index), (first, vec![]), "a search");
    index.remove(&[5, 2_000]);
    assert_eq!(store.save(&mut index).1, [State], "a removal");
    index.add(&Random::new(3).vector(600)).unwrap();
    assert_eq!(store.save(&mut index).1, [State, Codes, Links], "a vector that is pending");
    index.build_step(u64::MAX).unwrap();
    let (manifest, written) = store.save(&mut index);
    assert_eq!(written, [State, Links, Links], "a vector that is linked");

    let mut opened = store.open(&manifest);
    assert_eq!(store.save(&mut opened), (manifest, vec![]), "opening");
    opened.compact(u64::MAX).unwrap();
    assert_eq!(store.save(&mut opened).1, [State, Codes, Codes, Links, Links], "a compaction");
}

#[test]
fn a_chunk_that_has_changed_is_outdated_and_the_others_are_not() {
    let mut index = Index::new(wide_options()).unwrap();
    index.add(&Random::new(4).vector(1_500 * 600)).unwrap();
    let whole = index.snapshot().unwrap();
    let manifest = Manifest::read(&index.manifest().unwrap()).unwrap();
    index.add(&Random::new(5).vector(600)).unwrap();
    let read: Vec<_> = manifest.chunks().iter().map(|chunk| index.read_chunk(chunk)).collect();
    let [state, first, last, links] = read.try_into().unwrap();
    assert_eq!([state, last, links], [const { Err(Error::Outdated) }; 3]);
    let first = first.unwrap();
    assert!(whole.windows(first.len()).step_by(4).any(|bytes| bytes == first));

    let chunk = manifest.chunks()[1];
    for wrong in [
        Chunk { bytes: usize::MAX, ..chunk },
        Chunk { number: u32::MAX, ..chunk },
        Chunk { number: 1, ..chunk },
        Chunk { checksum: !chunk.checksum, ..chunk },
        Chunk { kind: ChunkKind::State, number: 1, ..chunk },
    ] {
        assert_eq!(index.read_chunk(&wrong), Err(Error::Outdated), "{wrong:?}");
    }
    assert_eq!(index.read_chunk(&chunk), Ok(first));
}

#[test]
fn chunks_of_two_snapshots_do_not_mix() {
    let mut index = busy_index(130);
    let mut store = Store::default();
    let (old, _) = store.save(&mut index);
    index.build_step(u64::MAX).unwrap();
    index.compact(u64::MAX).unwrap();
    let (new, written) = store.save(&mut index);
    assert_eq!(written.len(), 3);
    for (manifest, other) in [(&old, &new), (&new, &old)] {
        let others = Manifest::read(other).unwrap();
        let mut opening = Opening::begin(manifest).unwrap();
        for foreign in others.chunks() {
            let chunk = opening.expected().unwrap();
            for refused in [foreign, &others.chunks()[0], &others.chunks()[2]] {
                let result = opening.put(store.chunk(refused));
                assert!(matches!(result, Err(Error::Corrupt { .. })), "{refused} for {chunk}");
            }
            // What was refused leaves no trace.
            opening.put(store.chunk(&chunk)).unwrap();
        }
        assert!(opening.put(&[]).is_err());
        assert!(opening.finish().unwrap().snapshot().unwrap() == store.in_one_piece(manifest));
    }
    assert!(go_on(&mut store.open(&new)) == go_on(&mut index));
}

#[test]
fn every_flipped_bit_and_every_other_length_of_a_chunk_is_noticed() {
    let mut index = busy_index(5);
    let mut store = Store::default();
    let (manifest, _) = store.save(&mut index);
    for at in 0..manifest.len() * 8 {
        let mut flipped = manifest.clone();
        flipped[at / 8] ^= 1 << (at % 8);
        assert!(Opening::begin(&flipped).is_err_and(|error| error.code() == "corrupt"));
    }
    for length in 0..manifest.len() {
        assert!(Opening::begin(&manifest[..length]).is_err());
    }
    let mut opening = Opening::begin(&manifest).unwrap();
    while let Some(chunk) = opening.expected() {
        let bytes = store.chunk(&chunk);
        for at in 0..bytes.len() * 8 {
            let mut flipped = bytes.to_vec();
            flipped[at / 8] ^= 1 << (at % 8);
            assert!(opening.put(&flipped).is_err_and(|error| error.code() == "corrupt"));
        }
        for length in [0, 1, bytes.len() - 1] {
            assert!(opening.put(&bytes[..length]).is_err());
        }
        assert!(opening.put(&[bytes, &[0]].concat()).is_err());
        opening.put(bytes).unwrap();
    }
    assert!(opening.finish().unwrap().snapshot().unwrap() == index.snapshot().unwrap());
}

#[test]
fn an_opening_without_all_chunks_gives_no_index() {
    let mut index = busy_index(5);
    let mut store = Store::default();
    let (manifest, _) = store.save(&mut index);
    for count in 0..3 {
        let mut opening = Opening::begin(&manifest).unwrap();
        for chunk in opening.chunks().to_vec().iter().take(count) {
            opening.put(store.chunk(chunk)).unwrap();
        }
        assert!(matches!(opening.finish(), Err(Error::Corrupt { .. })), "{count}");
    }
}

/// A manifest is short and may promise anything.
#[test]
fn a_manifest_of_great_promises_is_refused_before_anything_is_done_for_it() {
    let original = busy_index(5).manifest().unwrap();
    let start = std::time::Instant::now();
    for slots in [1 << 29, 1 << 30, u32::MAX] {
        for total in [original.len() as u64, 1 << 45, u64::MAX] {
            let mut bytes = original.clone();
            bytes[64..68].copy_from_slice(&slots.to_le_bytes());
            bytes[24..32].copy_from_slice(&total.to_le_bytes());
            seal(&mut bytes);
            assert!(matches!(Opening::begin(&bytes), Err(Error::Corrupt { .. })));
        }
    }
    // Microseconds. Working out the levels of 2^30 slots takes seconds.
    assert!(start.elapsed().as_millis() < 1_000);
}

/// One that lists all its chunks may be honest. It is short, and what it says takes no longer to read.
#[test]
fn a_manifest_of_a_great_index_is_read_at_once() {
    let slots = 1_usize << 30;
    let mut index = Index::new(Options::new(4)).unwrap();
    index.add(&[1.0; 4]).unwrap();
    let mut bytes = index.manifest().unwrap();
    let of_slot = |row: usize| {
        let at = 100 + row * 24 + 8;
        u64::from_le_bytes(bytes[at..at + 8].try_into().unwrap()) as usize
    };
    let state = of_slot(0) * slots / 32;
    let mut table = vec![(1_u32, 0_u32, state)];
    for (kind, bytes) in [(2, of_slot(1)), (3, of_slot(2))] {
        let most = (1 << 20) / (bytes * 1024) * 1024;
        let parts = (0..slots).step_by(most).enumerate();
        table.extend(parts.map(|(at, from)| (kind, at as u32, most.min(slots - from) * bytes)));
    }
    bytes.truncate(100);
    for &(kind, number, length) in &table {
        bytes.extend(kind.to_le_bytes().into_iter().chain(number.to_le_bytes()));
        bytes.extend((length as u64).to_le_bytes().into_iter().chain([0; 8]));
    }
    let (length, chunks) = (bytes.len() as u32, table.len() as u32);
    let total = bytes.len() as u64 + table.iter().map(|chunk| chunk.2 as u64).sum::<u64>();
    bytes[12..16].copy_from_slice(&length.to_le_bytes());
    bytes[24..32].copy_from_slice(&total.to_le_bytes());
    bytes[64..68].copy_from_slice(&(slots as u32).to_le_bytes());
    bytes[96..100].copy_from_slice(&chunks.to_le_bytes());
    seal(&mut bytes);
    let start = std::time::Instant::now();
    let opening = Opening::begin(&bytes);
    assert!(start.elapsed().as_millis() < 1_000);
    assert_eq!(opening.unwrap().chunks().len(), table.len());
}

/// Written by the first engine that had this format. Later ones must go on reading it.
#[test]
fn the_golden_snapshot_opens() {
    let golden = include_bytes!("golden/snapshot-1.bin");
    let mut index = Index::open(golden).unwrap();
    assert!(index.snapshot().unwrap() == golden);
    assert_eq!((index.len(), index.slot_count(), index.tombstones()), (58, 65, 5));
    let query = clustered(23, 1, 5).concat();
    let exact = Search { k: 5, exact: true, ..Search::default() };
    let hits = index.search(&query, &exact).unwrap();
    assert_eq!(hits.slots, GOLDEN_SLOTS);
    assert_eq!(hits.scores.iter().map(|score| score.to_bits()).collect::<Vec<_>>(), GOLDEN_SCORES);
    let all = Search { k: 60, ef: Some(60), ..Search::default() };
    assert_eq!(index.search(&query, &all).unwrap().slots.len(), 58);
    go_on(&mut index);
}

const GOLDEN_SLOTS: [u32; 5] = [41, 40, 18, 46, 54];
const GOLDEN_SCORES: [u32; 5] = [1064906865, 1061205673, 1061176973, 1060861154, 1060774776];
