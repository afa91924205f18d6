// Insurance as the rest of the chain asks for it: what it has, what it pays, how bankrupt accounts end.
import { assert } from '@causeway/primitives'
import type { Context, ReadContext } from '../../block/context.ts'
import type { Holder } from '../../identifiers.ts'
import { availableE6, payOut, receive } from './funds.ts'
import { deficits, judgePause, pausedUntil, requireSolvent } from './pause.ts'
import type { Deficit } from './pause.ts'
import type { InsurancePorts } from './ports.ts'
import { chargeGroups } from './pure/charges.ts'
import type { GroupLoss } from './pure/charges.ts'
import { createQueues } from './queue.ts'
import type { Queues } from './queue.ts'
import { resolve } from './resolve.ts'

/** What other parts of the chain do with insurance. Amounts are micro-cash; reasons stand in events. */
export interface Insurance {
  /** Of all funds. */
  availableE6(context: ReadContext): bigint
  /**
   * By how much groups of markets are charged for an account as it stands: to be asked before its positions
   * go, and handed to `pay` and `receive` after.
   */
  shares(context: ReadContext, holder: Holder): readonly GroupLoss[]
  /** Pays an account out of its groups' funds, then the common one; gives how much of it there was. */
  pay(
    context: Context,
    holder: Holder,
    amountE6: bigint,
    reason: string,
    shares?: readonly GroupLoss[],
  ): bigint
  /** Takes in what an account pays, for its groups' funds. */
  receive(
    context: Context,
    from: Holder,
    amountE6: bigint,
    reason: string,
    shares?: readonly GroupLoss[],
  ): void
  /**
   * Ends an account that is worth less than nothing: afterwards it holds no position and owes nothing. False
   * where that can't be now: ask again in the next block.
   */
  resolve(context: Context, holder: Holder): boolean
  /** Whether redemption and transfers out wait. */
  isPaused(context: ReadContext): boolean
  /** Throws `insurance/1` while they do. */
  requireSolvent(context: ReadContext): void
  /** Live accounts that are worth less than nothing, ascending by holder. */
  deficits(context: ReadContext): readonly Deficit[]
  readonly queues: Queues
  beginBlock(context: Context): void
}

/** Makes insurance over its ports. */
export function createInsurance(ports: InsurancePorts): Insurance {
  const queues = createQueues(ports)
  const shares = (context: ReadContext, holder: Holder) => ports.risk.groups(context, holder)
  // Once a step: auctions have set marks since the block began, and nobody shall end below zero at them
  const refreshed = new WeakSet<ReadContext>()
  const end = (context: Context, holder: Holder) => {
    if (!refreshed.has(context)) ports.risk.refresh(context)
    refreshed.add(context)
    return resolve(context, ports, queues, holder)
  }
  return {
    availableE6: (context) => availableE6(context, ports),
    shares,
    pay(context, holder, amountE6, reason, losses = shares(context, holder)) {
      assert(amountE6 >= 0n, 'insurance pays or does not')
      if (ports.isUninsured?.(holder) === true) return 0n
      const paid = payOut(context, ports, holder, { charges: chargeGroups(amountE6, losses), reason })
      return paid.reduce((sum, { ownE6, commonE6 }) => sum + ownE6 + commonE6, 0n)
    },
    receive(context, from, amountE6, reason, losses = shares(context, from)) {
      receive(context, ports, from, { amountE6, reason, losses })
    },
    resolve: end,
    isPaused: (context) => pausedUntil(context) !== undefined,
    requireSolvent,
    deficits: (context) => [...deficits(context, ports)],
    queues,
    beginBlock(context) {
      judgePause(context, ports, (holder) => end(context, holder))
      refreshed.delete(context)
      queues.forget(context)
    },
  }
}
