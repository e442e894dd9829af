//! Paper algorithm 4: which candidates become neighbours.
//!
//! A candidate is dominated, and passed over, when it is nearer to a neighbour already selected
//! than to the node itself: the search would reach it through that neighbour. The loop is turned
//! around: each selected node is widened once and compared with all that are left, which costs a
//! third fewer distances than asking for each candidate whether someone dominates it.

use super::pool::Key;
use crate::error::{Result, reserve};
use crate::quant::query::Query;
use crate::records::Records;

/// Memory for selecting, used again and again.
#[derive(Debug, Default)]
pub struct Selection {
    /// What was selected, nearest first; the dominated are marked.
    pub chosen: Vec<Key>,
    /// The eligible candidates, nearest first; the dominated are marked.
    candidates: Vec<Key>,
    /// Places among them of those that are neither chosen nor dominated yet.
    left: Vec<u32>,
    slots: Vec<u32>,
    distances: Vec<f32>,
}

impl Selection {
    /// Makes room for choosing among `most`.
    pub fn reserve(&mut self, most: usize) -> Result<()> {
        let Self { chosen, candidates, left, slots, distances } = self;
        for keys in [chosen, candidates] {
            keys.clear();
            reserve(keys, most)?;
        }
        for numbers in [left, slots] {
            numbers.clear();
            reserve(numbers, most)?;
        }
        distances.clear();
        reserve(distances, most)
    }

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
        self.candidates.clear();
        let eligible = candidates.iter().filter(|key| key.is_eligible());
        self.candidates.extend(eligible.map(|key| key.marked(false)));
        self.left.clear();
        self.left.extend(0..self.candidates.len() as u32);
        let mut evaluations = 0;
        while let Some(&nearest) = self.left.first() {
            if self.chosen.len() == most {
                return evaluations;
            }
            let nearest = self.candidates[nearest as usize];
            self.chosen.push(nearest);
            evaluations += self.left.len() as u64;
            self.drop_dominated(records, probe, nearest);
        }
        self.fill(candidates, most - self.chosen.len());
        evaluations
    }

    /// Chooses anew, in the order of `candidates`: all that are not dominated, and `room` others.
    fn fill(&mut self, candidates: &[Key], room: usize) {
        let mut dominated = room.min(self.candidates.len() - self.chosen.len());
        let mut ineligible = room - dominated;
        self.chosen.clear();
        let mut eligible = self.candidates.iter();
        for &key in candidates {
            let (key, room) = if key.is_eligible() {
                let Some(&key) = eligible.next() else { break };
                (key, &mut dominated)
            } else {
                (key.marked(true), &mut ineligible)
            };
            if !key.is_marked() {
                self.chosen.push(key);
            } else if *room > 0 {
                *room -= 1;
                self.chosen.push(key);
            }
        }
    }

    /// Marks what `selected`, the first that is left, dominates; leaves what it does not.
    fn drop_dominated(&mut self, records: &Records, probe: &mut Query, selected: Key) {
        let Self { candidates, left, slots, distances, .. } = self;
        slots.clear();
        slots.extend(left.iter().map(|&at| candidates[at as usize].slot().0));
        distances.resize(slots.len(), 0.0);
        probe.set_record(records, selected.slot());
        probe.distances(records, slots, distances);

        let to_itself = distances[0];
        let mut kept = 0;
        for from in 1..left.len() {
            let (at, distance) = (left[from], distances[from]);
            let candidate = candidates[at as usize];
            // A copy of the selected node ties with it everywhere and would pass the paper's test.
            // A node among hundreds of copies would then link to nothing else.
            let is_copy = (distance == to_itself) & (candidate.distance() == selected.distance());
            let is_dominated = is_copy | (distance < candidate.distance());
            candidates[at as usize] = candidate.marked(is_dominated);
            // Written always, kept by counting: no branch that cannot be foreseen.
            left[kept] = at;
            kept += usize::from(!is_dominated);
        }
        left.truncate(kept);
    }
}
