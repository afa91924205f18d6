import { Underlying } from '@causeway/protocol/causeway/markets/v1/markets'
import { expect, it } from 'vitest'
import { listByRule, listUnderlying } from './listing.ts'
import type { MarketsPorts } from './ports.ts'
import { MARKETS_STORE, markets } from './state.ts'
import { E9, ETH, World } from './world.fixture.ts'

const BTC = 8n
const GRID = { tickE9: 10_000_000n, lotE9: 100_000_000n }

it('an underlying that waits for its prices makes nobody look up what is listed of others', () => {
  const world = new World({ params: PARAMS, underlying: { option: undefined } })
  const asked: bigint[] = []
  let forwardE9 = undefined as bigint | undefined
  const { ports, context } = world
  const watched: MarketsPorts = {
    ...ports,
    assets: { ...ports.assets, decimals: () => 8 },
    prices: {
      ...ports.prices,
      index(read, asset) {
        asked.push(asset)
        return ports.prices.index(read, asset)
      },
      forwardE9: () => forwardE9,
    },
  }
  const btc = Underlying.fromPartial({
    asset: BTC,
    name: 'BTC',
    tier: 1,
    option: GRID,
    ownerCapE9: E9,
    openInterestCapE9: E9,
    openNotionalUpperE6: 1n,
  })
  listUnderlying(context, watched, btc)
  listByRule(context, watched)
  asked.length = 0
  listByRule(context, watched)
  expect(asked).toContain(BTC)
  expect(asked).not.toContain(ETH)
  // Once it has them it is listed in the same hour
  forwardE9 = 3_000n * E9
  const count = () => [...markets(context.store(MARKETS_STORE))].length
  const before = count()
  listByRule(context, watched)
  expect(count()).toBeGreaterThan(before)
  for (let last = 0; last !== count(); listByRule(context, watched)) last = count()
  asked.length = 0
  listByRule(context, watched)
  expect(asked).toEqual([])
})

const PARAMS = {
  ordersMax: '100',
  positionsMax: '50',
  gainLockSeconds: '60',
  automaticListing: '1',
  settledMax: '500',
}
