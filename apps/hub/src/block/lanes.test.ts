import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Admissions } from './admissions.ts'
import { byFee } from './by-fee.ts'
import type { Offer } from './by-fee.ts'
import { LaneBudget } from './lanes.ts'
import type { Lane } from './lanes.ts'
import type { Transaction } from '../tx/transaction.ts'

const limits = { bytes: 1_000, gas: 1_000 }

describe('a lane budget', () => {
  it('gives lane 1 its reserve and the free share', () => {
    const budget = new LaneBudget(limits)
    expect(budget.take(1, 500, 0)).toBe(true)
    expect(budget.take(1, 1, 0)).toBe(false)
  })

  it('passes on what earlier lanes left', () => {
    const budget = new LaneBudget(limits)
    expect(budget.take(4, 1_000, 1_000)).toBe(true)
    expect(budget.take(4, 1, 0)).toBe(false)
  })

  it('keeps the reserves of later lanes from earlier ones', () => {
    const budget = new LaneBudget(limits)
    expect(budget.take(1, 500, 500)).toBe(true)
    expect(budget.take(2, 201, 0)).toBe(false)
    expect(budget.take(2, 200, 0)).toBe(true)
    expect(budget.take(3, 101, 0)).toBe(false)
    expect(budget.take(3, 100, 0)).toBe(true)
    expect(budget.take(4, 200, 500)).toBe(true)
    expect(budget.take(4, 1, 0)).toBe(false)
  })

  it('counts gas like bytes, and takes nothing when it refuses', () => {
    const budget = new LaneBudget(limits)
    expect(budget.take(1, 1, 501)).toBe(false)
    expect(budget.take(1, 500, 500)).toBe(true)
    expect(budget.take(4, 0, 501)).toBe(false)
    expect(budget.take(4, 500, 500)).toBe(true)
  })

  it('never lets a block exceed its limits', () => {
    const items = fc.array(
      fc.record({ lane: fc.integer({ min: 1, max: 4 }), bytes: fc.nat(400), gas: fc.nat(400) }),
    )
    fc.assert(
      fc.property(items, (list) => {
        const budget = new LaneBudget(limits)
        let bytes = 0
        let gas = 0
        for (const item of list.sort((a, b) => a.lane - b.lane)) {
          if (!budget.take(item.lane as Lane, item.bytes, item.gas)) continue
          bytes += item.bytes
          gas += item.gas
        }
        return bytes <= limits.bytes && gas <= limits.gas
      }),
    )
  })
})

function offer(sender: number, sequence: number, priority: number): Offer {
  const transaction = { signer: Uint8Array.of(sender), sequence: BigInt(sequence) } as Transaction
  return { transaction, priority: BigInt(priority) }
}

const names = (offers: readonly Offer[]) =>
  [...byFee(offers)].map(({ signer, sequence }) => `${signer[0]}.${sequence}`)

describe('byFee', () => {
  it('takes who pays most first', () => {
    expect(names([offer(1, 0, 5), offer(2, 0, 9), offer(3, 0, 7)])).toEqual(['2.0', '3.0', '1.0'])
  })

  it('keeps the order of arrival among equals', () => {
    expect(names([offer(3, 0, 5), offer(1, 0, 5), offer(2, 0, 5)])).toEqual(['3.0', '1.0', '2.0'])
  })

  it("never takes a sender's transactions out of turn", () => {
    expect(names([offer(1, 0, 1), offer(1, 1, 100), offer(2, 0, 50)])).toEqual(['2.0', '1.0', '1.1'])
  })

  it('yields everything once, each sender in order', () => {
    const offers = fc.array(fc.tuple(fc.integer({ min: 0, max: 6 }), fc.nat(20)), { maxLength: 60 })
    fc.assert(
      fc.property(offers, (list) => {
        const counts = new Map<number, number>()
        const made = list.map(([sender, priority]) => {
          const sequence = counts.get(sender) ?? 0
          counts.set(sender, sequence + 1)
          return offer(sender, sequence, priority)
        })
        const taken = [...byFee(made)]
        const next = new Map<number, bigint>()
        for (const { signer, sequence } of taken) {
          if (sequence !== (next.get(signer[0]!) ?? 0n)) return false
          next.set(signer[0]!, sequence + 1n)
        }
        return taken.length === made.length
      }),
    )
  })
})

describe('admissions', () => {
  /** Another object each time, as when the cache of decoded transactions has lost it. */
  const waiting = (id: number, lane: Lane = 4) =>
    ({ bytes: Uint8Array.of(id), lane, signer: Uint8Array.of(id) }) as Transaction
  const packet = (key: string) => ({ key, isDone: () => false })

  it('refuse ordinary transactions above 60 % and never critical ones', () => {
    const admissions = new Admissions(10)
    for (let i = 0; i < 6; i++) {
      expect(admissions.hasRoom(4)).toBe(true)
      admissions.add(waiting(i), 1n, [])
    }
    expect(admissions.hasRoom(4)).toBe(false)
    expect(admissions.hasRoom(1)).toBe(true)
  })

  it('make room when transactions are committed, dropped or forgotten', () => {
    const admissions = new Admissions(10)
    for (let i = 0; i < 6; i++) admissions.add(waiting(i), BigInt(i), [])
    admissions.add(waiting(0), 9n, [])
    expect(admissions.hasRoom(4)).toBe(false)
    admissions.remove(waiting(3))
    admissions.remove(waiting(3))
    expect(admissions.hasRoom(4)).toBe(true)
    admissions.add(waiting(9, 1), 5n, [])
    admissions.expire(100n)
    expect(admissions.has(waiting(0))).toBe(false)
    expect(admissions.has(waiting(1))).toBe(true)
  })

  it('count the same bytes once, however often they were decoded', () => {
    const admissions = new Admissions(10)
    for (let height = 1n; height < 50n; height++) admissions.add(waiting(1), height, [])
    expect(admissions.size).toBe(1)
    expect(admissions.hasRoom(4)).toBe(true)
    admissions.remove(waiting(1))
    expect(admissions.size).toBe(0)
  })

  it('know who relays a packet, until that one is gone', () => {
    const admissions = new Admissions(10)
    admissions.add(waiting(1, 1), 1n, [packet('a'), packet('b')])
    admissions.add(waiting(2, 1), 1n, [packet('b'), packet('c')])
    const claimants = () =>
      ['a', 'b', 'c', 'd'].map((key) => admissions.claimant(packet(key))?.transaction.bytes[0])
    expect(claimants()).toEqual([1, 1, 2, undefined])
    admissions.remove(waiting(1, 1))
    expect(claimants()).toEqual([undefined, undefined, 2, undefined])
    // The recheck of the other finds the packet free.
    admissions.add(waiting(2, 1), 2n, [packet('b'), packet('c')])
    expect(claimants()).toEqual([undefined, 2, 2, undefined])
    admissions.remove(waiting(2, 1))
    expect(claimants()).toEqual([undefined, undefined, undefined, undefined])
  })
})
