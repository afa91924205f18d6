import { equalBytes } from '@causeway/primitives'
import { errors } from '../errors.ts'
import { applyWrites } from '../lattice/lattice-delta.ts'
import type { AccountWrite } from '../lattice/lattice-delta.ts'
import type { LatticeXof } from '../lattice/lattice-hash.ts'
import { bankHash } from './bank-hash.ts'
import type { BankFields, HardFork } from './bank-hash.ts'
import { clocksIn } from './clock.ts'
import type { Clock } from './clock.ts'

/** Proves what a slot wrote, given its bank hash. */
export interface StateProof {
  /** Opens the parent's bank hash. */
  readonly parent: BankFields
  /** The parent's own parent; only a restart between the two makes a difference. */
  readonly grandparentSlot: bigint
  readonly signatureCount: bigint
  readonly lastBlockhash: Uint8Array
  /** Every account that the slot changed, ascending by address. */
  readonly writes: readonly AccountWrite[]
}

/**
 * Verifies that a slot with this bank hash wrote exactly these accounts; gives its Clock. Parent and slot are
 * bound by one equation: the parent's sum, less what was, plus what is, opens the slot's hash, and the
 * parent's hash stands in that opening. Throws `solana/40`–`/43`.
 */
export function verifyStateProof(
  proof: StateProof,
  voted: { slot: bigint; bankHash: Uint8Array },
  hardForks: readonly HardFork[],
  xof: LatticeXof,
): Clock {
  const { parent, grandparentSlot, signatureCount, lastBlockhash, writes } = proof
  const { before, after } = clocksIn(writes)
  if (after.slot !== voted.slot) throw errors.badClock({ reason: `it is of slot ${after.slot}` })
  if (grandparentSlot > before.slot || (grandparentSlot === before.slot && before.slot > 0n))
    throw errors.badOpening({ reason: 'a parent that is not older' })
  const parentPosition = { slot: before.slot, parentSlot: grandparentSlot }
  const parentBankHash = bankHash(parent, parentPosition, hardForks)
  const accountsLtHash = applyWrites(parent.accountsLtHash, writes, xof)
  const fields = { parentBankHash, signatureCount, lastBlockhash, accountsLtHash }
  const position = { slot: after.slot, parentSlot: before.slot }
  if (!equalBytes(bankHash(fields, position, hardForks), voted.bankHash)) throw errors.wrongBankHash()
  return after
}
