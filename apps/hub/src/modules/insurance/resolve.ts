// The end of an account that is worth less than nothing: insurance pays what it has, its positions are
// closed against those who gained, at prices that leave it at zero, and what then still lacks all positive
// cash bears. Its tokens go to whoever pays for it, in this order.
import { assert } from '@causeway/primitives'
import type { Context } from '../../block/context.ts'
import type { Holder } from '../../identifiers.ts'
import { deleverage, marked } from './deleverage.ts'
import type { Payer } from './deleverage.ts'
import { emitCharged, emitResolved } from './events.ts'
import { payOut } from './funds.ts'
import type { HeldCollateral, InsurancePorts } from './ports.ts'
import { chargeGroups } from './pure/charges.ts'
import { splitByWeights } from './pure/split.ts'
import { figuresOf } from './queue.ts'
import type { Queues } from './queue.ts'

/**
 * Resolves a bankrupt account whole, within this block. False, and nothing done: it is worth nothing or more,
 * a market of it has no mark or waits for its settlement price, or (then it is resolved but for a debt) all
 * positive cash together can't bear the rest. Nothing is asked of the owner's other subaccounts.
 */
export function resolve(context: Context, ports: InsurancePorts, queues: Queues, holder: Holder): boolean {
  // 1. Judge: worth less than nothing, at prices that can be told
  const figures = figuresOf(context, ports, holder)
  if (figures === undefined || figures.valueE6 >= 0n) return false
  const positions = marked(context, ports, holder)
  if (positions === undefined) return false
  const groups = ports.risk.groups(context, holder)
  // 2. What it has itself: tokens that convert become cash
  for (const held of ports.collateral(context, holder)) ports.cash.convert(context, holder, held)
  const standingE6 = positions.reduce(
    (sum, { closedE6 }) => sum + closedE6,
    ports.cash.balanceE6(context, holder),
  )
  const lackE6 = standingE6 < 0n ? -standingE6 : 0n
  // 3. Insurance pays, and has other tokens for what it pays
  const charges = chargeGroups(lackE6, groups)
  const mostE6 = ports.isUninsured?.(holder) === true ? collateralE6(context, ports, holder) : undefined
  const paid = payOut(context, ports, holder, { charges, reason: 'deficit', mostE6 })
  for (const charge of paid) emitCharged(context, ports.addresses, holder, charge)
  const insuredE6 = paid.reduce((sum, { ownE6, commonE6 }) => sum + ownE6 + commonE6, 0n)
  handOver(context, ports, holder, [{ holder: ports.fund, amountE6: insuredE6 }])
  // 4. Every position is closed: in groups that were paid for at the mark, in others at a loss to the others,
  // who have tokens for it
  const losses = deleverage(context, ports, queues, { holder, positions, groups, paid })
  handOver(context, ports, holder, losses)
  const deleveragedE6 = losses.reduce((sum, { amountE6 }) => sum + amountE6, 0n)
  // 5. The rest is all positive cash's, and the common fund keeps what tokens are left for it; what rounding
  // or luck has left is insurance's
  const leftE6 = ports.cash.balanceE6(context, holder)
  const socialisedE6 = leftE6 < 0n ? ports.cash.socialise(context, holder, -leftE6) : 0n
  if (socialisedE6 > 0n) handOver(context, ports, holder, [{ holder: ports.fund, amountE6: socialisedE6 }])
  if (leftE6 > 0n) ports.cash.move(context, holder, ports.fund, leftE6, 'deficit')
  // Whoever was given or lost something stands otherwise now in the queues of those who follow
  for (const other of [holder, ports.fund, ...losses.map((loss) => loss.holder)])
    queues.touched(context, other)
  if (socialisedE6 > 0n) queues.touchedAll(context)
  assert(ports.markets.positions(context, holder).length === 0, 'a resolved account holds no position')
  emitResolved(context, ports.addresses, holder, {
    deficitE6: lackE6,
    insuredE6,
    deleveragedE6,
    socialisedE6,
  })
  return leftE6 >= 0n || socialisedE6 === -leftE6
}

/** What the tokens are worth that insurance takes: who has no claim on it is paid for those alone. */
function collateralE6(context: Context, ports: InsurancePorts, holder: Holder): bigint {
  return ports.collateral(context, holder).reduce((sum, { valueE6 }) => sum + valueE6, 0n)
}

/** Tokens worth what these have paid go to them in proportion, as far as they go, ascending by asset. */
function handOver(context: Context, ports: InsurancePorts, holder: Holder, payers: readonly Payer[]): void {
  const amounts = payers.map(({ amountE6 }) => amountE6)
  let dueE6 = amounts.reduce((sum, each) => sum + each, 0n)
  for (const held of ports.collateral(context, holder)) {
    if (dueE6 === 0n) return
    const parts = splitByWeights(amountOf(held, dueE6), amounts)
    for (const [i, { holder: to }] of payers.entries())
      if (parts[i]! > 0n) ports.moveAsset(context, holder, to, held.asset, parts[i]!)
    dueE6 = held.valueE6 < dueE6 ? dueE6 - held.valueE6 : 0n
  }
}

/** Base units worth so much, rounded up. */
function amountOf({ amount, valueE6 }: HeldCollateral, dueE6: bigint): bigint {
  return valueE6 <= dueE6 ? amount : (amount * dueE6 + valueE6 - 1n) / valueE6
}
