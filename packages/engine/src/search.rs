//! Searching: what a search asks for, how it is answered, and what that cost.

use crate::error::{Error, Result, reserve};
use crate::exact::{TopK, scan};
use crate::graph::Eligible;
use crate::graph::pool::Key;
use crate::index::Index;
use crate::options::EF_MAX;
use crate::plan::{Situation, prefers_scan};

/// Results of a range search that a first scan has room for. Few have more, and those that do
/// are scanned once more: better than room for every vector each time.
const RANGE_ROOM: usize = 1024;

/// How many nodes a range search by walking keeps for each that scores enough. The farthest nodes
/// of a walk are its least certain: on 30,000 uniform vectors of 32 dimensions and with 64 nodes,
/// 0.85 of 50 matches are found among them and 0.95 among 128.
const RANGE_MARGIN: usize = 2;

/// Candidates of a diversified search for each of its results, unless it says how many.
const FETCH_PER_RESULT: usize = 4;

/// What to search for.
#[derive(Debug, Clone, Copy, Default)]
pub struct Search<'a> {
    /// How many results; fewer come back only where fewer match.
    pub k: usize,
    /// Nodes kept while walking, instead of the index's own `ef_search`; at least `k` are.
    pub ef: Option<u32>,
    /// Scan everything, whatever it costs.
    pub exact: bool,
    /// Slots that may be results, one bit each, lowest bit first.
    pub filter: Option<&'a [u32]>,
    /// Only results that score at least this, on the scale of the metric: a range search.
    pub min_score: Option<f64>,
    /// How much results shall differ from one another: 0 not at all, 1 as much as they can.
    pub diversity: f32,
    /// Candidates among which a diversified search chooses: `4 k` by default, at least `k`.
    pub fetch_k: Option<u32>,
}

/// Results: best first or, of a diversified search, in the order in which they were chosen.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Hits {
    /// The slots found.
    pub slots: Vec<u32>,
    /// Their similarities to the query: higher is better under every metric.
    pub scores: Vec<f32>,
}

/// How a search was answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Plan {
    /// Every match was compared: the results are exact.
    Scan,
    /// The graph was walked.
    Walk,
}

/// What a search took.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Effort {
    /// Distances computed.
    pub evaluations: u64,
    /// How it was answered.
    pub plan: Plan,
}

/// Results of several searches. Used again, it allocates nothing once it is large enough.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Batch {
    /// Those of all searches, one after the other.
    pub hits: Hits,
    /// How many of them belong to each.
    pub counts: Vec<u32>,
    /// What each took.
    pub efforts: Vec<Effort>,
}

/// What all searches of a batch may find.
#[derive(Debug, Clone, Copy)]
struct Scope {
    matches: usize,
    is_filtered: bool,
}

impl Index {
    /// Finds the nearest vectors: always `k` of them, or all that match where those are fewer.
    ///
    /// With `min_score`, what scores less does not match. A scan then finds every match. A walk is
    /// done again with twice as many nodes while more than half of those it kept score enough and
    /// there are fewer than `k`: it does not stop at `ef`, and finds a match as likely as a search
    /// for as many nearest finds one of them.
    ///
    /// With `diversity`, results are chosen as [`Diversity`](crate::diversity::Diversity) says.
    pub fn search(&mut self, query: &[f32], search: &Search<'_>) -> Result<Hits> {
        let expected = self.options.dimensions as usize;
        if query.len() != expected {
            return Err(Error::DimensionMismatch { expected, received: query.len() });
        }
        let mut batch = Batch::default();
        self.search_many(query, search, &mut batch)?;
        Ok(batch.hits)
    }

    /// Does the same search for several queries, given one after the other, and puts the results
    /// in place of what `batch` held. After an error that is a part of them.
    pub fn search_many(
        &mut self,
        queries: &[f32],
        search: &Search<'_>,
        batch: &mut Batch,
    ) -> Result<()> {
        let expected = self.options.dimensions as usize;
        if !queries.len().is_multiple_of(expected) {
            return Err(Error::DimensionMismatch { expected, received: queries.len() });
        }
        search.check()?;
        let scope = self.scope(search);
        batch.clear();
        let Batch { hits, counts, efforts } = batch;
        reserve(counts, queries.len() / expected)?;
        reserve(efforts, queries.len() / expected)?;
        for (row, query) in queries.chunks_exact(expected).enumerate() {
            let before = self.scratch.evaluations;
            self.scratch.query.set_vector(query).map_err(|error| error.in_row(row))?;
            let (mut keys, plan) = self.find(search, scope)?;
            if search.diversity > 0.0 {
                let (metric, scratch) = (self.options.metric, &mut self.scratch);
                self.diversity.choose(&self.records, &mut scratch.query, metric, search, &keys)?;
                scratch.evaluations += self.diversity.evaluations();
                keys.clear();
                keys.extend_from_slice(self.diversity.chosen());
            }
            self.collect(&keys, hits)?;
            counts.push(keys.len() as u32);
            efforts.push(Effort { evaluations: self.scratch.evaluations - before, plan });
        }
        Ok(())
    }

    /// Intersects the filter with what there is.
    fn scope(&mut self, search: &Search<'_>) -> Scope {
        match search.filter {
            Some(filter) => {
                self.matches.intersect(&self.slots, filter);
                Scope { matches: self.matches.count(), is_filtered: true }
            }
            None => Scope { matches: self.len(), is_filtered: false },
        }
    }

    /// The nearest matches of the query in the scratch, nearest first.
    fn find(&mut self, search: &Search<'_>, scope: Scope) -> Result<(Vec<Key>, Plan)> {
        let k = search.candidates().min(scope.matches);
        if k == 0 {
            return Ok((Vec::new(), Plan::Scan));
        }
        let least = search.ef.unwrap_or(self.options.ef_search) as usize;
        let mut wanted = if search.min_score.is_some() { k.min(least) } else { k };
        loop {
            let ef = wanted.max(least);
            let situation = Situation {
                matches: scope.matches,
                linked: self.graph.linked().len(),
                ef,
                m: self.options.m as usize,
                dimensions: self.options.dimensions as usize,
            };
            let scans = search.exact || prefers_scan(situation);
            let mut plan = if scans { Plan::Scan } else { Plan::Walk };
            if plan == Plan::Scan && wanted < k {
                wanted = k.min(wanted.max(RANGE_ROOM));
            }
            let mut nearest = TopK::new(wanted)?;
            if plan == Plan::Walk && !self.walk(situation, scope.is_filtered, &mut nearest) {
                plan = Plan::Scan;
            }
            if plan == Plan::Scan {
                nearest.clear();
                let words = self.words(scope.is_filtered);
                self.scratch.evaluations += self.scan(words, words, &mut nearest);
            }
            let mut keys = nearest.into_sorted();
            let Some(min_score) = search.min_score else { return Ok((keys, plan)) };
            let enough = keys.partition_point(|key| self.score(key) >= min_score);
            let is_sure = match plan {
                Plan::Scan => enough < keys.len(),
                Plan::Walk => enough * RANGE_MARGIN <= keys.len(),
            };
            if is_sure || wanted == k {
                keys.truncate(enough);
                return Ok((keys, plan));
            }
            wanted = if plan == Plan::Scan { k } else { k.min(ef.saturating_mul(2)) };
        }
    }

    fn score(&self, key: &Key) -> f64 {
        f64::from(self.options.metric.score(key.distance()))
    }

    /// One bit for each slot that may be a result.
    fn words(&self, is_filtered: bool) -> &[u32] {
        if is_filtered { self.matches.words() } else { self.slots.live().words() }
    }

    /// Searches the graph, and scans what is not in it yet; says no where a full scan is cheaper, memory
    /// was lacking, or the graph gave too little.
    fn walk(&mut self, situation: Situation, is_filtered: bool, nearest: &mut TopK) -> bool {
        let live = self.slots.live().words();
        let words = if is_filtered { self.matches.words() } else { live };
        if !is_filtered && self.tombstones() == 0 {
            self.graph.search(&self.records, situation.ef, Eligible::All, &mut self.scratch);
        } else if !self.graph.search_among(&self.records, words, situation, &mut self.scratch) {
            return false;
        }
        if self.scratch.pool.lacks() {
            return false;
        }
        for key in self.scratch.pool.results() {
            nearest.push(key);
        }
        let walked = nearest.len();
        let mut scanned = 0;
        if !self.slots.pending().is_empty() {
            let words = self.words(is_filtered);
            scanned = self.scan(words, self.slots.pending().words(), nearest);
            self.scratch.evaluations += scanned;
        }
        // A walk may miss matches that the graph hardly reaches. Fewer than promised is no answer.
        walked >= nearest.most().min(situation.matches - scanned as usize)
    }

    /// Compares the query with what is in both bitmaps.
    fn scan(&self, words: &[u32], others: &[u32], nearest: &mut TopK) -> u64 {
        let both = words.iter().zip(others).map(|(word, other)| word & other);
        scan(&self.records, &self.scratch.query, both, nearest)
    }

    fn collect(&self, keys: &[Key], hits: &mut Hits) -> Result<()> {
        // Not exactly: a batch comes here for each of its queries.
        hits.slots.try_reserve(keys.len()).map_err(|_| Error::OutOfMemory)?;
        hits.scores.try_reserve(keys.len()).map_err(|_| Error::OutOfMemory)?;
        for key in keys {
            hits.slots.push(key.slot().0);
            hits.scores.push(self.options.metric.score(key.distance()));
        }
        Ok(())
    }
}

impl Batch {
    fn clear(&mut self) {
        self.hits.slots.clear();
        self.hits.scores.clear();
        self.counts.clear();
        self.efforts.clear();
    }
}

impl Search<'_> {
    fn check(&self) -> Result<()> {
        let range = |name, most| Error::OptionOutOfRange { name, least: 1, most };
        if self.ef.is_some_and(|ef| ef == 0 || ef > EF_MAX) {
            return Err(range("efSearch", EF_MAX));
        }
        if self.fetch_k.is_some_and(|fetch_k| fetch_k == 0 || fetch_k > EF_MAX) {
            return Err(range("fetchK", EF_MAX));
        }
        if self.min_score.is_some_and(f64::is_nan) {
            return Err(Error::NotANumber { name: "minScore" });
        }
        if !(0.0..=1.0).contains(&self.diversity) {
            return Err(Error::OptionOutOfRange { name: "diversity", least: 0, most: 1 });
        }
        if self.diversity > 0.0 && self.k > EF_MAX as usize {
            return Err(Error::TooManyToDiversify { most: EF_MAX as usize });
        }
        Ok(())
    }

    /// How many vectors to find before choosing among them.
    fn candidates(&self) -> usize {
        if self.diversity == 0.0 {
            return self.k;
        }
        let most = EF_MAX as usize;
        let fetch_k = self.fetch_k.map_or(self.k * FETCH_PER_RESULT, |fetch_k| fetch_k as usize);
        fetch_k.min(most).max(self.k)
    }
}
