//! Which nodes a search has met.

use crate::error::{Result, grow, reserve};
use crate::slots::{Slot, WORD_BITS, words_for};

/// Beyond this many nodes clearing the whole bitmap is cheaper than remembering them.
const REMEMBERED: usize = 4096;

/// A bitmap with a list of what to clear, so that forgetting costs what was met, not what exists.
#[derive(Debug, Default)]
pub struct Visited {
    words: Vec<u32>,
    met: Vec<u32>,
    overflowed: bool,
}

impl Visited {
    /// Makes room for slots below `slots`.
    pub fn reserve(&mut self, slots: usize) -> Result<()> {
        grow(&mut self.words, words_for(slots), 0)?;
        let missing = REMEMBERED.saturating_sub(self.met.capacity());
        reserve(&mut self.met, missing)
    }

    /// Bytes held.
    pub fn bytes(&self) -> usize {
        (self.words.capacity() + self.met.capacity()) * size_of::<u32>()
    }

    /// Marks a node; says whether it is met for the first time.
    #[inline(always)]
    pub fn mark(&mut self, slot: Slot) -> bool {
        let word = &mut self.words[slot.index() / WORD_BITS];
        let bit = 1 << (slot.index() % WORD_BITS);
        let fresh = *word & bit == 0;
        *word |= bit;
        fresh
    }

    /// Remembers nodes that were marked, to be forgotten by [`Visited::clear`].
    #[inline(always)]
    pub fn remember(&mut self, slots: &[u32]) {
        if self.met.len() + slots.len() <= REMEMBERED {
            self.met.extend_from_slice(slots);
        } else {
            self.overflowed = true;
        }
    }

    /// Forgets every node.
    pub fn clear(&mut self) {
        if self.overflowed {
            self.words.fill(0);
            self.overflowed = false;
        } else {
            for &slot in &self.met {
                self.words[slot as usize / WORD_BITS] = 0;
            }
        }
        self.met.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_forgets_everything_however_much_was_met() {
        let mut visited = Visited::default();
        visited.reserve(10_000).unwrap();
        for count in [1_u32, 40, 9_999] {
            for slot in 0..count {
                assert!(visited.mark(Slot(slot)));
                assert!(!visited.mark(Slot(slot)));
                visited.remember(&[slot]);
            }
            visited.clear();
            assert!(visited.words.iter().all(|&word| word == 0));
        }
    }
}
