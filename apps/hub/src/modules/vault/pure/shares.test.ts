import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { NOBODYS_SHARES, buyingE18, cashFor, hasLost, sellingE18, sharesFor, sharesPaidBy } from './shares.ts'

const E6 = 10n ** 6n
const ONE = 10n ** 12n
const ONE_E18 = 10n ** 18n
const LEFT_BPS = 10n

const worth = fc.bigInt({ min: -(10n ** 15n), max: 10n ** 18n })
const shares = fc.oneof(fc.constant(0n), fc.bigInt({ min: 1n, max: 10n ** 24n }))
const amounts = fc.bigInt({ min: 1n, max: 10n ** 16n })

/** What the vault takes at least: 100 cash. */
const deposits = fc.bigInt({ min: 100n * E6, max: 10n ** 16n })

/** A vault with its holders, as the module keeps its books: deposits at the worse worth, withdrawals too. */
class Book {
  worthE6 = 0n
  shares = 0n
  readonly held: bigint[]
  readonly paidIn: bigint[]
  readonly paidOut: bigint[]

  constructor(holders: number) {
    this.held = Array.from({ length: holders }, () => 0n)
    this.paidIn = Array.from({ length: holders }, () => 0n)
    this.paidOut = Array.from({ length: holders }, () => 0n)
  }

  deposit(holder: number, amountE6: bigint, highE18: bigint): void {
    const now = buyingE18(this)
    const at = highE18 > now ? highE18 : now
    const given = at === 0n ? 0n : sharesFor(amountE6, at, LEFT_BPS)
    if (given === 0n) return
    this.worthE6 += amountE6
    this.shares += given
    this.held[holder]! += given
    this.paidIn[holder]! += amountE6
  }

  withdraw(holder: number, lowE18: bigint): void {
    const now = sellingE18(this)
    const cashE6 = cashFor(this.held[holder]!, lowE18 < now ? lowE18 : now, LEFT_BPS)
    this.worthE6 -= cashE6
    this.shares -= this.held[holder]!
    this.paidOut[holder]! += cashE6
    this.held[holder] = 0n
  }
}

describe('shares', () => {
  it('cost 1 cash at first, and bring it', () => {
    expect(buyingE18({ worthE6: 0n, shares: 0n })).toBe(ONE_E18)
    expect(sellingE18({ worthE6: 0n, shares: 0n })).toBe(ONE_E18)
    expect(sharesFor(1_000n * E6, ONE_E18, 0n)).toBe(1_000n * ONE)
    expect(sharesFor(1_000n * E6, ONE_E18, LEFT_BPS)).toBe(999n * ONE)
    expect(cashFor(1_000n * ONE, ONE_E18, LEFT_BPS)).toBe(999n * E6)
  })

  it('never cost less than they bring, and bring nothing in a vault that is worth nothing', () => {
    fc.assert(
      fc.property(worth, shares, (worthE6, all) => {
        const vault = { worthE6, shares: all }
        expect(buyingE18(vault)).toBeGreaterThanOrEqual(sellingE18(vault))
        if (worthE6 <= 0n && all > 0n) expect(sellingE18(vault)).toBe(0n)
      }),
    )
  })

  it('bring all holders together no more than there is', () => {
    fc.assert(
      fc.property(worth, shares, (worthE6, all) => {
        const most = cashFor(all, sellingE18({ worthE6, shares: all }), 0n)
        expect(most).toBeLessThanOrEqual(worthE6 > 0n ? worthE6 : 0n)
      }),
    )
  })

  it('are never worth less to others because somebody buys or sells', () => {
    fc.assert(
      fc.property(worth, shares, amounts, fc.nat({ max: 10_000 }), (worthE6, all, amountE6, part) => {
        const vault = { worthE6, shares: all }
        const [buying, selling] = [buyingE18(vault), sellingE18(vault)]
        if (buying > 0n) {
          const given = sharesFor(amountE6, buying, LEFT_BPS)
          const after = { worthE6: worthE6 + amountE6, shares: all + given }
          if (given > 0n) expect(sellingE18(after)).toBeGreaterThanOrEqual(selling)
        }
        const sold = (all * BigInt(part)) / 10_000n
        const paid = cashFor(sold, selling, LEFT_BPS)
        expect(sellingE18({ worthE6: worthE6 - paid, shares: all - sold })).toBeGreaterThanOrEqual(selling)
      }),
      { numRuns: 1_000 },
    )
  })

  it('that are paid in part cost no less than the part', () => {
    fc.assert(
      fc.property(amounts, fc.bigInt({ min: 1n, max: 10n ** 24n }), (cashE6, lowE18) => {
        const given = sharesPaidBy(cashE6, lowE18, LEFT_BPS)
        expect(cashFor(given, lowE18, LEFT_BPS)).toBeGreaterThanOrEqual(cashE6)
        expect(cashFor(given - 1n, lowE18, LEFT_BPS)).toBeLessThan(cashE6)
      }),
    )
  })

  it('have lost 3 % when they have', () => {
    expect(hasLost(97n * ONE_E18, 100n * ONE_E18, 300n)).toBe(false)
    expect(hasLost(97n * ONE_E18 - 1n, 100n * ONE_E18, 300n)).toBe(true)
    expect(hasLost(0n, 0n, 300n)).toBe(false)
  })
})

describe('an attacker', () => {
  it('gains nothing by buying and selling around worths that it does not pay for', () => {
    const step = fc.record({
      move: fc.integer({ min: -3_000, max: 3_000 }),
      act: fc.constantFrom('deposit', 'withdraw', 'wait'),
      amount: amounts,
      high: fc.nat({ max: 500 }),
      low: fc.nat({ max: 500 }),
    })
    fc.assert(
      fc.property(amounts, fc.array(step, { maxLength: 20 }), (first, steps) => {
        const book = new Book(2)
        book.deposit(0, first, 0n)
        // What the worth of its shares has gained while it held them is the most that it may gain.
        let earnedE18 = 0n
        for (const { move, act, amount, high, low } of steps) {
          const before = sellingE18(book)
          if (act === 'deposit') book.deposit(1, amount, (before * (10_000n + BigInt(high))) / 10_000n)
          if (act === 'withdraw') book.withdraw(1, (before * (10_000n - BigInt(low))) / 10_000n)
          const held = cashFor(book.held[1]!, sellingE18(book), 0n)
          book.worthE6 += (book.worthE6 * BigInt(move)) / 10_000n
          earnedE18 += cashFor(book.held[1]!, sellingE18(book), 0n) - held
        }
        book.withdraw(1, sellingE18(book))
        const gained = book.paidOut[1]! - book.paidIn[1]!
        expect(gained).toBeLessThanOrEqual(earnedE18 + BigInt(steps.length))
      }),
      { numRuns: 500 },
    )
  })

  it('that comes first and gives the vault something loses it, and takes nobody’s deposit', () => {
    fc.assert(
      fc.property(deposits, amounts, deposits, (own, given, victim) => {
        const book = new Book(2)
        book.deposit(0, own, 0n)
        const mine = book.held[0]!
        book.worthE6 += given
        book.deposit(1, victim, 0n)
        const back = cashFor(book.held[1]!, sellingE18(book), 0n)
        // What rounding takes is less than one share unit's worth
        const unit = buyingE18(book) / 10n ** 24n + 1n
        const charged = victim / 1_000n + 1n
        if (book.held[1]! > 0n) expect(back).toBeGreaterThanOrEqual(victim - charged - 2n * unit)
        book.withdraw(0, sellingE18(book))
        const kept = mine > 0n ? own + given : own
        expect(book.paidOut[0]!).toBeLessThanOrEqual(kept + charged + 2n * unit)
      }),
      { numRuns: 1_000 },
    )
  })

  it('owns a part of what it gives to an empty vault only by its shares: nobody’s take the rest', () => {
    const vault = { worthE6: 1_000_000n * E6, shares: 0n }
    const bought = sharesFor(100n * E6, buyingE18(vault), 0n)
    const after = { worthE6: vault.worthE6 + 100n * E6, shares: bought }
    expect(cashFor(bought, sellingE18(after), 0n)).toBeLessThanOrEqual(100n * E6)
    expect(bought).toBeLessThan(NOBODYS_SHARES)
  })
})
