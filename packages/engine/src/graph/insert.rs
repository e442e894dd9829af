//! Paper algorithm 1: a record becomes a node of the graph.

use super::pool::{Key, sort};
use super::{Eligible, Entry, Graph, Scratch};
use crate::distance::Metric;
use crate::records::Records;
use crate::slots::Slot;

impl Graph {
    /// Links a record into the graph. `eligible` decides which nodes it may link to.
    pub fn insert(
        &mut self,
        records: &mut Records,
        metric: Metric,
        eligible: Eligible<'_>,
        slot: Slot,
        scratch: &mut Scratch,
    ) {
        let level = self.upper.level(slot);
        for level in 0..=level {
            self.row_mut(records, slot, level).fill(slot.0);
        }
        if let Some(entry) = self.entry {
            self.connect(records, eligible, slot, level, entry, scratch);
        }
        if self.entry.is_none_or(|entry| level > entry.level) {
            self.entry = Some(Entry { slot, level });
        }
        self.linked.insert(slot);
        self.tune_sieve(records, metric, scratch);
    }

    /// Finds neighbours for a node on each of its levels, and links both ways.
    ///
    /// A node that has links already keeps the best of them: this is also how a node is repaired
    /// whose neighbours are being taken away.
    pub(super) fn connect(
        &mut self,
        records: &mut Records,
        eligible: Eligible<'_>,
        slot: Slot,
        level: usize,
        entry: Entry,
        scratch: &mut Scratch,
    ) {
        scratch.query.set_record(records, slot);
        scratch.to_itself = scratch.query.distance(records, slot);
        let top = level.min(entry.level);
        let mut start = self.descend(records, entry, top, scratch);
        for level in (0..=top).rev() {
            self.search_level(records, start, level, self.ef_construction, eligible, scratch);
            start = scratch.pool.keys().first().map_or(start, |key| key.slot());
            if self.hang(records, eligible, slot, level, scratch) {
                return;
            }
            scratch.candidates.clear();
            scratch.candidates.extend(scratch.pool.results().filter(|key| key.slot() != slot));
            if scratch.candidates.is_empty() && level == 0 {
                self.scan_for_candidates(records, eligible, slot, scratch);
            }
            self.link(records, eligible, slot, level, scratch);
        }
    }

    /// Chooses neighbours among the candidates and the present links, and links both ways.
    fn link(
        &mut self,
        records: &mut Records,
        eligible: Eligible<'_>,
        slot: Slot,
        level: usize,
        scratch: &mut Scratch,
    ) {
        let Scratch { query, probe, candidates, present, selection, evaluations, .. } = scratch;
        present.clear();
        present.extend(self.neighbours(records, slot, level));
        let found = candidates.len();
        for &neighbour in present.iter().filter(|&&neighbour| eligible.contains(neighbour)) {
            if candidates[..found].iter().all(|key| key.slot() != neighbour) {
                *evaluations += 1;
                candidates.push(Key::new(query.distance(records, neighbour), neighbour, true));
            }
        }
        if candidates.len() > found {
            sort(candidates);
        }
        // A new node leaves a part of level 0 to those who will link to it.
        let fresh = if level == 0 { self.m + self.m / 2 } else { self.m };
        let most = fresh.max(present.len());
        *evaluations += selection.select(records, probe, candidates, most);
        self.set_selection(records, slot, level, selection);

        // Rows that are selected anew use the selection again.
        std::mem::swap(&mut scratch.chosen, &mut scratch.selection.chosen);
        for at in 0..scratch.chosen.len() {
            let neighbour = scratch.chosen[at];
            if !scratch.present.contains(&neighbour.slot()) {
                self.link_back(records, eligible, neighbour, level, slot, scratch);
            }
        }
    }

    /// For the rare node around which a search met tombstones only: the nearest live nodes of all.
    fn scan_for_candidates(
        &self,
        records: &Records,
        eligible: Eligible<'_>,
        slot: Slot,
        scratch: &mut Scratch,
    ) {
        let Scratch { query, candidates, evaluations, .. } = scratch;
        for other in self.linked.iter().filter(|&o| o != slot && eligible.contains(o)) {
            *evaluations += 1;
            candidates.push(Key::new(query.distance(records, other), other, true));
            if candidates.len() >= 2 * self.ef_construction {
                sort(candidates);
                candidates.truncate(self.ef_construction);
            }
        }
        sort(candidates);
        candidates.truncate(self.ef_construction);
    }
}
