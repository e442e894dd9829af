/* @ts-self-types="./akin_engine.d.ts" */

/**
 * An index, and the buffers between it and JavaScript.
 */
export class WasmIndex {
    static __wrap(ptr) {
        const obj = Object.create(WasmIndex.prototype);
        obj.__wbg_ptr = ptr;
        WasmIndexFinalization.register(obj, obj.__wbg_ptr, obj);
        return obj;
    }
    __destroy_into_raw() {
        const ptr = this.__wbg_ptr;
        this.__wbg_ptr = 0;
        WasmIndexFinalization.unregister(this);
        return ptr;
    }
    free() {
        const ptr = this.__destroy_into_raw();
        wasm.__wbg_wasmindex_free(ptr, 0);
    }
    /**
     * Adds vectors and stores their slots in `slots`, which has one place for each.
     * @param {Float32Array} vectors
     * @param {Uint32Array} slots
     */
    add(vectors, slots) {
        const ret = wasm.wasmindex_add(this.__wbg_ptr, vectors, slots);
        if (ret[1]) {
            throw takeFromExternrefTable0(ret[0]);
        }
    }
    /**
     * Works on the graph; says whether it is complete. Work is counted in distances, and beyond
     * 2^53 taken as without bound.
     * @param {number} max_work
     * @returns {boolean}
     */
    buildStep(max_work) {
        const ret = wasm.wasmindex_buildStep(this.__wbg_ptr, max_work);
        if (ret[2]) {
            throw takeFromExternrefTable0(ret[1]);
        }
        return ret[0] !== 0;
    }
    /**
     * Fails where bytes do not begin with an intact manifest.
     * @param {Uint8Array} bytes
     */
    static checkManifest(bytes) {
        const ret = wasm.wasmindex_checkManifest(bytes);
        if (ret[1]) {
            throw takeFromExternrefTable0(ret[0]);
        }
    }
    /**
     * Takes tombstones out of the graph; says whether it is done.
     * @param {number} max_work
     * @returns {boolean}
     */
    compact(max_work) {
        const ret = wasm.wasmindex_compact(this.__wbg_ptr, max_work);
        if (ret[2]) {
            throw takeFromExternrefTable0(ret[1]);
        }
        return ret[0] !== 0;
    }
    /**
     * Components of a vector.
     * @returns {number}
     */
    get dimensions() {
        const ret = wasm.wasmindex_dimensions(this.__wbg_ptr);
        return ret >>> 0;
    }
    /**
     * Distances computed since the index was created or opened.
     * @returns {number}
     */
    get evaluations() {
        const ret = wasm.wasmindex_evaluations(this.__wbg_ptr);
        return ret;
    }
    /**
     * The manifest of a snapshot of this moment.
     * @returns {Uint8Array}
     */
    manifest() {
        const ret = wasm.wasmindex_manifest(this.__wbg_ptr);
        if (ret[3]) {
            throw takeFromExternrefTable0(ret[2]);
        }
        var v1 = getArrayU8FromWasm0(ret[0], ret[1]).slice();
        wasm.__wbindgen_free(ret[0], ret[1] * 1, 1);
        return v1;
    }
    /**
     * Bytes allocated by this index.
     * @returns {number}
     */
    get memoryBytes() {
        const ret = wasm.wasmindex_memoryBytes(this.__wbg_ptr);
        return ret;
    }
    /**
     * The number of the metric.
     * @returns {number}
     */
    get metric() {
        const ret = wasm.wasmindex_metric(this.__wbg_ptr);
        return ret;
    }
    /**
     * Creates an empty index.
     * @param {number} dimensions
     * @param {number} metric
     * @param {number} m
     * @param {number} ef_construction
     * @param {number} ef_search
     * @param {number} exact_below
     * @param {bigint} seed
     * @param {number} capacity
     */
    constructor(dimensions, metric, m, ef_construction, ef_search, exact_below, seed, capacity) {
        const ret = wasm.wasmindex_new(dimensions, metric, m, ef_construction, ef_search, exact_below, seed, capacity);
        if (ret[2]) {
            throw takeFromExternrefTable0(ret[1]);
        }
        this.__wbg_ptr = ret[0];
        WasmIndexFinalization.register(this, this.__wbg_ptr, this);
        return this;
    }
    /**
     * Opens a snapshot.
     * @param {Uint8Array} snapshot
     * @returns {WasmIndex}
     */
    static open(snapshot) {
        const ret = wasm.wasmindex_open(snapshot);
        if (ret[2]) {
            throw takeFromExternrefTable0(ret[1]);
        }
        return WasmIndex.__wrap(ret[0]);
    }
    /**
     * Live vectors that wait for the graph.
     * @returns {number}
     */
    get pending() {
        const ret = wasm.wasmindex_pending(this.__wbg_ptr);
        return ret >>> 0;
    }
    /**
     * Writes a chunk, which a manifest names so, into an array of its length.
     * @param {number} kind
     * @param {number} number
     * @param {bigint} checksum
     * @param {Uint8Array} target
     */
    readChunk(kind, number, checksum, target) {
        const ret = wasm.wasmindex_readChunk(this.__wbg_ptr, kind, number, checksum, target);
        if (ret[1]) {
            throw takeFromExternrefTable0(ret[0]);
        }
    }
    /**
     * Removes vectors; says how many there were.
     * @param {Uint32Array | number[]} slots
     * @returns {number}
     */
    remove(slots) {
        const ptr0 = passArray32ToWasm0(slots, wasm.__wbindgen_malloc);
        const len0 = WASM_VECTOR_LEN;
        const ret = wasm.wasmindex_remove(this.__wbg_ptr, ptr0, len0);
        return ret >>> 0;
    }
    /**
     * Searches; gives the slots, then the bits of their scores. A length of 0 for `ef` stands
     * for the index's own.
     * @param {Float32Array | number[]} query
     * @param {number} k
     * @param {number} ef
     * @param {boolean} exact
     * @param {Uint32Array | null} [filter]
     * @returns {Uint32Array}
     */
    search(query, k, ef, exact, filter) {
        const val2 = +k;
        const val3 = +ef;
        const val4 = +exact;
        const ptr0 = passArrayF32ToWasm0(query, wasm.__wbindgen_malloc);
        const len0 = WASM_VECTOR_LEN;
        const ret = wasm.wasmindex_search(this.__wbg_ptr, ptr0, len0, val2, val3, val4, isLikeNone(filter) ? 0 : addToExternrefTable0(filter));
        if (ret[3]) {
            throw takeFromExternrefTable0(ret[2]);
        }
        var v5 = getArrayU32FromWasm0(ret[0], ret[1]).slice();
        wasm.__wbindgen_free(ret[0], ret[1] * 4, 4);
        return v5;
    }
    /**
     * Live vectors.
     * @returns {number}
     */
    get size() {
        const ret = wasm.wasmindex_size(this.__wbg_ptr);
        return ret >>> 0;
    }
    /**
     * The highest slot ever used, plus one.
     * @returns {number}
     */
    get slotCount() {
        const ret = wasm.wasmindex_slotCount(this.__wbg_ptr);
        return ret >>> 0;
    }
    /**
     * How many bytes a snapshot takes now.
     * @returns {number}
     */
    snapshotBytes() {
        const ret = wasm.wasmindex_snapshotBytes(this.__wbg_ptr);
        if (ret[2]) {
            throw takeFromExternrefTable0(ret[1]);
        }
        return ret[0];
    }
    /**
     * Removed vectors that wait for compaction.
     * @returns {number}
     */
    get tombstones() {
        const ret = wasm.wasmindex_tombstones(this.__wbg_ptr);
        return ret >>> 0;
    }
    /**
     * The stored vector of a slot, if it holds one.
     * @param {number} slot
     * @returns {Float32Array | undefined}
     */
    vector(slot) {
        const ret = wasm.wasmindex_vector(this.__wbg_ptr, slot);
        if (ret[3]) {
            throw takeFromExternrefTable0(ret[2]);
        }
        let v1;
        if (ret[0] !== 0) {
            v1 = getArrayF32FromWasm0(ret[0], ret[1]).slice();
            wasm.__wbindgen_free(ret[0], ret[1] * 4, 4);
        }
        return v1;
    }
    /**
     * Writes a snapshot into an array of that many bytes.
     * @param {Uint8Array} target
     */
    writeSnapshot(target) {
        const ret = wasm.wasmindex_writeSnapshot(this.__wbg_ptr, target);
        if (ret[1]) {
            throw takeFromExternrefTable0(ret[0]);
        }
    }
}
if (Symbol.dispose) WasmIndex.prototype[Symbol.dispose] = WasmIndex.prototype.free;

/**
 * A snapshot being opened, chunk by chunk.
 */
export class WasmOpening {
    __destroy_into_raw() {
        const ptr = this.__wbg_ptr;
        this.__wbg_ptr = 0;
        WasmOpeningFinalization.unregister(this);
        return ptr;
    }
    free() {
        const ptr = this.__destroy_into_raw();
        wasm.__wbg_wasmopening_free(ptr, 0);
    }
    /**
     * Gives the index, when all chunks have been read.
     * @returns {WasmIndex}
     */
    finish() {
        const ptr = this.__destroy_into_raw();
        const ret = wasm.wasmopening_finish(ptr);
        if (ret[2]) {
            throw takeFromExternrefTable0(ret[1]);
        }
        return WasmIndex.__wrap(ret[0]);
    }
    /**
     * Begins with a manifest.
     * @param {Uint8Array} manifest
     */
    constructor(manifest) {
        const ret = wasm.wasmopening_new(manifest);
        if (ret[2]) {
            throw takeFromExternrefTable0(ret[1]);
        }
        this.__wbg_ptr = ret[0];
        WasmOpeningFinalization.register(this, this.__wbg_ptr, this);
        return this;
    }
    /**
     * Reads the next chunk.
     * @param {Uint8Array} chunk
     */
    put(chunk) {
        const ret = wasm.wasmopening_put(this.__wbg_ptr, chunk);
        if (ret[1]) {
            throw takeFromExternrefTable0(ret[0]);
        }
    }
}
if (Symbol.dispose) WasmOpening.prototype[Symbol.dispose] = WasmOpening.prototype.free;
function __wbg_get_imports() {
    const import0 = {
        __proto__: null,
        __wbg___wbindgen_throw_4c88d8bf264fd984: function(arg0, arg1) {
            throw new Error(getStringFromWasm0(arg0, arg1));
        },
        __wbg_length_186163212ffe79c3: function(arg0) {
            const ret = arg0.length;
            return ret;
        },
        __wbg_length_6e9d2869242cabf3: function(arg0) {
            const ret = arg0.length;
            return ret;
        },
        __wbg_length_c702d06d28b96b72: function(arg0) {
            const ret = arg0.length;
            return ret;
        },
        __wbg_prototypesetcall_13162965d1fe7aa3: function(arg0, arg1, arg2) {
            Uint8Array.prototype.set.call(getArrayU8FromWasm0(arg0, arg1), arg2);
        },
        __wbg_prototypesetcall_22b1bb88c4ec5c5a: function(arg0, arg1, arg2) {
            Float32Array.prototype.set.call(getArrayF32FromWasm0(arg0, arg1), arg2);
        },
        __wbg_prototypesetcall_4aea6470234c8414: function(arg0, arg1, arg2) {
            Uint32Array.prototype.set.call(getArrayU32FromWasm0(arg0, arg1), arg2);
        },
        __wbg_set_8e5ba6e4c8c3625e: function(arg0, arg1, arg2) {
            arg0.set(getArrayU32FromWasm0(arg1, arg2));
        },
        __wbg_set_feb3714f475485ba: function(arg0, arg1, arg2) {
            arg0.set(getArrayU8FromWasm0(arg1, arg2));
        },
        __wbg_subarray_06f4deea7e13f965: function(arg0, arg1, arg2) {
            const ret = arg0.subarray(arg1 >>> 0, arg2 >>> 0);
            return ret;
        },
        __wbg_subarray_58f388a9247ac0bb: function(arg0, arg1, arg2) {
            const ret = arg0.subarray(arg1 >>> 0, arg2 >>> 0);
            return ret;
        },
        __wbg_subarray_7343a34544ab34ea: function(arg0, arg1, arg2) {
            const ret = arg0.subarray(arg1 >>> 0, arg2 >>> 0);
            return ret;
        },
        __wbindgen_generic_0000000000000001: function(arg0, arg1) {
            // Cast intrinsic for `Ref(String) -> Externref`.
            const ret = getStringFromWasm0(arg0, arg1);
            return ret;
        },
        __wbindgen_init_externref_table: function() {
            const table = wasm.__wbindgen_externrefs;
            table.set(0, undefined);
            table.set(1024, undefined);
            table.set(1025, null);
            table.set(1026, true);
            table.set(1027, false);
        },
    };
    return {
        __proto__: null,
        "./akin_engine_bg.js": import0,
    };
}

const WasmIndexFinalization = (typeof FinalizationRegistry === 'undefined')
    ? { register: () => {}, unregister: () => {} }
    : new FinalizationRegistry(ptr => wasm.__wbg_wasmindex_free(ptr, 1));
const WasmOpeningFinalization = (typeof FinalizationRegistry === 'undefined')
    ? { register: () => {}, unregister: () => {} }
    : new FinalizationRegistry(ptr => wasm.__wbg_wasmopening_free(ptr, 1));

function addToExternrefTable0(obj) {
    const idx = wasm.__externref_table_alloc();
    wasm.__wbindgen_externrefs.set(idx, obj);
    return idx;
}

function getArrayF32FromWasm0(ptr, len) {
    ptr = ptr >>> 0;
    return getFloat32ArrayMemory0().subarray(ptr / 4, ptr / 4 + len);
}

function getArrayU32FromWasm0(ptr, len) {
    ptr = ptr >>> 0;
    return getUint32ArrayMemory0().subarray(ptr / 4, ptr / 4 + len);
}

function getArrayU8FromWasm0(ptr, len) {
    ptr = ptr >>> 0;
    return getUint8ArrayMemory0().subarray(ptr / 1, ptr / 1 + len);
}

let cachedFloat32ArrayMemory0 = null;
function getFloat32ArrayMemory0() {
    if (cachedFloat32ArrayMemory0 === null || cachedFloat32ArrayMemory0.byteLength === 0) {
        cachedFloat32ArrayMemory0 = new Float32Array(wasm.memory.buffer);
    }
    return cachedFloat32ArrayMemory0;
}

function getStringFromWasm0(ptr, len) {
    ptr = ptr >>> 0;
    return decodeText(getUint8ArrayMemory0().subarray(ptr, ptr + len));
}

let cachedUint32ArrayMemory0 = null;
function getUint32ArrayMemory0() {
    if (cachedUint32ArrayMemory0 === null || cachedUint32ArrayMemory0.byteLength === 0) {
        cachedUint32ArrayMemory0 = new Uint32Array(wasm.memory.buffer);
    }
    return cachedUint32ArrayMemory0;
}

let cachedUint8ArrayMemory0 = null;
function getUint8ArrayMemory0() {
    if (cachedUint8ArrayMemory0 === null || cachedUint8ArrayMemory0.byteLength === 0) {
        cachedUint8ArrayMemory0 = new Uint8Array(wasm.memory.buffer);
    }
    return cachedUint8ArrayMemory0;
}

function isLikeNone(x) {
    return x === undefined || x === null;
}

function passArray32ToWasm0(arg, malloc) {
    const ptr = malloc(arg.length * 4, 4) >>> 0;
    getUint32ArrayMemory0().set(arg, ptr / 4);
    WASM_VECTOR_LEN = arg.length;
    return ptr;
}

function passArrayF32ToWasm0(arg, malloc) {
    const ptr = malloc(arg.length * 4, 4) >>> 0;
    getFloat32ArrayMemory0().set(arg, ptr / 4);
    WASM_VECTOR_LEN = arg.length;
    return ptr;
}

function takeFromExternrefTable0(idx) {
    const value = wasm.__wbindgen_externrefs.get(idx);
    wasm.__externref_table_dealloc(idx);
    return value;
}

let cachedTextDecoder = new TextDecoder('utf-8', { ignoreBOM: true });
cachedTextDecoder.decode();
const MAX_SAFARI_DECODE_BYTES = 2146435072;
let numBytesDecoded = 0;
function decodeText(bytes) {
    numBytesDecoded += bytes.length;
    if (numBytesDecoded >= MAX_SAFARI_DECODE_BYTES) {
        cachedTextDecoder = new TextDecoder('utf-8', { ignoreBOM: true });
        cachedTextDecoder.decode();
        numBytesDecoded = bytes.length;
    }
    return cachedTextDecoder.decode(bytes);
}

let WASM_VECTOR_LEN = 0;

let wasmModule, wasmInstance, wasm;
function __wbg_finalize_init(instance, module) {
    wasmInstance = instance;
    wasm = instance.exports;
    wasmModule = module;
    cachedFloat32ArrayMemory0 = null;
    cachedUint32ArrayMemory0 = null;
    cachedUint8ArrayMemory0 = null;
    wasm.__wbindgen_start();
    return wasm;
}

async function __wbg_load(module, imports) {
    if (typeof Response === 'function' && module instanceof Response) {
        if (!module.ok) {
            throw new Error(`failed to fetch Wasm: ${module.status} ${module.statusText} fetching '${module.url}'`);
        }

        if (typeof WebAssembly.instantiateStreaming === 'function') {
            try {
                return await WebAssembly.instantiateStreaming(module, imports);
            } catch (e) {
                const validResponse = expectedResponseType(module.type);

                if (validResponse && module.headers.get('Content-Type') !== 'application/wasm') {
                    console.warn("`WebAssembly.instantiateStreaming` failed because your server does not serve Wasm with `application/wasm` MIME type. Falling back to `WebAssembly.instantiate` which is slower. Original error:\n", e);

                } else { throw e; }
            }
        }

        const bytes = await module.arrayBuffer();
        return await WebAssembly.instantiate(bytes, imports);
    } else {
        const instance = await WebAssembly.instantiate(module, imports);

        if (instance instanceof WebAssembly.Instance) {
            return { instance, module };
        } else {
            return instance;
        }
    }

    function expectedResponseType(type) {
        switch (type) {
            case 'basic': case 'cors': case 'default': return true;
        }
        return false;
    }
}

function initSync(module) {
    if (wasm !== undefined) return wasm;


    if (module !== undefined) {
        if (Object.getPrototypeOf(module) === Object.prototype) {
            ({module} = module)
        } else {
            console.warn('using deprecated parameters for `initSync()`; pass a single object instead')
        }
    }

    const imports = __wbg_get_imports();
    if (!(module instanceof WebAssembly.Module)) {
        module = new WebAssembly.Module(module);
    }
    const instance = new WebAssembly.Instance(module, imports);
    return __wbg_finalize_init(instance, module);
}

let __wbg_init_promise;
async function __wbg_init(module_or_path) {
    if (wasm !== undefined) return wasm;
    if (__wbg_init_promise === undefined) {
        __wbg_init_promise = __wbg_init_once(module_or_path);
        __wbg_init_promise.catch(() => { __wbg_init_promise = undefined; });
    }
    return __wbg_init_promise;
}

async function __wbg_init_once(module_or_path) {

    if (module_or_path !== undefined) {
        if (Object.getPrototypeOf(module_or_path) === Object.prototype) {
            ({module_or_path} = module_or_path)
        } else {
            console.warn('using deprecated parameters for the initialization function; pass a single object instead')
        }
    }


    const imports = __wbg_get_imports();

    if (typeof module_or_path === 'string' || (typeof Request === 'function' && module_or_path instanceof Request) || (typeof URL === 'function' && module_or_path instanceof URL)) {
        module_or_path = fetch(module_or_path);
    }

    const { instance, module } = await __wbg_load(await module_or_path, imports);

    return __wbg_finalize_init(instance, module);
}

export { initSync, __wbg_init as default };
