import { VectorIndexError } from '../../core/errors.ts';
import { toUnitLength } from '../worker-kit/unit-length.ts';
import { TryFailure, answerFailure, statusFailure } from './failure.ts';

/** The vectors of an answer, in the order of the texts, of unit length. Everything is checked. */
export async function parseEmbeddings(
  response: Response,
  count: number,
  dimensions: number,
): Promise<Float32Array<ArrayBuffer>[]> {
  if (!response.ok) {
    // The body may quote the request: it is thrown away unread.
    await response.body?.cancel();
    throw statusFailure(response);
  }
  const data = dataOf(await jsonOf(response));
  if (data?.length !== count) {
    throw answerFailure(
      `The embedding server answered ${data?.length ?? 0} vectors to ${count} texts.`,
    );
  }
  const vectors = new Array<Float32Array<ArrayBuffer> | undefined>(count);
  data.forEach((item, place) => {
    const { index = place, embedding } = item ?? {};
    if (
      typeof index !== 'number' ||
      !(index >= 0 && index < count && Number.isInteger(index)) ||
      vectors[index] !== undefined
    ) {
      throw answerFailure('The embedding server numbered its vectors in a way that fits no order.');
    }
    vectors[index] = vectorOf(embedding, dimensions);
  });
  return vectors as Float32Array<ArrayBuffer>[];
}

async function jsonOf(response: Response): Promise<unknown> {
  const text = await response.text();
  try {
    return JSON.parse(text);
  } catch {
    throw answerFailure('The embedding server answered something other than JSON.');
  }
}

type Item = { readonly index?: unknown; readonly embedding?: unknown } | null;

function dataOf(answer: unknown): readonly Item[] | undefined {
  if (typeof answer !== 'object' || answer === null || !('data' in answer)) return undefined;
  return Array.isArray(answer.data) ? (answer.data as Item[]) : undefined;
}

function vectorOf(embedding: unknown, dimensions: number): Float32Array<ArrayBuffer> {
  if (!Array.isArray(embedding)) {
    throw answerFailure('The embedding server answered something other than vectors of numbers.');
  }
  if (embedding.length !== dimensions) {
    throw new TryFailure(
      new VectorIndexError(
        'dimension-mismatch',
        `The model gave ${embedding.length} dimensions where ${dimensions} were announced.`,
        "Set the embedder's dimensions to those of its model.",
      ),
      false,
    );
  }
  const vector = new Float32Array(dimensions);
  for (let i = 0; i < dimensions; i++) {
    const value: unknown = embedding[i];
    if (typeof value !== 'number' || !Number.isFinite(Math.fround(value))) {
      throw answerFailure('The embedding server answered a vector that is not made of numbers.');
    }
    vector[i] = value;
  }
  return toUnitLength(vector);
}
