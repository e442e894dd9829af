/** The other worker in a browser: serves a mirror to the page that started it. */
import type { Port } from '../js/browser.ts';
import { loadEngine } from '../js/browser.ts';

const engine = await loadEngine(new URL('../wasm/akin_engine_bg.wasm', import.meta.url));
engine.serveMirror(self as unknown as Port);
