/** Sizes in bytes of the files that the package ships: an honest total before the first byte. */
export const fileSizes = {
  model: 23_606_522,
  tokenizer: 466_247,
  wasm: 14_239_897,
} as const;

/** What the page tells the worker. */
export interface MinilmFiles {
  readonly model: FileSource;
  readonly tokenizer: FileSource;
  readonly wasm: FileSource;
}

export interface FileSource {
  readonly url: string;
  /** Known for the files of the package, not for those that an app puts in their place. */
  readonly bytes?: number | undefined;
}
