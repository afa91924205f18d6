// A whole hub on which an account fails: prices that a test sets, bids, and what liquidation says.
import { assert } from '@causeway/primitives'
import type { JsonValue } from '@causeway/primitives'
import {
  QueryLiquidationRequest,
  QueryLiquidationResponse,
  QueryLiquidationsRequest,
  QueryLiquidationsResponse,
  QueryParamsRequest,
  QueryParamsResponse,
} from '@causeway/protocol/causeway/liquidation/v1/query'
import type { MsgBid } from '@causeway/protocol/causeway/liquidation/v1/tx'
import type { ResponseFinalizeBlock } from '@causeway/protocol/tendermint/abci/types'
import { createMemoryStorage } from '@causeway/state-tree'
import { createHubApplication } from '../../app.ts'
import { arena } from '../../manipulations/arena.fixture.ts'
import type { Arena, ArenaOptions } from '../../manipulations/arena.fixture.ts'
import { Driver } from '../../testing/driver.fixture.ts'
import { hubOptions } from '../../testing/hub.fixture.ts'
import { message } from '../../testing/messages.fixture.ts'
import { codeOf } from '../../testing/refusal.fixture.ts'
import { E9, ETH, USD_EACH, cashOf, portfolio, transferCash } from '../../testing/trading-hub.fixture.ts'

/** The one that fails, the other side of its trades, and who may take it over. */
export const [FAILING, OTHER, TAKER, SECOND] = ['failing', 'other side', 'taker', 'second taker'] as const
/** Everybody of a test. */
export const NAMES = [FAILING, OTHER, TAKER, SECOND] as const

/** What a test wants otherwise. */
export interface FailingOptions extends ArenaOptions {
  readonly params?: Record<string, JsonValue>
  readonly names?: readonly string[]
}

/** The hub with everybody's tokens in cash. */
export function failingHub({ params, names = NAMES, ...options }: FailingOptions = {}) {
  const liquidation = params === undefined ? {} : { liquidation: { params } }
  const world = arena(names, { ...options, genesis: { ...liquidation, ...options.genesis } })
  if (options.of === undefined) assert(world.fund(...names), 'everything becomes cash')
  return { ...world, ...readers(world), ...bidders(world), ...movers(world) }
}

const addressIn = ({ of }: Arena, name: string, subaccount = 0) =>
  subaccount === 0 ? of(name).address : `${of(name).address}/${subaccount}`

/** What liquidation and margin say. */
function readers(world: Arena) {
  const { driver } = world
  const query = (method: string, data: Uint8Array) => {
    const { code, value } = driver.query(`/causeway.liquidation.v1.Query/${method}`, data)
    assert(code === 0, 'liquidation can be asked')
    return value
  }
  const addressOf = (name: string, subaccount = 0) => addressIn(world, name, subaccount)
  const sale = (name: string, subaccount = 0): QueryLiquidationResponse => {
    const request = QueryLiquidationRequest.encode({ account: addressOf(name, subaccount) }).finish()
    return QueryLiquidationResponse.decode(query('Liquidation', request))
  }
  return {
    addressOf,
    sale,
    stage: (name: string = FAILING, subaccount = 0) => sale(name, subaccount).liquidation?.stage ?? 'none',
    cash: (name: string) => cashOf(driver, addressOf(name)),
    worth: (name: string) => BigInt(portfolio(driver, addressOf(name)).equityE6),
    sizeOf: (name: string, symbol = 'ETH-PERP') =>
      portfolio(driver, addressOf(name)).positions.find((each) => each.symbol === symbol)?.sizeE9 ?? '0',
    all(after = '', limit = 0) {
      const request = QueryLiquidationsRequest.encode({ after, limit }).finish()
      return QueryLiquidationsResponse.decode(query('Liquidations', request)).liquidations
    },
    params: () => QueryParamsResponse.decode(query('Params', QueryParamsRequest.encode({}).finish())),
    /** Hashes of another node that executes the same blocks. */
    replay(): string[] {
      const follower = createHubApplication(hubOptions(createMemoryStorage(), { priceSource: () => [] }))
      new Driver(follower, driver.validators).initChain(world.state)
      return driver.requests.map((request) => {
        const { appHash } = follower.finalizeBlock(request)
        follower.commit()
        return Buffer.from(appHash).toString('hex')
      })
    },
  }
}

/** Bids. */
function bidders(world: Arena) {
  const { driver, of } = world
  const bid = (bidder: string, more: Partial<MsgBid> = {}) =>
    message('causeway.liquidation.v1.MsgBid', {
      bidder: addressIn(world, bidder),
      account: addressIn(world, FAILING),
      underlying: 0n,
      shareE9: E9,
      maxPriceE6: `${10n ** 15n}`,
      ...more,
    })
  return {
    bid,
    /** Bids in one block, each in a transaction of its own; codes of CheckTx or of the block. */
    bids(...all: readonly (readonly [name: string, more?: Partial<MsgBid>])[]): string[] {
      const sent = all.map(([name, more]) => {
        const tx = of(name).sign([bid(name, more)], GAS)
        const checked = codeOf(driver.submit(tx))
        if (checked !== '0') of(name).sequence--
        return { tx, checked }
      })
      const { txResults } = driver.block()
      const { txs } = driver.requests.at(-1)!
      return sent.map(({ tx, checked }) => (checked === '0' ? codeOf(txResults[txs.indexOf(tx)]) : checked))
    },
  }
}

/** What moves prices, time and cash. */
function movers(world: Arena) {
  const { driver, prices } = world
  return {
    /** Prices move by at most 5 % a block, so a fall takes some. */
    fall(to: number, asset = ETH) {
      const target = BigInt(Math.round(to * 1e9))
      for (;;) {
        const now = prices.get(asset)!
        const lowest = (now * 951n) / 1_000n
        const highest = (now * 1_049n) / 1_000n
        const next = target < lowest ? lowest : target > highest ? highest : target
        prices.set(asset, next)
        driver.block()
        if (next === target) break
      }
      driver.block()
    },
    blocksUntil(isDone: () => boolean, most = 100) {
      for (let i = 0; i < most && !isDone(); i++) driver.block()
      assert(isDone(), `not within ${most} blocks`)
    },
    /** Gives one's cash to another. */
    give: (from: string, to: string, amountE6: bigint) =>
      world.act(from, transferCash(addressIn(world, from), addressIn(world, to), amountE6)),
  }
}

const GAS = { gasLimit: 2_000_000n, fee: [{ denom: 'ucway', amount: '50000' }] }

/** A hub with a failing account. */
export type FailingHub = ReturnType<typeof failingHub>

/** The failing account is long so many ETH of the other side's, at 3,000. */
export function longFailing(options: FailingOptions = {}, size = 30n): FailingHub {
  const world = failingHub(options)
  const market = world.market('ETH-PERP').market!.id
  assert(world.give(TAKER, OTHER, USD_EACH / 2n) === '0', 'the other side has margin')
  const terms = { market, sizeE9: size * E9, limitE9: 3_000n * E9 }
  assert(world.order(OTHER, { ...terms, isBuy: false }) === '0', 'an ask')
  assert(world.order(FAILING, { ...terms, isBuy: true }) === '0', 'a bid')
  assert(world.sizeOf(FAILING) === `${size * E9}`, 'they have traded')
  return world
}

/** Events of a type in a block's answer, as records. */
export function eventsOf(block: ResponseFinalizeBlock, type: string): Record<string, string>[] {
  const all = [...block.events, ...block.txResults.flatMap(({ events }) => events)]
  return all
    .filter((event) => event.type === `causeway.liquidation.v1.${type}`)
    .map(({ attributes }) => Object.fromEntries(attributes.map(({ key, value }) => [key, value])))
}
