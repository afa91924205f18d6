import type { RiskMarket } from '@causeway/margin'
import { describe, expect, it } from 'vitest'
import { Layout } from './layout.ts'
import type { RiskMarketTerms } from './ports.ts'
import { ETH, ETH_CALL, RiskWorld } from './risk-world.fixture.ts'

const listed = () => new RiskWorld().markets
const byId = (markets: readonly RiskMarketTerms[]) => new Map(markets.map((market) => [market.id, market]))
const layout = new Layout({} as RiskMarket, byId(listed()))

describe('a layout', () => {
  it('is of any list of the same markets', () => {
    expect(layout.isOf(byId(listed()))).toBe(true)
    expect(layout.isOf(byId(listed().map((market) => ({ ...market }))))).toBe(true)
  })

  it('is of no list in which a market is missing, new, or in another place', () => {
    expect(layout.isOf(byId(listed().slice(1)))).toBe(false)
    expect(layout.isOf(byId([...listed(), { ...listed()[0]!, id: 99n }]))).toBe(false)
    expect(layout.isOf(byId(listed().toReversed()))).toBe(false)
  })

  it.each<[string, Partial<RiskMarketTerms>]>([
    ['kind', { kind: 'future' }],
    ['underlying', { underlying: ETH + 1n }],
    ['expiry', { expirySeconds: 1n }],
    ['strike', { strikeE9: 1n }],
    ['right', { isCall: false }],
  ])('is of no list in which an id has another %s', (_, change) => {
    const changed = listed().map((market) => (market.id === ETH_CALL ? { ...market, ...change } : market))
    expect(layout.isOf(byId(changed))).toBe(false)
  })
})
