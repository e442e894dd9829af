//! Metrics, and the integer products under all of them.
//!
//! There is one kernel with two implementations: `simd128` is compiled where WebAssembly has it,
//! `scalar` everywhere else and as the oracle. Products are exact, so the choice cannot be seen in
//! any result.

#[cfg_attr(target_arch = "wasm32", allow(dead_code))]
mod scalar;
#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
mod simd128;

#[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
pub use scalar::{Floats, Ints, arrange, columns, dot, dot4, offset, round, square, widen};
#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
pub use simd128::{Floats, Ints, arrange, columns, dot, dot4, offset, round, square, widen};

use crate::records::CODE_BLOCK;

/// Where a query keeps the code of a dimension: of each block of sixteen the even ones first, since
/// that is how a SIMD register of codes comes apart.
#[inline(always)]
pub fn place(dimension: usize) -> usize {
    let at = dimension % CODE_BLOCK;
    dimension - at + at / 2 + at % 2 * (CODE_BLOCK / 2)
}

/// A code as records store it. Those of even dimensions are 128 larger, so that masking a register
/// of codes gives them as they are, without sign to extend.
#[inline(always)]
pub fn to_stored(dimension: usize, code: i8) -> u8 {
    if dimension.is_multiple_of(2) { code as u8 ^ 0x80 } else { code as u8 }
}

/// The code that a record stores for a dimension.
#[inline(always)]
pub fn to_code(dimension: usize, stored: u8) -> i8 {
    to_stored(dimension, stored as i8) as i8
}

/// How two vectors are compared. Scores are similarities: higher is better under each.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Metric {
    /// The cosine of the angle, from -1 to 1. Vectors need not be normalised.
    #[default]
    Cosine,
    /// The inner product, unbounded.
    Dot,
    /// `1 / (1 + distance)` with the Euclidean distance, above 0 and up to 1.
    L2,
}

impl Metric {
    /// The number of the metric in snapshots and across the JavaScript boundary.
    pub fn number(self) -> u8 {
        match self {
            Self::Cosine => 0,
            Self::Dot => 1,
            Self::L2 => 2,
        }
    }

    /// The metric of a number.
    pub fn from_number(number: u8) -> Option<Self> {
        [Self::Cosine, Self::Dot, Self::L2].into_iter().find(|metric| metric.number() == number)
    }

    /// Turns an internal distance, where lower is nearer, into a score.
    pub fn score(self, distance: f32) -> f32 {
        match self {
            Self::Cosine => (1.0 - distance).clamp(-1.0, 1.0),
            Self::Dot => 0.0 - distance,
            // Rounding may leave the square of a tiny distance just below zero.
            Self::L2 => 1.0 / (1.0 + distance.max(0.0).sqrt()),
        }
    }
}
