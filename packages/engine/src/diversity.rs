//! Results that differ: maximal marginal relevance.
//!
//! Carbonell and Goldstein, "The Use of MMR, Diversity-Based Reranking for Reordering Documents
//! and Producing Summaries", SIGIR 1998. Of the candidates the nearest is chosen first, then
//! always the one for which
//!
//! ```text
//! (1 - diversity) · relevance  -  diversity · (the greatest likeness to one that was chosen)
//! ```
//!
//! is greatest, and of several such the nearest. All similarities come from the stored codes:
//!
//! ```text
//!           relevance                                  likeness of two candidates
//! cosine    score                                      their cosine
//! l2        score                                      1 / (1 + their distance)
//! dot       score / largest |score| of a candidate     their cosine
//! ```
//!
//! An inner product has no scale of its own, so that under dot a likeness could not be weighed
//! against it: there the best candidate has relevance 1 (or -1), whatever the length of the query.

use crate::distance::Metric;
use crate::error::{Result, reserve};
use crate::graph::pool::Key;
use crate::quant::query::Query;
use crate::records::Records;
use crate::search::Search;

/// Memory for choosing, used again and again.
#[derive(Debug, Default)]
pub struct Diversity {
    chosen: Vec<Key>,
    /// Candidates that are left, nearest first.
    left: Vec<Candidate>,
    slots: Vec<u32>,
    distances: Vec<f32>,
    evaluations: u64,
}

#[derive(Debug, Clone, Copy)]
struct Candidate {
    key: Key,
    relevance: f32,
    /// Under dot, where a likeness is a cosine.
    norm: f32,
    /// The greatest likeness to one that was chosen.
    likeness: f32,
}

impl Diversity {
    /// What was chosen, in that order.
    pub fn chosen(&self) -> &[Key] {
        &self.chosen
    }

    /// Distances that choosing took.
    pub fn evaluations(&self) -> u64 {
        self.evaluations
    }

    /// Chooses `search.k` of the candidates, which are sorted by their distance from the query.
    /// Afterwards `probe` asks for something else.
    pub fn choose(
        &mut self,
        records: &Records,
        probe: &mut Query,
        metric: Metric,
        search: &Search<'_>,
        candidates: &[Key],
    ) -> Result<()> {
        self.weigh(records, probe, metric, candidates)?;
        let (mut next, mut room) = (0, search.k.min(candidates.len()));
        while room > 0 {
            let chosen = self.left.remove(next);
            self.slots.remove(next);
            self.chosen.push(chosen.key);
            room -= 1;
            if room == 0 || self.left.is_empty() {
                break;
            }
            self.compare(records, probe, metric, chosen);
            next = self.best(search.diversity);
        }
        Ok(())
    }

    /// Sets out the candidates.
    fn weigh(
        &mut self,
        records: &Records,
        probe: &mut Query,
        metric: Metric,
        candidates: &[Key],
    ) -> Result<()> {
        self.evaluations = 0;
        self.chosen.clear();
        self.left.clear();
        self.slots.clear();
        reserve(&mut self.chosen, candidates.len())?;
        reserve(&mut self.left, candidates.len())?;
        reserve(&mut self.slots, candidates.len())?;
        reserve(&mut self.distances, candidates.len())?;
        let scores = || candidates.iter().map(|key| metric.score(key.distance()));
        let unit = match metric {
            Metric::Dot => scores().fold(f32::MIN_POSITIVE, |most, score| most.max(score.abs())),
            Metric::Cosine | Metric::L2 => 1.0,
        };
        for (&key, score) in candidates.iter().zip(scores()) {
            let mut norm = 1.0;
            if metric == Metric::Dot {
                probe.set_record(records, key.slot());
                norm = (0.0 - probe.distance(records, key.slot())).sqrt();
                self.evaluations += 1;
            }
            let relevance = score / unit;
            self.left.push(Candidate { key, relevance, norm, likeness: f32::NEG_INFINITY });
            self.slots.push(key.slot().0);
        }
        Ok(())
    }

    /// Notes how like `chosen` each candidate is that is left.
    fn compare(&mut self, records: &Records, probe: &mut Query, metric: Metric, chosen: Candidate) {
        self.distances.resize(self.slots.len(), 0.0);
        probe.set_record(records, chosen.key.slot());
        probe.distances(records, &self.slots, &mut self.distances);
        self.evaluations += self.slots.len() as u64;
        for (candidate, &distance) in self.left.iter_mut().zip(&self.distances) {
            let mut likeness = metric.score(distance);
            if metric == Metric::Dot {
                // A vector of zeros is like none.
                let norms = (candidate.norm * chosen.norm).max(f32::MIN_POSITIVE);
                likeness = (likeness / norms).clamp(-1.0, 1.0);
            }
            candidate.likeness = candidate.likeness.max(likeness);
        }
    }

    fn best(&self, diversity: f32) -> usize {
        let mut best = (0, f32::NEG_INFINITY);
        for (at, candidate) in self.left.iter().enumerate() {
            let value = (1.0 - diversity) * candidate.relevance - diversity * candidate.likeness;
            if value > best.1 {
                best = (at, value);
            }
        }
        best.0
    }
}
