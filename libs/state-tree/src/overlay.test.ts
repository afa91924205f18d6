import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compareBytes, toHex, utf8 } from '@causeway/primitives'
import type { KeyValueReader } from './key-value.ts'
import { KEY_LENGTH_MAX } from './key-value.ts'
import { Overlay } from './overlay.ts'

const bytes = (text: string): Uint8Array => utf8(text)
const empty: KeyValueReader = { get: () => undefined, has: () => false, iterate: () => [] }

/** A map of hex keys to hex values, read in the plainest way. */
function readerOf(model: ReadonlyMap<string, string>): KeyValueReader {
  const unhex = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'hex'))
  return {
    get: (key) => {
      const value = model.get(toHex(key))
      return value === undefined ? undefined : unhex(value)
    },
    has: (key) => model.has(toHex(key)),
    iterate: (start, end, reverse) => {
      const keys = [...model.keys()].map(unhex).sort(compareBytes)
      const within = keys.filter(
        (key) =>
          (start === undefined || compareBytes(key, start) >= 0) &&
          (end === undefined || compareBytes(key, end) < 0),
      )
      if (reverse === true) within.reverse()
      return within.map((key): [Uint8Array, Uint8Array] => [key, unhex(model.get(toHex(key))!)])
    },
  }
}

function pairsOf(reader: KeyValueReader, start?: Uint8Array, end?: Uint8Array, reverse?: boolean): string[] {
  return [...reader.iterate(start, end, reverse)].map(([key, value]) => `${toHex(key)}=${toHex(value)}`)
}

const key = fc.uint8Array({ minLength: 1, maxLength: 2 }).map((k) => k.map((byte) => byte % 6))
const value = fc.uint8Array({ minLength: 1, maxLength: 2 })
const write = fc.record({ key, value: fc.option(value, { nil: undefined }) })

describe('Overlay', () => {
  it('reads through to its parent what it does not change', () => {
    const parent = new Overlay(empty)
    parent.set(bytes('a'), bytes('1'))
    const overlay = new Overlay(parent)
    expect(overlay.get(bytes('a'))).toEqual(bytes('1'))
    expect(overlay.has(bytes('a'))).toBe(true)
    expect(overlay.has(bytes('b'))).toBe(false)
    overlay.delete(bytes('a'))
    expect(overlay.get(bytes('a'))).toBeUndefined()
    expect(overlay.has(bytes('a'))).toBe(false)
    expect(parent.get(bytes('a'))).toEqual(bytes('1'))
  })

  it('equals a map in reads, ranges and net changes, two deep', () => {
    const writes = fc.array(write, { maxLength: 40 })
    const base = fc.array(fc.tuple(key, value), { maxLength: 20 })
    const bound = fc.option(key, { nil: undefined })
    fc.assert(
      fc.property(base, writes, writes, bound, bound, (initial, first, second, start, end) => {
        const before = new Map(initial.map(([k, v]) => [toHex(k), toHex(v)]))
        const model = new Map(before)
        const outer = new Overlay(readerOf(before))
        const inner = new Overlay(outer)
        for (const [overlay, changes] of [[outer, first] as const, [inner, second] as const]) {
          for (const change of changes) {
            if (change.value === undefined) overlay.delete(change.key)
            else overlay.set(change.key, change.value)
            if (change.value === undefined) model.delete(toHex(change.key))
            else model.set(toHex(change.key), toHex(change.value))
          }
        }
        const expected = readerOf(model)
        for (const reverse of [false, true]) {
          expect(pairsOf(inner, start, end, reverse)).toEqual(pairsOf(expected, start, end, reverse))
        }
        inner.write(outer)
        expect(inner.changes()).toEqual([])
        expect(pairsOf(outer)).toEqual(pairsOf(expected))
        expectNetChanges(outer, before, model)
      }),
    )
  })

  it('leaves out what ends as it was', () => {
    const parent = new Overlay(empty)
    parent.set(bytes('same'), bytes('1'))
    parent.set(bytes('gone'), bytes('1'))
    const overlay = new Overlay(parent)
    overlay.set(bytes('same'), bytes('2'))
    overlay.set(bytes('same'), bytes('1'))
    overlay.set(bytes('new'), bytes('1'))
    overlay.delete(bytes('new'))
    overlay.delete(bytes('never'))
    overlay.delete(bytes('gone'))
    expect(overlay.changes()).toEqual([{ key: bytes('gone'), value: undefined }])
  })

  it('drops its changes', () => {
    const overlay = new Overlay(empty)
    overlay.set(bytes('a'), bytes('1'))
    expect(pairsOf(overlay)).toHaveLength(1)
    overlay.discard()
    expect(overlay.changes()).toEqual([])
    expect(pairsOf(overlay)).toEqual([])
    overlay.set(bytes('b'), bytes('1'))
    expect(pairsOf(overlay)).toEqual(['62=31'])
  })

  it('refuses empty keys, overlong keys and empty values as bugs', () => {
    const overlay = new Overlay(empty)
    expect(() => overlay.set(bytes(''), bytes('1'))).toThrow('at least one byte')
    expect(() => overlay.delete(bytes(''))).toThrow('at least one byte')
    expect(() => overlay.set(bytes('a'), bytes(''))).toThrow('an empty value is refused')
    expect(() => overlay.set(new Uint8Array(KEY_LENGTH_MAX + 1), bytes('1'))).toThrow('at most')
    overlay.set(new Uint8Array(KEY_LENGTH_MAX), bytes('1'))
    expect(overlay.changes()).toHaveLength(1)
  })
})

describe('Overlay that changes while it is iterated', () => {
  function letters(): Overlay {
    const parent = new Overlay(empty)
    for (const letter of 'bdfh') parent.set(bytes(letter), bytes('p'))
    const overlay = new Overlay(parent)
    for (const letter of 'ceg') overlay.set(bytes(letter), bytes('o'))
    return overlay
  }

  it('sees what is added, changed and deleted ahead', () => {
    const overlay = letters()
    const seen: string[] = []
    for (const [k, v] of overlay.iterate()) {
      seen.push(`${String.fromCharCode(k[0]!)}${String.fromCharCode(v[0]!)}`)
      if (seen.length !== 1) continue
      overlay.set(bytes('a'), bytes('n')) // behind: not seen
      overlay.set(bytes('bb'), bytes('n'))
      overlay.set(bytes('d'), bytes('n'))
      overlay.delete(bytes('e'))
      overlay.delete(bytes('h'))
      overlay.set(bytes('z'), bytes('n'))
    }
    expect(seen).toEqual(['bp', 'bn', 'co', 'dn', 'fp', 'go', 'zn'])
  })

  it('does so downwards too', () => {
    const overlay = letters()
    const seen: string[] = []
    for (const [k] of overlay.iterate(bytes('b'), bytes('h'), true)) {
      seen.push(String.fromCharCode(...k))
      if (seen.length !== 2) continue
      overlay.set(bytes('h'), bytes('n'))
      overlay.set(bytes('da'), bytes('n'))
      overlay.delete(bytes('c'))
      overlay.set(bytes('a'), bytes('n'))
    }
    expect(seen).toEqual(['g', 'f', 'e', 'da', 'd', 'b'])
  })

  it.each([false, true])(
    'sees the first change of all when it comes on the way; downwards: %s',
    (reverse) => {
      const parent = new Overlay(empty)
      for (const letter of 'bdfh') parent.set(bytes(letter), bytes('p'))
      const overlay = new Overlay(parent)
      const seen: string[] = []
      for (const [k, v] of overlay.iterate(bytes('a'), bytes('h'), reverse)) {
        seen.push(`${String.fromCharCode(...k)}${String.fromCharCode(v[0]!)}`)
        if (seen.length === 1)
          for (const letter of ['a', 'bb', 'f', 'g']) overlay.set(bytes(letter), bytes('n'))
        // Nothing of its own again: it goes on in its parent
        if (seen.length === 2) overlay.discard()
      }
      expect(seen).toEqual(reverse ? ['fp', 'dp', 'bp'] : ['bp', 'bbn', 'dp', 'fp'])
    },
  )

  it('can delete everything it meets', () => {
    const overlay = letters()
    for (const [k] of overlay.iterate()) overlay.delete(k)
    expect(pairsOf(overlay)).toEqual([])
    expect(overlay.changes().map((change) => String.fromCharCode(...change.key))).toEqual([
      'b',
      'd',
      'f',
      'h',
    ])
  })
})

function expectNetChanges(
  overlay: Overlay,
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
): void {
  const changes = overlay.changes()
  for (let i = 1; i < changes.length; i++) {
    expect(compareBytes(changes[i - 1]!.key, changes[i]!.key)).toBe(-1)
  }
  const keys = new Set([...before.keys(), ...after.keys()])
  const expected = [...keys].filter((k) => before.get(k) !== after.get(k)).sort()
  expect(changes.map((change) => toHex(change.key))).toEqual(expected)
  for (const change of changes) {
    expect(change.value === undefined ? undefined : toHex(change.value)).toBe(after.get(toHex(change.key)))
  }
}
