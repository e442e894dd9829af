//! Snapshots: an index as bytes, opened again without rebuilding anything.
//!
//! All numbers are little-endian. A snapshot is a header, a table of sections, and the sections:
//!
//! ```text
//!   0  8  magic "AKINIDX\0"
//!   8  4  version, 1
//!  12  4  bytes of header and table
//!  16  8  xxh64 of header and table, computed with these eight bytes as zero
//!  24  8  bytes of the snapshot
//!  ------ up to here as long as there are snapshots; from here as of version 1
//!  32  4  dimensions           36  1  metric         37  3  zero
//!  40  4  m                    44  4  efConstruction
//!  48  4  efSearch             52  4  exactBelow
//!  56  8  seed
//!  64  4  slots                68  4  live vectors   72  4  nodes of the graph
//!  76  4  entry slot, all ones without one           80  4  its level
//!  84  4  next slot that a compaction scans, all ones without one
//!  88  4  slot before which it ends                  92  4  sections
//!  96     table: 24 bytes a section: kind u32, number u32, bytes u64, xxh64 u64
//! ```
//!
//! Sections follow one another in the order of the table: bitmaps of the live slots, of the nodes,
//! and of a compaction under way (condemned, affected); then two for each segment of 1,024 slots:
//! its records as they lie in memory (heads, links, tails) and its upper links. The checksum of
//! the header covers the checksums of the sections, and those every other byte.
//!
//! One section a segment is what lets a later writer leave out segments that did not change.

pub mod decode;
pub mod encode;
mod header;

use crate::error::Result;

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

    /// Fills `bytes` from an offset, or fails when there are too few.
    fn read(&self, offset: usize, bytes: &mut [u8]) -> Result<()>;
}
