import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compareBytes } from '@causeway/primitives'
import { keyText, SortedKeys } from './sorted-keys.ts'

const key = fc.uint8Array({ maxLength: 3 }).map((bytes) => keyText(bytes))
const step = fc.tuple(fc.constantFrom('add', 'add', 'remove'), key)

function ascending(keys: SortedKeys): string[] {
  const found: string[] = []
  for (let at = keys.next('', false); at !== undefined; at = keys.next(at, true)) found.push(at)
  return found
}

function descending(keys: SortedKeys): string[] {
  const found: string[] = []
  for (let at = keys.previous(undefined); at !== undefined; at = keys.previous(at)) found.push(at)
  return found
}

describe('SortedKeys', () => {
  it('is a sorted set', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 300 }), key, (steps, probe) => {
        const keys = new SortedKeys()
        const model = new Set<string>()
        for (const [word, text] of steps) {
          if (word === 'add') {
            keys.add(text)
            model.add(text)
          } else {
            keys.remove(text)
            model.delete(text)
          }
        }
        const sorted = [...model].sort()
        expect(ascending(keys)).toEqual(sorted)
        expect(descending(keys)).toEqual(sorted.toReversed())
        expect(keys.next(probe, false)).toBe(sorted.find((text) => text >= probe))
        expect(keys.next(probe, true)).toBe(sorted.find((text) => text > probe))
        expect(keys.previous(probe)).toBe(sorted.findLast((text) => text < probe))
      }),
    )
  })

  it('stays sorted over many chunks, whichever way keys come', () => {
    const count = 5000
    const texts = Array.from({ length: count }, (_, i) => keyText(Uint8Array.of(i >> 8, i & 0xff)))
    const orders = [texts, texts.toReversed(), texts.map((_, i) => texts[(i * 1237) % count]!)]
    for (const order of orders) {
      const keys = new SortedKeys()
      for (const text of order) keys.add(text)
      expect(ascending(keys)).toEqual(texts)
      for (const text of order.slice(0, count - 1)) keys.remove(text)
      expect(ascending(keys)).toEqual([order.at(-1)])
      keys.remove(order.at(-1)!)
      expect(ascending(keys)).toEqual([])
      keys.add('x')
      expect(descending(keys)).toEqual(['x'])
    }
  })

  it('forgets', () => {
    const keys = new SortedKeys()
    keys.add('a')
    keys.clear()
    expect(keys.next('', false)).toBeUndefined()
    expect(keys.previous(undefined)).toBeUndefined()
  })
})

describe('keyText', () => {
  it('orders as bytes do, and tells keys apart', () => {
    const bytes = fc.uint8Array({ maxLength: 12 })
    fc.assert(
      fc.property(bytes, bytes, (a, b) => {
        const [first, second] = [keyText(a), keyText(b)]
        expect(first < second ? -1 : first === second ? 0 : 1).toBe(compareBytes(a, b))
      }),
    )
  })

  it('takes keys of any length', () => {
    const long = Uint8Array.from({ length: 20_000 }, (_, i) => i & 0xff)
    expect(keyText(long)).toHaveLength(20_000)
    expect(keyText(long).charCodeAt(4097)).toBe(1)
  })
})
