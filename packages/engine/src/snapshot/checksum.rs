//! The checksum of manifests and chunks.

use xxhash_rust::xxh64::Xxh64;

/// xxh64 with seed 0, of bytes that come part by part.
pub struct Checksum(Xxh64);

// Not inlined: the hash is 3 KB of WebAssembly wherever it is.
impl Checksum {
    /// Begins.
    #[inline(never)]
    pub fn new() -> Self {
        Self(Xxh64::new(0))
    }

    /// Takes the next bytes.
    #[inline(never)]
    pub fn update(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// The checksum of what was taken.
    #[inline(never)]
    pub fn value(&self) -> u64 {
        self.0.digest()
    }
}
