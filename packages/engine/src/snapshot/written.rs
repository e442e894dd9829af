//! Where an index changed, so that its next snapshot need not read all of it, nor a mirror get all.

use crate::error::{Result, grow};
use crate::records::SEGMENT_SLOTS;
use crate::slots::{Slot, SlotSet, words_for};

/// Segments that were written to and, while someone follows, slots.
///
/// Whoever changes memory that snapshots hold marks it here, in the one place that hands it out to
/// be written. A mark too many costs a checksum, a mark too few would leave a change out.
#[derive(Debug, Default)]
pub struct Written {
    segments: Vec<bool>,
    followed: Option<SlotSet>,
}

impl Written {
    /// Makes room for marks of `segments`.
    pub fn reserve(&mut self, segments: usize) -> Result<()> {
        if let Some(slots) = &mut self.followed {
            slots.reserve(segments * SEGMENT_SLOTS)?;
        }
        grow(&mut self.segments, segments, false)
    }

    /// Notes a change at a slot, for whose segment there is room.
    #[inline(always)]
    pub fn mark(&mut self, slot: Slot) {
        self.segments[slot.index() / SEGMENT_SLOTS] = true;
        if self.followed.is_some() {
            self.note(slot);
        }
    }

    /// Not inlined: rows are handed out in many places.
    #[cold]
    #[inline(never)]
    fn note(&mut self, slot: Slot) {
        if let Some(slots) = &mut self.followed {
            slots.insert(slot);
        }
    }

    /// Whether one of the segments was written to.
    pub fn any(&self, segments: std::ops::Range<usize>) -> bool {
        self.segments.iter().take(segments.end).skip(segments.start).any(|&written| written)
    }

    /// Forgets all marks of segments.
    pub fn clear(&mut self) {
        self.segments.fill(false);
    }

    /// From now on remembers which slots were written to, and begins with all of them.
    pub fn follow(&mut self) -> Result<()> {
        self.followed = Some(SlotSet::all(words_for(self.segments.len() * SEGMENT_SLOTS))?);
        Ok(())
    }

    /// The same, and begins with none.
    pub fn follow_anew(&mut self) -> Result<()> {
        let mut none = SlotSet::default();
        none.reserve(self.segments.len() * SEGMENT_SLOTS)?;
        self.followed = Some(none);
        Ok(())
    }

    /// Bytes held for that.
    pub fn bytes(&self) -> usize {
        self.followed.as_ref().map_or(0, SlotSet::bytes)
    }

    /// Gives them back.
    pub fn unfollow(&mut self) {
        self.followed = None;
    }

    /// The slots written to since they were last forgotten; none when nobody follows.
    pub fn followed(&self) -> &SlotSet {
        const NONE: &SlotSet = &SlotSet::new();
        self.followed.as_ref().unwrap_or(NONE)
    }

    /// Forgets a slot that was written to.
    pub fn forget(&mut self, slot: Slot) {
        if let Some(slots) = &mut self.followed {
            slots.remove(slot);
        }
    }

    /// Forgets the first `count` of those that are in `nodes`.
    pub fn forget_first(&mut self, nodes: &SlotSet, count: usize) {
        if let Some(slots) = &mut self.followed {
            slots.remove_first(nodes, count);
        }
    }
}
