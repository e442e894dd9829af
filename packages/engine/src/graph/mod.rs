//! The graph: Hierarchical Navigable Small World (Malkov and Yashunin, 2016/2018).
//!
//! Names follow the paper: `m` links a node above level 0 and `m0 = 2 m` on it, `ef` nodes kept
//! while searching. [`search`] holds algorithms 2 and 5, [`propose`] and [`insert`] algorithm 1,
//! [`select`] algorithm 4, and [`repair`] what the paper lacks: taking removed nodes out again.
//! [`copies`] keeps what is the same out of the way.

pub mod among;
pub mod copies;
pub mod gathered;
pub mod insert;
pub mod pool;
pub mod propose;
pub mod prune;
pub mod repair;
pub mod search;
pub mod select;
pub mod sieve;
pub mod upper;
pub mod visited;

use crate::error::{Result, grow, reserve};
use crate::quant::query::{Query, Sifted};
use crate::records::{LINK_DOMINATED, LINK_SLOT, ROW_PRUNED, Records};
use crate::slots::{Slot, SlotSet};
use gathered::Gathered;
use pool::{Key, Pool};
use propose::Proposal;
use prune::Offer;
use select::Selection;
use sieve::Sieve;
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
    sieve: Sieve,
    /// Whether any node may be a copy of another; else nobody asks.
    has_copies: bool,
    /// What is gone may be about to leave, and shall not be linked to.
    pub is_compacting: bool,
}

impl Graph {
    /// An empty graph.
    pub fn new(m: usize, ef_construction: usize, seed: u64) -> Self {
        let upper = UpperLinks::new(m, seed);
        Self {
            m,
            ef_construction,
            upper,
            linked: SlotSet::default(),
            entry: None,
            sieve: Sieve::default(),
            has_copies: false,
            is_compacting: false,
        }
    }

    /// Puts a decoded graph in place of this one.
    pub fn restore(
        &mut self,
        linked: SlotSet,
        entry: Option<Entry>,
        sieve: Sieve,
        has_copies: bool,
    ) {
        (self.linked, self.entry, self.sieve) = (linked, entry, sieve);
        self.has_copies = has_copies;
    }

    /// Makes room for slots below `slots`.
    #[inline(never)]
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

    /// How heads are judged.
    pub fn sieve(&self) -> Sieve {
        self.sieve
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

    /// The same, to be changed.
    pub fn row_mut<'a>(
        &'a mut self,
        records: &'a mut Records,
        slot: Slot,
        level: usize,
    ) -> &'a mut [u32] {
        if level == 0 { records.links_mut(slot) } else { self.upper.links_mut(slot, level) }
    }

    /// Empties the rows of slots that are about to become nodes.
    pub fn clear_rows_of(&mut self, records: &mut Records, linked: &SlotSet) {
        let Self { upper, linked: nodes, .. } = self;
        linked.visit(nodes, false, usize::MAX, &mut |slot| {
            records.links_mut(slot).fill(slot.0);
            for level in 1..=upper.level(slot) {
                upper.links_mut(slot, level).fill(slot.0);
            }
        });
    }

    /// Forgets the first `count` nodes whose links above level 0 were written.
    pub fn forget_upper(&mut self, count: usize) {
        self.upper.written.forget_first(&self.linked, count);
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

    /// Replaces a row by what was selected for it.
    #[inline(never)]
    fn set_links(&mut self, records: &mut Records, slot: Slot, level: usize, links: &[Key]) {
        let row = self.row_mut(records, slot, level);
        row.fill(slot.0);
        for (word, key) in row.iter_mut().zip(links) {
            *word = key.slot().0 | if key.is_marked() { LINK_DOMINATED } else { 0 };
        }
        if links.len() == row.len() {
            row[0] |= ROW_PRUNED;
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

impl<'a> Eligible<'a> {
    /// The live ones of a graph with so many others.
    pub fn of(live: &'a SlotSet, tombstones: usize) -> Self {
        if tombstones == 0 { Self::All } else { Self::Only(live.words()) }
    }

    #[inline(always)]
    pub fn contains(self, slot: Slot) -> bool {
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
    gathered: Gathered,
    /// Nodes that are looked through, since they are not eligible.
    bridges: Gathered,
    sifted: Sifted,
    distances: Vec<f32>,
    accepted: Vec<Key>,
    candidates: Vec<Key>,
    present: Vec<Slot>,
    selection: Selection,
    /// Links that were chosen.
    pub chosen: Vec<Key>,
    /// The links of the vector that is inserted.
    pub proposal: Proposal,
    offer: Offer,
    /// Records compared so far, in part or whole: the measure of work that does not depend on the
    /// machine.
    pub evaluations: u64,
    /// How many of them were compared to the end.
    pub completed: u64,
    /// Distance of the vector that is inserted to itself.
    to_itself: f32,
}

impl Scratch {
    /// Scratch for searches in `records`.
    #[inline(never)]
    pub fn new(query: Query, probe: Query) -> Self {
        Self {
            query,
            probe,
            pool: Pool::default(),
            visited: Visited::default(),
            gathered: Gathered::default(),
            bridges: Gathered::default(),
            sifted: Sifted::default(),
            distances: Vec::new(),
            accepted: Vec::new(),
            candidates: Vec::new(),
            present: Vec::new(),
            selection: Selection::default(),
            chosen: Vec::new(),
            proposal: Proposal::default(),
            offer: Offer::default(),
            evaluations: 0,
            completed: 0,
            to_itself: 0.0,
        }
    }

    /// Makes room for slots below `slots`, in rows of at most `links`, each chosen among what a search
    /// for `ef` keeps.
    #[inline(never)]
    pub fn reserve(&mut self, slots: usize, links: usize, ef: usize) -> Result<()> {
        // All that a search kept may be candidates: originals that are gone, with copies that are not.
        // Mending looks at neighbours of neighbours.
        let candidates = search::most_kept(ef) + links * (links + 1);
        for keys in [&mut self.candidates, &mut self.chosen] {
            keys.clear();
            reserve(keys, candidates)?;
        }
        self.present.clear();
        reserve(&mut self.present, links)?;
        self.selection.reserve(candidates)?;
        self.proposal.reserve(links)?;
        let most = among::most_gathered(links);
        self.bridges.reserve(search::WIDE * links)?;
        self.gathered.reserve(most)?;
        self.sifted.reserve(most)?;
        self.offer.reserve(links)?;
        grow(&mut self.distances, most, 0.0)?;
        grow(&mut self.accepted, most + 1, Key::FARTHEST)?;
        self.visited.reserve(slots)
    }

    /// Bytes of what grows with the number of slots.
    pub fn bytes(&self) -> usize {
        self.visited.bytes()
    }
}
