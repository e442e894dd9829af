//! What the owner tells its mirror: what changed in the graph, and for whom to look for links.
//!
//! ```text
//! 1      slots of the index
//! 2      slot of the entry, all ones without one; its level
//! 1      f32 strictness of the sieve
//! 4      how many slots are asked for, and come with codes, links of level 0, links above
//! ⌈s/32⌉ bitmap of the live slots
//! ⌈s/32⌉ bitmap of the nodes
//! a ×    a slot that links are asked for
//! c ×    slot, and head and tail of its record
//! r ×    slot, and its links of level 0
//! u ×    slot, and its links of levels 1 and above
//! ```
//!
//! The mirror takes them for hostile. Everything that a search will rely on is checked, as in a
//! snapshot, before a message counts as taken; a mirror that refused one is not used again.

use super::words::{Input, Output};
use super::{FOREIGN, Mirror};
use crate::error::Result;
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
    rows: usize,
    upper: usize,
    /// Words of all of `upper`.
    upper_words: usize,
}

impl Index {
    /// Shows slots whose codes the mirror lacks: of the nodes, and of those that are asked for.
    fn visit_codes(&self, asked: &[Slot], most: usize, visit: &mut dyn FnMut(Slot)) -> usize {
        let unknown = self.records.codes_written.followed();
        let mut count = unknown.visit(self.graph.linked(), true, most, visit);
        for &slot in asked.iter().filter(|&&slot| unknown.contains(slot)) {
            visit(slot);
            count += 1;
        }
        count
    }

    /// Shows nodes whose links on level 0, or above it, the mirror lacks.
    fn visit_rows(&self, above: bool, most: usize, visit: &mut dyn FnMut(Slot)) -> usize {
        let upper = &self.graph.upper().written;
        let written = if above { upper } else { &self.records.links_written };
        written.followed().visit(self.graph.linked(), true, most, visit)
    }

    /// What a message holds that asks for some slots, with `most` of each kind of change.
    pub(super) fn count_changes(&self, asked: &[Slot], most: usize) -> Counts {
        let upper = self.graph.upper();
        let mut upper_words = 0;
        Counts {
            asked: asked.len(),
            codes: self.visit_codes(asked, most, &mut |_| ()),
            rows: self.visit_rows(false, most, &mut |_| ()),
            upper: self.visit_rows(true, most, &mut |slot| {
                upper_words += 1 + upper.level(slot) * upper.m();
            }),
            upper_words,
        }
    }

    /// How many words such a message has.
    pub(super) fn changes_words(&self, counts: Counts) -> usize {
        let record = self.records.code_bytes() / size_of::<u32>();
        HEADER
            + 2 * words_for(self.slots.count())
            + counts.asked
            + counts.codes * (1 + record)
            + counts.rows * (1 + self.records.link_count())
            + counts.upper_words
    }

    /// Writes such a message, and forgets what it told.
    pub(super) fn write_changes(
        &mut self,
        asked: &[Slot],
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
        asked.iter().for_each(|slot| output.put(&[slot.0]));
        self.visit_codes(asked, codes, &mut |slot| {
            output.put(&[slot.0]);
            self.records.record_words(slot).into_iter().for_each(|words| output.put(words));
        });
        self.visit_rows(false, rows, &mut |slot| {
            output.put(&[slot.0]);
            output.put(self.records.links(slot));
        });
        let links = self.graph.upper();
        self.visit_rows(true, upper, &mut |slot| {
            output.put(&[slot.0]);
            (1..=links.level(slot)).for_each(|level| output.put(links.links(slot, level)));
        });
        output.flush();
        self.forget_changes(asked, counts);
        Ok(())
    }

    /// Forgets what was told. What was written of others than nodes is told when they are.
    fn forget_changes(&mut self, asked: &[Slot], counts: Counts) {
        for &slot in asked {
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
        // A node that went away would have left links to it in rows that nobody checks again.
        if self.index.graph.linked().visit(&linked, false, 1, &mut |_| ()) > 0 {
            return None;
        }
        self.reserve(count).ok()?;
        (self.count, self.live) = (count, live);
        // Until its rows are told, a node has no links.
        self.index.graph.clear_rows_of(&mut self.index.records, &linked);
        self.asked = input.take_all(asked as usize)?;
        let mut least = 0;
        for &slot in &self.asked {
            if slot < least || slot as usize >= count || linked.contains(Slot(slot)) {
                return None;
            }
            least = slot + 1;
        }
        self.read_codes(input, codes)?;
        self.read_rows(input, rows, &linked, false)?;
        self.read_rows(input, upper, &linked, true)?;
        let (slot, level) = (Slot(entry), level as usize);
        let is_node = linked.contains(slot) && self.index.graph.upper().level(slot) == level;
        let entry = is_node.then_some(Entry { slot, level });
        let sieve = Sieve::from_bits(sieve)?;
        if !input.has_ended() || entry.is_none() != linked.is_empty() {
            return None;
        }
        self.index.graph.restore(linked, entry, sieve, self.has_copies);
        // Bitmaps of the slots in use; there is room for whole segments elsewhere.
        self.reserve(count).ok()
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
    #[inline(never)]
    fn read_rows(
        &mut self,
        input: &mut Input<'_>,
        count: u32,
        linked: &SlotSet,
        above: bool,
    ) -> Option<()> {
        let Index { records, graph, .. } = &mut self.index;
        for _ in 0..count {
            let slot = Slot(input.word()?);
            // Nodes are slots that have a place.
            if !linked.contains(slot) {
                return None;
            }
            let levels = if above { 1..=graph.upper().level(slot) } else { 0..=0 };
            for level in levels {
                let words = if above { graph.upper().m() } else { records.link_count() };
                let row = input.take(words)?;
                let reaches = |word: &u32| {
                    let other = Slot(word & LINK_SLOT);
                    linked.contains(other) && (level == 0 || graph.upper().level(other) >= level)
                };
                if !is_row(row, slot) || !row.iter().all(reaches) {
                    return None;
                }
                graph.row_mut(records, slot, level).copy_from_slice(row);
            }
        }
        Some(())
    }
}
