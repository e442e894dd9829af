/** The versions of tools that are not npm dependencies of a package, in one place. */

/** What writes the JavaScript glue; the crate `wasm-bindgen` must have the very same version. */
export const wasmBindgenVersion = '0.2.130';

/** What drives the build of the WebAssembly module. */
export const wasmPackVersion = '0.15.1';

/** The target of the build. */
export const wasmTarget = 'wasm32-unknown-unknown';
