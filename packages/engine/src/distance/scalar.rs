//! Products in plain Rust: the definition that the SIMD kernels are held to.

/// The inner product of a query and the codes of a record. Both have the same length; the caller
/// bounds the query so that no sum overflows.
pub fn dot(query: &[i16], codes: &[i8]) -> i32 {
    query
        .iter()
        .zip(codes)
        .fold(0, |sum: i32, (&q, &c)| sum.wrapping_add(i32::from(q) * i32::from(c)))
}

/// Four products with the same query.
pub fn dot4(query: &[i16], codes: [&[i8]; 4]) -> [i32; 4] {
    codes.map(|codes| dot(query, codes))
}
