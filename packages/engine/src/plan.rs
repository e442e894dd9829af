//! Whether a search scans or walks the graph.

/// Distances that a walk computes for each result it keeps, as a multiple of `m`. Measured on
/// clustered and on word vectors at `m` = 16: 5 to 20 an `ef`, most where the data has least shape.
const WALK_PER_RESULT: f64 = 1.0;

/// How much longer a distance of a walk takes than one of a scan: its record is somewhere else
/// each time, a scan's is the next one.
const WALK_PENALTY: f64 = 2.0;

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
}

/// Whether scanning all matches costs less than walking.
///
/// Where only a share of the nodes matches, a walk has to keep so many more to collect `ef` of
/// them. A scan on the other hand gets cheaper with every vector that does not match, and misses
/// nothing: below some number of matches it wins on both counts.
pub fn prefers_scan(situation: Situation) -> bool {
    let Situation { matches, linked, ef, m } = situation;
    if linked == 0 || matches == 0 {
        return true;
    }
    let share = (matches as f64 / linked as f64).min(1.0);
    let walk = ef as f64 / share * (m as f64 * WALK_PER_RESULT) * WALK_PENALTY;
    matches as f64 <= walk
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scans(matches: usize, ef: usize) -> bool {
        prefers_scan(Situation { matches, linked: 100_000, ef, m: 16 })
    }

    #[test]
    fn few_matches_are_scanned_and_many_are_walked() {
        assert!(scans(0, 64) && scans(1_000, 64) && scans(10_000, 64));
        assert!(!scans(50_000, 64) && !scans(100_000, 64));
        assert!(scans(100_000, 10_000), "a walk for a tenth of the index is no saving");
    }
}
