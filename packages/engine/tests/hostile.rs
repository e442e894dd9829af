//! Bytes that someone has tampered with, checksums included: they may open or not, but nothing
//! that opens may panic, hang or break a promise.
//!
//! `AKIN_HOSTILE_ROUNDS` asks for another number of changed snapshots. The same code is fuzzed in
//! `fuzz/`, where libFuzzer can be built.

mod support;

use akin_engine::{Error, Index, Options};
use support::Random;
use support::hostile::{busy_index, mutate, open_and_use, seal, section, seeds};

const ROUNDS: u64 = 6_000;
const ROUNDS_LONG: u64 = 300_000;

#[test]
fn what_opens_keeps_its_promises_whoever_wrote_it() {
    let rounds = std::env::var("AKIN_HOSTILE_ROUNDS").ok().map(|rounds| rounds.parse().unwrap());
    let rounds = rounds.unwrap_or(if support::long() { ROUNDS_LONG } else { ROUNDS });
    let threads = 2;
    let opened: u64 = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..threads)
            .map(|thread| {
                scope.spawn(move || {
                    let seeds = seeds();
                    let rounds = (thread..rounds).step_by(threads as usize);
                    rounds.filter(|&round| try_changed(&seeds, round)).count() as u64
                })
            })
            .collect();
        workers.into_iter().map(|worker| worker.join().unwrap()).sum()
    });
    println!("{opened} of {rounds} opened");
    assert!(opened > rounds / 20, "so few open that little else was tried: {opened}");
}

fn try_changed(seeds: &[Vec<u8>], round: u64) -> bool {
    let mut random = Random::new(round);
    let mut bytes = seeds[random.below(seeds.len())].clone();
    let other = &seeds[random.below(seeds.len())];
    mutate(&mut random, &mut bytes, other);
    seal(&mut bytes);
    let result = std::panic::catch_unwind(|| open_and_use(&bytes));
    result.unwrap_or_else(|panic| {
        eprintln!("round {round} of the changed snapshots failed");
        std::panic::resume_unwind(panic)
    })
}

/// Were the checksums not made right, everything above would be refused for them.
#[test]
fn sealing_an_intact_snapshot_changes_nothing() {
    for seed in seeds() {
        let mut sealed = seed.clone();
        seal(&mut sealed);
        assert!(sealed == seed);
        assert!(open_and_use(&seed));
    }
}

/// Its links would outlive the slots that they lead to, and those are given to others.
#[test]
fn a_compaction_that_forgot_a_node_is_refused() {
    let options = Options { m: 4, ef_construction: 20, exact_below: 0, ..Options::new(5) };
    let mut index = busy_index(options, 65);
    let state = 1;
    let mut refused = 0;
    while !index.compact(1).unwrap() {
        let intact = index.snapshot().unwrap();
        let scanned = intact[84..88] == intact[88..92];
        // The last of the four bitmaps: the nodes that are still to be connected anew.
        let bitmaps = section(&intact, state).unwrap();
        let affected = bitmaps.end - bitmaps.len() / 4..bitmaps.end;
        let bits = affected.flat_map(|at| (0..8).map(move |bit| (at, bit)));
        let set: Vec<_> = bits.filter(|&(at, bit)| intact[at] >> bit & 1 == 1).collect();
        for &(at, bit) in set.iter().filter(|_| scanned && set.len() > 1) {
            let mut bytes = intact.clone();
            bytes[at] ^= 1 << bit;
            seal(&mut bytes);
            match Index::open(&bytes) {
                Err(error) => refused += usize::from(matches!(error, Error::Corrupt { .. })),
                // It had links from condemned nodes only, and none to them.
                Ok(_) => assert!(open_and_use(&bytes)),
            }
        }
    }
    assert!(refused > 50, "{refused}");
}
