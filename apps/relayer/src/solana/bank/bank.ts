import type { AccountWrite, BankFields } from '@causeway/light-clients'

/** A frozen bank whose hash was computed from what the stream told. */
export interface Bank {
  readonly slot: bigint
  readonly parentSlot: bigint
  readonly epoch: bigint
  /** The Clock sysvar's time, Unix seconds. */
  readonly timeSeconds: bigint
  readonly bankHash: Uint8Array
  /** What the hash is made of. */
  readonly fields: BankFields
  /** Opens the parent's hash; absent of the first bank after a snapshot, which can't be proven. */
  readonly parent: Opening | undefined
  /** Every account that the slot changed, ascending by address. */
  readonly writes: readonly AccountWrite[]
}

/** What opens a bank hash. */
export interface Opening {
  readonly fields: BankFields
  readonly parentSlot: bigint
}

/** The bank that others stand on; of a snapshot nothing is known but accounts and their sum. */
export interface ParentBank {
  readonly slot: bigint
  readonly accountsLtHash: Uint8Array
  readonly bankHash: Uint8Array | undefined
  readonly opening: Opening | undefined
}

/** A bank as its children see it. */
export function asParent({ slot, parentSlot, bankHash, fields }: Bank): ParentBank {
  return { slot, accountsLtHash: fields.accountsLtHash, bankHash, opening: { fields, parentSlot } }
}
