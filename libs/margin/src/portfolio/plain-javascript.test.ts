// Callers without types: what is of the wrong kind is named, it neither counts as a number nor ends in a
// `TypeError`.
import { describe, expect, it } from 'vitest'
import { isMarginError } from '../errors.ts'
import { explain } from '../explain/explain.ts'
import { accountGreeks } from '../greeks/account-greeks.ts'
import { presets } from '../model/presets.ts'
import { readRiskModel } from '../model/read-risk-model.ts'
import type { RiskModel } from '../model/risk-model.ts'
import { liquidationPrices } from '../plan/liquidation-distance.ts'
import { evaluate } from '../requirement/evaluate.ts'
import type { Account } from './account.ts'
import { ethOption, expiryOf, MARKET, underlyingOf } from './market.fixture.ts'
import { splitForward, type MarketSnapshot } from './market-snapshot.ts'
import { createPortfolio } from './portfolio.ts'
import { createRiskMarket } from './risk-market.ts'

const pm2 = readRiskModel('pm2')
const eth = underlyingOf('ETH')

function messageOf(attempt: () => unknown): string {
  try {
    attempt()
    return 'no error'
  } catch (error) {
    if (!isMarginError(error)) throw error
    return error.message
  }
}

const ofMarket = (change: object) => messageOf(() => evaluate(pm2, { ...MARKET, ...change }, { cash: 0 }))
const ofUnderlying = (change: object) => ofMarket({ underlyings: [{ ...eth, ...change }], assets: [] })
const ofExpiry = (change: object) => ofUnderlying({ expiries: [{ ...expiryOf(3_000, 7), ...change }] })
const ofAccount = (account: unknown) => messageOf(() => evaluate(pm2, MARKET, account as Account))

describe('snapshots', () => {
  it('stable price and confidences are integers of 10⁻¹⁸', () => {
    const wanted = 'a bigint in units of 10⁻¹⁸ is expected, not'
    expect(ofMarket({ stablePrice: 1 })).toBe(`stable price: ${wanted} 1`)
    expect(ofMarket({ stablePrice: undefined })).toBe(`stable price: ${wanted} nothing`)
    expect(ofUnderlying({ spotConfidence: 1 })).toBe(`ETH spot confidence: ${wanted} 1`)
    expect(ofUnderlying({ perp: { price: 3_000, confidence: 0.5 } })).toContain(`perp confidence: ${wanted}`)
    for (const name of ['forward', 'rate', 'vol'])
      expect(ofExpiry({ [`${name}Confidence`]: 1 })).toContain(`${name} confidence: ${wanted} 1`)
    const assets = [{ ...MARKET.assets[0]!, confidence: 1 }]
    expect(ofMarket({ assets })).toContain(`confidence: ${wanted} 1`)
  })

  it('lists are lists, numbers are numbers', () => {
    expect(messageOf(() => evaluate(pm2, null as unknown as MarketSnapshot, { cash: 0 }))).toBe(
      'snapshot: an object is expected, not null',
    )
    expect(ofMarket({ underlyings: null })).toBe('snapshot.underlyings: a list is expected, not null')
    expect(ofMarket({ assets: undefined })).toBe('snapshot.assets: a list is expected, not nothing')
    expect(ofMarket({ assets: [null] })).toBe('snapshot.assets[0]: an object is expected, not null')
    expect(ofUnderlying({ expiries: null })).toContain('a list is expected, not null')
    expect(ofExpiry({ markVols: 5 })).toContain('a list is expected, not 5')
    expect(ofMarket({ timeSeconds: null })).toBe('timeSeconds is no finite number: null')
    for (const bad of [null, '3000', true, 3_000n])
      expect(ofUnderlying({ spot: bad })).toBe(`ETH spot is no finite number: ${bad}`)
  })
})

describe('accounts', () => {
  it('an account is an object, its positions lists of objects', () => {
    for (const of of [evaluate, explain, accountGreeks, liquidationPrices])
      expect(messageOf(() => of(pm2, MARKET, null as unknown as Account))).toBe(
        'account: an object is expected, not null',
      )
    for (const kind of ['perps', 'futures', 'options', 'collateral']) {
      expect(ofAccount({ cash: 0, [kind]: null })).toBe(`account.${kind}: a list is expected, not null`)
      expect(ofAccount({ cash: 0, [kind]: [null] })).toBe(
        `account.${kind}[0]: an object is expected, not null`,
      )
      expect(ofAccount({ cash: 0, [kind]: [{}] })).toContain('is not in the market')
      expect(ofAccount({ cash: 0, [kind]: undefined })).toBe('no error')
    }
    const market = createRiskMarket(pm2, MARKET)
    expect(messageOf(() => createPortfolio(market, null as unknown as Account))).toContain('an object')
  })

  it('cash and sizes are numbers', () => {
    for (const bad of [null, undefined, '5', 5n, true])
      expect(ofAccount({ cash: bad })).toBe(`account cash is no finite number: ${bad}`)
    for (const size of [null, '5'])
      expect(ofAccount({ cash: 0, perps: [{ underlying: 'ETH', size, quote: 0 }] })).toBe(
        `perpetual size is no finite number: ${size}`,
      )
  })

  it('too many positions are refused before anything is made of them', () => {
    const options = new Array<object>(300_000).fill(ethOption(2, 3_000, true, 1))
    // Were the option table made first, the error would be that an option stands there twice
    expect(ofAccount({ cash: 0, options })).toBe('300000 positions are more than 10000')
  })
})

describe('models', () => {
  it('a parameter set has to be read first', () => {
    const of = (model: unknown) => messageOf(() => evaluate(model as RiskModel, MARKET, { cash: 0 }))
    const wanted = 'model: what readRiskModel returns is expected, not'
    for (const name of ['pm2', 'pm1', 'standard'] as const) {
      expect(of(presets[name])).toBe(`${wanted} a parameter set`)
      expect(of(readRiskModel(presets[name]))).toBe('no error')
    }
    expect(of('pm2')).toBe(`${wanted} "pm2"`)
    expect(of(null)).toBe('model: an object is expected, not null')
    expect(of({ kind: 'other' })).toContain('one of scenario, standard, linear is expected')
    // Has nothing to convert: read or not, it is the same
    expect(of(presets.linear)).toBe('no error')
  })
})

describe('splitForward', () => {
  it('refuses what is no number or leads beyond the largest', () => {
    for (const bad of [Number.NaN, Infinity]) expect(() => splitForward(bad, 900)).toThrow('finite')
    expect(() => splitForward(3_000, Number.NaN)).toThrow('finite')
    expect(() => splitForward(1e308, 900)).toThrow('finite')
    expect(splitForward(3_000, Infinity)).toEqual({ forwardFixed: 0, forwardVariable: 3_000 })
  })
})
