//! The exact scan: the answer while an index is small, and the oracle of every test.

use std::hint::black_box;

use crate::error::{Result, reserve};
use crate::graph::pool::{Key, sort};
use crate::quant::query::Query;
use crate::records::Records;
use crate::slots::{Slot, slots_in};

/// Records measured at a time: their slots and distances stay in the nearest cache.
const BATCH: usize = 32;

/// The `k` nearest keys seen, and up to as many that may be: sorted now and then, which is cheaper than to
/// keep a heap, and nearly free for the keys of a walk, which come in order.
#[derive(Debug)]
pub struct TopK {
    keys: Vec<Key>,
    k: usize,
    /// What is not below is not among the nearest.
    limit: Key,
}

impl TopK {
    /// Room for `k` keys, at least one.
    pub fn new(k: usize) -> Result<Self> {
        let mut keys = Vec::new();
        reserve(&mut keys, k.saturating_mul(2))?;
        Ok(Self { keys, k, limit: Key::FARTHEST })
    }

    /// How many keys are kept at most.
    pub fn most(&self) -> usize {
        self.k
    }

    /// How many keys are held.
    pub fn len(&self) -> usize {
        self.keys.len().min(self.k)
    }

    /// Forgets all keys.
    pub fn clear(&mut self) {
        self.keys.clear();
        self.limit = Key::FARTHEST;
    }

    /// Offers a key.
    #[inline(always)]
    pub fn push(&mut self, key: Key) {
        if key < self.limit {
            self.keys.push(key);
            if self.keys.len() >= self.k.saturating_mul(2) {
                self.trim();
            }
        }
    }

    /// The keys, nearest first.
    pub fn into_sorted(mut self) -> Vec<Key> {
        self.trim();
        self.keys
    }

    #[inline(never)]
    fn trim(&mut self) {
        sort(&mut self.keys);
        self.keys.truncate(self.k);
        if let Some(&farthest) = self.keys.get(self.k - 1) {
            self.limit = farthest;
        }
    }
}

/// Compares the query with every record whose bit is set, and returns how many those were.
pub fn scan(
    records: &Records,
    query: &Query,
    words: impl Iterator<Item = u32>,
    nearest: &mut TopK,
) -> u64 {
    let mut batch = [0; BATCH];
    let mut distances = [0.0; BATCH];
    let mut slots = slots_in(words);
    let mut evaluations = 0;
    loop {
        let mut count = 0;
        for (place, slot) in batch.iter_mut().zip(&mut slots) {
            *place = slot.0;
            count += 1;
        }
        // Matches of a filter lie far apart: let their misses overlap. What lies in a row the
        // processor foresees on its own.
        if count > 0 && batch[count - 1] - batch[0] >= count as u32 {
            let touch = |slot| records.touch_head(slot) ^ records.touch_tail(slot);
            black_box(batch[..count].iter().fold(0, |sum, &slot| sum ^ touch(Slot(slot))));
        }
        query.distances(records, &batch[..count], &mut distances[..count]);
        for (&slot, &distance) in batch.iter().zip(&distances[..count]) {
            nearest.push(Key::new(distance, Slot(slot), true));
        }
        evaluations += count as u64;
        if count < BATCH {
            return evaluations;
        }
    }
}
