import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compareBytes, toHex } from '@causeway/primitives'
import { createMemoryStorage } from '../storage/memory-storage.ts'
import { VersionedTree } from './versioned-tree.fixture.ts'

const key = fc.oneof(
  fc.uint8Array({ minLength: 1, maxLength: 2 }).map((bytes) => bytes.map((byte) => byte % 8)),
  fc.uint8Array({ minLength: 1, maxLength: 6 }).map((bytes) => Uint8Array.of(1, 2, 3, 4, ...bytes)),
)
const value = fc.uint8Array({ minLength: 1, maxLength: 100 })
const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ word: fc.constant('set' as const), key, value }) },
  { weight: 3, arbitrary: fc.record({ word: fc.constant('delete' as const), key, value }) },
  { weight: 1, arbitrary: fc.record({ word: fc.constant('save' as const), key, value }) },
  { weight: 1, arbitrary: fc.record({ word: fc.constant('reload' as const), key, value }) },
)
const steps = fc.array(step, { maxLength: 120 })
type Model = Map<string, Uint8Array>

/** Runs steps on a tree and on a map; the map as it was at each saved version. */
function play(
  tree: VersionedTree,
  list: readonly (typeof step extends fc.Arbitrary<infer T> ? T : never)[],
): Model[] {
  const model: Model = new Map()
  const saved: Model[] = [new Map()]
  const save = (): void => {
    tree.save()
    saved.push(new Map(model))
  }
  for (const { word, key: k, value: v } of list) {
    if (word === 'set') {
      tree.set(k, v)
      model.set(toHex(k), v)
    } else if (word === 'delete') {
      expect(tree.delete(k)).toBe(model.delete(toHex(k)))
    } else {
      save()
      if (word === 'reload') tree.reload()
    }
  }
  save()
  return saved
}

function sortedPairs(model: Model): [Uint8Array, Uint8Array][] {
  const pairs = [...model].map(([hex, v]): [Uint8Array, Uint8Array] => [
    Uint8Array.from(Buffer.from(hex, 'hex')),
    v,
  ])
  return pairs.sort(([a], [b]) => compareBytes(a, b))
}

describe('tree against a map', () => {
  it('reads the same at every version', () => {
    fc.assert(
      fc.property(steps, fc.array(key, { maxLength: 5 }), (list, probes) => {
        const tree = new VersionedTree(createMemoryStorage())
        play(tree, list).forEach((model, version) => {
          const at = tree.at(version)
          expect(at.size).toBe(model.size)
          expect([...at.iterate()]).toEqual(sortedPairs(model))
          for (const probe of [...probes, ...sortedPairs(model).map(([k]) => k)]) {
            expect(at.get(probe)).toEqual(model.get(toHex(probe)))
            expect(at.has(probe)).toBe(model.has(toHex(probe)))
          }
        })
      }),
    )
  })

  it('iterates every range in both directions', () => {
    const bound = fc.option(key, { nil: undefined })
    fc.assert(
      fc.property(steps, bound, bound, (list, start, end) => {
        const tree = new VersionedTree(createMemoryStorage())
        const model = play(tree, list).at(-1)!
        const expected = sortedPairs(model).filter(
          ([k]) =>
            (start === undefined || compareBytes(k, start) >= 0) &&
            (end === undefined || compareBytes(k, end) < 0),
        )
        expect([...tree.at(tree.version).iterate(start, end)]).toEqual(expected)
        expect([...tree.latest().iterate(start, end, true)]).toEqual(expected.toReversed())
      }),
    )
  })

  it('is balanced, ordered and hashed right in the plain reading of its records', () => {
    fc.assert(
      fc.property(steps, (list) => {
        const tree = new VersionedTree(createMemoryStorage())
        play(tree, list).forEach((model, version) => expect(tree.verify(version)).toBe(model.size))
      }),
    )
  })

  it('depends on the order of insertions only in its shape', () => {
    const tree = new VersionedTree(createMemoryStorage())
    for (let i = 0; i < 1000; i++) tree.set(Uint8Array.of(i >> 8, i & 255), Uint8Array.of(1))
    tree.save()
    expect(tree.height).toBeLessThanOrEqual(Math.ceil(1.44 * Math.log2(1000)))
    expect(tree.verify(1)).toBe(1000)
    for (let i = 0; i < 1000; i += 2) expect(tree.delete(Uint8Array.of(i >> 8, i & 255))).toBe(true)
    tree.save()
    expect(tree.verify(2)).toBe(500)
    expect(tree.verify(1)).toBe(1000)
  })
})

describe('tree', () => {
  it('has the hash of nothing while it is empty', () => {
    const tree = new VersionedTree(createMemoryStorage())
    const empty = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'
    expect(toHex(tree.save())).toBe(empty)
    tree.set(Uint8Array.of(1), Uint8Array.of(1))
    expect(toHex(tree.save())).not.toBe(empty)
    tree.delete(Uint8Array.of(1))
    expect(toHex(tree.save())).toBe(empty)
    expect([...tree.latest().iterate()]).toEqual([])
    expect(tree.latest().get(Uint8Array.of(1))).toBeUndefined()
    expect(tree.latest().has(Uint8Array.of(1))).toBe(false)
  })

  it('keeps its root when nothing changes, and when what is deleted was not there', () => {
    const tree = new VersionedTree(createMemoryStorage())
    for (let i = 1; i < 20; i++) tree.set(Uint8Array.of(i), Uint8Array.of(i))
    const root = tree.save()
    expect(tree.save()).toEqual(root)
    expect(tree.delete(Uint8Array.of(99))).toBe(false)
    expect(tree.save()).toEqual(root)
    // Setting the same value is a change all the same: the leaf gets the new version
    tree.set(Uint8Array.of(5), Uint8Array.of(5))
    expect(tree.save()).not.toEqual(root)
  })

  it('refuses what can not be proven', () => {
    const tree = new VersionedTree(createMemoryStorage())
    expect(() => tree.set(Uint8Array.of(), Uint8Array.of(1))).toThrow('at least one byte')
    expect(() => tree.set(Uint8Array.of(1), Uint8Array.of())).toThrow('an empty value is refused')
  })
})
