import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readRiskModel } from '../model/read-risk-model.ts'
import type { Account } from '../portfolio/account.ts'
import { accountArbitrary, ethOption, MARKET, underlyingOf } from '../portfolio/market.fixture.ts'
import { createPortfolio } from '../portfolio/portfolio.ts'
import { createRiskMarket } from '../portfolio/risk-market.ts'
import { entriesOf, writeEntries } from './entries.ts'
import { createReader } from './read-entries.ts'
import { keyOf, slotsOf } from './slots.ts'

const model = readRiskModel('pm2')

/** Columns that hold one account from place `first` on, laid out over a market of its own options. */
function written(account: Account, first: number) {
  const market = createRiskMarket(model, MARKET, account.options ?? [])
  const portfolio = createPortfolio(market, account)
  const entries = entriesOf(portfolio)
  const key = new Uint32Array(first + entries).fill(0xffff)
  const columns = { slots: slotsOf(market), key, amount: new Float64Array(first + entries).fill(Number.NaN) }
  writeEntries(columns, first, portfolio)
  return { market, portfolio, columns, entries }
}

describe('entries', () => {
  it('are read as they were written, wherever they lie', () => {
    fc.assert(
      fc.property(accountArbitrary, fc.nat({ max: 50 }), (account, first) => {
        const { market, portfolio, columns, entries } = written(account, first)
        expect(createReader(market, market)(columns, first, entries)).toEqual(portfolio)
        expect(columns.key.slice(0, first).every((key) => key === 0xffff)).toBe(true)
      }),
    )
  })

  it('are read over a market that lists more: what it is worth is the same', () => {
    fc.assert(
      fc.property(accountArbitrary, (account) => {
        const { market, columns, entries } = written(account, 0)
        const snapshot = {
          ...MARKET,
          underlyings: [...MARKET.underlyings, { ...underlyingOf('ETH'), name: 'AAVE' }],
          assets: [...MARKET.assets, { ...MARKET.assets[0]!, name: 'DAI' }],
        }
        const more = ethOption(4, 2_222, true, 1)
        const richer = createRiskMarket(model, snapshot, [...(account.options ?? []), more])
        const read = createReader(market, richer)(columns, 0, entries)
        expect(read).toEqual(createPortfolio(richer, account))
      }),
    )
  })

  it('of more than 64 options are read, too', () => {
    const options = Array.from({ length: 150 }, (_, i) => ethOption(i % 5, 1_000 + 10 * i, true, i - 75))
    const { market, portfolio, columns, entries } = written({ cash: 1, options }, 3)
    const read = createReader(market, market)
    expect(read(columns, 3, entries)).toEqual(portfolio)
    expect(read(columns, 3, entries)).toEqual(portfolio)
  })

  it('tell by their key what is owed', () => {
    expect([keyOf(7, 1), keyOf(7, 0), keyOf(7, -0), keyOf(7, -1e-300)]).toEqual([14, 14, 14, 15])
  })
})
