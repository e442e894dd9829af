//! What the owner tells its mirror: what changed in the graph, and which slots to link.
//!
//! ```text
//! 1      slots of the index
//! 2      slot of the entry, all ones without one; its level
//! 1      f32 strictness of the sieve
//! 4      how many slots are asked for, and come with codes, links of level 0, links above
//! ⌈s/32⌉ bitmap of the live slots
//! ⌈s/32⌉ bitmap of the nodes
//! a ×    a slot that is to be linked, and a node near it
//! c ×    slot, and head and tail of its record
//! r ×    slot, and its links of level 0
//! u ×    slot, and its links of levels 1 and above
//! ```
//!
//! The mirror takes them for hostile. Everything that a search will rely on is checked, as in a
//! snapshot, before a message counts as taken; a mirror that refused one is not used again.

use std::ops::RangeInclusive;

use super::words::{Input, Output};
use super::{FOREIGN, Mirror};
use crate::error::{Result, reserve};
use crate::graph::Entry;
use crate::graph::sieve::Sieve;
use crate::index::Index;
use crate::records::LINK_SLOT;
use crate::slots::{Slot, SlotSet, words_for};
use crate::snapshot::{Sink, Source, check_floats_of, is_row};

const NONE: u32 = u32::MAX;
const HEADER: usize = 8;

/// What goes into a message.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Counts {
    asked: usize,
    codes: usize,
    pub rows: usize,
    pub upper: usize,
    /// Words of all of `upper`.
    upper_words: usize,
}

impl Index {
    /// Shows slots whose codes the mirror lacks: of the nodes, and of those that are asked for.
    fn visit_codes(&self, asked: &[[Slot; 2]], most: usize, visit: &mut dyn FnMut(Slot)) -> usize {
        let unknown = self.records.codes_written.followed();
        let mut count = unknown.visit(self.graph.linked(), true, most, visit);
        for &[slot, _] in asked.iter().filter(|[slot, _]| unknown.contains(*slot)) {
            visit(slot);
            count += 1;
        }
        count
    }

    /// Shows nodes whose links on level 0, or above it, the mirror lacks.
    fn visit_rows(&self, above: bool, most: usize, visit: &mut dyn FnMut(Slot)) -> usize {
        self.changed_rows(above).visit(self.graph.linked(), true, most, visit)
    }

    /// The slots whose links on level 0, or above it, were changed since that was last told.
    pub(super) fn changed_rows(&self, above: bool) -> &SlotSet {
        let upper = &self.graph.upper().written;
        if above { upper.followed() } else { self.records.links_written.followed() }
    }

    /// Forgets that the links of a slot were changed.
    pub(super) fn forget_rows(&mut self, slot: Slot, above: bool) {
        if above {
            self.graph.upper_mut().written.forget(slot);
        } else {
            self.records.links_written.forget(slot);
        }
    }

    /// What a message holds that asks for some slots, with `most` of each kind of change.
    pub(super) fn count_changes(&self, asked: &[[Slot; 2]], most: usize) -> Counts {
        let codes = self.visit_codes(asked, most, &mut |_| ());
        Counts { asked: asked.len(), codes, ..self.count_rows(most) }
    }

    /// Of that the rows.
    pub(super) fn count_rows(&self, most: usize) -> Counts {
        let upper = self.graph.upper();
        let mut upper_words = 0;
        Counts {
            rows: self.visit_rows(false, most, &mut |_| ()),
            upper: self.visit_rows(true, most, &mut |slot| {
                upper_words += 1 + upper.level(slot) * upper.m();
            }),
            upper_words,
            ..Counts::default()
        }
    }

    /// How many words such a message has.
    pub(super) fn changes_words(&self, counts: Counts) -> usize {
        let record = self.records.code_bytes() / size_of::<u32>();
        HEADER
            + 2 * words_for(self.slots.count())
            + 2 * counts.asked
            + counts.codes * (1 + record)
            + self.rows_words(counts)
    }

    /// How many words its rows have.
    pub(super) fn rows_words(&self, counts: Counts) -> usize {
        counts.rows * (1 + self.records.link_count()) + counts.upper_words
    }

    /// Writes such a message, and forgets what it told.
    pub(super) fn write_changes(
        &mut self,
        asked: &[[Slot; 2]],
        counts: Counts,
        sink: &mut dyn Sink,
    ) -> Result<()> {
        let mut output = Output::new(sink)?;
        let (entry, level) =
            self.graph.entry().map_or((NONE, 0), |entry| (entry.slot.0, entry.level as u32));
        let Counts { codes, rows, upper, .. } = counts;
        let count = self.slots.count();
        output.put(&[count as u32, entry, level, self.graph.sieve().to_bits()]);
        output.put(&[asked.len() as u32, codes as u32, rows as u32, upper as u32]);
        for bitmap in [self.slots.live(), self.graph.linked()] {
            output.put(&bitmap.words()[..words_for(count)]);
        }
        asked.iter().for_each(|[slot, near]| output.put(&[slot.0, near.0]));
        self.visit_codes(asked, codes, &mut |slot| {
            output.put(&[slot.0]);
            self.records.record_words(slot).into_iter().for_each(|words| output.put(words));
        });
        self.write_rows(counts, &mut output);
        output.flush();
        self.forget_changes(asked, counts);
        Ok(())
    }

    /// Writes the rows of a message.
    pub(super) fn write_rows(&self, counts: Counts, output: &mut Output<'_>) {
        for (above, count) in [(false, counts.rows), (true, counts.upper)] {
            self.visit_rows(above, count, &mut |slot| {
                output.put(&[slot.0]);
                for level in self.levels(slot, above) {
                    output.put(self.graph.row(&self.records, slot, level));
                }
            });
        }
    }

    /// The levels of which a slot has rows, 0 or those above it.
    pub(super) fn levels(&self, slot: Slot, above: bool) -> RangeInclusive<usize> {
        if above { 1..=self.graph.upper().level(slot) } else { 0..=0 }
    }

    /// Reads a row of a node. Unless it has been checked before, all links must lead to nodes of its
    /// level: those of the graph are nodes, and some others.
    pub(super) fn read_row<'a>(
        &self,
        input: &'a mut Input<'_>,
        slot: Slot,
        level: usize,
        others: Option<&SlotSet>,
    ) -> Option<&'a [u32]> {
        let upper = self.graph.upper();
        let row = input.take(if level > 0 { upper.m() } else { self.records.link_count() })?;
        let is_good =
            others.is_none_or(|others| is_row(row, slot) && self.is_led(row, level, others));
        is_good.then_some(row)
    }

    fn is_led(&self, row: &[u32], level: usize, others: &SlotSet) -> bool {
        let linked = self.graph.linked();
        row.iter().map(|word| Slot(word & LINK_SLOT)).all(|other| {
            (linked.contains(other) || others.contains(other))
                && (level == 0 || self.graph.upper().level(other) >= level)
        })
    }

    /// Forgets what was told. What was written of others than nodes is told when they are.
    fn forget_changes(&mut self, asked: &[[Slot; 2]], counts: Counts) {
        for &[slot, _] in asked {
            self.records.codes_written.forget(slot);
        }
        let linked = self.graph.linked();
        let told = counts.codes;
        self.records.codes_written.forget_first(linked, told);
        self.records.links_written.forget_first(linked, counts.rows);
        self.graph.forget_upper(counts.upper);
    }
}

impl Counts {
    /// Whether there are so many changes of a kind.
    pub(super) fn has(self, many: usize) -> bool {
        self.codes.max(self.rows) >= many
    }
}

impl Mirror {
    /// Takes a message over. Says whether it asks for links.
    pub fn take(&mut self, message: &[u8]) -> Result<bool> {
        self.read_changes(&message)
    }

    /// The same from a source.
    pub(crate) fn read_changes(&mut self, source: &dyn Source) -> Result<bool> {
        // Whatever is refused may have been written in part.
        let was_sound = std::mem::replace(&mut self.is_sound, false);
        self.is_sound = was_sound && self.read_from(&mut Input::new(source, 0)).is_some();
        if self.is_sound { Ok(!self.asked.is_empty()) } else { Err(FOREIGN) }
    }

    fn read_from(&mut self, input: &mut Input<'_>) -> Option<()> {
        let mut header = [0; HEADER];
        header.copy_from_slice(input.take(HEADER)?);
        let [count, entry, level, sieve, asked, codes, rows, upper] = header;
        let count = count as usize;
        if count > Slot::LIMIT as usize || count < self.count {
            return None;
        }
        let (live, linked) = (input.bitmap(count)?, input.bitmap(count)?);
        // Only what was linked here last may be no node: only rows that were changed since lead to it.
        let was_linked = self.index.graph.linked();
        let lost = was_linked.visit(&linked, false, usize::MAX, &mut |_| ());
        let lost_here = self.linked.visit(&linked, false, usize::MAX, &mut |_| ());
        if lost > lost_here {
            return None;
        }
        self.has_lost |= lost > 0;
        self.linked.clear();
        self.reserve(count).ok()?;
        (self.count, self.live) = (count, live);
        // Until its rows are told, a node has no links.
        self.index.graph.clear_rows_of(&mut self.index.records, &linked);
        self.read_asked(input, asked, &linked)?;
        self.read_codes(input, codes)?;
        let (slot, level) = (Slot(entry), level as usize);
        let is_node = linked.contains(slot) && self.index.graph.upper().level(slot) == level;
        let entry = is_node.then_some(Entry { slot, level });
        let sieve = Sieve::from_bits(sieve)?;
        if entry.is_none() != linked.is_empty() {
            return None;
        }
        self.index.graph.restore(linked, entry, sieve, self.has_copies);
        for (count, above) in [(rows, false), (upper, true)] {
            self.read_rows(input, count, above)?;
        }
        if !input.has_ended() || self.has_lost && !self.asked.is_empty() && self.leads_to_lost() {
            return None;
        }
        // Bitmaps of the slots in use; there is room for whole segments elsewhere.
        self.reserve(count).ok()
    }

    fn read_asked(&mut self, input: &mut Input<'_>, count: u32, linked: &SlotSet) -> Option<()> {
        let mut seen = SlotSet::default();
        seen.reserve(self.count).ok()?;
        self.asked.clear();
        reserve(&mut self.asked, (count as usize).min(input.left())).ok()?;
        for _ in 0..count {
            let pair = input.take(2)?;
            let (slot, near) = (Slot(pair[0]), Slot(pair[1]));
            if slot.index() >= self.count || linked.contains(slot) || seen.contains(slot) {
                return None;
            }
            seen.insert(slot);
            self.asked.push([slot, near]);
        }
        Some(())
    }

    /// Whether a row that was changed in the last round leads to what is no node after all.
    fn leads_to_lost(&mut self) -> bool {
        let index = &self.index;
        let none = SlotSet::new();
        let mut leads = false;
        for above in [false, true] {
            index.changed_rows(above).visit(index.graph.linked(), true, usize::MAX, &mut |slot| {
                for level in index.levels(slot, above) {
                    leads |=
                        !index.is_led(index.graph.row(&index.records, slot, level), level, &none);
                }
            });
        }
        self.has_lost = leads;
        leads
    }

    fn read_codes(&mut self, input: &mut Input<'_>, count: u32) -> Option<()> {
        let words = self.index.records.code_bytes() / size_of::<u32>();
        for _ in 0..count {
            let slot = Slot(input.word()?);
            if slot.index() >= self.count {
                return None;
            }
            self.index.records.write_record(slot, input.take(words)?);
            check_floats_of(&self.index.records, std::iter::once(slot)).ok()?;
            self.has_copies |= self.index.records.copy_word(slot) != 0;
        }
        Some(())
    }

    /// Reads rows of level 0, or those above it.
    fn read_rows(&mut self, input: &mut Input<'_>, count: u32, above: bool) -> Option<()> {
        let index = &mut self.index;
        for _ in 0..count {
            let slot = Slot(input.word()?);
            if !index.graph.linked().contains(slot) {
                return None;
            }
            for level in index.levels(slot, above) {
                let row = index.read_row(input, slot, level, Some(const { &SlotSet::new() }))?;
                index.graph.row_mut(&mut index.records, slot, level).copy_from_slice(row);
            }
        }
        Some(())
    }
}
