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
const FEW: usize = 16;

/// How often [`sort`] splits. More is needed only by equal keys, or by an order made to be bad.
const SPLITS: u32 = 24;

/// Distances over which Shell's sort compares. Beyond the last that Ciura (2001) found, each is 2.25
/// times the next.
const GAPS: [usize; 12] = [17_961, 7_983, 3_548, 1_577, 701, 301, 132, 57, 23, 10, 4, 1];

/// A node of the pool: distance, slot and two flags in an integer that sorts by distance, then by
/// slot. A tie is thus broken the same way everywhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Key(u64);

impl Key {
    /// Sorts before every node.
    const NEAREST: Self = Self(0);

    /// Sorts after every node.
    pub const FARTHEST: Self = Self(u64::MAX);

    /// The key of a node that has not been expanded.
    #[inline(always)]
    pub fn new(distance: f32, slot: Slot, eligible: bool) -> Self {
        let flag = if eligible { ELIGIBLE } else { 0 };
        Self(u64::from(ordered(distance)) << 32 | u64::from(slot.0) << SLOT_SHIFT | flag)
    }

    /// Any 64 bits, to be sorted.
    pub fn from_bits(bits: u64) -> Self {
        Self(bits)
    }

    /// All of its bits.
    pub fn bits(self) -> u64 {
        self.0
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
    /// Whether something was left out because there was no memory for it.
    lacks: bool,
}

impl Pool {
    /// Empties the pool for a search that wants `ef` results.
    ///
    /// Ineligible nodes are walked through without using up `ef`. So that a region where nothing
    /// is eligible does not make the pool grow without end, it holds `limit` keys at most.
    pub fn reset(&mut self, ef: usize, limit: usize) {
        self.keys.clear();
        self.appended.clear();
        self.lacks = false;
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

    /// Whether something was left out because there was no memory for it: then there may be better
    /// results than these.
    pub fn lacks(&self) -> bool {
        self.lacks
    }

    /// Adds a result that is not to be expanded.
    pub fn append(&mut self, key: Key) {
        match self.appended.try_reserve(1) {
            Ok(()) => self.appended.push(key),
            Err(_) => self.lacks = true,
        }
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
        let (left, right) = self.kept(accepted);
        self.place(left, &accepted[..right]);
    }

    /// How many keys of the pool, and of the accepted, are not surplus.
    #[inline(always)]
    fn kept(&mut self, accepted: &[Key]) -> (usize, usize) {
        let (mut left, mut right) = (self.keys.len(), accepted.len());
        // What would be dropped again is not even merged.
        if self.eligible == left + right {
            for _ in self.ef..self.eligible {
                let is_accepted =
                    right > 0 && (left == 0 || accepted[right - 1] > self.keys[left - 1]);
                right -= usize::from(is_accepted);
                left -= usize::from(!is_accepted);
            }
            self.eligible = left + right;
            return (left, right);
        }
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
            let is_accepted = right > 0 && accepted[right - 1] == last;
            right -= usize::from(is_accepted);
            left -= usize::from(!is_accepted);
        }
        (left, right)
    }

    /// Merges keys into the first `left`, from the back, so that every key moves once. Who comes
    /// next is chosen, not branched on: nobody can foresee it.
    #[inline(always)]
    fn place(&mut self, mut left: usize, accepted: &[Key]) {
        let mut right = accepted.len();
        let missing = (left + right).saturating_sub(self.keys.len());
        if missing > self.keys.capacity() - self.keys.len()
            && self.keys.try_reserve(missing).is_err()
        {
            return self.leave_out(left);
        }
        self.keys.truncate(left + right);
        for _ in 0..missing {
            self.keys.push(Key::FARTHEST);
        }
        let keys = self.keys.as_mut_slice();
        // One loop also where only theirs are left: copying some keys would be a call out of WebAssembly.
        while right > 0 {
            let ours = if left > 0 { keys[left - 1] } else { Key::NEAREST };
            let theirs = accepted[right - 1];
            keys[left + right - 1] = ours.max(theirs);
            let is_ours = usize::from(ours > theirs);
            left -= is_ours;
            right -= 1 - is_ours;
        }
        if !accepted.is_empty() {
            self.next = self.next.min(left);
        }
    }

    /// Keeps the first `left` keys where there is no memory for more.
    #[cold]
    fn leave_out(&mut self, left: usize) {
        self.lacks = true;
        self.keys.truncate(left);
        self.eligible = self.keys.iter().filter(|key| key.is_eligible()).count();
        self.next = self.next.min(left);
    }
}

/// Sorts keys: Hoare's quicksort with a loop that does not branch on keys, insertion for few, and
/// Shell's sort where splitting does not help. A tenth of the code of a general sort.
pub fn sort(keys: &mut [Key]) {
    split(keys, SPLITS);
}

fn split(mut keys: &mut [Key], mut splits: u32) {
    while keys.len() > FEW && splits > 0 {
        splits -= 1;
        let place = partition(keys);
        let (smaller, rest) = keys.split_at_mut(place);
        split(smaller, splits);
        keys = &mut rest[1..];
    }
    // A round of a search sorts a few: no time to look for gaps.
    let count = keys.len();
    let gaps = if count > FEW { &GAPS[..] } else { &GAPS[GAPS.len() - 1..] };
    for &gap in gaps.iter().filter(|&&gap| gap < count) {
        insert_each(keys, gap);
    }
}

/// Puts the median of three keys in its place, which is returned, and smaller keys before it.
fn partition(keys: &mut [Key]) -> usize {
    let last = keys.len() - 1;
    let (a, b, c) = (keys[0], keys[last / 2], keys[last]);
    let pivot = a.min(b).max(a.max(b).min(c));
    // Whose place the last key takes.
    let from = if pivot == a { 0 } else { last / 2 };
    if pivot != c {
        keys.swap(from, last);
    }
    let mut smaller = 0;
    for at in 0..last {
        let is_smaller = keys[at] < pivot;
        keys.swap(at, smaller);
        smaller += usize::from(is_smaller);
    }
    keys.swap(smaller, last);
    smaller
}

/// Sorts, each for itself, the keys that are `gap` apart.
fn insert_each(keys: &mut [Key], gap: usize) {
    for end in gap..keys.len() {
        let key = keys[end];
        let mut at = end;
        while at >= gap && keys[at - gap] > key {
            keys[at] = keys[at - gap];
            at -= gap;
        }
        keys[at] = key;
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
    fn keys_that_cannot_be_split_are_sorted_too() {
        let key = |at: u32| Key::new(at as f32, Slot(0), true);
        let orders: [fn(u32) -> u32; 5] =
            [|_| 7, |at| at, |at| 5_000 - at, |at| at % 2, |at| at.min(5_000 - at)];
        for order in orders {
            for count in [17, 100, 5_000] {
                let mut keys: Vec<_> = (0..count).map(|at| key(order(at))).collect();
                let mut expected = keys.clone();
                expected.sort_unstable();
                sort(&mut keys);
                assert_eq!(keys, expected);
            }
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
