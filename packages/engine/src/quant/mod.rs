//! From floats to codes, and from codes to distances.

pub mod query;
pub mod sq8;
