//! What an index is created with.

use crate::distance::Metric;
use crate::error::{Error, Result};
use crate::slots::Slot;

/// Settings of an index. All but `capacity` are fixed for its life and kept in snapshots.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// Components of a vector, 1 to 4096.
    pub dimensions: u32,
    /// How vectors are compared.
    pub metric: Metric,
    /// Links of a node above level 0, and half of those on it: 2 to 64.
    pub m: u32,
    /// Nodes kept while inserting, 1 to 4096.
    pub ef_construction: u32,
    /// Nodes kept while searching, 1 to 4096; a search may ask for another number.
    pub ef_search: u32,
    /// Live vectors below which no graph is built, since a scan answers as fast.
    pub exact_below: u32,
    /// Decides the levels of the graph.
    pub seed: u64,
    /// Vectors to allocate for at once. More can be added all the same.
    pub capacity: u32,
}

/// Largest `ef_construction` and `ef_search`.
pub const EF_MAX: u32 = 4096;

impl Options {
    /// The defaults for vectors of some dimensions.
    ///
    /// `m` = 16, `ef_construction` = 100 and `ef_search` = 64 find 0.99 of the ten nearest of
    /// 20,000 clustered vectors of 384 dimensions, as much as a scan of their codes finds.
    ///
    /// 10,000 vectors are scanned in 0.2 ms (384 dimensions) to 0.4 ms (768) and walked in 0.03,
    /// which no person can tell apart, while building their graph takes seconds of processor time.
    pub fn new(dimensions: u32) -> Self {
        Self {
            dimensions,
            metric: Metric::Cosine,
            m: 16,
            ef_construction: 100,
            ef_search: 64,
            exact_below: 10_000,
            seed: 0,
            capacity: 0,
        }
    }

    /// Names the first option that is out of bounds.
    pub fn check(&self) -> Result<()> {
        let bounds = [
            ("dimensions", self.dimensions, 1, 4096),
            ("m", self.m, 2, 64),
            ("efConstruction", self.ef_construction, 1, EF_MAX),
            ("efSearch", self.ef_search, 1, EF_MAX),
            ("exactBelow", self.exact_below, 0, Slot::LIMIT),
            ("capacity", self.capacity, 0, Slot::LIMIT),
        ];
        for (name, value, least, most) in bounds {
            if !(least..=most).contains(&value) {
                return Err(Error::OptionOutOfRange { name, least, most });
            }
        }
        Ok(())
    }

    /// Links of a node on level 0.
    pub fn m0(&self) -> usize {
        self.m as usize * 2
    }
}
