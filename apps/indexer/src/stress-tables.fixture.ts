// What the indexer's tables say of a hub on its worst days, in memory and from events alone: the projection,
// the folds and the interest are the indexer's own. For runs that are too long for a database; what the
// database makes of the same changes is compared in `reconcile-stress.test.ts`.

import { assert, toBech32 } from '@causeway/primitives'
import type { RequestFinalizeBlock, ResponseFinalizeBlock } from '@causeway/protocol/tendermint/abci/types'
import type { ReadContext } from '../../hub/src/block/context.ts'
import { cashOf } from '../../hub/src/modules/cash/pool.ts'
import { CASH_STORE, cashAccounts, readPool } from '../../hub/src/modules/cash/state.ts'
import { LEDGER_STORE, balances } from '../../hub/src/modules/ledger/state.ts'
import { MARKETS_STORE, positionsOfAll } from '../../hub/src/modules/markets/state.ts'
import { RISK_STORE, unhealthy } from '../../hub/src/modules/risk/state.ts'
import type { StressWorld } from '../../hub/src/stress/world.fixture.ts'
import { chainBlock } from './hub-life.fixture.ts'
import type { BlockEvent } from './project/block.ts'
import type { Change } from './project/change.ts'
import { NO_POSITION, foldPosition, type HeldPosition, type PositionEvent } from './project/fold-position.ts'
import { projectBlock } from './project/project-block.ts'
import { MARKETS_OWN, cashOfShares, sharesOfCash, type Indices } from './read/cash.ts'

/** All that is told of what is compared, and of where a block begins. */
const COMPARED = new Set([
  ...['causeway.ledger.v1.balance', 'causeway.risk.v1.margin_level'],
  ...['causeway.cash.v1.cash', 'causeway.cash.v1.interest'],
  ...['causeway.cash.v1.socialised', 'causeway.cash.v1.written_off'],
  ...['causeway.markets.v1.fill', 'causeway.markets.v1.settled'],
])

/** Rows by `placeOf` a holder's number and a market or asset; 0 where there is neither. */
type Rows<Value> = Map<number, Value>

type Tables = {
  readonly positions: Rows<HeldPosition>
  readonly shares: Rows<bigint>
  readonly balances: Rows<bigint>
  readonly levels: Rows<string>
}

/** What is looked at of a change: of each table only some. */
type Row = { account: string; subaccount: number; market: bigint; asset: bigint; amount: bigint } & {
  balanceE6: bigint
  debtIndex: bigint
  creditIndex: bigint
  level: string
  changedHeight: bigint
}

/** The tables of a world, from what it is now. */
export class StressTables {
  readonly #tables: Tables
  #indices: Indices
  readonly #problems: string[] = []

  /** Reads the state once, and from there on what each block tells. */
  constructor(world: StressWorld) {
    const { state, driver } = world
    this.#tables = { ...tablesOf(state), positions: new Map(), shares: new Map() }
    for (const [place, sizeE9] of sizesOf(state))
      this.#tables.positions.set(place, { ...NO_POSITION, sizeE9 })
    for (const [holder, { shares }] of cashAccounts(state.store(CASH_STORE)))
      this.#tables.shares.set(placeOf(numberOf(holder)), shares)
    this.#indices = indicesOf(state)
    const execute = driver.execute.bind(driver)
    driver.execute = (request: RequestFinalizeBlock): ResponseFinalizeBlock => {
      const response = execute(request)
      this.follow(request, response)
      return response
    }
  }

  /** Brings the tables up to a block. */
  follow(request: RequestFinalizeBlock, response: ResponseFinalizeBlock): void {
    const { events, transactions, ...block } = chainBlock(request, response)
    const projection = projectBlock(
      {
        ...block,
        events: compared(events),
        transactions: transactions.map((each) => ({ ...each, events: compared(each.events) })),
      },
      () => undefined,
    )
    for (const { event, reason } of projection.problems)
      this.#problems.push(`${event} at ${block.height}: ${reason}`)
    for (const change of projection.changes) this.#apply(change)
  }

  /** Where the tables differ from what a state says, one sentence each. */
  differences(state: ReadContext): string[] {
    const told = tablesOf(state)
    const { positions, shares } = this.#tables
    const held = new Map([...positions].map(([place, { sizeE9 }]) => [place, sizeE9] as const))
    const cash = new Map(
      [...shares].map(
        ([place, each]) => [place, cashOfShares(accountAt(place), each, this.#indices)] as const,
      ),
    )
    return [
      ...this.#problems,
      ...differing('position', held, sizesOf(state)),
      ...differing('cash', cash, cashIn(state)),
      ...differing('balance', this.#tables.balances, told.balances),
      ...differing('level', this.#tables.levels, told.levels),
    ]
  }

  #apply({ table, key, once, set }: Change): void {
    const tables = this.#tables
    const row = { ...once, ...set, ...key } as unknown as Row
    const holder = numberOfName(`${row.account}/${row.subaccount}`)
    if (table === 'fill' || table === 'settlement') {
      const place = placeOf(holder, row.market)
      const event = { ...row, kind: table } as unknown as PositionEvent
      tables.positions.set(place, foldPosition(tables.positions.get(place) ?? NO_POSITION, event))
    } else if (table === 'cashIndex') this.#indices = { debt: row.debtIndex, credit: row.creditIndex }
    else if (table === 'cash')
      tables.shares.set(placeOf(holder), sharesOfCash(row.account, row.balanceE6, this.#indices))
    else if (table === 'balance') tables.balances.set(placeOf(holder, row.asset), row.amount)
    else if (table === 'accountFlag')
      tables.levels.set(
        placeOf(holder),
        row.level === 'healthy' ? '' : `${row.level} since ${row.changedHeight}`,
      )
  }
}

function compared(events: readonly BlockEvent[]): BlockEvent[] {
  return events.filter(({ type }) => COMPARED.has(type))
}

/** Whose rows differ; nothing is 0, or no text. */
function differing<Value extends bigint | string>(
  what: string,
  rows: Rows<Value>,
  told: Rows<Value>,
): string[] {
  const wrong: string[] = []
  for (const [place, value] of told)
    if (rows.get(place) !== value)
      wrong.push(`${what} of ${nameAt(place)}: tables ${rows.get(place)}, hub ${value}`)
  for (const [place, value] of rows)
    if (value !== 0n && value !== '' && !told.has(place))
      wrong.push(`${what} of ${nameAt(place)}: tables ${value}, hub nothing`)
  return wrong
}

function tablesOf(state: ReadContext): Pick<Tables, 'balances' | 'levels'> {
  const held: Rows<bigint> = new Map()
  for (const { holder, asset, amount } of balances(state.store(LEDGER_STORE)))
    held.set(placeOf(numberOf(holder), asset), amount)
  const levels: Rows<string> = new Map()
  for (const [holder, { level, height }] of unhealthy(state.store(RISK_STORE)))
    levels.set(placeOf(numberOf(holder)), `${level} since ${height}`)
  return { balances: held, levels }
}

function sizesOf(state: ReadContext): Rows<bigint> {
  const sizes: Rows<bigint> = new Map()
  for (const { holder, positions } of positionsOfAll(state.store(MARKETS_STORE)))
    for (const { market, sizeE9 } of positions) sizes.set(placeOf(numberOf(holder), market), sizeE9)
  return sizes
}

function cashIn(state: ReadContext): Rows<bigint> {
  const store = state.store(CASH_STORE)
  const pool = readPool(store)
  const cash: Rows<bigint> = new Map()
  for (const [holder, { shares }] of cashAccounts(store)) {
    const place = placeOf(numberOf(holder))
    cash.set(place, accountAt(place) === MARKETS_OWN ? shares : cashOf(pool, shares))
  }
  return cash
}

function indicesOf(state: ReadContext): Indices {
  const { debtIndex: debt, creditIndex: credit } = readPool(state.store(CASH_STORE))
  return { debt, credit }
}

// Holders are asked for by the thousand: each has a number, so that no text is made or hashed to find a row.

const PLACES = 2 ** 20
const names: string[] = []
const accounts: string[] = []
const numbers = new Map<string, number>()
const numbersOfBytes = new Map<string, number>()

function numberOf({ account, subaccount }: { account: Uint8Array; subaccount: number }): number {
  const key = `${Buffer.from(account).toString('latin1')}${subaccount}`
  let number = numbersOfBytes.get(key)
  if (number === undefined)
    numbersOfBytes.set(key, (number = numberOfName(`${toBech32('cway', account)}/${subaccount}`)))
  return number
}

/** Of `account/subaccount`. */
function numberOfName(name: string): number {
  let number = numbers.get(name)
  if (number === undefined) {
    numbers.set(name, (number = names.push(name) - 1))
    accounts.push(name.slice(0, name.indexOf('/')))
  }
  return number
}

function placeOf(holder: number, thing: bigint = 0n): number {
  assert(thing < PLACES, 'markets and assets are few')
  return holder * PLACES + Number(thing)
}

function accountAt(place: number): string {
  return accounts[Math.floor(place / PLACES)]!
}

function nameAt(place: number): string {
  return `${names[Math.floor(place / PLACES)]} ${place % PLACES}`
}
