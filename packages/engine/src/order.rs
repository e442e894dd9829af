//! In which order pending vectors become nodes of the graph.
//!
//! Inserting waits for memory much of the time, and vectors that are alike meet the same nodes.
//! Linked one after the other, the second finds in the caches what the first has read. So the next
//! vectors are looked at together: each descends to level 1, those that arrive at the same node
//! follow each other, and beside them those whose ways passed the same node above. Where it
//! arrived, each later begins its search of level 0: the descent is made earlier, not twice.

use crate::error::{Result, reserve};
use crate::graph::pool::{Key, sort};
use crate::slots::{Slot, SlotSet};

/// Nodes below which a graph fits into the caches, and changes much with each new one.
const FIRST_NODES: usize = 4096;

/// So many vectors are ordered at a time, 12 bytes each. With more, building is hardly faster.
const MOST: usize = 1 << POSITION_BITS;

/// Fewer are linked as they come.
const LEAST: usize = 64;

/// From its highest bit on, a key is: the lower bits of a node of level 2, a node of level 1, and
/// the position of the vector in the list of slots.
const POSITION_BITS: u32 = 12;
const SLOT_BITS: u32 = 30;

/// In place of a slot whose vector was removed.
const GONE: Slot = Slot(u32::MAX);

/// The vectors that are linked next.
#[derive(Debug, Default)]
pub struct Order {
    slots: Vec<Slot>,
    /// Of so many of them the place is known.
    placed: usize,
    /// Where they belong, but those taken from the end; sorted when all are placed.
    keys: Vec<Key>,
    /// How many were taken from the beginning.
    taken: usize,
}

impl Order {
    /// Whether all have been taken.
    pub fn is_over(&self) -> bool {
        self.placed == self.slots.len() && self.taken == self.keys.len()
    }

    /// Whether the next can be taken.
    pub fn is_ready(&self) -> bool {
        self.placed == self.slots.len() && self.taken < self.keys.len()
    }

    /// How many have not been taken; more than there are where some have been removed.
    pub fn len(&self) -> usize {
        self.keys.len() - self.taken
    }

    /// Begins with the next of `pending` that are not in `others`: with none where they, or the
    /// `nodes` of the graph, are few.
    pub fn begin(&mut self, pending: &SlotSet, others: &SlotSet, nodes: usize) -> Result<()> {
        self.slots.clear();
        self.keys.clear();
        (self.placed, self.taken) = (0, 0);
        let count = pending.count_without(others).min(nodes).min(MOST);
        if nodes >= FIRST_NODES && count >= LEAST {
            reserve(&mut self.slots, count)?;
            reserve(&mut self.keys, count)?;
            pending.visit(others, false, count, &mut |slot| self.slots.push(slot));
        }
        Ok(())
    }

    /// The next whose place is not known.
    pub fn unplaced(&self) -> Option<Slot> {
        self.slots.get(self.placed).copied()
    }

    /// Notes its place: the nodes that are nearest to it on level 2 and on level 1.
    pub fn place(&mut self, [above, start]: [Slot; 2]) {
        let place = u64::from(above.0) << SLOT_BITS | u64::from(start.0);
        self.keys.push(Key::from_bits(place << POSITION_BITS | self.placed as u64));
        self.placed += 1;
        self.settle();
    }

    fn settle(&mut self) {
        if self.placed == self.slots.len() {
            sort(&mut self.keys);
        }
    }

    /// The next to be linked and where its search begins, once all are placed.
    pub fn take(&mut self) -> Option<(Slot, Slot)> {
        while let Some(&key) = self.keys.get(self.taken) {
            self.taken += 1;
            if let Some(found) = self.resolve(key) {
                return Some(found);
            }
        }
        None
    }

    /// The same from the other end: far from those that are taken from this one.
    pub fn take_last(&mut self) -> Option<(Slot, Slot)> {
        while self.taken < self.keys.len() {
            let found = self.keys.pop().and_then(|key| self.resolve(key));
            if found.is_some() {
                return found;
            }
        }
        None
    }

    fn resolve(&self, key: Key) -> Option<(Slot, Slot)> {
        let slot = self.slots[key.bits() as usize % MOST];
        let start = (key.bits() >> POSITION_BITS) as u32 % (1 << SLOT_BITS);
        (slot != GONE).then_some((slot, Slot(start)))
    }

    /// Leaves out a slot whose vector was removed: the next one there belongs elsewhere.
    pub fn forget(&mut self, slot: Slot) {
        let place = (!self.is_over()).then(|| self.slots.iter().position(|&known| known == slot));
        if let Some(position) = place.flatten() {
            if position < self.placed {
                self.slots[position] = GONE;
            } else {
                self.slots.remove(position);
                self.settle();
            }
        }
    }

    /// Bytes held.
    pub fn bytes(&self) -> usize {
        self.slots.capacity() * size_of::<Slot>() + self.keys.capacity() * size_of::<Key>()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pending(slots: std::ops::Range<u32>) -> SlotSet {
        let mut pending = SlotSet::default();
        pending.reserve(slots.end as usize).unwrap();
        slots.for_each(|slot| pending.insert(Slot(slot)));
        pending
    }

    /// Where a slot belongs: to one of seven nodes below one of three.
    fn place_of(slot: Slot) -> [Slot; 2] {
        [Slot(slot.0 % 3), Slot(100 + slot.0 % 7)]
    }

    fn taken(order: &mut Order) -> Vec<u32> {
        while let Some(slot) = order.unplaced() {
            order.place(place_of(slot));
        }
        let taken = std::iter::from_fn(|| order.take());
        taken
            .inspect(|&(slot, start)| assert_eq!(start, place_of(slot)[1]))
            .map(|t| t.0.0)
            .collect()
    }

    #[test]
    fn vectors_that_arrive_at_the_same_node_follow_each_other() {
        let mut order = Order::default();
        order.begin(&pending(1_000..1_200), &SlotSet::new(), FIRST_NODES).unwrap();
        let mut expected: Vec<u32> = (1_000..1_200).collect();
        expected.sort_by_key(|&slot| (place_of(Slot(slot)).map(|node| node.0), slot));
        assert_eq!(taken(&mut order), expected);
        assert!(order.is_over());
    }

    #[test]
    fn few_are_not_ordered_nor_are_more_than_it_has_room_for() {
        let mut order = Order::default();
        let few = LEAST as u32 - 1;
        for (pending, nodes) in [(pending(0..few), FIRST_NODES), (pending(0..900), FIRST_NODES - 1)]
        {
            order.begin(&pending, &SlotSet::new(), nodes).unwrap();
            assert!(order.is_over() && order.unplaced().is_none());
        }
        order.begin(&pending(0..10_000), &SlotSet::new(), 1_000_000).unwrap();
        assert_eq!(taken(&mut order).len(), MOST);
    }

    #[test]
    fn what_is_removed_is_left_out_at_any_time() {
        let mut order = Order::default();
        order.begin(&pending(0..100), &SlotSet::new(), FIRST_NODES).unwrap();
        order.forget(Slot(99));
        for _ in 0..50 {
            order.place(place_of(order.unplaced().unwrap()));
        }
        for slot in [0, 49, 50, 70, 500] {
            order.forget(Slot(slot));
        }
        let mut rest = taken(&mut order);
        rest.sort_unstable();
        let is_there = |slot: &u32| ![0, 49, 50, 70, 99].contains(slot);
        assert_eq!(rest, (0..100).filter(is_there).collect::<Vec<_>>());
        assert!(order.is_over());
        order.begin(&pending(0..100), &SlotSet::new(), FIRST_NODES).unwrap();
        (0..100).for_each(|slot| order.forget(Slot(slot)));
        assert!(order.is_over());
    }
}
