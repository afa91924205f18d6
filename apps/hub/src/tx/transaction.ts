import type { Action } from '../block/module.ts'
import type { Lane } from '../block/lanes.ts'

/** A coin with its amount read. */
export interface FeeCoin {
  readonly denom: string
  readonly amount: bigint
}

/** A transaction decoded and judged as far as possible without state. */
export interface Transaction {
  readonly bytes: Uint8Array
  readonly bodyBytes: Uint8Array
  readonly authInfoBytes: Uint8Array
  readonly actions: readonly Action[]
  readonly lane: Lane
  /** The one account that signs, pays and acts. */
  readonly signer: Uint8Array
  /** Compressed secp256k1; absent when the account has shown it before. */
  readonly publicKey: Uint8Array | undefined
  readonly sequence: bigint
  /** R ‖ S. */
  readonly signature: Uint8Array
  readonly gasLimit: number
  readonly fee: FeeCoin | undefined
  /** The last height that may include it; 0 when there is none. */
  readonly timeoutHeight: bigint
}
