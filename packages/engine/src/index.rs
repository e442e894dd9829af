//! The façade: one index, and everything that can be done with it.

use crate::diversity::Diversity;
use crate::error::{Error, Result, reserve};
use crate::filter::Matches;
use crate::graph::insert::Known;
use crate::graph::repair::{Compaction, Progress};
use crate::graph::{Eligible, Graph, Scratch};
use crate::mirror::Rounds;
use crate::options::Options;
use crate::order::Order;
use crate::quant::query::Query;
use crate::quant::sq8::{self, Codes};
use crate::records::{Records, SEGMENT_SLOTS};
use crate::slots::{Removed, Slot, SlotSet, Slots};
use crate::snapshot::Checksums;

/// A vector index: exact while small, a graph beyond, always complete.
///
/// ```
/// use akin_engine::{Index, Options, Search};
///
/// let mut index = Index::new(Options::new(2))?;
/// let slots = index.add(&[1.0, 0.0, 0.6, 0.8, -1.0, 0.0])?;
/// let hits = index.search(&[1.0, 0.1], &Search { k: 2, ..Search::default() })?;
/// assert_eq!(hits.slots, [slots[0], slots[1]]);
/// # Ok::<(), akin_engine::Error>(())
/// ```
#[derive(Debug)]
pub struct Index {
    pub(crate) options: Options,
    pub(crate) slots: Slots,
    pub(crate) records: Records,
    pub(crate) graph: Graph,
    pub(crate) compaction: Option<Compaction>,
    pub(crate) checksums: Checksums,
    pub(crate) scratch: Scratch,
    pub(crate) matches: Matches,
    pub(crate) diversity: Diversity,
    pub(crate) order: Order,
    /// While a mirror helps to build.
    pub(crate) rounds: Option<Rounds>,
    codes: Codes,
}

impl Index {
    /// An empty index.
    pub fn new(options: Options) -> Result<Self> {
        let mut index = Self::with_options(options)?;
        index.reserve(options.capacity as usize)?;
        Ok(index)
    }

    /// An empty index that has allocated nothing yet.
    pub(crate) fn with_options(options: Options) -> Result<Self> {
        options.check()?;
        let records = Records::new(options.dimensions as usize, options.m0())?;
        let query = || Query::new(options.metric, &records);
        Ok(Self {
            slots: Slots::default(),
            graph: Graph::new(options.m as usize, options.ef_construction as usize, options.seed),
            compaction: None,
            checksums: Checksums::default(),
            scratch: Scratch::new(query()?, query()?),
            matches: Matches::default(),
            diversity: Diversity::default(),
            order: Order::default(),
            rounds: None,
            codes: Codes::new(records.code_count())?,
            records,
            options,
        })
    }

    /// The settings.
    pub fn options(&self) -> &Options {
        &self.options
    }

    /// Live vectors.
    pub fn len(&self) -> usize {
        self.slots.live().len()
    }

    /// Whether there is no live vector.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The highest slot ever used, plus one: how many bits a filter needs.
    pub fn slot_count(&self) -> usize {
        self.slots.count()
    }

    /// Removed vectors that the graph still leads through.
    pub fn tombstones(&self) -> usize {
        self.graph.linked().len() + self.slots.pending().len() - self.len()
    }

    /// Live vectors that are not in the graph.
    pub fn pending(&self) -> usize {
        self.slots.pending().len()
    }

    /// Bytes that this index has allocated.
    pub fn memory_bytes(&self) -> usize {
        self.records.bytes()
            + self.graph.bytes()
            + self.slots.bytes()
            + self.scratch.bytes()
            + self.matches.bytes()
            + self.compaction.as_ref().map_or(0, Compaction::bytes)
            + self.order.bytes()
            + self.followed_bytes()
    }

    /// Distances computed since the index was created or opened.
    pub fn evaluations(&self) -> u64 {
        self.scratch.evaluations
    }

    /// Whether `vectors`, the first of which is number `first_row`, could be added.
    pub fn check(&self, vectors: &[f32], first_row: usize) -> Result<()> {
        let dimensions = self.options.dimensions as usize;
        if !vectors.len().is_multiple_of(dimensions) {
            let received = vectors.len();
            return Err(Error::DimensionMismatch { expected: dimensions, received });
        }
        for (row, vector) in vectors.chunks_exact(dimensions).enumerate() {
            sq8::magnitude(self.options.metric, vector, first_row + row)?;
        }
        Ok(())
    }

    /// Makes room for `additional` more vectors, after which adding them cannot fail for memory.
    pub fn reserve(&mut self, additional: usize) -> Result<()> {
        // Whole segments, so that adding one by one does not grow anything one by one.
        let slots = self.slots.count_after(additional)?.next_multiple_of(SEGMENT_SLOTS);
        // Records first: they are nearly all of it, and fail before anything else is begun.
        self.records.reserve(slots)?;
        self.slots.reserve(slots)?;
        self.graph.reserve(slots)?;
        self.scratch.reserve(slots, self.options.m0(), self.options.ef_construction as usize)?;
        self.matches.reserve(slots)?;
        if let Some(compaction) = &mut self.compaction {
            compaction.reserve(slots)?;
        }
        if let Some(rounds) = &mut self.rounds {
            rounds.reserve(slots)?;
        }
        Ok(())
    }

    /// Adds vectors, given one after the other, and returns their slots: all of them, or an error
    /// and none. They can be found at once; the graph takes them up in [`Index::build_step`].
    pub fn add(&mut self, vectors: &[f32]) -> Result<Vec<u32>> {
        self.check(vectors, 0)?;
        let dimensions = self.options.dimensions as usize;
        let count = vectors.len() / dimensions;
        let mut slots = Vec::new();
        reserve(&mut slots, count)?;
        self.reserve(count)?;
        for (row, vector) in vectors.chunks_exact(dimensions).enumerate() {
            let magnitude = sq8::magnitude(self.options.metric, vector, row)?;
            let slot = self.slots.take();
            self.codes.encode(self.options.metric, vector, magnitude);
            self.records.write(slot, &self.codes);
            slots.push(slot.0);
        }
        Ok(slots)
    }

    /// Removes vectors and says how many there were. Slots that hold none are passed over.
    pub fn remove(&mut self, slots: &[u32]) -> usize {
        let mut removed = 0;
        for slot in slots.iter().copied().map(Slot) {
            match self.slots.remove(slot) {
                Removed::Nothing => continue,
                Removed::Freed => self.records.erase(slot),
                Removed::Tombstone => {}
            }
            self.order.forget(slot);
            removed += 1;
        }
        removed
    }

    /// The vector of a slot as it is stored, or nothing where there is none.
    pub fn vector(&self, slot: u32) -> Result<Option<Vec<f32>>> {
        let slot = Slot(slot);
        if !self.slots.live().contains(slot) {
            return Ok(None);
        }
        let dimensions = self.options.dimensions as usize;
        let scale = self.records.scale(slot);
        sq8::decode(self.options.metric, scale, self.records.codes(slot), dimensions).map(Some)
    }

    /// Whether pending vectors belong into a graph: there is one, or there are enough of them.
    pub(crate) fn wants_graph(&self) -> bool {
        !self.graph.linked().is_empty() || self.len() >= self.options.exact_below as usize
    }

    /// Works on the graph until about `max_work` distances were computed, and says whether it is
    /// complete. Each call gets on. However the work is divided into steps, the graph becomes the
    /// same, if nothing is added or removed in between.
    pub fn build_step(&mut self, max_work: u64) -> Result<bool> {
        // A graph of nothing but tombstones cannot take anyone up: new nodes link to live ones.
        while self.tombstones() > 0 && self.tombstones() == self.graph.linked().len() {
            if !self.compact(max_work)? {
                return Ok(false);
            }
        }
        let until = self.scratch.evaluations.saturating_add(max_work);
        while self.wants_graph() {
            let Some(first) = self.slots.first_pending() else { break };
            self.work_on(first)?;
            if self.scratch.evaluations >= until {
                break;
            }
        }
        Ok(!self.wants_graph() || self.slots.pending().is_empty())
    }

    /// Looks where a pending vector belongs, or links one.
    fn work_on(&mut self, first: Slot) -> Result<()> {
        if self.order.is_over() {
            let elsewhere = self.rounds.as_ref().map_or(const { &SlotSet::new() }, Rounds::taken);
            self.order.begin(self.slots.pending(), elsewhere, self.graph.linked().len())?;
        }
        if let Some(slot) = self.order.unplaced() {
            self.order.place(self.graph.locate(&self.records, slot, &mut self.scratch));
        } else if self.order.is_over() {
            self.insert_pending(first, Known::Nothing);
        } else if let Some((slot, near)) = self.order.take() {
            self.insert_pending(slot, Known::Near(near));
        }
        Ok(())
    }

    /// Makes a node of a slot, if it is pending.
    #[inline(never)]
    pub(crate) fn insert_pending(&mut self, slot: Slot, known: Known) {
        if self.slots.pending().contains(slot) {
            // What was removed may lead nowhere, and once compaction has cut it off to slots that are
            // free, or others' by now.
            let known = match known {
                Known::Near(near) if !self.slots.live().contains(near) => Known::Nothing,
                known => known,
            };
            let eligible = Eligible::of(self.slots.live(), self.tombstones());
            let (records, metric) = (&mut self.records, self.options.metric);
            self.graph.insert(records, metric, eligible, slot, known, &mut self.scratch);
            self.slots.mark_linked(slot);
        }
    }

    /// Takes tombstones out of the graph, working until about `max_work` distances were computed,
    /// and says whether it is done. No slot changes; those of the tombstones become free.
    pub fn compact(&mut self, max_work: u64) -> Result<bool> {
        let mut compaction = match self.compaction.take() {
            Some(compaction) => compaction,
            None if self.tombstones() == 0 => return Ok(true),
            None => Compaction::begin(&self.graph, self.slots.live(), self.slots.count())?,
        };
        self.detach_mirror();
        self.graph.is_compacting = true;
        let until = self.scratch.evaluations.saturating_add(max_work);
        let mut other_work = 0;
        loop {
            let live = self.slots.live();
            let (graph, records) = (&mut self.graph, &mut self.records);
            match graph.compact(records, live, &mut compaction, &mut self.scratch) {
                Progress::Worked(work) => other_work += work,
                Progress::Released(slot) => {
                    self.slots.release(slot);
                    other_work += 1;
                }
                Progress::Done => {
                    self.graph.is_compacting = false;
                    return Ok(true);
                }
            }
            if self.scratch.evaluations.saturating_add(other_work) >= until {
                let done = compaction.is_done();
                self.graph.is_compacting = !done;
                self.compaction = (!done).then_some(compaction);
                return Ok(done);
            }
        }
    }
}
