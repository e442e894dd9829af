//! The manifest: a header of fixed length, and a table of the chunks.

use super::Source;
use super::checksum::Checksum;
use super::chunk::{Chunk, Kind};
use super::decode::read_bytes;
use crate::distance::Metric;
use crate::error::{Error, Result, reserve};
use crate::graph::Entry;
use crate::graph::sieve::Sieve;
use crate::options::Options;
use crate::records::SEGMENT_SLOTS;
use crate::slots::Slot;

/// The version this engine writes, and the only one it reads.
const VERSION: u32 = 1;
/// Bytes that are laid out alike in every version.
const PREFIX_BYTES: usize = 32;
/// Bytes before the table.
const HEADER_BYTES: usize = 100;
/// Bytes of a row of the table.
const ROW_BYTES: usize = 24;

const MAGIC: [u8; 8] = *b"AKINIDX\0";
const CHECKSUM_AT: usize = 16;
const NONE: u32 = u32::MAX;

/// Everything about an index that is not in a chunk.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Header {
    /// Settings of the index.
    pub options: Options,
    /// The highest slot ever used, plus one.
    pub slots: u32,
    /// Live vectors.
    pub live: u32,
    /// Nodes of the graph.
    pub linked: u32,
    /// Where searches start.
    pub entry: Option<Entry>,
    /// Next and end of the scan of a compaction under way.
    pub scan: Option<(u32, u32)>,
    /// How heads are judged.
    pub sieve: Sieve,
}

impl Header {
    /// How many bitmaps the state has: live, nodes, and of a compaction condemned and affected.
    pub fn bitmaps(&self) -> usize {
        if self.scan.is_some() { 4 } else { 2 }
    }

    /// Segments of the index.
    pub fn segments(&self) -> usize {
        (self.slots as usize).div_ceil(SEGMENT_SLOTS)
    }

    /// How many slots of a segment are in use.
    #[inline(never)]
    pub fn used(&self, segment: usize) -> usize {
        (self.slots as usize).saturating_sub(segment * SEGMENT_SLOTS).min(SEGMENT_SLOTS)
    }

    /// The manifest for these chunks.
    pub fn to_bytes(self, chunks: &[Chunk]) -> Result<Vec<u8>> {
        let length = manifest_bytes(chunks.len());
        let total = chunks.iter().fold(length, |total, chunk| total.saturating_add(chunk.bytes));
        let mut bytes = Vec::new();
        reserve(&mut bytes, length)?;
        let mut put = |value: &[u8]| bytes.extend_from_slice(value);
        let (entry, level) =
            self.entry.map_or((NONE, 0), |entry| (entry.slot.0, entry.level as u32));
        let (next, end) = self.scan.unwrap_or((NONE, 0));
        let Options {
            dimensions, metric, m, ef_construction, ef_search, exact_below, seed, ..
        } = self.options;
        put(&MAGIC);
        put(&VERSION.to_le_bytes());
        put(&(length as u32).to_le_bytes());
        put(&[0; 8]);
        put(&(total as u64).to_le_bytes());
        put(&dimensions.to_le_bytes());
        put(&u32::from(metric.number()).to_le_bytes());
        for value in [m, ef_construction, ef_search, exact_below] {
            put(&value.to_le_bytes());
        }
        put(&seed.to_le_bytes());
        let count = chunks.len() as u32;
        let sieve = self.sieve.to_bits();
        for value in [self.slots, self.live, self.linked, entry, level, next, end, sieve, count] {
            put(&value.to_le_bytes());
        }
        for chunk in chunks {
            put(&chunk.kind.number().to_le_bytes());
            put(&chunk.number.to_le_bytes());
            put(&(chunk.bytes as u64).to_le_bytes());
            put(&chunk.checksum.to_le_bytes());
        }
        let checksum = manifest_checksum(&bytes);
        for (byte, value) in bytes.iter_mut().skip(CHECKSUM_AT).zip(checksum.to_le_bytes()) {
            *byte = value;
        }
        Ok(bytes)
    }

    /// Reads the fields after the prefix, and the number of chunks.
    fn parse(fields: &mut Fields) -> Result<(Self, u32)> {
        let dimensions = fields.u32()?;
        let metric = u8::try_from(fields.u32()?).ok().and_then(Metric::from_number);
        let metric = metric.ok_or(Error::Corrupt { reason: "unknown metric" })?;
        let [m, ef_construction, ef_search, exact_below] =
            [fields.u32()?, fields.u32()?, fields.u32()?, fields.u32()?];
        let seed = fields.u64()?;
        let options = Options {
            dimensions,
            metric,
            m,
            ef_construction,
            ef_search,
            exact_below,
            seed,
            capacity: 0,
        };
        options.check().map_err(|_| Error::Corrupt { reason: "options out of range" })?;
        let [slots, live, linked] = [fields.u32()?, fields.u32()?, fields.u32()?];
        let [entry, level, next, end] =
            [fields.u32()?, fields.u32()?, fields.u32()?, fields.u32()?];
        let entry = (entry != NONE).then_some(Entry { slot: Slot(entry), level: level as usize });
        let scan = (next != NONE).then_some((next, end));
        let sieve = Sieve::from_bits(fields.u32()?);
        let sieve = sieve.ok_or(Error::Corrupt { reason: "a sieve that cannot be" })?;
        let header = Self { options, slots, live, linked, entry, scan, sieve };
        header.check_counts()?;
        Ok((header, fields.u32()?))
    }

    fn check_counts(&self) -> Result<()> {
        let within = self.slots <= Slot::LIMIT
            && self.live <= self.slots
            && self.linked <= self.slots
            && self.entry.is_none_or(|entry| entry.slot.0 < self.slots)
            && self.scan.is_none_or(|(next, end)| next <= end && end <= self.slots);
        if within { Ok(()) } else { Err(Error::Corrupt { reason: "counts that cannot be" }) }
    }
}

/// Bytes of a manifest of so many chunks.
pub fn manifest_bytes(chunks: usize) -> usize {
    HEADER_BYTES + chunks * ROW_BYTES
}

/// A manifest that is intact. That its chunks are those which an index of its header has is
/// checked where it is opened.
#[derive(Debug)]
pub struct Manifest {
    pub(super) header: Header,
    pub(super) chunks: Vec<Chunk>,
    pub(super) total_bytes: u64,
}

impl Manifest {
    /// Reads a manifest, on its own or at the beginning of a snapshot in one piece.
    pub fn read(bytes: &[u8]) -> Result<Self> {
        Self::from_source(&bytes)
    }

    /// The same from a source.
    pub(crate) fn from_source(source: &dyn Source) -> Result<Self> {
        let prefix = Prefix::parse(&read_bytes(source, 0, PREFIX_BYTES)?)?;
        let (length, present) = (prefix.manifest_bytes, source.len());
        let whole = length == present || prefix.total_bytes == present as u64;
        if length < PREFIX_BYTES || length > present || !whole {
            return Err(Error::Corrupt { reason: "cut short, or something appended" });
        }
        let bytes = read_bytes(source, 0, length)?;
        if prefix.checksum != manifest_checksum(&bytes) {
            return Err(Error::Corrupt { reason: "damaged manifest" });
        }
        // Only now is a version more than a damaged byte.
        match prefix.version {
            VERSION => {}
            0 => return Err(Error::Corrupt { reason: "no version" }),
            version => return Err(Error::NewerSnapshot { version }),
        }
        let mut fields = Fields(bytes.get(PREFIX_BYTES..).unwrap_or_default());
        let (header, count) = Header::parse(&mut fields)?;
        let count = count as usize;
        if fields.0.len() / ROW_BYTES != count || !fields.0.len().is_multiple_of(ROW_BYTES) {
            return Err(Error::Corrupt { reason: "table of another length" });
        }
        let mut chunks = Vec::new();
        reserve(&mut chunks, count)?;
        for _ in 0..count {
            let kind = Kind::from_number(fields.u32()?);
            let kind = kind.ok_or(Error::Corrupt { reason: "unknown kind of chunk" })?;
            let number = fields.u32()?;
            let bytes = usize::try_from(fields.u64()?);
            let bytes = bytes.map_err(|_| Error::Corrupt { reason: "chunks of another length" })?;
            chunks.push(Chunk { kind, number, bytes, checksum: fields.u64()? });
        }
        Ok(Self { header, chunks, total_bytes: prefix.total_bytes })
    }

    /// The chunks of the snapshot, in order.
    pub fn chunks(&self) -> &[Chunk] {
        &self.chunks
    }

    /// How long the manifest itself is.
    pub fn bytes(&self) -> usize {
        manifest_bytes(self.chunks.len())
    }
}

/// What stands at the same place in every version. Nothing in it can be trusted before the
/// checksum was compared.
struct Prefix {
    version: u32,
    manifest_bytes: usize,
    checksum: u64,
    total_bytes: u64,
}

impl Prefix {
    fn parse(bytes: &[u8]) -> Result<Self> {
        let Some(rest) = bytes.strip_prefix(&MAGIC) else {
            return Err(Error::Corrupt { reason: "not a snapshot of an index" });
        };
        let mut fields = Fields(rest);
        Ok(Self {
            version: fields.u32()?,
            manifest_bytes: fields.u32()? as usize,
            checksum: fields.u64()?,
            total_bytes: fields.u64()?,
        })
    }
}

/// The checksum of a manifest, its own place taken as zero.
fn manifest_checksum(bytes: &[u8]) -> u64 {
    let (before, rest) = bytes.split_at_checked(CHECKSUM_AT).unwrap_or((bytes, &[]));
    let mut hash = Checksum::new();
    hash.update(before);
    hash.update(&[0; 8]);
    hash.update(rest.get(8..).unwrap_or_default());
    hash.value()
}

/// Reads numbers one after the other, and fails at the end.
struct Fields<'a>(&'a [u8]);

impl Fields<'_> {
    fn take<const N: usize>(&mut self) -> Result<[u8; N]> {
        let short = Error::Corrupt { reason: "too short" };
        let (value, rest) = self.0.split_first_chunk().ok_or(short)?;
        self.0 = rest;
        Ok(*value)
    }

    fn u32(&mut self) -> Result<u32> {
        self.take().map(u32::from_le_bytes)
    }

    fn u64(&mut self) -> Result<u64> {
        self.take().map(u64::from_le_bytes)
    }
}
