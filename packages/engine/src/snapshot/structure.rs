//! What a search relies on, checked in bytes that are already where they belong.

use crate::error::{Error, Result, reserve};
use crate::graph::Entry;
use crate::graph::repair::Compaction;
use crate::graph::upper::UpperLinks;
use crate::records::{LINK_DOMINATED, LINK_SLOT, ROW_PRUNED, Records, SEGMENT_SLOTS};
use crate::slots::{Slot, SlotSet, WORD_BITS, contains};

/// No vector that was accepted has a larger scale, or a larger squared norm: with those, distances
/// stay finite.
const SCALE_MAX: f32 = 1.6e13;
const NORM_MAX: f32 = 4.2e33;

/// Checks the floats of the first `used` slots of a segment.
pub fn check_floats(records: &Records, segment: usize, used: usize) -> Result<()> {
    check_floats_of(records, slots(segment, used))
}

/// Checks the floats of some slots.
pub(crate) fn check_floats_of(records: &Records, slots: impl Iterator<Item = Slot>) -> Result<()> {
    let mut sound = true;
    for slot in slots {
        sound &= (0.0..=SCALE_MAX).contains(&records.scale(slot));
        sound &= (0.0..=NORM_MAX).contains(&records.bias(slot));
        sound &= (0.0..=NORM_MAX).contains(&records.head_norm(slot));
    }
    if sound { Ok(()) } else { Err(Error::Corrupt { reason: "a scale that cannot be" }) }
}

/// Whether some of the first `used` slots of a segment may be copies. Where their lists lead is
/// checked by whoever follows them.
pub fn has_copies(records: &Records, segment: usize, used: usize) -> bool {
    slots(segment, used).fold(0, |all, slot| all | records.copy_word(slot)) != 0
}

/// The nodes that a search may come to.
#[derive(Debug)]
pub struct Nodes {
    /// One bit each.
    words: Vec<u32>,
    /// How many slots there are, where every one of them is such a node.
    all_below: Option<u32>,
}

impl Nodes {
    /// All nodes of `slots` but those that a compaction has cut off.
    pub fn new(
        slots: u32,
        linked: &SlotSet,
        compaction: Option<&Compaction>,
        entry: Option<Entry>,
    ) -> Result<Self> {
        let mut words = Vec::new();
        reserve(&mut words, linked.words().len())?;
        words.extend_from_slice(linked.words());
        if let Some(compaction) = compaction {
            for slot in compaction.condemned.iter().filter(|&s| compaction.has_cut_off(s, entry)) {
                words[slot.index() / WORD_BITS] &= !(1 << (slot.index() % WORD_BITS));
            }
        }
        let count = words.iter().map(|word| word.count_ones()).sum::<u32>();
        Ok(Self { words, all_below: (count == slots).then_some(slots) })
    }

    /// Whether a search may come to a slot.
    #[inline(always)]
    pub fn contains(&self, slot: Slot) -> bool {
        contains(&self.words, slot)
    }

    /// Whether a search may come to every slot of a row, its own included.
    #[inline(always)]
    fn reaches(&self, row: &[u32]) -> bool {
        match self.all_below {
            Some(count) => neighbours(row).fold(0, |most, slot| most.max(slot.0)) < count,
            None => neighbours(row).fold(true, |all, slot| all & self.contains(slot)),
        }
    }

    /// Checks all links of the first `used` slots of a segment, and gives the highest level among
    /// their nodes.
    pub fn check_links(
        &self,
        records: &Records,
        upper: &UpperLinks,
        compaction: Option<&Compaction>,
        segment: usize,
        used: usize,
    ) -> Result<Option<usize>> {
        let mut sound = true;
        let mut highest = None;
        for slot in slots(segment, used).filter(|&slot| self.contains(slot)) {
            // Else the link would outlive its target, and lead to whoever gets the slot next.
            let leaving = compaction.filter(|c| c.has_relinked(slot)).map(|c| &c.condemned);
            let stays = |row| {
                leaving.is_none_or(|leaving| neighbours(row).all(|slot| !leaving.contains(slot)))
            };
            let row = records.links(slot);
            sound &= is_row(row, slot) & self.reaches(row) & stays(row);
            let top = upper.level(slot);
            highest = highest.max(Some(top));
            for level in 1..=top {
                let row = upper.links(slot, level);
                sound &= is_row(row, slot) & self.reaches(row) & stays(row);
                sound &= neighbours(row).all(|other| upper.level(other) >= level);
            }
        }
        if sound { Ok(highest) } else { Err(Error::Corrupt { reason: "a link to nowhere" }) }
    }
}

/// Whether a row is filled from the front and holds its own slot from there on. Looks at every word
/// without a branch, several at a time: nearly all rows are sound.
#[inline(always)]
pub(crate) fn is_row(row: &[u32], own: Slot) -> bool {
    let mut bad = false;
    // Only the first word says whether the row was pruned.
    let mut marks = LINK_DOMINATED | ROW_PRUNED;
    for &word in row {
        bad |= word & !(LINK_SLOT | marks) != 0;
        marks = LINK_DOMINATED;
        bad |= (word & LINK_SLOT == own.0) & (word != own.0);
    }
    for (&word, &next) in row.iter().zip(row.iter().skip(1)) {
        bad |= (word == own.0) & (next != own.0);
    }
    !bad
}

fn neighbours(row: &[u32]) -> impl Iterator<Item = Slot> + '_ {
    row.iter().map(|word| Slot(word & LINK_SLOT))
}

fn slots(segment: usize, used: usize) -> impl Iterator<Item = Slot> {
    (0..used).map(move |row| Slot((segment * SEGMENT_SLOTS + row) as u32))
}
