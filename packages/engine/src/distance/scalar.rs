//! Products in plain Rust: the definition that the SIMD kernels are held to.

use crate::records::CODE_BLOCK;

/// Four integers, one a record.
#[derive(Debug, Clone, Copy)]
pub struct Ints([i32; 4]);

/// Four floats, one a record.
#[derive(Debug, Clone, Copy)]
pub struct Floats([f32; 4]);

impl Ints {
    /// Takes four integers over.
    pub fn load(values: &[i32; 4]) -> Self {
        Self(*values)
    }

    /// Hands them out.
    pub fn store(self, values: &mut [i32; 4]) {
        *values = self.0;
    }

    /// Sums, lane by lane.
    pub fn plus(self, other: Self) -> Self {
        Self(std::array::from_fn(|lane| self.0[lane].wrapping_add(other.0[lane])))
    }

    /// The nearest floats.
    pub fn to_floats(self) -> Floats {
        Floats(self.0.map(|value| value as f32))
    }
}

impl Floats {
    /// The same float four times.
    pub fn splat(value: f32) -> Self {
        Self([value; 4])
    }

    /// Hands them out.
    pub fn store(self, values: &mut [f32; 4]) {
        *values = self.0;
    }

    /// Sums, lane by lane.
    pub fn plus(self, other: Self) -> Self {
        Self(std::array::from_fn(|lane| self.0[lane] + other.0[lane]))
    }

    /// Differences, lane by lane.
    pub fn minus(self, other: Self) -> Self {
        Self(std::array::from_fn(|lane| self.0[lane] - other.0[lane]))
    }

    /// Products, lane by lane.
    pub fn times(self, other: Self) -> Self {
        Self(std::array::from_fn(|lane| self.0[lane] * other.0[lane]))
    }

    /// One bit a lane, the first lowest: whether it is at most the other.
    pub fn at_most(self, other: Self) -> u32 {
        (0..4).map(|lane| u32::from(self.0[lane] <= other.0[lane]) << lane).sum()
    }
}

/// Four rows of four floats as their four columns.
pub fn columns(rows: [&[f32; 4]; 4]) -> [Floats; 4] {
    std::array::from_fn(|column| Floats(rows.map(|row| row[column])))
}

/// The inner product of a query, in its order, and the stored codes of a record, plus `offset`.
/// Both have the same length, a multiple of 16. Sums may wrap around on the way; the caller bounds
/// the query so that the result fits.
pub fn dot(query: &[i16], offset: i32, codes: &[u8]) -> i32 {
    let blocks = query.chunks_exact(CODE_BLOCK).zip(codes.chunks_exact(CODE_BLOCK));
    blocks.fold(offset, |sum: i32, (query, codes)| {
        let (even, odd) = query.split_at(CODE_BLOCK / 2);
        let pairs = even.iter().zip(odd).zip(codes.chunks_exact(2));
        pairs.fold(sum, |sum, ((&even, &odd), codes)| {
            let products = i32::from(even) * i32::from(codes[0]);
            sum.wrapping_add(products.wrapping_add(i32::from(odd) * i32::from(codes[1] as i8)))
        })
    })
}

/// Four products with the same query.
pub fn dot4(query: &[i16], offset: i32, codes: [&[u8]; 4]) -> Ints {
    Ints(codes.map(|codes| dot(query, offset, codes)))
}

/// The nearest integers of `vector` times both factors, ties to even. All have to fit in an i16.
pub fn round(vector: &[f32], factors: [f32; 2], codes: &mut [i16]) {
    for (code, &component) in codes.iter_mut().zip(vector) {
        *code = (component * factors[0] * factors[1]).round_ties_even() as i32 as i16;
    }
}

/// Puts codes, given by dimension, into the order of a query.
pub fn arrange(codes: &mut [i16]) {
    for block in codes.chunks_exact_mut(CODE_BLOCK) {
        let dimensions: [i16; CODE_BLOCK] = std::array::from_fn(|at| block[at]);
        for (dimension, code) in dimensions.into_iter().enumerate() {
            block[super::place(dimension)] = code;
        }
    }
}

/// The sum of the squares of codes, none of them -32,768.
pub fn square(codes: &[i16]) -> i64 {
    codes.iter().map(|&code| i64::from(i32::from(code) * i32::from(code))).sum()
}

/// Stored codes of a record in the order of a query.
pub fn widen(codes: &[u8], query: &mut [i16]) {
    for (at, &stored) in codes.iter().enumerate() {
        query[super::place(at)] = i16::from(super::to_code(at, stored));
    }
}

/// What a product with stored codes is too large by, times -1: 128 times the even half.
pub fn offset(query: &[i16]) -> i32 {
    let even = query.chunks_exact(CODE_BLOCK).flat_map(|block| &block[..CODE_BLOCK / 2]);
    even.fold(0, |sum: i32, &even| sum.wrapping_sub(128 * i32::from(even)))
}
