//! Whether a search scans or walks the graph, and how.
//!
//! The constants are nanoseconds measured with this module in Node on one machine. Only their
//! ratios count, and no clock is asked: the same counts always give the same decision.

use crate::graph::pool::Key;

/// What a search is about to face.
#[derive(Debug, Clone, Copy)]
pub struct Situation {
    /// Vectors that may be results.
    pub matches: usize,
    /// Nodes of the graph, tombstones included.
    pub linked: usize,
    /// Results that the walk keeps.
    pub ef: usize,
    /// Links of a node.
    pub m: usize,
    /// Components of a vector.
    pub dimensions: usize,
}

/// What is around the place where the descent ended.
#[derive(Debug, Clone, Copy, Default)]
pub struct Surroundings {
    /// Nodes looked at.
    pub met: usize,
    /// Those of them that may be results.
    pub eligible: usize,
}

/// How to search.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// Compare all matches.
    Scan,
    /// Walk through nodes that cannot be results.
    Through,
    /// Walk the matches only, keeping so many.
    Among(usize),
}

/// From this share of matches on, walking through the others finds more in the same time.
const THROUGH_SHARE: f32 = 0.3;

/// So many nodes that cannot be results are always walked through: their cloud has an end.
const CROSSED: usize = 1024;

/// Below this share of what was to be expected, the query's neighbourhood counts as excluded.
const USUAL: f32 = 0.4;

/// How much wider a walk gets, at most, when its neighbourhood is excluded.
const WIDEST: f32 = 48.0;

/// Eligible nodes drawn where the neighbourhood is excluded.
pub const SAMPLES: usize = 1024;

/// Where between the first and the 128th of the samples the tenth lies at least.
const CROWDED: f32 = 0.17;

/// Graphs from this size on do not fit a cache.
const UNCACHED: f32 = 50_000.0;

impl Situation {
    fn share(self) -> f32 {
        (self.matches as f32 / self.linked.max(1) as f32).min(1.0)
    }

    /// The cost of a scan. Its records are the next ones, or wait together.
    fn scan(self) -> f32 {
        self.matches as f32 * (5.0 + self.dimensions as f32 / 5.0)
    }

    /// The cost of a walk: about the same for each result kept, whichever walk it is.
    fn walk(self, ef: usize) -> f32 {
        let miss = (self.linked as f32 / UNCACHED).min(1.0);
        let result = 300.0 + 2700.0 * miss + 2.0 * self.dimensions as f32;
        ef as f32 * result * self.m as f32 / 16.0
    }

    /// Whether so few match that two steps from a match hardly lead to another: about `2.4 m²`
    /// nodes are that near, and a graph wants `m` links.
    fn is_torn(self) -> bool {
        self.share() * 2.4 * (self.m as f32) < 1.0
    }
}

/// Whether scanning all matches costs less than walking, or a walk would miss too many.
pub fn prefers_scan(situation: Situation) -> bool {
    situation.linked == 0 || situation.is_torn() || situation.scan() <= situation.walk(situation.ef)
}

/// How to search where not all nodes may be results.
pub fn way(situation: Situation, around: Surroundings) -> Way {
    let local = around.eligible as f32 / around.met.max(1) as f32;
    let usual = local / situation.share();
    if situation.linked.saturating_sub(situation.matches) <= CROSSED {
        return Way::Through;
    }
    if usual >= USUAL {
        let through = situation.share() >= THROUGH_SHARE;
        return if through { Way::Through } else { Way::Among(situation.ef) };
    }
    let wider = (situation.ef as f32 * (1.0 / usual).min(WIDEST)) as usize;
    if situation.scan() <= situation.walk(wider) { Way::Scan } else { Way::Among(wider) }
}

/// Whether a filter has cut off all that is nearer than some distance.
///
/// `samples` are the nearest of [`SAMPLES`] matches drawn evenly, nearest first. The nearest of a
/// cloud are spread out: of the way from the first to the 128th, the tenth has gone a quarter to
/// a half. Where a cloud is cut through they crowd behind the cut: a tenth of that way, or less.
pub fn are_cut_off(samples: &[Key]) -> bool {
    let distance = |at: usize| samples.get(at).map(|key| key.distance());
    match (distance(0), distance(9), distance(127)) {
        (Some(first), Some(tenth), Some(last)) => tenth - first < CROWDED * (last - first),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::slots::Slot;

    fn situation(matches: usize, dimensions: usize, ef: usize) -> Situation {
        Situation { matches, linked: 100_000, ef, m: 16, dimensions }
    }

    #[test]
    fn few_matches_are_scanned_and_many_are_walked() {
        let scans = |matches, dimensions, ef| prefers_scan(situation(matches, dimensions, ef));
        assert!(scans(0, 768, 12) && scans(10, 768, 12) && scans(2_000, 768, 12));
        assert!(!scans(5_000, 768, 12) && !scans(100_000, 768, 12));
        assert!(scans(10_000, 100, 100), "short vectors are scanned sooner");
        assert!(!scans(50_000, 100, 100));
        assert!(scans(100_000, 100, 10_000), "a walk for a tenth of the index is no saving");
    }

    #[test]
    fn matches_behind_a_cut_are_told_from_a_cloud() {
        let samples = |distance: fn(f32) -> f32| {
            let key = |at: u32| Key::new(distance(at as f32), Slot(at), true);
            (0..200).map(key).collect::<Vec<_>>()
        };
        assert!(!are_cut_off(&samples(|at| (1.0 + at).ln())));
        assert!(are_cut_off(&samples(|at| 0.7 + 0.001 * at)));
        assert!(!are_cut_off(&samples(|at| 0.7 + 0.001 * at)[..100]), "too few to tell");
        assert!(!are_cut_off(&samples(|_| 0.5)), "copies");
    }

    #[test]
    fn the_neighbourhood_decides_how_to_walk() {
        let around = |eligible| Surroundings { met: 300, eligible };
        let way = |matches, dimensions, ef, eligible| {
            super::way(situation(matches, dimensions, ef), around(eligible))
        };
        assert_eq!(way(50_000, 768, 12, 150), Way::Through);
        assert_eq!(way(10_000, 768, 12, 30), Way::Among(12));
        assert_eq!(way(50_000, 768, 12, 30), Way::Among(60));
        assert_eq!(way(50_000, 768, 12, 0), Way::Among(576));
        assert_eq!(way(10_000, 768, 12, 0), Way::Scan);
        assert_eq!(way(50_000, 100, 100, 0), Way::Scan);
        assert_eq!(way(99_000, 768, 12, 0), Way::Through, "a small cloud of others is crossed");
    }
}
