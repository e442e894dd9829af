//! Links above level 0.
//!
//! The level of a slot is known before it is used, so each segment of 1,024 slots has its upper
//! links in one array of fixed shape: a row of `m` words for each level of each slot, in order.

use crate::error::{Result, reserve};
use crate::records::SEGMENT_SLOTS;
use crate::rng::level_of;
use crate::slots::Slot;
use crate::snapshot::Written;

/// The upper links of all slots.
#[derive(Debug)]
pub struct UpperLinks {
    m: usize,
    seed: u64,
    segments: Vec<Segment>,
    /// Where links changed since a snapshot last asked.
    pub written: Written,
}

#[derive(Debug)]
struct Segment {
    /// The first row of each slot. At most 1024 · 15 rows fit a u16.
    rows: Vec<u16>,
    words: Vec<u32>,
}

impl UpperLinks {
    /// Describes rows of `m` links; allocates nothing yet.
    pub fn new(m: usize, seed: u64) -> Self {
        Self { m, seed, segments: Vec::new(), written: Written::default() }
    }

    /// Allocates what is missing for slots below `slots`.
    pub fn reserve(&mut self, slots: usize) -> Result<()> {
        let wanted = slots.div_ceil(SEGMENT_SLOTS);
        let missing = wanted.saturating_sub(self.segments.len());
        reserve(&mut self.segments, missing)?;
        self.written.reserve(wanted)?;
        while self.segments.len() < wanted {
            let segment = self.segment(self.segments.len())?;
            self.segments.push(segment);
        }
        Ok(())
    }

    fn segment(&self, number: usize) -> Result<Segment> {
        let mut rows = Vec::new();
        reserve(&mut rows, SEGMENT_SLOTS)?;
        let mut count = 0;
        for row in 0..SEGMENT_SLOTS {
            rows.push(count);
            count += self.level(Slot((number * SEGMENT_SLOTS + row) as u32)) as u16;
        }
        let mut words = Vec::new();
        reserve(&mut words, usize::from(count) * self.m)?;
        words.resize(usize::from(count) * self.m, 0);
        Ok(Segment { rows, words })
    }

    /// Links of a row.
    pub fn m(&self) -> usize {
        self.m
    }

    /// The highest level of a slot.
    pub fn level(&self, slot: Slot) -> usize {
        level_of(self.seed, slot, self.m)
    }

    /// Bytes allocated.
    pub fn bytes(&self) -> usize {
        let bytes = |segment: &Segment| {
            segment.rows.capacity() * size_of::<u16>() + segment.words.capacity() * size_of::<u32>()
        };
        self.segments.iter().map(bytes).sum()
    }

    fn start(&self, slot: Slot, level: usize) -> usize {
        let rows = &self.segments[slot.index() / SEGMENT_SLOTS].rows;
        (usize::from(rows[slot.index() % SEGMENT_SLOTS]) + level - 1) * self.m
    }

    /// The links of `slot` at `level`, from 1 to the level of the slot.
    #[inline(always)]
    pub fn links(&self, slot: Slot, level: usize) -> &[u32] {
        let start = self.start(slot, level);
        &self.segments[slot.index() / SEGMENT_SLOTS].words[start..start + self.m]
    }

    /// The same, to be changed.
    pub fn links_mut(&mut self, slot: Slot, level: usize) -> &mut [u32] {
        self.written.mark(slot);
        let start = self.start(slot, level);
        &mut self.segments[slot.index() / SEGMENT_SLOTS].words[start..start + self.m]
    }

    /// Overwrites the links of a slot with zeros.
    pub fn erase(&mut self, slot: Slot) {
        for level in 1..=self.level(slot) {
            self.links_mut(slot, level).fill(0);
        }
    }

    /// The words of the first `used` slots of a segment.
    pub fn segment_words(&self, segment: usize, used: usize) -> &[u32] {
        let Segment { rows, words } = &self.segments[segment];
        &words[..rows.get(used).map_or(words.len(), |&row| usize::from(row) * self.m)]
    }

    /// The same to be written, unnoticed by `written`.
    pub fn segment_words_mut(&mut self, segment: usize, used: usize) -> &mut [u32] {
        let Segment { rows, words } = &mut self.segments[segment];
        let end = rows.get(used).map_or(words.len(), |&row| usize::from(row) * self.m);
        &mut words[..end]
    }
}
