//! Paper algorithm 4: which candidates become neighbours.
//!
//! A candidate is dominated, and passed over, when it is nearer to a neighbour already selected
//! than to the node itself: the search would reach it through that neighbour. The loop is turned
//! around: each selected node is widened once and compared with all that are left, which costs a
//! third fewer distances than asking for each candidate whether someone dominates it.

use super::pool::{Key, sort};
use crate::quant::query::Query;
use crate::records::Records;

/// Memory for selecting, used again and again.
#[derive(Debug, Default)]
pub struct Selection {
    /// What was selected, nearest first; the dominated are marked.
    pub chosen: Vec<Key>,
    left: Vec<Key>,
    dominated: Vec<Key>,
    slots: Vec<u32>,
    distances: Vec<f32>,
}

impl Selection {
    /// Selects up to `most` of `candidates`, which are sorted by their distance from the node.
    ///
    /// Eligible candidates are selected first. Places that are still empty go to the nearest of
    /// the dominated ones (the paper's `keepPrunedConnections`), and to ineligible ones last:
    /// links to tombstones are kept while they cost nothing.
    ///
    /// Returns how many distances were computed.
    pub fn select(
        &mut self,
        records: &Records,
        probe: &mut Query,
        candidates: &[Key],
        most: usize,
    ) -> u64 {
        self.chosen.clear();
        self.dominated.clear();
        self.left.clear();
        self.left.extend(candidates.iter().filter(|key| key.is_eligible()));
        let mut evaluations = 0;
        while let Some(&nearest) = self.left.first() {
            if self.chosen.len() == most {
                break;
            }
            self.chosen.push(nearest.marked(false));
            evaluations += self.left.len() as u64;
            self.drop_dominated(records, probe, nearest);
        }
        sort(&mut self.dominated);
        let rest = candidates.iter().filter(|key| !key.is_eligible());
        let room = most - self.chosen.len();
        let fill = self.dominated.iter().chain(rest).take(room);
        self.chosen.extend(fill.map(|key| key.marked(true)));
        sort(&mut self.chosen);
        evaluations
    }

    /// Moves what `selected` dominates out of `left`, and `selected` itself.
    fn drop_dominated(&mut self, records: &Records, probe: &mut Query, selected: Key) {
        self.slots.clear();
        self.slots.extend(self.left.iter().map(|key| key.slot().0));
        self.distances.resize(self.slots.len(), 0.0);
        probe.set_record(records, selected.slot());
        probe.distances(records, &self.slots, &mut self.distances);

        let to_itself = self.distances[0];
        let mut kept = 0;
        for at in 1..self.left.len() {
            let (candidate, distance) = (self.left[at], self.distances[at]);
            // A copy of the selected node ties with it everywhere and would pass the paper's test.
            // A node among hundreds of copies would then link to nothing else.
            let is_copy = distance == to_itself && candidate.distance() == selected.distance();
            if is_copy || distance < candidate.distance() {
                self.dominated.push(candidate);
            } else {
                self.left[kept] = candidate;
                kept += 1;
            }
        }
        self.left.truncate(kept);
    }
}
