import { describe, expect, it } from 'vitest'
import { describePosition } from './describe-position.ts'
import type { Position, PositionAsset } from './position.ts'

const ether = {
  ...{ denom: 'eth', decimals: 18, amount: '500000000000000000', price: '3000.1', priceStatus: 'fresh' },
  ...{ value: '1500.050000', initialValue: '1275.042500', haircutBps: 1_500, lines: [] },
  proof: { height: '7', appHash: '' },
} satisfies PositionAsset
const fees = { ...ether, denom: 'ucway', price: null }
const greeks = { delta: 4_482.5, gamma: 61.234, vega: 5.5, theta: -3.333 }

const position = (more: object): Position => ({
  ...{ owner: 'cway1trader', height: '7', equity: '1', inFlight: [] },
  accounts: [
    {
      subaccounts: [
        {
          ...{ subaccount: 0, equity: '3500.123456', cash: '2000.000000', positions: [], greeks },
          ...{ initialMargin: '-12.345678', maintenanceMargin: '1', initialRequirement: '1' },
          ...{ maintenanceRequirement: '1', collateral: [ether, fees], ...more },
        },
      ],
    },
  ],
})

describe('a position in words', () => {
  it('is cash and what has a price', () => {
    const { what, facts, details } = describePosition(position({}))
    expect(what).toBe('shows 2,000.00 USD of cash, 0.5 eth worth 1,500.05 USD')
    expect(facts).toEqual({
      equity: '3,500.12 USD',
      'initial margin': '-12.34 USD',
      'proven at hub block': '7',
    })
    expect(details).toEqual({ account: 'cway1trader' })
  })

  it('has what is held in markets, with Greeks', () => {
    const held = { entryPrice: null, mark: null, value: null, unrealised: null, fees: null, greeks: null }
    const positions = [
      { market: 'ETH-PERP', size: '2.000000000', ...held },
      { market: 'ETH-20270326-3000-P', size: '-10.500000000', ...held },
    ]
    const { what, details } = describePosition(position({ positions }))
    expect(what).toMatch(/, 2 ETH-PERP, -10\.5 ETH-20270326-3000-P$/)
    expect(details?.['Greeks']).toBe('delta 4482.50 · gamma 61.23 · vega 5.50 · theta -3.33 USD')
  })

  it('of nobody is nothing', () => {
    expect(describePosition({ ...position({}), accounts: [] }).what).toBe('shows 0.00 USD of cash')
  })
})
