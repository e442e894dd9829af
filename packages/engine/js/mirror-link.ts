/** The owner's end of a connection to a mirror, which may be lost at any time. */
import { expectArray } from './arguments.ts';
import { EngineError } from './engine-error.ts';
import type { MirrorOptions, ToMirror, ToOwner } from './mirror-messages.ts';
import type { Port } from './port.ts';
import { messageOf } from './mirror-messages.ts';

type Answer = Exclude<ToOwner, { akinMirror: 'failed' | 'listening' }>;

/** Events that say that no answer will come. `close` and `exit` are those of Node. */
const endings = ['error', 'messageerror', 'close', 'exit'] as const;

let builds = 0;

/** A connection for one build. */
export class MirrorLink {
  /** Why the mirror cannot be asked any more. */
  lost: EngineError | undefined;
  readonly #port: Port;
  readonly #build = ++builds;
  readonly #timeoutMs: number;
  readonly #begin: ToMirror;
  readonly #answers: Answer[] = [];
  #wake: (() => void) | undefined;

  constructor(port: Port, options: MirrorOptions, timeoutMs: number) {
    this.#port = port;
    this.#timeoutMs = timeoutMs;
    port.addEventListener('message', this.#onMessage);
    for (const ending of endings) port.addEventListener(ending, this.#onEnding);
    port.start?.();
    this.#begin = { akinMirror: 'begin', build: this.#build, options };
    this.#say(this.#begin);
  }

  /** Sends what changed. Its bytes are gone from here then. */
  send(changes: Uint8Array<ArrayBuffer>): void {
    this.#say({ akinMirror: 'round', build: this.#build, changes }, [changes.buffer]);
  }

  /** Waits until the mirror has begun; `undefined` when it is lost. */
  async ready(): Promise<true | undefined> {
    return (await this.#next('ready')) && true;
  }

  /** The rows that it changed in this round; `undefined` when it is lost. */
  async answer(): Promise<Uint8Array | undefined> {
    const answer = await this.#next('linked');
    if (!answer || !('rows' in answer)) return undefined;
    try {
      return expectArray(answer.rows, 'Uint8Array', 'The answer of the mirror');
    } catch (error) {
      this.#lose(String(error));
      return undefined;
    }
  }

  /** Stops waiting, whoever waits. */
  wake(): void {
    this.#wake?.();
  }

  /** Ends the build at the other end, where there still is one. */
  close(): void {
    if (!this.lost) this.#say({ akinMirror: 'end', build: this.#build });
    this.#lose('The build has ended.');
    this.#port.removeEventListener('message', this.#onMessage);
    for (const ending of endings) this.#port.removeEventListener(ending, this.#onEnding);
  }

  async #next(kind: Answer['akinMirror']): Promise<Answer | undefined> {
    if (this.#answers.length === 0 && !this.lost) await this.#wait();
    if (this.lost) return undefined;
    const answer = this.#answers.shift();
    if (answer?.akinMirror === kind) return answer;
    if (answer) this.#lose('It said something else than it was asked.');
    return undefined;
  }

  #wait(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        this.#lose(`It has not answered for ${this.#timeoutMs} ms.`);
      }, this.#timeoutMs);
      this.#wake = () => {
        clearTimeout(timer);
        this.#wake = undefined;
        resolve();
      };
    });
  }

  #say(message: ToMirror, transfer: Transferable[] = []): void {
    if (this.lost) return;
    try {
      this.#port.postMessage(message, transfer);
    } catch (error) {
      this.#lose(`It cannot be told anything (${String(error)}).`);
    }
  }

  #lose(reason: string): void {
    this.lost ??= new EngineError(
      'mirror-lost',
      `The mirror was lost: ${reason} The graph was built without it; nothing is missing.`,
    );
    this.wake();
  }

  readonly #onMessage = (event: Event) => {
    const message = messageOf<ToOwner>(event);
    if (message?.akinMirror === 'listening') this.#say(this.#begin);
    if (!message || !('build' in message) || message.build !== this.#build) return;
    if (message.akinMirror === 'failed') {
      this.#lose(String(message.reason));
    } else {
      this.#answers.push(message);
      this.wake();
    }
  };

  readonly #onEnding = (event: Event) => {
    this.#lose(`Its port says "${event.type}".`);
  };
}
