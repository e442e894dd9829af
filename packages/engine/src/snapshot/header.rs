//! The fixed part of a snapshot, and its table of sections.

use xxhash_rust::xxh64::Xxh64;

use crate::distance::Metric;
use crate::error::{Error, Result};
use crate::graph::Entry;
use crate::graph::sieve::Sieve;
use crate::options::Options;
use crate::records::SEGMENT_SLOTS;
use crate::slots::Slot;

/// The version this engine writes, and the only one it reads.
pub const VERSION: u32 = 1;
/// Bytes that are laid out alike in every version.
pub const PREFIX_BYTES: usize = 32;
/// Bytes before the table.
pub const HEADER_BYTES: usize = 100;
/// Bytes of a row of the table.
pub const ROW_BYTES: usize = 24;

const MAGIC: [u8; 8] = *b"AKINIDX\0";
const CHECKSUM_AT: usize = 16;
const NONE: u32 = u32::MAX;

/// What a section holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Bitmap of the live slots.
    Live,
    /// Bitmap of the nodes of the graph.
    Linked,
    /// Bitmap of the nodes that a compaction will release.
    Condemned,
    /// Bitmap of the nodes that it will connect anew.
    Affected,
    /// Heads, links and tails of a segment.
    Records,
    /// Upper links of a segment.
    Upper,
}

/// A row of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Section {
    /// What it holds.
    pub kind: Kind,
    /// Which segment, 0 for bitmaps.
    pub number: u32,
    /// Its length.
    pub bytes: usize,
}

/// Everything about an index that is not in a section.
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
    /// The kinds of bitmaps that the snapshot holds.
    pub fn bitmaps(&self) -> &'static [Kind] {
        match self.scan {
            None => &[Kind::Live, Kind::Linked],
            Some(_) => &[Kind::Live, Kind::Linked, Kind::Condemned, Kind::Affected],
        }
    }

    /// Segments of the index.
    pub fn segments(&self) -> usize {
        (self.slots as usize).div_ceil(SEGMENT_SLOTS)
    }

    /// How many slots of a segment are in use.
    pub fn used(&self, segment: usize) -> usize {
        (self.slots as usize).saturating_sub(segment * SEGMENT_SLOTS).min(SEGMENT_SLOTS)
    }

    /// Bytes of header and table.
    pub fn bytes(&self) -> usize {
        HEADER_BYTES + (self.bitmaps().len() + 2 * self.segments()) * ROW_BYTES
    }

    /// Header and table as bytes, for sections with these checksums.
    pub fn to_bytes(self, sections: &[Section], checksums: &[u64]) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(self.bytes());
        let mut put = |value: &[u8]| bytes.extend_from_slice(value);
        let total = self.bytes() + sections.iter().map(|section| section.bytes).sum::<usize>();
        let (entry, level) =
            self.entry.map_or((NONE, 0), |entry| (entry.slot.0, entry.level as u32));
        let (next, end) = self.scan.unwrap_or((NONE, 0));
        let Options {
            dimensions, metric, m, ef_construction, ef_search, exact_below, seed, ..
        } = self.options;
        put(&MAGIC);
        put(&VERSION.to_le_bytes());
        put(&(self.bytes() as u32).to_le_bytes());
        put(&[0; 8]);
        put(&(total as u64).to_le_bytes());
        put(&dimensions.to_le_bytes());
        put(&u32::from(metric.number()).to_le_bytes());
        for value in [m, ef_construction, ef_search, exact_below] {
            put(&value.to_le_bytes());
        }
        put(&seed.to_le_bytes());
        let sections_count = sections.len() as u32;
        for value in [self.slots, self.live, self.linked, entry, level, next, end] {
            put(&value.to_le_bytes());
        }
        put(&self.sieve.to_bits().to_le_bytes());
        put(&sections_count.to_le_bytes());
        for (section, checksum) in sections.iter().zip(checksums) {
            put(&section.kind.number().to_le_bytes());
            put(&section.number.to_le_bytes());
            put(&(section.bytes as u64).to_le_bytes());
            put(&checksum.to_le_bytes());
        }
        let checksum = header_checksum(&bytes);
        for (byte, value) in bytes.iter_mut().skip(CHECKSUM_AT).zip(checksum.to_le_bytes()) {
            *byte = value;
        }
        bytes
    }

    /// Reads and checks header and table, of whose length the prefix was asked; gives the
    /// checksums that the sections must have, in order.
    pub fn parse(bytes: &[u8]) -> Result<(Self, Vec<Stored>)> {
        let mut fields = Fields(bytes.get(PREFIX_BYTES..).unwrap_or_default());
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
        let count = fields.u32()?;
        header.check_counts()?;
        if header.bytes() != bytes.len()
            || header.bytes() - HEADER_BYTES != count as usize * ROW_BYTES
        {
            return Err(Error::Corrupt { reason: "table of another length" });
        }
        let mut table = Vec::new();
        crate::error::reserve(&mut table, count as usize)?;
        for _ in 0..count {
            let (kind, number) = (fields.u32()?, fields.u32()?);
            table.push(Stored { kind, number, bytes: fields.u64()?, checksum: fields.u64()? });
        }
        Ok((header, table))
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

/// A row of the table as it was read.
#[derive(Debug, Clone, Copy)]
pub struct Stored {
    kind: u32,
    number: u32,
    bytes: u64,
    /// The checksum that the section must have.
    pub checksum: u64,
}

impl Stored {
    /// Whether the row describes the section that belongs there.
    pub fn describes(&self, section: Section) -> bool {
        self.kind == section.kind.number()
            && self.number == section.number
            && self.bytes == section.bytes as u64
    }
}

impl Kind {
    fn number(self) -> u32 {
        match self {
            Self::Live => 1,
            Self::Linked => 2,
            Self::Condemned => 3,
            Self::Affected => 4,
            Self::Records => 5,
            Self::Upper => 6,
        }
    }
}

/// What stands at the same place in every version.
#[derive(Debug, Clone, Copy)]
pub struct Prefix {
    /// Format of the rest.
    pub version: u32,
    /// Bytes of header and table.
    pub header_bytes: usize,
    /// Bytes of the snapshot.
    pub total_bytes: u64,
}

impl Prefix {
    /// Reads the prefix; nothing in it can be trusted before [`check_header`].
    pub fn parse(bytes: &[u8; PREFIX_BYTES]) -> Result<Self> {
        let Some(rest) = bytes.strip_prefix(&MAGIC) else {
            return Err(Error::Corrupt { reason: "not a snapshot of an index" });
        };
        let mut fields = Fields(rest);
        let (version, header_bytes) = (fields.u32()?, fields.u32()? as usize);
        fields.u64()?;
        Ok(Self { version, header_bytes, total_bytes: fields.u64()? })
    }
}

/// Checks header and table against the checksum that they hold.
pub fn check_header(bytes: &[u8]) -> Result<()> {
    let stored = Fields(bytes.get(CHECKSUM_AT..).unwrap_or_default()).u64()?;
    if stored != header_checksum(bytes) {
        return Err(Error::Corrupt { reason: "damaged header" });
    }
    Ok(())
}

/// The checksum of header and table, its own place taken as zero.
fn header_checksum(bytes: &[u8]) -> u64 {
    let (before, rest) = bytes.split_at_checked(CHECKSUM_AT).unwrap_or((bytes, &[]));
    let mut hash = Xxh64::new(0);
    hash.update(before);
    hash.update(&[0; 8]);
    hash.update(rest.get(8..).unwrap_or_default());
    hash.digest()
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
