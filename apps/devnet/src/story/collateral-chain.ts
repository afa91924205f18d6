import type { BridgedToken } from '../chains/facts.ts'
import type { TransferEnd } from './carry.ts'
import type { SentTransfer } from './trader.ts'

/** A token that the trader moves into the margin account, and partly out again. */
export interface Collateral {
  /** As it is called where it comes from. */
  readonly name: string
  readonly bridged: BridgedToken
  /** Base units that go in. */
  readonly deposit: bigint
  /** Base units that come out again. */
  readonly withdrawal: bigint
}

/** A chain that collateral comes from, with the trader on it. */
export interface CollateralChain {
  readonly end: TransferEnd
  /** The part of the devnet whose log says more. */
  readonly part: string
  /** The trader there. */
  readonly address: string
  readonly collaterals: readonly Collateral[]
  /** Base units that the trader holds there. */
  balance(collateral: Collateral): Promise<bigint>
  /** Sends a deposit to an account of the hub. Throws when the chain refuses it. */
  deposit(collateral: Collateral, receiver: string): Promise<SentTransfer>
  close(): void
}
