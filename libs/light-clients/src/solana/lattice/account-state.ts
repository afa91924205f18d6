import { le64 } from '@causeway/primitives'

/** What an account is, as far as the bank hash commits to it. `rent_epoch` is not part of it. */
export interface AccountState {
  /** Never zero: an account without lamports does not exist. */
  readonly lamports: bigint
  readonly data: Uint8Array
  readonly isExecutable: boolean
  /** The program that owns it, 32 bytes. */
  readonly owner: Uint8Array
}

/** The largest account that Solana allows. */
export const ACCOUNT_DATA_BYTES_MAX = 10 * 1024 * 1024
/** Bytes of a preimage beside the account's data. */
export const PREIMAGE_OVERHEAD_BYTES = 8 + 1 + 32 + 32

/** What is hashed for an account: lamports ‖ data ‖ executable ‖ owner ‖ pubkey. Spec: SIMD-0215. */
export function accountPreimage(pubkey: Uint8Array, account: AccountState): Uint8Array {
  const { lamports, data, isExecutable, owner } = account
  const preimage = new Uint8Array(PREIMAGE_OVERHEAD_BYTES + data.length)
  preimage.set(le64(lamports))
  preimage.set(data, 8)
  preimage[8 + data.length] = isExecutable ? 1 : 0
  preimage.set(owner, 9 + data.length)
  preimage.set(pubkey, 41 + data.length)
  return preimage
}
