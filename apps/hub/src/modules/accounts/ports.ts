import type { Context } from '../../block/context.ts'
import type { VerifySignatures } from '../../tx/signatures.ts'

/** What linking a wallet needs of other modules. */
export interface LinkPorts {
  readonly verifySignatures: VerifySignatures
  /**
   * What an account has that can't be moved to this other one: a position, an order, a debt, a stake; the
   * first that is found, in words. Nothing for one that only holds balances.
   */
  whatIsInUse(context: Context, account: Uint8Array, to: Uint8Array): string | undefined
  /**
   * Ends what an account has set for itself, as what it lets others do, and moves all balances, each to the
   * subaccount of the same number.
   */
  moveAll(context: Context, from: Uint8Array, to: Uint8Array): void
}
