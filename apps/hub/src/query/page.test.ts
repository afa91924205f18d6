import { be64, concatBytes, utf8 } from '@causeway/primitives'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { memoryContext } from '../testing/memory-context.fixture.ts'
import { refusal } from '../testing/refusal.fixture.ts'
import { PAGE_MAX, pageBelow } from './page.ts'

const PREFIX = utf8('p')

/** Numbered keys below a prefix, with others on both sides of it. */
function setUp(numbers: readonly number[]) {
  const context = memoryContext(['s'])
  const store = context.store('s')
  for (const n of numbers) store.set(concatBytes(PREFIX, be64(BigInt(n))), Uint8Array.of(1))
  for (const other of ['o', 'o\xff', 'q', 'qq']) store.set(utf8(other), Uint8Array.of(9))
  const page = (request: Parameters<typeof pageBelow>[2]) => {
    const before = context.gas.used
    const { items, pagination } = pageBelow(store, PREFIX, request)
    const keys = items.map(([key]) => Number(Buffer.from(key).readBigUInt64BE()))
    return { keys, ...pagination, gas: context.gas.used - before }
  }
  return { page }
}

const upTo = (count: number) => Array.from({ length: count }, (_, i) => i)

describe('a page', () => {
  it('leads on to the next, until everything was there once, forwards and backwards', () => {
    const numbers = fc.uniqueArray(fc.nat(1_000), { maxLength: 40 })
    fc.assert(
      fc.property(numbers, fc.bigInt(1n, 12n), fc.boolean(), (list, limit, reverse) => {
        const { page } = setUp(list)
        const seen: number[] = []
        let key: Uint8Array | undefined
        do {
          const { keys, nextKey } = page({ limit, reverse, ...(key === undefined ? {} : { key }) })
          expect(keys.length).toBeLessThanOrEqual(Number(limit))
          seen.push(...keys)
          key = nextKey
        } while (key.length > 0)
        const sorted = [...list].sort((a, b) => (reverse ? b - a : a - b))
        expect(seen).toEqual(sorted)
      }),
    )
  })

  it('may be named by offset, with a total when asked for', () => {
    const { page } = setUp(upTo(10))
    expect(page({ offset: 7n, limit: 2n })).toMatchObject({ keys: [7, 8], nextKey: be64(9n), total: 0n })
    expect(page({ offset: 8n, limit: 2n, countTotal: true })).toMatchObject({ keys: [8, 9], total: 10n })
    expect(page({ offset: 99n })).toMatchObject({ keys: [], nextKey: new Uint8Array(0) })
    expect(page({ key: be64(3n), limit: 2n, countTotal: true })).toMatchObject({ keys: [3, 4], total: 0n })
    expect(refusal(() => page({ key: be64(3n), offset: 1n }))).toBe('ibc/121')
  })

  it('has 100 entries by default and 1,000 at most', () => {
    const { page } = setUp(upTo(1_200))
    expect(page({}).keys).toEqual(upTo(100))
    expect(pageBelow(memoryContext(['s']).store('s'), PREFIX).items).toEqual([])
    for (const limit of [PAGE_MAX, PAGE_MAX + 1n, 2n ** 64n - 1n])
      expect(page({ limit })).toMatchObject({ keys: upTo(1_000), nextKey: be64(1_000n) })
  })

  it('reads no more than itself and one entry, wherever it starts and whatever comes after', () => {
    const { page } = setUp(upTo(3_000))
    const { gas } = page({ limit: 50n })
    for (const key of [10n, 1_500n, 2_900n]) expect(page({ limit: 50n, key: be64(key) }).gas).toBe(gas)
    expect(page({ limit: 50n, reverse: true, key: be64(2_000n) }).gas).toBe(gas)
    expect(page({}).gas).toBeLessThan(2 * gas)
    expect(gas).toBe(100 + 51 * (100 + 9 + 1))
  })

  it('of a key that nobody gave out is answered', () => {
    const { page } = setUp(upTo(5))
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 40 }), fc.boolean(), (key, reverse) => {
        expect(page({ key, reverse }).keys.every((n) => n < 5)).toBe(true)
      }),
    )
  })
})
