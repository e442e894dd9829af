//! Links back: what a node does with a link that it is offered when its row is full.
//!
//! Selecting anew for every offer compares all of a row with all of it. A row remembers instead
//! which of its links are dominated (bit 31 of a word): it is selected once, when it first fills,
//! and from then on only the newcomer is compared with the others. It takes the place of the
//! farthest dominated link, of the farthest of all when nothing is dominated, or none.

use std::hint::black_box;

use super::pool::Key;
use super::{Eligible, Graph, Scratch};
use crate::error::{Result, grow};
use crate::records::{LINK_DOMINATED, LINK_SLOT, ROW_PRUNED, Records};
use crate::slots::Slot;

/// Memory for comparing a newcomer with a row, used again and again.
#[derive(Debug, Default)]
pub struct Offer {
    /// The slots of the row, then the newcomer.
    slots: Vec<u32>,
    /// Their distances from the newcomer.
    from_new: Vec<f32>,
    /// Their distances from the owner of the row.
    from_owner: Vec<f32>,
}

impl Offer {
    /// Room for rows of `links`.
    pub fn reserve(&mut self, links: usize) -> Result<()> {
        grow(&mut self.slots, links + 1, 0)?;
        grow(&mut self.from_new, links + 1, 0.0)?;
        grow(&mut self.from_owner, links + 1, 0.0)
    }
}

impl Graph {
    /// Adds a link from `owner` to `slot`, whom the query of the scratch stands for.
    pub(super) fn link_back(
        &mut self,
        records: &mut Records,
        eligible: Eligible<'_>,
        owner: Key,
        level: usize,
        slot: Slot,
        scratch: &mut Scratch,
    ) {
        let own = owner.slot().0;
        let row = self.row_mut(records, owner.slot(), level);
        let mut count = 0;
        for word in row.iter() {
            match word & LINK_SLOT {
                other if other == own => break,
                other if other == slot.0 => return,
                _ => count += 1,
            }
        }
        if let Some(word) = row.get_mut(count) {
            *word = slot.0;
            row[0] &= !ROW_PRUNED;
        } else if row[0] & ROW_PRUNED == 0 {
            self.select_anew(records, eligible, owner, level, slot, scratch);
        } else {
            self.offer(records, eligible, owner, level, slot, scratch);
        }
    }

    /// Selects the links of a row that has just become too long.
    fn select_anew(
        &mut self,
        records: &mut Records,
        eligible: Eligible<'_>,
        owner: Key,
        level: usize,
        slot: Slot,
        scratch: &mut Scratch,
    ) {
        let Scratch { probe, candidates, offer, selection, evaluations, .. } = scratch;
        let row = self.row(records, owner.slot(), level);
        let most = row.len();
        for (to, word) in offer.slots.iter_mut().zip(row) {
            *to = word & LINK_SLOT;
        }
        let others = &offer.slots[..most];
        touch(records, others);
        probe.set_record(records, owner.slot());
        probe.distances(records, others, &mut offer.from_owner[..most]);
        *evaluations += most as u64;
        candidates.clear();
        candidates.push(Key::new(owner.distance(), slot, true));
        for (&other, &distance) in others.iter().zip(&offer.from_owner) {
            candidates.push(Key::new(distance, Slot(other), eligible.contains(Slot(other))));
        }
        candidates.sort_unstable();
        *evaluations += selection.select(records, probe, candidates, most);
        self.set_selection(records, owner.slot(), level, selection);
    }

    /// Compares a newcomer with the links of a full row, and decides who leaves.
    fn offer(
        &mut self,
        records: &mut Records,
        eligible: Eligible<'_>,
        owner: Key,
        level: usize,
        slot: Slot,
        scratch: &mut Scratch,
    ) {
        let Scratch { query, probe, offer, evaluations, .. } = scratch;
        let row = self.row(records, owner.slot(), level);
        let links = row.len();
        for (to, word) in offer.slots.iter_mut().zip(row) {
            *to = word & LINK_SLOT;
        }
        // A link to a removed node goes first.
        let removed = |&other: &u32| !eligible.contains(Slot(other));
        if let Some(at) = offer.slots[..links].iter().position(removed) {
            self.replace(records, owner.slot(), level, at, slot.0);
            return;
        }
        offer.slots[links] = slot.0;
        touch(records, &offer.slots[..links]);
        probe.set_record(records, owner.slot());
        probe.distances(records, &offer.slots[..links], &mut offer.from_owner[..links]);
        query.distances(records, &offer.slots[..=links], &mut offer.from_new[..=links]);
        *evaluations += 2 * links as u64 + 1;

        let distance = owner.distance();
        // Copies of one vector tie everywhere; see `select`.
        let to_itself = offer.from_new[links];
        let row = self.row_mut(records, owner.slot(), level);
        let mut is_dominated = false;
        let (mut farthest, mut at_farthest) = (f32::NEG_INFINITY, 0);
        let mut leaves: Option<(f32, usize)> = None;
        let distances = offer.from_owner.iter().zip(&offer.from_new);
        for (at, (word, (&theirs, &between))) in row.iter_mut().zip(distances).enumerate() {
            let is_copy = between == to_itself && theirs == distance;
            if theirs < distance || is_copy {
                is_dominated |= *word & LINK_DOMINATED == 0 && (is_copy || between < distance);
            } else if between < theirs {
                *word |= LINK_DOMINATED;
            }
            if theirs > farthest {
                (farthest, at_farthest) = (theirs, at);
            }
            if *word & LINK_DOMINATED != 0 && leaves.is_none_or(|(most, _)| theirs > most) {
                leaves = Some((theirs, at));
            }
        }
        let at = match leaves {
            // The newcomer itself is the farthest of the dominated.
            Some((most, _)) if is_dominated && most <= distance => return,
            None if is_dominated || farthest <= distance => return,
            Some((_, at)) => at,
            None => at_farthest,
        };
        let mark = if is_dominated { LINK_DOMINATED } else { 0 };
        self.replace(records, owner.slot(), level, at, slot.0 | mark);
    }

    /// Writes one word of a row that was pruned, and stays so.
    fn replace(
        &mut self,
        records: &mut Records,
        owner: Slot,
        level: usize,
        at: usize,
        word: u32,
    ) {
        let row = self.row_mut(records, owner, level);
        row[at] = word;
        row[0] |= ROW_PRUNED;
    }
}

/// Loads the lines of some records, so that their misses overlap.
#[inline(always)]
fn touch(records: &Records, slots: &[u32]) {
    let touch = |slot| records.touch_head(slot) ^ records.touch_tail(slot);
    black_box(slots.iter().fold(0, |sum, &slot| sum ^ touch(Slot(slot))));
}
