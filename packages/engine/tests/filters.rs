//! Filters that have to do with the query and filters that have not, at every share.

mod support;

use akin_engine::{Index, Options, Search};
use support::{Random, built, clustered, graph_options};

const DIMENSIONS: usize = 48;
const COUNT: usize = 30_000;

fn set(filter: &mut [u32], slot: u32) {
    filter[slot as usize / 32] |= 1 << (slot % 32);
}

fn contains(filter: &[u32], slot: u32) -> bool {
    filter[slot as usize / 32] >> (slot % 32) & 1 == 1
}

fn index() -> (Index, Vec<Vec<f32>>) {
    let mut data = clustered(51, COUNT + 30, DIMENSIONS);
    let queries = data.split_off(COUNT);
    (built(graph_options(DIMENSIONS), &data), queries)
}

fn assert_once(slots: &[u32]) {
    let mut once = slots.to_vec();
    once.sort_unstable();
    once.dedup();
    assert_eq!(once.len(), slots.len());
}

/// What the searches of some queries found: the share of the exact ten nearest, and distances
/// computed a query.
struct Found {
    recall: f64,
    evaluations: u64,
}

fn search(index: &mut Index, queries: &[Vec<f32>], ef: u32, filters: &[Vec<u32>]) -> Found {
    let (mut found, mut wanted, mut evaluations) = (0, 0, 0);
    for (query, filter) in queries.iter().zip(filters) {
        let search = Search { k: 10, ef: Some(ef), filter: Some(filter), ..Search::default() };
        let before = index.evaluations();
        let hits = index.search(query, &search).unwrap();
        evaluations += index.evaluations() - before;
        let exact = index.search(query, &Search { exact: true, ..search }).unwrap();
        assert_eq!(hits.slots.len(), exact.slots.len());
        assert!(hits.slots.iter().all(|&slot| contains(filter, slot)));
        assert_once(&hits.slots);
        found += hits.slots.iter().filter(|slot| exact.slots.contains(slot)).count();
        wanted += exact.slots.len();
    }
    let recall = found as f64 / wanted.max(1) as f64;
    Found { recall, evaluations: evaluations / queries.len() as u64 }
}

fn random_filter(random: &mut Random, share: f64) -> Vec<u32> {
    let mut filter = vec![0; COUNT.div_ceil(32)];
    let drawn = (0..COUNT as u32).filter(|_| f64::from(random.float().abs()) < share);
    drawn.collect::<Vec<_>>().into_iter().for_each(|slot| set(&mut filter, slot));
    filter
}

#[test]
fn a_random_filter_keeps_recall_at_unchanged_ef() {
    let (mut index, queries) = index();
    let everything = vec![vec![u32::MAX; COUNT.div_ceil(32)]; queries.len()];
    let unfiltered = search(&mut index, &queries, 16, &everything);
    assert!(unfiltered.recall >= 0.95, "{}", unfiltered.recall);
    let mut random = Random::new(52);
    for share in [0.9, 0.5, 0.2, 0.1, 0.05, 0.01, 0.001, 0.0001] {
        let filters = vec![random_filter(&mut random, share); queries.len()];
        let found = search(&mut index, &queries, 16, &filters);
        assert!(found.recall >= 0.95, "{share}: {}", found.recall);
        // Up to 2,000 matches are scanned, which costs less than it counts.
        let most = (3 * unfiltered.evaluations).max(2_000);
        assert!(found.evaluations <= most, "{share}: {} of {most}", found.evaluations);
    }
}

/// Where few around the query match, walks also begin at matches all over, one of which may be where
/// the descent has ended.
#[test]
fn nothing_is_found_twice() {
    const NODES: usize = 12_000;
    let mut random = Random::new(54);
    let mut data = clustered(55, NODES + 400, 256);
    let queries = data.split_off(NODES);
    let mut index = built(graph_options(256), &data);
    for query in &queries {
        let around = Search { k: NODES / 6, exact: true, ..Search::default() };
        let mut chances = vec![0.19; NODES];
        for slot in index.search(query, &around).unwrap().slots {
            chances[slot as usize] = 0.05;
        }
        let mut filter = vec![0; NODES / 32];
        for (slot, chance) in chances.into_iter().enumerate() {
            if random.float().abs() < chance {
                set(&mut filter, slot as u32);
            }
        }
        let search = Search { ef: Some(12), filter: Some(&filter), ..Search::default() };
        assert_once(&index.search(query, &Search { k: 10, ..search }).unwrap().slots);
    }
}

#[test]
fn what_is_not_in_the_graph_yet_does_not_stand_in_for_what_a_walk_missed() {
    let (mut index, queries) = index();
    let mut random = Random::new(53);
    let mut filter = random_filter(&mut random, 0.003);
    // As unlike the queries as can be, and all let through.
    let opposite: Vec<f32> = queries.iter().flatten().map(|component| -component).collect();
    let waiting = index.add(&opposite.repeat(1_000)).unwrap();
    filter.resize((COUNT + waiting.len()).div_ceil(32), 0);
    waiting.iter().for_each(|&slot| set(&mut filter, slot));
    let found = search(&mut index, &queries, 16, &vec![filter; queries.len()]);
    assert!(found.recall >= 0.95, "{}", found.recall);
}

/// The matches are the far part of the index, or a cluster somewhere else.
#[test]
fn a_filter_against_the_query_keeps_recall() {
    let (mut index, queries) = index();
    for share in [2, 4, 10, 100, 1_000] {
        let (mut far, mut elsewhere) = (Vec::new(), Vec::new());
        for query in &queries {
            let all = Search { k: COUNT, exact: true, ..Search::default() };
            let order = index.search(query, &all).unwrap().slots;
            let keep = COUNT / share;
            let mut filter = vec![0; COUNT.div_ceil(32)];
            order[COUNT - keep..].iter().for_each(|&slot| set(&mut filter, slot));
            far.push(filter);
            let away = index.vector(order[COUNT * 9 / 10]).unwrap().unwrap();
            let around = Search { k: keep, ..all };
            let mut filter = vec![0; COUNT.div_ceil(32)];
            let near = index.search(&away, &around).unwrap().slots;
            near.iter().for_each(|&slot| set(&mut filter, slot));
            elsewhere.push(filter);
        }
        for (name, filters) in [("far", far), ("elsewhere", elsewhere)] {
            let found = search(&mut index, &queries, 16, &filters);
            assert!(found.recall >= 0.95, "{name}, one in {share}: {}", found.recall);
        }
    }
}

/// Where a scan of what is far would be dear, the walk gets wider instead.
#[test]
fn a_wider_walk_finds_what_is_far() {
    let (count, dimensions) = (16_000, 384);
    let mut data = clustered(54, count + 30, dimensions);
    let queries = data.split_off(count);
    let mut index = built(Options { m: 8, ..graph_options(dimensions) }, &data);
    let mut filters = Vec::new();
    for query in &queries {
        // All but the query's own cluster and its surroundings.
        let all = Search { k: count, exact: true, ..Search::default() };
        let nearest = index.search(query, &all).unwrap().slots[0];
        let nearest = index.vector(nearest).unwrap().unwrap();
        let order = index.search(&nearest, &all).unwrap().slots;
        let mut filter = vec![0; count.div_ceil(32)];
        order[count / 5..].iter().for_each(|&slot| set(&mut filter, slot));
        filters.push(filter);
    }
    let found = search(&mut index, &queries, 12, &filters);
    assert!(found.recall >= 0.95, "{}", found.recall);
    assert!(found.evaluations < count as u64 / 2, "it was a scan: {}", found.evaluations);
}

/// What lies in the graph and what waits for it are found by the same filter.
#[test]
fn a_filter_sees_what_is_not_linked_yet() {
    let (mut index, queries) = index();
    let slots = index.add(&queries.concat()).unwrap();
    let mut filter = vec![0x1111_1111; index.slot_count().div_ceil(32)];
    slots.iter().for_each(|&slot| set(&mut filter, slot));
    for (query, slot) in queries.iter().zip(slots) {
        let search = Search { k: 3, ef: Some(16), filter: Some(&filter), ..Search::default() };
        assert_eq!(index.search(query, &search).unwrap().slots[0], slot);
    }
}

/// Tombstones and filters together: neither comes back, both are walked through.
#[test]
fn a_filter_holds_while_half_is_removed() {
    let (mut index, queries) = index();
    let gone: Vec<u32> = (0..COUNT as u32).filter(|slot| slot % 2 == 0).collect();
    index.remove(&gone);
    let mut random = Random::new(53);
    for share in [0.5, 0.1, 0.001] {
        let filters = vec![random_filter(&mut random, share); queries.len()];
        let found = search(&mut index, &queries, 16, &filters);
        assert!(found.recall >= 0.95, "{share}: {}", found.recall);
    }
}
