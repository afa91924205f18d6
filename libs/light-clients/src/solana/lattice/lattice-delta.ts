import { compareBytes, equalBytes, U64_MAX } from '@causeway/primitives'
import { KEY_BYTES } from '../addresses.ts'
import { errors } from '../errors.ts'
import { ACCOUNT_DATA_BYTES_MAX, accountPreimage } from './account-state.ts'
import type { AccountState } from './account-state.ts'
import { LatticeSum } from './lattice-hash.ts'
import type { LatticeXof } from './lattice-hash.ts'

/** What a slot did to one account, all its writes taken together. Absent: it did not exist. */
export interface AccountWrite {
  /** 32 bytes. */
  readonly pubkey: Uint8Array
  readonly before: AccountState | undefined
  readonly after: AccountState | undefined
}

/**
 * Sum of a slot's accounts, given its parent's sum and every account that the slot changed. Throws
 * `solana/40` for what is no such list: accounts ascend (so each is there once), differ between before and
 * after, and one that exists has lamports. That nothing is missing or made up only the bank hash says.
 */
export function applyWrites(
  parentSum: Uint8Array,
  writes: readonly AccountWrite[],
  xof: LatticeXof,
): Uint8Array {
  requireWrites(writes)
  const sum = new LatticeSum(parentSum)
  for (const { pubkey, before, after } of writes) {
    if (before) sum.subtract(xof(accountPreimage(pubkey, before)))
    if (after) sum.add(xof(accountPreimage(pubkey, after)))
  }
  return sum.toBytes()
}

/** Throws `solana/40` unless the list can be what a slot did. */
export function requireWrites(writes: readonly AccountWrite[]): void {
  let previous: Uint8Array | undefined
  for (const [index, { pubkey, before, after }] of writes.entries()) {
    const refuse = (reason: string) => errors.badAccount({ index, reason })
    if (pubkey.length !== KEY_BYTES) throw refuse('its address is none')
    if (previous && compareBytes(previous, pubkey) >= 0) throw refuse('accounts must ascend')
    for (const state of [before, after]) {
      const fault = state && faultOf(state)
      if (fault !== undefined) throw refuse(fault)
    }
    if (isUnchanged(before, after)) throw refuse('it did not change')
    previous = pubkey
  }
}

function faultOf({ lamports, data, owner }: AccountState): string | undefined {
  if (lamports <= 0n || lamports > U64_MAX) return 'an account that exists has lamports'
  if (data.length > ACCOUNT_DATA_BYTES_MAX) return `${data.length} bytes of data`
  return owner.length === KEY_BYTES ? undefined : 'its owner is none'
}

function isUnchanged(before: AccountState | undefined, after: AccountState | undefined): boolean {
  if (!before || !after) return before === after
  return (
    before.lamports === after.lamports &&
    before.isExecutable === after.isExecutable &&
    equalBytes(before.owner, after.owner) &&
    equalBytes(before.data, after.data)
  )
}
