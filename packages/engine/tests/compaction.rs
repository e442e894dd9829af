//! What compaction costs and what it leaves, on a graph of some size.

mod support;

use akin_engine::{Batch, Index, Options, Plan, Search};
use support::{Random, assert_valid, built, clustered, graph_options, recall};

const DIMENSIONS: usize = 48;
const COUNT: u32 = 12_000;

fn index() -> (Index, Vec<Vec<f32>>, Vec<Vec<f32>>) {
    let mut data = clustered(61, COUNT as usize + 100, DIMENSIONS);
    let queries = data.split_off(COUNT as usize);
    (built(graph_options(DIMENSIONS), &data), data, queries)
}

#[test]
fn mending_costs_a_part_of_linking_anew() {
    let (mut index, _, queries) = index();
    let built = index.evaluations() / u64::from(COUNT);
    let half: Vec<u32> = (0..COUNT).filter(|slot| slot % 2 == 0).collect();
    index.remove(&half);
    let before = index.evaluations();
    assert!(index.compact(u64::MAX).unwrap());
    let mended = (index.evaluations() - before) / (u64::from(COUNT) / 2);
    assert!(mended * 2 < built, "{mended} for each survivor, {built} for each new node");
    assert_valid(&index);
    let found = recall(&mut index, &queries);
    assert!(found >= 0.95, "{found}");
}

/// Where all neighbours of a node go at once there is nothing to mend it with.
#[test]
fn who_loses_all_neighbours_is_found_again() {
    let (mut index, _, queries) = index();
    let all = Search { k: COUNT as usize, exact: true, ..Search::default() };
    let order = index.search(&queries[0], &all).unwrap().slots;
    // Of the nearest 4,000 only every hundredth stays.
    let gone: Vec<u32> = (0..4_000).filter(|at| at % 100 != 0).map(|at| order[at]).collect();
    index.remove(&gone);
    assert!(index.compact(u64::MAX).unwrap());
    assert_valid(&index);
    for at in (0..4_000).step_by(100) {
        let vector = index.vector(order[at]).unwrap().unwrap();
        let search = Search { k: 1, ef: Some(32), ..Search::default() };
        assert_eq!(index.search(&vector, &search).unwrap().slots, [order[at]]);
    }
    assert!(recall(&mut index, &queries) >= 0.95);
}

#[test]
fn rounds_of_replacing_keep_recall_and_memory() {
    let (mut index, data, queries) = index();
    let memory = index.memory_bytes();
    let mut random = Random::new(62);
    let mut at_slot: Vec<usize> = (0..COUNT as usize).collect();
    for round in 0..8 {
        let first = random.below(5) as u32;
        let gone: Vec<u32> = (0..COUNT).filter(|slot| slot % 5 == first).collect();
        index.remove(&gone);
        while !index.compact(20_000).unwrap() {}
        let vectors: Vec<_> =
            gone.iter().map(|&slot| data[at_slot[slot as usize]].clone()).collect();
        let slots = index.add(&vectors.concat()).unwrap();
        let moved: Vec<usize> = gone.iter().map(|&slot| at_slot[slot as usize]).collect();
        slots.iter().zip(moved).for_each(|(&slot, at)| at_slot[slot as usize] = at);
        while !index.build_step(20_000).unwrap() {}
        assert_eq!((index.slot_count(), index.memory_bytes()), (COUNT as usize, memory));
        let found = recall(&mut index, &queries);
        assert!(found >= 0.95, "round {round}: {found}");
    }
    assert_valid(&index);
}

/// Searching, adding and removing between the steps of a compaction.
#[test]
fn life_goes_on_between_the_steps() {
    let (mut index, data, queries) = index();
    let mut random = Random::new(63);
    let half: Vec<u32> = (0..COUNT).filter(|slot| slot % 2 == 0).collect();
    index.remove(&half);
    let mut steps = 0;
    while !index.compact(30_000).unwrap() {
        steps += 1;
        let slot = index.add(&data[random.below(COUNT as usize)]).unwrap()[0];
        index.build_step(u64::MAX).unwrap();
        assert_eq!(index.remove(&[2 * random.below(COUNT as usize / 2) as u32 + 1, slot]) & !3, 0);
        if steps % 40 == 0 {
            assert!(recall(&mut index, &queries[..20]) >= 0.9);
            index = Index::open(&index.snapshot().unwrap()).unwrap();
        }
    }
    assert!(steps > 20, "{steps}");
    assert_valid(&index);
    assert!(recall(&mut index, &queries) >= 0.95);
}

/// Copies tie everywhere: mending must not leave a node with links to copies only.
#[test]
fn compaction_among_copies_keeps_the_others_in_reach() {
    let mut random = Random::new(64);
    let copy = random.vector(32);
    let mut data = vec![copy; 2_000];
    data.extend((0..400).map(|_| random.vector(32)));
    let mut index = built(graph_options(32), &data);
    let gone: Vec<u32> = (0..2_400).filter(|slot| slot % 2 == 0).collect();
    index.remove(&gone);
    assert!(index.compact(u64::MAX).unwrap());
    for slot in (2_001..2_400).step_by(2) {
        let search = Search { k: 1, ef: Some(64), ..Search::default() };
        assert_eq!(index.search(&data[slot], &search).unwrap().slots, [slot as u32]);
    }
}

/// Of any node, be it the one where searches start, all neighbours go, and then it goes itself.
#[test]
fn what_a_node_leads_to_is_found_when_it_goes_meanwhile() {
    let data = clustered(96, 400, 256);
    let options = Options { m: 4, ..graph_options(256) };
    let whole = built(options, &data).snapshot().unwrap();
    for last in 0..340_u32 {
        let mut index = Index::open(&whole).unwrap();
        let gone: Vec<u32> = (0..340).filter(|&slot| slot != last).collect();
        index.remove(&gone);
        assert!(!index.compact(1).unwrap());
        index.remove(&[last]);
        assert!(index.compact(u64::MAX).unwrap());
        assert_valid(&index);
        let mut batch = Batch::default();
        let search = Search { k: 1, ef: Some(8), ..Search::default() };
        let queries = data[340..].concat();
        index.search_many(&queries, &search, &mut batch).unwrap();
        // Where the walk is lost, all are scanned.
        assert!(batch.efforts.iter().all(|effort| effort.plan == Plan::Walk), "without {last}");
        let found = batch.hits.slots.iter().zip(340..).filter(|&(&slot, own)| slot == own).count();
        assert!(found >= 57, "{found} of 60 without {last}");
    }
}
