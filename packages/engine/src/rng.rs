//! The only randomness there is: the level of a slot, a pure function of seed and slot.
//!
//! Replaying the same calls therefore gives the same graph, in slices of any size, and a slot that is
//! used again finds its links on upper levels where they were.

use crate::slots::Slot;

/// No slot reaches above this level. At `m` = 16 a level holds a sixteenth of the one below, so
/// level 15 would first be expected at 2^60 slots; at `m` = 2 it is where the pyramid is cut off.
pub const MAX_LEVEL: usize = 15;

/// Draws the level of a slot: geometric, with a share of `1 / m` going on at each level, which is
/// the paper's `floor(-ln(uniform) / ln(m))` in integers, the same on every machine.
pub fn level_of(seed: u64, slot: Slot, m: usize) -> usize {
    let ceiling = u64::MAX / m as u64;
    let mut draw = split_mix(seed ^ split_mix(u64::from(slot.0) + 1));
    let mut level = 0;
    while draw < ceiling && level < MAX_LEVEL {
        // Below `u64::MAX / m` the product cannot overflow, and is uniform again.
        draw *= m as u64;
        level += 1;
    }
    level
}

/// One step of SplitMix64 (Steele, Lea and Flood, 2014): a bijection that scatters its input.
fn split_mix(input: u64) -> u64 {
    let mut z = input.wrapping_add(0x9E37_79B9_7F4A_7C15);
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn about_one_slot_in_m_goes_up_at_each_level() {
        for m in [2_usize, 16, 64] {
            let slots = 100_000;
            let above = (0..slots).filter(|&s| level_of(7, Slot(s), m) > 0).count();
            let share = above as f64 / f64::from(slots);
            assert!((share * m as f64 - 1.0).abs() < 0.1, "m {m}: {share}");
        }
    }

    #[test]
    fn the_seed_matters_and_nothing_else_does() {
        let levels = |seed| (0..4_096).map(|s| level_of(seed, Slot(s), 16)).collect::<Vec<_>>();
        assert_eq!(levels(1), levels(1));
        assert_ne!(levels(1), levels(2));
    }
}
