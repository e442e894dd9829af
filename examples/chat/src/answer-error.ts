export type AnswerErrorCode = 'unreachable' | 'unauthorized' | 'http' | 'bad-answer' | 'aborted';

/** Why there is no answer, and what to do. */
export class AnswerError extends Error {
  override readonly name = 'AnswerError';
  readonly code: AnswerErrorCode;
  readonly what: string;
  readonly hint: string;

  constructor(code: AnswerErrorCode, what: string, hint: string, cause?: unknown) {
    super(`${what} ${hint}`, { cause });
    this.code = code;
    this.what = what;
    this.hint = hint;
  }
}

export function errorOfStatus(status: number): AnswerError {
  if (status === 401 || status === 403) {
    return new AnswerError(
      'unauthorized',
      `The model's server refused the key (${status}).`,
      'Check the key under “Model”.',
    );
  }
  return new AnswerError(
    'http',
    `The model's server answered with an error (${status}).`,
    status >= 500 || status === 429
      ? 'Try again in a moment.'
      : 'Check the address and the model under “Model”.',
  );
}
