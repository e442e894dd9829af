//! Paper algorithm 1: a record becomes a node of the graph.

use super::pool::Key;
use super::{Eligible, Entry, Graph, Scratch};
use crate::records::Records;
use crate::slots::{Slot, SlotSet};

impl Graph {
    /// Links a record into the graph. `live` decides which nodes it may link to.
    pub fn insert(
        &mut self,
        records: &mut Records,
        live: &SlotSet,
        slot: Slot,
        scratch: &mut Scratch,
    ) {
        let level = self.upper.level(slot);
        for level in 0..=level {
            self.set_neighbours(records, slot, level, &[]);
        }
        if let Some(entry) = self.entry {
            self.connect(records, live, slot, level, entry, scratch);
        }
        if self.entry.is_none_or(|entry| level > entry.level) {
            self.entry = Some(Entry { slot, level });
        }
        self.linked.insert(slot);
    }

    /// Finds neighbours for a node on each of its levels, and links both ways.
    ///
    /// A node that has links already keeps the best of them: this is also how a node is repaired
    /// whose neighbours are being taken away.
    pub(super) fn connect(
        &mut self,
        records: &mut Records,
        live: &SlotSet,
        slot: Slot,
        level: usize,
        entry: Entry,
        scratch: &mut Scratch,
    ) {
        let eligible = Eligible::Only(live.words());
        scratch.query.set_record(records, slot);
        let top = level.min(entry.level);
        let mut start = self.descend(records, entry, top, scratch);
        for level in (0..=top).rev() {
            self.search_level(records, start, level, self.ef_construction, eligible, scratch);
            start = scratch.pool.keys().first().map_or(start, |key| key.slot());
            scratch.candidates.clear();
            scratch.candidates.extend(scratch.pool.results().filter(|key| key.slot() != slot));
            if scratch.candidates.is_empty() && level == 0 {
                self.scan_for_candidates(records, live, slot, scratch);
            }
            self.link(records, live, slot, level, scratch);
        }
    }

    /// Chooses neighbours among the candidates and the present links, and links both ways.
    fn link(
        &mut self,
        records: &mut Records,
        live: &SlotSet,
        slot: Slot,
        level: usize,
        scratch: &mut Scratch,
    ) {
        let Scratch { query, probe, candidates, present, selection, evaluations, .. } = scratch;
        let found = candidates.len();
        for neighbour in self.neighbours(records, slot, level).filter(|&n| live.contains(n)) {
            if candidates[..found].iter().all(|key| key.slot() != neighbour) {
                *evaluations += 1;
                candidates.push(Key::new(query.distance(records, neighbour), neighbour, true));
            }
        }
        candidates.sort_unstable();
        present.clear();
        present.extend(self.neighbours(records, slot, level));
        // A new node takes `m` links and leaves the rest of level 0 to those who will link to it.
        let most = self.m.max(present.len());
        *evaluations += selection.select(records, probe, candidates, most);
        std::mem::swap(candidates, &mut selection.chosen);

        self.set_neighbours(records, slot, level, &scratch.candidates);
        for at in 0..scratch.candidates.len() {
            let neighbour = scratch.candidates[at];
            if !scratch.present.contains(&neighbour.slot()) {
                self.link_back(records, live, neighbour, level, slot, scratch);
            }
        }
    }

    /// Adds a link from `neighbour` to `slot`; a full row is selected anew.
    fn link_back(
        &mut self,
        records: &mut Records,
        live: &SlotSet,
        neighbour: Key,
        level: usize,
        slot: Slot,
        scratch: &mut Scratch,
    ) {
        let owner = neighbour.slot();
        let present = self.neighbours(records, owner, level).count();
        if self.neighbours(records, owner, level).any(|other| other == slot) {
            return;
        }
        let row = self.row_mut(records, owner, level);
        if let Some(word) = row.get_mut(present) {
            *word = slot.0;
            return;
        }
        let most = row.len();
        let Scratch { probe, accepted, gathered, distances, selection, evaluations, .. } = scratch;
        gathered.clear();
        gathered.extend(self.neighbours(records, owner, level).map(|other| other.0));
        distances.resize(gathered.len(), 0.0);
        probe.set_record(records, owner);
        probe.distances(records, gathered, distances);
        *evaluations += gathered.len() as u64;
        accepted.clear();
        accepted.push(Key::new(neighbour.distance(), slot, true));
        for (&other, &distance) in gathered.iter().zip(distances.iter()) {
            accepted.push(Key::new(distance, Slot(other), live.contains(Slot(other))));
        }
        accepted.sort_unstable();
        *evaluations += selection.select(records, probe, accepted, most);
        self.set_neighbours(records, owner, level, &selection.chosen);
    }

    /// For the rare node around which a search met tombstones only: the nearest live nodes of all.
    fn scan_for_candidates(
        &self,
        records: &Records,
        live: &SlotSet,
        slot: Slot,
        scratch: &mut Scratch,
    ) {
        let Scratch { query, candidates, evaluations, .. } = scratch;
        for other in live.iter().filter(|&other| other != slot && self.linked.contains(other)) {
            *evaluations += 1;
            candidates.push(Key::new(query.distance(records, other), other, true));
            if candidates.len() >= 2 * self.ef_construction {
                candidates.sort_unstable();
                candidates.truncate(self.ef_construction);
            }
        }
        candidates.sort_unstable();
        candidates.truncate(self.ef_construction);
    }
}
