import { le64, sha256Concat } from '@causeway/primitives'
import { errors } from '../errors.ts'
import { KEY_BYTES } from '../addresses.ts'
import { LATTICE_HASH_BYTES } from '../lattice/lattice-hash.ts'

/** What a bank hash is made of. */
export interface BankFields {
  /** 32 bytes; of slot 0: zeros. */
  readonly parentBankHash: Uint8Array
  /** Signatures of all transactions of the block: votes and failed ones too, precompiles' not. */
  readonly signatureCount: bigint
  /** Hash of the slot's last entry, 32 bytes; of slot 0: the genesis hash. */
  readonly lastBlockhash: Uint8Array
  /** 2,048 bytes. */
  readonly accountsLtHash: Uint8Array
}

/** A restart of the cluster by its validators; `count` restarts at that slot. */
export interface HardFork {
  readonly slot: bigint
  readonly count: bigint
}

/** Where a bank stands. */
export interface BankPosition {
  readonly slot: bigint
  readonly parentSlot: bigint
}

/**
 * The hash of a bank. Throws `solana/41` for fields of wrong sizes. Spec: agave `runtime/src/bank.rs`
 * `hash_internal_state`, `HardForks::get_hash_data`.
 */
export function bankHash(
  fields: BankFields,
  position: BankPosition,
  hardForks: readonly HardFork[],
): Uint8Array {
  const { parentBankHash, signatureCount, lastBlockhash, accountsLtHash } = fields
  if (parentBankHash.length !== KEY_BYTES || lastBlockhash.length !== KEY_BYTES)
    throw errors.badOpening({ reason: 'a hash of another length' })
  if (accountsLtHash.length !== LATTICE_HASH_BYTES)
    throw errors.badOpening({ reason: `a sum of ${accountsLtHash.length} bytes` })
  const opening = sha256Concat(parentBankHash, le64(signatureCount), lastBlockhash)
  const hash = sha256Concat(opening, accountsLtHash)
  const restarts = restartsAt(position, hardForks)
  return restarts === 0n ? hash : sha256Concat(hash, le64(restarts))
}

/** Restarts that lie between a bank and its parent. */
function restartsAt({ slot, parentSlot }: BankPosition, hardForks: readonly HardFork[]): bigint {
  return hardForks.reduce(
    (sum, fork) => (parentSlot < fork.slot && fork.slot <= slot ? sum + fork.count : sum),
    0n,
  )
}
