//! Everything that can go wrong, as one enum.
//!
//! The first sentence of a message says what happened, the second what to do. Codes are stable
//! across releases; messages are not.

use core::fmt;

/// Shorthand for results of this crate.
pub type Result<T> = core::result::Result<T, Error>;

/// What went wrong. The index is unchanged whenever one of these is returned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Error {
    /// An option lies outside its bounds.
    OptionOutOfRange {
        /// The option, named as in the JavaScript API.
        name: &'static str,
        /// Smallest value allowed.
        least: u32,
        /// Largest value allowed.
        most: u32,
    },
    /// The length of the input does not fit the dimensions of the index.
    DimensionMismatch {
        /// Dimensions of the index.
        expected: usize,
        /// Numbers received.
        received: usize,
    },
    /// A component is NaN or infinite.
    NotFinite {
        /// Row of the offending vector, from 0.
        vector: usize,
        /// The offending component, from 0.
        component: usize,
    },
    /// A component is too large for its products to stay finite (dot and l2 only).
    TooLarge {
        /// Row of the offending vector, from 0.
        vector: usize,
        /// The offending component, from 0.
        component: usize,
    },
    /// A vector of zeros has no direction, and cosine compares directions.
    ZeroVector {
        /// Row of the offending vector, from 0.
        vector: usize,
    },
    /// The allocator has nothing left.
    OutOfMemory,
    /// More slots than an index can number.
    TooManyVectors,
    /// Bytes that are not an intact snapshot.
    Corrupt {
        /// Which check failed.
        reason: &'static str,
    },
    /// A chunk of a snapshot that the index has changed since.
    Outdated,
    /// A snapshot of a later format.
    NewerSnapshot {
        /// Its version.
        version: u32,
    },
}

impl Error {
    /// The stable code that JavaScript sees.
    pub fn code(&self) -> &'static str {
        match self {
            Self::OptionOutOfRange { .. }
            | Self::NotFinite { .. }
            | Self::TooLarge { .. }
            | Self::ZeroVector { .. } => "invalid-input",
            Self::DimensionMismatch { .. } => "dimension-mismatch",
            Self::OutOfMemory | Self::TooManyVectors => "out-of-memory",
            Self::Corrupt { .. } => "corrupt",
            Self::Outdated => "outdated",
            Self::NewerSnapshot { .. } => "upgrade-required",
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OptionOutOfRange { name, least, most } => {
                write!(f, "{name} is out of range. Pass a whole number from {least} to {most}.")
            }
            Self::DimensionMismatch { expected, received } => write!(
                f,
                "The index holds vectors of {expected} dimensions, but {received} numbers were \
                 passed. Pass a multiple of {expected} to add and exactly {expected} to search."
            ),
            Self::NotFinite { vector, component } => write!(
                f,
                "Component {component} of vector {vector} is NaN or infinite. Pass finite numbers."
            ),
            Self::TooLarge { vector, component } => write!(
                f,
                "Component {component} of vector {vector} is beyond 1e15, where dot and l2 leave \
                 the range of a float. Scale the vectors down, or use cosine."
            ),
            Self::ZeroVector { vector } => write!(
                f,
                "Vector {vector} is all zeros and has no direction to compare by cosine. Leave it \
                 out, or use another metric."
            ),
            Self::OutOfMemory => f.write_str(
                "There is no memory left for the index. Close other indexes, or add fewer vectors.",
            ),
            Self::TooManyVectors => f.write_str(
                "An index cannot hold that many vectors. Split them over several indexes.",
            ),
            Self::Corrupt { reason } => write!(
                f,
                "These bytes are not an intact snapshot ({reason}). Rebuild the index from its \
                 vectors."
            ),
            Self::Outdated => f.write_str(
                "The index has changed since this manifest was taken, so that the chunk no longer \
                 exists. Take the manifest again.",
            ),
            Self::NewerSnapshot { version } => write!(
                f,
                "The snapshot has format {version}, which is newer than this engine. Update \
                 @akin/engine, or rebuild the index from its vectors."
            ),
        }
    }
}

impl std::error::Error for Error {}

/// Makes room for `additional` more elements, or reports that there is none.
///
/// `Vec` aborts the process when the allocator fails, which in WebAssembly is a trap: everything
/// whose size depends on input asks here first.
pub(crate) fn reserve<T>(vec: &mut Vec<T>, additional: usize) -> Result<()> {
    vec.try_reserve_exact(additional).map_err(|_| Error::OutOfMemory)
}

/// Grows `vec` to at least `length`, filling with `value`.
pub(crate) fn grow<T: Copy>(vec: &mut Vec<T>, length: usize, value: T) -> Result<()> {
    if let Some(additional) = length.checked_sub(vec.len()) {
        reserve(vec, additional)?;
        vec.resize(length, value);
    }
    Ok(())
}
