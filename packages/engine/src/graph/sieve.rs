//! Whether a look at the head of a record can spare the rest of it.
//!
//! A search rejects most of the nodes that it meets. The first 112 dimensions often say so already:
//! were the others like them, the squared distance would be `dimensions / 112` times as large. A
//! node is rejected when that estimate, times a factor below 1 for those nearer than they look, is
//! beyond the farthest node kept.
//!
//! How far to trust the estimate depends on the data, so it is measured: nodes of the graph are
//! searched for without a sieve, and the factor is set so that it would have let nearly all of the
//! nearest pass. Where too few are rejected to pay for asking twice, the sieve is switched off. The
//! measurement is repeated each time the graph has doubled; between, and in snapshots, its result
//! is state like any other, so that the same operations still give the same graph.

use super::pool::{Key, sort};
use super::{Eligible, Graph, Scratch};
use crate::distance::Metric;
use crate::records::{HEAD_DIMENSIONS, Records};
use crate::slots::Slot;

/// Nodes below which nothing is measured: such graphs are searched in no time.
const LEAST_NODES: usize = 1024;
/// Nodes searched for, the nearest of each that should pass, and how many are kept meanwhile.
const SAMPLES: usize = 48;
const NEAREST: usize = 10;
const SAMPLE_EF: usize = 20;
/// The share of the nearest that may be lost.
const LOSS: f32 = 0.01;
/// Beyond this share of nodes that pass, a search without a sieve is as fast.
const WORTH_IT: f32 = 0.7;

/// 4,096 dimensions are 36.6 times 112.
const STRICTEST: f32 = 40.0;

/// How heads are judged.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Sieve {
    strictness: f32,
    /// Whether what heads estimate is taken for the distance.
    is_rough: bool,
}

impl Sieve {
    /// A sieve that was measured before; 0 is one that is switched off.
    pub fn new(strictness: f32) -> Self {
        Self { strictness, is_rough: false }
    }

    /// The sieve of a snapshot, if it can be one.
    pub fn from_bits(bits: u32) -> Option<Self> {
        let strictness = f32::from_bits(bits);
        (0.0..=STRICTEST).contains(&strictness).then_some(Self::new(strictness))
    }

    /// The sieve as it is kept in snapshots.
    pub fn to_bits(self) -> u32 {
        self.strictness.to_bits()
    }

    /// The same for a search that only asks whereabouts the near ones are: what heads estimate is
    /// taken for the distance. One that is switched off stays so.
    pub fn rough(self) -> Self {
        Self { is_rough: self.strictness > 0.0, ..self }
    }

    /// Whether what heads estimate is taken for the distance.
    #[inline(always)]
    pub fn is_rough(self) -> bool {
        self.is_rough
    }

    /// What the squared distance of two heads is multiplied by; nothing when switched off.
    #[inline(always)]
    pub fn strictness(self) -> Option<f32> {
        (self.strictness > 0.0).then_some(self.strictness)
    }
}

impl Graph {
    /// Measures the sieve anew where the graph, which had `before` nodes, has since reached a power
    /// of two.
    #[inline(never)]
    pub fn tune_sieve(
        &mut self,
        records: &Records,
        metric: Metric,
        before: usize,
        scratch: &mut Scratch,
    ) {
        let nodes = self.linked.len();
        // The inner product does not grow with the distance: its heads say nothing.
        let sieves = records.has_tails() && metric != Metric::Dot;
        if !sieves || nodes < LEAST_NODES || nodes.leading_zeros() >= before.leading_zeros() {
            return;
        }
        self.sieve = Sieve::default();
        let samples = self.samples();
        let ratio = records.dimensions() as f32 / HEAD_DIMENSIONS as f32;
        let mut factors = Vec::new();
        if factors.try_reserve_exact(SAMPLES * NEAREST).is_err() {
            return;
        }
        for &slot in &samples {
            scratch.query.set_record(records, slot);
            self.search(records, SAMPLE_EF, Eligible::All, scratch);
            let Scratch { query, pool, sifted, .. } = &mut *scratch;
            let Some(worst) = pool.keys().last() else { continue };
            for key in pool.keys().iter().filter(|key| key.slot() != slot).take(NEAREST) {
                query.sift(records, &[key.slot().0], f32::INFINITY, ratio, sifted);
                for &estimate in sifted.estimates().iter().filter(|&&estimate| estimate > 0.0) {
                    factors.push(Key::new(worst.distance() / estimate, slot, true));
                }
            }
        }
        sort(&mut factors);
        let Some(lost) = factors.get((factors.len() as f32 * LOSS) as usize) else { return };
        self.sieve = Sieve::new(ratio * lost.distance().clamp(0.0, 1.0));

        let (met, completed) = (scratch.evaluations, scratch.completed);
        for &slot in &samples {
            scratch.query.set_record(records, slot);
            self.search(records, SAMPLE_EF, Eligible::All, scratch);
        }
        let met = (scratch.evaluations - met) as f32;
        if (scratch.completed - completed) as f32 > met * WORTH_IT {
            self.sieve = Sieve::default();
        }
    }

    /// Some nodes, evenly spread over the slots.
    fn samples(&self) -> Vec<Slot> {
        let step = (self.linked.len() / SAMPLES).max(1);
        self.linked.iter().step_by(step).take(SAMPLES).collect()
    }
}
