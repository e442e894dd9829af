//! Writing a snapshot, straight from the memory of the index into the sink.

use super::checksum::Checksum;
use super::chunk::{Chunk, Division, Kind};
use super::header::{Header, manifest_bytes};
use super::{BLOCK, Sink};
use crate::error::{Error, Result, reserve};
use crate::index::Index;
use crate::slots::words_for;

impl Index {
    /// How many bytes a snapshot takes now.
    pub fn snapshot_bytes(&self) -> Result<usize> {
        let chunks = self.chunks(&self.header())?;
        Ok(manifest_bytes(chunks.len()) + chunks.iter().map(|chunk| chunk.bytes).sum::<usize>())
    }

    /// A snapshot of the whole index in one piece: the manifest, then all chunks. The same index
    /// always gives the same bytes.
    pub fn snapshot(&self) -> Result<Vec<u8>> {
        let length = self.snapshot_bytes()?;
        let mut bytes = Vec::new();
        reserve(&mut bytes, length)?;
        bytes.resize(length, 0);
        self.write_snapshot(&mut bytes)?;
        Ok(bytes)
    }

    /// Writes a snapshot of [`Index::snapshot_bytes`] to a sink.
    fn write_snapshot(&self, sink: &mut dyn Sink) -> Result<()> {
        let header = self.header();
        let mut chunks = self.chunks(&header)?;
        let mut offset = manifest_bytes(chunks.len());
        for chunk in &mut chunks {
            chunk.checksum = self.write_chunk(&header, chunk, sink, offset);
            offset += chunk.bytes;
        }
        sink.write(0, &header.to_bytes(&chunks)?);
        Ok(())
    }

    /// The manifest of a snapshot of this moment. Its chunks are read by [`Index::read_chunk`];
    /// those that an earlier manifest names as well are the same as then.
    ///
    /// Computes checksums where something was written to since they were last computed.
    pub fn manifest(&mut self) -> Result<Vec<u8>> {
        let header = self.header();
        let mut chunks = self.chunks(&header)?;
        for chunk in &mut chunks {
            let known = self.checksums.get(chunk).filter(|_| !self.has_written(&header, chunk));
            chunk.checksum = match known {
                Some(checksum) => checksum,
                None => self.write_chunk(&header, chunk, &mut Nowhere, 0),
            };
            debug_assert_eq!(
                chunk.checksum,
                self.write_chunk(&header, chunk, &mut Nowhere, 0),
                "a change that nobody marked"
            );
        }
        let bytes = header.to_bytes(&chunks)?;
        self.remember(&chunks)?;
        Ok(bytes)
    }

    /// The bytes of a chunk, as a manifest of this index names it.
    ///
    /// Fails with [`Error::Outdated`] when the chunk has changed since that manifest.
    pub fn read_chunk(&self, chunk: &Chunk) -> Result<Vec<u8>> {
        // Before anything is allocated: a chunk may name any length.
        if self.chunk_bytes(chunk) != Some(chunk.bytes) {
            return Err(Error::Outdated);
        }
        let mut bytes = Vec::new();
        reserve(&mut bytes, chunk.bytes)?;
        bytes.resize(chunk.bytes, 0);
        self.copy_chunk(chunk, &mut bytes)?;
        Ok(bytes)
    }

    /// Writes a chunk to a sink of its length, or fails like [`Index::read_chunk`].
    pub(crate) fn copy_chunk(&self, chunk: &Chunk, sink: &mut dyn Sink) -> Result<()> {
        if self.chunk_bytes(chunk) != Some(chunk.bytes)
            || self.write_chunk(&self.header(), chunk, sink, 0) != chunk.checksum
        {
            return Err(Error::Outdated);
        }
        Ok(())
    }

    /// Takes over checksums that hold for the memory as it is.
    pub(super) fn remember(&mut self, chunks: &[Chunk]) -> Result<()> {
        self.checksums.replace(chunks)?;
        self.records.codes_written.clear();
        self.records.links_written.clear();
        self.graph.upper_mut().written.clear();
        Ok(())
    }

    fn has_written(&self, header: &Header, chunk: &Chunk) -> bool {
        let segments = Division::of(&self.records).segments(header, chunk.kind, chunk.number);
        match chunk.kind {
            Kind::State => true,
            Kind::Codes => self.records.codes_written.any(segments),
            Kind::Links => {
                self.records.links_written.any(segments.clone())
                    || self.graph.upper().written.any(segments)
            }
        }
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

    /// The chunks of the index as it is, without checksums.
    fn chunks(&self, header: &Header) -> Result<Vec<Chunk>> {
        let upper = self.graph.upper();
        let words = |segment, used| upper.segment_words(segment, used).len();
        Division::of(&self.records).chunks(header, &words)
    }

    /// How long a chunk is by now; nothing where there is none of that number.
    fn chunk_bytes(&self, chunk: &Chunk) -> Option<usize> {
        let header = self.header();
        let division = Division::of(&self.records);
        let exists = match chunk.kind {
            Kind::State => chunk.number == 0,
            kind => !division.segments(&header, kind, chunk.number).is_empty(),
        };
        let mut bytes = 0;
        self.visit(&header, chunk, &mut |part| bytes += part.len());
        exists.then_some(bytes)
    }

    /// Writes a chunk, and gives its checksum.
    fn write_chunk(
        &self,
        header: &Header,
        chunk: &Chunk,
        sink: &mut dyn Sink,
        mut offset: usize,
    ) -> u64 {
        let mut hash = Checksum::new();
        self.visit(header, chunk, &mut |part| {
            for block in part.chunks(BLOCK) {
                sink.write(offset, block);
                hash.update(block);
                offset += block.len();
            }
        });
        hash.value()
    }

    /// Shows the parts of a chunk in order, as they lie in memory.
    fn visit(&self, header: &Header, chunk: &Chunk, show: &mut dyn FnMut(&[u8])) {
        let segments = Division::of(&self.records).segments(header, chunk.kind, chunk.number);
        match chunk.kind {
            Kind::State => {
                let words = words_for(header.slots as usize);
                let mut bitmap = |bitmap: &[u32]| {
                    show(word_bytes(bitmap.get(..words).unwrap_or(bitmap)));
                };
                bitmap(self.slots.live().words());
                bitmap(self.graph.linked().words());
                if let Some(compaction) = &self.compaction {
                    bitmap(compaction.condemned.words());
                    bitmap(compaction.affected.words());
                }
            }
            Kind::Codes => {
                for segment in segments {
                    let parts = self.records.segment_codes(segment, header.used(segment));
                    parts.into_iter().for_each(&mut *show);
                }
            }
            Kind::Links => {
                for segment in segments {
                    let used = header.used(segment);
                    show(self.records.segment_links(segment, used));
                    show(word_bytes(self.graph.upper().segment_words(segment, used)));
                }
            }
        }
    }
}

/// Words as bytes, which on a little-endian machine is how they are stored.
pub(crate) fn word_bytes(words: &[u32]) -> &[u8] {
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

/// Where bytes go that are only hashed.
struct Nowhere;

impl Sink for Nowhere {
    fn write(&mut self, _: usize, _: &[u8]) {}
}
