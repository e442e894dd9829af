//! What a search finds, against the exact scan of the same index.

mod support;

use akin_engine::{Index, Metric, Options, Search};
use support::{Random, assert_valid, built, clustered, graph_options, recall};

const DIMENSIONS: usize = 48;

#[test]
fn every_metric_finds_what_is_near() {
    let mut data = clustered(1, 4_100, DIMENSIONS);
    let queries = data.split_off(4_000);
    for metric in [Metric::Cosine, Metric::Dot, Metric::L2] {
        let mut index = built(Options { metric, ..graph_options(DIMENSIONS) }, &data);
        assert_valid(&index);
        let found = recall(&mut index, &queries);
        assert!(found >= 0.95, "{metric:?}: {found}");
    }
}

#[test]
fn recall_survives_removals_compaction_and_replacement() {
    let mut data = clustered(2, 4_100, DIMENSIONS);
    let queries = data.split_off(4_000);
    let mut index = built(graph_options(DIMENSIONS), &data);

    let half: Vec<u32> = (0..4_000).filter(|slot| slot % 2 == 0).collect();
    assert_eq!(index.remove(&half), 2_000);
    assert_eq!(index.tombstones(), 2_000);
    let found = recall(&mut index, &queries);
    assert!(found >= 0.95, "after removing half: {found}");

    assert!(index.compact(u64::MAX).unwrap());
    assert_eq!((index.tombstones(), index.len()), (0, 2_000));
    assert_valid(&index);
    let found = recall(&mut index, &queries);
    assert!(found >= 0.95, "after compaction: {found}");

    let mut random = Random::new(3);
    for round in 0..5 {
        let live = index.search(&queries[0], &Search { k: 2_000, ..Search::default() }).unwrap();
        let gone: Vec<u32> = (0..400).map(|at| live.slots[(at * 5 + round) % 2_000]).collect();
        index.remove(&gone);
        let fresh: Vec<_> = (0..400).map(|_| data[random.below(4_000)].clone()).collect();
        index.add(&fresh.concat()).unwrap();
        index.build_step(u64::MAX).unwrap();
        index.compact(u64::MAX).unwrap();
        assert_valid(&index);
        let found = recall(&mut index, &queries);
        assert!(found >= 0.95, "after replacing a fifth, round {round}: {found}");
    }
}

/// Copies tie with one another everywhere. The paper's heuristic keeps ties, so a node among
/// copies would link to copies only, and what came later would be out of reach.
#[test]
fn vectors_beside_many_copies_are_found() {
    for metric in [Metric::Cosine, Metric::Dot, Metric::L2] {
        let mut random = Random::new(4);
        let copy = random.vector(32);
        let mut data = vec![copy.clone(); 2_000];
        data.extend((0..200).map(|_| random.vector(32)));
        let mut index = built(Options { metric, ..graph_options(32) }, &data);
        assert_valid(&index);
        for (slot, vector) in data.iter().enumerate().skip(2_000) {
            let search = Search { k: 1, ef: Some(64), ..Search::default() };
            let exact = Search { exact: true, ..search };
            let hits = index.search(vector, &search).unwrap();
            assert_eq!(hits, index.search(vector, &exact).unwrap(), "{metric:?} {slot}");
        }
        let hits = index.search(&copy, &Search { k: 10, ..Search::default() }).unwrap();
        assert!(hits.scores.iter().all(|&score| score >= hits.scores[0] - 1e-6));
    }
}

/// Of two equal vectors one is removed: the other must stay findable.
#[test]
fn the_twin_of_a_removed_vector_is_found() {
    let data = clustered(5, 1_000, DIMENSIONS);
    let twice: Vec<_> = data.iter().chain(&data).cloned().collect();
    let mut index = built(Options { ef_search: 12, ..graph_options(DIMENSIONS) }, &twice);
    let first: Vec<u32> = (0..1_000).collect();
    index.remove(&first);
    for step in ["removed", "compacted"] {
        let found = data.iter().enumerate().filter(|(at, vector)| {
            let hits = index.search(vector, &Search { k: 1, ..Search::default() }).unwrap();
            hits.slots == [*at as u32 + 1_000]
        });
        assert!(found.count() >= 995, "{step}");
        index.compact(u64::MAX).unwrap();
    }
}

/// An autosaving note: the same document, each time a little different, a thousand times.
#[test]
fn a_document_that_is_replaced_again_and_again_is_found() {
    for compacts_every in [usize::MAX, 100] {
        let data = clustered(6, 1_500, DIMENSIONS);
        let mut index = built(Options { ef_search: 16, ..graph_options(DIMENSIONS) }, &data);
        let mut random = Random::new(7);
        let mut note = data[700].clone();
        let mut slot = 700;
        for round in 1..=1_000 {
            note.iter_mut().for_each(|component| *component += 0.002 * random.normal());
            let added = index.add(&note).unwrap();
            assert_eq!(index.remove(&[slot]), 1);
            slot = added[0];
            index.build_step(u64::MAX).unwrap();
            let before = index.evaluations();
            let hits = index.search(&note, &Search { k: 1, ..Search::default() }).unwrap();
            assert_eq!(hits.slots, [slot], "round {round}");
            assert!(round > 500 || index.evaluations() < before + 1_400, "it was a scan");
            if round % compacts_every == 0 {
                index.compact(u64::MAX).unwrap();
            }
        }
        assert_eq!(index.len(), 1_500);
        let queries: Vec<_> = data.into_iter().step_by(15).collect();
        assert!(recall(&mut index, &queries) >= 0.95);
    }
}

#[test]
fn everything_can_go_and_come_back() {
    let data = clustered(8, 600, DIMENSIONS);
    let mut index = built(graph_options(DIMENSIONS), &data);
    let all: Vec<u32> = (0..600).collect();
    assert_eq!(index.remove(&all), 600);
    let search = Search { k: 10, ..Search::default() };
    assert!(index.search(&data[0], &search).unwrap().slots.is_empty());

    // Only tombstones are left in the graph; new vectors must not be lost among them.
    index.add(&data[..300].concat()).unwrap();
    while !index.build_step(1).unwrap() {}
    assert_eq!((index.len(), index.pending(), index.tombstones()), (300, 0, 0));
    assert_valid(&index);
    assert!(recall(&mut index, &data[..50]) >= 0.95);
    assert!(index.compact(1).unwrap());
}

#[test]
fn few_live_vectors_among_tombstones_are_found() {
    let data = clustered(9, 3_000, DIMENSIONS);
    let mut index = built(graph_options(DIMENSIONS), &data);
    let most: Vec<u32> = (0..3_000).filter(|slot| slot % 100 != 0).collect();
    index.remove(&most);
    index.add(&data[..200].concat()).unwrap();
    index.build_step(u64::MAX).unwrap();
    assert_valid(&index);
    assert!(recall(&mut index, &data[..100]) >= 0.95);
    index.compact(u64::MAX).unwrap();
    assert_eq!((index.len(), index.tombstones()), (230, 0));
    assert!(recall(&mut index, &data[..100]) >= 0.95);
    assert_valid(&index);
}

#[test]
fn a_filter_gives_min_k_matches_at_every_share() {
    let mut data = clustered(10, 4_050, DIMENSIONS);
    let queries = data.split_off(4_000);
    let mut index = built(graph_options(DIMENSIONS), &data);
    let mut random = Random::new(11);
    for share in [0.5, 0.1, 0.01, 0.001, 0.0] {
        let mut filter = vec![0_u32; 4_000_usize.div_ceil(32)];
        let mut matches = 0;
        for slot in 0..4_000 {
            if f64::from(random.float().abs()) < share {
                filter[slot / 32] |= 1 << (slot % 32);
                matches += 1;
            }
        }
        let mut found = 0;
        for query in &queries {
            let search = Search { k: 10, filter: Some(&filter), ..Search::default() };
            let hits = index.search(query, &search).unwrap();
            let exact = index.search(query, &Search { exact: true, ..search }).unwrap();
            assert_eq!(hits.slots.len(), matches.min(10), "{share}");
            assert!(hits.slots.iter().all(|&s| filter[s as usize / 32] >> (s % 32) & 1 == 1));
            found += hits.slots.iter().filter(|slot| exact.slots.contains(slot)).count();
        }
        assert!(found as f64 >= 0.95 * (queries.len() * matches.min(10)) as f64, "{share}");
    }
}

/// Matches that lie where the query does not: a walk meets nothing eligible on its way.
#[test]
fn a_filter_far_from_the_query_still_finds_its_matches() {
    let mut data = clustered(12, 4_020, DIMENSIONS);
    let queries = data.split_off(4_000);
    let mut index = built(graph_options(DIMENSIONS), &data);
    for query in &queries {
        let all = index.search(query, &Search { k: 4_000, ..Search::default() }).unwrap();
        for share in [2, 4, 10] {
            let mut filter = vec![0_u32; 125];
            for &slot in &all.slots[4_000 - 4_000 / share..] {
                filter[slot as usize / 32] |= 1 << (slot % 32);
            }
            let search = Search { k: 10, filter: Some(&filter), ..Search::default() };
            let hits = index.search(query, &search).unwrap();
            let exact = index.search(query, &Search { exact: true, ..search }).unwrap();
            assert_eq!(hits.slots.len(), 10);
            let found = hits.slots.iter().filter(|slot| exact.slots.contains(slot)).count();
            assert!(found >= 9, "a {share}th: {found}");
        }
    }
}

#[test]
fn a_short_filter_and_a_long_one_mean_what_they_hold() {
    let data = clustered(13, 100, DIMENSIONS);
    let mut index = Index::new(Options::new(DIMENSIONS as u32)).unwrap();
    index.add(&data.concat()).unwrap();
    let count = |index: &mut Index, filter: &[u32]| {
        let search = Search { k: 200, filter: Some(filter), ..Search::default() };
        index.search(&data[0], &search).unwrap().slots.len()
    };
    assert_eq!(count(&mut index, &[]), 0);
    assert_eq!(count(&mut index, &[u32::MAX]), 32);
    assert_eq!(count(&mut index, &[u32::MAX; 10]), 100);
}
