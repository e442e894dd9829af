//! Products with 128-bit SIMD, which every browser has had since Safari 16.4.
//!
//! Sixteen codes come apart into two registers of i16 by a mask and by a shift, and are multiplied
//! with `i32x4.dot_i16x8`: multiplying is then all that a processor waits for. Four records at a
//! time share the loads of the query. Lengths are multiples of 16, as
//! [`crate::records::CODE_BLOCK`] pads them; what would be beyond the shortest slice is not read.

use core::arch::wasm32::{
    f32x4_add, f32x4_convert_i32x4, f32x4_le, f32x4_mul, f32x4_nearest, f32x4_splat, f32x4_sub,
    i16x8_narrow_i32x4, i16x8_shr, i16x8_shuffle, i16x8_splat, i16x8_sub, i32x4, i32x4_add,
    i32x4_bitmask, i32x4_dot_i16x8, i32x4_extract_lane, i32x4_shuffle, i32x4_splat,
    i32x4_trunc_sat_f32x4, i64x2_add, i64x2_extend_high_i32x4, i64x2_extend_low_i32x4,
    i64x2_extract_lane, i64x2_splat, v128, v128_and, v128_load, v128_store,
};

const BLOCK: usize = crate::records::CODE_BLOCK;

/// Four integers, one a record.
#[derive(Debug, Clone, Copy)]
pub struct Ints(v128);

/// Four floats, one a record.
#[derive(Debug, Clone, Copy)]
pub struct Floats(v128);

impl Ints {
    /// Takes four integers over.
    #[inline(always)]
    pub fn load(values: &[i32; 4]) -> Self {
        // SAFETY: sixteen readable bytes; loads need no alignment.
        Self(unsafe { v128_load(values.as_ptr().cast()) })
    }

    /// Hands them out.
    #[inline(always)]
    pub fn store(self, values: &mut [i32; 4]) {
        // SAFETY: sixteen writable bytes; stores need no alignment.
        unsafe { v128_store(values.as_mut_ptr().cast(), self.0) }
    }

    /// Sums, lane by lane.
    #[inline(always)]
    pub fn plus(self, other: Self) -> Self {
        Self(i32x4_add(self.0, other.0))
    }

    /// The nearest floats.
    #[inline(always)]
    pub fn to_floats(self) -> Floats {
        Floats(f32x4_convert_i32x4(self.0))
    }
}

impl Floats {
    /// The same float four times.
    #[inline(always)]
    pub fn splat(value: f32) -> Self {
        Self(f32x4_splat(value))
    }

    /// Hands them out.
    #[inline(always)]
    pub fn store(self, values: &mut [f32; 4]) {
        // SAFETY: sixteen writable bytes; stores need no alignment.
        unsafe { v128_store(values.as_mut_ptr().cast(), self.0) }
    }

    /// Sums, lane by lane.
    #[inline(always)]
    pub fn plus(self, other: Self) -> Self {
        Self(f32x4_add(self.0, other.0))
    }

    /// Differences, lane by lane.
    #[inline(always)]
    pub fn minus(self, other: Self) -> Self {
        Self(f32x4_sub(self.0, other.0))
    }

    /// Products, lane by lane.
    #[inline(always)]
    pub fn times(self, other: Self) -> Self {
        Self(f32x4_mul(self.0, other.0))
    }

    /// One bit a lane, the first lowest: whether it is at most the other.
    #[inline(always)]
    pub fn at_most(self, other: Self) -> u32 {
        u32::from(i32x4_bitmask(f32x4_le(self.0, other.0)))
    }
}

/// Four rows of four floats as their four columns.
#[inline(always)]
pub fn columns(rows: [&[f32; 4]; 4]) -> [Floats; 4] {
    // SAFETY: sixteen readable bytes each; loads need no alignment.
    let [a, b, c, d] = rows.map(|row| unsafe { v128_load(row.as_ptr().cast()) });
    let (ab_low, ab_high) = (i32x4_shuffle::<0, 4, 1, 5>(a, b), i32x4_shuffle::<2, 6, 3, 7>(a, b));
    let (cd_low, cd_high) = (i32x4_shuffle::<0, 4, 1, 5>(c, d), i32x4_shuffle::<2, 6, 3, 7>(c, d));
    [
        Floats(i32x4_shuffle::<0, 1, 4, 5>(ab_low, cd_low)),
        Floats(i32x4_shuffle::<2, 3, 6, 7>(ab_low, cd_low)),
        Floats(i32x4_shuffle::<0, 1, 4, 5>(ab_high, cd_high)),
        Floats(i32x4_shuffle::<2, 3, 6, 7>(ab_high, cd_high)),
    ]
}

/// The inner product of a query and the stored codes of a record, plus `offset`.
pub fn dot(query: &[i16], offset: i32, codes: &[u8]) -> i32 {
    let length = query.len().min(codes.len()) / BLOCK * BLOCK;
    let mut sum = i32x4(offset, 0, 0, 0);
    for at in (0..length).step_by(BLOCK) {
        // SAFETY: `at + BLOCK` is at most the length of both slices.
        unsafe {
            let query = load_query(query.as_ptr().add(at));
            sum = add_block(sum, query, codes.as_ptr().add(at));
        }
    }
    add_lanes(sum)
}

/// Four products with the same query.
#[inline(always)]
pub fn dot4(query: &[i16], offset: i32, codes: [&[u8]; 4]) -> Ints {
    let shortest = codes.iter().fold(query.len(), |length, codes| length.min(codes.len()));
    let mut sums = [i32x4(offset, 0, 0, 0); 4];
    let mut at = query.as_ptr();
    let mut records = codes.map(<[u8]>::as_ptr);
    // SAFETY: as many blocks are read as all five slices have.
    unsafe {
        for _ in 0..shortest / BLOCK {
            add_blocks(&mut sums, at, &mut records);
            at = at.add(BLOCK);
        }
    }
    let [a, b, c, d] = sums;
    Ints(transpose_add(a, b, c, d))
}

/// Adds the products of one block of four records, and moves on to the next.
///
/// # Safety
///
/// Sixteen codes can be read at each pointer.
#[inline(always)]
unsafe fn add_blocks(sums: &mut [v128; 4], query: *const i16, records: &mut [*const u8; 4]) {
    for (sum, codes) in sums.iter_mut().zip(records) {
        // SAFETY: the caller's promise.
        unsafe {
            *sum = add_block(*sum, load_query(query), *codes);
            *codes = codes.add(BLOCK);
        }
    }
}

/// Loads sixteen codes of the query.
///
/// # Safety
///
/// They can be read there.
#[inline(always)]
unsafe fn load_query(start: *const i16) -> [v128; 2] {
    // SAFETY: the caller's promise; loads need no alignment.
    unsafe { [v128_load(start.cast()), v128_load(start.add(8).cast())] }
}

/// Adds the products of sixteen codes to four sums.
///
/// # Safety
///
/// Sixteen bytes can be read at `codes`.
#[inline(always)]
unsafe fn add_block(sum: v128, query: [v128; 2], codes: *const u8) -> v128 {
    // SAFETY: the caller's promise; loads need no alignment.
    let (even, odd) = unsafe { widen_block(codes) };
    let products = i32x4_add(i32x4_dot_i16x8(even, query[0]), i32x4_dot_i16x8(odd, query[1]));
    i32x4_add(sum, products)
}

/// Sixteen codes as two registers of eight: the even ones, 128 too large, and the odd ones.
///
/// # Safety
///
/// Sixteen bytes can be read at `codes`.
#[inline(always)]
unsafe fn widen_block(codes: *const u8) -> (v128, v128) {
    // SAFETY: the caller's promise; loads need no alignment.
    let block = unsafe { v128_load(codes.cast()) };
    (v128_and(block, i16x8_splat(0xFF)), i16x8_shr(block, 8))
}

/// The nearest integers of `vector` times both factors, ties to even. All have to fit in an i16.
pub fn round(vector: &[f32], factors: [f32; 2], codes: &mut [i16]) {
    let [lift, factor] = factors.map(|factor| f32x4_splat(factor));
    let four = |vector: &[f32]| {
        // SAFETY: only ever given four floats or more.
        let components = unsafe { v128_load(vector.as_ptr().cast()) };
        let scaled = f32x4_mul(f32x4_mul(components, lift), factor);
        i32x4_trunc_sat_f32x4(f32x4_nearest(scaled))
    };
    let whole = vector.len() / 8 * 8;
    for (vector, codes) in vector.chunks_exact(8).zip(codes.chunks_exact_mut(8)) {
        let rounded = i16x8_narrow_i32x4(four(vector), four(&vector[4..]));
        // SAFETY: a chunk has eight codes.
        unsafe { v128_store(codes.as_mut_ptr().cast(), rounded) }
    }
    super::scalar::round(&vector[whole..], factors, &mut codes[whole..]);
}

/// Puts codes, given by dimension, into the order of a query.
pub fn arrange(codes: &mut [i16]) {
    for block in codes.chunks_exact_mut(BLOCK) {
        // SAFETY: a block has sixteen elements.
        unsafe {
            let [low, high] = load_query(block.as_ptr());
            let even = i16x8_shuffle::<0, 2, 4, 6, 8, 10, 12, 14>(low, high);
            let odd = i16x8_shuffle::<1, 3, 5, 7, 9, 11, 13, 15>(low, high);
            v128_store(block.as_mut_ptr().cast(), even);
            v128_store(block.as_mut_ptr().add(8).cast(), odd);
        }
    }
}

/// The sum of the squares of codes, none of them -32,768: two of their squares fit in an i32.
pub fn square(codes: &[i16]) -> i64 {
    let mut sum = i64x2_splat(0);
    for block in codes.chunks_exact(BLOCK) {
        // SAFETY: a block has sixteen elements.
        for codes in unsafe { load_query(block.as_ptr()) } {
            let squares = i32x4_dot_i16x8(codes, codes);
            let halves =
                i64x2_add(i64x2_extend_low_i32x4(squares), i64x2_extend_high_i32x4(squares));
            sum = i64x2_add(sum, halves);
        }
    }
    i64x2_extract_lane::<0>(sum) + i64x2_extract_lane::<1>(sum)
}

/// Stored codes of a record in the order of a query.
pub fn widen(codes: &[u8], query: &mut [i16]) {
    for (codes, query) in codes.chunks_exact(BLOCK).zip(query.chunks_exact_mut(BLOCK)) {
        // SAFETY: both chunks have sixteen elements.
        unsafe {
            let (even, odd) = widen_block(codes.as_ptr());
            let even = i16x8_sub(even, i16x8_splat(128));
            v128_store(query.as_mut_ptr().cast(), even);
            v128_store(query.as_mut_ptr().add(8).cast(), odd);
        }
    }
}

/// What a product with stored codes is too large by, times -1: 128 times the even half.
pub fn offset(query: &[i16]) -> i32 {
    let mut sum = i32x4_splat(0);
    for block in query.chunks_exact(BLOCK) {
        // SAFETY: a block has sixteen elements.
        let [even, _] = unsafe { load_query(block.as_ptr()) };
        sum = i32x4_add(sum, i32x4_dot_i16x8(even, i16x8_splat(-128)));
    }
    add_lanes(sum)
}

/// The sums of the lanes of four registers, as one register.
#[inline(always)]
fn transpose_add(a: v128, b: v128, c: v128, d: v128) -> v128 {
    let ab = i32x4_add(i32x4_shuffle::<0, 4, 1, 5>(a, b), i32x4_shuffle::<2, 6, 3, 7>(a, b));
    let cd = i32x4_add(i32x4_shuffle::<0, 4, 1, 5>(c, d), i32x4_shuffle::<2, 6, 3, 7>(c, d));
    i32x4_add(i32x4_shuffle::<0, 1, 4, 5>(ab, cd), i32x4_shuffle::<2, 3, 6, 7>(ab, cd))
}

fn add_lanes(sum: v128) -> i32 {
    i32x4_extract_lane::<0>(sum)
        .wrapping_add(i32x4_extract_lane::<1>(sum))
        .wrapping_add(i32x4_extract_lane::<2>(sum))
        .wrapping_add(i32x4_extract_lane::<3>(sum))
}
