//! Whole segments, as a snapshot reads and writes them.

use std::alloc::{Layout, alloc, dealloc};
use std::mem::MaybeUninit;
use std::ptr::NonNull;

use super::{HEAD_BYTES, Records, SEGMENT_SLOTS, Shape};
use crate::error::{Error, Result};
use crate::slots::Slot;

impl Records {
    /// Lets the allocator grow once for `count` segments instead of once for each: growing a WASM
    /// memory takes a sixth of a millisecond, however little it grows. Only a hint.
    pub fn grow_ahead(&self, count: usize) {
        let each = self.shape.segment.size() + 2 * HEAD_BYTES;
        let bytes = each.saturating_mul(count);
        let Ok(layout) = Layout::from_size_align(bytes, HEAD_BYTES) else { return };
        if bytes > 0 {
            // SAFETY: the layout is not empty; what was allocated is given back at once, untouched.
            unsafe {
                let memory = alloc(layout);
                if !memory.is_null() {
                    dealloc(memory, layout);
                }
            }
        }
    }

    /// Adds a segment of which `used` slots are in use. `fill` is given the memory of their heads
    /// and then that of their tails, and gives it back written; all else is zeros. If it fails
    /// nothing was added.
    ///
    /// Zeroing first what `fill` writes would take as long as reading it.
    pub fn push_segment(
        &mut self,
        used: usize,
        mut fill: impl FnMut(&mut [MaybeUninit<u8>]) -> Result<&mut [u8]>,
    ) -> Result<()> {
        self.make_room(self.segments.len() + 1)?;
        let Shape { link_bytes, links_at, tail_bytes, tails_at, segment, .. } = self.shape;
        let used = used.min(SEGMENT_SLOTS);
        // SAFETY: the layout is not empty: heads alone are 128 KiB.
        let memory = NonNull::new(unsafe { alloc(segment) }).ok_or(Error::OutOfMemory)?;
        let mut filled = Ok(());
        for (region, row, read) in
            [(0, HEAD_BYTES, used), (links_at, link_bytes, 0), (tails_at, tail_bytes, used)]
        {
            // SAFETY: each region is 1,024 rows long, and `read` is at most that. Nobody else knows
            // this memory yet.
            let from_source: &mut [MaybeUninit<u8>] = unsafe {
                let start = memory.as_ptr().add(region);
                start.add(read * row).write_bytes(0, (SEGMENT_SLOTS - read) * row);
                std::slice::from_raw_parts_mut(start.cast(), read * row)
            };
            if !from_source.is_empty() && filled.is_ok() {
                let bytes = from_source.len();
                filled = match fill(from_source) {
                    Ok(filled) if filled.len() == bytes => Ok(()),
                    Ok(_) => Err(Error::Corrupt { reason: "cut short" }),
                    Err(error) => Err(error),
                };
            }
        }
        match filled {
            Ok(()) => self.segments.push(memory),
            // SAFETY: allocated above with this layout, and in no list.
            Err(_) => unsafe { dealloc(memory.as_ptr(), segment) },
        }
        filled
    }

    /// Segments allocated.
    pub fn segment_count(&self) -> usize {
        self.segments.len()
    }

    /// Heads and tails of the first `used` slots of a segment, as they lie in memory.
    pub fn segment_codes(&self, segment: usize, used: usize) -> [&[u8]; 2] {
        let Shape { tail_bytes, tails_at, .. } = self.shape;
        // SAFETY: `region` describes initialised bytes, written only through `&mut self`.
        [(0, HEAD_BYTES), (tails_at, tail_bytes)]
            .map(|(at, row)| unsafe { &*self.region(segment, used, at, row) })
    }

    /// Links of level 0 of the first `used` slots of a segment, as they lie in memory.
    pub fn segment_links(&self, segment: usize, used: usize) -> &[u8] {
        let Shape { link_bytes, links_at, .. } = self.shape;
        // SAFETY: as above.
        unsafe { &*self.region(segment, used, links_at, link_bytes) }
    }

    /// The same to be written, unnoticed by `links_written`. Any bytes are valid in memory, not for
    /// a search: a reader of foreign bytes has to check the links.
    pub fn segment_links_mut(&mut self, segment: usize, used: usize) -> &mut [u8] {
        let Shape { link_bytes, links_at, .. } = self.shape;
        // SAFETY: as above, and `&mut self` is exclusive.
        unsafe { &mut *self.region(segment, used, links_at, link_bytes) }
    }

    fn region(&self, segment: usize, used: usize, at: usize, row_bytes: usize) -> *mut [u8] {
        let start = self.row(Slot((segment * SEGMENT_SLOTS) as u32), at, row_bytes);
        std::ptr::slice_from_raw_parts_mut(start, used.min(SEGMENT_SLOTS) * row_bytes)
    }

    /// Bytes that the codes of a slot take in a snapshot.
    pub fn code_bytes(&self) -> usize {
        HEAD_BYTES + self.shape.tail_bytes
    }

    /// Bytes that the links of level 0 of a slot take in a snapshot.
    pub fn link_bytes(&self) -> usize {
        self.shape.link_bytes
    }
}
