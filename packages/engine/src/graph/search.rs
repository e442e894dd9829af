//! Paper algorithms 5 and 2: down the levels to a good start, then a beam search on one level.
//!
//! Most of the time of a search is spent waiting for memory, in a chain that cannot be cut: links,
//! records, survivors, their links. Two things shorten the wait. Each round expands the few best
//! nodes at once, and every line that is about to be read is touched first, so that the misses of
//! a round overlap.

use std::hint::black_box;
use std::ops::Range;

use super::pool::Key;
use super::sieve::Sieve;
use super::{Eligible, Entry, Graph, Scratch};
use crate::records::{LINK_SLOT, Records};
use crate::slots::Slot;

/// Nodes expanded in a round, for a small and for a large `ef`. More cost evaluations, fewer cost
/// waiting.
const WIDTH: usize = 2;
pub(super) const WIDE: usize = 4;
const WIDE_FROM_EF: usize = 64;

/// Nodes kept on the way down.
const KEPT_ABOVE: usize = 3;

/// How many keys the pool may hold for every result, where most nodes met are not eligible.
const POOL_PER_RESULT: usize = 16;
const POOL_AT_LEAST: usize = 1024;

/// Keys that the pool of a search keeping `ef` may hold where not all nodes are eligible.
pub(super) fn most_kept(ef: usize) -> usize {
    (ef * POOL_PER_RESULT).max(POOL_AT_LEAST)
}

/// Nodes that a search keeping `ef` expands in a round.
pub(super) fn width(ef: usize) -> usize {
    if ef < WIDE_FROM_EF { WIDTH } else { WIDE }
}

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
            let [_, start] = self.descend(records, entry, 0, scratch);
            self.search_level(records, start, 0, ef, eligible, scratch);
            self.follow_copies(records, eligible, scratch);
        }
    }

    /// Algorithm 5's first phase: walks from the entry down to the level above `level`.
    ///
    /// Not greedily, as in the paper: links of upper levels hardly lead from one cluster to another,
    /// and a walk with no other choice ends in a wrong one.
    ///
    /// Nodes are compared by their heads alone where these say enough: whoever comes down somewhat
    /// farther away walks on from there.
    ///
    /// Returns the nearest nodes of the two levels passed last.
    #[inline(never)]
    pub(super) fn descend(
        &self,
        records: &Records,
        entry: Entry,
        level: usize,
        scratch: &mut Scratch,
    ) -> [Slot; 2] {
        scratch.pool.reset(KEPT_ABOVE, KEPT_ABOVE);
        let sieve = self.sieve.rough();
        self.begin(records, entry.slot, Eligible::All, sieve, scratch);
        let mut way = [entry.slot; 2];
        for level in (level + 1..=entry.level).rev() {
            scratch.pool.expand_again();
            self.walk(records, level, 1, Eligible::All, sieve, scratch);
            way = [way[1], scratch.nearest(way[1])];
        }
        scratch.visited.clear();
        way
    }

    /// Algorithm 2: leaves the `ef` nearest eligible nodes of a level in the pool.
    #[inline(never)]
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
            Eligible::Only(_) => most_kept(ef),
        };
        scratch.pool.reset(ef, limit);
        let start = if level == 0 { self.original(records, start) } else { start };
        self.begin(records, start, eligible, self.sieve, scratch);
        self.walk(records, level, width(ef), eligible, self.sieve, scratch);
        scratch.visited.clear();
    }

    /// Puts the first node into the pool.
    fn begin(
        &self,
        records: &Records,
        start: Slot,
        eligible: Eligible<'_>,
        sieve: Sieve,
        scratch: &mut Scratch,
    ) {
        scratch.visited.mark(start);
        scratch.visited.remember(&[start.0]);
        scratch.gathered.put(start.0);
        scratch.accept(records, eligible, sieve);
    }

    /// Expands the nodes of the pool, `width` at a time, until all have been.
    #[inline(never)]
    fn walk(
        &self,
        records: &Records,
        level: usize,
        width: usize,
        eligible: Eligible<'_>,
        sieve: Sieve,
        scratch: &mut Scratch,
    ) {
        let mut nodes = [Slot(0); WIDE];
        loop {
            let expanded = scratch.pool.expand(&mut nodes[..width]);
            if expanded.is_empty() {
                break;
            }
            self.gather(records, expanded, level, scratch);
            scratch.accept(records, eligible, sieve);
        }
    }

    /// Collects the neighbours of `nodes` that were not met before.
    #[inline(always)]
    pub(super) fn gather(
        &self,
        records: &Records,
        nodes: &[Slot],
        level: usize,
        scratch: &mut Scratch,
    ) {
        if level == 0 {
            black_box(nodes.iter().fold(0, |sum, &node| sum ^ records.touch_links(node)));
        }
        let Scratch { visited, gathered, .. } = scratch;
        gathered.clear();
        for &node in nodes {
            let row = self.row(records, node, level);
            gathered
                .put_if(row.iter().map(|word| word & LINK_SLOT), |slot| visited.mark(Slot(slot)));
        }
        visited.remember(gathered.slots());
    }
}

impl Scratch {
    /// The nearest node in the pool; where there is none, the other.
    pub(super) fn nearest(&self, other: Slot) -> Slot {
        self.pool.keys().first().map_or(other, |key| key.slot())
    }

    /// Computes the distances of some of the gathered nodes, as far as they may be below the
    /// threshold, and hands out both.
    #[inline(always)]
    fn measure(
        &mut self,
        records: &Records,
        range: Range<usize>,
        threshold: Option<Key>,
        sieve: Sieve,
    ) -> (&[u32], &[f32]) {
        let Self { query, gathered, sifted, distances, .. } = self;
        let gathered = &gathered.slots()[range];
        self.evaluations += gathered.len() as u64;
        black_box(gathered.iter().fold(0, |sum, &slot| sum ^ records.touch_head(Slot(slot))));
        let limit = threshold.map_or(f32::INFINITY, Key::distance);
        let strictness = sieve.strictness().filter(|_| threshold.is_some() || sieve.is_rough());
        let mut slots = gathered;
        if let Some(strictness) = strictness {
            query.sift(records, gathered, limit, strictness, sifted);
            slots = sifted.slots();
            if sieve.is_rough() {
                return (slots, sifted.estimates());
            }
        }
        if records.has_tails() {
            black_box(slots.iter().fold(0, |sum, &slot| sum ^ records.touch_tail(Slot(slot))));
        }
        self.completed += slots.len() as u64;
        let distances = &mut distances[..slots.len()];
        if strictness.is_some() {
            query.complete(records, sifted, distances);
        } else {
            query.distances(records, slots, distances);
        }
        (slots, distances)
    }

    /// Merges those of the gathered nodes into the pool that are near enough.
    ///
    /// Not inlined: a call a round costs nothing that can be measured, each copy 4 kB.
    #[inline(never)]
    pub(super) fn accept(&mut self, records: &Records, eligible: Eligible<'_>, sieve: Sieve) {
        let mut accepted = std::mem::take(&mut self.accepted);
        let gathered = self.gathered.slots().len();
        let mut start = 0;
        while start < gathered {
            // Before the pool is full nothing can be sifted: no more is measured than fills it.
            let threshold = self.pool.threshold();
            let enough = gathered.min(start + self.pool.ef().max(1));
            let end = if threshold.is_some() { gathered } else { enough };
            let (slots, distances) = self.measure(records, start..end, threshold, sieve);
            let threshold = threshold.unwrap_or(Key::FARTHEST);
            let mut count = 0;
            for (&slot, &distance) in slots.iter().zip(distances) {
                let key = Key::new(distance, Slot(slot), eligible.contains(Slot(slot)));
                accepted[count] = key;
                count += usize::from(key < threshold);
            }
            self.pool.merge(&mut accepted[..count]);
            start = end;
        }
        // What is in its place holds nothing, which only this says.
        std::mem::forget(std::mem::replace(&mut self.accepted, accepted));
    }
}
