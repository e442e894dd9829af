//! Range searches: everything that scores enough, and nothing else.

mod support;

use akin_engine::{Batch, Error, Index, Metric, Options, Plan, Search};
use support::{Random, built, clustered, graph_options, similarity};

const DIMENSIONS: usize = 48;

/// What scores at least `min_score` of all vectors that the index holds, by their codes.
fn matching(index: &mut Index, query: &[f32], min_score: f64) -> Vec<u32> {
    let all = Search { k: usize::MAX, exact: true, ..Search::default() };
    let hits = index.search(query, &all).unwrap();
    let enough = hits.scores.iter().take_while(|&&score| f64::from(score) >= min_score).count();
    hits.slots[..enough].to_vec()
}

fn plan(index: &mut Index, query: &[f32], search: &Search<'_>) -> Plan {
    let mut batch = Batch::default();
    index.search_many(query, search, &mut batch).unwrap();
    batch.efforts[0].plan
}

#[test]
fn a_scan_gives_min_k_matches() {
    let mut random = Random::new(21);
    for metric in [Metric::Cosine, Metric::Dot, Metric::L2] {
        // Beyond the room that a first scan has, so that some are scanned twice.
        let data: Vec<_> = (0..3_000).map(|_| random.vector(12)).collect();
        let mut index = Index::new(Options { metric, ..Options::new(12) }).unwrap();
        index.add(&data.concat()).unwrap();
        let query = random.vector(12);
        let mut true_scores: Vec<_> =
            data.iter().map(|vector| similarity(metric, &query, vector)).collect();
        true_scores.sort_by(|a, b| b.total_cmp(a));
        for wanted in [0, 1, 9, 1_023, 1_024, 1_025, 2_500, 2_999] {
            // Half way between two scores, so that the codes agree with the vectors for nearly
            // all; those beside the bound may fall on either side of it.
            let min_score = f64::from(true_scores[wanted]) + 1e-6;
            let expected = matching(&mut index, &query, min_score);
            assert!(expected.len().abs_diff(wanted) <= 60, "{} {wanted}", expected.len());
            for k in [0, 1, 10, 1_024, 2_000, usize::MAX] {
                let search = Search { k, min_score: Some(min_score), ..Search::default() };
                let hits = index.search(&query, &search).unwrap();
                assert_eq!(
                    hits.slots,
                    expected[..k.min(expected.len())],
                    "{metric:?} {wanted} {k}"
                );
                assert!(hits.scores.iter().all(|&score| f64::from(score) >= min_score));
            }
        }
    }
}

#[test]
fn a_walk_goes_on_past_ef_search_until_scores_end() {
    let mut data = clustered(22, 20_040, DIMENSIONS);
    let queries = data.split_off(20_000);
    let options = Options { ef_search: 16, ..graph_options(DIMENSIONS) };
    let mut index = built(options, &data);
    let (mut found, mut wanted) = (0, 0);
    for query in &queries {
        let scores = index.search(query, &Search { k: 301, ..Search::default() }).unwrap().scores;
        // Once with fewer matches than ef, then with many times as many.
        for rank in [3, 40, 250] {
            let min_score = f64::from(scores[rank]);
            let search =
                Search { k: 400, ef: Some(16), min_score: Some(min_score), ..Search::default() };
            // Many times as many may be scanned for sooner than walked.
            assert!(rank > 100 || plan(&mut index, query, &search) == Plan::Walk);
            let hits = index.search(query, &search).unwrap();
            assert!(hits.scores.iter().all(|&score| f64::from(score) >= min_score));
            let expected = matching(&mut index, query, min_score);
            found += expected.iter().filter(|slot| hits.slots.contains(slot)).count();
            wanted += expected.len();
            let few = index.search(query, &Search { k: 5, ..search }).unwrap();
            assert_eq!(few.slots.len(), 5.min(hits.slots.len()));
        }
    }
    let recall = found as f64 / wanted as f64;
    assert!(recall >= 0.95, "{recall}");
}

#[test]
fn a_range_holds_within_a_filter_and_for_vectors_that_wait_for_the_graph() {
    let data = clustered(23, 6_000, DIMENSIONS);
    let mut index = built(graph_options(DIMENSIONS), &data[..5_000]);
    index.add(&data[5_000..].concat()).unwrap();
    index.remove(&(0..6_000).step_by(7).collect::<Vec<_>>());
    let even = vec![0x5555_5555_u32; 6_000_usize.div_ceil(32)];
    for query in data.iter().step_by(200) {
        let all = Search { k: usize::MAX, exact: true, ..Search::default() };
        let all = index.search(query, &all).unwrap();
        let min_score = f64::from(all.scores[60]);
        let expected: Vec<_> = all.slots[..61].iter().filter(|&&slot| slot % 2 == 0).collect();
        let search =
            Search { k: 100, min_score: Some(min_score), filter: Some(&even), ..Search::default() };
        let hits = index.search(query, &search).unwrap();
        assert!(hits.slots.iter().all(|slot| expected.contains(&slot)));
        assert!(hits.slots.len() * 20 >= expected.len() * 19, "{}", hits.slots.len());
    }
}

#[test]
fn a_vector_scores_near_1_with_itself() {
    let mut random = Random::new(24);
    for dimensions in [1, 2, 3, 16, 384, 1536] {
        for metric in [Metric::Cosine, Metric::L2] {
            let mut vector = random.vector(dimensions);
            let length = vector.iter().map(|c| c * c).sum::<f32>().sqrt();
            vector.iter_mut().for_each(|component| *component /= length);
            let mut index =
                Index::new(Options { metric, ..Options::new(dimensions as u32) }).unwrap();
            index.add(&vector).unwrap();
            let hits = index.search(&vector, &Search { k: 1, ..Search::default() }).unwrap();
            let least = if metric == Metric::Cosine { 0.999 } else { 0.98 };
            assert!(hits.scores[0] >= least, "{metric:?} {dimensions}: {}", hits.scores[0]);
        }
    }
}

/// The bound belongs to the range, and is not rounded to the floats of scores.
#[test]
fn a_score_just_reached_is_enough() {
    let mut random = Random::new(25);
    let mut index = Index::new(Options::new(12)).unwrap();
    index.add(&random.vector(40 * 12)).unwrap();
    let query = random.vector(12);
    let all = index.search(&query, &Search { k: 40, ..Search::default() }).unwrap();
    for (rank, &score) in all.scores.iter().enumerate().filter(|(_, score)| **score > 0.0) {
        let search = |min_score| Search { k: 40, min_score: Some(min_score), ..Search::default() };
        let reached = index.search(&query, &search(f64::from(score))).unwrap();
        assert!(reached.slots.contains(&all.slots[rank]));
        let missed = index.search(&query, &search(f64::from(score) * (1.0 + 1e-12))).unwrap();
        assert!(!missed.slots.contains(&all.slots[rank]));
    }
}

#[test]
fn a_score_that_is_no_number_is_refused() {
    let mut index = Index::new(Options::new(2)).unwrap();
    index.add(&[1.0, 0.0]).unwrap();
    let search = |min_score| Search { k: 1, min_score: Some(min_score), ..Search::default() };
    let refused = Err(Error::NotANumber { name: "minScore" });
    assert_eq!(index.search(&[1.0, 0.0], &search(f64::NAN)), refused);
    let slots = |index: &mut Index, least| index.search(&[1.0, 0.0], &search(least)).unwrap().slots;
    assert_eq!(slots(&mut index, f64::NEG_INFINITY), [0]);
    assert!(slots(&mut index, f64::INFINITY).is_empty());
}
