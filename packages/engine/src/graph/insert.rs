//! Paper algorithm 1: a record becomes a node of the graph.

use super::pool::Key;
use super::{Eligible, Entry, Graph, Scratch};
use crate::distance::Metric;
use crate::records::Records;
use crate::slots::Slot;

/// What is known already about where a record belongs that is inserted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Known {
    Nothing,
    /// A node near it, unless it has been taken out since: the search of level 0 begins there.
    Near(Slot),
    /// The proposal in the scratch holds its links, and the query stands for it.
    Links,
}

impl Graph {
    /// Finds the nodes that are nearest to a record on level 2 and on level 1.
    pub fn locate(&self, records: &Records, slot: Slot, scratch: &mut Scratch) -> [Slot; 2] {
        scratch.ask(records, slot);
        self.entry.map_or([slot; 2], |entry| self.descend(records, entry, 0, scratch))
    }

    /// Links a record into the graph. `eligible` decides which nodes it may link to.
    #[inline(never)]
    pub fn insert(
        &mut self,
        records: &mut Records,
        metric: Metric,
        eligible: Eligible<'_>,
        slot: Slot,
        known: Known,
        scratch: &mut Scratch,
    ) {
        if known != Known::Links {
            self.find_links(records, eligible, slot, known, scratch);
        }
        let level = self.upper.level(slot);
        for level in 0..=level {
            self.row_mut(records, slot, level).fill(slot.0);
        }
        self.link(records, eligible, slot, scratch);
        if self.entry.is_none_or(|entry| level > entry.level) {
            self.entry = Some(Entry { slot, level });
        }
        self.linked.insert(slot);
        self.tune_sieve(records, metric, self.linked.len() - 1, scratch);
    }

    /// The first half of it, which writes nothing: leaves in the scratch whom to link to.
    pub fn find_links(
        &self,
        records: &Records,
        eligible: Eligible<'_>,
        slot: Slot,
        known: Known,
        scratch: &mut Scratch,
    ) {
        scratch.ask(records, slot);
        if let Some(entry) = self.entry_for(slot, known) {
            self.propose(records, eligible, slot, entry, scratch);
        }
    }

    /// Makes a node of a record without linking it.
    pub fn admit(&mut self, records: &mut Records, slot: Slot) {
        let level = self.upper.level(slot);
        for level in 0..=level {
            self.row_mut(records, slot, level).fill(slot.0);
        }
        if self.entry.is_none_or(|entry| level > entry.level) {
            self.entry = Some(Entry { slot, level });
        }
        self.linked.insert(slot);
    }

    /// Links a node to another, in one direction, if it is to be. The query stands for the other.
    pub fn offer_link(
        &mut self,
        records: &mut Records,
        eligible: Eligible<'_>,
        [owner, slot]: [Slot; 2],
        level: usize,
        scratch: &mut Scratch,
    ) {
        scratch.evaluations += 1;
        let owner = Key::new(scratch.query.distance(records, owner), owner, true);
        self.link_back(records, eligible, owner, level, slot, scratch);
    }

    fn entry_for(&self, slot: Slot, known: Known) -> Option<Entry> {
        match known {
            Known::Near(near) if self.upper.level(slot) == 0 && self.linked.contains(near) => {
                Some(Entry { slot: near, level: 0 })
            }
            _ => self.entry,
        }
    }

    /// Finds neighbours for a node of the graph on each of its levels, and links both ways.
    pub(super) fn connect(
        &mut self,
        records: &mut Records,
        eligible: Eligible<'_>,
        slot: Slot,
        entry: Entry,
        scratch: &mut Scratch,
    ) {
        scratch.ask(records, slot);
        self.propose(records, eligible, slot, entry, scratch);
        self.link(records, eligible, slot, scratch);
    }

    /// Links a node both ways with whom the proposal names.
    #[inline(never)]
    fn link(
        &mut self,
        records: &mut Records,
        eligible: Eligible<'_>,
        slot: Slot,
        scratch: &mut Scratch,
    ) {
        let proposal = std::mem::take(&mut scratch.proposal);
        for level in proposal.levels().rev() {
            let links = proposal.level(level);
            self.list_present(records, slot, level, &mut scratch.present);
            self.set_links(records, slot, level, links);
            for &neighbour in links {
                if !scratch.present.contains(&neighbour.slot()) {
                    self.link_back(records, eligible, neighbour, level, slot, scratch);
                }
            }
        }
        if let Some((copied, level)) = proposal.copied() {
            self.hang(records, slot, copied, level);
        }
        scratch.proposal = proposal;
    }
}

impl Scratch {
    /// Makes the query stand for a record that is about to be linked.
    #[inline(never)]
    pub fn ask(&mut self, records: &Records, slot: Slot) {
        self.query.set_record(records, slot);
        self.to_itself = self.query.distance(records, slot);
        self.proposal.clear();
    }
}
