//! Reading a snapshot. Its bytes may come from anywhere and are treated as hostile.
//!
//! Checked in this order: the checksum of the manifest; every count in it; that its chunks are
//! those which an index of these counts has. Then chunk by chunk, and nothing is allocated that
//! bytes at hand do not back: its length, its checksum, and last its structure, since a checksum
//! only says that bytes are those that someone wrote.

use std::mem::MaybeUninit;

use super::checksum::Checksum;
use super::chunk::{Chunk, Division, Kind, bitmap_bytes};
use super::header::{Header, Manifest};
use super::structure::Nodes;
use super::{BLOCK, Source};
use crate::error::{Error, Result, reserve};
use crate::graph::repair::Compaction;
use crate::graph::upper::UpperLinks;
use crate::index::Index;
use crate::records::SEGMENT_SLOTS;
use crate::slots::{Slot, SlotSet, Slots, words_for};

impl Index {
    /// Opens a snapshot in one piece. What follows on it gives the same bytes as on the index that
    /// was saved, unless that was in the middle of linking many vectors.
    pub fn open(bytes: &[u8]) -> Result<Self> {
        Self::read_snapshot(&bytes)
    }

    /// Opens a snapshot from a source.
    fn read_snapshot(source: &dyn Source) -> Result<Self> {
        let manifest = Manifest::from_source(source)?;
        if manifest.total_bytes != source.len() as u64 {
            return Err(Error::Corrupt { reason: "cut short, or something appended" });
        }
        let mut offset = manifest.bytes();
        let mut opening = Opening::read_manifest(source)?;
        while let Some(chunk) = opening.expected() {
            opening.read(source, offset)?;
            offset = offset.saturating_add(chunk.bytes);
        }
        opening.finish()
    }
}

const OTHER_LENGTH: Error = Error::Corrupt { reason: "chunks of another length" };

/// A snapshot being opened, chunk by chunk.
#[derive(Debug)]
pub struct Opening {
    index: Index,
    header: Header,
    chunks: Vec<Chunk>,
    /// How many chunks have been read.
    done: usize,
    state: Option<State>,
    highest: Option<usize>,
    has_copies: bool,
}

/// The bitmaps, and the nodes that follow from them.
#[derive(Debug)]
struct State {
    live: SlotSet,
    linked: SlotSet,
    compaction: Option<Compaction>,
    nodes: Nodes,
}

impl Opening {
    /// Begins with a manifest.
    pub fn begin(manifest: &[u8]) -> Result<Self> {
        Self::read_manifest(&manifest)
    }

    /// The same from a source.
    pub(crate) fn read_manifest(source: &dyn Source) -> Result<Self> {
        let manifest = Manifest::from_source(source)?;
        let (segments, total) = (manifest.header.segments(), manifest.total_bytes);
        let opening = Self::new(manifest)?;
        if total == source.len() as u64 {
            // Its size was checked against the bytes at hand.
            opening.index.records.grow_ahead(segments);
        }
        Ok(opening)
    }

    /// Checks that the chunks are those which an index of these counts has, and that their lengths
    /// add up to the length of the whole.
    fn new(manifest: Manifest) -> Result<Self> {
        let index = Index::with_options(manifest.header.options)?;
        // Before the chunks are counted out one by one: is there anything near that many bytes?
        let division = Division::of(&index.records);
        let least = (division.slot_bytes() as u64).checked_mul(manifest.header.slots.into());
        if least.is_none_or(|least| least > manifest.total_bytes) {
            return Err(Error::Corrupt { reason: "more slots than bytes" });
        }
        if division.chunk_count(&manifest.header) != manifest.chunks.len() {
            return Err(OTHER_LENGTH);
        }
        // Links above level 0 are counted when their chunk comes: a manifest promises much.
        let mut chunks = division.chunks(&manifest.header, &|_, _| 0)?;
        let mut total = manifest.bytes() as u64;
        for (chunk, stored) in chunks.iter_mut().zip(&manifest.chunks) {
            chunk.checksum = stored.checksum;
            if chunk.kind == Kind::Links {
                chunk.bytes = chunk.bytes.max(stored.bytes);
            }
            total = total.saturating_add(chunk.bytes as u64);
            if chunk != stored {
                return Err(OTHER_LENGTH);
            }
        }
        if total != manifest.total_bytes {
            return Err(OTHER_LENGTH);
        }
        let header = manifest.header;
        let (done, state, highest, has_copies) = (0, None, None, false);
        Ok(Self { index, header, chunks, done, state, highest, has_copies })
    }

    /// The chunks of the snapshot, in the order in which they are read.
    pub fn chunks(&self) -> &[Chunk] {
        &self.chunks
    }

    /// The chunk that comes next; nothing when all have been read.
    pub fn expected(&self) -> Option<Chunk> {
        self.chunks.get(self.done).copied()
    }

    /// Reads the chunk that is expected. When its bytes are refused, others may be offered.
    pub fn put(&mut self, bytes: &[u8]) -> Result<()> {
        self.put_from(&bytes)
    }

    /// The same from a source that holds the chunk and nothing else.
    pub(crate) fn put_from(&mut self, source: &dyn Source) -> Result<()> {
        if self.expected().is_some_and(|chunk| chunk.bytes != source.len()) {
            return Err(Error::Corrupt { reason: "a chunk of another length" });
        }
        self.read(source, 0)
    }

    fn read(&mut self, source: &dyn Source, offset: usize) -> Result<()> {
        let chunk = self.expected().ok_or(Error::Corrupt { reason: "one chunk too many" })?;
        let input = Input { source, offset, hash: Checksum::new(), checksum: chunk.checksum };
        match chunk.kind {
            Kind::State => self.read_state(input)?,
            Kind::Codes => self.read_codes(&chunk, input)?,
            Kind::Links => self.read_links(&chunk, input)?,
        }
        self.done += 1;
        Ok(())
    }

    /// Reads the bitmaps, which must agree with the counts and with one another.
    fn read_state(&mut self, mut input: Input<'_>) -> Result<()> {
        let mut bitmaps = [const { SlotSet::new() }; 4];
        for bitmap in bitmaps.iter_mut().take(self.header.bitmaps()) {
            *bitmap = read_bitmap(&self.header, &mut input)?;
        }
        input.verify()?;
        let [live, linked, condemned, affected] = bitmaps;
        let is_tombstone = |slot| linked.contains(slot) && !live.contains(slot);
        let agree = live.len() == self.header.live as usize
            && linked.len() == self.header.linked as usize
            && condemned.iter().all(is_tombstone)
            && affected.iter().all(|slot| linked.contains(slot) && !condemned.contains(slot));
        if !agree {
            return Err(Error::Corrupt { reason: "bitmaps that disagree" });
        }
        let compaction = self.header.scan.map(|(cursor, end)| Compaction {
            condemned,
            affected,
            cursor: cursor as usize,
            end: end as usize,
        });
        let nodes = Nodes::new(self.header.slots, &linked, compaction.as_ref(), self.header.entry)?;
        self.state = Some(State { live, linked, compaction, nodes });
        Ok(())
    }

    fn read_codes(&mut self, chunk: &Chunk, mut input: Input<'_>) -> Result<()> {
        let records = &mut self.index.records;
        let segments = Division::of(records).segments(&self.header, chunk.kind, chunk.number);
        let present = records.segment_count();
        let mut read = Ok(());
        for segment in segments.clone() {
            // Grows to twice of what chunks have brought so far, not to what a manifest promises.
            if segment.is_power_of_two() {
                records.grow_ahead(segment.min(self.header.segments() - segment));
            }
            read = records.push_segment(self.header.used(segment), |part| input.read(part));
            if read.is_err() {
                break;
            }
        }
        let checked = read.and_then(|()| input.verify()).and_then(|()| {
            segments.clone().try_for_each(|segment| {
                let used = self.header.used(segment);
                self.has_copies |= super::structure::has_copies(records, segment, used);
                super::structure::check_floats(records, segment, used)
            })
        });
        if checked.is_err() {
            records.release(present);
        }
        checked
    }

    fn read_links(&mut self, chunk: &Chunk, mut input: Input<'_>) -> Result<()> {
        let Self { index, header, state, highest, .. } = self;
        let state = state.as_ref().ok_or(Error::Corrupt { reason: "links before state" })?;
        let compaction = state.compaction.as_ref();
        let (records, upper) = (&mut index.records, index.graph.upper_mut());
        let division = Division::of(records);
        let segments = division.segments(header, chunk.kind, chunk.number);
        let words = |segment, used| upper.count_words(segment, used);
        if division.links_bytes(header, segments.clone(), &words) != chunk.bytes {
            return Err(OTHER_LENGTH);
        }
        upper.reserve(segments.end * SEGMENT_SLOTS)?;
        for segment in segments.clone() {
            let used = header.used(segment);
            input.read(as_uninit(records.segment_links_mut(segment, used)))?;
            input.read(as_uninit(word_bytes_mut(upper.segment_words_mut(segment, used))))?;
        }
        input.verify()?;
        for segment in segments {
            let found = state.nodes.check_links(
                records,
                upper,
                compaction,
                segment,
                header.used(segment),
            )?;
            *highest = found.max(*highest);
        }
        Ok(())
    }

    /// Gives the index, when all chunks have been read.
    pub fn finish(self) -> Result<Index> {
        let Self { mut index, header, chunks, done, state, highest, has_copies } = self;
        let missing = Error::Corrupt { reason: "a chunk is missing" };
        let State { live, linked, compaction, nodes } = state.ok_or(missing)?;
        if done != chunks.len() {
            return Err(missing);
        }
        let upper = index.graph.upper();
        let found = header.entry.map(|e| nodes.contains(e.slot).then_some(e.level));
        let is_highest = header.entry.is_none_or(|e| upper.level(e.slot) == e.level);
        if found != highest.map(Some) || !is_highest {
            return Err(Error::Corrupt { reason: "an entry that cannot be" });
        }
        index.slots = Slots::restore(header.slots as usize, live, &linked)?;
        index.graph.restore(linked, header.entry, header.sieve, has_copies);
        index.graph.is_compacting = compaction.is_some();
        index.compaction = compaction;
        // Bitmaps were read for the slots in use; room for the rest of the last segment follows.
        index.reserve(0)?;
        index.remember(&chunks)?;
        Ok(index)
    }
}

/// Where a chunk is read from, hashed on its way.
struct Input<'a> {
    source: &'a dyn Source,
    offset: usize,
    hash: Checksum,
    checksum: u64,
}

impl Input<'_> {
    /// Fills memory with the next bytes.
    fn read<'b>(&mut self, target: &'b mut [MaybeUninit<u8>]) -> Result<&'b mut [u8]> {
        for block in target.chunks_mut(BLOCK) {
            let length = block.len();
            let bytes = self.source.read(self.offset, block)?;
            if bytes.len() != length {
                return Err(Error::Corrupt { reason: "cut short" });
            }
            self.hash.update(bytes);
            self.offset = self.offset.saturating_add(length);
        }
        let (start, length) = (target.as_mut_ptr().cast::<u8>(), target.len());
        // SAFETY: the same memory; the source has filled each block of it, as it shows by giving
        // back a slice of that length, which it can only have made of the block.
        Ok(unsafe { std::slice::from_raw_parts_mut(start, length) })
    }

    /// Compares the checksum of what was read.
    fn verify(&self) -> Result<()> {
        if self.hash.value() != self.checksum {
            return Err(Error::Corrupt { reason: "a damaged chunk, or one of another snapshot" });
        }
        Ok(())
    }
}

fn read_bitmap(header: &Header, input: &mut Input<'_>) -> Result<SlotSet> {
    let count = header.slots as usize;
    // Room for whole segments at once: the bitmap goes on to be used, and grown.
    let mut words = Vec::new();
    reserve(&mut words, words_for(count.next_multiple_of(SEGMENT_SLOTS)))?;
    if bitmap_bytes(header) > input.source.len() {
        return Err(Error::Corrupt { reason: "cut short" });
    }
    words.resize(words_for(count), 0);
    input.read(as_uninit(word_bytes_mut(&mut words)))?;
    let past_end = count % 32;
    if past_end > 0 && words.last().is_some_and(|word| word >> past_end != 0) {
        return Err(Error::Corrupt { reason: "slots beyond the last" });
    }
    Ok(SlotSet::from_words(words))
}

/// Reads a small part of a source that is known to be there.
pub(super) fn read_bytes(source: &dyn Source, offset: usize, length: usize) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    reserve(&mut bytes, length)?;
    bytes.resize(length, 0);
    source.read(offset, as_uninit(&mut bytes))?;
    Ok(bytes)
}

/// Words as bytes to be written.
pub(crate) fn word_bytes_mut(words: &mut [u32]) -> &mut [u8] {
    // SAFETY: the same memory, four bytes a word; any bytes are words.
    unsafe { std::slice::from_raw_parts_mut(words.as_mut_ptr().cast::<u8>(), size_of_val(words)) }
}

/// Initialised memory as a target for a source.
pub(crate) fn as_uninit(bytes: &mut [u8]) -> &mut [MaybeUninit<u8>] {
    // SAFETY: the same memory and length. The slice is only handed to sources, which write bytes.
    unsafe { std::slice::from_raw_parts_mut(bytes.as_mut_ptr().cast(), bytes.len()) }
}

impl Source for &[u8] {
    fn len(&self) -> usize {
        <[u8]>::len(self)
    }

    fn read<'a>(&self, offset: usize, target: &'a mut [MaybeUninit<u8>]) -> Result<&'a mut [u8]> {
        let short = Error::Corrupt { reason: "cut short" };
        let end = offset.checked_add(target.len()).ok_or(short)?;
        let bytes = self.get(offset..end).ok_or(short)?;
        let (start, length) = (target.as_mut_ptr().cast::<u8>(), target.len());
        // SAFETY: both are that long, and `target` is borrowed exclusively. Afterwards all of it
        // is initialised.
        unsafe {
            start.copy_from_nonoverlapping(bytes.as_ptr(), length);
            Ok(std::slice::from_raw_parts_mut(start, length))
        }
    }
}

/// Levels are a function of seed and slot, so that the length of a chunk of links is known before
/// it is allocated.
impl UpperLinks {
    /// Words of the first `used` slots of a segment.
    fn count_words(&self, segment: usize, used: usize) -> usize {
        let first = segment.saturating_mul(SEGMENT_SLOTS);
        let slots = (0..used).map(|row| Slot(first.saturating_add(row) as u32));
        slots.map(|slot| self.level(slot)).sum::<usize>().saturating_mul(self.m())
    }
}
