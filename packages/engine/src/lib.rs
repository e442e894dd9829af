//! Akin's vector engine: HNSW over SQ8 codes, with an exact scan below and beside it.
//!
//! The engine is pure: no clock, no threads, no I/O, no randomness beyond a seed. The same calls
//! give the same bytes, natively and in WebAssembly, in slices of any size. [`Index`] is the whole
//! of it; everything else is private.
//!
//! From the top: `index` adds, removes and builds, `search` plans and finds, `diversity` chooses
//! among what was found. `order` says which vector is linked next, `graph` links records and walks
//! them, `exact` scans them. `records` holds codes and links in memory, `slots` says what state each
//! is in. `quant` turns floats into codes and codes into distances, over the integer kernels of
//! `distance`. `mirror` lets another worker help to build. `snapshot` writes and reads the whole,
//! `statistics` counts. `wasm` is the door to JavaScript.

// In WebAssembly a panic is a trap, after which nothing can be trusted. Errors are returned.
#![cfg_attr(not(test), deny(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

#[cfg(target_endian = "big")]
compile_error!("snapshots copy little-endian memory as it is");

mod distance;
mod diversity;
mod error;
mod exact;
mod filter;
mod graph;
mod index;
mod mirror;
mod options;
mod order;
mod plan;
mod quant;
mod records;
mod rng;
mod search;
mod slots;
mod snapshot;
mod statistics;
#[cfg(target_arch = "wasm32")]
mod wasm;

pub use distance::Metric;
pub use error::{Error, Result};
pub use index::Index;
pub use mirror::{Mirror, Stage};
pub use options::Options;
pub use search::{Batch, Effort, Hits, Plan, Search};
pub use snapshot::{Chunk, Kind as ChunkKind, Manifest, Opening};
pub use statistics::{Memory, Statistics};
