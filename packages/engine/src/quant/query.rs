//! The other side of a distance: a vector widened once, then compared with many records.

use crate::distance::{Metric, dot, dot4};
use crate::error::Result;
use crate::quant::sq8;
use crate::records::Records;
use crate::slots::Slot;

/// Records compared at a time: enough to hide the latency of a load, few enough for registers.
const GROUP: usize = 4;

/// A query in 16-bit codes.
///
/// A search asks with a vector from outside, quantised more finely than the records: their codes
/// then are the only loss. Building asks with a record, whose codes are widened as they are, so
/// that the distance of two records is the same from either side.
#[derive(Debug)]
pub struct Query {
    metric: Metric,
    codes: Vec<i16>,
    head_codes: usize,
    factor: f32,
    bias: f32,
    /// The largest code for which no sum of products overflows an i32.
    top: f32,
}

impl Query {
    /// Room for a query against `records`.
    pub fn new(metric: Metric, records: &Records) -> Self {
        let count = records.code_count();
        // 128, not 127: codes of a hostile snapshot may be -128.
        let top = (i32::MAX as usize / (128 * count)).min(i16::MAX as usize) as f32;
        let head_codes = records.head_code_count();
        Self { metric, codes: vec![0; count], head_codes, factor: 0.0, bias: 0.0, top }
    }

    /// Asks with a vector.
    pub fn set_vector(&mut self, vector: &[f32]) -> Result<()> {
        let magnitude = sq8::magnitude(self.metric, vector, 0)?;
        sq8::quantise(vector, magnitude, self.top, |at, code| self.codes[at] = code as i16);
        let square: i64 = self.codes.iter().map(|&code| i64::from(code) * i64::from(code)).sum();
        let step = magnitude / self.top;
        (self.factor, self.bias) = match self.metric {
            Metric::Cosine => ((1.0 / (square as f64).sqrt()) as f32, 1.0),
            Metric::Dot => (step, 0.0),
            Metric::L2 => (step, step * step * square as f32),
        };
        Ok(())
    }

    /// Asks with a record.
    pub fn set_record(&mut self, records: &Records, slot: Slot) {
        let codes = records.head_codes(slot).iter().chain(records.tail_codes(slot));
        for (wide, &code) in self.codes.iter_mut().zip(codes) {
            *wide = i16::from(code);
        }
        let scale = records.scale(slot);
        (self.factor, self.bias) = match self.metric {
            Metric::Cosine => (scale, 1.0),
            Metric::Dot => (scale, 0.0),
            Metric::L2 => (scale / 2.0, records.bias(slot)),
        };
    }

    /// The distance to one record.
    pub fn distance(&self, records: &Records, slot: Slot) -> f32 {
        let (head, tail) = self.codes.split_at(self.head_codes);
        let product =
            dot(head, records.head_codes(slot)).wrapping_add(dot(tail, records.tail_codes(slot)));
        self.distance_of(records, slot, product)
    }

    /// The distances to several records: `distances[i]` belongs to `slots[i]`.
    #[inline]
    pub fn distances(&self, records: &Records, slots: &[u32], distances: &mut [f32]) {
        let (head, tail) = self.codes.split_at(self.head_codes);
        for (slots, distances) in slots.chunks(GROUP).zip(distances.chunks_mut(GROUP)) {
            // A last group that is not full computes its first record again.
            let group: [Slot; GROUP] =
                std::array::from_fn(|at| Slot(*slots.get(at).unwrap_or(&slots[0])));
            let mut products = dot4(head, group.map(|slot| records.head_codes(slot)));
            if !tail.is_empty() {
                let rest = dot4(tail, group.map(|slot| records.tail_codes(slot)));
                for (product, rest) in products.iter_mut().zip(rest) {
                    *product = product.wrapping_add(rest);
                }
            }
            for ((distance, slot), product) in distances.iter_mut().zip(group).zip(products) {
                *distance = self.distance_of(records, slot, product);
            }
        }
    }

    #[inline(always)]
    fn distance_of(&self, records: &Records, slot: Slot, product: i32) -> f32 {
        (self.bias + records.bias(slot)) - (self.factor * records.scale(slot)) * product as f32
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::quant::sq8::Codes;

    /// A few vectors of mixed size, and the exact distances that the formulas promise.
    fn check(metric: Metric, exact: fn(&[f32], &[f32]) -> f32) {
        let unit = metric == Metric::Cosine;
        for dimensions in [3, 16, 112, 130, 768] {
            let component = |row: usize, at: usize| ((row * 7 + at * 13) % 23) as f32 - 11.0;
            let vector = |row| (0..dimensions).map(|at| component(row, at)).collect::<Vec<_>>();
            let mut records = Records::new(dimensions, 4).unwrap();
            records.reserve(8).unwrap();
            let mut codes = Codes::new(records.code_count());
            for row in 0..8 {
                let vector = vector(row);
                codes.encode(metric, &vector, sq8::magnitude(metric, &vector, row).unwrap());
                records.write(Slot(row as u32), &codes);
            }
            let mut query = Query::new(metric, &records);
            query.set_vector(&vector(5)).unwrap();
            let slots: Vec<u32> = (0..7).collect();
            let mut distances = vec![0.0; slots.len()];
            query.distances(&records, &slots, &mut distances);
            for (row, &distance) in distances.iter().enumerate() {
                let expected = exact(&vector(5), &vector(row));
                // Rounding grows with the vectors, not with their difference.
                let size = inner(&vector(5), &vector(5)).max(1.0);
                let error = (distance - expected).abs() / if unit { 1.0 } else { size };
                assert!(error < 0.01, "{metric:?} {dimensions} {distance} {expected}");
                assert_eq!(distance, query.distance(&records, Slot(row as u32)));
            }
            let mut from_record = Query::new(metric, &records);
            for (a, b) in [(1, 2), (3, 6)].map(|(a, b)| (Slot(a), Slot(b))) {
                from_record.set_record(&records, a);
                let there = from_record.distance(&records, b);
                from_record.set_record(&records, b);
                assert_eq!(there.to_bits(), from_record.distance(&records, a).to_bits());
            }
        }
    }

    fn inner(a: &[f32], b: &[f32]) -> f32 {
        a.iter().zip(b).map(|(a, b)| a * b).sum()
    }

    #[test]
    fn each_metric_measures_what_it_says() {
        check(Metric::Dot, |a, b| -inner(a, b));
        check(Metric::Cosine, |a, b| 1.0 - inner(a, b) / (inner(a, a) * inner(b, b)).sqrt());
        check(Metric::L2, |a, b| a.iter().zip(b).map(|(a, b)| (a - b) * (a - b)).sum());
    }
}
