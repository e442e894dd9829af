import type { Metadata } from '../core/index.ts';

/** Who said something in a conversation. */
export type ChatRole = 'user' | 'assistant' | 'system' | 'tool';

/** One message of a conversation. */
export interface ChatTurn {
  /** Chosen by the app. Remembering an id again replaces the turn. */
  readonly id: string;
  readonly role: ChatRole;
  readonly text: string;
  /** Milliseconds since the epoch. Default: now. */
  readonly createdAt?: number | undefined;
}

/** How a turn is stored: the metadata of its document. */
export interface TurnMetadata extends Metadata {
  readonly threadId: string;
  readonly role: ChatRole;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
}

/** A turn as memory holds it. */
export interface MemoryItem {
  readonly id: string;
  /** The conversation that it is from. */
  readonly threadId: string;
  readonly role: ChatRole;
  readonly text: string;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
}

/** A turn that a question brought back. */
export interface RecalledItem extends MemoryItem {
  /** Similarity to the question; for the default metric −1 to 1. */
  readonly score: number;
}

/** What a recall may bring back. */
export interface RecallOptions {
  /** How many turns at most. Default 5. */
  readonly k?: number | undefined;
  /** Leaves out turns that score lower. Default 0.25, a weak resemblance for the default model. */
  readonly minScore?: number | undefined;
  /** Turns that must not come back: the question itself, what the model sees anyway. */
  readonly exclude?: readonly string[] | undefined;
  /** Rejects with `aborted`. */
  readonly signal?: AbortSignal | undefined;
}

/** Whose memory, and of which conversation. */
export interface ChatMemoryOptions {
  /** Whose memory it is: a user, a workspace. Memories of other namespaces are never recalled. */
  readonly namespace: string;
  /** The conversation that is remembered from. Recall sees the whole namespace. */
  readonly threadId: string;
}

/** What was forgotten, for as long as it may be wanted back. */
export interface ForgetReceipt {
  /** How many turns were removed. Their rows are gone when the receipt arrives. */
  readonly removed: number;
  /**
   * Remembers them again, from this object alone; without calling it nothing comes back. Rejects with
   * `invalid-input` after `{ all: true }`.
   */
  undo(): Promise<void>;
}

/** What to forget: a turn, several, or everything in the namespace. */
export type ForgetTarget =
  | { readonly id: string }
  | { readonly ids: readonly string[] }
  /** Everything in the namespace. Cannot be undone. */
  | { readonly all: true };

/** Stored messages of one person or workspace, found by meaning. Rejects as its index does. */
export interface ChatMemory {
  readonly namespace: string;
  readonly threadId: string;
  /** Resolves when the turns are stored. Blank turns are left out. */
  remember(turns: ChatTurn | readonly ChatTurn[]): Promise<readonly MemoryItem[]>;
  /**
   * The turns closest in meaning to a text, best first; what a person stated stands before
   * questions and replies that are about as close. Turns that say the very same as the text are
   * left out: they are the question, asked before.
   */
  recall(query: string, options?: RecallOptions): Promise<readonly RecalledItem[]>;
  /** Removes turns at once. What `undo` needs is in the receipt and nowhere else. */
  forget(target: ForgetTarget): Promise<ForgetReceipt>;
  /** How many turns the namespace holds. */
  count(): Promise<number>;
}
