import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isProtocolError } from '@causeway/primitives'
import { readHash, stubNode } from '../iavl/node.ts'
import { decodeHead, decodeRoots, encodeHead, encodeRoots, FORMAT } from './head.ts'
import { commitKey, extraKey, HEAD_KEY, nodesKey, orphansKey, storeOfOrphansKey } from './layout.ts'
import { compareBytes } from '@causeway/primitives'

const version = fc.integer({ min: 0, max: 2 ** 45 })

describe('head', () => {
  it('is read back', () => {
    const name = fc.stringMatching(/^[a-z][a-z0-9_-]{0,20}$/)
    fc.assert(
      fc.property(version, version, fc.array(name, { maxLength: 10 }), (latest, oldest, names) => {
        expect(decodeHead(encodeHead({ version: latest, oldest, names }))).toEqual({
          version: latest,
          oldest,
          names,
        })
      }),
    )
  })

  it('of another format is refused', () => {
    const head = encodeHead({ version: 1, oldest: 1, names: ['ibc'] })
    for (const format of [0, FORMAT + 1]) {
      try {
        decodeHead(head.with(0, format))
        expect.fail('it was accepted')
      } catch (error) {
        if (!isProtocolError(error)) throw error
        expect([error.codespace, error.code, error.detail]).toEqual([
          'state',
          11,
          { found: format, known: FORMAT },
        ])
      }
    }
    expect(() => decodeHead(new Uint8Array(0))).toThrow('has format 0')
  })
})

describe('commit record', () => {
  it('is read back, empty stores included', () => {
    const root = fc.option(
      fc.tuple(
        fc.nat(40),
        fc.integer({ min: 1, max: 2 ** 40 }),
        version,
        fc.nat(),
        fc.uint8Array({ minLength: 32, maxLength: 32 }),
      ),
      { nil: undefined },
    )
    fc.assert(
      fc.property(fc.array(root, { maxLength: 12 }), (rows) => {
        const roots = rows.map((row) => {
          if (row === undefined) return undefined
          const node = stubNode(row[0], row[1], row[2], row[3])
          readHash(node, new DataView(row[4].buffer), 0)
          return node
        })
        expect(decodeRoots(encodeRoots(roots), roots.length)).toEqual(roots)
      }),
    )
  })

  it('of another number of stores is refused', () => {
    expect(() => decodeRoots(encodeRoots([undefined, undefined]), 1)).toThrow('an entry for each store')
  })
})

describe('storage keys', () => {
  const store = fc.nat(255)
  const part = fc.nat(2 ** 31)

  it('of orphans come in the order of versions', () => {
    const place = fc.tuple(version, store, part)
    fc.assert(
      fc.property(place, place, (a, b) => {
        const order = a[0] - b[0] || a[1] - b[1] || a[2] - b[2]
        expect(compareBytes(orphansKey(...a), orphansKey(...b))).toBe(Math.sign(order))
        expect(storeOfOrphansKey(orphansKey(...a))).toBe(a[1])
      }),
    )
  })

  it('of commits come in the order of versions', () => {
    fc.assert(
      fc.property(version, version, (a, b) => {
        expect(compareBytes(commitKey(a), commitKey(b))).toBe(Math.sign(a - b))
      }),
    )
  })

  it('tell everything apart', () => {
    fc.assert(
      fc.property(version, store, part, fc.uint8Array({ minLength: 1, maxLength: 30 }), (v, s, p, own) => {
        const keys = [HEAD_KEY, commitKey(v), nodesKey(s, v, p), orphansKey(v, s, p), extraKey(own)]
        expect(new Set(keys.map((key) => String(key))).size).toBe(5)
        expect(nodesKey(s, v, p)).not.toEqual(nodesKey((s + 1) % 256, v, p))
        expect(nodesKey(s, v, p)).not.toEqual(nodesKey(s, v + 1, p))
        expect(nodesKey(s, v, p)).not.toEqual(nodesKey(s, v, p + 1))
      }),
    )
  })

  it('of the application have a bound', () => {
    expect(() => extraKey(new Uint8Array(0))).toThrow('1 … 500 bytes')
    expect(() => extraKey(new Uint8Array(501))).toThrow('1 … 500 bytes')
    expect(extraKey(new Uint8Array(500))).toHaveLength(501)
  })
})
