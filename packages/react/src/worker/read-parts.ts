import type { BlobPart, StoredBytes } from '../storage/schema.ts';

/** Bytes read in one go, at most, and how many such reads are under way at once. */
const RUN_BYTES = 2 ** 23;
const AHEAD = 2;

/** Neighbours in one blob. */
interface Run extends BlobPart {
  readonly parts: readonly BlobPart[];
}

/**
 * Gives the bytes of each part, in order. While some are used the next are read: browsers read
 * ahead no further than they are asked to, and memory holds two reads instead of a whole snapshot.
 */
export async function* readParts(
  parts: readonly BlobPart[],
  blobOf: (number: number) => StoredBytes | undefined,
): AsyncGenerator<Uint8Array<ArrayBuffer> | undefined> {
  const runs = runsOf(parts);
  const reads = new Map<number, Promise<ArrayBuffer | undefined>>();
  const begin = (at: number) => {
    const run = runs[at];
    if (!run) return;
    const read = readRun(run, blobOf(run.blob));
    // Who reads this one may never come to it.
    read.catch(() => undefined);
    reads.set(at, read);
  };
  for (let at = 0; at < AHEAD; at++) begin(at);
  for (const [at, run] of runs.entries()) {
    const bytes = await reads.get(at);
    reads.delete(at);
    begin(at + AHEAD);
    for (const part of run.parts) {
      yield bytes && new Uint8Array(bytes, part.offset - run.offset, part.bytes);
    }
  }
}

async function readRun(run: Run, blob: StoredBytes | undefined): Promise<ArrayBuffer | undefined> {
  // An empty index has chunks without bytes, which are in no blob.
  if (run.bytes === 0) return new ArrayBuffer(0);
  const end = run.offset + run.bytes;
  if (!blob || blob.size < end) return undefined;
  try {
    return await blob.slice(run.offset, end).arrayBuffer();
  } catch {
    // The file behind it is gone or unreadable.
    return undefined;
  }
}

export function runsOf(parts: readonly BlobPart[]): Run[] {
  const runs: Run[] = [];
  let own: BlobPart[] = [];
  let offset = 0;
  let bytes = 0;
  const end = () => {
    const [first] = own;
    if (first) runs.push({ blob: first.blob, offset, bytes, parts: own });
    own = [];
    bytes = 0;
  };
  for (const part of parts) {
    const isNext =
      own[0]?.blob === part.blob &&
      part.offset === offset + bytes &&
      bytes + part.bytes <= RUN_BYTES;
    if (!isNext) {
      end();
      offset = part.offset;
    }
    own.push(part);
    bytes += part.bytes;
  }
  end();
  return runs;
}
