//! Writing a snapshot, straight from the memory of the index into the sink.

use xxhash_rust::xxh64::{Xxh64, xxh64};

use super::Sink;
use super::header::{Header, Kind, Section};
use crate::error::{Result, reserve};
use crate::index::Index;
use crate::slots::words_for;

impl Index {
    /// How many bytes a snapshot takes now.
    pub fn snapshot_bytes(&self) -> Result<usize> {
        let header = self.header();
        let sections = self.sections(&header)?;
        Ok(header.bytes() + sections.iter().map(|section| section.bytes).sum::<usize>())
    }

    /// A snapshot of the whole index. The same index always gives the same bytes.
    pub fn snapshot(&self) -> Result<Vec<u8>> {
        let length = self.snapshot_bytes()?;
        let mut bytes = Vec::new();
        reserve(&mut bytes, length)?;
        bytes.resize(length, 0);
        self.write_snapshot(&mut bytes)?;
        Ok(bytes)
    }

    /// Writes a snapshot of [`Index::snapshot_bytes`] to a sink.
    pub(crate) fn write_snapshot(&self, sink: &mut (impl Sink + ?Sized)) -> Result<()> {
        let header = self.header();
        let sections = self.sections(&header)?;
        let mut checksums = Vec::new();
        reserve(&mut checksums, sections.len())?;
        let mut offset = header.bytes();
        for section in &sections {
            checksums.push(self.write_section(&header, *section, sink, offset));
            offset += section.bytes;
        }
        sink.write(0, &header.to_bytes(&sections, &checksums));
        Ok(())
    }

    fn header(&self) -> Header {
        let scan = self.compaction.as_ref().map(|c| (c.cursor as u32, c.end as u32));
        Header {
            options: self.options,
            slots: self.slots.count() as u32,
            live: self.slots.live().len() as u32,
            linked: self.graph.linked().len() as u32,
            entry: self.graph.entry(),
            scan,
            sieve: self.graph.sieve(),
        }
    }

    /// The sections of a snapshot with this header. Their lengths follow from the header alone,
    /// which is also how a reader knows them.
    pub(super) fn sections(&self, header: &Header) -> Result<Vec<Section>> {
        let mut sections = Vec::new();
        reserve(&mut sections, header.bitmaps().len() + 2 * header.segments())?;
        let bitmap_bytes = words_for(header.slots as usize) * size_of::<u32>();
        for &kind in header.bitmaps() {
            sections.push(Section { kind, number: 0, bytes: bitmap_bytes });
        }
        for segment in 0..header.segments() {
            let (used, number) = (header.used(segment), segment as u32);
            let bytes = self.records.part_bytes(used);
            sections.push(Section { kind: Kind::Records, number, bytes });
            let bytes = self.graph.upper().segment_word_count(segment, used) * size_of::<u32>();
            sections.push(Section { kind: Kind::Upper, number, bytes });
        }
        Ok(sections)
    }

    fn write_section(
        &self,
        header: &Header,
        section: Section,
        sink: &mut (impl Sink + ?Sized),
        offset: usize,
    ) -> u64 {
        let segment = section.number as usize;
        let compaction = self.compaction.as_ref();
        let words = match section.kind {
            Kind::Live => self.slots.live().words(),
            Kind::Linked => self.graph.linked().words(),
            Kind::Condemned => compaction.map_or(&[][..], |c| c.condemned.words()),
            Kind::Affected => compaction.map_or(&[][..], |c| c.affected.words()),
            Kind::Upper => self.graph.upper().segment_words(segment, header.used(segment)),
            Kind::Records => {
                let mut hash = Xxh64::new(0);
                let mut offset = offset;
                for part in self.records.segment_parts(segment, header.used(segment)) {
                    sink.write(offset, part);
                    hash.update(part);
                    offset += part.len();
                }
                return hash.digest();
            }
        };
        let bytes = word_bytes(words);
        let bytes = bytes.get(..section.bytes).unwrap_or(bytes);
        sink.write(offset, bytes);
        xxh64(bytes, 0)
    }
}

/// Words as bytes, which on a little-endian machine is how they are stored.
fn word_bytes(words: &[u32]) -> &[u8] {
    // SAFETY: the same memory, four initialised bytes a word, without need of alignment.
    unsafe { std::slice::from_raw_parts(words.as_ptr().cast(), size_of_val(words)) }
}

impl Sink for Vec<u8> {
    fn write(&mut self, offset: usize, bytes: &[u8]) {
        if let Some(target) = self.get_mut(offset..offset + bytes.len()) {
            target.copy_from_slice(bytes);
        }
    }
}
