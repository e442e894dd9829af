//! Seeded data and small oracles for the tests.
#![allow(dead_code, reason = "each test file uses a part")]

pub mod hostile;
pub mod snapshots;

use akin_engine::{Index, Metric, Options, Search};

/// Whether everything is to be tried that takes minutes: `AKIN_LONG=1`.
pub fn long() -> bool {
    std::env::var_os("AKIN_LONG").is_some_and(|value| value == "1")
}

/// SplitMix64: the same numbers for the same seed, here and in the tests in JavaScript.
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A whole number below `end`.
    pub fn below(&mut self, end: usize) -> usize {
        (self.next() >> 11) as usize % end
    }

    /// A float from -1 to 1, exact on every machine.
    pub fn float(&mut self) -> f32 {
        (self.next() >> 40) as f32 / (1 << 23) as f32 - 1.0
    }

    /// About normally distributed.
    pub fn normal(&mut self) -> f32 {
        (0..6).map(|_| self.float()).sum::<f32>() * 0.707
    }

    pub fn vector(&mut self, dimensions: usize) -> Vec<f32> {
        (0..dimensions).map(|_| self.float()).collect()
    }
}

/// Vectors around centres in a space of fewer dimensions than they have.
pub fn clustered(seed: u64, count: usize, dimensions: usize) -> Vec<Vec<f32>> {
    let (latent, centres) = (16, 40);
    let mut random = Random::new(seed);
    let mut normals = |count: usize| (0..count).map(|_| random.normal()).collect::<Vec<_>>();
    let centres: Vec<_> = (0..centres).map(|_| normals(latent)).collect();
    let projection: Vec<_> = (0..latent).map(|_| normals(dimensions)).collect();
    (0..count)
        .map(|_| {
            let centre = &centres[random.below(centres.len())];
            let point: Vec<_> = centre.iter().map(|c| c + 0.55 * random.normal()).collect();
            let mut vector: Vec<_> = (0..dimensions).map(|_| 0.02 * random.normal()).collect();
            for (weight, line) in point.iter().zip(&projection) {
                for (component, direction) in vector.iter_mut().zip(line) {
                    *component += weight * direction / 4.0;
                }
            }
            vector
        })
        .collect()
}

/// Vectors of little structure, the hard case of a graph: no clusters, and no dimension that says
/// much more than another. Word vectors lie between these and [`clustered`] ones.
pub fn diffuse(seed: u64, count: usize, dimensions: usize) -> Vec<Vec<f32>> {
    let mut random = Random::new(seed);
    let spread: Vec<_> = (0..dimensions).map(|at| (1.0 + at as f32).powf(-0.25)).collect();
    (0..count).map(|_| spread.iter().map(|size| size * random.normal()).collect()).collect()
}

/// Vectors in clusters from which no link leads to another.
pub fn islands(seed: u64, count: usize, dimensions: usize) -> Vec<Vec<f32>> {
    let mut random = Random::new(seed);
    let centres: Vec<_> = (0..20).map(|_| random.vector(dimensions)).collect();
    let near = |_| {
        let centre = &centres[random.below(centres.len())];
        centre.iter().map(|component| component + 0.02 * random.normal()).collect()
    };
    (0..count).map(near).collect()
}

/// Options for a graph from the first vector on.
pub fn graph_options(dimensions: usize) -> Options {
    Options { exact_below: 0, ..Options::new(dimensions as u32) }
}

/// An index of these vectors, its graph complete.
pub fn built(options: Options, vectors: &[Vec<f32>]) -> Index {
    let mut index = Index::new(options).unwrap();
    index.add(&vectors.concat()).unwrap();
    assert!(index.build_step(u64::MAX).unwrap());
    assert_eq!(index.pending(), 0);
    index
}

/// The similarity that a score promises, computed from the vectors themselves.
pub fn similarity(metric: Metric, a: &[f32], b: &[f32]) -> f32 {
    let inner = |a: &[f32], b: &[f32]| -> f64 {
        a.iter().zip(b).map(|(&a, &b)| f64::from(a) * f64::from(b)).sum()
    };
    let score = match metric {
        Metric::Cosine => inner(a, b) / (inner(a, a) * inner(b, b)).sqrt(),
        Metric::Dot => inner(a, b),
        Metric::L2 => {
            let difference: Vec<f32> = a.iter().zip(b).map(|(a, b)| a - b).collect();
            1.0 / (1.0 + inner(&difference, &difference).sqrt())
        }
    };
    score as f32
}

/// The share of the exact ten nearest that a search finds.
pub fn recall(index: &mut Index, queries: &[Vec<f32>]) -> f64 {
    let mut found = 0;
    let mut wanted = 0;
    for query in queries {
        let exact = Search { k: 10, exact: true, ..Search::default() };
        let exact = index.search(query, &exact).unwrap();
        let hits = index.search(query, &Search { k: 10, ..Search::default() }).unwrap();
        assert_eq!(hits.slots.len(), exact.slots.len());
        // By score, so that any of several equal vectors counts.
        let last = exact.scores.last().copied().unwrap_or_default();
        found += hits.scores.iter().filter(|&&score| score >= last).count();
        wanted += exact.slots.len();
    }
    found as f64 / wanted.max(1) as f64
}

/// How many of the live vectors are not the first that a search for them finds.
pub fn missed(index: &mut Index) -> usize {
    let live: Vec<_> = (0..index.slot_count() as u32)
        .filter_map(|slot| index.vector(slot).unwrap().map(|vector| (slot, vector)))
        .collect();
    assert_eq!(live.len(), index.len());
    let mut missed = 0;
    for (slot, vector) in live {
        let search = Search { k: 1, ef: Some(16), ..Search::default() };
        missed += usize::from(index.search(&vector, &search).unwrap().slots != [slot]);
    }
    missed
}

/// Checks everything that a snapshot is checked for, which is every invariant of the structure.
pub fn assert_valid(index: &Index) {
    let bytes = index.snapshot().unwrap();
    assert_eq!(bytes.len(), index.snapshot_bytes().unwrap());
    let opened = Index::open(&bytes).unwrap();
    assert_eq!(opened.len(), index.len());
    assert_eq!(opened.pending(), index.pending());
    assert_eq!(opened.tombstones(), index.tombstones());
    assert!(opened.snapshot().unwrap() == bytes, "opening changed the index");
}
