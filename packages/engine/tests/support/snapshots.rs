//! What tests of snapshots share.

use akin_engine::{Index, Options};
use xxhash_rust::xxh64::xxh64;

use super::{clustered, graph_options};

/// A small index in which everything occurs: nodes, tombstones, pending and free slots, and a
/// compaction under way.
pub fn busy_index(dimensions: usize) -> Index {
    let data = clustered(21, 65, dimensions);
    let options = Options { m: 4, ef_construction: 20, ef_search: 4, ..graph_options(dimensions) };
    let mut index = Index::new(options).unwrap();
    index.add(&data[..50].concat()).unwrap();
    index.build_step(u64::MAX).unwrap();
    index.remove(&[3, 20, 21, 49]);
    assert!(!index.compact(60).unwrap());
    index.add(&data[50..].concat()).unwrap();
    index.remove(&[7, 55, 53]);
    assert!(index.pending() > 0 && index.tombstones() > 0);
    index
}

/// Does the same things to an index, whatever it is.
pub fn go_on(index: &mut Index) -> Vec<u8> {
    let dimensions = index.options().dimensions as usize;
    index.add(&clustered(22, 40, dimensions).concat()).unwrap();
    index.build_step(500).unwrap();
    index.remove(&[0, 9, 60]);
    index.compact(u64::MAX).unwrap();
    index.compact(u64::MAX).unwrap();
    index.build_step(u64::MAX).unwrap();
    index.snapshot().unwrap()
}

/// Makes the checksums right again, as far as the table can be read.
pub fn seal(bytes: &mut [u8]) {
    let u32_at = |bytes: &[u8], at: usize| {
        bytes.get(at..at + 4).map_or(0, |b| u32::from_le_bytes(b.try_into().unwrap()) as usize)
    };
    let header = u32_at(bytes, 12).min(bytes.len());
    let mut offset = header;
    for row in (100..header.saturating_sub(23)).step_by(24) {
        let length = u32_at(bytes, row + 8);
        let Some(section) = bytes.get(offset..offset.saturating_add(length)) else { break };
        let checksum = xxh64(section, 0).to_le_bytes();
        bytes[row + 16..row + 24].copy_from_slice(&checksum);
        offset += length;
    }
    if header >= 24 {
        bytes[16..24].fill(0);
        let checksum = xxh64(&bytes[..header], 0).to_le_bytes();
        bytes[16..24].copy_from_slice(&checksum);
    }
}
