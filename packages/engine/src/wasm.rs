//! The door to JavaScript: this and `wasm/` alone know wasm-bindgen. It converts types and
//! decides nothing; the typed API is `js/` beside this crate.
//!
//! Large arrays stay in JavaScript's memory and are copied through small buffers, which keeps a
//! batch or a snapshot from being in memory twice. Errors are thrown as the string `code: message`.
//!
//! Searches are short, so that what surrounds them counts. They neither allocate nor convert:
//! JavaScript writes queries to [`WasmIndex::room`] and reads the answer where
//! [`WasmIndex::search`] says it is.

mod arrays;
mod mirror;

use wasm_bindgen::prelude::wasm_bindgen;

use crate::distance::Metric;
use crate::error::{Error, Result, grow, reserve};
use crate::index::Index;
use crate::options::Options;
use crate::search::{Batch, Plan, Search};
use crate::snapshot::{Chunk, Kind, Manifest, Opening};
use arrays::{Bytes, Float32Array, Uint8Array, Uint32Array, load};

/// Numbers copied in at a time, to the next whole vector.
const CHUNK: usize = 16 * 1024;

/// What JavaScript catches.
type Thrown = String;

fn thrown(error: Error) -> Thrown {
    let mut thrown = String::from(error.code());
    thrown.push_str(": ");
    thrown.push_str(&error.message());
    thrown
}

/// An index, and the buffers between it and JavaScript.
#[wasm_bindgen]
pub struct WasmIndex {
    index: Index,
    chunk: Vec<f32>,
    /// Queries, as the bits of their components, and a filter behind them.
    input: Vec<u32>,
    batch: Batch,
    answer: Vec<u32>,
    failure: Option<Error>,
}

#[wasm_bindgen]
impl WasmIndex {
    /// Creates an empty index.
    #[wasm_bindgen(constructor)]
    #[allow(clippy::too_many_arguments)]
    pub fn new(
        dimensions: u32,
        metric: u8,
        m: u32,
        ef_construction: u32,
        ef_search: u32,
        exact_below: u32,
        seed: u64,
        capacity: u32,
    ) -> core::result::Result<WasmIndex, Thrown> {
        let metric = Metric::from_number(metric).unwrap_or_default();
        let options = Options {
            dimensions,
            metric,
            m,
            ef_construction,
            ef_search,
            exact_below,
            seed,
            capacity,
        };
        Index::new(options).map(Self::around).map_err(thrown)
    }

    fn around(index: Index) -> Self {
        let (chunk, input, answer) = (Vec::new(), Vec::new(), Vec::new());
        Self { index, chunk, input, batch: Batch::default(), answer, failure: None }
    }

    /// Adds vectors and stores their slots in `slots`, which has one place for each.
    pub fn add(
        &mut self,
        vectors: &Float32Array,
        slots: &Uint32Array,
    ) -> core::result::Result<(), Thrown> {
        self.add_chunks(vectors, slots).map_err(thrown)
    }

    /// Checks all, makes room for all, and only then adds: whatever fails, nothing was added.
    fn add_chunks(&mut self, vectors: &Float32Array, slots: &Uint32Array) -> Result<()> {
        let dimensions = self.index.options().dimensions as usize;
        let total = vectors.length() as usize;
        if !total.is_multiple_of(dimensions) {
            return Err(Error::DimensionMismatch { expected: dimensions, received: total });
        }
        let step = CHUNK.div_ceil(dimensions) * dimensions;
        grow(&mut self.chunk, step.min(total), 0.0)?;
        for start in (0..total).step_by(step) {
            let chunk = &mut self.chunk[..step.min(total - start)];
            load(vectors, start, chunk);
            self.index.check(chunk, start / dimensions)?;
        }
        self.index.reserve(total / dimensions)?;
        for start in (0..total).step_by(step) {
            let chunk = &mut self.chunk[..step.min(total - start)];
            load(vectors, start, chunk);
            slots.set(&self.index.add(chunk)?, (start / dimensions) as u32);
        }
        Ok(())
    }

    /// Where to write the numbers of a search: `words` of 32 bits. 0 when there is no room. The
    /// address is good until the next call.
    pub fn room(&mut self, words: u32) -> *const u32 {
        match grow(&mut self.input, words as usize, 0) {
            Ok(()) => self.input.as_ptr(),
            Err(error) => self.fail(error),
        }
    }

    /// Searches for the `rows` queries in the room, with the filter behind them if it has at least
    /// 0 words. 0 for `ef` and `fetch_k` stands for their defaults, NaN for no `min_score`.
    ///
    /// Gives the address of the answer, good until the next call, or 0 after a failure:
    ///
    /// ```text
    /// 1     results of all queries
    /// rows  results of each
    /// rows  distances computed for each, doubled, and 1 more where the graph was walked
    /// n     slots
    /// n     scores, the bits of floats
    /// ```
    #[allow(clippy::too_many_arguments)]
    pub fn search(
        &mut self,
        rows: u32,
        k: u32,
        ef: u32,
        exact: bool,
        filter_words: i32,
        min_score: f64,
        diversity: f32,
        fetch_k: u32,
    ) -> *const u32 {
        let numbers = rows as usize * self.index.options().dimensions as usize;
        let (queries, rest) = self.input.split_at(numbers.min(self.input.len()));
        let filter = usize::try_from(filter_words).ok().map(|words| rest.get(..words));
        let search = Search {
            k: k as usize,
            ef: (ef > 0).then_some(ef),
            exact,
            filter: filter.map(Option::unwrap_or_default),
            min_score: (!min_score.is_nan()).then_some(min_score),
            diversity,
            fetch_k: (fetch_k > 0).then_some(fetch_k),
        };
        let searched = self.index.search_many(floats(queries), &search, &mut self.batch);
        match searched.and_then(|()| self.pack()) {
            Ok(()) => self.answer.as_ptr(),
            Err(error) => self.fail(error),
        }
    }

    fn pack(&mut self) -> Result<()> {
        let Batch { hits, counts, efforts } = &self.batch;
        let (total, answer) = (hits.slots.len(), &mut self.answer);
        answer.clear();
        reserve(answer, 1 + 2 * counts.len() + 2 * total)?;
        answer.push(total as u32);
        answer.extend_from_slice(counts);
        answer.extend(
            efforts.iter().map(|effort| {
                (effort.evaluations as u32) << 1 | u32::from(effort.plan == Plan::Walk)
            }),
        );
        answer.extend_from_slice(&hits.slots);
        answer.extend(hits.scores.iter().map(|score| score.to_bits()));
        Ok(())
    }

    /// Counts what there is. Gives the address of sixteen counts of nodes, of the links of level
    /// 0, the entry's level plus one, and the bytes of records, upper links, bitmaps and scratch.
    pub fn statistics(&mut self) -> *const u32 {
        let statistics = self.index.statistics();
        let memory = statistics.memory;
        let entry = statistics.entry_level.map_or(0, |level| level + 1);
        let rest = [
            statistics.links as usize,
            entry,
            memory.records,
            memory.upper_links,
            memory.bitmaps,
            memory.scratch,
        ];
        self.answer.clear();
        if let Err(error) = reserve(&mut self.answer, statistics.levels.len() + rest.len()) {
            return self.fail(error);
        }
        self.answer.extend_from_slice(&statistics.levels);
        self.answer.extend(rest.map(|number| number as u32));
        self.answer.as_ptr()
    }

    fn fail(&mut self, error: Error) -> *const u32 {
        self.failure = Some(error);
        core::ptr::null()
    }

    /// Throws what a call failed with that gave 0 for an address.
    pub fn throw(&mut self) -> core::result::Result<(), Thrown> {
        Err(thrown(self.failure.take().unwrap_or(Error::OutOfMemory)))
    }

    /// Works on the graph; says whether it is complete. Work is counted in distances, and beyond
    /// 2^53 taken as without bound.
    #[wasm_bindgen(js_name = buildStep)]
    pub fn build_step(&mut self, max_work: f64) -> core::result::Result<bool, Thrown> {
        self.index.build_step(max_work as u64).map_err(thrown)
    }

    /// Takes tombstones out of the graph; says whether it is done.
    pub fn compact(&mut self, max_work: f64) -> core::result::Result<bool, Thrown> {
        self.index.compact(max_work as u64).map_err(thrown)
    }

    /// Removes vectors; says how many there were.
    pub fn remove(&mut self, slots: &[u32]) -> u32 {
        self.index.remove(slots) as u32
    }

    /// The stored vector of a slot, if it holds one.
    pub fn vector(&self, slot: u32) -> core::result::Result<Option<Vec<f32>>, Thrown> {
        self.index.vector(slot).map_err(thrown)
    }

    /// The manifest of a snapshot of this moment.
    pub fn manifest(&mut self) -> core::result::Result<Vec<u8>, Thrown> {
        self.index.manifest().map_err(thrown)
    }

    /// Fails where bytes do not begin with an intact manifest.
    #[wasm_bindgen(js_name = checkManifest)]
    pub fn check_manifest(bytes: &Uint8Array) -> core::result::Result<(), Thrown> {
        Manifest::from_source(&Bytes(bytes)).map(|_| ()).map_err(thrown)
    }

    /// Writes a chunk, which a manifest names so, into an array of its length.
    #[wasm_bindgen(js_name = readChunk)]
    pub fn read_chunk(
        &self,
        kind: u32,
        number: u32,
        checksum: u64,
        target: &Uint8Array,
    ) -> core::result::Result<(), Thrown> {
        let kind = Kind::from_number(kind).ok_or(Error::Outdated).map_err(thrown)?;
        let chunk = Chunk { kind, number, bytes: target.length() as usize, checksum };
        self.index.copy_chunk(&chunk, &mut Bytes(target)).map_err(thrown)
    }

    /// Links of a node.
    #[wasm_bindgen(getter)]
    pub fn m(&self) -> u32 {
        self.index.options().m
    }

    /// Nodes kept while inserting.
    #[wasm_bindgen(getter, js_name = efConstruction)]
    pub fn ef_construction(&self) -> u32 {
        self.index.options().ef_construction
    }

    /// Nodes kept while searching.
    #[wasm_bindgen(getter, js_name = efSearch)]
    pub fn ef_search(&self) -> u32 {
        self.index.options().ef_search
    }

    /// Live vectors below which there is no graph.
    #[wasm_bindgen(getter, js_name = exactBelow)]
    pub fn exact_below(&self) -> u32 {
        self.index.options().exact_below
    }

    /// Components of a vector.
    #[wasm_bindgen(getter)]
    pub fn dimensions(&self) -> u32 {
        self.index.options().dimensions
    }

    /// The number of the metric.
    #[wasm_bindgen(getter)]
    pub fn metric(&self) -> u8 {
        self.index.options().metric.number()
    }

    /// Live vectors.
    #[wasm_bindgen(getter)]
    pub fn size(&self) -> u32 {
        self.index.len() as u32
    }

    /// The highest slot ever used, plus one.
    #[wasm_bindgen(getter, js_name = slotCount)]
    pub fn slot_count(&self) -> u32 {
        self.index.slot_count() as u32
    }

    /// Removed vectors that wait for compaction.
    #[wasm_bindgen(getter)]
    pub fn tombstones(&self) -> u32 {
        self.index.tombstones() as u32
    }

    /// Live vectors that wait for the graph.
    #[wasm_bindgen(getter)]
    pub fn pending(&self) -> u32 {
        self.index.pending() as u32
    }

    /// Bytes allocated by this index.
    #[wasm_bindgen(getter, js_name = memoryBytes)]
    pub fn memory_bytes(&self) -> f64 {
        self.index.memory_bytes() as f64
    }

    /// Distances computed since the index was created or opened.
    #[wasm_bindgen(getter)]
    pub fn evaluations(&self) -> f64 {
        self.index.evaluations() as f64
    }
}

/// A snapshot being opened, chunk by chunk.
#[wasm_bindgen]
pub struct WasmOpening(Opening);

#[wasm_bindgen]
impl WasmOpening {
    /// Begins with a manifest, on its own or before all chunks.
    #[wasm_bindgen(constructor)]
    pub fn new(manifest: &Uint8Array) -> core::result::Result<WasmOpening, Thrown> {
        Opening::read_manifest(&Bytes(manifest)).map(Self).map_err(thrown)
    }

    /// Reads the next chunk.
    pub fn put(&mut self, chunk: &Uint8Array) -> core::result::Result<(), Thrown> {
        self.0.put_from(&Bytes(chunk)).map_err(thrown)
    }

    /// Gives the index, when all chunks have been read.
    pub fn finish(self) -> core::result::Result<WasmIndex, Thrown> {
        self.0.finish().map(WasmIndex::around).map_err(thrown)
    }
}

/// The same bits as floats.
fn floats(words: &[u32]) -> &[f32] {
    // SAFETY: the same memory; both types have four bytes and the same alignment, and any bits
    // are a float.
    unsafe { core::slice::from_raw_parts(words.as_ptr().cast(), words.len()) }
}
