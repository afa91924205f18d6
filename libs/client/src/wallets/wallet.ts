// What signs: a wallet of one of three kinds, or a session key. Every one of them speaks this interface.
import type { Any, SigningKey, TransactionParts } from '@causeway/protocol'

/** A transaction as it is to be signed: what every form of it is made of. */
export interface UnsignedTransaction extends TransactionParts {
  /** The account's number, which Cosmos's forms bind. */
  readonly accountNumber: bigint
}

/** A signature, with the key that made it and how. */
export interface Signed {
  readonly key: SigningKey
  /** One of `SIGN_MODE`; 0 for a session key's signature of a text. */
  readonly mode: number
  readonly signature: Uint8Array
}

/** Signs for an account. */
export interface Signer {
  readonly kind: 'evm' | 'cosmos' | 'solana' | 'session'
  /** Throws `client/40`, `client/45`. */
  sign(transaction: UnsignedTransaction): Promise<Signed>
  /** Signs a text that is no transaction: a link, a quote. Throws `client/40`, `client/45`. */
  signText(text: string): Promise<Signed>
}

/** A wallet: it can do everything for its account. */
export interface Wallet extends Signer {
  readonly kind: 'evm' | 'cosmos' | 'solana'
  /** The wallet's own address on the hub, `cway1…`; the account's, unless it was linked to another. */
  readonly address: string
  /** Its address where it comes from: `0x…`, `cosmos1…`, base58. */
  readonly nativeAddress: string
}

/** A message of a transaction, encoded. */
export type Message = Any
