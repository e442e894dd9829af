//! The same operations give the same bytes: in one go or in steps, here or in WebAssembly.

mod support;

use akin_engine::{Index, Metric, Options};
use support::{Random, clustered, graph_options};

#[test]
fn slices_of_any_size_build_the_same_graph() {
    let data = clustered(31, 700, 24).concat();
    let build = |max_work: u64| {
        let mut index = Index::new(graph_options(24)).unwrap();
        index.add(&data).unwrap();
        let mut steps = 1;
        while !index.build_step(max_work).unwrap() {
            steps += 1;
        }
        let removed: Vec<u32> = (0..700).filter(|slot| slot % 3 == 0).collect();
        index.remove(&removed);
        while !index.compact(max_work).unwrap() {
            steps += 1;
        }
        (index.snapshot().unwrap(), steps)
    };
    let (at_once, steps) = build(u64::MAX);
    assert_eq!(steps, 1);
    for max_work in [1, 777, 50_000] {
        let (sliced, steps) = build(max_work);
        assert!(steps > 5, "{max_work}: {steps} steps");
        assert!(sliced == at_once, "steps of {max_work} built another graph");
    }
}

#[test]
fn a_step_does_about_as_much_as_it_was_asked_to() {
    let data = clustered(32, 2_000, 24);
    let mut index = Index::new(graph_options(24)).unwrap();
    index.add(&data.concat()).unwrap();
    let mut most = 0;
    loop {
        let before = index.evaluations();
        let done = index.build_step(5_000).unwrap();
        most = most.max(index.evaluations() - before);
        if done {
            break;
        }
    }
    assert!(most < 20_000, "{most}");
}

#[test]
fn adding_between_steps_or_before_builds_the_same_graph() {
    let data = clustered(33, 400, 24);
    let mut early = Index::new(graph_options(24)).unwrap();
    early.add(&data.concat()).unwrap();
    early.build_step(u64::MAX).unwrap();
    let mut late = Index::new(graph_options(24)).unwrap();
    for vectors in data.chunks(7) {
        late.add(&vectors.concat()).unwrap();
        late.build_step(2_000).unwrap();
    }
    late.build_step(u64::MAX).unwrap();
    assert!(early.snapshot().unwrap() == late.snapshot().unwrap());
}

#[test]
fn searching_changes_nothing() {
    let data = clustered(34, 300, 24);
    let mut index = support::built(graph_options(24), &data);
    let before = index.snapshot().unwrap();
    support::recall(&mut index, &data[..20]);
    assert!(index.snapshot().unwrap() == before);
}

#[test]
fn the_seed_decides_the_graph() {
    let data = clustered(35, 300, 24);
    let snapshot = |seed| {
        let options = Options { seed, ..graph_options(24) };
        support::built(options, &data).snapshot().unwrap()
    };
    assert!(snapshot(5) == snapshot(5));
    assert!(snapshot(5) != snapshot(6));
}

/// The same operations as in `tests-js/golden.test.ts`. There the products are computed by
/// `simd128`, here by plain Rust: equal checksums prove that both compute the same.
#[test]
fn the_golden_checksums_are_reached() {
    let expected = include_str!("golden.txt");
    let mut found = String::new();
    for (name, metric) in [("cosine", Metric::Cosine), ("dot", Metric::Dot), ("l2", Metric::L2)] {
        for dimensions in [7_usize, 112, 200] {
            let options = Options {
                metric,
                m: 8,
                ef_construction: 40,
                exact_below: 0,
                seed: 9,
                ..Options::new(dimensions as u32)
            };
            let mut index = Index::new(options).unwrap();
            let mut random = Random::new(dimensions as u64);
            index.add(&random.vector(600 * dimensions)).unwrap();
            while !index.build_step(3_000).unwrap() {}
            let removed: Vec<u32> = (0..600).filter(|slot| slot % 5 == 1).collect();
            index.remove(&removed);
            index.compact(u64::MAX).unwrap();
            index.add(&random.vector(50 * dimensions)).unwrap();
            index.build_step(u64::MAX).unwrap();
            // The checksum of the header covers those of all sections.
            let snapshot = index.snapshot().unwrap();
            let checksum = u64::from_le_bytes(snapshot[16..24].try_into().unwrap());
            found += &format!("{name} {dimensions} {checksum:016x}\n");
        }
    }
    assert_eq!(found, expected, "a new golden file would be:\n{found}");
}

/// A graph of nothing but tombstones is compacted before it is built on. However small the steps,
/// nothing may be left of that compaction: it would pass for the next one, which then did nothing.
#[test]
fn building_after_everything_was_removed_does_not_depend_on_slices_either() {
    let data = clustered(36, 100, 24);
    let all: Vec<u32> = (0..100).collect();
    let build = |max_work: u64| {
        let mut index = support::built(graph_options(24), &data);
        index.remove(&all);
        index.add(&data[..50].concat()).unwrap();
        while !index.build_step(max_work).unwrap() {}
        let bytes = index.snapshot().unwrap();
        index.remove(&[100]);
        assert!(index.compact(u64::MAX).unwrap());
        (bytes, index.tombstones())
    };
    let at_once = build(u64::MAX);
    assert_eq!(at_once.1, 0);
    for max_work in [1, 2, 10, 300] {
        assert!(build(max_work) == at_once, "steps of {max_work} left something else");
    }
}
