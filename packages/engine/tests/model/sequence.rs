//! One sequence of random operations, and what must be true after each.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;

use akin_engine::{Hits, Index, Metric, Options, Search};

use crate::oracle::Oracle;
use crate::support::{Random, assert_valid};

const OPERATIONS: usize = 200;

/// An index and its model.
pub struct Sequence {
    index: Index,
    oracle: Oracle,
    random: Random,
    reopens: bool,
}

/// What was tried, so that a sequence that avoids what it is about is noticed.
#[derive(Debug, Default)]
pub struct Tally {
    searches: usize,
    walked: usize,
    few_matches: usize,
    with_tombstones: usize,
    with_pending: usize,
    abandoned_compactions: usize,
    slots_reused: usize,
    most_vectors: usize,
}

impl Tally {
    /// Whether everything happened many times.
    pub fn reaches_everything(&self) -> bool {
        let shares = [
            (self.walked, 40),
            (self.few_matches, 20),
            (self.with_tombstones, 8),
            (self.with_pending, 8),
            (self.abandoned_compactions, 200),
            (self.slots_reused, 50),
        ];
        self.most_vectors > 1_024
            && shares.iter().all(|&(times, one_in)| times > self.searches / one_in)
    }
}

impl Sequence {
    pub fn new(metric: Metric, seed: u64) -> Self {
        let mut random = Random::new(seed);
        let options = Options {
            metric,
            m: [2, 4, 16][random.below(3)],
            ef_construction: [4, 8, 40][random.below(3)],
            ef_search: [1, 6, 30][random.below(3)],
            exact_below: [0, 0, 20, 100][random.below(4)],
            seed,
            capacity: [0, 0, 1_500][random.below(3)],
            ..Options::new([1, 3, 16, 100, 112, 113, 130, 384][random.below(8)])
        };
        let index = Index::new(options).unwrap();
        let oracle = Oracle { metric, vectors: BTreeMap::new() };
        Self { index, oracle, random, reopens: false }
    }

    /// The same sequence with the index saved and opened after every operation.
    pub fn reopened(self) -> Self {
        Self { reopens: true, ..self }
    }

    /// Does everything, and gives the bytes of the index at its end.
    pub fn run(mut self, tally: &mut Tally) -> Vec<u8> {
        for _ in 0..OPERATIONS {
            self.operate(tally);
            if self.reopens {
                self.reopen();
            }
            self.check(tally);
        }
        assert_valid(&self.index);
        assert!(self.index.build_step(u64::MAX).unwrap());
        // One compaction may have been under way; the next takes what was removed since.
        assert!(self.index.compact(u64::MAX).unwrap());
        assert!(self.index.compact(u64::MAX).unwrap());
        assert_eq!(self.index.tombstones(), 0);
        assert_valid(&self.index);
        self.check(tally);
        self.index.snapshot().unwrap()
    }

    fn operate(&mut self, tally: &mut Tally) {
        match self.random.below(100) {
            0..26 => self.add_some(tally),
            26..30 => self.add_copies(tally),
            30..38 => self.remove_some(),
            38..42 => self.replace(tally),
            42..64 => {
                let work = self.work();
                self.index.build_step(work).unwrap();
            }
            64..78 => {
                let work = self.work();
                let done = self.index.compact(work).unwrap();
                tally.abandoned_compactions += usize::from(!done);
            }
            78..84 => self.reopen(),
            84..90 => self.compare_slices(),
            90..95 => self.be_refused(),
            95..98 => {
                let before = self.index.snapshot().unwrap();
                let room = self.random.below(1_500);
                self.index.reserve(room).unwrap();
                assert!(self.index.snapshot().unwrap() == before, "room is not content");
            }
            98 => self.add_many(tally),
            _ => self.remove_all(),
        }
    }

    fn add(&mut self, vectors: Vec<Vec<f32>>, tally: &mut Tally) {
        let known = self.index.slot_count() as u32;
        let slots = self.index.add(&vectors.concat()).unwrap();
        assert_eq!(slots.len(), vectors.len());
        tally.slots_reused += slots.iter().filter(|&&slot| slot < known).count();
        for (slot, vector) in slots.into_iter().zip(vectors) {
            let before = self.oracle.vectors.insert(slot, vector);
            assert!(before.is_none(), "slot {slot} was taken");
        }
    }

    fn add_some(&mut self, tally: &mut Tally) {
        let count = [0, 1, 1, 2, 8, 30][self.random.below(6)];
        let vectors = (0..count).map(|_| self.vector()).collect();
        self.add(vectors, tally);
    }

    fn add_copies(&mut self, tally: &mut Tally) {
        let vector = self.vector();
        let count = 1 + self.random.below(20);
        self.add(vec![vector; count], tally);
    }

    /// Enough for a second segment of memory; of long vectors fewer, for the oracle's sake.
    fn add_many(&mut self, tally: &mut Tally) {
        let count = if self.dimensions() <= 16 { 500 } else { 60 };
        let vectors = (0..count).map(|_| self.vector()).collect();
        self.add(vectors, tally);
    }

    fn remove(&mut self, slots: &[u32]) {
        let present: BTreeSet<_> = slots.iter().collect();
        let present = present.iter().filter(|slot| self.oracle.vectors.contains_key(slot)).count();
        assert_eq!(self.index.remove(slots), present);
        slots.iter().for_each(|slot| drop(self.oracle.vectors.remove(slot)));
    }

    fn remove_some(&mut self) {
        let share = self.random.below(5);
        let slots: Vec<u32> = self.oracle.vectors.keys().copied().collect();
        let mut slots: Vec<u32> =
            slots.into_iter().filter(|_| self.random.below(10) < share).collect();
        // Unknown slots and repetitions are passed over.
        slots.extend([u32::MAX, self.index.slot_count() as u32, self.random.below(2_000) as u32]);
        slots.extend(slots.first().copied());
        self.remove(&slots);
    }

    fn remove_all(&mut self) {
        let slots: Vec<u32> = self.oracle.vectors.keys().copied().collect();
        self.remove(&slots);
    }

    /// Removes a vector and adds it again, or the other way round, as an edited document is.
    fn replace(&mut self, tally: &mut Tally) {
        let Some(slot) = self.any_slot() else { return };
        let vector = self.oracle.vectors[&slot].clone();
        for _ in 0..1 + self.random.below(5) {
            if self.random.below(2) == 0 {
                self.remove(&[slot]);
                self.add(vec![vector.clone()], tally);
            } else {
                self.add(vec![vector.clone()], tally);
                self.remove(&[slot]);
            }
        }
    }

    fn reopen(&mut self) {
        let bytes = self.index.snapshot().unwrap();
        self.index = Index::open(&bytes).unwrap();
        assert!(self.index.snapshot().unwrap() == bytes, "opening changed the index");
    }

    /// The same work in one step and in many, with searches between, gives the same bytes.
    fn compare_slices(&mut self) {
        let bytes = self.index.snapshot().unwrap();
        let [mut whole, mut sliced] = [(); 2].map(|()| Index::open(&bytes).unwrap());
        let builds_first = self.random.below(2) == 0;
        for builds in [builds_first, !builds_first] {
            let step = if builds { Index::build_step } else { Index::compact };
            assert!(step(&mut whole, u64::MAX).unwrap());
            let query = self.vector();
            while !step(&mut sliced, self.work()).unwrap() {
                sliced.search(&query, &Search { k: 3, ..Search::default() }).unwrap();
            }
            let equal = whole.snapshot().unwrap() == sliced.snapshot().unwrap();
            assert!(equal, "the same work in slices gave another index");
        }
    }

    /// What cannot be added leaves no trace, not even of the good vectors beside it.
    fn be_refused(&mut self) {
        let before = self.index.snapshot().unwrap();
        let dimensions = self.dimensions();
        let mut vectors = [self.vector(), self.vector(), self.vector()].concat();
        let at = self.random.below(vectors.len());
        vectors[at] = [f32::NAN, f32::INFINITY, f32::NEG_INFINITY][self.random.below(3)];
        assert!(self.index.add(&vectors).is_err());
        assert!(self.index.search(&vectors[..dimensions - 1], &Search::default()).is_err());
        let start = at / dimensions * dimensions;
        let query = &vectors[start..start + dimensions];
        assert!(self.index.search(query, &Search { k: 3, ..Search::default() }).is_err());
        if dimensions > 1 {
            vectors.pop();
            assert!(self.index.add(&vectors).is_err());
        }
        if self.oracle.metric == Metric::Cosine {
            assert!(self.index.add(&vec![0.0; dimensions]).is_err());
        }
        assert!(self.index.snapshot().unwrap() == before, "a refusal left something behind");
    }

    /// Compares everything with the model.
    fn check(&mut self, tally: &mut Tally) {
        let count = self.oracle.vectors.len();
        assert_eq!(self.index.len(), count);
        assert_eq!(self.index.is_empty(), count == 0);
        assert!(self.index.pending() <= count);
        assert!(self.index.slot_count() >= count + self.index.tombstones());
        tally.most_vectors = tally.most_vectors.max(count);
        self.check_content();
        self.check_search(tally);
        let slot = self.random.below(self.index.slot_count() + 2) as u32;
        let stored = self.index.vector(slot).unwrap();
        assert_eq!(stored.is_some(), self.oracle.vectors.contains_key(&slot));
    }

    /// An exact search for all gives every live slot once, with the score of its own vector: no
    /// slot has changed hands, whatever went on in the graph.
    fn check_content(&mut self) {
        let query = self.vector();
        let search = Search { k: usize::MAX, exact: true, ..Search::default() };
        let hits = self.index.search(&query, &search).unwrap();
        let matches = self.oracle.matches(&query, |_| true);
        check_hits(&hits, &matches, usize::MAX);
    }

    fn check_search(&mut self, tally: &mut Tally) {
        let query = self.query();
        let filter = self.filter();
        let passes = |slot: u32| match &filter {
            Some(words) => words.get(slot as usize / 32).is_some_and(|w| w >> (slot % 32) & 1 == 1),
            None => true,
        };
        let matches = self.oracle.matches(&query, passes);
        let k = [0, 1, 1, 3, 10, 40, usize::MAX][self.random.below(7)];
        let ef = [None, None, Some(1), Some(8), Some(100), Some(4096)][self.random.below(6)];
        let exact = self.random.below(4) == 0;
        let search = Search { k, ef, exact, filter: filter.as_deref(), ..Search::default() };
        let before = self.index.evaluations();
        let hits = self.index.search(&query, &search).unwrap();
        let evaluations = self.index.evaluations() - before;
        check_hits(&hits, &matches, k);
        if exact {
            check_nothing_better(&hits, &matches);
        }
        tally.searches += 1;
        tally.walked += usize::from(k > 0 && evaluations < matches.len() as u64);
        tally.few_matches += usize::from(filter.is_some() && (1..10).contains(&matches.len()));
        tally.with_tombstones += usize::from(self.index.tombstones() > 0);
        tally.with_pending += usize::from(self.index.pending() > 0 && self.index.len() > 100);
    }

    /// No filter, or one of any share: all, half, one in ten, a hundred or a thousand, a single
    /// slot, none; as long as the index, cut short, or with bits beyond its end.
    fn filter(&mut self) -> Option<Vec<u32>> {
        if self.random.below(2) == 0 {
            return None;
        }
        let one_in = [1, 2, 10, 100, 1_000, usize::MAX][self.random.below(6)];
        let words = self.index.slot_count().div_ceil(32);
        let length = [words, words + 2, words / 2][self.random.below(3)];
        let mut filter = vec![0_u32; length];
        for bit in 0..length * 32 {
            filter[bit / 32] |= u32::from(self.random.below(one_in) == 0) << (bit % 32);
        }
        if let (Some(slot), true) = (self.any_slot(), one_in >= 1_000)
            && let Some(word) = filter.get_mut(slot as usize / 32)
        {
            *word |= 1 << (slot % 32);
        }
        Some(filter)
    }

    fn any_slot(&mut self) -> Option<u32> {
        let count = self.oracle.vectors.len();
        (count > 0).then(|| *self.oracle.vectors.keys().nth(self.random.below(count)).unwrap())
    }

    fn dimensions(&self) -> usize {
        self.index.options().dimensions as usize
    }

    fn work(&mut self) -> u64 {
        [0, 1, 50, 700, 5_000, 100_000][self.random.below(6)]
    }

    /// A vector that is there already, or a new one.
    fn query(&mut self) -> Vec<f32> {
        match self.any_slot() {
            Some(slot) if self.random.below(3) == 0 => self.oracle.vectors[&slot].clone(),
            _ => self.vector(),
        }
    }

    /// A new vector, sometimes near one that is there, sometimes of another size, rarely the same.
    fn vector(&mut self) -> Vec<f32> {
        let dimensions = self.dimensions();
        let fresh = self.random.vector(dimensions);
        let Some(slot) = self.any_slot() else { return fresh };
        let known = &self.oracle.vectors[&slot];
        match self.random.below(12) {
            0 => known.clone(),
            1..4 => known.iter().zip(&fresh).map(|(k, f)| k + 0.05 * f).collect(),
            4 => fresh.iter().map(|component| component * 30.0).collect(),
            5 => fresh.iter().map(|component| component / 30.0).collect(),
            _ => fresh,
        }
    }
}

/// Results must be `min(k, matches)` different matches, best first, each with a score of its own.
fn check_hits(hits: &Hits, matches: &BTreeMap<u32, RangeInclusive<f64>>, k: usize) {
    assert_eq!(hits.slots.len(), k.min(matches.len()), "min(k, matches)");
    assert_eq!(hits.slots.len(), hits.scores.len());
    assert!(hits.scores.is_sorted_by(|a, b| a >= b), "best first");
    assert_eq!(hits.slots.iter().collect::<BTreeSet<_>>().len(), hits.slots.len(), "no slot twice");
    for (slot, &score) in hits.slots.iter().zip(&hits.scores) {
        let may_be = matches.get(slot).unwrap_or_else(|| panic!("slot {slot} does not match"));
        assert!(may_be.contains(&f64::from(score)), "slot {slot}: {score} is not in {may_be:?}");
    }
}

/// An exact search leaves out only what can be no better than its last result.
fn check_nothing_better(hits: &Hits, matches: &BTreeMap<u32, RangeInclusive<f64>>) {
    let Some(&last) = hits.scores.last() else { return };
    let found: BTreeSet<_> = hits.slots.iter().collect();
    for (slot, score) in matches.iter().filter(|(slot, _)| !found.contains(slot)) {
        assert!(*score.start() <= f64::from(last), "slot {slot}: {score:?} is better than {last}");
    }
}
