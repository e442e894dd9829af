//! Paper algorithms 5 and 2: down the levels to a good start, then a beam search on one level.
//!
//! Most of the time of a search is spent waiting for memory, in a chain that cannot be cut: links,
//! records, survivors, their links. Two things shorten the wait. Each round expands the few best
//! nodes at once, and every line that is about to be read is touched first, so that the misses of
//! a round overlap.

use std::hint::black_box;

use super::pool::Key;
use super::{Eligible, Entry, Graph, Scratch};
use crate::records::{LINK_SLOT, Records};
use crate::slots::Slot;

/// Nodes expanded in a round, for a small and for a large `ef`. More cost evaluations, fewer cost
/// waiting.
const WIDTH: usize = 2;
const WIDE: usize = 4;
const WIDE_FROM_EF: usize = 64;

/// How many keys the pool may hold for every result, where most nodes met are not eligible.
const POOL_PER_RESULT: usize = 16;
const POOL_AT_LEAST: usize = 1024;

impl Graph {
    /// Leaves the nearest nodes on level 0 in the pool. Without an entry it leaves none.
    pub fn search(
        &self,
        records: &Records,
        ef: usize,
        eligible: Eligible<'_>,
        scratch: &mut Scratch,
    ) {
        scratch.pool.reset(ef, 0);
        if let Some(entry) = self.entry {
            let start = self.descend(records, entry, 0, scratch);
            self.search_level(records, start, 0, ef, eligible, scratch);
        }
    }

    /// Algorithm 5's first phase: walks greedily from the entry down to the level above `level`.
    pub(super) fn descend(
        &self,
        records: &Records,
        entry: Entry,
        level: usize,
        scratch: &mut Scratch,
    ) -> Slot {
        let distance = scratch.query.distance(records, entry.slot);
        scratch.evaluations += 1;
        let mut nearest = Key::new(distance, entry.slot, false);
        for level in (level + 1..=entry.level).rev() {
            loop {
                self.gather(records, &[nearest.slot()], level, scratch);
                scratch.measure(records);
                let found = scratch.gathered.iter().zip(&scratch.distances);
                let best = found.map(|(&slot, &d)| Key::new(d, Slot(slot), false)).min();
                match best {
                    Some(best) if best < nearest => nearest = best,
                    _ => break,
                }
            }
        }
        scratch.visited.clear();
        nearest.slot()
    }

    /// Algorithm 2: leaves the `ef` nearest eligible nodes of a level in the pool.
    pub(super) fn search_level(
        &self,
        records: &Records,
        start: Slot,
        level: usize,
        ef: usize,
        eligible: Eligible<'_>,
        scratch: &mut Scratch,
    ) {
        let limit = match eligible {
            Eligible::All => ef,
            Eligible::Only(_) => (ef * POOL_PER_RESULT).max(POOL_AT_LEAST),
        };
        scratch.pool.reset(ef, limit);
        scratch.visited.mark(start);
        scratch.visited.remember(&[start.0]);
        scratch.gathered.clear();
        scratch.gathered.push(start.0);
        scratch.accept(records, eligible);

        let mut nodes = [Slot(0); WIDE];
        let width = if ef < WIDE_FROM_EF { WIDTH } else { WIDE };
        loop {
            let expanded = scratch.pool.expand(&mut nodes[..width]);
            if expanded.is_empty() {
                break;
            }
            self.gather(records, expanded, level, scratch);
            scratch.accept(records, eligible);
        }
        scratch.visited.clear();
    }

    /// Collects the neighbours of `nodes` that were not met before, and touches their records.
    #[inline(always)]
    fn gather(&self, records: &Records, nodes: &[Slot], level: usize, scratch: &mut Scratch) {
        if level == 0 && nodes.len() > 1 {
            black_box(nodes.iter().fold(0, |sum, &node| sum ^ records.touch_links(node)));
        }
        scratch.gathered.clear();
        for &node in nodes {
            for word in self.row(records, node, level) {
                let slot = word & LINK_SLOT;
                if scratch.visited.mark(Slot(slot)) {
                    scratch.gathered.push(slot);
                }
            }
        }
        scratch.visited.remember(&scratch.gathered);
        black_box(scratch.gathered.iter().fold(0, |sum, &slot| sum ^ records.touch(Slot(slot))));
    }
}

impl Scratch {
    /// Computes the distances of the gathered nodes.
    #[inline(always)]
    fn measure(&mut self, records: &Records) {
        self.distances.resize(self.gathered.len(), 0.0);
        self.query.distances(records, &self.gathered, &mut self.distances);
        self.evaluations += self.gathered.len() as u64;
    }

    /// Merges those of the gathered nodes into the pool that are near enough.
    #[inline(always)]
    fn accept(&mut self, records: &Records, eligible: Eligible<'_>) {
        self.measure(records);
        let threshold = self.pool.threshold();
        self.accepted.clear();
        for (&slot, &distance) in self.gathered.iter().zip(&self.distances) {
            let key = Key::new(distance, Slot(slot), eligible.contains(Slot(slot)));
            if key < threshold {
                self.accepted.push(key);
            }
        }
        self.pool.merge(&mut self.accepted);
    }
}
