import { describe, expect, it } from 'vitest'
import { drawFrom, randomAccount, randomSnapshot } from '../explain/random-case.fixture.ts'
import { readRiskModel } from '../model/read-risk-model.ts'
import type { RiskModel } from '../model/risk-model.ts'
import type { Account, OptionTerms } from '../portfolio/account.ts'
import type { MarketSnapshot } from '../portfolio/market-snapshot.ts'
import { createPortfolio } from '../portfolio/portfolio.ts'
import { createRiskMarket, type RiskMarket } from '../portfolio/risk-market.ts'
import { evaluate, evaluatePortfolio } from '../requirement/evaluate.ts'
import { createBook, moveBook, putAccount, type Book } from './book.ts'
import { moveBounds } from './move-bounds.ts'
import { listed, randomMove } from './moves.fixture.ts'
import { boundHealth, boundHealthAbove, scan } from './scan.ts'

const MOVES = 420
const ACCOUNTS = 12
const SHARES_BPS = [0, 2_500, 5_000, 10_000]

/** Verdicts by the definition: every account is valued on its own. */
function belowByDefinition(market: RiskMarket, accounts: readonly Account[], shareBps: number) {
  return accounts.flatMap((account, index) => {
    const each = evaluatePortfolio(market, createPortfolio(market, account))
    const { maintenanceMarginE6, maintenanceRequirementE6 } = each
    return maintenanceMarginE6 * 10_000n < BigInt(shareBps) * maintenanceRequirementE6
      ? [{ account: index, maintenanceMarginE6, maintenanceRequirementE6 }]
      : []
  })
}

function bookOf(market: RiskMarket, accounts: readonly Account[]): Book {
  const book = createBook(market)
  accounts.forEach((account, index) => putAccount(book, index, createPortfolio(market, account)))
  return book
}

/**
 * Cash with which an account has this margin, less a share of its requirement, at a market: just below or
 * above.
 */
function atTheEdge(market: RiskMarket, account: Account, share: number, marginE6: number): Account {
  const { maintenanceMargin, maintenanceRequirement, gross } = evaluatePortfolio(
    market,
    createPortfolio(market, { ...account, cash: 0 }),
  )
  const laidOn = 1e-9 * gross * (1 + share)
  const cash = share * maintenanceRequirement - maintenanceMargin + laidOn + marginE6 / 1e6
  return { ...account, cash }
}

/**
 * Accounts of which 5 % have up to 10 % more than their maintenance requirement, the others up to 200 % more.
 */
function realisticAccounts(model: RiskModel, snapshot: MarketSnapshot, count: number): Account[] {
  const draw = drawFrom(76)
  return Array.from({ length: count }, () => {
    const account = { ...randomAccount(draw, snapshot, model, 8), cash: 0, pendingCredit: 0 }
    const { maintenanceMargin, maintenanceRequirement } = evaluate(model, snapshot, account)
    const more = draw() < 0.05 ? 0.1 * draw() : 0.1 + 1.9 * draw()
    return { ...account, cash: more * maintenanceRequirement - maintenanceMargin }
  })
}

/** All prices 0.5 % lower, all volatilities 2 % higher. */
function aLittleLater(snapshot: MarketSnapshot): MarketSnapshot {
  return {
    ...snapshot,
    underlyings: snapshot.underlyings.map(({ perp, ...each }) => ({
      ...each,
      spot: each.spot * 0.995,
      ...(perp ? { perp: { ...perp, price: perp.price * 0.995 } } : {}),
      expiries: each.expiries.map(({ surface, ...expiry }) => ({
        ...expiry,
        forwardFixed: expiry.forwardFixed * 0.995,
        forwardVariable: expiry.forwardVariable * 0.995,
        ...(surface
          ? {
              surface: {
                ...surface,
                a: surface.a * 1.0404,
                b: surface.b * 1.0404,
                forward: surface.forward * 0.995,
              },
            }
          : {}),
      })),
    })),
    assets: snapshot.assets.map((asset) => ({
      ...asset,
      price: asset.underlying === undefined ? asset.price : asset.price * 0.995,
    })),
  }
}

/** The account without its position in an option. */
function without(terms: OptionTerms | undefined, account: Account): Account {
  const isOther = (option: OptionTerms) =>
    option.underlying !== terms?.underlying ||
    option.expirySeconds !== terms.expirySeconds ||
    option.strike !== terms.strike ||
    option.isCall !== terms.isCall
  return { ...account, options: (account.options ?? []).filter(isOther) }
}

/** The market with an underlying that sorts before all others, so that all indexes are other ones. */
function withAnother(snapshot: MarketSnapshot): MarketSnapshot {
  return {
    ...snapshot,
    underlyings: [...snapshot.underlyings, { ...snapshot.underlyings[0]!, name: 'AAVE' }],
  }
}

describe('health bound', () => {
  it('is never above health, whatever the market does', { timeout: 120_000 }, () => {
    let cases = 0
    for (let seed = 0; seed < MOVES; seed++) {
      const { from, to, accounts } = randomMove(seed, ACCOUNTS)
      const book = bookOf(from, accounts)
      for (const shareBps of [0, SHARES_BPS[1 + (seed % 3)]!]) {
        const share = shareBps / 10_000
        const bounds = moveBounds(from, to, shareBps)!
        accounts.forEach((account, index) => {
          const after = evaluatePortfolio(to, createPortfolio(to, account))
          const laidOn = 1e-9 * after.gross * (1 + share)
          const health = after.maintenanceMargin - share * after.maintenanceRequirement - laidOn
          const bound = boundHealth(book, bounds, index)
          if (!(bound <= health))
            expect.fail(`seed ${seed}, account ${index}: bound ${bound}, health ${health}`)
          cases++
        })
      }
    }
    process.stdout.write(`health bound: no violation in ${cases.toLocaleString('en')} cases\n`)
  })

  it('does not skip accounts that end a hair below the line', { timeout: 120_000 }, () => {
    for (let seed = 10_000; seed < 10_000 + MOVES / 2; seed++) {
      const { from, to, accounts } = randomMove(seed, 6)
      const shareBps = SHARES_BPS[seed % 4]!
      const edge = accounts.flatMap((account) =>
        [-2, -1, 0, 1].map((marginE6) => atTheEdge(to, account, shareBps / 10_000, marginE6)),
      )
      const found = scan(bookOf(from, edge), to, shareBps)
      expect(found.below, `seed ${seed}`).toEqual(belowByDefinition(to, edge, shareBps))
    }
  })

  it('is tight where nothing moves', () => {
    for (let seed = 0; seed < 20; seed++) {
      const { from, accounts } = randomMove(seed, ACCOUNTS)
      const book = bookOf(from, accounts)
      const bounds = moveBounds(from, from)!
      accounts.forEach((account, index) => {
        const { maintenanceMargin, gross } = evaluatePortfolio(from, createPortfolio(from, account))
        const lost = maintenanceMargin - boundHealth(book, bounds, index)
        expect(lost).toBeGreaterThanOrEqual(1e-9 * gross * (1 - 1e-6))
        expect(lost).toBeLessThanOrEqual(1e-7 * gross)
      })
    }
  })
})

describe('health bound of the move back', () => {
  it('is never below health, whatever the market does', { timeout: 120_000 }, () => {
    let [cases, useful] = [0, 0]
    for (let seed = 50_000; seed < 50_000 + MOVES; seed++) {
      const { from, to, accounts } = randomMove(seed, ACCOUNTS)
      const book = bookOf(from, accounts)
      for (const shareBps of [0, SHARES_BPS[1 + (seed % 3)]!]) {
        const share = shareBps / 10_000
        const [forth, back] = [moveBounds(from, to, shareBps)!, moveBounds(to, from, shareBps)!]
        accounts.forEach((account, index) => {
          const after = evaluatePortfolio(to, createPortfolio(to, account))
          const health = after.maintenanceMargin - share * after.maintenanceRequirement
          const bound = boundHealthAbove(book, back, index)
          if (!(bound >= health))
            expect.fail(`seed ${seed}, account ${index}: bound ${bound}, health ${health}`)
          // Where it is below 0, the ledger's figures are below the line, too
          if (bound < -1e-6) {
            const { maintenanceMarginE6, maintenanceRequirementE6 } = after
            expect(maintenanceMarginE6 * 10_000n < BigInt(shareBps) * maintenanceRequirementE6).toBe(true)
            useful++
          }
          expect(boundHealth(book, forth, index)).toBeLessThanOrEqual(bound)
          cases++
        })
      }
    }
    expect(useful).toBeGreaterThan(500)
    process.stdout.write(`bound from above: no violation in ${cases} cases, ${useful} surely below\n`)
  })

  it('is tight where nothing moves', () => {
    for (let seed = 0; seed < 20; seed++) {
      const { from, accounts } = randomMove(seed, ACCOUNTS)
      const book = bookOf(from, accounts)
      const bounds = moveBounds(from, from)!
      accounts.forEach((account, index) => {
        const { maintenanceMargin, gross } = evaluatePortfolio(from, createPortfolio(from, account))
        expect(boundHealthAbove(book, bounds, index) - maintenanceMargin).toBeLessThanOrEqual(1e-7 * gross)
      })
    }
  })

  it('has to end where the book stands', () => {
    const { from, to, accounts } = randomMove(0, 1)
    expect(() => boundHealthAbove(bookOf(from, accounts), moveBounds(from, to)!, 0)).toThrow(RangeError)
  })
})

describe('scan', () => {
  it('gives the verdict of valuing everybody, by every share', { timeout: 120_000 }, () => {
    let [valued, skipped, below] = [0, 0, 0]
    for (let seed = 20_000; seed < 20_120; seed++) {
      const { from, to, accounts } = randomMove(seed, 40)
      const book = bookOf(from, accounts)
      for (const shareBps of SHARES_BPS) {
        const found = scan(book, to, shareBps)
        expect(found.below, `seed ${seed}`).toEqual(belowByDefinition(to, accounts, shareBps))
        expect(found.valued + found.skipped).toBe(accounts.length)
        valued += found.valued
        skipped += found.skipped
        below += found.below.length
      }
    }
    // The moves are wild: both happen often
    expect(Math.min(skipped, below)).toBeGreaterThan(3_000)
    process.stdout.write(`scans of wild moves: ${skipped} skipped, ${valued} valued, ${below} below\n`)
  })

  it.each(['pm2', 'pm1', 'standard', 'linear'])(
    'skips nearly everybody after a realistic move: %s',
    (name) => {
      const model = readRiskModel(name)
      const before = randomSnapshot(drawFrom(3))
      const after = aLittleLater(before)
      const accounts = realisticAccounts(model, before, 1_000)
      const options = listed(accounts)
      const book = bookOf(createRiskMarket(model, before, options), accounts)
      const market = createRiskMarket(model, after, options)
      const { skipped, valued, below } = scan(book, market)
      process.stdout.write(
        `${name}, prices −0.5 %, vol +2 %: ${skipped} of 1,000 skipped, ${below.length} of ${valued} below\n`,
      )
      expect(below).toEqual(belowByDefinition(market, accounts, 0))
      expect(skipped).toBeGreaterThan(900)
    },
  )

  it('goes on from where the book was moved to', () => {
    for (let seed = 30_000; seed < 30_040; seed++) {
      const { from, to, accounts } = randomMove(seed, 20)
      const book = bookOf(from, accounts)
      moveBook(book, to)
      const fresh = bookOf(to, accounts)
      expect(book.maintenanceMargin.slice(0, 20)).toEqual(fresh.maintenanceMargin.slice(0, 20))
      expect(book.worth.slice(0, 20)).toEqual(fresh.worth.slice(0, 20))
      expect(scan(book, from).below).toEqual(belowByDefinition(from, accounts, 0))
    }
  })

  it('skips nobody when instruments come or go, or the model is another', () => {
    for (let seed = 40_000; seed < 40_060; seed++) {
      const { model, from, to, after, accounts } = randomMove(seed, 10)
      const options = listed(accounts)
      const kept = accounts.map((account) => without(options[0], account))
      const changed = {
        'an option less': createRiskMarket(model, after, options.slice(1)),
        'an underlying more': createRiskMarket(model, withAnother(after), options),
        'another model': createRiskMarket({ ...model }, after, options),
      }
      for (const [name, market] of Object.entries(changed)) {
        if (name === 'an option less' && options.length === 0) continue
        const book = bookOf(from, kept)
        expect(moveBounds(from, market)).toBeUndefined()
        const found = scan(book, market)
        expect(found).toMatchObject({ skipped: 0, valued: accounts.length })
        expect(found.below, `seed ${seed}, ${name}`).toEqual(belowByDefinition(market, kept, 0))
        moveBook(book, market)
        expect(scan(book, market).below).toEqual(found.below)
        expect(scan(book, to).below).toEqual(belowByDefinition(to, kept, 0))
      }
    }
  })

  it('refuses a position that the market no longer lists, and leaves the book alone', () => {
    const { model, from, to, after, accounts } = randomMove(0, 10)
    const book = bookOf(from, accounts)
    const market = createRiskMarket(model, after, listed(accounts).slice(1))
    expect(() => scan(book, market)).toThrow(/is not in the market/)
    expect(() => moveBook(book, market)).toThrow(/is not in the market/)
    expect(book.market).toBe(from)
    expect(scan(book, to).below).toEqual(belowByDefinition(to, accounts, 0))
  })

  it.each([-1, 0.5, 10_001, Number.NaN, Infinity])('refuses a share of %d', (shareBps) => {
    const { from } = randomMove(0, 0)
    expect(() => scan(createBook(from), from, shareBps)).toThrow(/share/)
  })

  it('refuses bounds that begin elsewhere', () => {
    const { from, to, accounts } = randomMove(0, 1)
    expect(() => boundHealth(bookOf(from, accounts), moveBounds(to, from)!, 0)).toThrow(RangeError)
  })

  it('finds nobody in an empty book', () => {
    const { from, to } = randomMove(1, 0)
    expect(scan(createBook(from), to)).toEqual({ below: [], valued: 0, skipped: 0 })
  })
})
