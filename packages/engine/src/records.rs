//! Where vectors and their links live: segments of 1,024 slots, allocated once and never moved.
//!
//! A segment is one allocation with three regions, so that each access touches as few cache lines
//! as it can:
//!
//! ```text
//! heads   1024 × 128 bytes, aligned to 128: two neighbouring lines a candidate
//!           0..112    the first 112 codes (int8, those of even dimensions 128 larger)
//!           112..116  f32 scale      what an integer product is multiplied by
//!           116..120  f32 bias       what is added to the distance
//!           120..124  f32 head norm² of the first 112 dimensions, for an early estimate
//!           124..128  u32 copies     which vectors are the same, see `graph/copies.rs`
//! links   1024 × m0 × u32, rows rounded up to 64 bytes: the links of level 0
//! tails   1024 × the other dimensions, rounded up to 16 bytes
//! ```
//!
//! A row of links is full from the front; what is unused holds the row's own slot. A search then
//! reads every word without a branch, since its own slot has been visited. Of a word the low 30
//! bits are a slot; bit 31 marks a link as dominated, and bit 30 of the first word of a row says
//! whether such marks were made.

mod segments;

use std::alloc::{Layout, alloc_zeroed, dealloc};
use std::ptr::NonNull;

use crate::distance::to_code;
use crate::error::{Error, Result, reserve};
use crate::quant::sq8::Codes;
use crate::slots::Slot;
use crate::snapshot::Written;

/// Slots of one segment.
pub const SEGMENT_SLOTS: usize = 1024;

/// Dimensions stored in the head of a record.
pub const HEAD_DIMENSIONS: usize = 112;

/// Codes are padded with zeros to a multiple of this, the width of a SIMD register.
pub const CODE_BLOCK: usize = 16;

/// Bits of a link word that are the slot.
pub const LINK_SLOT: u32 = Slot::LIMIT - 1;

/// The bit of a link word that marks a link as dominated by another of its row.
pub const LINK_DOMINATED: u32 = 1 << 31;

/// The bit of the first word of a full row that says that these marks are true.
pub const ROW_PRUNED: u32 = 1 << 30;

const HEAD_BYTES: usize = 128;
const SCALE_AT: usize = HEAD_DIMENSIONS;
const BIAS_AT: usize = SCALE_AT + 4;
const HEAD_NORM_AT: usize = BIAS_AT + 4;
const COPIES_AT: usize = HEAD_NORM_AT + 4;
const CACHE_LINE: usize = 64;

/// The segments of one index.
#[derive(Debug)]
pub struct Records {
    shape: Shape,
    segments: Vec<NonNull<u8>>,
    /// Where codes and links changed since a snapshot last asked.
    pub codes_written: Written,
    pub links_written: Written,
}

/// How a segment is divided.
#[derive(Debug, Clone, Copy)]
struct Shape {
    dimensions: usize,
    /// Codes read from a head: fewer than 112 where the vectors are shorter.
    head_codes: usize,
    tail_bytes: usize,
    link_count: usize,
    link_bytes: usize,
    links_at: usize,
    tails_at: usize,
    segment: Layout,
}

impl Records {
    /// Describes records of `dimensions` codes and `links` links; allocates nothing yet.
    #[inline(never)]
    pub fn new(dimensions: usize, links: usize) -> Result<Self> {
        let padded = dimensions.next_multiple_of(CODE_BLOCK);
        let tail_bytes = padded.saturating_sub(HEAD_DIMENSIONS);
        let link_bytes = (links * size_of::<u32>()).next_multiple_of(CACHE_LINE);
        let links_at = SEGMENT_SLOTS * HEAD_BYTES;
        let tails_at = links_at + SEGMENT_SLOTS * link_bytes;
        let bytes = tails_at + SEGMENT_SLOTS * tail_bytes;
        let segment = Layout::from_size_align(bytes, HEAD_BYTES).map_err(|_| Error::OutOfMemory)?;
        let head_codes = padded.min(HEAD_DIMENSIONS);
        let link_count = links;
        let shape = Shape {
            dimensions,
            head_codes,
            tail_bytes,
            link_count,
            link_bytes,
            links_at,
            tails_at,
            segment,
        };
        let (codes_written, links_written) = (Written::default(), Written::default());
        Ok(Self { shape, segments: Vec::new(), codes_written, links_written })
    }

    /// Allocates what is missing for slots below `slots`: all of it, or nothing.
    #[inline(never)]
    pub fn reserve(&mut self, slots: usize) -> Result<()> {
        let (present, wanted) = (self.segments.len(), slots.div_ceil(SEGMENT_SLOTS));
        // What cannot fit the address space is not begun: WASM memory never shrinks again.
        wanted.checked_mul(self.shape.segment.size()).ok_or(Error::OutOfMemory)?;
        self.make_room(wanted)?;
        while self.segments.len() < wanted {
            // SAFETY: the layout is not empty: heads alone are 128 KiB.
            let memory = unsafe { alloc_zeroed(self.shape.segment) };
            let Some(memory) = NonNull::new(memory) else {
                self.release(present);
                return Err(Error::OutOfMemory);
            };
            self.segments.push(memory);
        }
        Ok(())
    }

    /// Makes room in the lists for `wanted` segments.
    fn make_room(&mut self, wanted: usize) -> Result<()> {
        let missing = wanted.saturating_sub(self.segments.len());
        reserve(&mut self.segments, missing)?;
        self.codes_written.reserve(wanted)?;
        self.links_written.reserve(wanted)
    }

    /// Frees all but the first `kept` segments.
    pub fn release(&mut self, kept: usize) {
        for segment in self.segments.drain(kept..) {
            // SAFETY: allocated in `reserve` with this layout, and no longer in the list.
            unsafe { dealloc(segment.as_ptr(), self.shape.segment) };
        }
    }

    /// Bytes allocated.
    pub fn bytes(&self) -> usize {
        self.segments.len() * self.shape.segment.size()
    }

    /// Dimensions of the vectors.
    pub fn dimensions(&self) -> usize {
        self.shape.dimensions
    }

    /// Codes of a whole record, padding included.
    pub fn code_count(&self) -> usize {
        self.shape.head_codes + self.shape.tail_bytes
    }

    /// Codes in the head of a record.
    pub fn head_code_count(&self) -> usize {
        self.shape.head_codes
    }

    /// Start of the region at `region` in the segment of `slot`, and the row of `slot` in it.
    ///
    /// The segment is looked up with a check, the row is below 1,024 by its mask: whatever the
    /// slot, a row stays inside its allocation.
    #[inline(always)]
    fn row(&self, slot: Slot, region: usize, row_bytes: usize) -> *mut u8 {
        let segment = self.segments[slot.index() / SEGMENT_SLOTS];
        let row = slot.index() % SEGMENT_SLOTS;
        // SAFETY: `region + 1024 * row_bytes` is at most the size of a segment for the three
        // regions of `Shape`, and `row` is below 1024.
        unsafe { segment.as_ptr().add(region + row * row_bytes) }
    }

    #[inline(always)]
    fn head(&self, slot: Slot) -> *mut u8 {
        self.row(slot, 0, HEAD_BYTES)
    }

    /// The codes in the head.
    #[inline(always)]
    pub fn head_codes(&self, slot: Slot) -> &[u8] {
        // SAFETY: a head has 128 initialised bytes, of which at most 112 are read here; they are
        // written only through `&mut self`.
        unsafe { std::slice::from_raw_parts(self.head(slot), self.shape.head_codes) }
    }

    /// The codes beyond the head; empty up to 112 dimensions.
    #[inline(always)]
    pub fn tail_codes(&self, slot: Slot) -> &[u8] {
        let tail = self.row(slot, self.shape.tails_at, self.shape.tail_bytes);
        // SAFETY: a tail has `tail_bytes` initialised bytes, written only through `&mut self`.
        unsafe { std::slice::from_raw_parts(tail, self.shape.tail_bytes) }
    }

    /// Scale, bias, squared norm of the head, and a word that is no float.
    #[inline(always)]
    pub fn factors(&self, slot: Slot) -> &[f32; 4] {
        // SAFETY: sixteen bytes at an offset of a head, aligned to 16; any bits are floats, and
        // they are written only through `&mut self`.
        unsafe { &*self.head(slot).add(SCALE_AT).cast::<[f32; 4]>() }
    }

    /// What an integer product with this record is multiplied by.
    #[inline(always)]
    pub fn scale(&self, slot: Slot) -> f32 {
        self.factors(slot)[0]
    }

    /// What is added to a distance from this record.
    #[inline(always)]
    pub fn bias(&self, slot: Slot) -> f32 {
        self.factors(slot)[1]
    }

    /// Squared norm of the part in the head.
    #[inline(always)]
    pub fn head_norm(&self, slot: Slot) -> f32 {
        self.factors(slot)[2]
    }

    /// What is known of copies of this record.
    #[inline(always)]
    pub fn copy_word(&self, slot: Slot) -> u32 {
        self.factors(slot)[3].to_bits()
    }

    /// Sets what is known of copies of this record.
    pub fn set_copy_word(&mut self, slot: Slot, word: u32) {
        self.codes_written.mark(slot);
        // SAFETY: the last four of the 128 bytes of a head, aligned to 4, and `&mut self` excludes
        // other readers.
        unsafe { self.head(slot).add(COPIES_AT).cast::<u32>().write(word) }
    }

    /// Whether two records hold the same vector.
    pub fn is_same(&self, a: Slot, b: Slot) -> bool {
        let factors = |slot| [self.scale(slot), self.bias(slot), self.head_norm(slot)];
        factors(a).map(f32::to_bits) == factors(b).map(f32::to_bits)
            && self.head_codes(a) == self.head_codes(b)
            && self.tail_codes(a) == self.tail_codes(b)
    }

    /// The codes of a vector, padding included.
    pub fn codes(&self, slot: Slot) -> impl Iterator<Item = i8> + '_ {
        let stored = self.head_codes(slot).iter().chain(self.tail_codes(slot));
        stored.enumerate().map(|(dimension, &stored)| to_code(dimension, stored))
    }

    /// Stores a quantised vector.
    pub fn write(&mut self, slot: Slot, codes: &Codes) {
        self.codes_written.mark(slot);
        let (in_head, in_tail) = codes.stored.split_at(self.shape.head_codes);
        let tail = self.row(slot, self.shape.tails_at, self.shape.tail_bytes);
        let head = self.head(slot);
        let in_tail = &in_tail[..self.shape.tail_bytes];
        // SAFETY: both destinations lie in the rows of `slot` (112 and `tail_bytes` long), the
        // floats at aligned offsets of the head, and `&mut self` excludes other readers.
        unsafe {
            head.copy_from_nonoverlapping(in_head.as_ptr(), in_head.len());
            tail.copy_from_nonoverlapping(in_tail.as_ptr(), in_tail.len());
            head.add(SCALE_AT).cast::<f32>().write(codes.scale);
            head.add(BIAS_AT).cast::<f32>().write(codes.bias);
            head.add(HEAD_NORM_AT).cast::<f32>().write(codes.head_norm);
        }
    }

    /// Overwrites a record and its links with zeros: what was removed shall be gone.
    pub fn erase(&mut self, slot: Slot) {
        self.codes_written.mark(slot);
        self.links_written.mark(slot);
        let Shape { link_bytes, links_at, tail_bytes, tails_at, .. } = self.shape;
        // SAFETY: each region gives every slot a row of that many bytes.
        unsafe {
            self.head(slot).write_bytes(0, HEAD_BYTES);
            self.row(slot, links_at, link_bytes).write_bytes(0, link_bytes);
            self.row(slot, tails_at, tail_bytes).write_bytes(0, tail_bytes);
        }
    }

    /// Head and tail of a record as they lie in memory.
    pub fn record_words(&self, slot: Slot) -> [&[u32]; 2] {
        let Shape { tail_bytes, tails_at, .. } = self.shape;
        // SAFETY: each region gives every slot a row of that many initialised bytes, aligned to 4,
        // written only through `&mut self`.
        [(0, HEAD_BYTES), (tails_at, tail_bytes)].map(|(region, bytes)| unsafe {
            std::slice::from_raw_parts(self.row(slot, region, bytes).cast(), bytes / 4)
        })
    }

    /// Stores a record that lay in memory elsewhere: `code_bytes` of it, as words.
    pub fn write_record(&mut self, slot: Slot, words: &[u32]) {
        self.codes_written.mark(slot);
        let Shape { tail_bytes, tails_at, .. } = self.shape;
        let (head, tail) = words.split_at(HEAD_BYTES / 4);
        for (region, bytes, words) in [(0, HEAD_BYTES, head), (tails_at, tail_bytes, tail)] {
            let words = &words[..bytes / 4];
            // SAFETY: as above, and `&mut self` excludes other readers.
            unsafe {
                let row = self.row(slot, region, bytes).cast::<u32>();
                row.copy_from_nonoverlapping(words.as_ptr(), words.len());
            }
        }
    }

    /// Links of level 0 that a row has room for.
    pub fn link_count(&self) -> usize {
        self.shape.link_count
    }

    /// The links of level 0.
    #[inline(always)]
    pub fn links(&self, slot: Slot) -> &[u32] {
        let row = self.row(slot, self.shape.links_at, self.shape.link_bytes);
        // SAFETY: a row holds `link_count` words, aligned to 64, initialised, written only
        // through `&mut self`.
        unsafe { std::slice::from_raw_parts(row.cast(), self.shape.link_count) }
    }

    /// The links of level 0, to be changed.
    pub fn links_mut(&mut self, slot: Slot) -> &mut [u32] {
        self.links_written.mark(slot);
        let row = self.row(slot, self.shape.links_at, self.shape.link_bytes);
        // SAFETY: as in `links`, and `&mut self` makes this the only reference.
        unsafe { std::slice::from_raw_parts_mut(row.cast(), self.shape.link_count) }
    }

    /// Loads a word of both cache lines of the head.
    ///
    /// Independent loads overlap, so touching all candidates before computing turns a chain of
    /// cache misses into one wait. The caller keeps the result alive so that the loads stay.
    #[inline(always)]
    pub fn touch_head(&self, slot: Slot) -> u32 {
        let head = self.head(slot).cast::<u32>();
        // SAFETY: both offsets lie in the 128 bytes of a head, aligned to 4.
        unsafe { head.read() ^ head.add(CACHE_LINE / 4).read() }
    }

    /// Loads a word of the first two lines of the tail; the others follow on their own.
    #[inline(always)]
    pub fn touch_tail(&self, slot: Slot) -> u32 {
        if self.shape.tail_bytes == 0 {
            return 0;
        }
        let tail = self.row(slot, self.shape.tails_at, self.shape.tail_bytes).cast::<u32>();
        let second = (self.shape.tail_bytes - 4).min(CACHE_LINE) / 4;
        // SAFETY: a tail is a multiple of 16 bytes, and `second` is one of its words.
        unsafe { tail.read() ^ tail.add(second).read() }
    }

    /// Whether vectors go on beyond the head.
    pub fn has_tails(&self) -> bool {
        self.shape.tail_bytes > 0
    }

    /// Loads a word of the first two lines of links.
    #[inline(always)]
    pub fn touch_links(&self, slot: Slot) -> u32 {
        let links = self.links(slot);
        links[0] ^ links[links.len() / 2]
    }
}

impl Drop for Records {
    fn drop(&mut self) {
        self.release(0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_of_a_segment_do_not_overlap() {
        for (dimensions, links) in [(1, 4), (16, 4), (112, 32), (113, 24), (768, 32), (4096, 128)] {
            let mut records = Records::new(dimensions, links).unwrap();
            records.reserve(SEGMENT_SLOTS + 1).unwrap();
            let mut codes = Codes::new(records.code_count()).unwrap();
            for slot in [0, 1, 1022, 1023, 1024].map(Slot) {
                codes.stored.fill(slot.0 as u8);
                codes.scale = slot.0 as f32;
                codes.bias = -(slot.0 as f32);
                records.write(slot, &codes);
                records.links_mut(slot).fill(slot.0);
            }
            for slot in [0, 1, 1022, 1023, 1024].map(Slot) {
                let all = records.head_codes(slot).iter().chain(records.tail_codes(slot));
                assert_eq!(all.clone().count(), dimensions.next_multiple_of(CODE_BLOCK));
                assert!(all.copied().all(|code| code == slot.0 as u8));
                assert_eq!(records.scale(slot), slot.0 as f32);
                assert_eq!(records.bias(slot), -(slot.0 as f32));
                assert!(records.links(slot).iter().all(|&link| link == slot.0));
            }
            records.erase(Slot(1023));
            assert_eq!(records.scale(Slot(1023)), 0.0);
            assert_eq!(records.scale(Slot(1022)), 1022.0);
        }
    }

    #[test]
    fn lines_are_aligned_as_promised() {
        let mut records = Records::new(768, 32).unwrap();
        records.reserve(2).unwrap();
        assert_eq!(records.head(Slot(1)) as usize % 128, 0);
        assert_eq!(records.links(Slot(1)).as_ptr() as usize % 64, 0);
        assert_eq!(records.link_bytes(), 128);
        assert_eq!(records.code_bytes(), 128 + 656);
    }
}
