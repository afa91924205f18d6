// Negative cash above half of the account's collateral at initial haircuts is sold down: tokens that convert
// become cash, the rest goes to the spot auctions of the block. Spec: docs/cash.md.
import { assert } from '@causeway/primitives'
import type { Context, ReadContext } from '../../block/context.ts'
import type { Holder } from '../../identifiers.ts'
import { balanceE6 } from './cash.ts'
import { convertDeposit, microUnit } from './convert.ts'
import { readOverdraft, takeTurn, writeOverdraft } from './debtors.ts'
import type { Overdraft } from './debtors.ts'
import { emitOverdrawn } from './events.ts'
import type { CashPorts } from './ports.ts'
import { CASH_STORE, readPooled } from './state.ts'

/** One asset that covers a subaccount's requirements. Values are micro-cash. */
export interface SoldCollateral {
  readonly asset: bigint
  readonly decimals: number
  /** Base units. */
  readonly amount: bigint
  readonly valueE6: bigint
  /** What it covers of a debt: its value at the initial weight. */
  readonly debtCoverE6: bigint
  readonly priceState: string
}

/** What selling down needs beside cash's own ports. */
export interface SalePorts {
  /** What covers a subaccount's requirements. */
  collateral(context: ReadContext, holder: Holder): readonly SoldCollateral[]
  /** Offers at least so much in this block's spot auction; gives what is offered, 0 where nothing can be. */
  sell(context: Context, holder: Holder, sold: { readonly asset: bigint; readonly amount: bigint }): bigint
}

/** Debtors that a block looks at, in turn. */
const EXAMINED_MAX = 64
/** What is sold brings the debt a hundredth below its limit: interest is not sold down drop by drop. */
const TARGET_PERCENT = 99n
/** 10 cash: smaller debts are left alone. */
const DEBT_E6_MIN = 10_000_000n

/** Judges the next debtors and sells of theirs what is too little for their debt. At the begin of a block. */
export function sellDown(context: Context, ports: CashPorts, sales: SalePorts): void {
  for (const holder of takeTurn(context.store(CASH_STORE), EXAMINED_MAX)) judge(context, ports, sales, holder)
}

function judge(context: Context, ports: CashPorts, sales: SalePorts, holder: Holder): void {
  const debtE6 = -balanceE6(context, ports, holder)
  assert(debtE6 > 0n, 'a debtor owes')
  const held = sales.collateral(context, holder)
  // By an old price nothing is judged, and nothing sold: it stays as it was.
  if (held.some(({ priceState }) => priceState !== 'fresh')) return
  const coverE6 = held.reduce((sum, { debtCoverE6 }) => sum + debtCoverE6, 0n)
  const beyondE6 = 2n * debtE6 - coverE6
  const isBeyond = beyondE6 > 0n && debtE6 >= DEBT_E6_MIN
  const after: Overdraft = !isBeyond
    ? 'none'
    : sellOf(context, ports, sales, { holder, held, debtE6 })
      ? 'selling'
      : 'stuck'
  const store = context.store(CASH_STORE)
  const before = readOverdraft(store, holder)
  // What converted may have ended the debt, and with it the record.
  if (before === undefined || before === after) return
  writeOverdraft(store, holder, after)
  emitOverdrawn(context, ports.addresses, { holder, status: after, debtE6, limitE6: coverE6 / 2n })
}

/**
 * Sells so much that debt · 2 − 99 % of the cover falls to nothing at the mark, what converts first, then the
 * largest holding; gives whether anything is sold. Each micro-cash that an asset of weight w brings makes
 * that less by 2 − 99 % of w.
 */
function sellOf(
  context: Context,
  ports: CashPorts,
  sales: SalePorts,
  { holder, held, debtE6 }: { holder: Holder; held: readonly SoldCollateral[]; debtE6: bigint },
): boolean {
  const targetE6 = ({ debtCoverE6 }: SoldCollateral) => (debtCoverE6 * TARGET_PERCENT) / 100n
  let leftE6 = held.reduce((left, item) => left - targetE6(item), 2n * debtE6)
  let isSold = false
  const converts = ({ asset }: SoldCollateral) => readPooled(context.store(CASH_STORE), asset)?.open === true
  const inOrder = [...held].sort((a, b) => Number(converts(b)) - Number(converts(a)) || byValue(a, b))
  for (const item of inOrder) {
    const wholeE6 = 2n * item.valueE6 - targetE6(item)
    if (leftE6 <= 0n) break
    if (wholeE6 <= 0n) continue
    const wanted = leftE6 < wholeE6 ? (item.amount * leftE6 + wholeE6 - 1n) / wholeE6 : item.amount
    const sold =
      convertSome(context, ports, holder, item, wanted) ||
      sales.sell(context, holder, { asset: item.asset, amount: wanted })
    isSold ||= sold > 0n
    leftE6 -= (wholeE6 * sold) / item.amount
  }
  return isSold
}

/** Makes cash of so much, upwards to whole micro-units; gives the base units that became it. */
function convertSome(
  context: Context,
  ports: CashPorts,
  holder: Holder,
  { asset, decimals, amount }: SoldCollateral,
  wanted: bigint,
): bigint {
  if (readPooled(context.store(CASH_STORE), asset) === undefined) return 0n
  const unit = microUnit(decimals)
  const up = ((wanted + unit - 1n) / unit) * unit
  convertDeposit(context, ports, holder, { asset, amount: up < amount ? up : amount })
  return amount - ports.balance(context, holder, asset)
}

function byValue(a: SoldCollateral, b: SoldCollateral): number {
  if (a.valueE6 !== b.valueE6) return a.valueE6 > b.valueE6 ? -1 : 1
  return a.asset < b.asset ? -1 : 1
}
