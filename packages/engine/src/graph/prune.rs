//! Links back: what a node does with a link that it is offered when its row is full.
//!
//! Selecting anew for every offer compares all of a row with all of it. A row is selected once, when
//! it first fills, and from then on stays sorted by distance and remembers which of its links are
//! dominated. A newcomer then is compared with few: a search finds its place, the undominated
//! before it are asked whether one of them dominates it, and only if none does, the undominated
//! behind it whether it dominates them. It takes the place of the farthest dominated link, of the
//! farthest of all where nothing is dominated, or of none.

use std::hint::black_box;

use super::pool::{Key, sort};
use super::{Eligible, Graph, Scratch};
use crate::error::{Result, grow};
use crate::quant::query::{GROUP, Query};
use crate::records::{LINK_DOMINATED, LINK_SLOT, ROW_PRUNED, Records};
use crate::slots::Slot;

/// Links that are asked at a time whether they dominate a newcomer.
const ASKED: usize = 8;

/// Memory for comparing a newcomer with a row, used again and again.
#[derive(Debug, Default)]
pub struct Offer {
    /// The row without the mark that it was pruned.
    row: Vec<u32>,
    /// Slots to compare with, and the places of their links in the row.
    slots: Vec<u32>,
    places: Vec<u32>,
    /// Their distances from the owner of the row, and from the newcomer.
    from_owner: Vec<f32>,
    from_new: Vec<f32>,
}

impl Offer {
    /// Room for rows of `links`.
    pub fn reserve(&mut self, links: usize) -> Result<()> {
        let links = links.max(GROUP);
        grow(&mut self.row, links, 0)?;
        grow(&mut self.slots, links, 0)?;
        grow(&mut self.places, links, 0)?;
        grow(&mut self.from_owner, links, 0.0)?;
        grow(&mut self.from_new, links, 0.0)
    }

    /// Takes a row over, whose length it returns.
    fn read(&mut self, row: &[u32]) -> usize {
        self.row[..row.len()].copy_from_slice(row);
        self.row[0] &= !ROW_PRUNED;
        row.len()
    }

    /// Lists the undominated links among `range` that are still eligible.
    fn list(&mut self, range: std::ops::Range<usize>, eligible: Eligible<'_>) -> usize {
        let mut count = 0;
        for at in range {
            let word = self.row[at];
            self.slots[count] = word & LINK_SLOT;
            self.places[count] = at as u32;
            let counts = word & LINK_DOMINATED == 0 && eligible.contains(Slot(word & LINK_SLOT));
            count += usize::from(counts);
        }
        count
    }

    /// How many of the sorted `links` are no farther from the owner than `distance`: a search with
    /// four pivots, so that their misses overlap.
    fn place(&mut self, records: &Records, probe: &Query, links: usize, distance: f32) -> usize {
        let (mut from, mut to) = (0, links);
        while from < to {
            let pivots: [usize; GROUP] =
                std::array::from_fn(|at| from + ((to - from) * (at + 1)).div_ceil(GROUP) - 1);
            for (slot, pivot) in self.slots.iter_mut().zip(pivots) {
                *slot = self.row[pivot] & LINK_SLOT;
            }
            probe.distances(records, &self.slots[..GROUP], &mut self.from_owner[..GROUP]);
            for (pivot, &theirs) in pivots.into_iter().zip(&self.from_owner) {
                if theirs <= distance {
                    from = from.max(pivot + 1);
                } else {
                    to = to.min(pivot);
                }
            }
        }
        to
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
        // Read first: what is handed out to be written counts as changed.
        let row = self.row(records, owner.slot(), level);
        let mut count = 0;
        for word in row.iter() {
            match word & LINK_SLOT {
                other if other == own => break,
                other if other == slot.0 => return,
                _ => count += 1,
            }
        }
        if count < row.len() {
            let row = self.row_mut(records, owner.slot(), level);
            row[count] = slot.0;
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
            let other = Slot(other);
            candidates.push(Key::new(distance, other, self.stays(records, eligible, other)));
        }
        sort(candidates);
        *evaluations += selection.select(records, probe, candidates, most);
        self.set_links(records, owner.slot(), level, &selection.chosen);
    }

    /// Compares a newcomer with the links of a pruned row, and decides who leaves.
    fn offer(
        &mut self,
        records: &mut Records,
        eligible: Eligible<'_>,
        owner: Key,
        level: usize,
        slot: Slot,
        scratch: &mut Scratch,
    ) {
        let distance = owner.distance();
        let links = scratch.offer.read(self.row(records, owner.slot(), level));
        scratch.probe.set_record(records, owner.slot());
        let place = scratch.offer.place(records, &scratch.probe, links, distance);
        scratch.evaluations += GROUP as u64;

        let is_dominated = self.is_dominated(records, eligible, place, distance, scratch);
        if !is_dominated {
            Self::dominate(records, eligible, place..links, scratch);
        }
        let row = &mut scratch.offer.row[..links];
        let is_removed = |word: &u32| !self.stays(records, eligible, Slot(word & LINK_SLOT));
        let is_marked = |word: &u32| word & LINK_DOMINATED != 0;
        let leaves = row.iter().rposition(is_removed).or_else(|| {
            let farthest = row.iter().rposition(is_marked);
            // The newcomer may itself be the farthest of the dominated, or the farthest of all.
            if is_dominated {
                farthest.filter(|&at| at >= place)
            } else {
                farthest.or((place < links).then_some(links - 1))
            }
        });
        let Some(leaves) = leaves else { return };
        if leaves < place {
            row.copy_within(leaves + 1..place, leaves);
        } else {
            row.copy_within(place..leaves, place + 1);
        }
        let place = if leaves < place { place - 1 } else { place };
        row[place] = slot.0 | if is_dominated { LINK_DOMINATED } else { 0 };
        row[0] |= ROW_PRUNED;
        self.row_mut(records, owner.slot(), level).copy_from_slice(row);
    }

    /// Whether one of the links before `place` is nearer to the newcomer than the owner is.
    fn is_dominated(
        &self,
        records: &Records,
        eligible: Eligible<'_>,
        place: usize,
        distance: f32,
        scratch: &mut Scratch,
    ) -> bool {
        let Scratch { query, offer, sifted, evaluations, to_itself, .. } = scratch;
        let count = offer.list(0..place, eligible);
        for slots in offer.slots[..count].chunks(ASKED) {
            *evaluations += slots.len() as u64;
            black_box(slots.iter().fold(0, |sum, &slot| sum ^ records.touch_head(Slot(slot))));
            let distances = &mut offer.from_new[..ASKED.min(count)];
            let near = match self.sieve.strictness() {
                Some(strictness) => {
                    query.sift(records, slots, distance, strictness, sifted);
                    let slots = sifted.slots();
                    black_box(slots.iter().fold(0, |s, &slot| s ^ records.touch_tail(Slot(slot))));
                    query.complete(records, sifted, &mut distances[..slots.len()]);
                    slots.len()
                }
                None => {
                    query.distances(records, slots, &mut distances[..slots.len()]);
                    slots.len()
                }
            };
            // Copies of one vector tie everywhere; see `select`.
            if distances[..near].iter().any(|&d| d < distance || d == *to_itself) {
                return true;
            }
        }
        false
    }

    /// Marks the links behind the newcomer that are nearer to it than to the owner.
    fn dominate(
        records: &Records,
        eligible: Eligible<'_>,
        behind: std::ops::Range<usize>,
        scratch: &mut Scratch,
    ) {
        let Scratch { query, probe, offer, evaluations, .. } = scratch;
        let count = offer.list(behind, eligible);
        let slots = &offer.slots[..count];
        touch(records, slots);
        query.distances(records, slots, &mut offer.from_new[..count]);
        probe.distances(records, slots, &mut offer.from_owner[..count]);
        *evaluations += 2 * count as u64;
        for (at, &place) in offer.places[..count].iter().enumerate() {
            if offer.from_new[at] < offer.from_owner[at] {
                offer.row[place as usize] |= LINK_DOMINATED;
            }
        }
    }
}

/// Loads the lines of some records, so that their misses overlap.
#[inline(always)]
fn touch(records: &Records, slots: &[u32]) {
    let touch = |slot| records.touch_head(slot) ^ records.touch_tail(slot);
    black_box(slots.iter().fold(0, |sum, &slot| sum ^ touch(Slot(slot))));
}
