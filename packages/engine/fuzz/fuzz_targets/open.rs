//! Opens arbitrary bytes as a snapshot; what opens is searched, built, compacted and saved.
//!
//! No corpus is needed: what is no snapshot at all is replaced by an intact one, made on the spot.
//! Three in four changes get right checksums, or nothing would come past them.
#![no_main]

use std::sync::OnceLock;

use libfuzzer_sys::{fuzz_mutator, fuzz_target, fuzzer_mutate};
use support::Random;
use support::hostile::{mutate, open_and_use, seal, seeds};

#[path = "../../tests/support/mod.rs"]
mod support;

fuzz_target!(|bytes: &[u8]| {
    open_and_use(bytes);
});

fuzz_mutator!(|bytes: &mut [u8], size: usize, max_size: usize, seed: u32| {
    static SEEDS: OnceLock<Vec<Vec<u8>>> = OnceLock::new();
    let seeds = SEEDS.get_or_init(seeds);
    let mut random = Random::new(u64::from(seed));
    let other = &seeds[random.below(seeds.len())];
    let changed = if size < 32 && other.len() <= max_size {
        bytes[..other.len()].copy_from_slice(other);
        other.len()
    } else if random.below(2) == 0 {
        fuzzer_mutate(bytes, size, max_size)
    } else {
        let mut changed = bytes[..size].to_vec();
        mutate(&mut random, &mut changed, other);
        changed.truncate(max_size);
        bytes[..changed.len()].copy_from_slice(&changed);
        changed.len()
    };
    if random.below(4) > 0 {
        seal(&mut bytes[..changed]);
    }
    changed
});
