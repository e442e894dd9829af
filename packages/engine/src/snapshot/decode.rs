//! Reading a snapshot. Its bytes may come from anywhere and are treated as hostile.
//!
//! Checked in this order: the prefix; the checksum of header and table; every count in them; that
//! the lengths add up to what is there. Only then is memory allocated, of a size that bytes at hand
//! back. Sections are copied where they belong, their checksums compared. Last the structure is
//! checked, since a checksum only says that bytes are those that someone wrote.

use xxhash_rust::xxh64::Xxh64;

use super::Source;
use super::header::{Header, Kind, PREFIX_BYTES, Prefix, Section, Stored, VERSION, check_header};
use crate::error::{Error, Result, grow, reserve};
use crate::graph::repair::Compaction;
use crate::graph::upper::UpperLinks;
use crate::index::Index;
use crate::records::{LINK_DOMINATED, LINK_SLOT, ROW_PRUNED, SEGMENT_SLOTS};
use crate::slots::{Slot, SlotSet, Slots, words_for};

/// No vector that was accepted has a larger scale, or a larger squared norm: with those, distances
/// stay finite.
const SCALE_MAX: f32 = 1.6e13;
const NORM_MAX: f32 = 4.2e33;

impl Index {
    /// Opens a snapshot. What follows on it gives the same bytes as on the index that was saved.
    pub fn open(bytes: &[u8]) -> Result<Self> {
        Self::read_snapshot(bytes)
    }

    /// Opens a snapshot from a source.
    pub(crate) fn read_snapshot(source: &(impl Source + ?Sized)) -> Result<Self> {
        let (header, table) = read_header(source)?;
        let mut index = Self::with_options(header.options)?;
        // Before the sections are counted out one by one: is there anything near that many bytes?
        let least = index.records.part_bytes(1).checked_mul(header.slots as usize);
        if least.is_none_or(|least| least > source.len()) {
            return Err(Error::Corrupt { reason: "more slots than bytes" });
        }
        let sections = index.sections(&header)?;
        check_table(source, &header, &sections, &table)?;
        index.reserve(header.slots as usize)?;

        let mut bitmaps = [const { SlotSet::new() }; 4];
        let mut offset = header.bytes();
        for (at, (section, stored)) in sections.iter().zip(&table).enumerate() {
            let checksum = match section.kind {
                Kind::Records => index.read_records(&header, source, *section, offset)?,
                Kind::Upper => index.read_upper(&header, source, *section, offset)?,
                _ => {
                    let (words, checksum) = read_bitmap(&header, source, offset)?;
                    if let Some(bitmap) = bitmaps.get_mut(at) {
                        *bitmap = SlotSet::from_words(words);
                    }
                    checksum
                }
            };
            if checksum != stored.checksum {
                return Err(Error::Corrupt { reason: "damaged section" });
            }
            offset = offset.saturating_add(section.bytes);
        }
        index.adopt(&header, bitmaps)?;
        index.check_structure(&header)?;
        Ok(index)
    }

    fn read_records(
        &mut self,
        header: &Header,
        source: &(impl Source + ?Sized),
        section: Section,
        mut offset: usize,
    ) -> Result<u64> {
        let segment = section.number as usize;
        let mut hash = Xxh64::new(0);
        for part in self.records.segment_parts_mut(segment, header.used(segment)) {
            source.read(offset, part)?;
            hash.update(part);
            offset = offset.saturating_add(part.len());
        }
        Ok(hash.digest())
    }

    fn read_upper(
        &mut self,
        header: &Header,
        source: &(impl Source + ?Sized),
        section: Section,
        offset: usize,
    ) -> Result<u64> {
        let segment = section.number as usize;
        let words = self.graph.upper_mut().segment_words_mut(segment, header.used(segment));
        read_words(source, offset, words)
    }

    /// Takes over the bitmaps, which must agree with the counts and with one another.
    fn adopt(&mut self, header: &Header, bitmaps: [SlotSet; 4]) -> Result<()> {
        let count = header.slots as usize;
        let [live, linked, condemned, affected] = bitmaps;
        let is_tombstone = |slot| linked.contains(slot) && !live.contains(slot);
        let agree = live.len() == header.live as usize
            && linked.len() == header.linked as usize
            && condemned.iter().all(is_tombstone)
            && affected.iter().all(|slot| linked.contains(slot) && !condemned.contains(slot));
        if !agree {
            return Err(Error::Corrupt { reason: "bitmaps that disagree" });
        }
        self.slots = Slots::restore(count, live, &linked)?;
        self.graph.restore(linked, header.entry, header.sieve);
        self.compaction = header.scan.map(|(cursor, end)| Compaction {
            condemned,
            affected,
            cursor: cursor as usize,
            end: end as usize,
        });
        // Bitmaps were read for the slots in use; room for the rest of the last segment follows.
        self.reserve(0)
    }

    /// Checks what a search relies on, so that no bytes can lead it astray.
    fn check_structure(&self, header: &Header) -> Result<()> {
        let linked = self.graph.linked();
        let upper = self.graph.upper();
        let count = header.slots;
        let compaction = self.compaction.as_ref();
        let is_node = |slot| {
            linked.contains(slot)
                && !compaction.is_some_and(|c| c.has_cut_off(slot, self.graph.entry()))
        };
        let mut highest = None;
        for slot in (0..count).map(Slot) {
            let norms = [self.records.bias(slot), self.records.head_norm(slot)];
            let sound = (0.0..=SCALE_MAX).contains(&self.records.scale(slot))
                && norms.iter().all(|norm| (0.0..=NORM_MAX).contains(norm));
            if !sound {
                return Err(Error::Corrupt { reason: "a scale that cannot be" });
            }
            if !is_node(slot) {
                continue;
            }
            let level = upper.level(slot);
            highest = highest.max(Some(level));
            check_row(self.records.links(slot), slot, is_node)?;
            for level in 1..=level {
                let reaches = |other| is_node(other) && upper.level(other) >= level;
                check_row(upper.links(slot, level), slot, reaches)?;
            }
        }
        let entry = header.entry;
        let found = entry.map(|entry| is_node(entry.slot).then_some(entry.level));
        let is_highest = entry.is_none_or(|entry| upper.level(entry.slot) == entry.level);
        if found != highest.map(Some) || !is_highest {
            return Err(Error::Corrupt { reason: "an entry that cannot be" });
        }
        Ok(())
    }
}

/// A row must be filled from the front with nodes that can be reached, the rest with its own slot.
fn check_row(row: &[u32], own: Slot, reaches: impl Fn(Slot) -> bool) -> Result<()> {
    let mut ended = false;
    for (at, word) in row.iter().enumerate() {
        let slot = Slot(word & LINK_SLOT);
        let marks = if at == 0 { ROW_PRUNED } else { 0 } | LINK_DOMINATED;
        let sound = if slot == own { *word == own.0 } else { !ended && reaches(slot) };
        if !sound || word & !(LINK_SLOT | marks) != 0 {
            return Err(Error::Corrupt { reason: "a link to nowhere" });
        }
        ended = slot == own;
    }
    Ok(())
}

/// Reads and checks header and table.
fn read_header(source: &(impl Source + ?Sized)) -> Result<(Header, Vec<Stored>)> {
    let mut prefix = [0; PREFIX_BYTES];
    source.read(0, &mut prefix)?;
    let prefix = Prefix::parse(&prefix)?;
    if prefix.header_bytes < PREFIX_BYTES
        || prefix.header_bytes > source.len()
        || prefix.total_bytes != source.len() as u64
    {
        return Err(Error::Corrupt { reason: "cut short, or something appended" });
    }
    let mut bytes = Vec::new();
    reserve(&mut bytes, prefix.header_bytes)?;
    bytes.resize(prefix.header_bytes, 0);
    source.read(0, &mut bytes)?;
    check_header(&bytes)?;
    // Only now is a version more than a damaged byte.
    match prefix.version {
        VERSION => Header::parse(&bytes),
        0 => Err(Error::Corrupt { reason: "no version" }),
        version => Err(Error::NewerSnapshot { version }),
    }
}

/// The table must hold exactly the sections that follow from the header, and their lengths must
/// add up to the bytes at hand. This comes before anything of that size is allocated.
fn check_table(
    source: &(impl Source + ?Sized),
    header: &Header,
    sections: &[Section],
    table: &[Stored],
) -> Result<()> {
    let described = sections.len() == table.len()
        && sections.iter().zip(table).all(|(section, stored)| stored.describes(*section));
    let total =
        sections.iter().try_fold(header.bytes(), |total, section| total.checked_add(section.bytes));
    if !described || total != Some(source.len()) {
        return Err(Error::Corrupt { reason: "sections of another length" });
    }
    Ok(())
}

fn read_bitmap(
    header: &Header,
    source: &(impl Source + ?Sized),
    offset: usize,
) -> Result<(Vec<u32>, u64)> {
    let count = header.slots as usize;
    // Room for whole segments at once: the bitmap goes on to be used, and grown.
    let mut words = Vec::new();
    reserve(&mut words, words_for(count.next_multiple_of(SEGMENT_SLOTS)))?;
    grow(&mut words, words_for(count), 0)?;
    let checksum = read_words(source, offset, &mut words)?;
    let past_end = count % 32;
    if past_end > 0 && words.last().is_some_and(|word| word >> past_end != 0) {
        return Err(Error::Corrupt { reason: "slots beyond the last" });
    }
    Ok((words, checksum))
}

/// Fills words from a source, and gives the checksum of their bytes.
fn read_words(source: &(impl Source + ?Sized), offset: usize, words: &mut [u32]) -> Result<u64> {
    // SAFETY: the same memory, four bytes a word; any bytes are words.
    let bytes = unsafe {
        std::slice::from_raw_parts_mut(words.as_mut_ptr().cast::<u8>(), size_of_val(words))
    };
    source.read(offset, bytes)?;
    let mut hash = Xxh64::new(0);
    hash.update(bytes);
    Ok(hash.digest())
}

impl Source for [u8] {
    fn len(&self) -> usize {
        self.len()
    }

    fn read(&self, offset: usize, bytes: &mut [u8]) -> Result<()> {
        let short = Error::Corrupt { reason: "cut short" };
        let end = offset.checked_add(bytes.len()).ok_or(short)?;
        bytes.copy_from_slice(self.get(offset..end).ok_or(short)?);
        Ok(())
    }
}

/// Levels are a function of seed and slot, so that the length of a section of upper links is known
/// before it is allocated.
impl UpperLinks {
    /// Words of the first `used` slots of a segment.
    pub fn segment_word_count(&self, segment: usize, used: usize) -> usize {
        let first = segment.saturating_mul(SEGMENT_SLOTS);
        let slots = (0..used).map(|row| Slot(first.saturating_add(row) as u32));
        slots.map(|slot| self.level(slot)).sum::<usize>().saturating_mul(self.m())
    }
}
