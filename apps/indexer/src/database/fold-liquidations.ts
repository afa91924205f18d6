// Liquidations out of their steps and sales, in the order of the hub's events.

import type { EntityManager } from 'typeorm'
import { change, type Change } from '../project/change.ts'
import { foldLiquidation, type Liquidation, type LiquidationEvent } from '../project/fold-liquidation.ts'
import type { LiquidationBidRow, LiquidationStepRow } from './liquidation-entities.ts'
import { writeChanges } from './write-changes.ts'

type Holder = { readonly account: string; readonly subaccount: number }
type Happened = {
  readonly holder: Holder
  readonly height: bigint
  readonly order: number
  readonly event: LiquidationEvent
}

/**
 * Within a block: its beginning (closing orders are told before the stage that they are of), the bids that
 * are sold at its end, and what they or insurance have ended.
 */
const [STAGES, CLOSING, SALES, OVER] = [0, 1, 2, 3]

/** Brings liquidations up to a batch whose changes were written. */
export async function foldLiquidations(manager: EntityManager, changes: readonly Change[]): Promise<void> {
  const happened = changes.flatMap(liquidationEvent).sort(inOrder)
  if (happened.length === 0) return
  const last = await loadLast(
    manager,
    happened.map(({ holder }) => holder),
  )
  const rows = happened.map(({ holder, event }) => {
    const name = nameOf(holder)
    const { beganHeight, ...row } = foldLiquidation(last.get(name), event)
    last.set(name, { beganHeight, ...row })
    return change('liquidation', { ...holder, beganHeight }, {}, row)
  })
  await writeChanges(manager, rows)
}

function liquidationEvent({ table, key, once, set }: Change): Happened[] {
  if (table === 'liquidationStep') return [stepEvent({ ...once, ...set, ...key } as LiquidationStepRow)]
  if (table !== 'liquidationBid' || set.status !== 'sold') return []
  const { account, subaccount, height, ...sale } = { ...once, ...set, ...key } as LiquidationBidRow
  const { priceE6, paidE6, feeE6, worthE6, position, timeNanoseconds } = sale
  const sums = { priceE6: priceE6!, paidE6: paidE6!, feeE6: feeE6!, worthE6: worthE6! }
  const event = { kind: 'sale', height, position, timeNanoseconds, ...sums } as const
  return [{ holder: { account, subaccount }, height, order: SALES, event }]
}

function stepEvent(step: LiquidationStepRow): Happened {
  const { account, subaccount, height, timeNanoseconds, orders, stage, reason, valueE6, underlying } = step
  const holder = { account, subaccount }
  const when = { height, position: step.position, timeNanoseconds }
  if (typeof orders === 'number')
    return { holder, height, order: CLOSING, event: { kind: 'closing', ...when, orders } }
  const told = { stage, reason: reason!, valueE6: valueE6!, underlying: underlying! }
  const event = { kind: 'stage', ...when, ...told } as const
  return { holder, height, order: isAtEnd(step) ? OVER : STAGES, event }
}

/** What bids of a block, or insurance, have ended. */
function isAtEnd({ reason }: LiquidationStepRow): boolean {
  return reason === 'sold' || reason === 'resolved'
}

/** Sorting is stable: within a block and a part of it, steps stay as they were told. */
function inOrder(a: Happened, b: Happened): number {
  if (a.height !== b.height) return a.height < b.height ? -1 : 1
  return a.order - b.order
}

/** The last liquidation of each of these. */
async function loadLast(
  manager: EntityManager,
  holders: readonly Holder[],
): Promise<Map<string, Liquidation>> {
  const sql = `SELECT DISTINCT ON (l.account, l.subaccount) l.* FROM liquidation l
    JOIN unnest($1::text[], $2::integer[]) AS k (account, subaccount) USING (account, subaccount)
    ORDER BY l.account, l.subaccount, l.began_height DESC`
  const columns = [holders.map(({ account }) => account), holders.map(({ subaccount }) => subaccount)]
  const rows = (await manager.query(sql, columns)) as Record<string, string>[]
  return new Map(
    rows.map((row) => [
      nameOf({ account: row.account!, subaccount: Number(row.subaccount) }),
      liquidationIn(row),
    ]),
  )
}

function liquidationIn(row: Record<string, string>): Liquidation {
  const integer = (column: string) => BigInt(row[column]!)
  return {
    beganHeight: integer('began_height'),
    beganPosition: Number(row.began_position),
    beganNanoseconds: integer('began_nanoseconds'),
    beganValueE6: integer('began_value_e6'),
    stage: row.stage!,
    reason: row.reason!,
    valueE6: integer('value_e6'),
    underlying: integer('underlying'),
    closingBlocks: Number(row.closing_blocks),
    closingOrders: Number(row.closing_orders),
    sales: Number(row.sales),
    priceE6: integer('price_e6'),
    paidE6: integer('paid_e6'),
    feeE6: integer('fee_e6'),
    worthE6: integer('worth_e6'),
    height: integer('height'),
    timeNanoseconds: integer('time_nanoseconds'),
  }
}

function nameOf({ account, subaccount }: Holder): string {
  return `${account}/${subaccount}`
}
