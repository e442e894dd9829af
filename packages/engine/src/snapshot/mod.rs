//! Snapshots: an index as bytes, opened again without rebuilding anything.
//!
//! A snapshot is a *manifest* and *chunks*. The manifest is a header and a table with a row for
//! each chunk; in one piece, the chunks follow it in the order of the table. All numbers are
//! little-endian:
//!
//! ```text
//!   0  8  magic "AKINIDX\0"
//!   8  4  version, 1
//!  12  4  bytes of the manifest
//!  16  8  xxh64 of the manifest, computed with these eight bytes as zero
//!  24  8  bytes of manifest and chunks
//!  ------ up to here as long as there are snapshots; from here as of version 1
//!  32  4  dimensions           36  1  metric         37  3  zero
//!  40  4  m                    44  4  efConstruction
//!  48  4  efSearch             52  4  exactBelow
//!  56  8  seed
//!  64  4  slots                68  4  live vectors   72  4  nodes of the graph
//!  76  4  entry slot, all ones without one           80  4  its level
//!  84  4  next slot that a compaction scans, all ones without one
//!  88  4  slot before which it ends                  92  4  f32 strictness of the sieve
//!  96  4  chunks
//! 100     table: 24 bytes a chunk: kind u32, number u32, bytes u64, xxh64 u64
//! ```
//!
//! | kind | chunk | holds                                                                         |
//! |------|-------|-------------------------------------------------------------------------------|
//! | 1    | state | bitmaps of the live slots, of the nodes, and of a compaction under way        |
//! | 2    | codes | heads, then tails of one segment after the other, as they lie in memory       |
//! | 3    | links | links of level 0, then upper links of one segment after the other             |
//!
//! There is one chunk of state; a chunk of codes or links holds as many segments of 1,024 slots as
//! fit into 1 MiB, at least one. The checksum of the manifest covers the checksums of the chunks,
//! and those every other byte. A chunk whose checksum is that of an earlier manifest is the same
//! chunk: that is what makes snapshots incremental, and lets chunks of two snapshots never be
//! mixed up.

mod checksum;
mod checksums;
mod chunk;
mod decode;
mod encode;
mod header;
mod structure;
mod written;

use std::mem::MaybeUninit;

pub use checksums::Checksums;
pub use chunk::{Chunk, Kind};
pub use decode::Opening;
pub(crate) use decode::{as_uninit, word_bytes_mut};
pub(crate) use encode::word_bytes;
pub use header::Manifest;
pub(crate) use structure::{check_floats_of, is_row};
pub use written::Written;

use crate::error::Result;

/// Bytes copied and hashed at a time: they are still in the cache when they are hashed.
const BLOCK: usize = 128 << 10;

/// Where a snapshot is written to. Lives in JavaScript's memory for the browser, so that WASM
/// memory never holds a second copy of the index.
pub trait Sink {
    /// Stores bytes at an offset within the announced length.
    fn write(&mut self, offset: usize, bytes: &[u8]);
}

/// Where a snapshot is read from.
pub trait Source {
    /// How many bytes there are.
    fn len(&self) -> usize;

    /// Fills `target` from an offset and gives it back, or fails when there are too few.
    fn read<'a>(&self, offset: usize, target: &'a mut [MaybeUninit<u8>]) -> Result<&'a mut [u8]>;
}
