/** Where a slot's vector came from. */
export interface SlotEntry {
  readonly namespace: string;
  readonly id: string;
  readonly pack: number;
  readonly row: number;
}
