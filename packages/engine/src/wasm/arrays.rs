//! The arrays of JavaScript that come in and go out. They are declared here, not taken from js-sys:
//! of that crate's closures 4 kB would stay in the module, whom nobody calls.

use std::mem::MaybeUninit;

use wasm_bindgen::prelude::wasm_bindgen;

use crate::error::{Error, Result};
use crate::snapshot::{Sink, Source};

#[wasm_bindgen]
extern "C" {
    /// Components of vectors.
    pub type Float32Array;

    /// Its length.
    #[wasm_bindgen(method, getter)]
    pub fn length(this: &Float32Array) -> u32;

    #[wasm_bindgen(method)]
    fn subarray(this: &Float32Array, begin: u32, end: u32) -> Float32Array;

    #[wasm_bindgen(js_namespace = ["Float32Array", "prototype", "set"], js_name = call)]
    fn set_floats(target: &mut [f32], source: &Float32Array);

    /// Room for slots.
    pub type Uint32Array;

    /// Overwrites what begins at `offset`.
    #[wasm_bindgen(method)]
    pub fn set(this: &Uint32Array, source: &[u32], offset: u32);

    /// Bytes of snapshots and messages.
    pub type Uint8Array;

    /// Its length.
    #[wasm_bindgen(method, getter)]
    pub fn length(this: &Uint8Array) -> u32;

    #[wasm_bindgen(method)]
    fn subarray(this: &Uint8Array, begin: u32, end: u32) -> Uint8Array;

    #[wasm_bindgen(method)]
    fn set(this: &Uint8Array, source: &[u8], offset: u32);

    #[wasm_bindgen(js_namespace = ["Uint8Array", "prototype", "set"], js_name = call)]
    fn set_bytes(target: &mut [u8], source: &Uint8Array);
}

/// Copies the part of an array from `start` on that a buffer has room for.
pub fn load(from: &Float32Array, start: usize, to: &mut [f32]) {
    let end = start + to.len();
    set_floats(to, &from.subarray(start as u32, end as u32));
}

/// An array as one end of a snapshot.
pub struct Bytes<'a>(pub &'a Uint8Array);

impl Sink for Bytes<'_> {
    fn write(&mut self, offset: usize, bytes: &[u8]) {
        self.0.set(bytes, offset as u32);
    }
}

impl Source for Bytes<'_> {
    fn len(&self) -> usize {
        self.0.length() as usize
    }

    fn read<'a>(&self, offset: usize, target: &'a mut [MaybeUninit<u8>]) -> Result<&'a mut [u8]> {
        let end = offset.checked_add(target.len()).filter(|&end| end <= self.len());
        let end = end.ok_or(Error::Corrupt { reason: "cut short" })?;
        let bytes = self.0.subarray(offset as u32, end as u32);
        // A detached or resized array would be shorter than it said.
        if bytes.length() as usize != target.len() {
            return Err(Error::Corrupt { reason: "cut short" });
        }
        // SAFETY: the same memory, of which every byte is written before it is read.
        let target = unsafe { &mut *(target as *mut [MaybeUninit<u8>] as *mut [u8]) };
        set_bytes(target, &bytes);
        Ok(target)
    }
}
