//! Products with 128-bit SIMD, which every browser has had since Safari 16.4.
//!
//! Sixteen codes are widened to two registers of i16 and multiplied with `i32x4.dot_i16x8`. Four
//! records at a time share the loads of the query. Lengths are multiples of 16, as
//! [`crate::records::CODE_BLOCK`] pads them; what would be beyond the shortest slice is not read.

use core::arch::wasm32::{
    f32x4_add, f32x4_convert_i32x4, f32x4_le, f32x4_mul, f32x4_splat, f32x4_sub,
    i16x8_load_extend_i8x8, i32x4_add, i32x4_bitmask, i32x4_dot_i16x8, i32x4_extract_lane,
    i32x4_shuffle, i32x4_splat, v128, v128_load, v128_store,
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

/// The inner product of a query and the codes of a record.
pub fn dot(query: &[i16], codes: &[i8]) -> i32 {
    let length = query.len().min(codes.len()) / BLOCK * BLOCK;
    let mut sum = i32x4_splat(0);
    for at in (0..length).step_by(BLOCK) {
        // SAFETY: `at + BLOCK` is at most the length of both slices.
        sum = unsafe { add_block(sum, load_query(query, at), codes.as_ptr().add(at)) };
    }
    add_lanes(sum)
}

/// Four products with the same query.
#[inline(always)]
pub fn dot4(query: &[i16], codes: [&[i8]; 4]) -> Ints {
    let shortest = codes.iter().fold(query.len(), |length, codes| length.min(codes.len()));
    let length = shortest / BLOCK * BLOCK;
    let [mut a, mut b, mut c, mut d] = [i32x4_splat(0); 4];
    for at in (0..length).step_by(BLOCK) {
        // SAFETY: `at + BLOCK` is at most the length of all five slices.
        unsafe {
            let query = load_query(query, at);
            a = add_block(a, query, codes[0].as_ptr().add(at));
            b = add_block(b, query, codes[1].as_ptr().add(at));
            c = add_block(c, query, codes[2].as_ptr().add(at));
            d = add_block(d, query, codes[3].as_ptr().add(at));
        }
    }
    Ints(transpose_add(a, b, c, d))
}

/// Loads sixteen codes of the query.
///
/// # Safety
///
/// `at + 16` is at most the length of `query`.
#[inline(always)]
unsafe fn load_query(query: &[i16], at: usize) -> [v128; 2] {
    // SAFETY: the caller's promise; loads need no alignment.
    unsafe {
        let start = query.as_ptr().add(at);
        [v128_load(start.cast()), v128_load(start.add(8).cast())]
    }
}

/// Adds the products of sixteen codes to four sums.
///
/// # Safety
///
/// Sixteen bytes can be read at `codes`.
#[inline(always)]
unsafe fn add_block(sum: v128, query: [v128; 2], codes: *const i8) -> v128 {
    // SAFETY: the caller's promise; loads need no alignment.
    let (low, high) =
        unsafe { (i16x8_load_extend_i8x8(codes), i16x8_load_extend_i8x8(codes.add(8))) };
    let products = i32x4_add(i32x4_dot_i16x8(low, query[0]), i32x4_dot_i16x8(high, query[1]));
    i32x4_add(sum, products)
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
