//! Random operations against a model that knows every vector.
//!
//! Each sequence draws an index and 200 operations from its seed, and after each operation compares
//! the whole index with the model. `cargo test` runs 100 sequences, `AKIN_LONG=1` 1,200;
//! `AKIN_MODEL_RUNS` asks for another number and `AKIN_MODEL_SEED` for another first seed. A
//! failure names its seed.

mod oracle;
mod sequence;
#[path = "../support/mod.rs"]
mod support;

use akin_engine::Metric;
use sequence::{Sequence, Tally};

/// Sequences in all; each of the three metrics takes those whose seed leaves its own remainder.
const RUNS: u64 = 100;
const RUNS_LONG: u64 = 1_200;

#[test]
fn an_index_agrees_with_its_model_under_cosine() {
    run_all(Metric::Cosine, 0);
}

#[test]
fn an_index_agrees_with_its_model_under_dot() {
    run_all(Metric::Dot, 1);
}

#[test]
fn an_index_agrees_with_its_model_under_l2() {
    run_all(Metric::L2, 2);
}

fn run_all(metric: Metric, remainder: u64) {
    let number = |name: &str| std::env::var(name).ok().map(|value| value.parse().expect(name));
    let first = number("AKIN_MODEL_SEED").unwrap_or(1);
    let runs = number("AKIN_MODEL_RUNS").unwrap_or(if support::long() { RUNS_LONG } else { RUNS });
    let mut tally = Tally::default();
    for seed in (first..first + runs).filter(|seed| runs == 1 || seed % 3 == remainder) {
        let _named = NamedOnFailure(metric, seed);
        let bytes = Sequence::new(metric, seed).run(&mut tally);
        // The same again, closed and opened after every operation: nothing is lost on the way.
        if seed % 5 == 0 {
            let again = Sequence::new(metric, seed).reopened().run(&mut tally);
            assert!(again == bytes, "an index that was saved went another way");
        }
    }
    println!("{metric:?}: {tally:?}");
    assert!(runs < RUNS || tally.reaches_everything(), "too little was tried: {tally:?}");
}

/// Says how to run a sequence again that failed.
struct NamedOnFailure(Metric, u64);

impl Drop for NamedOnFailure {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let Self(metric, seed) = self;
            eprintln!("{metric:?} failed: AKIN_MODEL_RUNS=1 AKIN_MODEL_SEED={seed} repeats it");
        }
    }
}
