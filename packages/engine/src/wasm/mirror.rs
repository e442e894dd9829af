//! Both sides of a build on two workers. Messages stay in JavaScript's memory and are copied
//! through small buffers.

use wasm_bindgen::prelude::wasm_bindgen;

use super::arrays::{Bytes, Uint8Array};
use super::{Thrown, WasmIndex, thrown};
use crate::distance::Metric;
use crate::mirror::{Mirror, Stage};
use crate::options::Options;
use crate::snapshot::Source;

#[wasm_bindgen]
impl WasmIndex {
    /// Works on the graph until a mirror can help; says whether one can, or the graph is complete.
    #[wasm_bindgen(js_name = buildForMirror)]
    pub fn build_for_mirror(&mut self, max_work: f64) -> core::result::Result<bool, Thrown> {
        self.index.build_for_mirror(max_work as u64).map_err(thrown)
    }

    /// Begins to follow changes for a mirror.
    #[wasm_bindgen(js_name = attachMirror)]
    pub fn attach_mirror(&mut self) -> core::result::Result<(), Thrown> {
        self.index.attach_mirror().map_err(thrown)
    }

    /// Forgets the mirror.
    #[wasm_bindgen(js_name = detachMirror)]
    pub fn detach_mirror(&mut self) {
        self.index.detach_mirror();
    }

    /// Bytes of the next message to the mirror, 0 without one.
    #[wasm_bindgen(js_name = prepareMessage)]
    pub fn prepare_message(&mut self) -> core::result::Result<f64, Thrown> {
        self.index.prepare_message().map(|bytes| bytes as f64).map_err(thrown)
    }

    /// Writes that message into an array of its length.
    #[wasm_bindgen(js_name = writeMessage)]
    pub fn write_message(&mut self, target: &Uint8Array) -> core::result::Result<(), Thrown> {
        self.index.write_prepared(&mut Bytes(target)).map_err(thrown)
    }

    /// Works on the round, or prepares the next. Gives 0 while there is more to do without the answer,
    /// 1 where it is next, 2 when the round has ended.
    #[wasm_bindgen(js_name = workOnRound)]
    pub fn work_on_round(
        &mut self,
        answer: Option<Uint8Array>,
        max_work: f64,
    ) -> core::result::Result<u32, Thrown> {
        let bytes = answer.as_ref().map(Bytes);
        let source = bytes.as_ref().map(|bytes| bytes as &dyn Source);
        match self.index.work_from(source, max_work as u64).map_err(thrown)? {
            Stage::Own => Ok(0),
            Stage::Answer => Ok(1),
            Stage::Done => Ok(2),
        }
    }

    /// What decides the levels, as exactly as a float can say.
    #[wasm_bindgen(getter)]
    pub fn seed(&self) -> f64 {
        self.index.options().seed as f64
    }
}

/// A mirror of an index of another worker.
#[wasm_bindgen]
pub struct WasmMirror(Mirror);

#[wasm_bindgen]
impl WasmMirror {
    /// A mirror that knows nothing yet.
    #[wasm_bindgen(constructor)]
    pub fn new(
        dimensions: u32,
        metric: u8,
        m: u32,
        ef_construction: u32,
        seed: f64,
    ) -> core::result::Result<WasmMirror, Thrown> {
        let metric = Metric::from_number(metric).unwrap_or_default();
        let seed = seed as u64;
        let options = Options { metric, m, ef_construction, seed, ..Options::new(dimensions) };
        Mirror::new(options).map(Self).map_err(thrown)
    }

    /// Takes a message of the owner; says whether it asks for links.
    pub fn take(&mut self, message: &Uint8Array) -> core::result::Result<bool, Thrown> {
        self.0.read_changes(&Bytes(message)).map_err(thrown)
    }

    /// Makes the links that it asks for, and gives the rows that this changed.
    pub fn link(&mut self) -> core::result::Result<Vec<u8>, Thrown> {
        self.0.link().map_err(thrown)
    }
}
