//! Compaction: taking removed nodes out of the graph without moving anyone.
//!
//! Three phases, each resumable after every node, so that a step is as small as its caller wants:
//!
//! 1. *Scan.* The tombstones of this moment are condemned. Every node with a link to a condemned
//!    one, or linked from one, is affected.
//! 2. *Mend.* Each affected node chooses its links anew among those it keeps and those of the
//!    neighbours it loses, whose rows are still there: no search is needed. A node around which
//!    too little is left is searched for and connected by the code that inserts; condemned nodes
//!    still lead such searches through.
//! 3. *Release.* Nothing links to the condemned any more: their slots are erased and free.
//!
//! In between, vectors may be added, linked, searched and removed. New links only ever go to nodes
//! that stay, so none to a condemned one can appear behind the scan. What is removed meanwhile waits
//! for the next compaction; where the way to others leads through it, it is mended like a live one.

use super::pool::{Key, sort};
use super::{Eligible, Entry, Graph, Scratch};
use crate::error::Result;
use crate::records::Records;
use crate::slots::{Slot, SlotSet};

/// What scanning the links of a node, or releasing it, costs in distance evaluations. Both read
/// or write about as many bytes as one distance reads.
const TOUCH_WORK: u64 = 1;

/// Neighbours to whom a node offers itself that lost none of its own links.
const OFFERS: usize = 8;

/// A compaction under way.
#[derive(Debug, PartialEq)]
pub struct Compaction {
    /// Tombstones that will be released.
    pub condemned: SlotSet,
    /// Nodes to be connected anew.
    pub affected: SlotSet,
    /// The next slot to scan.
    pub cursor: usize,
    /// The slot before which scanning ends. Slots that came later link to live nodes only.
    pub end: usize,
}

impl Compaction {
    /// Condemns the present tombstones.
    pub fn begin(graph: &Graph, live: &SlotSet, slots: usize) -> Result<Self> {
        let (condemned, affected) = (SlotSet::default(), SlotSet::default());
        let mut compaction = Self { condemned, affected, cursor: 0, end: slots };
        compaction.condemned.reserve(slots)?;
        compaction.affected.reserve(slots)?;
        for slot in graph.linked().iter().filter(|&slot| !live.contains(slot)) {
            compaction.condemned.insert(slot);
        }
        Ok(compaction)
    }

    /// Makes room for slots below `slots`.
    pub fn reserve(&mut self, slots: usize) -> Result<()> {
        self.condemned.reserve(slots)?;
        self.affected.reserve(slots)
    }

    /// Bytes held.
    pub fn bytes(&self) -> usize {
        self.condemned.bytes() + self.affected.bytes()
    }

    /// Whether nothing is left to do.
    pub fn is_done(&self) -> bool {
        self.cursor == self.end && self.affected.is_empty() && self.condemned.is_empty()
    }

    /// Whether a node that stays has no link to a condemned one any more, or never had.
    pub fn has_relinked(&self, slot: Slot) -> bool {
        let is_scanned = slot.index() < self.cursor || slot.index() >= self.end;
        is_scanned && !self.affected.contains(slot) && !self.condemned.contains(slot)
    }

    /// Whether a node cannot be reached any more: it is condemned, and all others are relinked.
    /// Its own links may lead to slots that were released before it.
    pub fn has_cut_off(&self, slot: Slot, entry: Option<Entry>) -> bool {
        self.cursor == self.end
            && self.affected.is_empty()
            && self.condemned.contains(slot)
            && entry.is_none_or(|entry| !self.condemned.contains(entry.slot))
    }
}

/// What a piece of compaction did.
pub enum Progress {
    /// Work of this many evaluations, beyond those that the scratch counts.
    Worked(u64),
    /// This slot is free now.
    Released(Slot),
    /// Nothing is left to do.
    Done,
}

impl Graph {
    /// Does the smallest piece of a compaction.
    pub fn compact(
        &mut self,
        records: &mut Records,
        live: &SlotSet,
        compaction: &mut Compaction,
        scratch: &mut Scratch,
    ) -> Progress {
        if compaction.cursor < compaction.end {
            let slot = Slot(compaction.cursor as u32);
            compaction.cursor += 1;
            if self.linked.contains(slot) {
                self.scan(records, slot, compaction);
            }
            return Progress::Worked(TOUCH_WORK);
        }
        if let Some(slot) = compaction.affected.first() {
            return self.relink(records, live, slot, false, compaction, scratch);
        }
        if self.entry.is_some_and(|entry| compaction.condemned.contains(entry.slot)) {
            let next = self.best_entry(&compaction.condemned);
            // Removed meanwhile, it has only lost links. The way to all others will lead through it, so it
            // is mended while the old ways are still there.
            let gone = next.filter(|next| !live.contains(next.slot));
            let progress =
                gone.map(|next| self.relink(records, live, next.slot, true, compaction, scratch));
            self.entry = next;
            return progress.unwrap_or(Progress::Worked(TOUCH_WORK));
        }
        match compaction.condemned.first() {
            Some(slot) => {
                compaction.condemned.remove(slot);
                self.linked.remove(slot);
                self.upper.erase(slot);
                records.erase(slot);
                Progress::Released(slot)
            }
            None => Progress::Done,
        }
    }

    fn scan(&self, records: &Records, slot: Slot, compaction: &mut Compaction) {
        let Compaction { condemned, affected, .. } = compaction;
        let is_condemned = condemned.contains(slot);
        for level in 0..=self.upper.level(slot) {
            for neighbour in self.neighbours(records, slot, level) {
                match (is_condemned, condemned.contains(neighbour)) {
                    (true, false) => affected.insert(neighbour),
                    (false, true) => affected.insert(slot),
                    _ => {}
                }
            }
        }
    }

    /// Connects a node anew that is live, `is_next` to be where searches start, or leads on.
    #[inline(never)]
    fn relink(
        &mut self,
        records: &mut Records,
        live: &SlotSet,
        slot: Slot,
        is_next: bool,
        compaction: &mut Compaction,
        scratch: &mut Scratch,
    ) -> Progress {
        compaction.affected.remove(slot);
        let compaction = &*compaction;
        let level = self.upper.level(slot);
        let is_wanted = is_next || live.contains(slot);
        let (is_copy, passed) =
            self.part_from_copies(records, live, slot, is_wanted, &compaction.condemned);
        let is_needed = !is_copy && (is_wanted || self.leads_on(records, slot));
        if let Some(entry) = self.entry.filter(|_| is_needed)
            && !self.mend(records, live, slot, level, compaction, scratch)
        {
            self.connect(records, Eligible::Only(live.words()), slot, entry, scratch);
        }
        // What connecting did not reach: levels above the entry, and nodes removed meanwhile.
        for level in 0..=level {
            self.unlink(records, slot, level, &compaction.condemned);
        }
        Progress::Worked((1 + passed) * TOUCH_WORK)
    }

    /// Replaces the lost links of a node by the best of what the lost ones link to, and says whether
    /// those were enough on all levels.
    fn mend(
        &mut self,
        records: &mut Records,
        live: &SlotSet,
        slot: Slot,
        level: usize,
        compaction: &Compaction,
        scratch: &mut Scratch,
    ) -> bool {
        scratch.query.set_record(records, slot);
        scratch.to_itself = scratch.query.distance(records, slot);
        for level in 0..=level {
            let lost = self.gather_around(records, live, slot, level, compaction, scratch);
            let (met, wanted) = (scratch.candidates.len(), self.row(records, slot, level).len());
            let lives = scratch.candidates.iter().any(|key| key.is_eligible());
            if lost && met < wanted || level == 0 && !lives {
                return false;
            }
            if lost {
                self.choose(records, slot, level, scratch);
            } else {
                // Only links to this node were lost: its nearest neighbours shall know it.
                sort(&mut scratch.candidates);
                scratch.candidates.truncate(OFFERS);
                std::mem::swap(&mut scratch.chosen, &mut scratch.candidates);
            }
            for at in 0..scratch.chosen.len() {
                let (neighbour, eligible) = (scratch.chosen[at], Eligible::Only(live.words()));
                self.link_back(records, eligible, neighbour, level, slot, scratch);
            }
        }
        true
    }

    /// Makes candidates of the neighbours of a node that stay, and of the live ones of those that do
    /// not. Says whether there were any of these.
    fn gather_around(
        &self,
        records: &Records,
        live: &SlotSet,
        slot: Slot,
        level: usize,
        compaction: &Compaction,
        scratch: &mut Scratch,
    ) -> bool {
        let Scratch { visited, candidates, present, query, evaluations, .. } = scratch;
        let is_lost = |other: &Slot| compaction.condemned.contains(*other);
        present.clear();
        present.extend(self.neighbours(records, slot, level));
        visited.mark(slot);
        visited.remember(&[slot.0]);
        candidates.clear();
        let mut met = |other: Slot| {
            if visited.mark(other) {
                visited.remember(&[other.0]);
                *evaluations += 1;
                let (distance, lives) = (query.distance(records, other), live.contains(other));
                candidates.push(Key::new(distance, other, lives));
            }
        };
        // Those removed meanwhile may be the only way to others.
        present.iter().filter(|other| !is_lost(other)).for_each(|&other| met(other));
        for &other in present.iter().filter(|other| is_lost(other)) {
            let around = self.neighbours(records, other, level);
            around.filter(|&slot| live.contains(slot)).for_each(&mut met);
            if level == 0 {
                self.heir(records, other, &compaction.condemned).into_iter().for_each(&mut met);
            }
        }
        visited.clear();
        present.iter().any(is_lost)
    }

    /// Keeps the links that are left and fills the places of the lost ones.
    ///
    /// Choosing among all anew would give up links to far away, which were made while the graph
    /// was small and hold clusters together. For their sake no candidate is left out as too far.
    fn choose(&mut self, records: &mut Records, slot: Slot, level: usize, scratch: &mut Scratch) {
        let Scratch { probe, candidates, present, selection, evaluations, chosen, .. } = scratch;
        sort(candidates);
        *evaluations += selection.select(records, probe, candidates, candidates.len());
        // As many as there were, or as a new node has.
        let fresh = if level == 0 { self.m + self.m / 2 } else { self.m };
        let is_kept = |key: &Key| present.contains(&key.slot());
        let kept = selection.chosen.iter().filter(|key| is_kept(key)).count();
        let mut places = fresh.max(present.len()) - kept;
        for dominated in [false, true] {
            let new = |key: &&mut Key| key.is_marked() == dominated && !is_kept(key);
            for key in selection.chosen.iter_mut().filter(new) {
                match places.checked_sub(1) {
                    Some(left) => places = left,
                    None => *key = Key::FARTHEST,
                }
            }
        }
        selection.chosen.retain(|key| *key != Key::FARTHEST);
        self.set_links(records, slot, level, &selection.chosen);
        std::mem::swap(chosen, &mut selection.chosen);
    }

    /// Takes links to condemned nodes out of a row, keeping the order of the others.
    fn unlink(&mut self, records: &mut Records, slot: Slot, level: usize, condemned: &SlotSet) {
        let row = self.row_mut(records, slot, level);
        let mut kept = 0;
        for at in 0..row.len() {
            if !condemned.contains(Slot(row[at] & crate::records::LINK_SLOT)) {
                row[kept] = row[at];
                kept += 1;
            }
        }
        row[kept..].fill(slot.0);
    }

    /// The lowest of the highest nodes that stay.
    fn best_entry(&self, condemned: &SlotSet) -> Option<Entry> {
        let stays = self.linked.iter().filter(|&slot| !condemned.contains(slot));
        stays
            .map(|slot| Entry { slot, level: self.upper.level(slot) })
            .reduce(|best, next| if next.level > best.level { next } else { best })
    }
}

#[cfg(test)]
mod tests {
    use crate::index::Index;
    use crate::options::Options;
    use crate::search::{Batch, Plan, Search};
    use crate::slots::{Slot, SlotSet};

    /// 2,000 vectors of 8 components from -1 to 1.
    fn index() -> Index {
        let options = Options { exact_below: 0, m: 4, ef_construction: 16, ..Options::new(8) };
        let mut index = Index::new(options).unwrap();
        let mut state = 7_u32;
        let mut next = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 8) as f32 / (1 << 23) as f32 - 1.0
        };
        index.add(&(0..2_000 * 8).map(|_| next()).collect::<Vec<_>>()).unwrap();
        assert!(index.build_step(u64::MAX).unwrap());
        index
    }

    #[test]
    fn the_next_entry_leads_on_though_it_and_all_around_it_were_removed() {
        // Removed before anything was scanned, and when all was.
        for work in [1, 2_000] {
            lose_what_is_around_the_next_entry(work);
        }
    }

    fn lose_what_is_around_the_next_entry(work: u64) {
        let mut index = index();
        let mut gone = SlotSet::default();
        gone.reserve(index.slots.room()).unwrap();
        gone.insert(index.graph.entry().unwrap().slot);
        let next = index.graph.best_entry(&gone).unwrap().slot;
        let Index { graph, records, .. } = &index;
        let around = |slot| {
            let levels = 0..=graph.upper.level(slot);
            levels.flat_map(|level| graph.neighbours(records, slot, level)).collect::<Vec<_>>()
        };
        let near = around(next).into_iter().find(|&slot| !gone.contains(slot)).unwrap();
        // Only the two are left of each other's rows, and of all rows that hold one of them.
        for slot in graph.linked().iter().filter(|&slot| slot != next && slot != near) {
            let of_them = around(slot).iter().any(|other| [next, near].contains(other));
            if of_them || around(next).contains(&slot) || around(near).contains(&slot) {
                gone.insert(slot);
            }
        }
        assert_eq!(index.graph.best_entry(&gone).unwrap().slot, next);
        let numbers =
            |slots: &mut dyn Iterator<Item = Slot>| slots.map(|s| s.0).collect::<Vec<_>>();
        index.remove(&numbers(&mut gone.iter()));
        assert!(!index.compact(work).unwrap());
        index.remove(&numbers(&mut [next, near].into_iter()));
        assert!(index.compact(u64::MAX).unwrap());

        assert_eq!(index.graph.entry().unwrap().slot, next);
        let mut batch = Batch::default();
        let search = Search { k: 10, ef: Some(10), ..Search::default() };
        index.search_many(&[0.1; 8], &search, &mut batch).unwrap();
        assert_eq!(batch.efforts[0].plan, Plan::Walk);
    }
}
