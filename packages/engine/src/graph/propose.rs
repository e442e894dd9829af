//! What inserting a node finds out before it writes anything: the links it would have.

use std::ops::Range;

use super::pool::{Key, sort};
use super::{Eligible, Entry, Graph, Scratch};
use crate::error::{Result, reserve};
use crate::records::Records;
use crate::rng::MAX_LEVEL;
use crate::slots::Slot;

/// The links that a node shall have, from its highest level that searches reach down to level 0, or
/// down to where a copy of it was met.
#[derive(Debug, Default)]
pub struct Proposal {
    keys: Vec<Key>,
    /// Where the keys of each level end.
    ends: Vec<u32>,
    copied: Option<(Slot, usize)>,
}

impl Proposal {
    /// Makes room for rows of `links`.
    pub fn reserve(&mut self, links: usize) -> Result<()> {
        self.clear();
        reserve(&mut self.keys, links * (MAX_LEVEL + 1))?;
        reserve(&mut self.ends, MAX_LEVEL + 1)
    }

    /// Forgets all links.
    pub fn clear(&mut self) {
        self.keys.clear();
        self.ends.clear();
        self.copied = None;
    }

    /// Adds the links of the level below, nearest first, the dominated marked.
    pub fn push(&mut self, links: &[Key]) {
        self.keys.extend_from_slice(links);
        self.ends.push(self.keys.len() as u32);
    }

    /// A node with the same vector, and the level on which it was met: from there on down there are
    /// no links.
    pub fn copied(&self) -> Option<(Slot, usize)> {
        self.copied
    }

    /// The levels that there are links for.
    pub fn levels(&self) -> Range<usize> {
        let lowest = self.copied.map_or(0, |(_, level)| level + 1);
        lowest..lowest + self.ends.len()
    }

    /// The links of one of these levels.
    pub fn level(&self, level: usize) -> &[Key] {
        let at = self.levels().end - 1 - level;
        let start = at.checked_sub(1).map_or(0, |before| self.ends[before]) as usize;
        &self.keys[start..self.ends[at] as usize]
    }
}

impl Graph {
    /// Leaves in the scratch which links a node should have, on each of its levels that `entry`
    /// reaches. The query of the scratch stands for it already.
    ///
    /// A node that has links already keeps the best of them: this is also how a node is repaired
    /// whose neighbours are being taken away.
    #[inline(never)]
    pub fn propose(
        &self,
        records: &Records,
        eligible: Eligible<'_>,
        slot: Slot,
        entry: Entry,
        scratch: &mut Scratch,
    ) {
        let top = self.upper.level(slot).min(entry.level);
        let [_, mut start] = self.descend(records, entry, top, scratch);
        for level in (0..=top).rev() {
            self.search_level(records, start, level, self.ef_construction, eligible, scratch);
            start = scratch.nearest(start);
            if let Some(copied) = self.find_copy(records, eligible, slot, scratch) {
                scratch.proposal.copied = Some((copied, level));
                return;
            }
            let Scratch { pool, candidates, .. } = &mut *scratch;
            candidates.clear();
            for key in pool.keys() {
                if key.slot() != slot && self.stays(records, eligible, key.slot()) {
                    candidates.push(Key::new(key.distance(), key.slot(), true));
                }
            }
            if scratch.candidates.is_empty() && level == 0 {
                self.scan_for_candidates(records, eligible, slot, scratch);
            }
            self.choose_links(records, eligible, slot, level, scratch);
        }
    }

    /// Links that a new node has at most: it leaves a part of level 0 to those who will link to it.
    fn fresh_links(&self, level: usize) -> usize {
        if level == 0 { self.m + self.m / 2 } else { self.m }
    }

    /// Chooses neighbours among the candidates and the present links.
    fn choose_links(
        &self,
        records: &Records,
        eligible: Eligible<'_>,
        slot: Slot,
        level: usize,
        scratch: &mut Scratch,
    ) {
        let Scratch { query, probe, candidates, present, selection, evaluations, .. } = scratch;
        self.list_present(records, slot, level, present);
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
        let most = self.fresh_links(level).max(present.len());
        *evaluations += selection.select(records, probe, candidates, most);
        scratch.proposal.push(&scratch.selection.chosen);
    }

    /// Lists the links that a node has; one that is not in the graph has none, whatever its rows say.
    #[inline(never)]
    pub(super) fn list_present(
        &self,
        records: &Records,
        slot: Slot,
        level: usize,
        present: &mut Vec<Slot>,
    ) {
        present.clear();
        if self.linked.contains(slot) {
            present.extend(self.neighbours(records, slot, level));
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
