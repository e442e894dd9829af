//! Copies: vectors that are stored with the same codes, to the last bit.
//!
//! Hundreds of nodes at the same distance from everything fill the candidates of an insertion and
//! the pool of a search: what is behind them is not seen. So one of them, the *original*, is a node
//! like any other, and the copies hang on it in a list, the latest first. No node of level 0 links
//! to a copy, whose own row holds the original alone: walks meet each vector once, and pay nothing.
//! Only when a walk has ended are the lists of what it found followed, as far as results are wanted.
//!
//! The word of a record that says so lies in its head. Above level 0 copies are nodes as far as they
//! were linked there before a copy was met; from there the way leads down to the original.

use super::pool::Key;
use super::{Eligible, Graph, Scratch};
use crate::records::{LINK_SLOT, Records};
use crate::slots::{Slot, SlotSet};

/// The record is a copy, and hangs on the only link of its row.
const IS_COPY: u32 = 1 << 31;

/// The low bits are the next of the list. An original that is being taken out of the graph is marked
/// as a copy when its heir is known, who then is in that place, or nobody if it has none.
const HAS_NEXT: u32 = 1 << 30;

/// Copies that may not be results are passed over in search of those that may, this many a search.
pub(super) const PASSED: usize = 4096;

impl Graph {
    /// Whether a node hangs on another one.
    fn is_copy(&self, records: &Records, slot: Slot) -> bool {
        self.has_copies && records.copy_word(slot) & IS_COPY != 0
    }

    /// The node that stands for a vector in the graph: mostly itself.
    #[inline(always)]
    pub(super) fn original(&self, records: &Records, slot: Slot) -> Slot {
        if !self.is_copy(records, slot) {
            return slot;
        }
        self.neighbours(records, slot, 0).next().unwrap_or(slot)
    }

    /// The next of a list. Checked, since snapshots come from anywhere.
    fn next_copy(&self, records: &Records, slot: Slot) -> Option<Slot> {
        let word = records.copy_word(slot);
        let next = Slot(word & LINK_SLOT);
        (word & HAS_NEXT != 0 && self.linked.contains(next) && self.is_copy(records, next))
            .then_some(next)
    }

    /// A node with the same vector as the one that was searched for, among those that were found.
    pub(super) fn find_copy(
        &self,
        records: &Records,
        eligible: Eligible<'_>,
        slot: Slot,
        scratch: &Scratch,
    ) -> Option<Slot> {
        // What has copies itself, or is one, stays what it is.
        if records.copy_word(slot) != 0 {
            return None;
        }
        let keys = scratch.pool.keys();
        let first = keys.partition_point(|key| key.distance() < scratch.to_itself);
        let mut ties = keys[first..].iter().take_while(|key| key.distance() == scratch.to_itself);
        ties.find_map(|key| {
            let (met, original) = (key.slot(), self.original(records, key.slot()));
            let stays = eligible.contains(met) && eligible.contains(original);
            let differs = met != slot && original != slot && !self.is_copy(records, original);
            (stays && differs && records.is_same(original, slot)).then_some(met)
        })
    }

    /// Hangs a node on the original of a copy that was met on some level. Above level 0 it links to
    /// that copy where it has no links.
    pub(super) fn hang(&mut self, records: &mut Records, slot: Slot, copied: Slot, level: usize) {
        let original = self.original(records, copied);
        for level in 1..=level {
            let row = self.row_mut(records, slot, level);
            if row[0] == slot.0 {
                row[0] = copied.0;
            }
        }
        let row = records.links_mut(slot);
        row.fill(slot.0);
        row[0] = original.0;
        let list = records.copy_word(original);
        records.set_copy_word(slot, IS_COPY | list);
        records.set_copy_word(original, HAS_NEXT | slot.0);
        self.has_copies = true;
    }

    /// Adds the copies of what was found to the results, nearest first, until there are `ef`.
    pub(super) fn follow_copies(
        &self,
        records: &Records,
        eligible: Eligible<'_>,
        scratch: &mut Scratch,
    ) {
        if !self.has_copies {
            return;
        }
        let Scratch { pool, visited, query, evaluations, .. } = scratch;
        // Few walks meet a copy, but samples may be copies.
        for key in pool.keys() {
            visited.mark(key.slot());
            visited.remember(&[key.slot().0]);
        }
        let (mut found, mut passed) = (0, 0);
        for at in 0..pool.keys().len() {
            let key = pool.keys()[at];
            found += usize::from(key.is_eligible());
            let mut last = key.slot();
            while found < pool.ef()
                && passed < PASSED
                && let Some(next) = self.next_copy(records, last)
            {
                last = next;
                if eligible.contains(next) && visited.mark(next) {
                    visited.remember(&[next.0]);
                    *evaluations += 1;
                    pool.append(Key::new(query.distance(records, next), next, true));
                    found += 1;
                } else {
                    passed += 1;
                }
            }
            if found >= pool.ef() || passed >= PASSED {
                break;
            }
        }
        visited.clear();
    }

    /// The first copy of a node that may be a result. As many others as `left` says are passed over, which
    /// counts down.
    pub(super) fn eligible_copy(
        &self,
        records: &Records,
        slot: Slot,
        eligible: Eligible<'_>,
        left: &mut usize,
    ) -> Option<Slot> {
        if !self.has_copies {
            return None;
        }
        let mut at = slot;
        while *left > 0 {
            at = self.next_copy(records, at)?;
            if eligible.contains(at) {
                return Some(at);
            }
            *left -= 1;
        }
        None
    }

    /// Whether others are reached through a node alone, even when it is gone itself.
    pub(super) fn leads_on(&self, records: &Records, slot: Slot) -> bool {
        self.entry.is_some_and(|entry| entry.slot == slot)
            || self.next_copy(records, slot).is_some()
    }

    /// Whether a node is one to link to. Its copies are reached through it alone, though it be gone itself.
    #[inline(never)]
    pub(super) fn stays(&self, records: &Records, eligible: Eligible<'_>, slot: Slot) -> bool {
        eligible.contains(slot) || (!self.is_compacting && self.next_copy(records, slot).is_some())
    }

    /// Prepares a node that stays for what its compaction takes away: copies in its list, the original
    /// that it hangs on, or an original to which it links. Says whether it remains a copy, which may be
    /// nobody's if it `is_wanted` no more, and how many nodes were looked at.
    pub(super) fn part_from_copies(
        &mut self,
        records: &mut Records,
        live: &SlotSet,
        slot: Slot,
        is_wanted: bool,
        condemned: &SlotSet,
    ) -> (bool, u64) {
        if !self.has_copies {
            return (false, 0);
        }
        let mut passed = 0;
        for at in 0..records.links(slot).len() {
            let other = Slot(records.links(slot)[at] & LINK_SLOT);
            if other != slot && condemned.contains(other) && !self.is_copy(records, other) {
                passed += self.bequeath(records, live, other, condemned);
            }
        }
        if !self.is_copy(records, slot) {
            return (false, passed + self.shorten(records, slot, slot, condemned));
        }
        let original = self.original(records, slot);
        if let Some(heir) = self.heir(records, original, condemned).filter(|&heir| heir != slot) {
            let row = records.links_mut(slot);
            row.fill(slot.0);
            row[0] = heir.0;
        } else if is_wanted && (original == slot || condemned.contains(original)) {
            // Nobody's copy: the next entry, or left out by a list of a snapshot from elsewhere.
            records.set_copy_word(slot, records.copy_word(slot) & !IS_COPY);
            return (false, passed);
        }
        (true, passed)
    }

    /// Who takes the place of a node that is being taken out of the graph.
    pub(super) fn heir(
        &self,
        records: &Records,
        original: Slot,
        condemned: &SlotSet,
    ) -> Option<Slot> {
        let word = records.copy_word(original);
        let heir = Slot(word & LINK_SLOT);
        let is_settled = self.has_copies && word & IS_COPY != 0 && word & HAS_NEXT != 0;
        let stays = self.linked.contains(heir) && !condemned.contains(heir);
        (is_settled && stays && condemned.contains(original)).then_some(heir)
    }

    /// Makes the first live copy of an original that goes an original, with the rest of the list. Its
    /// row still holds the old one, whose links it will choose from. Says how many nodes were looked at.
    fn bequeath(
        &mut self,
        records: &mut Records,
        live: &SlotSet,
        original: Slot,
        condemned: &SlotSet,
    ) -> u64 {
        if records.copy_word(original) & HAS_NEXT == 0 {
            return 0;
        }
        let most = self.linked.len();
        let mut left = most;
        let heir = self.eligible_copy(records, original, Eligible::Only(live.words()), &mut left);
        let passed = (most - left) as u64;
        let Some(heir) = heir else {
            // Nobody of the list stays, and the next neighbour need not look again.
            records.set_copy_word(original, IS_COPY);
            return passed;
        };
        let passed = passed + self.shorten(records, original, heir, condemned);
        records.set_copy_word(heir, records.copy_word(original));
        records.set_copy_word(original, IS_COPY | HAS_NEXT | heir.0);
        passed
    }

    /// Takes the condemned, and `heir`, out of the list of a node. Says how long it was.
    fn shorten(
        &mut self,
        records: &mut Records,
        owner: Slot,
        heir: Slot,
        condemned: &SlotSet,
    ) -> u64 {
        let (mut last, mut at, mut passed) = (owner, self.next_copy(records, owner), 0);
        let is_changed = at.is_some();
        while let Some(copy) = at
            && passed < self.linked.len() as u64
        {
            passed += 1;
            at = self.next_copy(records, copy);
            if copy != heir && !condemned.contains(copy) {
                Self::set_next(records, last, Some(copy));
                last = copy;
            }
        }
        if is_changed {
            Self::set_next(records, last, None);
        }
        passed
    }

    fn set_next(records: &mut Records, slot: Slot, next: Option<Slot>) {
        let word = records.copy_word(slot);
        let next = word & IS_COPY | next.map_or(0, |next| HAS_NEXT | next.0);
        if word != next {
            records.set_copy_word(slot, next);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::graph::repair::Compaction;
    use crate::index::Index;
    use crate::options::Options;
    use crate::slots::Slot;

    #[test]
    fn a_list_of_which_nobody_stays_is_looked_through_once() {
        let mut index = Index::new(Options { exact_below: 0, ..Options::new(4) }).unwrap();
        let others = (1..8_u8).flat_map(|at| [1.0, f32::from(at), 0.5, 0.0]);
        let copies = [1.0, 0.0, 0.0, 0.0].repeat(500);
        index.add(&copies.into_iter().chain(others).collect::<Vec<_>>()).unwrap();
        assert!(index.build_step(u64::MAX).unwrap());
        index.remove(&(0..500).collect::<Vec<_>>());
        let live = index.slots.live();
        let Compaction { condemned, .. } =
            Compaction::begin(&index.graph, live, index.slots.count()).unwrap();
        let looked_at = (500..507).map(|slot| {
            let (graph, records) = (&mut index.graph, &mut index.records);
            graph.part_from_copies(records, live, Slot(slot), true, &condemned).1
        });
        assert_eq!(looked_at.collect::<Vec<_>>(), [499, 0, 0, 0, 0, 0, 0]);
    }
}
