// A quote is taken within the gas of its message by those who have much: makers of options most of all.
import { QueryMarketsRequest, QueryMarketsResponse } from '@causeway/protocol/causeway/markets/v1/query'
import { expect, it } from 'vitest'
import { arena, takeQuote } from './manipulations/arena.fixture.ts'
import { E9, order, place } from './testing/trading-hub.fixture.ts'

const GRID = { tickE9: '10000000', lotE9: '1000000' }
const [TAKER, MAKER] = ['gas taker', 'gas maker']
const LEGS = 8

it('of one leg is taken between two that hold 96 options each, one with 100 orders', async () => {
  const world = arena([TAKER, MAKER], {
    ...{ hasSurfaces: true, expiries: 3 },
    underlying: { option: GRID, future: GRID, perpetual: GRID },
  })
  world.fund(TAKER, MAKER)
  world.blocks(20)
  const take = (...legs: (readonly [string, number, number])[]) =>
    takeQuote(world, { taker: TAKER, maker: MAKER, legs })
  // No option has traded: what its mark is tells the refusal of a price far from it
  const legs: (readonly [string, number, number])[] = []
  for (const symbol of optionsOf(world)) {
    if (legs.length === 96) break
    expect(await take([symbol, 0.001, 5_999])).not.toBe('0')
    const markE9 = /mark, (\d+)/.exec(world.driver.responses.at(-1)!.txResults.at(-1)!.log)?.[1] ?? '0'
    if (BigInt(markE9) >= E9) legs.push([symbol, 0.001, Math.round(Number(markE9) / 1e7) / 100])
  }
  expect(legs).toHaveLength(96)
  for (let i = 0; i < 96; i += LEGS) expect(await take(...legs.slice(i, i + LEGS))).toBe('0')
  const maker = world.of(MAKER)
  const terms = { market: world.market('ETH-PERP').market!.id, limitE9: 1_500n * E9, sizeE9: E9 / 1_000n }
  for (let i = 0; i < 100; i++)
    expect(place(world.driver, maker, order(maker, { ...terms, isBuy: true }))).toBe('0')
  expect(await take(['ETH-PERP', 1, 3_000])).toBe('0')
  expect(world.broken()).toEqual([])
})

function optionsOf({ driver }: ReturnType<typeof arena>): string[] {
  const data = QueryMarketsRequest.encode(QueryMarketsRequest.fromPartial({ limit: 1_000 })).finish()
  const { value } = driver.query('/causeway.markets.v1.Query/Markets', data)
  const symbols = QueryMarketsResponse.decode(value).markets.map(({ market }) => market!.symbol)
  return symbols.filter((symbol) => /-[CP]$/.test(symbol))
}
