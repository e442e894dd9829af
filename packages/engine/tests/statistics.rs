//! What an index says about itself and its searches, and several searches in one call.

mod support;

use akin_engine::{Batch, Error, Index, Options, Plan, Search};
use support::{built, clustered, graph_options};

const DIMENSIONS: usize = 24;

#[test]
fn it_counts_levels_links_and_bytes() {
    let mut index = Index::new(graph_options(DIMENSIONS)).unwrap();
    let empty = index.statistics();
    assert_eq!((empty.levels, empty.links, empty.entry_level), ([0; 16], 0, None));

    let data = clustered(51, 3_000, DIMENSIONS);
    index.add(&data.concat()).unwrap();
    assert_eq!(index.statistics().levels[0], 0, "nothing is in the graph yet");
    index.build_step(u64::MAX).unwrap();
    index.remove(&[1, 2, 3]);
    let statistics = index.statistics();
    assert_eq!(statistics.levels[0], 3_000, "tombstones are nodes");
    assert!(statistics.levels.is_sorted_by(|a, b| a >= b));
    let above = f64::from(statistics.levels[1]) / 3_000.0 * 16.0;
    assert!((0.7..1.3).contains(&above), "one in m goes up: {above}");
    let top = statistics.entry_level.unwrap();
    assert!(statistics.levels[top] > 0 && statistics.levels[top + 1] == 0);
    let mean = statistics.links as f64 / 3_000.0;
    assert!((8.0..=32.0).contains(&mean), "{mean} links a node");

    let memory = statistics.memory;
    let sum = memory.records + memory.upper_links + memory.bitmaps + memory.scratch;
    assert_eq!(sum, index.memory_bytes());
    assert!(memory.records > 3_000 * (DIMENSIONS + 32 * 4));
    assert!(memory.upper_links > 3_000 / 16 * 16 * 4);
    assert!(memory.bitmaps > 3 * 3_000 / 8 && memory.scratch > 3_000 / 8);

    assert!(index.compact(u64::MAX).unwrap());
    assert_eq!(index.statistics().levels[0], 2_997);
}

#[test]
fn a_search_says_what_it_took() {
    let data = clustered(52, 12_000, DIMENSIONS);
    let mut index = built(graph_options(DIMENSIONS), &data);
    let mut batch = Batch::default();
    let search = Search { k: 10, ..Search::default() };
    let before = index.evaluations();
    index.search_many(&data[7], &search, &mut batch).unwrap();
    assert_eq!(batch.efforts[0].plan, Plan::Walk);
    assert_eq!(batch.efforts[0].evaluations, index.evaluations() - before);
    assert!((100..3_000).contains(&batch.efforts[0].evaluations));
    let filter = [0b1011];
    for (search, evaluations) in [
        (Search { exact: true, ..search }, 12_000),
        (Search { filter: Some(&filter), ..search }, 3),
        (Search { k: 0, ..search }, 0),
    ] {
        index.search_many(&data[7], &search, &mut batch).unwrap();
        assert_eq!(batch.efforts[0].plan, Plan::Scan);
        assert_eq!(batch.efforts[0].evaluations, evaluations);
    }
}

#[test]
fn a_batch_answers_each_query_as_if_alone() {
    let data = clustered(53, 4_000, DIMENSIONS);
    let mut index = built(graph_options(DIMENSIONS), &data);
    let filter = vec![0x0F0F_0F0F; 125];
    let queries = data[100..140].concat();
    let mut batch = Batch::default();
    for search in [
        Search { k: 10, ..Search::default() },
        Search { k: 10, filter: Some(&filter), min_score: Some(0.9), ..Search::default() },
        Search { k: 5, diversity: 0.4, ..Search::default() },
    ] {
        index.search_many(&queries, &search, &mut batch).unwrap();
        assert_eq!((batch.counts.len(), batch.efforts.len()), (40, 40));
        let mut start = 0;
        for (query, &count) in data[100..140].iter().zip(&batch.counts) {
            let alone = index.search(query, &search).unwrap();
            let end = start + count as usize;
            assert_eq!(batch.hits.slots[start..end], alone.slots);
            assert_eq!(batch.hits.scores[start..end], alone.scores);
            start = end;
        }
        assert_eq!(start, batch.hits.slots.len());
    }
}

#[test]
fn a_batch_with_a_bad_query_names_it_and_changes_nothing() {
    let mut index = Index::new(Options::new(2)).unwrap();
    index.add(&[1.0, 0.0]).unwrap();
    let mut batch = Batch::default();
    let search = Search { k: 1, ..Search::default() };
    for (queries, error) in [
        (&[1.0, 0.0, 1.0][..], Error::DimensionMismatch { expected: 2, received: 3 }),
        (&[1.0, 0.0, 0.0, f32::NAN], Error::NotFinite { vector: 1, component: 1 }),
        (&[1.0, 0.0, 1.0, 0.0, 0.0, 0.0], Error::ZeroVector { vector: 2 }),
    ] {
        assert_eq!(index.search_many(queries, &search, &mut batch), Err(error));
        assert_eq!(index.search(&[1.0, 0.0], &search).unwrap().slots, [0]);
    }
    index.search_many(&[], &search, &mut batch).unwrap();
    assert_eq!(batch, Batch::default());
}
