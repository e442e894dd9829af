//! What the mirror answers: for each slot that it was asked for, the links that it should have.
//!
//! ```text
//! 1      how many slots follow
//! each:  the slot, how many levels it has links on, and for each from the highest down to 0
//!        1    how many links
//!        l ×  the slot of a node, bit 31 where it is dominated; the bits of its f32 distance
//! ```
//!
//! The owner takes them for hostile, and for late: what is no answer is an error, what is out of
//! date is left out.

use super::words::Input;
use crate::error::{Result, reserve};
use crate::graph::pool::Key;
use crate::graph::propose::Proposal;
use crate::index::Index;
use crate::records::{LINK_DOMINATED, LINK_SLOT};
use crate::slots::Slot;

/// Begins an answer for so many slots.
pub(super) fn begin(message: &mut Vec<u32>, slots: usize) -> Result<()> {
    reserve(message, 1)?;
    message.push(slots as u32);
    Ok(())
}

/// Adds a proposal to an answer.
pub(super) fn put(message: &mut Vec<u32>, slot: Slot, proposal: &Proposal) -> Result<()> {
    // A copy has no links: the owner finds out itself whose.
    let levels = if proposal.copied().is_some() { 0..0 } else { proposal.levels() };
    let words = levels.clone().map(|level| 1 + 2 * proposal.level(level).len()).sum::<usize>();
    message.try_reserve(2 + words).map_err(|_| crate::Error::OutOfMemory)?;
    message.extend_from_slice(&[slot.0, levels.len() as u32]);
    for links in levels.rev().map(|level| proposal.level(level)) {
        message.push(links.len() as u32);
        for key in links {
            let dominated = if key.is_marked() { LINK_DOMINATED } else { 0 };
            message.extend_from_slice(&[key.slot().0 | dominated, key.distance().to_bits()]);
        }
    }
    Ok(())
}

impl Index {
    /// Reads the proposal for a slot into the scratch, without the links that are no longer good.
    /// Says whether enough is left to link the slot by it.
    pub(super) fn read_proposal(&mut self, input: &mut Input<'_>, slot: Slot) -> Option<bool> {
        let own_levels = self.graph.upper().level(slot) + 1;
        let header = input.take(2)?;
        let (answered, levels) = (header[0], header[1] as usize);
        if answered != slot.0 || levels > own_levels {
            return None;
        }
        self.scratch.ask(&self.records, slot);
        let mut links = std::mem::take(&mut self.scratch.chosen);
        // The entry may have risen since, or there may be none any more.
        let wanted = self.graph.entry().map_or(0, |entry| own_levels.min(entry.level + 1));
        let mut is_enough = levels == wanted;
        for level in (0..levels).rev() {
            let count = self.read_links(input, slot, level, &mut links)?;
            is_enough &= 2 * links.len() >= count && (level > 0 || !links.is_empty());
            self.scratch.proposal.push(&links);
        }
        self.scratch.chosen = links;
        Some(is_enough)
    }

    /// Reads the links of a level, and gives how many there were before some were left out.
    #[inline(never)]
    fn read_links(
        &self,
        input: &mut Input<'_>,
        slot: Slot,
        level: usize,
        links: &mut Vec<Key>,
    ) -> Option<usize> {
        links.clear();
        let count = input.word()? as usize;
        if count > self.graph.fresh_links(level) {
            return None;
        }
        for pair in input.take(2 * count)?.chunks_exact(2) {
            let (other, distance) = (Slot(pair[0] & LINK_SLOT), f32::from_bits(pair[1]));
            let exists = other.index() < self.slots.count() && other != slot;
            let is_known = pair[0] & !(LINK_SLOT | LINK_DOMINATED) == 0 && distance.is_finite();
            if !exists || !is_known || self.graph.upper().level(other) < level {
                return None;
            }
            let key = Key::new(distance, other, true).marked(pair[0] & LINK_DOMINATED != 0);
            links.push(key);
        }
        let is_sorted = links.is_sorted_by(|a, b| a.marked(false) < b.marked(false));
        let twice = |(at, key): (usize, &Key)| links[..at].iter().any(|k| k.slot() == key.slot());
        if !is_sorted || links.iter().enumerate().any(twice) {
            return None;
        }
        let is_good = |key: &Key| {
            self.graph.linked().contains(key.slot()) && self.slots.live().contains(key.slot())
        };
        links.retain(is_good);
        Some(count)
    }
}
