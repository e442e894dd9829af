/** The mirror's side of a build on two workers. */
import { WasmMirror } from '../wasm/akin_engine.js';
import { expectArray, expectInteger, expectOptions } from './arguments.ts';
import type { Instance } from './instance.ts';
import type { ToMirror, ToOwner } from './mirror-messages.ts';
import type { Port } from './port.ts';
import { messageOf } from './mirror-messages.ts';
import { metrics } from './metrics.ts';

/**
 * Serves one owner after the other, until the worker ends or what is returned is called. What fails
 * is told to the owner, which then goes on alone.
 */
export function serveMirror(instance: Instance, port: Port): () => void {
  let mirror: WasmMirror | undefined;
  let build: number | undefined;

  const say = (message: ToOwner, transfer: Transferable[] = []) => {
    port.postMessage(message, transfer);
  };
  const end = () => {
    const ended = mirror;
    [mirror, build] = [undefined, undefined];
    if (ended) instance.run(() => ended.free());
  };

  const obey = (message: ToMirror) => {
    if (message.akinMirror === 'begin') {
      if (message.build === build) return;
      end();
      mirror = instance.run(() => create(message.options));
      build = message.build;
      say({ akinMirror: 'ready', build });
    } else if (message.build !== build || !mirror) {
      // Of a build that has failed or ended.
    } else if (message.akinMirror === 'end') {
      end();
    } else {
      const current = mirror;
      const changes = expectArray(message.changes, 'Uint8Array', 'What changed');
      const linked = instance.run(() => (current.take(changes) ? current.link() : undefined));
      if (!linked) return;
      const rows = linked as Uint8Array<ArrayBuffer>;
      say({ akinMirror: 'linked', build: message.build, rows }, [rows.buffer]);
    }
  };

  const listener = (event: Event) => {
    const message = messageOf<ToMirror>(event);
    if (!message) return;
    try {
      obey(message);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      say({ akinMirror: 'failed', build: message.build, reason });
      end();
    }
  };
  port.addEventListener('message', listener);
  port.start?.();
  // What was said to a worker that was still loading is lost: the owner shall say it again.
  say({ akinMirror: 'listening' });
  return () => {
    port.removeEventListener('message', listener);
    end();
  };
}

function create(options: unknown): WasmMirror {
  expectOptions(options, 'What the owner says of its index');
  const { dimensions, metric, m, efConstruction, seed } = options as Record<string, unknown>;
  return new WasmMirror(
    expectInteger(dimensions, 'dimensions', 1, 4096),
    Math.max(0, metrics.indexOf(metric as (typeof metrics)[number])),
    expectInteger(m, 'm', 2, 64),
    expectInteger(efConstruction, 'efConstruction', 1, 4096),
    expectInteger(seed, 'seed', 0, Number.MAX_SAFE_INTEGER),
  );
}
