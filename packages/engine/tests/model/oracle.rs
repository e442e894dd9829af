//! The vectors of the slots as the caller of an index believes them to be, and what scores they
//! may have.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use akin_engine::Metric;

/// Levels of a component of a stored vector on either side of zero.
const LEVELS: f64 = 127.0;

/// The same of a query, of which the engine keeps more: with 4,096 dimensions it has least room.
const QUERY_LEVELS: f64 = 4095.0;

/// Standard deviations that a sum of rounding errors may be off: less than one in 10^11 is further.
const DEVIATIONS: f64 = 7.0;

/// What floats lose of a sum, as a share of its terms.
const FLOAT: f64 = 1e-6;

/// Everything in an index.
#[derive(Debug)]
pub struct Oracle {
    pub metric: Metric,
    pub vectors: BTreeMap<u32, Vec<f32>>,
}

impl Oracle {
    /// The matching slots, each with the scores that an index may give it.
    pub fn matches(
        &self,
        query: &[f32],
        passes: impl Fn(u32) -> bool,
    ) -> BTreeMap<u32, RangeInclusive<f64>> {
        let matching = self.vectors.iter().filter(|(slot, _)| passes(**slot));
        matching.map(|(&slot, vector)| (slot, scores(self.metric, query, vector))).collect()
    }
}

/// The exact score, give or take what rounding a vector to eight bits may do to it.
pub fn scores(metric: Metric, query: &[f32], vector: &[f32]) -> RangeInclusive<f64> {
    let (steps, query_steps) = (largest(vector) / LEVELS, largest(query) / QUERY_LEVELS);
    let product = inner(query, vector);
    let squares = [inner(query, query), inner(vector, vector)];
    let lengths = squares.map(f64::sqrt);
    let both = query.iter().zip(vector).map(|(&q, &v)| (f64::from(q), f64::from(v)));
    let rounding = |length: f64, step: f64| step / 2.0 * (query.len() as f64).sqrt() / length;
    match metric {
        Metric::Cosine => {
            let cosine = product / (lengths[0] * lengths[1]);
            // Only what is at a right angle to a vector turns it.
            let unit = both.map(|(q, v)| (q / lengths[0], v / lengths[1]));
            let vector_turns = off(unit.clone().map(|(q, v)| q - cosine * v), steps / lengths[1]);
            let query_turns = off(unit.map(|(q, v)| v - cosine * q), query_steps / lengths[0]);
            let bend = rounding(lengths[1], steps) + rounding(lengths[0], query_steps);
            let error = vector_turns + query_turns + 1.5 * bend * bend + 10.0 * FLOAT;
            cosine - error..=cosine + error
        }
        Metric::Dot => {
            let vector_off = off(both.clone().map(|(q, _)| q), steps);
            let query_off = off(both.map(|(_, v)| v), query_steps);
            let crossed = steps * query_steps * query.len() as f64 / 4.0;
            let error = vector_off + query_off + crossed + FLOAT * lengths[0] * lengths[1];
            product - error..=product + error
        }
        Metric::L2 => {
            let square: f64 = both.clone().map(|(q, v)| (q - v) * (q - v)).sum();
            let sides = off(both.map(|(q, v)| 2.0 * (q - v)), steps + query_steps);
            let corner = (steps + query_steps) / 2.0;
            let error = sides
                + corner * corner * query.len() as f64
                + 4.0 * FLOAT * (squares[0] + squares[1]);
            let score = |square: f64| 1.0 / (1.0 + square.max(0.0).sqrt());
            score(square + error) - FLOAT..=score(square - error) + FLOAT
        }
    }
}

/// How far a weighted sum of rounding errors can be off: at the worst, or as good as ever.
fn off(weights: impl Iterator<Item = f64>, step: f64) -> f64 {
    let (sum, square) =
        weights.fold((0.0, 0.0), |(sum, square), w| (sum + w.abs(), square + w * w));
    (step / 2.0 * sum).min(DEVIATIONS * step * (square / 12.0).sqrt())
}

fn inner(a: &[f32], b: &[f32]) -> f64 {
    a.iter().zip(b).map(|(&a, &b)| f64::from(a) * f64::from(b)).sum()
}

fn largest(vector: &[f32]) -> f64 {
    vector.iter().fold(0.0, |most, &component| f64::from(component).abs().max(most))
}
