//! Paper algorithm 1: a record becomes a node of the graph.

use std::hint::black_box;

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
        scratch.ask(records, slot);
        if let Some(entry) = self.entry {
            self.propose(records, eligible, slot, entry, scratch);
        }
        self.apply(records, metric, eligible, slot, scratch);
    }

    /// Links a record as the proposal in the scratch says. The query stands for it already.
    #[inline(never)]
    pub fn apply(
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
        self.link(records, eligible, slot, scratch);
        if self.entry.is_none_or(|entry| level > entry.level) {
            self.entry = Some(Entry { slot, level });
        }
        self.linked.insert(slot);
        self.tune_sieve(records, metric, scratch);
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
            if level == 0 {
                // Whoever was proposed by a mirror is in no cache here.
                let touch = |slot| records.touch_links(slot) ^ records.touch_head(slot);
                black_box(links.iter().fold(0, |sum, key| sum ^ touch(key.slot())));
            }
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
