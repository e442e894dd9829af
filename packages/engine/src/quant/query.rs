//! The other side of a distance: a vector widened once, then compared with many records.

use crate::distance::{Floats, Ints, Metric, arrange, columns, dot, dot4, offset, square, widen};
use crate::error::{Result, grow};
use crate::quant::sq8;
use crate::records::Records;
use crate::slots::Slot;

/// Records compared at a time: enough to hide the latency of a load, few enough for registers.
pub const GROUP: usize = 4;

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
    /// What makes products with the codes of a head, and of a tail, come out right.
    offsets: [i32; 2],
    factor: f32,
    bias: f32,
    /// Squared norm of the dimensions in the head, in the units of the metric.
    head_norm: f32,
    /// The largest code for which no sum of products overflows an i32.
    top: f32,
}

/// What was kept of some records after a look at their heads.
#[derive(Debug, Default)]
pub struct Sifted {
    slots: Vec<u32>,
    /// The products of the heads, to be completed.
    products: Vec<i32>,
    estimates: Vec<f32>,
    count: usize,
}

impl Sifted {
    /// Room for `count` records.
    pub fn reserve(&mut self, count: usize) -> Result<()> {
        crate::error::grow(&mut self.slots, count + GROUP, 0)?;
        crate::error::grow(&mut self.products, count + GROUP, 0)?;
        crate::error::grow(&mut self.estimates, count + GROUP, 0.0)
    }

    /// The records kept, in the order in which they were given.
    #[inline(always)]
    pub fn slots(&self) -> &[u32] {
        &self.slots[..self.count]
    }

    /// What their heads make expect of their distances, times `strictness`.
    #[inline(always)]
    pub fn estimates(&self) -> &[f32] {
        &self.estimates[..self.count]
    }
}

impl Query {
    /// Room for a query against `records`.
    pub fn new(metric: Metric, records: &Records) -> Result<Self> {
        let count = records.code_count();
        // 128, not 127: codes of a hostile snapshot may be -128.
        let top = (i32::MAX as usize / (128 * count)).min(i16::MAX as usize) as f32;
        let head_codes = records.head_code_count();
        let (mut codes, offsets) = (Vec::new(), [0; 2]);
        grow(&mut codes, count, 0)?;
        Ok(Self { metric, codes, head_codes, offsets, factor: 0.0, bias: 0.0, head_norm: 0.0, top })
    }

    /// Asks with a vector.
    pub fn set_vector(&mut self, vector: &[f32]) -> Result<()> {
        let magnitude = sq8::magnitude(self.metric, vector, 0)?;
        sq8::quantise(vector, magnitude, self.top, &mut self.codes);
        arrange(&mut self.codes);
        let (head, tail) = self.codes.split_at(self.head_codes);
        self.offsets = [offset(head), offset(tail)];
        let head_square = square(head);
        let square = head_square + square(tail);
        let step = magnitude / self.top;
        (self.factor, self.bias) = match self.metric {
            Metric::Cosine => ((1.0 / (square as f64).sqrt()) as f32, 1.0),
            Metric::Dot => (step, 0.0),
            Metric::L2 => (step, step * step * square as f32),
        };
        self.head_norm = self.factor * self.factor * head_square as f32;
        Ok(())
    }

    /// Asks with a record.
    pub fn set_record(&mut self, records: &Records, slot: Slot) {
        let (head, tail) = self.codes.split_at_mut(self.head_codes);
        widen(records.head_codes(slot), head);
        widen(records.tail_codes(slot), tail);
        self.offsets = [offset(head), offset(tail)];
        let scale = records.scale(slot);
        (self.factor, self.bias) = match self.metric {
            Metric::Cosine => (scale, 1.0),
            Metric::Dot => (scale, 0.0),
            Metric::L2 => (scale / 2.0, records.bias(slot)),
        };
        self.head_norm = records.head_norm(slot);
    }

    /// The distance to one record.
    pub fn distance(&self, records: &Records, slot: Slot) -> f32 {
        let (head, tail) = self.codes.split_at(self.head_codes);
        let product = dot(head, self.offsets[0], records.head_codes(slot)).wrapping_add(dot(
            tail,
            self.offsets[1],
            records.tail_codes(slot),
        ));
        let [scale, bias, ..] = *records.factors(slot);
        (self.bias + bias) - (self.factor * scale) * product as f32
    }

    /// The distances to several records: `distances[i]` belongs to `slots[i]`.
    #[inline(never)]
    pub fn distances(&self, records: &Records, slots: &[u32], distances: &mut [f32]) {
        let (head, tail) = self.codes.split_at(self.head_codes);
        for (slots, distances) in slots.chunks(GROUP).zip(distances.chunks_mut(GROUP)) {
            let group = group(slots);
            let mut products =
                dot4(head, self.offsets[0], group.map(|slot| records.head_codes(slot)));
            if !tail.is_empty() {
                products = products.plus(dot4(
                    tail,
                    self.offsets[1],
                    group.map(|slot| records.tail_codes(slot)),
                ));
            }
            self.put_distances(records, group, products, distances);
        }
    }

    /// Looks at the heads of some records, and keeps those that may be no farther than `limit`.
    ///
    /// The head holds the first 112 of `dimensions`. Were the others like them, the squared
    /// distance would be `dimensions / 112` times that of the heads; `strictness` is that ratio
    /// times a factor below 1 for those that are nearer than they look. See [`crate::sieve`].
    #[inline(never)]
    pub fn sift(
        &self,
        records: &Records,
        slots: &[u32],
        limit: f32,
        strictness: f32,
        sifted: &mut Sifted,
    ) {
        let head = &self.codes[..self.head_codes];
        // Squared distance of the heads = both norms - 2 · product; a cosine distance is half of it,
        // and the products of l2 are doubled by the scale of the record.
        let norm_factor = if self.metric == Metric::Cosine { strictness / 2.0 } else { strictness };
        let own_norm = Floats::splat(norm_factor * self.head_norm);
        let norm_factor = Floats::splat(norm_factor);
        let factor = Floats::splat(strictness * self.factor);
        let limit = Floats::splat(limit);
        let mut count = 0;
        for slots in slots.chunks(GROUP) {
            let group = group(slots);
            let products = dot4(head, self.offsets[0], group.map(|slot| records.head_codes(slot)));
            let [scale, _, norm, _] = factors(records, group);
            let norms = own_norm.plus(norm_factor.times(norm));
            let estimate = norms.minus(factor.times(scale).times(products.to_floats()));
            let kept = estimate.at_most(limit) & ((1 << slots.len()) - 1);
            let (mut lanes, mut distances) = ([0; GROUP], [0.0; GROUP]);
            products.store(&mut lanes);
            estimate.store(&mut distances);
            // Written always, kept by counting: no branch that cannot be foreseen.
            for lane in 0..GROUP {
                sifted.slots[count] = group[lane].0;
                sifted.products[count] = lanes[lane];
                sifted.estimates[count] = distances[lane];
                count += (kept >> lane & 1) as usize;
            }
        }
        sifted.count = count;
    }

    /// Completes the distances to what was kept: `distances[i]` belongs to `sifted.slots()[i]`.
    #[inline(never)]
    pub fn complete(&self, records: &Records, sifted: &Sifted, distances: &mut [f32]) {
        let tail = &self.codes[self.head_codes..];
        // There is room for whole groups, and what is in the lanes beyond the last is not looked at.
        let products = sifted.products.as_chunks::<GROUP>().0;
        let slots = sifted.slots().chunks(GROUP);
        for ((slots, heads), distances) in slots.zip(products).zip(distances.chunks_mut(GROUP)) {
            let group = group(slots);
            let rest = dot4(tail, self.offsets[1], group.map(|slot| records.tail_codes(slot)));
            self.put_distances(records, group, Ints::load(heads).plus(rest), distances);
        }
    }

    #[inline(always)]
    fn put_distances(
        &self,
        records: &Records,
        group: [Slot; GROUP],
        products: Ints,
        distances: &mut [f32],
    ) {
        let [scale, bias, ..] = factors(records, group);
        let sum = Floats::splat(self.bias).plus(bias);
        let factor = Floats::splat(self.factor).times(scale);
        let result = sum.minus(factor.times(products.to_floats()));
        if let Ok(distances) = distances.try_into() {
            result.store(distances);
        } else {
            let mut lanes = [0.0; GROUP];
            result.store(&mut lanes);
            for (distance, lane) in distances.iter_mut().zip(lanes) {
                *distance = lane;
            }
        }
    }
}

/// Up to four slots as four: a group that is not full names its first again.
#[inline(always)]
fn group(slots: &[u32]) -> [Slot; GROUP] {
    match slots {
        &[a, b, c, d] => [a, b, c, d].map(Slot),
        _ => std::array::from_fn(|at| Slot(*slots.get(at).unwrap_or(&slots[0]))),
    }
}

/// The floats of four records, by kind. Written out: `map` becomes a call.
#[inline(always)]
fn factors(records: &Records, [a, b, c, d]: [Slot; GROUP]) -> [Floats; 4] {
    columns([records.factors(a), records.factors(b), records.factors(c), records.factors(d)])
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
            let mut codes = Codes::new(records.code_count()).unwrap();
            for row in 0..8 {
                let vector = vector(row);
                codes.encode(metric, &vector, sq8::magnitude(metric, &vector, row).unwrap());
                records.write(Slot(row as u32), &codes);
            }
            let mut query = Query::new(metric, &records).unwrap();
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
            let mut from_record = Query::new(metric, &records).unwrap();
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
