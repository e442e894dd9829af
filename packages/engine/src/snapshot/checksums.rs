//! The checksums of chunks that did not change since they were last computed or verified.

use super::chunk::{Chunk, Kind};
use crate::error::{Result, reserve};

/// Checksums by kind and number, each with the length that its chunk had.
#[derive(Debug, Default)]
pub struct Checksums {
    codes: Vec<(usize, u64)>,
    links: Vec<(usize, u64)>,
}

impl Checksums {
    /// The checksum that a chunk had when it was last asked for, if it was as long then. Slots that
    /// were taken since make it longer without anyone writing to it.
    pub fn get(&self, chunk: &Chunk) -> Option<u64> {
        let known = match chunk.kind {
            Kind::State => return None,
            Kind::Codes => &self.codes,
            Kind::Links => &self.links,
        };
        let &(bytes, checksum) = known.get(chunk.number as usize)?;
        (bytes == chunk.bytes).then_some(checksum)
    }

    /// Puts the checksums of all chunks, in the order of a manifest, in the place of these.
    pub fn replace(&mut self, chunks: &[Chunk]) -> Result<()> {
        self.codes.clear();
        self.links.clear();
        reserve(&mut self.codes, chunks.len())?;
        reserve(&mut self.links, chunks.len())?;
        for chunk in chunks {
            match chunk.kind {
                Kind::State => {}
                Kind::Codes => self.codes.push((chunk.bytes, chunk.checksum)),
                Kind::Links => self.links.push((chunk.bytes, chunk.checksum)),
            }
        }
        Ok(())
    }
}
