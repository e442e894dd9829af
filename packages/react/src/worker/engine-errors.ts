import { EngineError } from '@akin/engine/slim';
import type { EngineErrorCode } from '@akin/engine/slim';
import { VectorIndexError, isVectorIndexError } from '../core/errors.ts';
import type { VectorIndexErrorCode } from '../core/errors.ts';

/**
 * An engine's error with its own code, or `null` for what the engine never throws on purpose: a
 * trap, after which its memory cannot be trusted.
 */
export function engineError(error: unknown): VectorIndexError | null {
  if (isVectorIndexError(error)) return error;
  // The engine says `closed` once it has failed inside, and of an index that is freed.
  if (!(error instanceof EngineError) || error.code === 'closed') return null;
  const { what, hint } = splitMessage(error.message);
  return new VectorIndexError(codeOf(error.code), what, hint, error.cause);
}

function codeOf(code: Exclude<EngineErrorCode, 'closed'>): VectorIndexErrorCode {
  // Only who saves a snapshot meets `outdated`, and begins anew.
  if (code === 'outdated') return 'aborted';
  return code === 'mirror-lost' ? 'worker-lost' : code;
}

/** The engine writes one sentence on what happened and then what to do. */
function splitMessage(message: string): { what: string; hint: string } {
  const [what = message, ...hint] = message.split(/(?<=\.) /);
  return { what, hint: hint.join(' ') };
}
