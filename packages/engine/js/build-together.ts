/** The owner's side of a build on two workers. */
import type { WasmIndex } from '../wasm/akin_engine.js';
import { allocate } from './allocate.ts';
import { expectInteger, expectOptions } from './arguments.ts';
import { EngineError } from './engine-error.ts';
import { MirrorLink } from './mirror-link.ts';
import type { Port } from './port.ts';
import { metrics } from './metrics.ts';
import type { BuildTogetherOptions, BuildTogetherResult } from './types.ts';

type Call = <Result>(operation: (wasm: WasmIndex) => Result) => Result;

/** What `workOnRound` says. */
const [OWN, ANSWER, DONE] = [0, 1, 2];

const DEFAULT_WORK = 20_000;
const DEFAULT_TIMEOUT_MS = 10_000;

/** Builds the graph, with the help of a mirror at the other end of the port while there is one. */
export async function buildTogether(
  call: Call,
  port: Port,
  options: BuildTogetherOptions,
): Promise<BuildTogetherResult> {
  expectOptions(options, 'The options of a build');
  const { signal, onProgress } = options;
  const most = Number.MAX_SAFE_INTEGER;
  const maxWork = expectInteger(options.maxWork, 'maxWork', 1, most, DEFAULT_WORK);
  const timeoutMs = expectInteger(
    options.timeoutMs,
    'timeoutMs',
    1,
    2 ** 31 - 1,
    DEFAULT_TIMEOUT_MS,
  );
  const pause = pauses();
  let link: MirrorLink | undefined;
  let rounds = 0;

  /** After a slice: lets messages overtake, and looks whether all this is still wanted. */
  const between = async () => {
    onProgress?.(call((wasm) => wasm.pending));
    await pause.wait();
    expectWanted(signal);
  };
  const onAbort = () => link?.wake();

  /** One round, and whether there was one. */
  const round = async (mirror: MirrorLink): Promise<boolean> => {
    let stage = OWN;
    while (stage === OWN) {
      for (let bytes; (bytes = call((wasm) => wasm.prepareMessage())) > 0;) {
        const changes = allocate(bytes, Uint8Array);
        call((wasm) => wasm.writeMessage(changes));
        mirror.send(changes);
        await between();
      }
      stage = call((wasm) => wasm.workOnRound(undefined, maxWork));
      await between();
    }
    if (stage !== ANSWER) return false;
    const answer = await mirror.answer();
    expectWanted(signal);
    if (!answer) return false;
    // What was added meanwhile is placed first.
    while (call((wasm) => wasm.workOnRound(answer, maxWork)) !== DONE) await between();
    rounds++;
    await between();
    return true;
  };

  try {
    expectWanted(signal);
    signal?.addEventListener('abort', onAbort);
    const known = call((wasm) => ({
      dimensions: wasm.dimensions,
      metric: metrics[wasm.metric]!,
      m: wasm.m,
      efConstruction: wasm.efConstruction,
      seed: wasm.seed,
    }));
    // It starts while the first nodes are linked without it.
    link = new MirrorLink(port, known, timeoutMs);
    while (!call((wasm) => wasm.buildForMirror(maxWork))) await between();
    if (await link.ready()) {
      call((wasm) => wasm.attachMirror());
      try {
        while (await round(link));
      } catch (error) {
        // What a mirror says may be wrong. All else ends the build.
        if (!(error instanceof EngineError) || error.code !== 'mirror-lost') throw error;
        link.lost = error;
      }
    }
    expectWanted(signal);
    call((wasm) => wasm.detachMirror());
    while (!call((wasm) => wasm.buildStep(maxWork))) await between();
    onProgress?.(call((wasm) => wasm.pending));
    return { rounds, lost: link.lost };
  } finally {
    signal?.removeEventListener('abort', onAbort);
    link?.close();
    pause.end();
    detach(call);
  }
}

/** Gives back what followed the changes. An index that was freed meanwhile has done so. */
function detach(call: Call): void {
  try {
    call((wasm) => wasm.detachMirror());
  } catch (error) {
    if (!(error instanceof EngineError) || error.code !== 'closed') throw error;
  }
}

function expectWanted(signal: AbortSignal | undefined): void {
  if (!signal?.aborted) return;
  throw new EngineError(
    'aborted',
    'The build was aborted. What is pending is found all the same; build on when it suits.',
    { cause: signal.reason },
  );
}

/**
 * Waits for messages that have come to be handled. A timer would wait for four milliseconds, as
 * long as a slice takes.
 */
function pauses(): { wait: () => Promise<void>; end: () => void } {
  const { port1, port2 } = new MessageChannel();
  let resume = () => {};
  port1.onmessage = () => resume();
  return {
    wait: () =>
      new Promise((resolve) => {
        resume = resolve;
        port2.postMessage(undefined);
      }),
    end: () => port1.close(),
  };
}
