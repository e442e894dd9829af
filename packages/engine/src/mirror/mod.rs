//! Building on two workers without shared memory.
//!
//! An *owner*, the index, has a part of its pending vectors linked by a *mirror* in another worker,
//! which holds a copy of the graph. In a *round* each links vectors of a region of its own into its
//! own copy, one far from the other. Then the owner takes over the rows that the mirror has
//! changed, and with the next round tells it those that itself has. Rows that both have changed stay the
//! owner's, and are offered the mirror's links anew.
//!
//! The owner always has all vectors, and answers every search. Without an answer of the mirror it
//! just goes on alone.
//!
//! Who links what, and what the graph is then, follows from counts. So the same calls give the same
//! graph, whichever worker is faster.

mod answer;
mod changes;
mod rounds;
#[cfg(test)]
mod tests;
mod words;

pub(crate) use rounds::Rounds;
pub use rounds::Stage;

use crate::error::{Error, Result};
use crate::graph::Eligible;
use crate::graph::insert::Known;
use crate::index::Index;
use crate::options::Options;
use crate::slots::{Slot, SlotSet};

/// Bytes that no mirror or owner of this version has sent.
const FOREIGN: Error = Error::Misunderstood;

/// A copy of the graph of an index, into which vectors are linked for it.
#[derive(Debug)]
pub struct Mirror {
    /// Its records, graph and scratch are used; what state slots are in, the owner knows.
    index: Index,
    live: SlotSet,
    /// Slots below this have a place.
    count: usize,
    /// Whether any record may be a copy of another.
    has_copies: bool,
    /// Slots to be linked, and a node near each.
    asked: Vec<[Slot; 2]>,
    /// Slots that were linked here since the owner last said what is a node.
    linked: SlotSet,
    /// Whether some of those are no nodes for the owner.
    has_lost: bool,
    /// Whether every message was taken.
    is_sound: bool,
}

impl Mirror {
    /// A mirror of an index that was created with these options, and knows nothing yet.
    pub fn new(options: Options) -> Result<Self> {
        let index = Index::with_options(options)?;
        let [live, linked] = [SlotSet::default(), SlotSet::default()];
        let asked = Vec::new();
        let (count, has_copies, has_lost) = (0, false, false);
        Ok(Self { index, live, count, has_copies, asked, linked, has_lost, is_sound: true })
    }

    fn reserve(&mut self, slots: usize) -> Result<()> {
        // None of them is taken, so that this makes room for all.
        self.index.reserve(slots)?;
        self.linked.reserve(self.index.slots.room())?;
        self.live.reserve(self.index.slots.room())
    }

    /// Links the slots of the round that was taken last, and gives what that changed, in the form of
    /// [`answer`].
    pub fn link(&mut self) -> Result<Vec<u8>> {
        if !self.is_sound {
            return Err(FOREIGN);
        }
        let Self { index, live, asked, linked, .. } = self;
        let Index { records, graph, scratch, options, .. } = index;
        records.links_written.follow_anew()?;
        graph.upper_mut().written.follow_anew()?;
        let eligible = Eligible::of(live, graph.linked().visit(live, false, 1, &mut |_| ()));
        for &[slot, near] in asked.iter() {
            graph.find_links(records, eligible, slot, Known::Near(near), scratch);
            // Whose copy it is, the owner finds out itself.
            if scratch.proposal.copied().is_none() {
                graph.insert(records, options.metric, eligible, slot, Known::Links, scratch);
                linked.insert(slot);
            }
        }
        self.answer()
    }
}
