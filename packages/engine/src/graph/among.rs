//! Searching where only some nodes are eligible: a filter, or what tombstones leave.
//!
//! Two walks share the work. Where enough of the nodes near the query are eligible, the walk of
//! [`super::search`] goes through the others and keeps them out of the results. Where few are, it
//! would compute many distances for each result; then only eligible nodes are walked, and a link
//! to another is followed to *its* links, without a distance (ACORN, Patel et al. 2024, looks
//! through neighbours likewise). Which of the two is decided by looking around the place where the
//! descent ends.
//!
//! That look also tells a filter that has nothing to do with the query from one that excludes just
//! the query's neighbourhood. The nearest of what such a filter leaves do not lie together: they
//! are on the near sides of clusters all around. So the walk starts from samples of the eligible
//! too, and keeps many more nodes than the search asked for. A filter by the distance itself, which
//! leaves all that is farther than something, scatters the nearest over the whole index: no walk
//! finds them, but the samples betray it, and the matches are scanned.

use std::hint::black_box;

use super::copies::PASSED;
use super::gathered::Gathered;
use super::search::{WIDE, width};
use super::{Eligible, Graph, Scratch};
use crate::plan::{self, SAMPLES, Situation, Surroundings, Way};
use crate::records::{LINK_SLOT, Records};
use crate::slots::{Slot, contains, slots_in};

/// How many neighbours of a node are looked through in search of eligible ones around it.
const LOOK_THROUGH: usize = 16;

/// Rows whose misses overlap.
const ROWS: usize = 16;

/// Slots that a round can gather from rows of `links`; see [`Graph::gather_eligible`].
pub(super) fn most_gathered(links: usize) -> usize {
    WIDE * wanted(links).max(links) + links
}

/// Eligible nodes around an expanded one that are enough.
fn wanted(links: usize) -> usize {
    links + links / 2
}

impl Graph {
    /// Leaves the nearest eligible nodes on level 0 in the pool, or says that a scan is cheaper.
    pub fn search_among(
        &self,
        records: &Records,
        words: &[u32],
        situation: Situation,
        scratch: &mut Scratch,
    ) -> bool {
        let ef = situation.ef;
        scratch.pool.reset(ef, 0);
        let Some(entry) = self.entry else { return true };
        let eligible = Eligible::Only(words);
        let [_, start] = self.descend(records, entry, 0, scratch);
        let start = self.original(records, start);
        let surroundings = self.look_around(records, start, words, scratch);
        match plan::way(situation, surroundings) {
            Way::Scan => return false,
            Way::Through => self.search_level(records, start, 0, ef, eligible, scratch),
            Way::Among(ef) => {
                scratch.pool.reset(ef, ef);
                if ef > situation.ef {
                    self.begin_at_samples(records, words, situation.matches, scratch);
                    if plan::are_cut_off(scratch.pool.keys()) {
                        return self.give_up(scratch);
                    }
                }
                let mut left = PASSED;
                self.begin_at(records, start, words, &mut left, scratch);
                let mut nodes = [Slot(0); WIDE];
                loop {
                    let expanded = scratch.pool.expand(&mut nodes[..width(ef)]);
                    if expanded.is_empty() {
                        break;
                    }
                    self.gather_eligible(records, expanded, words, &mut left, scratch);
                    scratch.accept(records, eligible, self.sieve);
                }
                scratch.visited.clear();
            }
        }
        self.follow_copies(records, eligible, scratch);
        true
    }

    /// Leaves everything to a scan.
    fn give_up(&self, scratch: &mut Scratch) -> bool {
        scratch.visited.clear();
        false
    }

    /// Counts the eligible among the neighbours of a node and some of their neighbours.
    fn look_around(
        &self,
        records: &Records,
        node: Slot,
        words: &[u32],
        scratch: &mut Scratch,
    ) -> Surroundings {
        let row = records.links(node);
        let near = &row[..row.len().min(LOOK_THROUGH)];
        black_box(near.iter().fold(0, |sum, &w| sum ^ records.touch_links(Slot(w & LINK_SLOT))));
        let mut around = Surroundings::default();
        let rows = std::iter::once(node).chain(near.iter().map(|&w| Slot(w & LINK_SLOT)));
        let Scratch { visited, gathered, .. } = scratch;
        for owner in rows {
            // Neighbours share neighbours: each counts once.
            gathered.clear();
            let row = records.links(owner).iter().map(|word| word & LINK_SLOT);
            gathered.put_if(row, |slot| visited.mark(Slot(slot)));
            visited.remember(gathered.slots());
            around.met += gathered.slots().len();
            let found = gathered.slots().iter().filter(|&&slot| contains(words, Slot(slot)));
            around.eligible += found.count();
        }
        visited.clear();
        around
    }

    /// Puts a node into the pool if it is eligible, else what is around it.
    fn begin_at(
        &self,
        records: &Records,
        start: Slot,
        words: &[u32],
        left: &mut usize,
        scratch: &mut Scratch,
    ) {
        // It may be one of the samples, and in the pool.
        if !scratch.visited.mark(start) {
            return;
        }
        scratch.visited.remember(&[start.0]);
        if contains(words, start) {
            scratch.gathered.put(start.0);
        } else {
            self.gather_eligible(records, &[start], words, left, scratch);
            self.gather_copy(records, start, words, left, scratch);
        }
        scratch.accept(records, Eligible::Only(words), self.sieve);
    }

    /// Puts the nearest of some eligible nodes into the pool, which are spread over the slots.
    fn begin_at_samples(
        &self,
        records: &Records,
        words: &[u32],
        matches: usize,
        scratch: &mut Scratch,
    ) {
        let mut samples = self.spread(words, matches).peekable();
        while samples.peek().is_some() {
            let Scratch { visited, gathered, .. } = &mut *scratch;
            gathered.clear();
            gathered.put_if(samples.by_ref().take(ROWS), |slot| visited.mark(Slot(slot)));
            visited.remember(gathered.slots());
            scratch.accept(records, Eligible::Only(words), self.sieve);
        }
    }

    /// Eligible nodes, evenly spread over the slots.
    fn spread(&self, words: &[u32], matches: usize) -> impl Iterator<Item = u32> {
        let step = matches.div_ceil(SAMPLES).max(1);
        slots_in(words.iter().copied())
            .step_by(step)
            .map(|slot| slot.0)
            .filter(|&slot| self.linked.contains(Slot(slot)))
            .take(SAMPLES)
    }

    /// Collects the eligible neighbours of `nodes` that were not met before, and where those are
    /// few the eligible neighbours of the others. Passes over as many copies as are `left`.
    #[inline(never)]
    fn gather_eligible(
        &self,
        records: &Records,
        nodes: &[Slot],
        words: &[u32],
        left: &mut usize,
        scratch: &mut Scratch,
    ) {
        self.gather(records, nodes, 0, scratch);
        let Scratch { visited, gathered, bridges, .. } = scratch;
        gathered.keep_if(bridges, |slot| contains(words, Slot(slot)));
        let wanted = nodes.len() * wanted(self.links());
        let direct = gathered.slots().len();
        'enough: for bridges in bridges.slots().chunks(ROWS) {
            black_box(bridges.iter().fold(0, |sum, &slot| sum ^ records.touch_links(Slot(slot))));
            for &bridge in bridges {
                if gathered.slots().len() >= wanted {
                    break 'enough;
                }
                let row = records.links(Slot(bridge)).iter().map(|word| word & LINK_SLOT);
                gathered
                    .put_if(row, |slot| contains(words, Slot(slot)) && visited.mark(Slot(slot)));
                let copy = self.eligible_copy(records, Slot(bridge), Eligible::Only(words), left);
                gathered.put_if(copy.map(|copy| copy.0).into_iter(), |s| visited.mark(Slot(s)));
            }
        }
        visited.remember(&gathered.slots()[direct..]);
    }

    /// Collects an eligible copy of a node that is not.
    fn gather_copy(
        &self,
        records: &Records,
        node: Slot,
        words: &[u32],
        left: &mut usize,
        scratch: &mut Scratch,
    ) {
        let Scratch { visited, gathered, .. } = scratch;
        let copy = self.eligible_copy(records, node, Eligible::Only(words), left);
        if let Some(copy) = copy.filter(|&copy| visited.mark(copy)) {
            visited.remember(&[copy.0]);
            gathered.put_if(std::iter::once(copy.0), |_| true);
        }
    }

    fn links(&self) -> usize {
        2 * self.m
    }
}

impl Gathered {
    /// Moves those that are not wanted to `others`, whose former content goes.
    #[inline(always)]
    fn keep_if(&mut self, others: &mut Self, mut wanted: impl FnMut(u32) -> bool) {
        let (mut kept, mut moved) = (0, 0);
        for at in 0..self.count {
            let slot = self.slots[at];
            let keeps = wanted(slot);
            self.slots[kept] = slot;
            others.slots[moved] = slot;
            kept += usize::from(keeps);
            moved += usize::from(!keeps);
        }
        (self.count, others.count) = (kept, moved);
    }
}
