//! Products with 128-bit SIMD, which every browser has had since Safari 16.4.
//!
//! Sixteen codes are widened to two registers of i16 and multiplied with `i32x4.dot_i16x8`. Four
//! records at a time share the loads of the query. Lengths are multiples of 16, as
//! [`crate::records::CODE_BLOCK`] pads them; what would be beyond the shortest slice is not read.

use core::arch::wasm32::{
    i16x8_load_extend_i8x8, i32x4_add, i32x4_dot_i16x8, i32x4_extract_lane, i32x4_shuffle,
    i32x4_splat, v128, v128_load,
};

const BLOCK: usize = crate::records::CODE_BLOCK;

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
pub fn dot4(query: &[i16], codes: [&[i8]; 4]) -> [i32; 4] {
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
    let sums = transpose_add(a, b, c, d);
    [
        i32x4_extract_lane::<0>(sums),
        i32x4_extract_lane::<1>(sums),
        i32x4_extract_lane::<2>(sums),
        i32x4_extract_lane::<3>(sums),
    ]
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
