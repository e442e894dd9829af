//! The nodes that one round of a search meets.

use crate::error::{Result, grow};

/// A list of slots with room for the neighbours of all nodes that a round expands.
#[derive(Debug, Default)]
pub struct Gathered {
    pub(super) slots: Vec<u32>,
    pub(super) count: usize,
}

impl Gathered {
    /// Room for `count` slots.
    pub fn reserve(&mut self, count: usize) -> Result<()> {
        // One more: every slot is written before it is decided whether it stays.
        grow(&mut self.slots, count + 1, 0)
    }

    /// Empties the list.
    #[inline(always)]
    pub fn clear(&mut self) {
        self.count = 0;
    }

    /// The slots.
    #[inline(always)]
    pub fn slots(&self) -> &[u32] {
        &self.slots[..self.count]
    }

    /// The slot as the only one.
    pub fn put(&mut self, slot: u32) {
        self.slots[0] = slot;
        self.count = 1;
    }

    /// Appends those that are `wanted`: written always and kept by counting, since no branch
    /// predictor can know who has been met.
    #[inline(always)]
    pub fn put_if(
        &mut self,
        slots: impl Iterator<Item = u32>,
        mut wanted: impl FnMut(u32) -> bool,
    ) {
        let mut count = self.count;
        for slot in slots {
            self.slots[count] = slot;
            count += usize::from(wanted(slot));
        }
        self.count = count;
    }
}
