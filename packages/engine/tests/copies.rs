//! Data full of duplicates: however many copies of a vector there are, what is around them is found,
//! and so are they.

mod support;

use akin_engine::{Index, Metric, Options, Plan, Search};
use support::{Random, assert_valid, clustered, graph_options};

const DIMENSIONS: usize = 48;

/// Vectors a little beside another one, each in its own direction.
fn near(random: &mut Random, vector: &[f32], count: usize, size: f32) -> Vec<Vec<f32>> {
    let beside = |_| vector.iter().map(|c| c + size * random.normal()).collect();
    (0..count).map(beside).collect()
}

fn add(index: &mut Index, vectors: &[Vec<f32>]) -> Vec<u32> {
    let slots = index.add(&vectors.concat()).unwrap();
    assert!(index.build_step(u64::MAX).unwrap());
    slots
}

/// Each is its own nearest, which a walk shall find, whether one or ten are asked for.
fn assert_finds_itself(index: &mut Index, vectors: &[Vec<f32>], slots: &[u32]) {
    for (k, ef) in [(1, 32), (1, 64), (10, 64), (10, 128)] {
        let search = Search { k, ef: Some(ef), ..Search::default() };
        let finds = |(vector, slot): (&Vec<f32>, &u32)| {
            index.search(vector, &search).unwrap().slots[0] == *slot
        };
        let found = vectors.iter().zip(slots).map(finds).filter(|&found| found).count();
        assert!(found * 100 >= slots.len() * 99, "{found} of {} at k {k}, ef {ef}", slots.len());
    }
}

/// Recall of walks against scans, ties counted, and that walks give as many as there are.
fn assert_recall(index: &mut Index, queries: &[Vec<f32>], search: Search<'_>) {
    let (mut found, mut wanted) = (0, 0);
    for query in queries {
        let exact = index.search(query, &Search { exact: true, ..search }).unwrap();
        let hits = index.search(query, &search).unwrap();
        assert_eq!(hits.slots.len(), exact.slots.len());
        let last = exact.scores.last().copied().unwrap_or_default();
        found += hits.scores.iter().filter(|&&score| score >= last).count();
        wanted += exact.slots.len();
    }
    assert!(found * 100 >= wanted * 97, "{found} of {wanted}, k {}", search.k);
}

fn assert_recall_at(index: &mut Index, queries: &[Vec<f32>], ef: u32, sizes: &[usize]) {
    for &k in sizes {
        assert_recall(index, queries, Search { k, ef: Some(ef), ..Search::default() });
    }
}

/// Every third vector is one of 20, each of which is there 200 times; others are beside those, others
/// between them, and others anywhere.
fn groups(random: &mut Random) -> (Vec<Vec<f32>>, Vec<Vec<f32>>) {
    let centres = clustered(72, 20, DIMENSIONS);
    let mut distinct: Vec<Vec<f32>> = clustered(73, 2_000, DIMENSIONS);
    for (at, centre) in centres.iter().enumerate() {
        distinct.extend(near(random, centre, 50, 0.05));
        let other = &centres[(at + 7) % centres.len()];
        for _ in 0..50 {
            let share = (random.float() + 1.0) / 2.0;
            let between = centre.iter().zip(other).map(|(a, b)| a + share * (b - a));
            distinct.push(between.map(|c| c + 0.02 * random.normal()).collect());
        }
    }
    (centres, distinct)
}

fn shuffled(random: &mut Random, mut vectors: Vec<Vec<f32>>) -> Vec<Vec<f32>> {
    for at in (1..vectors.len()).rev() {
        vectors.swap(at, random.below(at + 1));
    }
    vectors
}

#[test]
fn what_comes_after_two_thousand_copies_is_found() {
    for metric in [Metric::Cosine, Metric::L2] {
        let mut random = Random::new(70);
        let copy = random.vector(DIMENSIONS);
        let options = Options { metric, ..graph_options(DIMENSIONS) };
        let mut index = Index::new(options).unwrap();
        add(&mut index, &vec![copy.clone(); 2_000]);
        let others = near(&mut random, &copy, 200, 0.1);
        let slots = add(&mut index, &others);
        assert_finds_itself(&mut index, &others, &slots);
        assert_recall_at(&mut index, &[others.clone(), vec![copy]].concat(), 64, &[1, 10, 100]);
        assert_valid(&index);
    }
}

#[test]
fn what_was_there_before_two_thousand_copies_is_found() {
    let mut random = Random::new(71);
    let copy = random.vector(DIMENSIONS);
    let others = near(&mut random, &copy, 200, 0.1);
    let mut index = Index::new(graph_options(DIMENSIONS)).unwrap();
    let slots = add(&mut index, &others);
    add(&mut index, &vec![copy.clone(); 2_000]);
    assert_finds_itself(&mut index, &others, &slots);
    assert_recall_at(&mut index, &[others.clone(), vec![copy]].concat(), 64, &[1, 10, 100]);
}

#[test]
fn groups_of_copies_do_not_hide_what_is_around_and_between_them() {
    let mut random = Random::new(74);
    let (centres, distinct) = groups(&mut random);
    let copies = centres.iter().flat_map(|centre| vec![centre.clone(); 200]).collect();
    let all = shuffled(&mut random, [copies, distinct].concat());
    let mut index = Index::new(graph_options(DIMENSIONS)).unwrap();
    add(&mut index, &all);
    let queries: Vec<_> = all.iter().step_by(17).cloned().collect();
    assert_recall_at(&mut index, &queries, 48, &[1, 10]);
    assert_recall_at(&mut index, &centres, 48, &[1, 10, 150, 300]);
    assert_valid(&index);
}

#[test]
fn half_of_all_vectors_are_copies() {
    let mut random = Random::new(75);
    let distinct = clustered(76, 3_000, DIMENSIONS);
    let mut all = distinct.clone();
    all.extend((0..3_000).map(|_| distinct[random.below(700) * 3].clone()));
    let all = shuffled(&mut random, all);
    let mut index = Index::new(graph_options(DIMENSIONS)).unwrap();
    add(&mut index, &all);
    let queries: Vec<_> = all.iter().step_by(13).cloned().collect();
    let beside: Vec<_> = queries.iter().flat_map(|q| near(&mut random, q, 1, 0.05)).collect();
    assert_recall_at(&mut index, &queries, 32, &[1, 10]);
    assert_recall_at(&mut index, &beside, 32, &[1, 10]);
}

#[test]
fn copies_of_removed_originals_are_reached_among_what_comes_later() {
    let mut random = Random::new(80);
    let originals = clustered(81, 3_000, DIMENSIONS);
    let mut index = Index::new(graph_options(DIMENSIONS)).unwrap();
    let gone: Vec<u32> = add(&mut index, &originals).into_iter().step_by(29).collect();
    let copies: Vec<_> = originals.into_iter().step_by(29).collect();
    let slots = add(&mut index, &copies);
    index.remove(&gone);
    for copy in &copies {
        add(&mut index, &near(&mut random, copy, 40, 0.1));
    }
    assert_finds_itself(&mut index, &copies, &slots);
    assert_valid(&index);
}

/// Where most, all or just the first of the copies go, before and after compaction, in steps.
#[test]
fn copies_are_removed_again() {
    for (gone, work) in [(1, 300), (1, u64::MAX), (1_000, 2_000), (1_999, 5_000), (2_000, 300)] {
        let mut random = Random::new(77);
        let base = clustered(78, 1_500, DIMENSIONS);
        let copy = base[700].iter().map(|c| c + 0.03 * random.normal()).collect::<Vec<_>>();
        let mut index = Index::new(graph_options(DIMENSIONS)).unwrap();
        add(&mut index, &base);
        let copies = add(&mut index, &vec![copy.clone(); 2_000]);
        let others = near(&mut random, &copy, 200, 0.05);
        let slots = add(&mut index, &others);
        assert_eq!(index.remove(&copies[..gone]), gone);
        let check = |index: &mut Index| {
            assert_finds_itself(index, &others, &slots);
            assert_recall_at(index, &base[..300], 48, &[1, 10]);
            assert_recall_at(index, std::slice::from_ref(&copy), 48, &[1, 10, 500]);
        };
        check(&mut index);
        let mut steps = 0;
        while !index.compact(work).unwrap() {
            steps += 1;
            if steps % 10 == 1 {
                assert_valid(&index);
                let hits = index.search(&copy, &Search { k: 10, ..Search::default() }).unwrap();
                let left = copies.len() - gone;
                let is_copy = |slot: &&u32| copies[gone..].contains(slot);
                assert_eq!(hits.slots.iter().filter(is_copy).count(), left.min(10), "step {steps}");
            }
        }
        check(&mut index);
        assert_valid(&index);
        // They come back, into the slots that became free.
        add(&mut index, &vec![copy.clone(); gone]);
        check(&mut index);
        assert_valid(&index);
    }
}

/// The first of three copies goes, and while it is taken out of the graph the one that stands for it.
#[test]
fn copies_of_what_goes_meanwhile_are_found() {
    let data = [vec![clustered(86, 1, 256).remove(0); 3], clustered(87, 700, 256)].concat();
    let options = Options { m: 4, ..graph_options(256) };
    let mut index = support::built(options, &data);
    index.remove(&[0]);
    for step in 0.. {
        if index.compact(1).unwrap() {
            assert!(step > data.len() + 3, "no step beside scanning");
            break;
        }
        if step < data.len() {
            continue;
        }
        let mut other = Index::open(&index.snapshot().unwrap()).unwrap();
        other.remove(&[2]);
        for _ in 0..2 {
            assert!(other.compact(u64::MAX).unwrap());
            assert_valid(&other);
            let mut batch = akin_engine::Batch::default();
            let search = Search { k: 1, ef: Some(8), ..Search::default() };
            other.search_many(&data[0], &search, &mut batch).unwrap();
            assert_eq!(batch.efforts[0].plan, Plan::Walk);
            assert_eq!(batch.hits.slots, [1], "after {step} steps");
        }
    }
}

/// Removing goes on while copies are taken out of the graph.
#[test]
fn copies_come_and_go_while_the_index_is_compacted() {
    let mut random = Random::new(79);
    let base = clustered(80, 1_000, DIMENSIONS);
    let mut index = Index::new(graph_options(DIMENSIONS)).unwrap();
    let mut slots = add(&mut index, &base);
    let mut vectors = base.clone();
    for round in 0..400 {
        // A few vectors come again and again.
        let vector = &base[random.below(12) * 50];
        let count = 1 + random.below(12);
        slots.extend(index.add(&vector.repeat(count)).unwrap());
        vectors.extend(vec![vector.clone(); count]);
        index.build_step(if round % 3 == 0 { 500 } else { u64::MAX }).unwrap();
        for _ in 0..random.below(14).min(slots.len()) {
            let at = random.below(slots.len());
            assert_eq!(index.remove(&[slots.swap_remove(at)]), 1);
            vectors.swap_remove(at);
        }
        index.compact([0, 200, 2_000][round % 3]).unwrap();
        if round % 40 == 0 {
            assert_valid(&index);
            let snapshot = index.snapshot().unwrap();
            index = Index::open(&snapshot).unwrap();
            assert_recall_at(&mut index, &vectors[..200], 48, &[1, 10]);
        }
    }
    assert!(index.build_step(u64::MAX).unwrap());
    while !index.compact(u64::MAX).unwrap() || index.tombstones() > 0 {}
    assert_valid(&index);
    for vector in vectors.iter().step_by(3) {
        let all = vectors.iter().filter(|other| *other == vector).count();
        let search = Search { k: all, ef: Some(32), ..Search::default() };
        let hits = index.search(vector, &search).unwrap();
        let same = hits.slots.iter().filter(|slot| {
            let at = slots.iter().position(|other| other == *slot).unwrap();
            vectors[at] == *vector
        });
        assert_eq!(same.count(), all);
    }
}

#[test]
fn more_results_than_distinct_vectors_are_walked_for() {
    let mut random = Random::new(81);
    let distinct = clustered(82, 100, DIMENSIONS);
    let all = (0..12_000).map(|_| distinct[random.below(100)].clone()).collect::<Vec<_>>();
    let mut index = Index::new(graph_options(DIMENSIONS)).unwrap();
    add(&mut index, &all);
    assert_recall_at(&mut index, &distinct[..40], 24, &[30, 130]);
    let mut batch = akin_engine::Batch::default();
    let search = Search { k: 130, ef: Some(24), ..Search::default() };
    index.search_many(&distinct[0], &search, &mut batch).unwrap();
    assert_eq!(batch.efforts[0].plan, Plan::Walk);
}

#[test]
fn filters_among_copies_find_what_matches() {
    let mut random = Random::new(83);
    let (centres, distinct) = groups(&mut random);
    let copies = centres.iter().flat_map(|centre| vec![centre.clone(); 200]).collect();
    let all = shuffled(&mut random, [copies, distinct].concat());
    let mut index = Index::new(graph_options(DIMENSIONS)).unwrap();
    add(&mut index, &all);
    let queries = [&centres[..], &all[..200]].concat();
    for share in [2, 8, 20, 33] {
        let mut filter = vec![0_u32; all.len().div_ceil(32)];
        for slot in 0..all.len() {
            if random.below(share) == 0 {
                filter[slot / 32] |= 1 << (slot % 32);
            }
        }
        for k in [1, 10] {
            let filter = Some(filter.as_slice());
            assert_recall(
                &mut index,
                &queries,
                Search { k, filter, ef: Some(48), ..Search::default() },
            );
        }
    }
    // Of each group the last alone, and all that is no copy.
    let mut filter = vec![u32::MAX; all.len().div_ceil(32)];
    for centre in &centres {
        let group: Vec<_> = (0..all.len()).filter(|&slot| all[slot] == *centre).collect();
        for slot in &group[..group.len() - 1] {
            filter[slot / 32] &= !(1 << (slot % 32));
        }
    }
    let filter = Some(filter.as_slice());
    for k in [1, 10] {
        assert_recall(
            &mut index,
            &queries,
            Search { k, filter, ef: Some(48), ..Search::default() },
        );
    }
}

/// However a build was divided, copies included, the bytes are the same.
#[test]
fn slices_give_the_same_graph() {
    let mut random = Random::new(84);
    let distinct = clustered(85, 400, DIMENSIONS);
    let all = (0..1_600).map(|_| distinct[random.below(400)].clone()).collect::<Vec<_>>();
    let mut at_once = Index::new(graph_options(DIMENSIONS)).unwrap();
    add(&mut at_once, &all);
    let mut in_slices = Index::new(graph_options(DIMENSIONS)).unwrap();
    in_slices.add(&all.concat()).unwrap();
    while !in_slices.build_step(1 + random.below(5_000) as u64).unwrap() {
        if random.below(9) == 0 {
            in_slices = Index::open(&in_slices.snapshot().unwrap()).unwrap();
        }
    }
    assert!(at_once.snapshot().unwrap() == in_slices.snapshot().unwrap());
    for index in [&mut at_once, &mut in_slices] {
        index.remove(&(0..1_600).filter(|slot| slot % 3 == 0).collect::<Vec<_>>());
    }
    at_once.compact(u64::MAX).unwrap();
    while !in_slices.compact(1 + random.below(500) as u64).unwrap() {
        if random.below(9) == 0 {
            in_slices = Index::open(&in_slices.snapshot().unwrap()).unwrap();
        }
    }
    assert!(at_once.snapshot().unwrap() == in_slices.snapshot().unwrap());
}

/// A graph that holds no copies any more is the same as one that was opened without any.
#[test]
fn what_had_copies_is_compacted_like_what_is_opened_without() {
    let base = clustered(90, 1_500, DIMENSIONS);
    let mut index = support::built(graph_options(DIMENSIONS), &base);
    let copies = add(&mut index, &[base[7].clone()]);
    index.remove(&copies);
    assert!(index.compact(u64::MAX).unwrap());
    let mut opened = Index::open(&index.snapshot().unwrap()).unwrap();
    for index in [&mut index, &mut opened] {
        index.remove(&(0..1_500).step_by(3).collect::<Vec<_>>());
        index.compact(3_000).unwrap();
    }
    assert!(index.snapshot().unwrap() == opened.snapshot().unwrap());
}
