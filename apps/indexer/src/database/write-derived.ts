// Rows that depend on what is already there: positions are folded from fills and settlements, liquidations
// from their steps and sales, and levels of a book that are empty go. In the transaction of the batch, so
// each event counts once.

import { In, type EntityManager } from 'typeorm'
import { mergeChanges, change, type Change } from '../project/change.ts'
import { foldPosition, NO_POSITION, type HeldPosition, type PositionEvent } from '../project/fold-position.ts'
import { foldLiquidations } from './fold-liquidations.ts'
import { BookLevelEntity, MarketEntity } from './market-entities.ts'
import type { PositionRow } from './trading-entities.ts'
import { writeChanges } from './write-changes.ts'

type Happened = PositionEvent & {
  readonly key: Pick<PositionRow, 'account' | 'subaccount' | 'market'>
  readonly position: number
  readonly timeNanoseconds: bigint
}

/** Brings what is derived up to a batch whose changes were written. */
export async function writeDerived(manager: EntityManager, changes: readonly Change[]): Promise<void> {
  await foldPositions(manager, changes)
  await foldLiquidations(manager, changes)
  if (changes.some(({ table }) => table === 'bookLevel'))
    await manager.delete(BookLevelEntity, { sizeE9: 0n })
  // A market that is over tells no more deltas.
  const over = changes.filter(({ table, set }) => table === 'market' && set.status === 'settling')
  const markets = over.map(({ key }) => key.market as bigint)
  if (markets.length > 0) await manager.delete(BookLevelEntity, { market: In(markets) })
}

async function foldPositions(manager: EntityManager, changes: readonly Change[]): Promise<void> {
  const happened = changes.flatMap(positionEvent).sort(inOrder)
  if (happened.length === 0) return
  const spot = await spotMarkets(manager, [...new Set(happened.map(({ key }) => key.market))])
  const events = happened.filter(({ key }) => !spot.has(key.market))
  const held = await loadPositions(manager, events)
  const last = new Map<string, Happened>()
  for (const event of events) {
    const name = nameOf(event.key)
    held.set(name, foldPosition(held.get(name) ?? NO_POSITION, event))
    last.set(name, event)
  }
  const rows = [...last].map(([name, { key, height, timeNanoseconds }]) =>
    change('position', key, {}, { ...held.get(name)!, height, timeNanoseconds }),
  )
  await writeChanges(manager, mergeChanges(rows))
}

function positionEvent({ table, key, once }: Change): Happened[] {
  if (table !== 'fill' && table !== 'settlement') return []
  const { account, subaccount, market } = once as PositionRow
  const kind = table
  return [{ ...once, ...key, kind, key: { account, subaccount, market } } as unknown as Happened]
}

function inOrder(a: Happened, b: Happened): number {
  if (a.height !== b.height) return a.height < b.height ? -1 : 1
  return a.position - b.position
}

/** Spot trades move balances, not positions. */
async function spotMarkets(manager: EntityManager, markets: bigint[]): Promise<Set<bigint>> {
  const found = await manager.findBy(MarketEntity, { kind: 'spot', market: In(markets) })
  return new Set(found.map(({ market }) => market))
}

async function loadPositions(
  manager: EntityManager,
  events: readonly Happened[],
): Promise<Map<string, HeldPosition>> {
  const keys = [...new Map(events.map(({ key }) => [nameOf(key), key])).values()]
  const sql = `SELECT p.* FROM market_position p JOIN unnest($1::text[], $2::integer[], $3::numeric[])
    AS k (account, subaccount, market) USING (account, subaccount, market)`
  const columns = [
    keys.map(({ account }) => account),
    keys.map(({ subaccount }) => subaccount),
    keys.map(({ market }) => String(market)),
  ]
  const rows = (await manager.query(sql, columns)) as Record<string, string>[]
  return new Map(rows.map((row) => [nameOf(keyOf(row)), heldIn(row)]))
}

function keyOf(row: Record<string, string>): Happened['key'] {
  return { account: row.account!, subaccount: Number(row.subaccount), market: BigInt(row.market!) }
}

function heldIn(row: Record<string, string>): HeldPosition {
  const integer = (column: string) => BigInt(row[column]!)
  return {
    sizeE9: integer('size_e9'),
    entryNotionalE6: integer('entry_notional_e6'),
    realisedE6: integer('realised_e6'),
    feeE6: integer('fee_e6'),
    boughtE9: integer('bought_e9'),
    soldE9: integer('sold_e9'),
    openedHeight: integer('opened_height'),
  }
}

function nameOf({ account, subaccount, market }: Happened['key']): string {
  return `${account}/${subaccount} ${market}`
}
