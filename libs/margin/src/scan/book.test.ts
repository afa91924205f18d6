import { describe, expect, it } from 'vitest'
import { drawFrom, randomAccount, randomSnapshot } from '../explain/random-case.fixture.ts'
import { readRiskModel } from '../model/read-risk-model.ts'
import { createPortfolio, type Portfolio } from '../portfolio/portfolio.ts'
import { createRiskMarket } from '../portfolio/risk-market.ts'
import { evaluatePortfolio } from '../requirement/evaluate.ts'
import { createBook, putAccount, type Book } from './book.ts'
import { entriesOf } from './entries.ts'
import { listed } from './moves.fixture.ts'
import { createReader } from './read-entries.ts'
import { slotMap, slotName, slotsOf } from './slots.ts'

const model = readRiskModel('pm2')
const draw = drawFrom(1)
const snapshot = randomSnapshot(draw)
const accounts = Array.from({ length: 60 }, (_, i) => randomAccount(draw, snapshot, model, i < 50 ? 12 : 60))
const market = createRiskMarket(model, snapshot, listed(accounts))
const portfolios = accounts.map((account) => createPortfolio(market, account))
const nothing = createPortfolio(market, { cash: 0 })

function readBack(book: Book, account: number): Portfolio {
  const read = createReader(book.market, market)
  return structuredClone(read(book, book.first[account]!, book.entries[account]!))
}

describe('book', () => {
  it('gives back what was put, and knows what it is worth', () => {
    const book = createBook(market)
    portfolios.forEach((portfolio, account) => putAccount(book, account, portfolio))
    portfolios.forEach((portfolio, account) => {
      expect(readBack(book, account)).toEqual(portfolio)
      const { maintenanceMargin, value } = evaluatePortfolio(market, portfolio)
      expect(book.maintenanceMargin[account]).toBe(maintenanceMargin)
      expect(book.worth[account]).toBe(value + portfolio.pendingCredit)
    })
  })

  it('puts an account again and again, in whatever size, and packs what was freed', () => {
    const book = createBook(market)
    const now = Array.from({ length: 20 }, () => nothing)
    now.forEach((portfolio, account) => putAccount(book, account, portfolio))
    for (let round = 0; round < 2_000; round++) {
      const account = Math.floor(draw() * now.length)
      now[account] = draw() < 0.2 ? nothing : portfolios[Math.floor(draw() * portfolios.length)]!
      putAccount(book, account, now[account])
      const live = now.reduce((sum, portfolio) => sum + entriesOf(portfolio), 0)
      expect(book.used - book.freed).toBe(live)
    }
    now.forEach((portfolio, account) => expect(readBack(book, account)).toEqual(portfolio))
    // 2,000 puts of some 30 entries have left no more than this behind
    expect(book.key.length).toBeLessThan(5_000)
  })

  it('refuses numbers beyond its end', () => {
    const book = createBook(market)
    for (const account of [1, -1, 0.5, Number.NaN])
      expect(() => putAccount(book, account, nothing)).toThrow(RangeError)
    expect(book.count).toBe(0)
  })

  it('takes a few hundred bytes for an account of ten positions', () => {
    const book = createBook(market)
    const ten = createPortfolio(market, {
      ...accounts[0]!,
      perps: [{ underlying: 'BTC', size: 1, quote: 0 }],
      futures: [],
      options: listed(accounts)
        .slice(0, 8)
        .map((terms) => ({ ...terms, amount: 1 })),
      collateral: [{ asset: 'USDX', amount: 5 }],
    })
    const count = 10_000
    for (let account = 0; account < count; account++) putAccount(book, account, ten)
    const columns = [book.first, book.entries, book.maintenanceMargin, book.worth, book.key, book.amount]
    const bytes = columns.reduce((sum, column) => sum + column.byteLength, 0) / count
    const used = 24 + 12 * entriesOf(ten)
    process.stdout.write(`book: ${used} bytes an account of ten positions, ${Math.round(bytes)} with room\n`)
    expect(used).toBeLessThan(250)
    expect(bytes).toBeLessThan(1.6 * used)
  })
})

describe('slots', () => {
  it('are named and mapped to themselves in the same market', () => {
    const { count, perps, futures, options, assets } = slotsOf(market)
    expect([...slotMap(market, market)]).toEqual(Array.from({ length: count }, (_, slot) => slot))
    const first = market.expiries.expirySeconds[0]
    expect([perps, futures, options, assets].map((slot) => slotName(market, slot))).toEqual([
      'the perpetual of BTC',
      `BTC ${first}`,
      expect.stringMatching(/^BTC \d+ \d+ (call|put)$/),
      'USDX',
    ])
  })

  it('of what the other market lacks are −1', () => {
    const [btc, ...others] = snapshot.underlyings
    const { perp: _, ...withoutPerp } = btc!
    const poorer = createRiskMarket(
      model,
      { ...snapshot, underlyings: [withoutPerp, ...others], assets: snapshot.assets.slice(1) },
      listed(accounts).filter(({ underlying }) => underlying !== 'ETH'),
    )
    const map = slotMap(market, poorer)
    const lost = Array.from(map, (slot, old) => (slot < 0 ? slotName(market, old) : '')).filter(Boolean)
    expect(lost).toContain('the perpetual of BTC')
    expect(lost).toContain('USDX')
    expect(lost.filter((name) => /^ETH \d+ \d+ /.test(name))).toHaveLength(
      listed(accounts).filter(({ underlying }) => underlying === 'ETH').length,
    )
    // What is left keeps its order
    const kept = [...map].filter((slot) => slot >= 0)
    expect(kept).toEqual([...kept].sort((a, b) => a - b))
  })
})
