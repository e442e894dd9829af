//! The graph: Hierarchical Navigable Small World (Malkov and Yashunin, 2016/2018).
//!
//! Names follow the paper: `m` links a node above level 0 and `m0 = 2 m` on it, `ef` nodes kept
//! while searching. [`search`] holds algorithms 2 and 5, [`insert`] algorithm 1, [`select`]
//! algorithm 4, and [`repair`] what the paper lacks: taking removed nodes out again.

pub mod insert;
pub mod pool;
pub mod repair;
pub mod search;
pub mod select;
pub mod upper;
pub mod visited;

use crate::error::Result;
use crate::quant::query::Query;
use crate::records::{LINK_SLOT, Records};
use crate::slots::{Slot, SlotSet};
use pool::{Key, Pool};
use upper::UpperLinks;
use visited::Visited;

/// Where searches start.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry {
    /// The node.
    pub slot: Slot,
    /// Its level, the highest of all nodes.
    pub level: usize,
}

/// The links between records, and what is needed to follow them.
#[derive(Debug)]
pub struct Graph {
    m: usize,
    ef_construction: usize,
    upper: UpperLinks,
    linked: SlotSet,
    entry: Option<Entry>,
}

impl Graph {
    /// An empty graph.
    pub fn new(m: usize, ef_construction: usize, seed: u64) -> Self {
        let upper = UpperLinks::new(m, seed);
        Self { m, ef_construction, upper, linked: SlotSet::default(), entry: None }
    }

    /// Puts a decoded graph in place of this one.
    pub fn restore(&mut self, linked: SlotSet, entry: Option<Entry>) {
        (self.linked, self.entry) = (linked, entry);
    }

    /// Makes room for slots below `slots`.
    pub fn reserve(&mut self, slots: usize) -> Result<()> {
        self.upper.reserve(slots)?;
        self.linked.reserve(slots)
    }

    /// Bytes allocated.
    pub fn bytes(&self) -> usize {
        self.upper.bytes() + self.linked.bytes()
    }

    /// Nodes of the graph, tombstones included.
    pub fn linked(&self) -> &SlotSet {
        &self.linked
    }

    /// Where searches start; none in an empty graph.
    pub fn entry(&self) -> Option<Entry> {
        self.entry
    }

    /// Links above level 0.
    pub fn upper(&self) -> &UpperLinks {
        &self.upper
    }

    /// Links above level 0, to be filled from a snapshot.
    pub fn upper_mut(&mut self) -> &mut UpperLinks {
        &mut self.upper
    }

    /// The row of links of a node at one of its levels: full from the front, the rest its own slot.
    #[inline(always)]
    pub fn row<'a>(&'a self, records: &'a Records, slot: Slot, level: usize) -> &'a [u32] {
        if level == 0 { records.links(slot) } else { self.upper.links(slot, level) }
    }

    fn row_mut<'a>(
        &'a mut self,
        records: &'a mut Records,
        slot: Slot,
        level: usize,
    ) -> &'a mut [u32] {
        if level == 0 { records.links_mut(slot) } else { self.upper.links_mut(slot, level) }
    }

    /// The nodes that a node links to at one of its levels.
    pub fn neighbours<'a>(
        &'a self,
        records: &'a Records,
        slot: Slot,
        level: usize,
    ) -> impl Iterator<Item = Slot> + 'a {
        let row = self.row(records, slot, level);
        row.iter().map(|word| Slot(word & LINK_SLOT)).take_while(move |&other| other != slot)
    }

    fn set_neighbours(
        &mut self,
        records: &mut Records,
        slot: Slot,
        level: usize,
        neighbours: &[Key],
    ) {
        let row = self.row_mut(records, slot, level);
        for (word, neighbour) in row.iter_mut().zip(neighbours) {
            *word = neighbour.slot().0;
        }
        for word in row.iter_mut().skip(neighbours.len()) {
            *word = slot.0;
        }
    }
}

/// Which nodes may be results.
#[derive(Debug, Clone, Copy)]
pub enum Eligible<'a> {
    /// All of the graph.
    All,
    /// Those whose bit is set.
    Only(&'a [u32]),
}

impl Eligible<'_> {
    #[inline(always)]
    fn contains(self, slot: Slot) -> bool {
        match self {
            Self::All => true,
            Self::Only(words) => crate::slots::contains(words, slot),
        }
    }
}

/// Memory that searches and insertions use again and again, so that they allocate nothing.
#[derive(Debug)]
pub struct Scratch {
    /// The vector that is searched or inserted.
    pub query: Query,
    /// The neighbour whose links are being chosen.
    probe: Query,
    /// The best nodes of the search under way.
    pub pool: Pool,
    visited: Visited,
    gathered: Vec<u32>,
    distances: Vec<f32>,
    accepted: Vec<Key>,
    candidates: Vec<Key>,
    present: Vec<Slot>,
    selection: select::Selection,
    /// Distances computed so far: the measure of work that does not depend on the machine.
    pub evaluations: u64,
}

impl Scratch {
    /// Scratch for searches in `records`.
    pub fn new(query: Query, probe: Query) -> Self {
        Self {
            query,
            probe,
            pool: Pool::default(),
            visited: Visited::default(),
            gathered: Vec::new(),
            distances: Vec::new(),
            accepted: Vec::new(),
            candidates: Vec::new(),
            present: Vec::new(),
            selection: select::Selection::default(),
            evaluations: 0,
        }
    }

    /// Makes room for slots below `slots`.
    pub fn reserve(&mut self, slots: usize) -> Result<()> {
        self.visited.reserve(slots)
    }

    /// Bytes of what grows with the number of slots.
    pub fn bytes(&self) -> usize {
        self.visited.bytes()
    }
}
