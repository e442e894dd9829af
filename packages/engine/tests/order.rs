//! Many pending vectors are linked in an order of their own. It must not show.

mod support;

use akin_engine::{Index, Options};
use support::{Random, clustered, graph_options, islands, missed};

const DIMENSIONS: usize = 24;
/// Nodes from which on vectors are ordered, and some more.
const NODES: usize = 4_200;

/// An index with a graph of these vectors, and `fresh` ones pending.
fn grown(data: &[Vec<f32>], fresh: &[Vec<f32>]) -> Index {
    let mut index = support::built(graph_options(DIMENSIONS), data);
    index.add(&fresh.concat()).unwrap();
    index
}

#[test]
fn slices_of_any_size_link_the_same_order() {
    let data = clustered(41, NODES + 700, DIMENSIONS);
    let (first, rest) = data.split_at(NODES);
    let whole = grown(first, &[]).snapshot().unwrap();
    let build = |max_work: u64| {
        let mut index = Index::open(&whole).unwrap();
        index.add(&rest.concat()).unwrap();
        while !index.build_step(max_work).unwrap() {}
        index.snapshot().unwrap()
    };
    let at_once = build(u64::MAX);
    for max_work in [1, 777, 50_000] {
        assert!(build(max_work) == at_once, "steps of {max_work} built another graph");
    }
}

#[test]
fn each_call_does_little_and_gets_on() {
    let data = clustered(42, NODES + 700, DIMENSIONS);
    let (first, rest) = data.split_at(NODES);
    let mut index = grown(first, rest);
    let (mut most, mut idle) = (0, 0);
    loop {
        let before = index.evaluations();
        let done = index.build_step(2_000).unwrap();
        most = most.max(index.evaluations() - before);
        idle += usize::from(index.evaluations() == before);
        if done {
            break;
        }
    }
    assert!(most < 10_000, "{most}");
    assert_eq!(idle, 0);
    assert_eq!(index.pending(), 0);
}

/// A new vector in the slot of another that had been placed belongs elsewhere.
#[test]
fn slots_that_change_hands_meanwhile_are_found() {
    let data = islands(43, NODES + 1_400, DIMENSIONS);
    let (first, rest) = data.split_at(NODES);
    let (placed, others) = rest.split_at(700);
    let options = Options { m: 8, ef_construction: 40, ..graph_options(DIMENSIONS) };
    let mut index = support::built(options, first);
    index.add(&placed.concat()).unwrap();
    while index.pending() == placed.len() {
        index.build_step(1).unwrap();
    }
    let all: Vec<u32> = (NODES as u32..index.slot_count() as u32).collect();
    index.remove(&all);
    index.compact(u64::MAX).unwrap();
    index.add(&others.concat()).unwrap();
    assert_eq!(index.slot_count(), NODES + 700);
    assert!(index.build_step(u64::MAX).unwrap());
    // 440 where they begin at the places of others.
    let missed = missed(&mut index);
    assert!(missed <= 40, "{missed} missed");
}

/// Where a search was to begin may be gone when it does.
#[test]
fn nodes_that_go_meanwhile_are_not_begun_at() {
    let data = clustered(44, NODES + 700, DIMENSIONS);
    let (first, rest) = data.split_at(NODES);
    let mut index = grown(first, rest);
    let mut random = Random::new(44);
    // Enough to place all, too little to link them.
    while index.pending() == rest.len() {
        index.build_step(1).unwrap();
    }
    let gone: Vec<u32> = (0..NODES as u32).filter(|_| random.below(10) > 0).collect();
    index.remove(&gone);
    assert!(index.compact(u64::MAX).unwrap());
    assert!(index.build_step(u64::MAX).unwrap());
    support::assert_valid(&index);
    let missed = missed(&mut index);
    assert!(missed <= 2, "{missed} missed");
}

/// A node that a compaction has cut off is still there, and its neighbours' slots may be others'.
#[test]
fn nodes_that_are_cut_off_meanwhile_are_not_begun_at() {
    let data = clustered(45, 2 * NODES + 700, DIMENSIONS);
    let (first, others) = data.split_at(NODES);
    let (rest, others) = others.split_at(700);
    let mut index = grown(first, rest);
    let mut random = Random::new(45);
    while index.pending() == rest.len() {
        index.build_step(1).unwrap();
    }
    let gone: Vec<u32> = (0..NODES as u32).filter(|_| random.below(10) > 0).collect();
    index.remove(&gone);
    while index.tombstones() > gone.len() / 2 {
        assert!(!index.compact(1).unwrap());
    }
    let free = gone.len() - index.tombstones();
    index.add(&others[..free].concat()).unwrap();
    assert_eq!(index.slot_count(), NODES + 700);
    for _ in 0..100 {
        index.build_step(1).unwrap();
    }
    support::assert_valid(&index);
    Index::open(&index.snapshot().unwrap()).unwrap();
    assert!(index.compact(u64::MAX).unwrap());
    assert!(index.build_step(u64::MAX).unwrap());
    support::assert_valid(&index);
    let missed = missed(&mut index);
    assert!(missed <= 2, "{missed} missed");
}
