//! SQ8: a vector as int8 codes with one scale of its own.
//!
//! `code = round(127 · v / max|v|)`. The scale belongs to the vector, so nothing has to be trained
//! and nothing is clamped: a new vector far from all others is stored as exactly as the rest.
//!
//! Next to the codes stand two floats, chosen so that one formula serves every metric:
//!
//! ```text
//! distance(query, record) = (query.bias + record.bias) - (query.factor · record.scale) · Σ q·c
//!
//!           record.scale   record.bias   query.factor   query.bias   distance
//! cosine    1 / |c|        0             1 / |q|        1            1 - cos
//! dot       s              0             s              0            - inner product
//! l2        2 s            |v|²          s              |v|²         squared distance
//! ```
//!
//! where `s` is `max|v|` over the largest code. Sums over codes are integers, hence exact, hence
//! the same for every order of summation: scalar and SIMD agree to the last bit.

use crate::distance::{Metric, round, square, to_stored};
use crate::error::{Error, Result, grow, reserve};
use crate::records::HEAD_DIMENSIONS;

/// The largest code.
const CODE_MAX: f32 = 127.0;

/// The largest component under dot and l2. The square of a norm of 4,096 such components, and
/// twice that, are still finite in an f32.
const COMPONENT_MAX: f32 = 1e15;

/// Below this a factor of `codes / max` would overflow; such vectors are scaled up first.
const TINY: f32 = 1.0 / LIFT;
const LIFT: f32 = (1_u128 << 100) as f32;

/// A quantised vector on its way into a record.
#[derive(Debug)]
pub struct Codes {
    /// The codes as records store them, padded with zeros.
    pub stored: Vec<u8>,
    /// What integer products are multiplied by.
    pub scale: f32,
    /// What is added to a distance.
    pub bias: f32,
    /// Squared norm of the dimensions in the head, in the units of the metric.
    pub head_norm: f32,
    wide: Vec<i16>,
}

impl Codes {
    /// Room for `count` codes; the only place that allocates.
    pub fn new(count: usize) -> Result<Self> {
        let (mut stored, mut wide) = (Vec::new(), Vec::new());
        grow(&mut stored, count, 0)?;
        grow(&mut wide, count, 0)?;
        Ok(Self { stored, scale: 0.0, bias: 0.0, head_norm: 0.0, wide })
    }

    /// Quantises a vector that passed [`magnitude`].
    pub fn encode(&mut self, metric: Metric, vector: &[f32], magnitude: f32) {
        quantise(vector, magnitude, CODE_MAX, &mut self.wide);
        let (head, tail) = self.wide.split_at(self.wide.len().min(HEAD_DIMENSIONS));
        let head_square = square(head);
        let square = (head_square + square(tail)) as f32;
        for (stored, &code) in self.stored.iter_mut().zip(&self.wide) {
            *stored = code as u8;
        }
        for pair in self.stored.chunks_exact_mut(2) {
            pair[0] = to_stored(0, pair[0] as i8);
        }
        let step = magnitude / CODE_MAX;
        (self.scale, self.bias) = match metric {
            Metric::Cosine => (1.0 / square.sqrt(), 0.0),
            Metric::Dot => (step, 0.0),
            Metric::L2 => (2.0 * step, step * step * square),
        };
        let unit = if metric == Metric::Cosine { self.scale } else { step };
        self.head_norm = unit * unit * head_square as f32;
    }
}

/// Scales `vector` so that its largest component becomes `top`, at most 32,767, and rounds it. What
/// `codes` has beyond the vector becomes zero.
pub fn quantise(vector: &[f32], magnitude: f32, top: f32, codes: &mut [i16]) {
    let lift = if magnitude < TINY { LIFT } else { 1.0 };
    let factor = if magnitude > 0.0 { top / (magnitude * lift) } else { 0.0 };
    let (codes, padding) = codes.split_at_mut(vector.len());
    round(vector, [lift, factor], codes);
    padding.fill(0);
}

/// The largest absolute component of the `row`th vector, or why it cannot be stored.
pub fn magnitude(metric: Metric, vector: &[f32], row: usize) -> Result<f32> {
    // Without its sign a float orders like its bits, and NaN above infinity above the rest.
    let bits = vector.iter().fold(0, |most, component| most.max(component.to_bits() << 1 >> 1));
    let largest = f32::from_bits(bits);
    let where_is = |wrong: fn(&f32) -> bool| vector.iter().position(wrong).unwrap_or(0);
    if !largest.is_finite() {
        let component = where_is(|component| !component.is_finite());
        return Err(Error::NotFinite { vector: row, component });
    }
    match metric {
        Metric::Cosine if largest == 0.0 => Err(Error::ZeroVector { vector: row }),
        Metric::Dot | Metric::L2 if largest > COMPONENT_MAX => {
            let component = where_is(|component| component.abs() > COMPONENT_MAX);
            Err(Error::TooLarge { vector: row, component })
        }
        _ => Ok(largest),
    }
}

/// Turns codes back into a vector; under cosine it has unit length.
pub fn decode(
    metric: Metric,
    scale: f32,
    codes: impl Iterator<Item = i8>,
    dimensions: usize,
) -> Result<Vec<f32>> {
    let step = if metric == Metric::L2 { scale / 2.0 } else { scale };
    let mut vector = Vec::new();
    reserve(&mut vector, dimensions)?;
    vector.extend(codes.take(dimensions).map(|code| f32::from(code) * step));
    Ok(vector)
}

#[cfg(test)]
mod tests {
    use super::*;

    impl Codes {
        fn codes(&self) -> impl Iterator<Item = i8> + '_ {
            let stored = self.stored.iter().enumerate();
            stored.map(|(dimension, &stored)| crate::distance::to_code(dimension, stored))
        }
    }

    fn encoded(metric: Metric, vector: &[f32]) -> Codes {
        let mut codes = Codes::new(vector.len().next_multiple_of(16)).unwrap();
        codes.encode(metric, vector, magnitude(metric, vector, 0).unwrap());
        codes
    }

    #[test]
    fn codes_are_within_half_a_step() {
        let vector = [0.5, -1.0, 0.25, 0.001, -0.9999];
        let codes = encoded(Metric::Dot, &vector);
        let back = decode(Metric::Dot, codes.scale, codes.codes(), 5).unwrap();
        for (was, is) in vector.iter().zip(&back) {
            assert!((was - is).abs() <= codes.scale / 2.0 * 1.001, "{was} became {is}");
        }
    }

    #[test]
    fn cosine_does_not_see_the_length() {
        let vector = [0.3, -0.7, 0.2];
        let expected = encoded(Metric::Cosine, &vector);
        for factor in [1e-42_f32, 1e-30, 3.0, 1e30, 3e38] {
            let scaled = vector.map(|component| component * factor);
            let codes = encoded(Metric::Cosine, &scaled);
            assert!(codes.scale.is_finite());
            if factor > 1e-35 {
                assert_eq!(codes.stored, expected.stored, "factor {factor}");
                assert_eq!(codes.scale, expected.scale);
            }
        }
    }

    #[test]
    fn the_largest_vectors_stay_finite() {
        for metric in [Metric::Dot, Metric::L2] {
            let codes = encoded(metric, &[COMPONENT_MAX; 4096]);
            assert!(codes.scale.is_finite() && (2.0 * codes.bias).is_finite());
            let codes = encoded(metric, &[1e-45; 3]);
            assert!(codes.scale.is_finite() && codes.bias.is_finite());
            assert_eq!(encoded(metric, &[0.0; 3]).scale, 0.0);
        }
    }

    #[test]
    fn what_cannot_be_stored_is_named() {
        let not_finite = |component| Err(Error::NotFinite { vector: 3, component });
        assert_eq!(magnitude(Metric::Cosine, &[1.0, f32::NAN], 3), not_finite(1));
        assert_eq!(magnitude(Metric::L2, &[-f32::INFINITY, 0.0], 3), not_finite(0));
        assert_eq!(
            magnitude(Metric::Cosine, &[0.0, -0.0], 3),
            Err(Error::ZeroVector { vector: 3 })
        );
        assert_eq!(
            magnitude(Metric::Dot, &[0.0, -1e16], 3),
            Err(Error::TooLarge { vector: 3, component: 1 })
        );
        assert_eq!(magnitude(Metric::Cosine, &[0.0, -1e38], 3), Ok(1e38));
    }
}
