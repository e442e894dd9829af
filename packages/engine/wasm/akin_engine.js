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
    add(vectors, slots) {
        const ret = wasm.wasmindex_add(this.__wbg_ptr, vectors, slots);
        if (ret[1]) {
            throw takeFromExternrefTable0(ret[0]);
        }
    }
    attachMirror() {
        const ret = wasm.wasmindex_attachMirror(this.__wbg_ptr);
        if (ret[1]) {
            throw takeFromExternrefTable0(ret[0]);
        }
    }
    buildForMirror(max_work) {
        const ret = wasm.wasmindex_buildForMirror(this.__wbg_ptr, max_work);
        if (ret[2]) {
            throw takeFromExternrefTable0(ret[1]);
        }
        return ret[0] !== 0;
    }
    buildStep(max_work) {
        const ret = wasm.wasmindex_buildStep(this.__wbg_ptr, max_work);
        if (ret[2]) {
            throw takeFromExternrefTable0(ret[1]);
        }
        return ret[0] !== 0;
    }
    static checkManifest(bytes) {
        const ret = wasm.wasmindex_checkManifest(bytes);
        if (ret[1]) {
            throw takeFromExternrefTable0(ret[0]);
        }
    }
    compact(max_work) {
        const ret = wasm.wasmindex_compact(this.__wbg_ptr, max_work);
        if (ret[2]) {
            throw takeFromExternrefTable0(ret[1]);
        }
        return ret[0] !== 0;
    }
    detachMirror() {
        wasm.wasmindex_detachMirror(this.__wbg_ptr);
    }
    get dimensions() {
        const ret = wasm.wasmindex_dimensions(this.__wbg_ptr);
        return ret >>> 0;
    }
    get efConstruction() {
        const ret = wasm.wasmindex_efConstruction(this.__wbg_ptr);
        return ret >>> 0;
    }
    get efSearch() {
        const ret = wasm.wasmindex_efSearch(this.__wbg_ptr);
        return ret >>> 0;
    }
    get evaluations() {
        const ret = wasm.wasmindex_evaluations(this.__wbg_ptr);
        return ret;
    }
    get exactBelow() {
        const ret = wasm.wasmindex_exactBelow(this.__wbg_ptr);
        return ret >>> 0;
    }
    get m() {
        const ret = wasm.wasmindex_m(this.__wbg_ptr);
        return ret >>> 0;
    }
    manifest() {
        const ret = wasm.wasmindex_manifest(this.__wbg_ptr);
        if (ret[3]) {
            throw takeFromExternrefTable0(ret[2]);
        }
        var v1 = getArrayU8FromWasm0(ret[0], ret[1]).slice();
        wasm.__wbindgen_free(ret[0], ret[1] * 1, 1);
        return v1;
    }
    get memoryBytes() {
        const ret = wasm.wasmindex_memoryBytes(this.__wbg_ptr);
        return ret;
    }
    get metric() {
        const ret = wasm.wasmindex_metric(this.__wbg_ptr);
        return ret;
    }
    get mirrored() {
        const ret = wasm.wasmindex_mirrored(this.__wbg_ptr);
        return ret !== 0;
    }
    constructor(dimensions, metric, m, ef_construction, ef_search, exact_below, seed, capacity) {
        const ret = wasm.wasmindex_new(dimensions, metric, m, ef_construction, ef_search, exact_below, seed, capacity);
        if (ret[2]) {
            throw takeFromExternrefTable0(ret[1]);
        }
        this.__wbg_ptr = ret[0];
        WasmIndexFinalization.register(this, this.__wbg_ptr, this);
        return this;
    }
    get pending() {
        const ret = wasm.wasmindex_pending(this.__wbg_ptr);
        return ret >>> 0;
    }
    prepareMessage() {
        const ret = wasm.wasmindex_prepareMessage(this.__wbg_ptr);
        if (ret[2]) {
            throw takeFromExternrefTable0(ret[1]);
        }
        return ret[0];
    }
    readChunk(kind, number, checksum, target) {
        const ret = wasm.wasmindex_readChunk(this.__wbg_ptr, kind, number, checksum, target);
        if (ret[1]) {
            throw takeFromExternrefTable0(ret[0]);
        }
    }
    remove(slots) {
        const ptr0 = passArray32ToWasm0(slots, wasm.__wbindgen_malloc);
        const len0 = WASM_VECTOR_LEN;
        const ret = wasm.wasmindex_remove(this.__wbg_ptr, ptr0, len0);
        return ret >>> 0;
    }
    room(words) {
        const ret = wasm.wasmindex_room(this.__wbg_ptr, words);
        return ret >>> 0;
    }
    search(rows, k, ef, exact, filter_words, min_score, diversity, fetch_k) {
        const ret = wasm.wasmindex_search(this.__wbg_ptr, rows, k, ef, exact, filter_words, min_score, diversity, fetch_k);
        return ret >>> 0;
    }
    get seed() {
        const ret = wasm.wasmindex_seed(this.__wbg_ptr);
        return ret;
    }
    get size() {
        const ret = wasm.wasmindex_size(this.__wbg_ptr);
        return ret >>> 0;
    }
    get slotCount() {
        const ret = wasm.wasmindex_slotCount(this.__wbg_ptr);
        return ret >>> 0;
    }
    statistics() {
        const ret = wasm.wasmindex_statistics(this.__wbg_ptr);
        return ret >>> 0;
    }
    throw() {
        const ret = wasm.wasmindex_throw(this.__wbg_ptr);
        if (ret[1]) {
            throw takeFromExternrefTable0(ret[0]);
        }
    }
    get tombstones() {
        const ret = wasm.wasmindex_tombstones(this.__wbg_ptr);
        return ret >>> 0;
    }
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
    workOnRound(answer, max_work) {
        const val1 = +max_work;
        const ret = wasm.wasmindex_workOnRound(this.__wbg_ptr, isLikeNone(answer) ? 0 : addToExternrefTable0(answer), val1);
        if (ret[2]) {
            throw takeFromExternrefTable0(ret[1]);
        }
        return ret[0] >>> 0;
    }
    writeMessage(target) {
        const ret = wasm.wasmindex_writeMessage(this.__wbg_ptr, target);
        if (ret[1]) {
            throw takeFromExternrefTable0(ret[0]);
        }
    }
}
if (Symbol.dispose)
    WasmIndex.prototype[Symbol.dispose] = WasmIndex.prototype.free;
export class WasmMirror {
    __destroy_into_raw() {
        const ptr = this.__wbg_ptr;
        this.__wbg_ptr = 0;
        WasmMirrorFinalization.unregister(this);
        return ptr;
    }
    free() {
        const ptr = this.__destroy_into_raw();
        wasm.__wbg_wasmmirror_free(ptr, 0);
    }
    link() {
        const ret = wasm.wasmmirror_link(this.__wbg_ptr);
        if (ret[3]) {
            throw takeFromExternrefTable0(ret[2]);
        }
        var v1 = getArrayU8FromWasm0(ret[0], ret[1]).slice();
        wasm.__wbindgen_free(ret[0], ret[1] * 1, 1);
        return v1;
    }
    constructor(dimensions, metric, m, ef_construction, seed) {
        const ret = wasm.wasmmirror_new(dimensions, metric, m, ef_construction, seed);
        if (ret[2]) {
            throw takeFromExternrefTable0(ret[1]);
        }
        this.__wbg_ptr = ret[0];
        WasmMirrorFinalization.register(this, this.__wbg_ptr, this);
        return this;
    }
    take(message) {
        const ret = wasm.wasmmirror_take(this.__wbg_ptr, message);
        if (ret[2]) {
            throw takeFromExternrefTable0(ret[1]);
        }
        return ret[0] !== 0;
    }
}
if (Symbol.dispose)
    WasmMirror.prototype[Symbol.dispose] = WasmMirror.prototype.free;
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
    finish() {
        const ptr = this.__destroy_into_raw();
        const ret = wasm.wasmopening_finish(ptr);
        if (ret[2]) {
            throw takeFromExternrefTable0(ret[1]);
        }
        return WasmIndex.__wrap(ret[0]);
    }
    constructor(manifest) {
        const ret = wasm.wasmopening_new(manifest);
        if (ret[2]) {
            throw takeFromExternrefTable0(ret[1]);
        }
        this.__wbg_ptr = ret[0];
        WasmOpeningFinalization.register(this, this.__wbg_ptr, this);
        return this;
    }
    put(chunk) {
        const ret = wasm.wasmopening_put(this.__wbg_ptr, chunk);
        if (ret[1]) {
            throw takeFromExternrefTable0(ret[0]);
        }
    }
}
if (Symbol.dispose)
    WasmOpening.prototype[Symbol.dispose] = WasmOpening.prototype.free;
function __wbg_get_imports() {
    const import0 = {
        __proto__: null,
        __wbg___wbindgen_throw_4c88d8bf264fd984: function (arg0, arg1) {
            throw new Error(getStringFromWasm0(arg0, arg1));
        },
        __wbg_call_1b004e49489fcc95: function (arg0, arg1, arg2) {
            Float32Array.prototype.set.call(getArrayF32FromWasm0(arg0, arg1), arg2);
        },
        __wbg_call_2df40b152c998f4b: function (arg0, arg1, arg2) {
            Uint8Array.prototype.set.call(getArrayU8FromWasm0(arg0, arg1), arg2);
        },
        __wbg_length_22605d9160ea27e9: function (arg0) {
            const ret = arg0.length;
            return ret;
        },
        __wbg_length_7a057c4a4c48cddd: function (arg0) {
            const ret = arg0.length;
            return ret;
        },
        __wbg_set_8629f3f19765b992: function (arg0, arg1, arg2, arg3) {
            arg0.set(getArrayU8FromWasm0(arg1, arg2), arg3 >>> 0);
        },
        __wbg_set_bec1b266bfc7f686: function (arg0, arg1, arg2, arg3) {
            arg0.set(getArrayU32FromWasm0(arg1, arg2), arg3 >>> 0);
        },
        __wbg_subarray_4c7b85aa22dcaaa1: function (arg0, arg1, arg2) {
            const ret = arg0.subarray(arg1 >>> 0, arg2 >>> 0);
            return ret;
        },
        __wbg_subarray_9f7dca7404a1ef96: function (arg0, arg1, arg2) {
            const ret = arg0.subarray(arg1 >>> 0, arg2 >>> 0);
            return ret;
        },
        __wbindgen_generic_0000000000000001: function (arg0, arg1) {
            const ret = getStringFromWasm0(arg0, arg1);
            return ret;
        },
        __wbindgen_init_externref_table: function () {
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
    ? { register: () => { }, unregister: () => { } }
    : new FinalizationRegistry(ptr => wasm.__wbg_wasmindex_free(ptr, 1));
const WasmMirrorFinalization = (typeof FinalizationRegistry === 'undefined')
    ? { register: () => { }, unregister: () => { } }
    : new FinalizationRegistry(ptr => wasm.__wbg_wasmmirror_free(ptr, 1));
const WasmOpeningFinalization = (typeof FinalizationRegistry === 'undefined')
    ? { register: () => { }, unregister: () => { } }
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
            }
            catch (e) {
                const validResponse = expectedResponseType(module.type);
                if (validResponse && module.headers.get('Content-Type') !== 'application/wasm') {
                    console.warn("`WebAssembly.instantiateStreaming` failed because your server does not serve Wasm with `application/wasm` MIME type. Falling back to `WebAssembly.instantiate` which is slower. Original error:\n", e);
                }
                else {
                    throw e;
                }
            }
        }
        const bytes = await module.arrayBuffer();
        return await WebAssembly.instantiate(bytes, imports);
    }
    else {
        const instance = await WebAssembly.instantiate(module, imports);
        if (instance instanceof WebAssembly.Instance) {
            return { instance, module };
        }
        else {
            return instance;
        }
    }
    function expectedResponseType(type) {
        switch (type) {
            case 'basic':
            case 'cors':
            case 'default': return true;
        }
        return false;
    }
}
function initSync(module) {
    if (wasm !== undefined)
        return wasm;
    if (module !== undefined) {
        if (Object.getPrototypeOf(module) === Object.prototype) {
            ({ module } = module);
        }
        else {
            console.warn('using deprecated parameters for `initSync()`; pass a single object instead');
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
    if (wasm !== undefined)
        return wasm;
    if (__wbg_init_promise === undefined) {
        __wbg_init_promise = __wbg_init_once(module_or_path);
        __wbg_init_promise.catch(() => { __wbg_init_promise = undefined; });
    }
    return __wbg_init_promise;
}
async function __wbg_init_once(module_or_path) {
    if (module_or_path !== undefined) {
        if (Object.getPrototypeOf(module_or_path) === Object.prototype) {
            ({ module_or_path } = module_or_path);
        }
        else {
            console.warn('using deprecated parameters for the initialization function; pass a single object instead');
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
