//! Recall after everything that wears a graph down: removals, compaction, replacement, copies,
//! filters. On data with clusters and on data with next to no structure.
//!
//! `cargo test` takes 3,000 vectors, `AKIN_LONG=1` 20,000. Recall is the share of the exact ten
//! nearest in the same index, so that rounding to codes is not blamed on the graph.

mod support;

use std::collections::BTreeSet;
use std::sync::OnceLock;

use akin_engine::{Index, Options, Search};
use support::{Random, assert_valid, clustered, diffuse, graph_options, recall};

/// Recall of the new index, and what is asked of it ever after.
const FRESH: f64 = 0.97;
const HELD: f64 = 0.95;

/// A set of data, queries beside it, and the index of it, built once.
struct Set {
    name: &'static str,
    vectors: Vec<Vec<f32>>,
    queries: Vec<Vec<f32>>,
    /// More of the same.
    fresh: Vec<Vec<f32>>,
    snapshot: Vec<u8>,
}

impl Set {
    fn build(name: &'static str, all: Vec<Vec<f32>>, ef_search: u32) -> Self {
        let mut vectors = all;
        let fresh = vectors.split_off(count());
        let queries = vectors[..].iter().step_by(count() / 200).zip(&fresh);
        // Between two vectors: near the data, yet no part of it.
        let queries = queries.map(|(a, b)| a.iter().zip(b).map(|(a, b)| 0.8 * a + 0.2 * b));
        let queries: Vec<Vec<f32>> = queries.map(Iterator::collect).collect();
        let options = Options { ef_search, ..graph_options(vectors[0].len()) };
        let mut index = support::built(options, &vectors);
        let before = index.evaluations();
        let found = recall(&mut index, &queries);
        assert!(found >= FRESH, "{name}: {found} when new");
        // Half of the searches are the exact ones that it is compared with.
        let walked = (index.evaluations() - before) / queries.len() as u64 - count() as u64;
        println!("{name}: {found} when new, {walked} distances of {}", count());
        assert!(walked < count() as u64 * 3 / 4, "{name}: scans prove nothing about a graph");
        let snapshot = index.snapshot().unwrap();
        Self { name, vectors, queries, fresh, snapshot }
    }

    fn index(&self) -> Index {
        Index::open(&self.snapshot).unwrap()
    }

    fn assert_holds(&self, index: &mut Index, when: &str) {
        let found = recall(index, &self.queries);
        println!("{}: {found} {when}", self.name);
        assert!(found >= HELD, "{}: {found} {when}", self.name);
    }
}

fn count() -> usize {
    if support::long() { 20_000 } else { 3_000 }
}

fn each_set(test: impl Fn(&Set)) {
    static CLUSTERED: OnceLock<Set> = OnceLock::new();
    static DIFFUSE: OnceLock<Set> = OnceLock::new();
    let with_more = 2 * count();
    test(CLUSTERED.get_or_init(|| Set::build("clustered", clustered(61, with_more, 48), 12)));
    let ef = if support::long() { 32 } else { 16 };
    test(DIFFUSE.get_or_init(|| Set::build("diffuse", diffuse(62, with_more, 24), ef)));
}

fn slots_where(mut gone: impl FnMut(usize) -> bool) -> Vec<u32> {
    (0..count()).filter(|&slot| gone(slot)).map(|slot| slot as u32).collect()
}

#[test]
fn after_half_was_removed_before_and_after_compaction() {
    each_set(|set| {
        let mut random = Random::new(63);
        let mut index = set.index();
        let half = slots_where(|_| random.below(2) == 0);
        assert_eq!(index.remove(&half), half.len());
        set.assert_holds(&mut index, "after half was removed");
        assert!(!index.compact(u64::from(index.options().m) * count() as u64).unwrap());
        set.assert_holds(&mut index, "half way through compaction");
        assert!(index.compact(u64::MAX).unwrap());
        assert_eq!((index.tombstones(), index.len()), (0, count() - half.len()));
        set.assert_holds(&mut index, "after compaction");
        assert_valid(&index);
    });
}

#[test]
fn after_five_rounds_that_replace_a_fifth() {
    each_set(|set| {
        for compacts in [true, false] {
            let mut random = Random::new(64);
            let mut index = set.index();
            let mut live: Vec<u32> = slots_where(|_| true);
            let mut fresh = set.fresh.iter();
            for round in 1..=5 {
                let mut gone = Vec::new();
                for _ in 0..count() / 5 {
                    gone.push(live.swap_remove(random.below(live.len())));
                }
                assert_eq!(index.remove(&gone), gone.len());
                let added: Vec<_> = fresh.by_ref().take(gone.len()).cloned().collect();
                live.extend(index.add(&added.concat()).unwrap());
                assert!(index.build_step(u64::MAX).unwrap());
                if compacts {
                    assert!(index.compact(u64::MAX).unwrap());
                }
                let when = format!("after replacing {round} fifths, compacted: {compacts}");
                set.assert_holds(&mut index, &when);
            }
            assert_eq!((index.len(), index.tombstones() == 0), (count(), compacts));
        }
    });
}

/// How an index is kept while a note is saved again and again.
#[derive(Debug, Clone, Copy)]
enum Upkeep {
    Never,
    Now(usize),
    Always(u64),
}

/// An autosaving note: the same document, each time a little different, a thousand times.
#[test]
fn after_one_document_was_replaced_a_thousand_times() {
    each_set(|set| {
        for upkeep in [Upkeep::Never, Upkeep::Now(100), Upkeep::Always(200)] {
            let mut random = Random::new(65);
            let mut index = set.index();
            let mut slot = 700;
            let mut note = set.vectors[700].clone();
            let search = Search { k: 20, exact: true, ..Search::default() };
            let around = index.search(&note, &search).unwrap().slots;
            let around: Vec<_> = around.iter().map(|&s| set.vectors[s as usize].clone()).collect();
            for round in 1..=1_000 {
                note.iter_mut().for_each(|component| *component += 0.002 * random.normal());
                let added = index.add(&note).unwrap();
                assert_eq!(index.remove(&[slot]), 1);
                slot = added[0];
                assert!(index.build_step(u64::MAX).unwrap());
                let hits = index.search(&note, &Search { k: 10, ..Search::default() }).unwrap();
                assert_eq!(hits.slots[0], slot, "{} {upkeep:?}: round {round}", set.name);
                assert_eq!(hits.slots.len(), 10);
                match upkeep {
                    Upkeep::Now(rounds) if round % rounds == 0 => drop(index.compact(u64::MAX)),
                    Upkeep::Always(work) => drop(index.compact(work)),
                    _ => {}
                }
                if round % 50 == 0 {
                    let found = recall(&mut index, &around);
                    assert!(found >= HELD, "{} {upkeep:?}: {found} around it", set.name);
                }
            }
            assert_eq!(index.len(), count());
            set.assert_holds(&mut index, &format!("after a note was saved, {upkeep:?}"));
        }
    });
}

/// Links among copies lead nowhere else: what comes later can end up out of reach.
#[test]
fn with_two_thousand_copies_beside_two_hundred_others() {
    each_set(|set| {
        let mut index = set.index();
        let copy = &set.vectors[3];
        index.add(&copy.repeat(2_000)).unwrap();
        index.build_step(u64::MAX).unwrap();
        let others = &set.fresh[..200];
        let slots = index.add(&others.concat()).unwrap();
        index.build_step(u64::MAX).unwrap();
        for (slot, vector) in slots.into_iter().zip(others) {
            let search = Search { k: 10, ef: Some(64), ..Search::default() };
            let hits = index.search(vector, &search).unwrap();
            assert_eq!(hits.slots[0], slot, "{}", set.name);
        }
        set.assert_holds(&mut index, "beside copies");
    });
}

#[test]
fn where_half_of_everything_is_there_twice() {
    each_set(|set| {
        let mut index = set.index();
        let twice: Vec<_> = set.vectors.iter().step_by(2).cloned().collect();
        let twins = index.add(&twice.concat()).unwrap();
        index.build_step(u64::MAX).unwrap();
        set.assert_holds(&mut index, "with every second vector twice");
        let mut found = 0;
        for (at, vector) in twice.iter().enumerate() {
            let hits = index.search(vector, &Search { k: 2, ..Search::default() }).unwrap();
            let both = BTreeSet::from([2 * at as u32, twins[at]]);
            found += usize::from(hits.slots.iter().copied().collect::<BTreeSet<_>>() == both);
        }
        assert!(found as f64 >= 0.99 * twice.len() as f64, "{}: {found} pairs", set.name);
        // Without the first of two, the second takes its place.
        index.remove(&slots_where(|slot| slot % 2 == 0));
        set.assert_holds(&mut index, "without the first of each pair");
        let finds = |(at, vector): (usize, &Vec<f32>)| {
            let hits = index.search(vector, &Search { k: 1, ..Search::default() }).unwrap();
            usize::from(hits.slots == [twins[at]])
        };
        let found: usize = twice.iter().enumerate().map(finds).sum();
        assert!(found as f64 >= 0.99 * twice.len() as f64, "{}: {found} twins", set.name);
    });
}

#[test]
fn around_a_query_whose_fifty_nearest_were_removed() {
    each_set(|set| {
        for compacts in [false, true] {
            let mut index = set.index();
            let (mut found, mut wanted) = (0, 0);
            for query in set.queries.iter().step_by(8) {
                let exact = Search { k: 50, exact: true, ..Search::default() };
                let nearest = index.search(query, &exact).unwrap();
                assert_eq!(index.remove(&nearest.slots), 50);
                if compacts {
                    index.compact(5_000).unwrap();
                }
                let hits = index.search(query, &Search { k: 10, ..Search::default() }).unwrap();
                let exact = index.search(query, &Search { k: 10, ..exact }).unwrap();
                assert_eq!(hits.slots.len(), 10, "{}", set.name);
                found += hits.slots.iter().filter(|slot| exact.slots.contains(slot)).count();
                wanted += 10;
            }
            let found = f64::from(found as u32) / f64::from(wanted);
            assert!(found >= HELD, "{}: {found}, compacting: {compacts}", set.name);
            set.assert_holds(&mut index, "with holes where queries are");
        }
    });
}

#[test]
fn under_filters_of_every_share_random_and_far_from_the_query() {
    each_set(|set| {
        let mut random = Random::new(66);
        let mut index = set.index();
        for share in [0.5, 0.1, 0.01, 0.001, 0.0001] {
            for far in [false, true] {
                let matches = ((count() as f64 * share) as usize).max(1);
                let (mut found, mut wanted) = (0, 0);
                for query in set.queries.iter().step_by(4) {
                    let mut order = slots_where(|_| true);
                    if far {
                        let all = Search { k: count(), exact: true, ..Search::default() };
                        order = index.search(query, &all).unwrap().slots;
                        order.reverse();
                    } else {
                        (0..matches).for_each(|at| {
                            order.swap(at, at + random.below(count() - at));
                        });
                    }
                    let mut filter = vec![0_u32; count().div_ceil(32)];
                    for &slot in &order[..matches] {
                        filter[slot as usize / 32] |= 1 << (slot % 32);
                    }
                    let search = Search { k: 10, filter: Some(&filter), ..Search::default() };
                    let hits = index.search(query, &search).unwrap();
                    let exact = index.search(query, &Search { exact: true, ..search }).unwrap();
                    assert_eq!(hits.slots.len(), matches.min(10), "{} {share}", set.name);
                    let passes = |s: &u32| filter[*s as usize / 32] >> (s % 32) & 1 == 1;
                    assert!(hits.slots.iter().all(passes));
                    found += hits.slots.iter().filter(|slot| exact.slots.contains(slot)).count();
                    wanted += matches.min(10);
                }
                let found = f64::from(found as u32) / wanted as f64;
                println!("{}: {found} at {share}, far: {far}", set.name);
                assert!(found >= HELD, "{}: {found} at {share}, far: {far}", set.name);
            }
        }
    });
}
