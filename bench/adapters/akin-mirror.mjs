/** The second worker of a build on two. */
/* global self */
import { loadEngine } from '../../packages/engine/dist/browser.js';

const engine = await loadEngine();
engine.serveMirror(self);
