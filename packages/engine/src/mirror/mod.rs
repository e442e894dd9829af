//! Building on two workers without shared memory.
//!
//! Seven tenths of inserting a node is finding out to whom it should link, which writes nothing. An
//! *owner*, the index, has this done for a part of its pending vectors by a *mirror* in another
//! worker, which holds a copy of the graph that is a little behind. The mirror proposes links, the
//! owner applies them, and meanwhile inserts others all by itself. What that changed goes to the
//! mirror with the next *round*.
//!
//! The owner always has all vectors, and answers every search. Without an answer of the mirror it
//! just goes on alone.
//!
//! Which slots a round takes, and how far behind the graph is in which they are searched for, are
//! functions of counts. So the same operations give the same graph, whichever worker is faster.

mod changes;
mod proposals;
mod rounds;
#[cfg(test)]
mod tests;
mod words;

pub(crate) use rounds::Rounds;
pub use rounds::Stage;

use crate::error::{Error, Result};
use crate::graph::Eligible;
use crate::index::Index;
use crate::options::Options;
use crate::slots::{Slot, SlotSet};

/// Bytes that no mirror or owner of this version has sent.
const FOREIGN: Error = Error::Misunderstood;

/// A copy of the graph of an index, in which links are looked for.
#[derive(Debug)]
pub struct Mirror {
    /// Its records, graph and scratch are used; what state slots are in, the owner knows.
    index: Index,
    live: SlotSet,
    /// Slots below this have a place.
    count: usize,
    /// Whether any record may be a copy of another.
    has_copies: bool,
    /// Slots for which links are wanted.
    asked: Vec<u32>,
    /// Whether every message was taken.
    is_sound: bool,
}

impl Mirror {
    /// A mirror of an index that was created with these options, and knows nothing yet.
    pub fn new(options: Options) -> Result<Self> {
        let index = Index::with_options(options)?;
        let (live, asked) = (SlotSet::default(), Vec::new());
        Ok(Self { index, live, count: 0, has_copies: false, asked, is_sound: true })
    }

    fn reserve(&mut self, slots: usize) -> Result<()> {
        // None of them is taken, so that this makes room for all.
        self.index.reserve(slots)?;
        self.live.reserve(self.index.slots.room())
    }

    /// Proposes links for the slots of the round that was taken last, in the form of
    /// [`proposals`].
    pub fn propose(&mut self) -> Result<Vec<u32>> {
        let Self { index, live, asked, is_sound, .. } = self;
        let Index { records, graph, scratch, .. } = index;
        if !*is_sound {
            return Err(FOREIGN);
        }
        let mut message = Vec::new();
        proposals::begin(&mut message, asked.len())?;
        let has_tombstones = graph.linked().visit(live, false, 1, &mut |_| ()) > 0;
        let eligible = if has_tombstones { Eligible::Only(live.words()) } else { Eligible::All };
        for slot in asked.drain(..).map(Slot) {
            scratch.ask(records, slot);
            if let Some(entry) = graph.entry() {
                graph.propose(records, eligible, slot, entry, scratch);
            }
            proposals::put(&mut message, slot, &scratch.proposal)?;
        }
        Ok(message)
    }
}
