import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Admissions } from './admissions.ts'
import type { Relay } from './composition.ts'
import { byFee } from './by-fee.ts'
import type { Offer } from './by-fee.ts'
import { LaneBudget } from './lanes.ts'
import type { Lane } from './lanes.ts'
import type { Transaction } from '../tx/transaction.ts'

const limits = { bytes: 1_000, gas: 1_000 }

describe('a lane budget', () => {
  it('gives lane 1 its reserve and the free share', () => {
    const budget = new LaneBudget(limits)
    expect(budget.take(1, { bytes: 500, gas: 0 })).toBe(true)
    expect(budget.take(1, { bytes: 1, gas: 0 })).toBe(false)
  })

  it('passes on what earlier lanes left', () => {
    const budget = new LaneBudget(limits)
    expect(budget.take(4, { bytes: 1_000, gas: 1_000 })).toBe(true)
    expect(budget.take(4, { bytes: 1, gas: 0 })).toBe(false)
  })

  it('keeps the reserves of later lanes from earlier ones', () => {
    const budget = new LaneBudget(limits)
    expect(budget.take(1, { bytes: 500, gas: 500 })).toBe(true)
    expect(budget.take(2, { bytes: 201, gas: 0 })).toBe(false)
    expect(budget.take(2, { bytes: 200, gas: 0 })).toBe(true)
    expect(budget.take(3, { bytes: 101, gas: 0 })).toBe(false)
    expect(budget.take(3, { bytes: 100, gas: 0 })).toBe(true)
    expect(budget.take(4, { bytes: 200, gas: 500 })).toBe(true)
    expect(budget.take(4, { bytes: 1, gas: 0 })).toBe(false)
  })

  it('counts gas like bytes, and takes nothing when it refuses', () => {
    const budget = new LaneBudget(limits)
    expect(budget.take(1, { bytes: 1, gas: 501 })).toBe(false)
    expect(budget.take(1, { bytes: 500, gas: 500 })).toBe(true)
    expect(budget.take(4, { bytes: 0, gas: 501 })).toBe(false)
    expect(budget.take(4, { bytes: 500, gas: 500 })).toBe(true)
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
          if (!budget.take(item.lane as Lane, item)) continue
          bytes += item.bytes
          gas += item.gas
        }
        return bytes <= limits.bytes && gas <= limits.gas
      }),
    )
  })
})

function offer(sender: number, sequence: number, priority: number, gasLimit = 10): Offer {
  const transaction = { signer: Uint8Array.of(sender), sequence: BigInt(sequence), gasLimit } as Transaction
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

  it('takes everybody’s first before anybody’s second, where they pay the same for as much gas', () => {
    const trades = [1, 1, 1, 2, 1, 2, 3].map((sender, nonce) => {
      const { transaction, priority } = offer(sender, nonce, 5)
      return { transaction: { ...transaction, isTrade: true }, priority }
    })
    expect(names(trades)).toEqual(['1.0', '2.3', '3.6', '1.1', '2.5', '1.2', '1.4'])
    const dearer = { ...trades[4]!, priority: 6n }
    expect(names([...trades.slice(0, 4), dearer])[0]).toBe('1.4')
    expect(names([1, 1, 1, 2].map((sender, i) => offer(sender, i, 5)))).toEqual(['1.0', '2.3', '1.1', '1.2'])
  })

  it('keeps nobody’s small one waiting behind large ones of many others', () => {
    const flood = [1, 2, 3, 4].map((sender) => offer(sender, 0, 5, 3_000))
    expect(names([...flood, offer(9, 0, 5, 30), offer(9, 1, 5, 30)]).slice(0, 3)).toEqual([
      '9.0',
      '9.1',
      '1.0',
    ])
    // Nor does it help to be cut into small pieces.
    const pieces = Array.from({ length: 9 }, (_, i) => offer(1, i, 5, 30))
    expect(names([...pieces, offer(9, 0, 5, 100)])).toEqual([
      ...['1.0', '1.1', '1.2', '9.0', '1.3', '1.4', '1.5', '1.6', '1.7', '1.8'],
    ])
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
    ({ bytes: Uint8Array.of(id), text: `${id}`, lane, signer: Uint8Array.of(id) }) as Transaction
  const at = (height: bigint, lane: Lane = 4, relays: readonly Relay[] = []) => ({ height, lane, relays })
  const limits10 = { transactions: 10, bytes: 1_000 }
  const packet = (key: string) => ({ key, isDone: () => false })

  it('refuse ordinary transactions above 60 % and never critical ones', () => {
    const admissions = new Admissions(limits10)
    for (let i = 0; i < 6; i++) {
      expect(admissions.hasRoom(4, waiting(99))).toBe(true)
      admissions.add(waiting(i), at(1n))
    }
    expect(admissions.hasRoom(4, waiting(99))).toBe(false)
    expect(admissions.hasRoom(1, waiting(99))).toBe(true)
  })

  it('of lanes 2 and 3 are three an account where the mempool is crowded, and no fewer elsewhere', () => {
    const admissions = new Admissions({ transactions: 100, bytes: 100_000 })
    const from = (sender: number, id: number, lane: Lane) =>
      ({
        bytes: Uint8Array.of(sender, id),
        text: `${sender}.${id}`,
        lane,
        signer: Uint8Array.of(sender),
      }) as Transaction
    const fill = (sender: number, lane: Lane, count: number) => {
      let taken = 0
      for (let id = 0; id < count; id++) {
        const transaction = from(sender, id, lane)
        if (!admissions.hasRoom(lane, transaction)) continue
        admissions.add(transaction, at(1n, lane))
        taken += 1
      }
      return taken
    }
    expect(fill(1, 3, 100)).toBe(60)
    expect([fill(2, 3, 20), fill(3, 3, 2)]).toEqual([3, 2])
    // Relayers have room for whatever they bring, and others for their first bids.
    expect([fill(4, 1, 12), fill(5, 2, 20)]).toEqual([12, 3])
    expect(fill(1, 3, 1)).toBe(0)
    for (let id = 0; id < 60; id++) admissions.remove(from(1, id, 3))
    expect(fill(6, 3, 30)).toBe(30)
  })

  it('make room when transactions are committed, dropped or forgotten', () => {
    const admissions = new Admissions(limits10)
    for (let i = 0; i < 6; i++) admissions.add(waiting(i), at(BigInt(i)))
    admissions.add(waiting(0), at(9n))
    expect(admissions.hasRoom(4, waiting(99))).toBe(false)
    admissions.remove(waiting(3))
    admissions.remove(waiting(3))
    expect(admissions.hasRoom(4, waiting(99))).toBe(true)
    admissions.add(waiting(9, 1), at(5n, 1))
    admissions.expire(100n)
    expect(admissions.has(waiting(0))).toBe(false)
    expect(admissions.has(waiting(1))).toBe(true)
  })

  it('count the same bytes once, however often they were decoded', () => {
    const admissions = new Admissions(limits10)
    for (let height = 1n; height < 50n; height++) admissions.add(waiting(1), at(height))
    expect(admissions.size).toBe(1)
    expect(admissions.hasRoom(4, waiting(99))).toBe(true)
    admissions.remove(waiting(1))
    expect(admissions.size).toBe(0)
  })

  it('know who relays a packet, until that one is gone', () => {
    const admissions = new Admissions(limits10)
    admissions.add(waiting(1, 1), at(1n, 1, [packet('a'), packet('b')]))
    admissions.add(waiting(2, 1), at(1n, 1, [packet('b'), packet('c')]))
    const claimants = () =>
      ['a', 'b', 'c', 'd'].map((key) => admissions.claimant(packet(key))?.transaction.bytes[0])
    expect(claimants()).toEqual([1, 1, 2, undefined])
    admissions.remove(waiting(1, 1))
    expect(claimants()).toEqual([undefined, undefined, 2, undefined])
    // The recheck of the other finds the packet free.
    admissions.add(waiting(2, 1), at(2n, 1, [packet('b'), packet('c')]))
    expect(claimants()).toEqual([undefined, 2, 2, undefined])
    admissions.remove(waiting(2, 1))
    expect(claimants()).toEqual([undefined, undefined, undefined, undefined])
  })
})
