// What the witness of a hub under stress sees: the wrong account begun, prices that don't count, too much
// sold.
import type { Event } from '@causeway/protocol/tendermint/abci/types'
import { describe, expect, it } from 'vitest'
import type { Context } from '../block/context.ts'
import type { Module } from '../block/module.ts'
import { LIQUIDATION_STORE, writeBid } from '../modules/liquidation/state.ts'
import { MARKETS_STORE } from '../modules/markets/state.ts'
import { ORACLE_STORE, writeFeed } from '../modules/oracle/state.ts'
import { memoryContext } from '../testing/memory-context.fixture.ts'
import { Witness, nameOf } from './witness.fixture.ts'
import type { WitnessParts, WitnessedFigures } from './witness.fixture.ts'

const [ETH, E6, E9] = [4n, 1_000_000n, 1_000_000_000n]
const HOLDER = { account: new Uint8Array(20).fill(7), subaccount: 3 }
const BIDDER = { account: new Uint8Array(20).fill(9), subaccount: 0 }
const [account, subaccount] = nameOf(HOLDER).split('/') as [string, string]

const told = (type: string, more: Record<string, string>): Event => ({
  type: `causeway.liquidation.v1.${type}`,
  attributes: Object.entries({ account, subaccount, ...more }).map(([key, value]) => ({
    ...{ key, value, index: true },
  })),
})
const begun = told('stage', { stage: 'auction', before: 'none' })
const sold = (shareE9: bigint, priceE6: bigint, underlying = '0') =>
  told('sold', { share_e9: `${shareE9}`, price_e6: `${priceE6}`, underlying })
const whole = (valueE6: bigint, maintenanceE6: bigint): WitnessedFigures => ({ valueE6, maintenanceE6 })

/** A hub of which only what a witness asks for is there. */
class Stage {
  figures = whole(1_000n * E6, -100n * E6)
  state: 'fresh' | 'held' = 'fresh'
  valuedAnew = 0
  readonly witness: Witness
  readonly #modules: readonly Module[]
  #parent = { height: 0n, timeSeconds: 1_700_000_000n }

  constructor() {
    const parts = {
      risk: {
        beginBlock: () => void this.valuedAnew++,
        figures: () => ({ ...this.figures, initialE6: 0n }),
        dependencies: () => [ETH],
      },
      oracle: { price: () => ({ state: this.state, priceE9: 3_000n * E9 }) },
    }
    this.witness = new Witness(parts as unknown as WitnessParts)
    const liquidation: Module = { name: 'liquidation', messages: [], queries: [] }
    this.#modules = this.witness.among([liquidation])
  }

  /** A block that told this at its begin, and has a bid for the account at its end, where one is. */
  block(events: readonly Event[] = [], { hasBid = false, secondsLater = 1n } = {}): void {
    const height = this.#parent.height + 1n
    const timeSeconds = this.#parent.timeSeconds + secondsLater
    const stores = [LIQUIDATION_STORE, MARKETS_STORE, ORACLE_STORE]
    const context = memoryContext(stores, { height, timeSeconds })
    const price = { priceE9: 3_000n * E9, timeSeconds, height, state: 'fresh' }
    writeFeed(context.store(ORACLE_STORE), { ...price, asset: ETH } as unknown as Parameters<
      typeof writeFeed
    >[1])
    if (hasBid)
      writeBid(context.store(LIQUIDATION_STORE), HOLDER, {
        ...{ bidder: BIDDER, shareE9: E9, maxPriceE6: 0n, underlying: 0n },
      })
    for (const event of events) {
      const attributes = Object.fromEntries(event.attributes.map(({ key, value }) => [key, value]))
      context.emit(event.type, attributes)
    }
    for (const module of this.#modules) module.beginBlock?.(context, { ...this.#parent } as never)
    for (const module of this.#modules) module.endBlock?.(context as Context)
    this.#parent = { height, timeSeconds }
  }

  judge(events: readonly Event[] = [], after = whole(800n * E6, 0n)): string[] {
    return this.witness.judge(events, () => after)
  }
}

describe('a witness', () => {
  it('stands before sales and after everything that begins a block', () => {
    const names = (list: readonly string[]) =>
      new Stage().witness
        .among(list.map((name) => ({ name, messages: [], queries: [] })))
        .map(({ name }) => name)
    expect(names(['markets', 'liquidation', 'health'])).toEqual([
      ...['markets', 'witness of sales', 'liquidation', 'health', 'witness'],
    ])
  })

  it('values whoever is begun by the block’s own prices, and nobody else', () => {
    const stage = new Stage()
    stage.block()
    expect(stage.valuedAnew).toBe(0)
    stage.block([begun, told('stage', { stage: 'insolvent', before: 'auction' })])
    expect([stage.judge(), stage.valuedAnew]).toEqual([[], 1])
    stage.figures = whole(1_000n * E6, 0n)
    stage.block([begun])
    expect(stage.judge()).toEqual([`${nameOf(HOLDER)} is liquidated, and stands at the block's prices`])
    expect(stage.judge()).toEqual([])
  })

  it('lets nobody begin before prices were fresh in three blocks and the one', () => {
    const stage = new Stage()
    stage.state = 'held'
    stage.block([begun])
    expect(stage.judge().join()).toContain("prices that don't count")
    stage.state = 'fresh'
    const wrong = [1, 2, 3, 4].map(() => {
      stage.block([begun])
      return stage.judge().length
    })
    expect(wrong).toEqual([1, 1, 1, 0])
  })

  it('nor in the first blocks after a halt', () => {
    const stage = new Stage()
    stage.block([begun], { secondsLater: 30n })
    expect(stage.judge()).toEqual([])
    const wrong = [31n, 1n, 1n, 1n].map((secondsLater) => {
      stage.block([begun], { secondsLater })
      return stage.judge().length
    })
    expect(wrong).toEqual([1, 1, 1, 0])
  })

  it('lets be sold only who could be, and at most what there is', () => {
    const stage = new Stage()
    const sale = [sold(E9 / 2n, 400n * E6)]
    stage.block([], { hasBid: true })
    expect(stage.judge(sale)).toEqual([])
    stage.block()
    expect(stage.judge(sale)).toEqual([`${nameOf(HOLDER)} is sold without a bid`])
    stage.figures = whole(1_000n * E6, 1n)
    stage.block([], { hasBid: true })
    expect(stage.judge(sale)).toHaveLength(1)
    stage.figures = whole(1_000n * E6, -100n * E6)
    stage.state = 'held'
    stage.block([], { hasBid: true })
    expect(stage.judge(sale)).toHaveLength(1)
    const again = new Stage()
    again.block([], { hasBid: true })
    expect(again.judge([sold(E9 / 2n, 400n * E6), sold(E9 / 2n + 1n, 400n * E6)])).toEqual([
      `${nameOf(HOLDER)} is sold 1000000001 times`,
    ])
  })

  it('judges what a share costs: of who is worth something, and of who is not', () => {
    const judged = (figures: WitnessedFigures, shareE9: bigint, priceE6: bigint, underlying = '0') => {
      const stage = new Stage()
      stage.figures = figures
      stage.block([], { hasBid: true })
      return stage.judge([sold(shareE9, priceE6, underlying)]).length
    }
    const solvent = whole(1_000n * E6, -100n * E6)
    expect(judged(solvent, E9 / 4n, 250n * E6)).toBe(0)
    expect(judged(solvent, E9 / 4n, 251n * E6)).toBe(1)
    expect(judged(solvent, E9 / 4n, 0n)).toBe(0)
    expect(judged(solvent, E9 / 4n, -E6)).toBe(1)
    // One underlying alone has another price
    expect(judged(solvent, E9 / 4n, -E6, '4')).toBe(0)
    // Worth −1,000, with a requirement of 800: at most 200 more
    const insolvent = whole(-1_000n * E6, -1_800n * E6)
    expect(judged(insolvent, E9 / 2n, -500n * E6)).toBe(0)
    expect(judged(insolvent, E9 / 2n, -600n * E6)).toBe(0)
    expect(judged(insolvent, E9 / 2n, -601n * E6)).toBe(1)
    expect(judged(insolvent, E9 / 2n, -499n * E6)).toBe(1)
  })

  it('judges the buffer after a sale of who is worth something', () => {
    const judged = (after: WitnessedFigures, figures = whole(1_000n * E6, -100n * E6)) => {
      const stage = new Stage()
      stage.figures = figures
      stage.block([], { hasBid: true })
      return stage.judge([sold(E9 / 10n, figures.valueE6 / 10n)], after)
    }
    // BM = MM − 20 % of what value and margin are apart
    expect(judged(whole(600n * E6, 100n * E6))).toEqual([])
    expect(judged(whole(600n * E6, -50n * E6))).toEqual([])
    expect(judged(whole(600n * E6, 101n * E6)).join()).toContain('has a buffer of 1200000')
    expect(judged(whole(600n * E6, 500n * E6), whole(-10n * E6, -100n * E6))).toEqual([])
  })
})
