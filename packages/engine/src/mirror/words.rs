//! Messages are words. They are written and read through a small buffer, since each step from one
//! memory to another costs more than the words of a row.

use crate::error::{Result, grow, reserve};
use crate::slots::{SlotSet, words_for};
use crate::snapshot::{Sink, Source, as_uninit, word_bytes, word_bytes_mut};

/// Words copied at a time. No row is longer.
const BUFFER: usize = 16 * 1024;
const WORD: usize = size_of::<u32>();

/// Writes words to a sink.
pub struct Output<'a> {
    sink: &'a mut dyn Sink,
    offset: usize,
    buffer: Vec<u32>,
}

impl<'a> Output<'a> {
    pub fn new(sink: &'a mut dyn Sink) -> Result<Self> {
        let mut buffer = Vec::new();
        reserve(&mut buffer, BUFFER)?;
        Ok(Self { sink, offset: 0, buffer })
    }

    /// Writes some words, of which there is no end.
    #[inline(never)]
    pub fn put(&mut self, words: &[u32]) {
        for words in words.chunks(BUFFER) {
            if self.buffer.len() + words.len() > BUFFER {
                self.flush();
            }
            self.buffer.extend_from_slice(words);
        }
    }

    /// Hands over what is still in the buffer.
    pub fn flush(&mut self) {
        self.sink.write(self.offset, word_bytes(&self.buffer));
        self.offset += self.buffer.len() * WORD;
        self.buffer.clear();
    }
}

/// Reads words from a source.
pub struct Input<'a> {
    source: &'a dyn Source,
    /// Where in the source the next words for the buffer are.
    offset: usize,
    buffer: Vec<u32>,
    at: usize,
}

impl<'a> Input<'a> {
    /// Begins after some words.
    pub fn new(source: &'a dyn Source, words: usize) -> Self {
        let offset = words.saturating_mul(WORD).min(source.len() / WORD * WORD);
        Self { source, offset, buffer: Vec::new(), at: 0 }
    }

    /// How many words have been read, those before the beginning included.
    pub fn position(&self) -> usize {
        self.offset / WORD - (self.buffer.len() - self.at)
    }

    /// How many words are left.
    pub fn left(&self) -> usize {
        self.source.len() / WORD - self.position()
    }

    /// Whether all has been read, to the byte.
    pub fn has_ended(&self) -> bool {
        self.position() * WORD == self.source.len()
    }

    /// The next `count` words, of which there may be as many as a row has. Nothing when there are
    /// fewer: what is wrong with a message is always the same, so that an option says it all.
    #[inline(never)]
    pub fn take(&mut self, count: usize) -> Option<&[u32]> {
        if self.at + count > self.buffer.len() {
            let start = self.position();
            let length = BUFFER.min(self.left());
            if count > length {
                return None;
            }
            grow(&mut self.buffer, length, 0).ok()?;
            self.buffer.truncate(length);
            (self.offset, self.at) = ((start + length) * WORD, 0);
            self.source.read(start * WORD, as_uninit(word_bytes_mut(&mut self.buffer))).ok()?;
        }
        self.at += count;
        self.buffer.get(self.at - count..self.at)
    }

    /// The next word.
    #[inline(never)]
    pub fn word(&mut self) -> Option<u32> {
        self.take(1)?.first().copied()
    }

    /// The next `count` words, however many.
    #[inline(never)]
    pub fn take_all(&mut self, count: usize) -> Option<Vec<u32>> {
        let mut words = Vec::new();
        reserve(&mut words, count.min(self.left())).ok()?;
        while words.len() < count {
            words.extend_from_slice(self.take((count - words.len()).min(BUFFER))?);
        }
        Some(words)
    }

    /// A bitmap over so many slots.
    #[inline(never)]
    pub fn bitmap(&mut self, slots: usize) -> Option<SlotSet> {
        let words = self.take_all(words_for(slots))?;
        let past_end = slots % 32;
        let is_sound = past_end == 0 || words.last().is_none_or(|word| word >> past_end == 0);
        is_sound.then(|| SlotSet::from_words(words))
    }
}
