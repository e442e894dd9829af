//! Where an index changed, so that its next snapshot need not read all of it.

use crate::error::{Result, grow};
use crate::records::SEGMENT_SLOTS;
use crate::slots::Slot;

/// Segments that were written to.
///
/// Whoever changes memory that snapshots hold marks it here, in the one place that hands it out to
/// be written. A mark too many costs a checksum, a mark too few would leave a change out.
#[derive(Debug, Default)]
pub struct Written(Vec<bool>);

impl Written {
    /// Makes room for marks of `segments`.
    pub fn reserve(&mut self, segments: usize) -> Result<()> {
        grow(&mut self.0, segments, false)
    }

    /// Notes a change at a slot, for whose segment there is room.
    #[inline(always)]
    pub fn mark(&mut self, slot: Slot) {
        self.0[slot.index() / SEGMENT_SLOTS] = true;
    }

    /// Whether one of the segments was written to.
    pub fn any(&self, segments: std::ops::Range<usize>) -> bool {
        self.0.iter().take(segments.end).skip(segments.start).any(|&written| written)
    }

    /// Forgets all marks.
    pub fn clear(&mut self) {
        self.0.fill(false);
    }
}
