//! What there is in an index, counted: for tuning, and for those who want to see inside.

use crate::index::Index;
use crate::rng::MAX_LEVEL;

/// An index in numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statistics {
    /// Nodes of the graph, tombstones included, on each level. A node of level 2 is on levels 0,
    /// 1 and 2.
    pub levels: [u32; MAX_LEVEL + 1],
    /// Links on level 0, of all nodes together.
    pub links: u64,
    /// The level where searches start; none in an empty graph.
    pub entry_level: Option<usize>,
    /// Bytes allocated.
    pub memory: Memory,
}

/// What the memory of an index is for, in bytes. Its parts add up to [`Index::memory_bytes`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Memory {
    /// Codes, and links of level 0.
    pub records: usize,
    /// Links above level 0.
    pub upper_links: usize,
    /// Which slots are live, pending, free, in the graph, or affected by a compaction.
    pub bitmaps: usize,
    /// What searches write to: which nodes were met, which slots match a filter.
    pub scratch: usize,
}

impl Index {
    /// Counts nodes and links: reads the links of every node, which takes some milliseconds where
    /// there are 100,000.
    pub fn statistics(&self) -> Statistics {
        let mut levels = [0; MAX_LEVEL + 1];
        let mut links = 0;
        for slot in self.graph.linked().iter() {
            for count in levels.iter_mut().take(self.graph.upper().level(slot) + 1) {
                *count += 1;
            }
            links += self.graph.neighbours(&self.records, slot, 0).count() as u64;
        }
        let entry_level = self.graph.entry().map(|entry| entry.level);
        Statistics { levels, links, entry_level, memory: self.memory() }
    }

    fn memory(&self) -> Memory {
        let (records, upper_links) = (self.records.bytes(), self.graph.upper().bytes());
        let scratch = self.scratch.bytes() + self.matches.bytes();
        let bitmaps = self.memory_bytes() - records - upper_links - scratch;
        Memory { records, upper_links, bitmaps, scratch }
    }
}
