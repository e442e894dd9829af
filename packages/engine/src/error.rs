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
    /// An option is NaN.
    NotANumber {
        /// The option, named as in the JavaScript API.
        name: &'static str,
    },
    /// More results than are chosen by what they add to one another.
    TooManyToDiversify {
        /// The most that are.
        most: usize,
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
    /// Bytes that are not what a mirror or its owner would have said.
    Misunderstood,
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
            | Self::NotANumber { .. }
            | Self::TooManyToDiversify { .. }
            | Self::NotFinite { .. }
            | Self::TooLarge { .. }
            | Self::ZeroVector { .. } => "invalid-input",
            Self::DimensionMismatch { .. } => "dimension-mismatch",
            Self::OutOfMemory | Self::TooManyVectors => "out-of-memory",
            Self::Corrupt { .. } => "corrupt",
            Self::Outdated => "outdated",
            Self::Misunderstood => "mirror-lost",
            Self::NewerSnapshot { .. } => "upgrade-required",
        }
    }

    /// What happened, and what to do.
    pub fn message(&self) -> String {
        let (template, word, numbers) = self.parts();
        fill(template, word, numbers)
    }

    /// A text with `@` in the place of a word and `#` in the places of numbers, and those.
    fn parts(&self) -> (&'static str, &'static str, [usize; 4]) {
        match *self {
            Self::OptionOutOfRange { name, least, most } => (
                "@ is out of range. Pass a number from # to #.",
                name,
                [least as usize, most as usize, 0, 0],
            ),
            Self::NotANumber { name } => {
                ("@ is not a number. Pass one, or leave it out.", name, [0; 4])
            }
            Self::TooManyToDiversify { most } => (
                "That many results cannot be diversified. Pass a k of at most #, or a diversity \
                 of 0.",
                "",
                [most, 0, 0, 0],
            ),
            Self::DimensionMismatch { expected, received } => (
                "The index holds vectors of # dimensions, but # numbers were passed. Pass a \
                 multiple of # to add and exactly # to search.",
                "",
                [expected, received, expected, expected],
            ),
            Self::NotFinite { vector, component } => (
                "Component # of vector # is NaN or infinite. Pass finite numbers.",
                "",
                [component, vector, 0, 0],
            ),
            Self::TooLarge { vector, component } => (
                "Component # of vector # is beyond 1e15, where dot and l2 leave the range of a \
                 float. Scale the vectors down, or use cosine.",
                "",
                [component, vector, 0, 0],
            ),
            Self::ZeroVector { vector } => (
                "Vector # is all zeros and has no direction to compare by cosine. Leave it out, \
                 or use another metric.",
                "",
                [vector, 0, 0, 0],
            ),
            Self::OutOfMemory => (
                "There is no memory left for the index. Close other indexes, or add fewer \
                 vectors.",
                "",
                [0; 4],
            ),
            Self::TooManyVectors => (
                "An index cannot hold that many vectors. Split them over several indexes.",
                "",
                [0; 4],
            ),
            Self::Corrupt { reason } => (
                "These bytes are not an intact snapshot (@). Rebuild the index from its vectors.",
                reason,
                [0; 4],
            ),
            Self::Outdated => (
                "The index has changed since this manifest was taken, so that the chunk no longer \
                 exists. Take the manifest again.",
                "",
                [0; 4],
            ),
            Self::Misunderstood => (
                "The index and its mirror do not understand each other. Load the same engine in \
                 both workers.",
                "",
                [0; 4],
            ),
            Self::NewerSnapshot { version } => (
                "The snapshot has format #, which is newer than this engine. Update the \
                 engine, or rebuild the index from its vectors.",
                "",
                [version as usize, 0, 0, 0],
            ),
        }
    }

    /// The same error, of another row of several.
    pub(crate) fn in_row(self, row: usize) -> Self {
        match self {
            Self::NotFinite { component, .. } => Self::NotFinite { vector: row, component },
            Self::TooLarge { component, .. } => Self::TooLarge { vector: row, component },
            Self::ZeroVector { .. } => Self::ZeroVector { vector: row },
            other => other,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message())
    }
}

/// Puts a message together without `core::fmt`: this would be its only use in the module, and it
/// is several times as large as all messages.
fn fill(template: &str, word: &str, numbers: [usize; 4]) -> String {
    let mut message = String::new();
    let mut numbers = numbers.into_iter();
    for character in template.chars() {
        match character {
            '@' => message.push_str(word),
            '#' => push_number(&mut message, numbers.next().unwrap_or_default()),
            other => message.push(other),
        }
    }
    message
}

fn push_number(message: &mut String, number: usize) {
    if number >= 10 {
        push_number(message, number / 10);
    }
    message.push(char::from(b'0' + (number % 10) as u8));
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_says_what_happened_and_what_to_do() {
        let mismatch = Error::DimensionMismatch { expected: 384, received: 0 };
        assert_eq!(
            mismatch.to_string(),
            "The index holds vectors of 384 dimensions, but 0 numbers were passed. Pass a \
             multiple of 384 to add and exactly 384 to search."
        );
        let largest = Error::NotFinite { vector: usize::MAX, component: 10 };
        let expected = format!("Component 10 of vector {} is NaN", usize::MAX);
        assert!(largest.message().starts_with(&expected), "{largest}");
        let other = Error::Corrupt { reason: "cut short" };
        assert_eq!(other.in_row(5), other);
        assert_eq!(Error::ZeroVector { vector: 0 }.in_row(5), Error::ZeroVector { vector: 5 });
    }
}
