import type { SigningKey } from '@causeway/protocol'
import type { AminoParts } from '@causeway/protocol'
import type { Action } from '../block/module.ts'
import type { Lane } from '../block/lanes.ts'

/** A coin with its amount read. */
export interface FeeCoin {
  readonly denom: string
  readonly amount: bigint
}

/** What was signed, as far as the transaction alone tells. */
export type SignedForm =
  /** SIGN_MODE_DIRECT: the bytes themselves. */
  | { readonly kind: 'direct' }
  /** Text v1, as its bytes, and the sign mode in which the wallet signed it. */
  | { readonly kind: 'text'; readonly text: Uint8Array; readonly mode: number }
  /** SIGN_MODE_LEGACY_AMINO_JSON; the account number is the state's. */
  | { readonly kind: 'amino'; readonly parts: Omit<AminoParts, 'accountNumber' | 'chainId'> }

/** A transaction decoded and judged as far as possible without state. */
export interface Transaction {
  readonly bytes: Uint8Array
  /** `bytesKey` of them: by it a transaction is known, however often it was decoded. */
  readonly text: string
  readonly bodyBytes: Uint8Array
  readonly authInfoBytes: Uint8Array
  readonly actions: readonly Action[]
  readonly lane: Lane
  /** All messages are trade messages: `sequence` is a nonce, and a session key may sign. */
  readonly isTrade: boolean
  /** What a trade transaction takes from the token bucket when it pays no fee. */
  readonly tokens: number
  /** The one account that signs, pays and acts. */
  readonly signer: Uint8Array
  /** Absent when the account's first wallet has shown it before. */
  readonly key: SigningKey | undefined
  readonly signed: SignedForm
  /** Of a trade transaction its nonce, in milliseconds. */
  readonly sequence: bigint
  /** R ‖ S, of an EVM wallet R ‖ S ‖ V. */
  readonly signature: Uint8Array
  readonly gasLimit: number
  readonly fee: FeeCoin | undefined
  /** The last height that may include it; 0 when there is none. */
  readonly timeoutHeight: bigint
}
