//! Filters: which slots a search may return, as a bitmap.

use crate::error::{Result, grow};
use crate::slots::Slots;

/// The live slots that pass the filter of one search.
#[derive(Debug, Default)]
pub struct Matches {
    words: Vec<u32>,
    count: usize,
}

impl Matches {
    /// Makes room for slots below `slots`, so that filtering allocates nothing.
    pub fn reserve(&mut self, slots: usize) -> Result<()> {
        grow(&mut self.words, crate::slots::words_for(slots), 0)
    }

    /// Bytes held.
    pub fn bytes(&self) -> usize {
        self.words.capacity() * size_of::<u32>()
    }

    /// Keeps the live slots whose bit is set in `filter`. A filter may be shorter than the index;
    /// beyond its end nothing matches.
    pub fn intersect(&mut self, slots: &Slots, filter: &[u32]) {
        self.count = 0;
        let filter = filter.iter().copied().chain(std::iter::repeat(0));
        for ((word, live), filter) in self.words.iter_mut().zip(slots.live().words()).zip(filter) {
            *word = live & filter;
            self.count += word.count_ones() as usize;
        }
    }

    /// One bit a slot.
    pub fn words(&self) -> &[u32] {
        &self.words
    }

    /// How many slots match.
    pub fn count(&self) -> usize {
        self.count
    }
}
