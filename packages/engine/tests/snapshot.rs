//! Snapshots: they restore everything, and nothing else is taken for one.

mod support;

use akin_engine::{Error, Index, Metric, Options, Search};
use support::snapshots::{busy_index, go_on, seal};
use support::{Random, clustered, graph_options};

#[test]
fn an_opened_snapshot_goes_on_as_the_index_would_have() {
    for dimensions in [5, 112, 130] {
        let mut index = busy_index(dimensions);
        let bytes = index.snapshot().unwrap();
        let mut opened = Index::open(&bytes).unwrap();
        assert!(opened.snapshot().unwrap() == bytes);
        let query = clustered(23, 1, dimensions).concat();
        for k in [1, 10, 500] {
            let search = Search { k, ..Search::default() };
            assert_eq!(index.search(&query, &search), opened.search(&query, &search));
        }
        assert!(go_on(&mut index) == go_on(&mut opened));
    }
}

#[test]
fn an_index_of_every_kind_is_restored() {
    for metric in [Metric::Cosine, Metric::Dot, Metric::L2] {
        for (count, exact_below) in [(0, 0), (1, 0), (40, 5_000), (40, 0), (2_100, 1_000)] {
            let options = Options { metric, exact_below, seed: 77, ..Options::new(12) };
            let mut index = Index::new(options).unwrap();
            index.add(&clustered(24, count, 12).concat()).unwrap();
            index.build_step(u64::MAX).unwrap();
            let mut opened = Index::open(&index.snapshot().unwrap()).unwrap();
            assert_eq!(opened.options(), index.options());
            assert_eq!(opened.len(), count);
            assert!(go_on(&mut index) == go_on(&mut opened));
        }
    }
}

/// Half way through a release, condemned nodes still link to slots that are free already.
#[test]
fn a_compaction_can_be_saved_after_every_step() {
    let data = clustered(27, 60, 6);
    for removed in [(0..60).collect::<Vec<u32>>(), (0..60).step_by(3).collect()] {
        let mut index = support::built(Options { m: 3, ..graph_options(6) }, &data);
        index.remove(&removed);
        loop {
            let done = index.compact(1).unwrap();
            let bytes = index.snapshot().unwrap();
            let mut opened = Index::open(&bytes).unwrap();
            let mut original = Index::open(&bytes).unwrap();
            assert!(go_on(&mut opened) == go_on(&mut original));
            if done {
                break;
            }
        }
        assert_eq!(index.tombstones(), 0);
        assert_eq!(index.len(), 60 - removed.len());
    }
}

#[test]
fn every_flipped_bit_is_noticed() {
    let bytes = busy_index(5).snapshot().unwrap();
    for at in 0..bytes.len() {
        for bit in 0..8 {
            let mut flipped = bytes.clone();
            flipped[at] ^= 1 << bit;
            let error = Index::open(&flipped).expect_err("a flipped bit was taken for a snapshot");
            assert_eq!(error.code(), "corrupt", "byte {at}, bit {bit}");
        }
    }
}

#[test]
fn cut_extended_and_foreign_bytes_are_refused() {
    let bytes = busy_index(5).snapshot().unwrap();
    for length in 0..bytes.len() {
        assert!(matches!(Index::open(&bytes[..length]), Err(Error::Corrupt { .. })));
    }
    let mut longer = bytes.clone();
    longer.push(0);
    assert!(matches!(Index::open(&longer), Err(Error::Corrupt { .. })));
    let mut random = Random::new(25);
    for length in [0, 1, 31, 32, 95, 96, 1_000, 100_000] {
        let noise: Vec<u8> = (0..length).map(|_| random.next() as u8).collect();
        assert!(matches!(Index::open(&noise), Err(Error::Corrupt { .. })));
        let with_magic: Vec<u8> = bytes.iter().take(8).chain(&noise).copied().collect();
        assert!(matches!(Index::open(&with_magic), Err(Error::Corrupt { .. })));
    }
}

#[test]
fn a_later_version_asks_for_an_upgrade() {
    let mut bytes = busy_index(5).snapshot().unwrap();
    bytes[8] = 2;
    seal(&mut bytes);
    assert_eq!(Index::open(&bytes).err(), Some(Error::NewerSnapshot { version: 2 }));
    bytes[8] = 0;
    seal(&mut bytes);
    assert_eq!(Index::open(&bytes).map_err(|error| error.code()).err(), Some("corrupt"));
}

/// Whoever can write a snapshot can write its checksums. Such bytes may be refused or not, but
/// what they open as must not trap, whatever is done with it.
#[test]
fn hostile_bytes_with_right_checksums_cannot_lead_a_search_astray() {
    let original = busy_index(5).snapshot().unwrap();
    let mut random = Random::new(26);
    let mut opened = 0;
    for round in 0..6_000 {
        let mut bytes = original.clone();
        for _ in 0..1 + random.below(3) {
            // The header is small, and every field of it a promise: give it half of the changes.
            let end = if round % 2 == 0 { 300 } else { bytes.len() };
            let at = random.below(end);
            bytes[at] = match random.below(4) {
                0 => 0,
                1 => 255,
                2 => bytes[at].wrapping_add(1),
                _ => random.next() as u8,
            };
        }
        seal(&mut bytes);
        if let Ok(mut index) = Index::open(&bytes) {
            opened += 1;
            let dimensions = index.options().dimensions as usize;
            let query = random.vector(dimensions);
            let hits = index.search(&query, &Search { k: 20, ..Search::default() }).unwrap();
            assert!(hits.scores.iter().all(|score| score.is_finite()));
            go_on(&mut index);
        }
    }
    assert!(opened > 100, "most changes are to codes, which may be anything: {opened}");
}

#[test]
fn a_snapshot_cannot_make_an_index_allocate_more_than_it_brings() {
    let original = busy_index(5).snapshot().unwrap();
    for (at, value) in [(64, u32::MAX), (64, 1 << 29), (32, 4096), (40, 64), (24, u32::MAX)] {
        let mut bytes = original.clone();
        bytes[at..at + 4].copy_from_slice(&value.to_le_bytes());
        seal(&mut bytes);
        assert!(matches!(Index::open(&bytes), Err(Error::Corrupt { .. })));
    }
}
