/** Where a slot's vector came from. */
export interface SlotEntry {
  readonly namespace: string;
  readonly id: string;
  readonly pack: number;
  readonly row: number;
}

interface Namespace {
  readonly slots: Map<string, number>;
  /** One bit a slot: what a search of this namespace may find. */
  bits: Uint32Array;
}

/**
 * Which slot holds which document. A search is given the bits of its namespace, so that it
 * cannot see another's documents, whatever goes wrong elsewhere.
 */
export interface SlotMap {
  readonly size: number;
  entry(slot: number): SlotEntry | undefined;
  find(namespace: string, id: string): number | undefined;
  set(slot: number, entry: SlotEntry): void;
  delete(slot: number): void;
  count(namespace: string): number;
  bits(namespace: string): Uint32Array;
}

const NO_BITS = new Uint32Array(1);

export function createSlotMap(): SlotMap {
  const entries: (SlotEntry | undefined)[] = [];
  const namespaces = new Map<string, Namespace>();
  let size = 0;

  const named = (name: string): Namespace => {
    let found = namespaces.get(name);
    if (!found) namespaces.set(name, (found = { slots: new Map(), bits: new Uint32Array(64) }));
    return found;
  };

  return {
    get size() {
      return size;
    },
    entry: (slot) => entries[slot],
    find: (namespace, id) => namespaces.get(namespace)?.slots.get(id),
    set(slot, entry) {
      const { slots } = named(entry.namespace);
      entries[slot] = entry;
      slots.set(entry.id, slot);
      setBit(named(entry.namespace), slot);
      size++;
    },
    delete(slot) {
      const entry = entries[slot];
      const namespace = entry && namespaces.get(entry.namespace);
      if (!namespace) return;
      entries[slot] = undefined;
      size--;
      const word = slot >>> 5;
      namespace.bits[word] = (namespace.bits[word] ?? 0) & ~(1 << (slot & 31));
      // A replacement may have taken the name already.
      if (namespace.slots.get(entry.id) === slot) namespace.slots.delete(entry.id);
      if (namespace.slots.size === 0) namespaces.delete(entry.namespace);
    },
    count: (namespace) => namespaces.get(namespace)?.slots.size ?? 0,
    bits: (namespace) => namespaces.get(namespace)?.bits ?? NO_BITS,
  };
}

function setBit(namespace: Namespace, slot: number): void {
  const word = slot >>> 5;
  if (word >= namespace.bits.length) {
    const larger = new Uint32Array(Math.max(word + 1, namespace.bits.length * 2));
    larger.set(namespace.bits);
    namespace.bits = larger;
  }
  namespace.bits[word] = (namespace.bits[word] ?? 0) | (1 << (slot & 31));
}
