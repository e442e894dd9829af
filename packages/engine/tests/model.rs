//! Random operations against a model that knows every vector.
//!
//! `AKIN_MODEL_RUNS` and `AKIN_MODEL_SEED` choose how many runs and which: a failure names the
//! seed of its run.

mod support;

use std::collections::BTreeMap;

use akin_engine::{Index, Metric, Options, Search};
use support::{Random, assert_valid, similarity};

const OPERATIONS: usize = 200;

/// The vectors of the slots, as the caller of an index believes them to be.
struct Model {
    metric: Metric,
    vectors: BTreeMap<u32, Vec<f32>>,
}

#[test]
fn an_index_agrees_with_a_list_of_vectors() {
    let number = |name: &str| std::env::var(name).ok().and_then(|value| value.parse().ok());
    let first: u64 = number("AKIN_MODEL_SEED").unwrap_or(1);
    for seed in first..first + number("AKIN_MODEL_RUNS").unwrap_or(60) {
        println!("seed {seed}");
        run(&mut Random::new(seed), seed);
    }
}

fn run(random: &mut Random, seed: u64) {
    let metric = [Metric::Cosine, Metric::Dot, Metric::L2][random.below(3)];
    let options = Options {
        metric,
        m: [2, 4, 16][random.below(3)],
        ef_construction: [8, 40][random.below(2)],
        ef_search: [1, 6, 30][random.below(3)],
        exact_below: [0, 100][random.below(2)],
        seed,
        ..Options::new([1, 3, 20, 130][random.below(4)])
    };
    let mut index = Index::new(options).unwrap();
    let mut model = Model { metric, vectors: BTreeMap::new() };
    for _ in 0..OPERATIONS {
        operate(random, &mut index, &mut model);
        assert_eq!(index.len(), model.vectors.len());
        assert!(model.vectors.keys().all(|&slot| (slot as usize) < index.slot_count()));
    }
    assert_valid(&index);
    assert!(index.build_step(u64::MAX).unwrap());
    assert!(index.compact(u64::MAX).unwrap());
    assert!(index.compact(u64::MAX).unwrap());
    assert_eq!(index.tombstones(), 0);
    assert_valid(&index);
    for _ in 0..5 {
        model.check_search(random, &mut index);
    }
}

fn operate(random: &mut Random, index: &mut Index, model: &mut Model) {
    let dimensions = index.options().dimensions as usize;
    match random.below(20) {
        0..6 => {
            let count = random.below(30);
            let vectors: Vec<_> = (0..count).map(|_| model.vector(random, dimensions)).collect();
            let slots = index.add(&vectors.concat()).unwrap();
            assert_eq!(slots.len(), count);
            for (slot, vector) in slots.into_iter().zip(vectors) {
                assert!(model.vectors.insert(slot, vector).is_none(), "slot {slot} was taken");
            }
        }
        6..9 => {
            let share = random.below(4);
            let mut slots: Vec<u32> =
                model.vectors.keys().copied().filter(|_| random.below(8) < share).collect();
            let expected = slots.len();
            // Unknown slots and repetitions are passed over.
            slots.extend([u32::MAX, index.slot_count() as u32]);
            slots.extend(slots.first().copied());
            assert_eq!(index.remove(&slots), expected);
            slots.iter().for_each(|slot| drop(model.vectors.remove(slot)));
        }
        9..12 => drop(index.build_step(1 + random.below(3_000) as u64).unwrap()),
        12..14 => drop(index.compact(1 + random.below(2_000) as u64).unwrap()),
        14 => {
            let bytes = index.snapshot().unwrap();
            *index = Index::open(&bytes).unwrap();
            assert!(index.snapshot().unwrap() == bytes);
        }
        15 => {
            let mut vectors = model.vector(random, dimensions).repeat(3);
            vectors[dimensions] = f32::NAN;
            assert!(index.add(&vectors).is_err());
        }
        _ => model.check_search(random, index),
    }
}

impl Model {
    /// A vector, sometimes one that is there already.
    fn vector(&self, random: &mut Random, dimensions: usize) -> Vec<f32> {
        match self.vectors.values().next() {
            Some(vector) if random.below(5) == 0 => vector.clone(),
            _ => random.vector(dimensions),
        }
    }

    fn check_search(&self, random: &mut Random, index: &mut Index) {
        let query = random.vector(index.options().dimensions as usize);
        let tolerance = tolerance(query.len());
        let bits: Vec<u32> = (0..index.slot_count().div_ceil(32) + 1)
            .map(|_| (random.next() & random.next()) as u32)
            .collect();
        let filter = (random.below(2) == 0).then_some(bits.as_slice());
        let passes =
            |slot: u32| filter.is_none_or(|f| f[slot as usize / 32] >> (slot % 32) & 1 == 1);
        let mut truth: Vec<f32> = self
            .vectors
            .iter()
            .filter(|(slot, _)| passes(**slot))
            .map(|(_, vector)| similarity(self.metric, &query, vector))
            .collect();
        truth.sort_by(|a, b| b.total_cmp(a));

        let k = [0, 1, 5, 40, usize::MAX][random.below(5)];
        let exact = random.below(3) == 0;
        let search = Search { k, filter, exact, ..Search::default() };
        let hits = index.search(&query, &search).unwrap();
        assert_eq!(hits.slots.len(), k.min(truth.len()), "min(k, matches)");
        assert_eq!(hits.slots.len(), hits.scores.len());
        assert!(hits.scores.is_sorted_by(|a, b| a >= b), "best first");
        for (&slot, &score) in hits.slots.iter().zip(&hits.scores) {
            assert!(passes(slot), "slot {slot} does not match");
            let expected = similarity(self.metric, &query, &self.vectors[&slot]);
            assert!((score - expected).abs() <= tolerance, "{score} for {expected}");
        }
        let mut slots = hits.slots.clone();
        slots.sort_unstable();
        slots.dedup();
        assert_eq!(slots.len(), hits.slots.len(), "no slot twice");
        if exact {
            for (&score, &expected) in hits.scores.iter().zip(&truth) {
                assert!(score >= expected - tolerance, "{score} where {expected} is");
            }
        }
    }
}

/// What rounding to eight bits may change: six standard deviations of an inner product with
/// components that are each wrong by up to half of 1/127.
fn tolerance(dimensions: usize) -> f32 {
    0.02 + 6.0 * 0.29 / 127.0 * (dimensions as f32 / 3.0).sqrt()
}
