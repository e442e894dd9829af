//! The best nodes found so far, sorted, in one array.
//!
//! The paper keeps two heaps, candidates and results. One sorted array of 64-bit keys does the
//! work of both: what has not been expanded is a candidate, what is eligible is a result. What one
//! round of a search accepts is merged in at once.

use crate::slots::Slot;

const ELIGIBLE: u64 = 0b10;
const MARK: u64 = 0b01;
const SLOT_SHIFT: u32 = 2;

/// Up to this many keys are sorted by insertion alone.
const FEW: usize = 24;

/// Distances over which [`sort`] compares. Beyond the last that Ciura found, each is 2.25 times the
/// next.
const GAPS: [usize; 12] = [17_961, 7_983, 3_548, 1_577, 701, 301, 132, 57, 23, 10, 4, 1];

/// A node of the pool: distance, slot and two flags in an integer that sorts by distance, then by
/// slot. A tie is thus broken the same way everywhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Key(u64);

impl Key {
    /// Sorts after every node.
    pub const FARTHEST: Self = Self(u64::MAX);

    /// The key of a node that has not been expanded.
    #[inline(always)]
    pub fn new(distance: f32, slot: Slot, eligible: bool) -> Self {
        let flag = if eligible { ELIGIBLE } else { 0 };
        Self(u64::from(ordered(distance)) << 32 | u64::from(slot.0) << SLOT_SHIFT | flag)
    }

    /// The node.
    #[inline(always)]
    pub fn slot(self) -> Slot {
        Slot(self.0 as u32 >> SLOT_SHIFT)
    }

    /// Its distance.
    #[inline(always)]
    pub fn distance(self) -> f32 {
        let ordered = (self.0 >> 32) as u32;
        let flip = if ordered >> 31 == 1 { 1 << 31 } else { u32::MAX };
        f32::from_bits(ordered ^ flip)
    }

    /// Whether the node may be a result: neither removed nor filtered out.
    #[inline(always)]
    pub fn is_eligible(self) -> bool {
        self.0 & ELIGIBLE != 0
    }

    /// The same key with or without the mark: in a pool that the node has been expanded, in a
    /// selection that the link is dominated.
    #[inline(always)]
    pub fn marked(self, mark: bool) -> Self {
        Self(self.0 & !MARK | u64::from(mark))
    }

    /// Whether the key carries the mark.
    #[inline(always)]
    pub fn is_marked(self) -> bool {
        self.0 & MARK != 0
    }
}

/// Maps floats to integers of the same order: flips the sign of positive ones, all bits of others.
#[inline(always)]
fn ordered(distance: f32) -> u32 {
    let bits = distance.to_bits();
    bits ^ ((bits as i32 >> 31) as u32 | 1 << 31)
}

/// A sorted array of keys that holds `ef` eligible ones, and those on the way to them.
#[derive(Debug, Default)]
pub struct Pool {
    keys: Vec<Key>,
    ef: usize,
    limit: usize,
    eligible: usize,
    /// Everything before this position has been expanded.
    next: usize,
    /// Results beside the sorted ones.
    appended: Vec<Key>,
}

impl Pool {
    /// Empties the pool for a search that wants `ef` results.
    ///
    /// Ineligible nodes are walked through without using up `ef`. So that a region where nothing
    /// is eligible does not make the pool grow without end, it holds `limit` keys at most.
    pub fn reset(&mut self, ef: usize, limit: usize) {
        self.keys.clear();
        self.appended.clear();
        (self.ef, self.limit, self.eligible, self.next) = (ef, limit.max(ef), 0, 0);
    }

    /// Nearest first.
    pub fn keys(&self) -> &[Key] {
        &self.keys
    }

    /// Takes all nodes for not expanded: the walk goes on over other links.
    pub fn expand_again(&mut self) {
        self.keys.iter_mut().for_each(|key| *key = key.marked(false));
        self.next = 0;
    }

    /// How many results are wanted.
    pub fn ef(&self) -> usize {
        self.ef
    }

    /// The eligible keys, nearest first, and what was appended.
    pub fn results(&self) -> impl Iterator<Item = Key> + '_ {
        let sorted = self.keys.iter().filter(|key| key.is_eligible());
        sorted.chain(&self.appended).copied()
    }

    /// Adds a result that is not to be expanded.
    pub fn append(&mut self, key: Key) {
        self.appended.push(key);
    }

    /// Only keys below this are worth merging; without one all are.
    #[inline(always)]
    pub fn threshold(&self) -> Option<Key> {
        let full = self.eligible >= self.ef || self.keys.len() >= self.limit;
        if full { self.keys.last().copied() } else { None }
    }

    /// Marks the nearest nodes that have not been expanded, and hands them out.
    #[inline(always)]
    pub fn expand<'a>(&mut self, nodes: &'a mut [Slot]) -> &'a [Slot] {
        let mut count = 0;
        let mut at = self.next;
        while let Some(key) = self.keys.get_mut(at)
            && let Some(node) = nodes.get_mut(count)
        {
            if !key.is_marked() {
                *key = key.marked(true);
                *node = key.slot();
                count += 1;
            }
            at += 1;
        }
        self.next = at;
        &nodes[..count]
    }

    /// Merges keys that are below the threshold, and drops what no longer can be a result.
    #[inline(always)]
    pub fn merge(&mut self, accepted: &mut [Key]) {
        if accepted.is_empty() {
            return;
        }
        sort(accepted);
        self.eligible += accepted.iter().filter(|key| key.is_eligible()).count();
        let (mut left, mut right) = (self.keys.len(), accepted.len());
        // What would be dropped again is not even merged.
        loop {
            let last = match (left.checked_sub(1), right.checked_sub(1)) {
                (Some(l), Some(r)) => self.keys[l].max(accepted[r]),
                (Some(l), None) => self.keys[l],
                (None, Some(r)) => accepted[r],
                (None, None) => break,
            };
            let surplus = self.eligible > self.ef
                || left + right > self.limit
                || (self.eligible == self.ef && !last.is_eligible());
            if !surplus {
                break;
            }
            self.eligible -= usize::from(last.is_eligible());
            if right > 0 && accepted[right - 1] == last { right -= 1 } else { left -= 1 }
        }
        // From the back, so that every key moves once.
        self.keys.resize(left + right, Key::FARTHEST);
        while right > 0 {
            let target = left + right - 1;
            if left > 0 && self.keys[left - 1] > accepted[right - 1] {
                self.keys[target] = self.keys[left - 1];
                left -= 1;
            } else {
                self.keys[target] = accepted[right - 1];
                right -= 1;
                self.next = self.next.min(target);
            }
        }
    }
}

/// Sorts keys, few at a time: by insertion, or by Shell's sort with the gaps of Ciura (2001), a
/// hundredth of the code of a general sort.
pub fn sort(keys: &mut [Key]) {
    let first = if keys.len() <= FEW { 1 } else { keys.len() };
    let mut gap = GAPS.iter().position(|&gap| gap <= first).unwrap_or(GAPS.len());
    while let Some(&step) = GAPS.get(gap) {
        for end in step..keys.len() {
            let key = keys[end];
            let mut at = end;
            while at >= step && keys[at - step] > key {
                keys[at] = keys[at - step];
                at -= step;
            }
            keys[at] = key;
        }
        gap += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slots(pool: &Pool) -> Vec<u32> {
        pool.keys().iter().map(|key| key.slot().0).collect()
    }

    #[test]
    fn keys_order_by_distance_then_slot_and_give_both_back() {
        let distances = [f32::MIN, -1.5, -1e-40, -0.0, 0.0, 1e-40, 0.1, f32::MAX];
        for pair in distances.windows(2) {
            assert!(Key::new(pair[0], Slot(9), false) < Key::new(pair[1], Slot(1), true));
        }
        for distance in distances {
            let key = Key::new(distance, Slot(Slot::LIMIT - 1), true);
            assert_eq!(key.distance().to_bits(), distance.to_bits());
            assert_eq!(key.slot(), Slot(Slot::LIMIT - 1));
            assert!(key < Key::FARTHEST);
        }
        assert!(Key::new(1.0, Slot(1), true) < Key::new(1.0, Slot(2), false));
    }

    #[test]
    fn any_number_of_keys_is_sorted() {
        for count in (0_u32..60).chain([500, 40_000]) {
            let key =
                |at: u32| Key::new((at.wrapping_mul(2_654_435_761) % 997) as f32, Slot(at), true);
            let mut keys: Vec<_> = (0..count).map(key).collect();
            let mut expected = keys.clone();
            expected.sort_unstable();
            sort(&mut keys);
            assert_eq!(keys, expected);
        }
    }

    #[test]
    fn it_keeps_the_nearest_ef_and_hands_out_each_once() {
        let mut pool = Pool::default();
        pool.reset(3, 3);
        pool.merge(&mut [5, 1, 9].map(|at| Key::new(at as f32, Slot(at), true)));
        assert_eq!(slots(&pool), [1, 5, 9]);
        let mut nodes = [Slot(0); 2];
        assert_eq!(pool.expand(&mut nodes), [Slot(1), Slot(5)]);
        pool.merge(&mut [0, 3].map(|at| Key::new(at as f32, Slot(at), true)));
        assert_eq!(slots(&pool), [0, 1, 3]);
        assert_eq!(pool.threshold().map(Key::slot), Some(Slot(3)));
        assert_eq!(pool.expand(&mut nodes), [Slot(0), Slot(3)]);
        assert!(pool.expand(&mut nodes).is_empty());
    }

    #[test]
    fn ineligible_keys_do_not_use_up_ef_but_are_bounded() {
        let mut pool = Pool::default();
        pool.reset(2, 6);
        let mut keys: Vec<_> =
            (0..5).map(|at| Key::new(at as f32, Slot(at), at % 3 == 2)).collect();
        pool.merge(&mut keys);
        assert_eq!(slots(&pool), [0, 1, 2, 3, 4]);
        assert_eq!(pool.threshold(), None);
        pool.merge(&mut [Key::new(2.5, Slot(7), true)]);
        assert_eq!(slots(&pool), [0, 1, 2, 7]);
        let mut far: Vec<_> = (8..30).map(|at| Key::new(-1.0, Slot(at), false)).collect();
        pool.merge(&mut far);
        assert_eq!(pool.keys().len(), 6);
    }
}
