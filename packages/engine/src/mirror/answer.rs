//! What the mirror answers: the rows that it has changed.
//!
//! ```text
//! 1      how many slots it was asked to link
//! 2      how many rows of level 0 follow, and how many slots with links above
//! ⌈s/32⌉ bitmap of those that it has linked
//! r ×    slot, and its links of level 0
//! u ×    slot, and its links of levels 1 and above
//! ```
//!
//! The owner takes them for hostile, and for late. What is no answer is an error, and nothing of it
//! is taken over; what is out of date is left out.

use super::Mirror;
use super::changes::Counts;
use super::rounds::Round;
use super::words::{Input, Output};
use crate::error::{Result, reserve};
use crate::graph::Eligible;
use crate::graph::pool::{Key, sort};
use crate::index::Index;
use crate::records::LINK_SLOT;
use crate::slots::{Slot, SlotSet, words_for};
use crate::snapshot::Source;

const HEADER: usize = 3;

const SLOT_BITS: u32 = 30;
/// No node has a level above 15.
const LEVEL_BITS: u32 = 4;

/// An answer that is being taken over.
#[derive(Default)]
struct Merge {
    /// Vectors that became nodes by it.
    fresh: SlotSet,
    /// Those whose vector is no longer the one that the mirror was told.
    stale: Vec<Slot>,
    /// Rows that were changed here too, each with a vector that the mirror has linked to it: that
    /// vector, the owner of the row, and four bits of its level.
    offers: Vec<Key>,
}

impl Mirror {
    /// Describes the rows that were changed since the last round.
    pub(super) fn answer(&mut self) -> Result<Vec<u8>> {
        let counts = self.index.count_rows(usize::MAX);
        let bitmap = words_for(self.count);
        let bytes = (HEADER + bitmap + self.index.rows_words(counts)) * size_of::<u32>();
        let mut message = Vec::new();
        reserve(&mut message, bytes)?;
        message.resize(bytes, 0);
        let mut output = Output::new(&mut message)?;
        let Counts { rows, upper, .. } = counts;
        output.put(&[self.asked.len() as u32, rows as u32, upper as u32]);
        output.put(&self.linked.words()[..bitmap]);
        self.index.write_rows(counts, &mut output);
        output.flush();
        Ok(message)
    }
}

impl Index {
    /// Takes an answer over, at once: between two parts of it a search would find some vectors
    /// twice, or not at all. Gives those that the mirror has not linked.
    pub(super) fn take_answer(&mut self, round: &Round, source: &dyn Source) -> Option<Vec<Slot>> {
        // Once to see whether all of it is sound, and once to do it.
        self.read_answer(round, source, None)?;
        let (mut merge, mut left) = (Merge::default(), Vec::new());
        merge.fresh.reserve(self.slots.room()).ok()?;
        reserve(&mut merge.stale, round.asked.len()).ok()?;
        reserve(&mut left, round.asked.len()).ok()?;
        let before = self.graph.linked().len();
        self.read_answer(round, source, Some(&mut merge))?;
        self.offer_anew(merge.offers);
        self.graph.tune_sieve(&self.records, self.options.metric, before, &mut self.scratch);
        left.extend(round.asked.iter().filter(|&&slot| self.slots.pending().contains(slot)));
        Some(left)
    }

    fn read_answer(
        &mut self,
        round: &Round,
        source: &dyn Source,
        mut merge: Option<&mut Merge>,
    ) -> Option<()> {
        let mut input = Input::new(source, 0);
        let header = input.take(HEADER)?;
        let (asked, rows, upper) = (header[0] as usize, header[1], header[2]);
        let linked = input.bitmap(round.slots)?;
        let answered = round.asked.iter().filter(|&&slot| linked.contains(slot)).count();
        if asked != round.asked.len() || answered != linked.len() {
            return None;
        }
        if let Some(merge) = merge.as_deref_mut() {
            round
                .asked
                .iter()
                .filter(|&&slot| linked.contains(slot))
                .for_each(|&slot| self.admit(slot, merge));
        }
        for (count, above) in [(rows, false), (upper, true)] {
            for _ in 0..count {
                let slot = Slot(input.word()?);
                if !self.graph.linked().contains(slot) && !linked.contains(slot) {
                    return None;
                }
                for level in self.levels(slot, above) {
                    let unchecked = merge.is_none().then_some(&linked);
                    let row = self.read_row(&mut input, slot, level, unchecked)?;
                    if let Some(merge) = merge.as_deref_mut() {
                        self.merge_row(slot, level, row, merge);
                    }
                }
            }
        }
        input.has_ended().then_some(())
    }

    /// Makes a node of a slot that was asked for, unless another vector is there by now.
    fn admit(&mut self, slot: Slot, merge: &mut Merge) {
        let is_same = !self.records.codes_written.followed().contains(slot);
        if is_same && self.slots.pending().contains(slot) {
            self.graph.admit(&mut self.records, slot);
            self.slots.mark_linked(slot);
            self.forget_rows(slot, false);
            self.forget_rows(slot, true);
            merge.fresh.insert(slot);
        } else {
            merge.stale.push(slot);
        }
    }

    /// Takes a row over that was not changed here; of one that was, notes what is new in it.
    fn merge_row(&mut self, slot: Slot, level: usize, row: &[u32], merge: &mut Merge) {
        let Merge { fresh, stale, offers } = merge;
        if stale.contains(&slot) {
            return;
        }
        let others = row.iter().map(|word| Slot(word & LINK_SLOT));
        if self.changed_rows(level > 0).contains(slot) {
            let offer = |other: Slot| {
                let bits = u64::from(other.0) << SLOT_BITS | u64::from(slot.0);
                Key::from_bits(bits << LEVEL_BITS | level as u64)
            };
            // Where memory is lacking nobody is offered anything, and the row stays as it is.
            if offers.try_reserve(row.len()).is_ok() {
                offers.extend(others.filter(|&other| fresh.contains(other)).map(offer));
            }
            return;
        }
        let target = self.graph.row_mut(&mut self.records, slot, level);
        if others.clone().all(|other| !stale.contains(&other)) {
            target.copy_from_slice(row);
            self.forget_rows(slot, level > 0);
        } else {
            // What is left is no longer full, so that its marks do not count. The mirror has to be told.
            target.fill(slot.0);
            let kept = others.filter(|other| !stale.contains(other));
            target.iter_mut().zip(kept).for_each(|(word, other)| *word = other.0);
        }
    }

    /// Offers the links that the mirror has made to rows that were changed here.
    fn offer_anew(&mut self, mut offers: Vec<Key>) {
        let eligible = Eligible::of(self.slots.live(), self.tombstones());
        let Self { records, graph, scratch, .. } = self;
        // Those of a vector one after the other, so that the query stands for each once.
        sort(&mut offers);
        let mut asked = None;
        for bits in offers.into_iter().map(Key::bits) {
            let slot = Slot((bits >> (SLOT_BITS + LEVEL_BITS)) as u32);
            let owner = Slot((bits >> LEVEL_BITS) as u32 % Slot::LIMIT);
            let level = bits as usize % (1 << LEVEL_BITS);
            if asked.replace(slot) != Some(slot) {
                scratch.ask(records, slot);
            }
            graph.offer_link(records, eligible, [owner, slot], level, scratch);
        }
    }
}
