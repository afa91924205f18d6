// The vault among all kinds of markets, on a whole hub; and what an export keeps.
import { describe, expect, it } from 'vitest'
import type { JsonValue } from '@causeway/primitives'
import { exportState } from '../../block/inspect.ts'
import { refusal } from '../../testing/refusal.fixture.ts'
import { memoryContext } from '../../testing/memory-context.fixture.ts'
import { E6, E9, ETH } from '../../testing/trading-hub.fixture.ts'
import { exportGenesis, initGenesis } from './genesis.ts'
import { VAULT_STORE } from './state.ts'
import { OWNER, THIRD, TRADER, fundVault, vaultHub } from './vault-hub.fixture.ts'
import type { VaultHub } from './vault-hub.fixture.ts'

/** Options by the hundred are listed: slow on a busy machine. */
const TIMEOUT_MS = 300_000
const GRID = { tickE9: '10000000', lotE9: '10000000' }
const ALL = { perpetual: GRID, future: GRID, option: GRID }

/** Trades what rests best on a side of a market. */
function take(world: VaultHub, symbol: string, isBuy: boolean): string {
  const { id } = world.market(symbol).market!
  const resting = world.quotes().find((each) => each.market === id && each.isBuy === !isBuy)
  if (resting === undefined) return 'nothing there'
  const { remainingE9: sizeE9, limitE9 } = resting
  return world.order(TRADER, { market: id, isBuy, sizeE9, limitE9, timeInForce: 2 })
}

function difference(world: VaultHub, paidInE6: bigint): bigint {
  const made = world.results().reduce((sum, { profitE6 }) => sum + BigInt(profitE6), 0n)
  const away = world.worth() - paidInE6 - made
  return away < 0n ? -away : away
}

describe('a vault among options', { timeout: TIMEOUT_MS }, () => {
  it('quotes them near the money by the surface, hedges nothing, and tells what each market made', () => {
    const world = vaultHub({
      ...{ hasSurfaces: true, expiries: 2, underlying: ALL },
      params: { marketsMax: '30', sizeBps: '2000' },
    })
    fundVault(world, OWNER, 15_000n)
    world.blocks(60)
    const quotes = world.quotes()
    const ids = new Set(quotes.map(({ market }) => market))
    expect(ids.size).toBe(30)
    expect(quotes.length).toBeGreaterThan(20)
    for (const { limitE9, market, isBuy } of quotes)
      for (const other of quotes)
        if (other.market === market && other.isBuy !== isBuy)
          expect(isBuy ? limitE9 < other.limitE9 : limitE9 > other.limitE9).toBe(true)
    expect(take(world, 'ETH-PERP', true)).toBe('0')
    expect(world.results()[0]!.result!.symbol).toBe('ETH-PERP')
    for (const option of ['ETH-20231115-3000-C', 'ETH-20231115-3000-P', 'ETH-20231115'])
      expect([option, take(world, option, true)]).toEqual([option, '0'])
    world.blocks(12)
    const made = world.results()
    expect(made.map(({ result }) => result!.symbol)).toContain('ETH-20231115-3000-C')
    expect(made.every(({ result }) => result!.fills > 0n)).toBe(true)
    expect(difference(world, 15_000n * E6)).toBeLessThanOrEqual(5n)
    world.prices.set(ETH, 3_040n * E9)
    world.blocks(25)
    expect(difference(world, 15_000n * E6)).toBeLessThanOrEqual(5n)
    expect(BigInt(world.vault().initialMarginE6)).toBeGreaterThanOrEqual(0n)
    expect(world.broken()).toEqual([])
    expect(world.vault().status).toBe('quoting')
  })
})

describe('a genesis', { timeout: TIMEOUT_MS }, () => {
  it('of an export goes on where the first chain stood: shares, requests, quotes and history', () => {
    const world = vaultHub()
    fundVault(world, OWNER, 10_000n)
    expect(world.deposit(THIRD, 1_000n)).toBe('0')
    world.blocks(2)
    const state = exportState(world.hub.chain) as JsonValue
    const timeNanoseconds = world.driver.timeNanoseconds + 1_000_000_000n
    const again = vaultHub({ of: { state, timeNanoseconds }, prices: world.prices })
    again.blocks(3)
    expect(again.holding(OWNER)).toMatchObject({ shares: world.holding(OWNER).shares })
    expect(again.holding(THIRD).requests).toHaveLength(1)
    expect(again.quotes().length).toBe(2)
    again.pass(700n)
    expect(BigInt(again.holding(THIRD).shares)).toBeGreaterThan(0n)
    expect(again.broken()).toEqual([])
  })

  it.each([
    ['a parameter out of bounds', { params: { delaySeconds: '1' } }],
    ['a parameter that is none', { params: { spread: '1' } }],
    ['parameters as entries', { entries: [{ key: '01', value: '01' }] }],
    [
      'keys that don’t ascend',
      {
        entries: [
          { key: '0201', value: '01' },
          { key: '02', value: '01' },
        ],
      },
    ],
    ['shares of nobody', { entries: [{ key: '02', value: '0a023130' }] }],
    ['what can’t be read', { entries: [{ key: '060000000000000001', value: 'ff' }] }],
  ])('is refused: %s', (_, state) => {
    expect(refusal(() => initGenesis(memoryContext([VAULT_STORE]), state))).toBe('genesis/2')
  })

  it('without a vault makes none, and parameters are kept', () => {
    const context = memoryContext([VAULT_STORE])
    initGenesis(context, undefined)
    expect(exportGenesis(context)).toEqual({})
    initGenesis(context, { params: { enabled: '1' } })
    expect(exportGenesis(context)).toMatchObject({ params: { enabled: '1', delaySeconds: '3600' } })
  })
})
