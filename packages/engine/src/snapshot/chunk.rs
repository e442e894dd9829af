//! Which chunks a snapshot has, and how long they are: all of it follows from the header.

use std::fmt;
use std::ops::Range;

use super::header::Header;
use crate::error::{Result, reserve};
use crate::records::{Records, SEGMENT_SLOTS};
use crate::slots::words_for;

/// A chunk holds as many segments as fit into this. Below half of it the costs of a row of a
/// database weigh more than those of its bytes.
const CHUNK_BYTES: usize = 1 << 20;

/// What a chunk holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// All bitmaps.
    State,
    /// Heads and tails.
    Codes,
    /// Links of all levels.
    Links,
}

impl Kind {
    /// The number of the kind in a manifest.
    pub fn number(self) -> u32 {
        match self {
            Self::State => 1,
            Self::Codes => 2,
            Self::Links => 3,
        }
    }

    /// The kind of a number.
    pub fn from_number(number: u32) -> Option<Self> {
        [Self::State, Self::Codes, Self::Links].into_iter().find(|kind| kind.number() == number)
    }
}

/// A chunk as a manifest names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Chunk {
    /// What it holds.
    pub kind: Kind,
    /// Which of its kind, from 0.
    pub number: u32,
    /// Its length.
    pub bytes: usize,
    /// xxh64 of its bytes.
    pub checksum: u64,
}

/// The key under which a chunk may be stored: chunks with the same key have the same bytes.
impl fmt::Display for Chunk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = match self.kind {
            Kind::State => "state",
            Kind::Codes => "codes",
            Kind::Links => "links",
        };
        write!(f, "{kind}-{}-{:016x}", self.number, self.checksum)
    }
}

/// How the segments of an index are divided into chunks.
#[derive(Debug, Clone, Copy)]
pub struct Division {
    code_bytes: usize,
    link_bytes: usize,
}

impl Division {
    /// The division for records of this shape.
    pub fn of(records: &Records) -> Self {
        Self { code_bytes: records.code_bytes(), link_bytes: records.link_bytes() }
    }

    /// Bytes that a slot takes, upper links and bitmaps left aside.
    pub fn slot_bytes(self) -> usize {
        self.code_bytes + self.link_bytes
    }

    /// The segments of a chunk of codes or links.
    #[inline(never)]
    pub fn segments(self, header: &Header, kind: Kind, number: u32) -> Range<usize> {
        let each = self.segments_each(kind);
        let first = (number as usize).saturating_mul(each).min(header.segments());
        first..first.saturating_add(each).min(header.segments())
    }

    fn segments_each(self, kind: Kind) -> usize {
        let row = if kind == Kind::Codes { self.code_bytes } else { self.link_bytes };
        (CHUNK_BYTES / (row * SEGMENT_SLOTS)).max(1)
    }

    fn counts(self, header: &Header) -> [(Kind, usize); 3] {
        [Kind::State, Kind::Codes, Kind::Links].map(|kind| match kind {
            Kind::State => (kind, 1),
            _ => (kind, header.segments().div_ceil(self.segments_each(kind))),
        })
    }

    /// How many chunks there are.
    pub fn chunk_count(self, header: &Header) -> usize {
        self.counts(header).iter().map(|(_, count)| count).sum()
    }

    /// All chunks in order, without checksums. `upper_words` gives the words of upper links of the
    /// first slots of a segment.
    pub fn chunks(
        self,
        header: &Header,
        upper_words: &dyn Fn(usize, usize) -> usize,
    ) -> Result<Vec<Chunk>> {
        let mut chunks = Vec::new();
        reserve(&mut chunks, self.chunk_count(header))?;
        for (kind, count) in self.counts(header) {
            for number in 0..count as u32 {
                let segments = self.segments(header, kind, number);
                let bytes = match kind {
                    Kind::State => header.bitmaps() * bitmap_bytes(header),
                    Kind::Codes => segments.map(|s| header.used(s) * self.code_bytes).sum(),
                    Kind::Links => self.links_bytes(header, segments, upper_words),
                };
                chunks.push(Chunk { kind, number, bytes, checksum: 0 });
            }
        }
        Ok(chunks)
    }

    /// Bytes of the links of some segments.
    pub fn links_bytes(
        self,
        header: &Header,
        segments: Range<usize>,
        upper_words: &dyn Fn(usize, usize) -> usize,
    ) -> usize {
        let of_segment = |segment| {
            let used = header.used(segment);
            let words = upper_words(segment, used);
            (used * self.link_bytes).saturating_add(words * size_of::<u32>())
        };
        segments.map(of_segment).fold(0, usize::saturating_add)
    }
}

/// Bytes of one bitmap.
pub fn bitmap_bytes(header: &Header) -> usize {
    words_for(header.slots as usize) * size_of::<u32>()
}
