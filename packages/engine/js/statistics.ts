import type { WasmIndex } from '../wasm/akin_engine.js';
import type { Instance } from './instance.ts';
import type { Statistics } from './types.ts';

const LEVELS = 16;

/** Reads what the module counts. */
export function readStatistics(instance: Instance, wasm: WasmIndex): Statistics {
  const address = wasm.statistics();
  if (address === 0) wasm.throw();
  const at = address / 4;
  const counts = [...instance.words.subarray(at, at + LEVELS)];
  const [links = 0, entry = 0, records = 0, upperLinks = 0, bitmaps = 0, scratch = 0] =
    instance.words.subarray(at + LEVELS, at + LEVELS + 6);
  const levels = counts.filter((count) => count > 0);
  const [nodes = 0] = levels;
  return {
    size: wasm.size,
    slotCount: wasm.slotCount,
    pending: wasm.pending,
    tombstones: wasm.tombstones,
    levels,
    entryLevel: entry === 0 ? undefined : entry - 1,
    meanLinks: nodes === 0 ? 0 : links / nodes,
    m: wasm.m,
    efConstruction: wasm.efConstruction,
    efSearch: wasm.efSearch,
    exactBelow: wasm.exactBelow,
    memoryBytes: wasm.memoryBytes,
    memory: {
      recordsBytes: records,
      upperLinksBytes: upperLinks,
      bitmapsBytes: bitmaps,
      scratchBytes: scratch,
    },
  };
}
