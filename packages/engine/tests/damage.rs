//! Damage that nobody intended: a flipped bit, an end that is missing, something appended. All of
//! it is reported, none of it opens.
//!
//! Of the flips `cargo test` tries one in 64, `AKIN_LONG=1` every one.

mod support;

use akin_engine::{Error, Index, Metric, Options};
use support::Random;
use support::hostile::{busy_index, seal};

/// 64 KiB in which everything occurs that a snapshot can hold.
fn snapshot(metric: Metric) -> Vec<u8> {
    let options =
        Options { metric, m: 8, ef_construction: 40, exact_below: 0, seed: 3, ..Options::new(120) };
    let bytes = |count| busy_index(options, count).snapshot().unwrap();
    let counts: Vec<usize> = (100..600).collect();
    let enough = counts.partition_point(|&count| bytes(count).len() < 64 * 1024);
    let bytes = bytes(counts[enough]);
    assert!((64 * 1024..65 * 1024).contains(&bytes.len()), "{} bytes", bytes.len());
    bytes
}

#[test]
fn every_flipped_bit_of_64_kib_is_reported() {
    let one_in = if support::long() { 1 } else { 64 };
    let tried: Vec<usize> = std::thread::scope(|scope| {
        let metrics = [Metric::Cosine, Metric::L2];
        let workers = metrics.map(|metric| scope.spawn(move || flip_bits(metric, one_in)));
        workers.map(|worker| worker.join().unwrap()).into()
    });
    println!("{tried:?} flips, all reported");
    assert!(tried.iter().all(|&tried| tried >= 64 * 1024 * 8 / one_in / 2));
}

fn flip_bits(metric: Metric, one_in: usize) -> usize {
    let mut random = Random::new(71);
    let mut bytes = snapshot(metric);
    let intact = bytes.clone();
    let mut tried = 0;
    for bit in 0..bytes.len() * 8 {
        // The header and the table are tried in full, here too.
        if bit / 8 >= 300 && random.below(one_in) > 0 {
            continue;
        }
        bytes[bit / 8] ^= 1 << (bit % 8);
        let opened = Index::open(&bytes);
        assert!(
            matches!(opened, Err(Error::Corrupt { .. })),
            "{metric:?}, byte {}, bit {}: {opened:?}",
            bit / 8,
            bit % 8,
        );
        bytes[bit / 8] ^= 1 << (bit % 8);
        tried += 1;
    }
    assert!(bytes == intact && Index::open(&bytes).is_ok());
    tried
}

/// A small snapshot cut off and extended by every length, plainly and by someone who writes the
/// checksums anew.
#[test]
fn every_other_length_is_reported() {
    let options = Options { m: 4, ef_construction: 20, exact_below: 0, ..Options::new(5) };
    let bytes = busy_index(options, 65).snapshot().unwrap();
    let refused = |bytes: &mut [u8], what: &str| {
        let corrupt = |bytes: &[u8]| matches!(Index::open(bytes), Err(Error::Corrupt { .. }));
        assert!(corrupt(bytes), "{what} opened");
        seal(bytes);
        assert!(corrupt(bytes), "{what} opened with new checksums");
    };
    for length in 0..bytes.len() {
        refused(&mut bytes[..length].to_vec(), &format!("the first {length} bytes"));
    }
    for more in 1..=bytes.len() {
        for tail in [&vec![0; more], &bytes[bytes.len() - more..]] {
            let mut longer = [&bytes, tail].concat();
            refused(&mut longer, &format!("{more} bytes more"));
        }
    }
    assert!(Index::open(&bytes).is_ok());
}
