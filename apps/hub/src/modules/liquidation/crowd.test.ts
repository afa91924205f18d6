// Very many accounts fail at once: a block does so much, the deepest first, and goes on in the next.
import {
  QueryLiquidationRequest,
  QueryLiquidationResponse,
} from '@causeway/protocol/causeway/liquidation/v1/query'
import { describe, expect, it } from 'vitest'
import { createAddressCodec } from '../../identifiers.ts'
import { E6, E9, ETH } from '../../testing/trading-hub.fixture.ts'
import { FAILING, NAMES, SECOND, eventsOf } from './failing.fixture.ts'
import type { FailingHub } from './failing.fixture.ts'
import { ONE_ETH, marketsHub } from './markets.fixture.ts'

const { encode, decodeHolder } = createAddressCodec('cway')
const addressOf = (i: number) => {
  const account = new Uint8Array(20).fill(0x77)
  new DataView(account.buffer).setUint32(0, (i * 2_654_435_761) >>> 0)
  return encode(account)
}

/** So many accounts with an ether each, and a debt of 2,500 to 2,549; the failing one is owed it all. */
function crowd(count: number, params: Record<string, string> = {}): FailingHub {
  return marketsHub({
    params,
    ether: { [SECOND]: ONE_ETH },
    change(genesis) {
      const { ledger } = genesis
      const debts = Array.from({ length: count }, (_, i) => 2_500n * E6 + BigInt(i % 50) * E6)
      const sum = debts.reduce((total, debt) => total + debt, 0n)
      for (let i = 0; i < count; i++)
        ledger.balances.push({ holder: addressOf(i), denom: 'eth', amount: `${ONE_ETH}` })
      const line = ledger.lines.at(-1) as { escrowed: string }
      line.escrowed = `${BigInt(line.escrowed) + ONE_ETH * BigInt(count)}`
      const owed = ledger.balances.find((each) => (each as { denom: string }).denom === 'usdz') as {
        holder: string
      }
      const shares = (amount: bigint) => `${amount * 10n ** 18n}`
      genesis['cash'] = {
        assets: [{ asset: '2' }],
        accounts: [
          { holder: owed.holder, shares: shares(sum) },
          ...debts.map((debt, i) => ({ holder: addressOf(i), shares: shares(-debt) })),
        ].sort((a, b) => Buffer.compare(decodeHolder(a.holder).account, decodeHolder(b.holder).account)),
      }
    },
  })
}

const starts = (world: FailingHub) =>
  world.driver.responses.map(
    (block) => eventsOf(block, 'stage').filter(({ before }) => before === 'none').length,
  )

/** Sixty to two hundred accounts: slow on a busy machine. */
const TIMEOUT_MS = 300_000

describe('a crowd that fails', { timeout: TIMEOUT_MS }, () => {
  it('is begun so many a block, the deepest first', () => {
    const world = crowd(200, { startedMax: '15', valuedMax: '1000' })
    expect(world.broken()).toEqual([])
    world.fall(2_700)
    world.blocks(14)
    const all = starts(world).filter((count) => count > 0)
    expect(Math.max(...all)).toBe(15)
    expect(all.reduce((sum, count) => sum + count, 0)).toBe(Number(world.params().count))
    const order = world.driver.responses
      .flatMap((block) => eventsOf(block, 'stage'))
      .map(({ value_e6: value }) => BigInt(value!))
    const first = order.slice(0, 60)
    const rest = order.slice(60)
    // By what they lack; those of a block in the order in which they were begun
    const deepest = (values: readonly bigint[]) =>
      values.reduce((most, each) => (each > most ? each : most), -(1n << 64n))
    expect(deepest(first) <= deepest(rest)).toBe(true)
    expect(world.params().count).toBe(200n)
    expect(world.broken()).toEqual([])
  })

  it('is valued so many a block, in turn: nobody is forgotten, and who recovers gets out', () => {
    const world = crowd(120, { startedMax: '200', valuedMax: '25', recoveredSeconds: '0' })
    world.fall(2_700)
    world.blocks(12)
    expect(world.params().count).toBe(120n)
    expect(Math.max(...starts(world))).toBeLessThanOrEqual(25)
    world.fall(3_100)
    world.blocks(8)
    expect(world.all()).toEqual([])
    expect(world.params()).toMatchObject({ count: 0n, deficitsE6: '0' })
    expect(world.broken()).toEqual([])
  })

  it('gets no cheaper while a price is out, those either that no block came to', () => {
    const world = crowd(60, { startedMax: '200', valuedMax: '25', closingBlocks: '0' })
    world.fall(2_700)
    world.blocksUntil(() => world.all(undefined, 100).length === 60)
    const elapsed = () =>
      world.all(undefined, 100).map(({ account }) => {
        const request = QueryLiquidationRequest.encode({ account }).finish()
        const { value } = world.driver.query('/causeway.liquidation.v1.Query/Liquidation', request)
        const { liquidation, timeSeconds } = QueryLiquidationResponse.decode(value)
        return Number(timeSeconds - liquidation!.stageSeconds)
      })
    const before = elapsed()
    world.prices.delete(ETH)
    world.blocks(60)
    world.prices.set(ETH, 2_700n * E9)
    world.blocks(8)
    // A price is fresh for ten seconds; the rest of the minute counts for nobody
    const passed = elapsed().map((seconds, i) => seconds - before[i]!)
    expect(Math.max(...passed)).toBeLessThanOrEqual(20)
    expect(world.broken()).toEqual([])
  })

  it('of debts is sold its collateral, and the bidder takes the debt with it', () => {
    const world = crowd(10, { closingBlocks: '0' })
    world.fall(2_700)
    world.blocksUntil(() => world.all().length === 10)
    const { account } = world.all()[0]!
    const before = world.worth(SECOND)
    expect(world.bids([SECOND, { account, shareE9: E9 / 4n }])).toEqual(['0'])
    const sold = world.driver.responses.flatMap((block) => eventsOf(block, 'sold'))
    expect(sold[0]).toMatchObject({ underlying: '0' })
    // A quarter of an ether, paid in cash at its price less what the taker earns: so the debt shrinks
    expect(BigInt(sold[0]!['worth_e6']!)).toBeGreaterThan(600n * E6)
    expect(BigInt(sold[0]!['paid_e6']!)).toBeGreaterThan(600n * E6)
    expect(world.worth(SECOND)).toBeGreaterThan(before)
    expect(world.broken()).toEqual([])
  })

  it('that is bankrupt is handed to insurance so many a block', () => {
    const world = crowd(40, { resolvedMax: '7', insolventSeconds: '5' })
    world.prices.set(ETH, 2_300n * E9)
    world.blocksUntil(() => world.all().length === 40)
    world.blocks(14)
    const ended = world.driver.responses.map(
      (block) => eventsOf(block, 'stage').filter(({ reason }) => reason === 'resolved').length,
    )
    expect(Math.max(...ended)).toBe(7)
    expect(ended.reduce((sum, count) => sum + count, 0)).toBe(40)
    expect(world.all()).toEqual([])
    expect(NAMES).toContain(FAILING)
    expect(world.broken()).toEqual([])
  })
})
