//! Slots: the numbers by which vectors are known, and which of them are in which state.
//!
//! A slot below [`Slots::count`] is in exactly one of these states:
//!
//! | state     | live | linked | meaning                                             |
//! |-----------|------|--------|-----------------------------------------------------|
//! | free      | no   | no     | may be given to the next vector added               |
//! | pending   | yes  | no     | found by scan, waits for the graph                  |
//! | indexed   | yes  | yes    | found through the graph                             |
//! | tombstone | no   | yes    | removed, walked through until the next compaction   |
//!
//! `linked` belongs to the graph; the other sets are here.

use crate::error::{Error, Result, grow};

/// The number of a vector. It never changes while the vector lives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Slot(pub u32);

impl Slot {
    /// Slots stay below this, so that two bits are left in a link word and in a search key.
    pub const LIMIT: u32 = 1 << 30;

    /// The slot as an index.
    #[inline(always)]
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// Bits in a word of a [`SlotSet`].
pub const WORD_BITS: usize = 32;

/// Words needed for one bit a slot.
pub fn words_for(slots: usize) -> usize {
    slots.div_ceil(WORD_BITS)
}

/// A set of slots, one bit each.
#[derive(Debug, Default, Clone, PartialEq)]
pub struct SlotSet {
    words: Vec<u32>,
    len: usize,
    /// No word before this one has a bit set, so that [`SlotSet::first`] need not start at 0.
    first_word: usize,
}

impl SlotSet {
    /// An empty set without memory.
    pub const fn new() -> Self {
        Self { words: Vec::new(), len: 0, first_word: 0 }
    }

    /// Makes room for slots below `slots`.
    pub fn reserve(&mut self, slots: usize) -> Result<()> {
        grow(&mut self.words, words_for(slots), 0)
    }

    /// Takes over words that hold one bit a slot.
    #[inline(never)]
    pub fn from_words(words: Vec<u32>) -> Self {
        let len = words.iter().map(|word| word.count_ones() as usize).sum();
        Self { words, len, first_word: 0 }
    }

    /// Takes all slots out.
    pub fn clear(&mut self) {
        self.words.fill(0);
        (self.len, self.first_word) = (0, 0);
    }

    /// How many slots are in the set.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether no slot is in the set.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// One bit a slot; slots beyond the last word are not in the set.
    pub fn words(&self) -> &[u32] {
        &self.words
    }

    /// Bytes held.
    pub fn bytes(&self) -> usize {
        self.words.capacity() * size_of::<u32>()
    }

    /// Whether `slot` is in the set.
    #[inline(always)]
    pub fn contains(&self, slot: Slot) -> bool {
        contains(&self.words, slot)
    }

    /// Adds a slot for which there is room.
    pub fn insert(&mut self, slot: Slot) {
        let at = slot.index() / WORD_BITS;
        let bit = 1 << (slot.index() % WORD_BITS);
        if self.words[at] & bit == 0 {
            self.words[at] |= bit;
            self.len += 1;
            self.first_word = self.first_word.min(at);
        }
    }

    /// Takes a slot out; says whether it was in.
    pub fn remove(&mut self, slot: Slot) -> bool {
        let present = self.contains(slot);
        if present {
            self.words[slot.index() / WORD_BITS] &= !(1 << (slot.index() % WORD_BITS));
            self.len -= 1;
        }
        present
    }

    /// The lowest slot in the set.
    pub fn first(&mut self) -> Option<Slot> {
        while let Some(&word) = self.words.get(self.first_word) {
            if word != 0 {
                let bit = word.trailing_zeros() as usize;
                return Some(Slot((self.first_word * WORD_BITS + bit) as u32));
            }
            self.first_word += 1;
        }
        None
    }

    /// All slots that some words have room for.
    pub fn all(words: usize) -> Result<Self> {
        let mut all = Vec::new();
        grow(&mut all, words, u32::MAX)?;
        Ok(Self::from_words(all))
    }

    /// Shows those slots, lowest first and `most` of them, that are also in `other`, or also are
    /// not. Says how many there were.
    ///
    /// Not inlined, and not an iterator: there are many callers, and none is in a hurry.
    #[inline(never)]
    pub fn visit(
        &self,
        other: &Self,
        is_in: bool,
        most: usize,
        visit: &mut dyn FnMut(Slot),
    ) -> usize {
        let flip = if is_in { 0 } else { u32::MAX };
        let mut count = 0;
        for (at, &word) in self.words.iter().enumerate() {
            let mut word = word & (other.words.get(at).map_or(0, |&word| word) ^ flip);
            while word != 0 && count < most {
                visit(Slot((at * WORD_BITS) as u32 + word.trailing_zeros()));
                word &= word - 1;
                count += 1;
            }
        }
        count
    }

    /// How many of the slots are not in `other`.
    pub fn count_without(&self, other: &Self) -> usize {
        let other = other.words.iter().copied().chain(std::iter::repeat(0));
        self.words
            .iter()
            .zip(other)
            .map(|(word, other)| (word & !other).count_ones() as usize)
            .sum()
    }

    /// Takes out the first `count` slots that are in `other` too.
    pub fn remove_first(&mut self, other: &Self, mut count: usize) {
        for (word, other) in self.words.iter_mut().zip(&other.words) {
            while count > 0 && *word & other != 0 {
                *word ^= 1 << (*word & other).trailing_zeros();
                self.len -= 1;
                count -= 1;
            }
        }
    }

    /// The slots in the set, lowest first.
    pub fn iter(&self) -> impl Iterator<Item = Slot> + '_ {
        slots_in(self.words.iter().copied())
    }
}

/// Whether `slot` is in a bitmap; beyond its end nothing is.
#[inline(always)]
pub fn contains(words: &[u32], slot: Slot) -> bool {
    match words.get(slot.index() / WORD_BITS) {
        Some(word) => word >> (slot.index() % WORD_BITS) & 1 == 1,
        None => false,
    }
}

/// The slots whose bits are set in a sequence of words, lowest first.
pub fn slots_in(words: impl Iterator<Item = u32>) -> impl Iterator<Item = Slot> {
    words.enumerate().flat_map(|(at, word)| Bits(word).map(move |bit| Slot(at as u32 * 32 + bit)))
}

/// The set bits of a word, lowest first.
struct Bits(u32);

impl Iterator for Bits {
    type Item = u32;

    #[inline(always)]
    fn next(&mut self) -> Option<u32> {
        if self.0 == 0 {
            return None;
        }
        let bit = self.0.trailing_zeros();
        self.0 &= self.0 - 1;
        Some(bit)
    }
}

/// Which slots are taken, and which wait for the graph.
#[derive(Debug, Default)]
pub struct Slots {
    count: usize,
    live: SlotSet,
    pending: SlotSet,
    free: SlotSet,
}

impl Slots {
    /// Restores the state of a snapshot; `linked` are the slots in its graph.
    pub fn restore(count: usize, live: SlotSet, linked: &SlotSet) -> Result<Self> {
        let (mut pending, mut free) = (SlotSet::default(), SlotSet::default());
        pending.reserve(count)?;
        free.reserve(count)?;
        for slot in (0..count as u32).map(Slot).filter(|&slot| !linked.contains(slot)) {
            if live.contains(slot) {
                pending.insert(slot);
            } else {
                free.insert(slot);
            }
        }
        Ok(Self { count, live, pending, free })
    }

    /// The highest slot ever used, plus one.
    pub fn count(&self) -> usize {
        self.count
    }

    /// For how many slots there is room.
    pub fn room(&self) -> usize {
        self.live.words().len() * WORD_BITS
    }

    /// Slots that hold a vector which was not removed.
    pub fn live(&self) -> &SlotSet {
        &self.live
    }

    /// Live slots that are not in the graph yet.
    pub fn pending(&self) -> &SlotSet {
        &self.pending
    }

    /// Bytes held.
    pub fn bytes(&self) -> usize {
        self.live.bytes() + self.pending.bytes() + self.free.bytes()
    }

    /// How many slots there will have to be for `additional` more vectors.
    pub fn count_after(&self, additional: usize) -> Result<usize> {
        let fresh = additional.saturating_sub(self.free.len());
        match self.count.checked_add(fresh) {
            Some(count) if count <= Slot::LIMIT as usize => Ok(count),
            _ => Err(Error::TooManyVectors),
        }
    }

    /// Makes room for slots below `slots`.
    pub fn reserve(&mut self, slots: usize) -> Result<()> {
        self.live.reserve(slots)?;
        self.pending.reserve(slots)?;
        self.free.reserve(slots)
    }

    /// Takes the lowest free slot, else the next one, for which room was made.
    pub fn take(&mut self) -> Slot {
        let slot = self.free.first().unwrap_or(Slot(self.count as u32));
        self.free.remove(slot);
        self.count = self.count.max(slot.index() + 1);
        self.live.insert(slot);
        self.pending.insert(slot);
        slot
    }

    /// The lowest slot that waits for the graph.
    pub fn first_pending(&mut self) -> Option<Slot> {
        self.pending.first()
    }

    /// Notes that `slot` is in the graph now.
    pub fn mark_linked(&mut self, slot: Slot) {
        self.pending.remove(slot);
    }

    /// Takes a vector out of the results.
    pub fn remove(&mut self, slot: Slot) -> Removed {
        if !self.live.remove(slot) {
            return Removed::Nothing;
        }
        if self.pending.remove(slot) {
            self.free.insert(slot);
            return Removed::Freed;
        }
        Removed::Tombstone
    }

    /// Gives back a slot that nothing links to any more.
    pub fn release(&mut self, slot: Slot) {
        self.free.insert(slot);
    }
}

/// What became of a slot that was removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Removed {
    /// There was no live vector.
    Nothing,
    /// The graph does not know it, so the slot is free at once.
    Freed,
    /// The graph still leads through it.
    Tombstone,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn freed_slots_come_back_lowest_first() {
        let mut slots = Slots::default();
        slots.reserve(100).unwrap();
        let taken: Vec<_> = (0..70).map(|_| slots.take()).collect();
        for at in [64, 3, 40] {
            assert_eq!(slots.remove(taken[at]), Removed::Freed);
            assert_eq!(slots.remove(taken[at]), Removed::Nothing);
        }
        let again: Vec<_> = (0..4).map(|_| slots.take().0).collect();
        assert_eq!(again, [3, 40, 64, 70]);
        assert_eq!(slots.count(), 71);
    }

    #[test]
    fn a_linked_slot_becomes_a_tombstone_until_released() {
        let mut slots = Slots::default();
        slots.reserve(10).unwrap();
        let slot = slots.take();
        slots.mark_linked(slot);
        assert_eq!(slots.remove(slot), Removed::Tombstone);
        assert_eq!(slots.take(), Slot(1));
        slots.release(slot);
        assert_eq!(slots.take(), slot);
    }

    #[test]
    fn a_set_counts_and_iterates() {
        let mut set = SlotSet::default();
        set.reserve(70).unwrap();
        for slot in [69, 0, 31, 32, 69] {
            set.insert(Slot(slot));
        }
        assert_eq!(set.len(), 4);
        assert_eq!(set.iter().map(|slot| slot.0).collect::<Vec<_>>(), [0, 31, 32, 69]);
        assert!(!set.contains(Slot(5_000)) && !set.remove(Slot(5_000)));
        assert_eq!(set.first(), Some(Slot(0)));
        set.remove(Slot(0));
        assert_eq!(set.first(), Some(Slot(31)));
        set.insert(Slot(1));
        assert_eq!(set.first(), Some(Slot(1)));
    }
}
