//! Diversified searches, against maximal marginal relevance by its definition.

mod support;

use akin_engine::{Batch, Error, Index, Metric, Options, Search};
use support::{Random, built, clustered, graph_options, similarity};

/// The paper's formula over decoded vectors, every maximum sought anew for every choice.
fn oracle(
    index: &Index,
    metric: Metric,
    candidates: &[(u32, f32)],
    k: usize,
    diversity: f32,
) -> Vec<u32> {
    let vector = |slot| index.vector(slot).unwrap().unwrap();
    let alike = |a: u32, b: u32| match metric {
        Metric::Dot => similarity(Metric::Cosine, &vector(a), &vector(b)),
        _ => similarity(metric, &vector(a), &vector(b)),
    };
    let largest = candidates.iter().fold(0.0_f32, |most, (_, score)| most.max(score.abs()));
    let unit = if metric == Metric::Dot { largest } else { 1.0 };
    let mut chosen: Vec<u32> = Vec::new();
    while chosen.len() < k.min(candidates.len()) {
        let mut best = (u32::MAX, f32::NEG_INFINITY);
        for &(slot, score) in candidates.iter().filter(|(slot, _)| !chosen.contains(slot)) {
            let likeness = chosen.iter().map(|&other| alike(slot, other)).reduce(f32::max);
            let value = (1.0 - diversity) * score / unit - diversity * likeness.unwrap_or(0.0);
            if value > best.1 {
                best = (slot, value);
            }
        }
        chosen.push(best.0);
    }
    chosen
}

#[test]
fn results_are_those_of_the_definition() {
    for metric in [Metric::Cosine, Metric::Dot, Metric::L2] {
        let mut data = clustered(41, 1_020, 24);
        let queries = data.split_off(1_000);
        let mut index = Index::new(Options { metric, ..Options::new(24) }).unwrap();
        index.add(&data.concat()).unwrap();
        for (at, query) in queries.iter().enumerate() {
            let diversity = [0.01, 0.3, 0.5, 0.8, 1.0][at % 5];
            let fetch_k = [None, Some(7), Some(60)][at % 3];
            let k = [1, 7, 12][at / 3 % 3];
            let pool = fetch_k.map_or(4 * k, |fetch_k| k.max(fetch_k as usize));
            let nearest = Search { k: pool, ..Search::default() };
            let nearest = index.search(query, &nearest).unwrap();
            let candidates: Vec<_> = nearest.slots.into_iter().zip(nearest.scores).collect();
            let search = Search { k, diversity, fetch_k, ..Search::default() };
            let hits = index.search(query, &search).unwrap();
            let expected = oracle(&index, metric, &candidates, k, diversity);
            assert_eq!(hits.slots, expected, "{metric:?}, query {at}");
            for hit in hits.slots.iter().zip(hits.scores) {
                assert!(candidates.contains(&(*hit.0, hit.1)), "scores stay those of the query");
            }
        }
    }
}

#[test]
fn copies_give_way_to_what_is_new() {
    let mut random = Random::new(42);
    for metric in [Metric::Cosine, Metric::Dot, Metric::L2] {
        let near = random.vector(32);
        let other: Vec<f32> = near.iter().map(|c| c + 0.3 * random.normal()).collect();
        let mut data = vec![near.clone(); 20];
        data.push(other);
        let mut index = Index::new(Options { metric, ..Options::new(32) }).unwrap();
        index.add(&data.concat()).unwrap();
        let search = Search { k: 3, fetch_k: Some(21), ..Search::default() };
        let pure = index.search(&near, &search).unwrap();
        assert_eq!(index.search(&near, &Search { diversity: 0.0, ..search }).unwrap(), pure);
        let varied = index.search(&near, &Search { diversity: 0.6, ..search }).unwrap();
        assert!(!pure.slots.contains(&20) || metric == Metric::Dot);
        assert_eq!(varied.slots.len(), 3);
        assert!(varied.slots[..2].contains(&20), "{metric:?}: {:?}", varied.slots);
    }
}

#[test]
fn it_keeps_to_min_score_and_filter_and_gives_what_there_is() {
    let data = clustered(43, 3_000, 24);
    let mut index = built(graph_options(24), &data);
    let even = vec![0x5555_5555_u32; 3_000_usize.div_ceil(32)];
    let mut most = 0;
    for query in data.iter().step_by(100) {
        let search =
            Search { k: 10, min_score: Some(0.9), filter: Some(&even), ..Search::default() };
        let enough = index.search(query, &search).unwrap().slots.len();
        let hits = index.search(query, &Search { diversity: 0.7, ..search }).unwrap();
        assert_eq!(hits.slots.len(), enough);
        assert!(hits.slots.iter().all(|slot| slot % 2 == 0));
        assert!(hits.scores.iter().all(|&score| score >= 0.9));
        let mut slots = hits.slots.clone();
        slots.sort_unstable();
        slots.dedup();
        assert_eq!(slots.len(), hits.slots.len());
        most = most.max(enough);
    }
    assert_eq!(most, 10);
    let none = Search { k: 10, min_score: Some(0.99), diversity: 0.5, ..Search::default() };
    let opposite: Vec<_> = data[0].iter().map(|component| -component).collect();
    assert!(index.search(&opposite, &none).unwrap().slots.is_empty());
}

/// Under dot the length of the query decides nothing, and a vector of zeros is like none.
#[test]
fn under_dot_only_the_direction_of_the_query_matters() {
    let mut data = clustered(44, 200, 16);
    data.push(vec![0.0; 16]);
    let mut index = Index::new(Options { metric: Metric::Dot, ..Options::new(16) }).unwrap();
    index.add(&data.concat()).unwrap();
    let search = Search { k: 20, diversity: 0.4, fetch_k: Some(4_096), ..Search::default() };
    let expected = index.search(&data[3], &search).unwrap().slots;
    for factor in [1e-3_f32, 1e9] {
        let query: Vec<_> = data[3].iter().map(|component| component * factor).collect();
        assert_eq!(index.search(&query, &search).unwrap().slots, expected);
    }
    let zeros = index.search(&[0.0; 16], &search).unwrap();
    assert_eq!(zeros.slots.len(), 20);
}

#[test]
fn choosing_is_counted() {
    let data = clustered(45, 500, 16);
    let mut index = Index::new(Options::new(16)).unwrap();
    index.add(&data.concat()).unwrap();
    let mut batch = Batch::default();
    let search = Search { k: 5, diversity: 0.5, ..Search::default() };
    index.search_many(&data[0], &search, &mut batch).unwrap();
    assert_eq!(batch.efforts[0].evaluations, 500 + 19 + 18 + 17 + 16);
}

#[test]
fn what_cannot_be_diversified_is_refused() {
    let mut index = Index::new(Options::new(2)).unwrap();
    index.add(&[1.0, 0.0]).unwrap();
    let query = [1.0, 0.0];
    let search = Search { k: 1, diversity: 0.5, ..Search::default() };
    for diversity in [-0.01, 1.01, f32::NAN, f32::INFINITY] {
        let refused = Err(Error::OptionOutOfRange { name: "diversity", least: 0, most: 1 });
        assert_eq!(index.search(&query, &Search { diversity, ..search }), refused);
    }
    for fetch_k in [0, 4_097] {
        let refused = Err(Error::OptionOutOfRange { name: "fetchK", least: 1, most: 4_096 });
        assert_eq!(index.search(&query, &Search { fetch_k: Some(fetch_k), ..search }), refused);
    }
    let refused = Err(Error::TooManyToDiversify { most: 4_096 });
    assert_eq!(index.search(&query, &Search { k: 4_097, ..search }), refused);
    for k in [1, 4_096] {
        assert_eq!(index.search(&query, &Search { k, ..search }).unwrap().slots, [0]);
    }
}
