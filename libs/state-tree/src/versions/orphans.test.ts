import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { toHex } from '@causeway/primitives'
import { randomBelow, randomScript, replay } from '../iavl/operation-script.fixture.ts'
import { keyOf, leftOf, rightOf } from '../iavl/node.ts'
import type { Node } from '../iavl/node.ts'
import type { Tree } from '../iavl/tree.ts'
import { VarintReader } from '../iavl/varint.ts'
import { VersionedTree } from '../iavl/versioned-tree.fixture.ts'
import { createMemoryStorage } from '../storage/memory-storage.ts'
import type { Storage } from '../storage/storage.ts'
import { freeOrphans } from './orphans.ts'

/** `version:nonce` of every living node that a storage holds. Few dead ones lie beside them. */
function storedNodes(storage: Storage): Set<string> {
  const found = new Set<string>()
  const buckets = new Set<string>()
  for (const [key, record] of storage.range(Uint8Array.of(2), Uint8Array.of(3))) {
    const view = new DataView(key.buffer, key.byteOffset)
    const dead = storage.get(key.with(0, 5))?.[0] ?? 0
    expect(dead).toBeLessThan(255)
    buckets.add(toHex(key.subarray(1)))
    let deadCount = 0
    const reader = new VarintReader(record, 0)
    while (reader.offset < record.length) {
      const slot = record[reader.offset++]!
      if ((dead >> slot) & 1) deadCount++
      else found.add(`${view.getBigUint64(3)}:${view.getUint32(11) * 8 + slot + 1}`)
      const length = reader.next()
      reader.offset += length
    }
    expect(deadCount).toBeLessThan(4)
  }
  for (const [key] of storage.range(Uint8Array.of(5), undefined)) {
    expect(buckets.has(toHex(key.subarray(1)))).toBe(true)
  }
  return found
}

function reachableNodes(tree: Tree, found = new Set<string>()): Set<string> {
  const visit = (node: Node): void => {
    found.add(`${node.version}:${node.nonce}`)
    keyOf(node, tree.source)
    if (node.height === 0) return
    visit(leftOf(node, tree.source))
    visit(rightOf(node, tree.source))
  }
  if (tree.root !== undefined) visit(tree.root)
  return found
}

/** A history of random changes without pruning. */
function history(seed: number, storage: Storage): VersionedTree {
  const below = randomBelow(seed)
  const tree = new VersionedTree(storage)
  for (let version = 1; version <= 12; version++) {
    for (let i = below(40); i > 0; i--) {
      const key = Uint8Array.of(below(3), below(20))
      if (below(3) === 0) tree.delete(key)
      else tree.set(key, Uint8Array.of(version, i))
    }
    tree.save()
  }
  return tree
}

describe('pruning', () => {
  it('leaves exactly the nodes that the kept versions use', () => {
    fc.assert(
      fc.property(
        fc.integer(),
        fc.array(fc.integer({ min: 1, max: 11 }), { maxLength: 4 }),
        (seed, prunings) => {
          const storage = createMemoryStorage()
          const tree = history(seed, storage)
          let oldest = 1
          for (const version of [0, ...prunings]) {
            if (version >= oldest) {
              tree.prune(version)
              oldest = version + 1
            }
            const used = new Set<string>()
            for (let kept = oldest; kept <= 12; kept++) reachableNodes(tree.at(kept), used)
            expect(storedNodes(storage)).toEqual(used)
          }
          for (let kept = oldest; kept <= 12; kept++) expect(tree.verify(kept)).toBe(tree.at(kept).size)
        },
      ),
      { numRuns: 60 },
    )
  })

  it('goes on in steps of a bounded number of nodes', () => {
    const storage = createMemoryStorage()
    const tree = new VersionedTree(storage)
    for (let version = 1; version <= 3; version++) {
      for (let i = 0; i < 3000; i++) tree.set(Uint8Array.of(i >> 8, i & 255), Uint8Array.of(version))
      tree.save()
    }
    let steps = 0
    for (;;) {
      const step = freeOrphans(storage, 3, 512)
      expect(step.freed).toBeLessThanOrEqual(512 + 8 * 512)
      storage.write(step.writes)
      steps++
      if (step.isAll) break
    }
    expect(steps).toBeGreaterThan(2)
    expect(storedNodes(storage)).toEqual(reachableNodes(tree.at(3)))
    expect(tree.verify(3)).toBe(3000)
  })

  it('frees many small versions at once, not only a few of their records', () => {
    const storage = createMemoryStorage()
    const tree = new VersionedTree(storage)
    for (let version = 1; version <= 100; version++) {
      tree.set(Uint8Array.of(1), Uint8Array.of(version))
      tree.save()
    }
    const step = freeOrphans(storage, 100, 4096)
    expect([step.freed, step.isAll]).toEqual([99, true])
    const some = freeOrphans(storage, 100, 20)
    expect([some.freed, some.isAll]).toEqual([24, false])
  })

  it('touches nothing that is still kept', () => {
    const storage = createMemoryStorage()
    history(4, storage)
    expect(freeOrphans(storage, 1, 4096)).toEqual({ writes: [], freed: 0, isAll: true })
  })

  it('does not change what a history answers', () => {
    const shape = { versions: 20, operationsMax: 20, keyCount: 20 }
    const script = randomScript(77, shape).filter(([word]) => word !== 'prune')
    expect(script.some(([word]) => word === 'prove')).toBe(true)
    const pruned = script.flatMap((operation, i) => {
      const versions = script.slice(0, i + 1).filter(([word]) => word === 'save').length
      const latest = [operation, ['prune', String(versions - 1)] as const]
      return operation[0] === 'save' && versions > 1 ? latest : [operation]
    })
    const atLatest = (list: readonly (readonly string[])[]): readonly (readonly [string, ...string[]])[] => {
      let version = 0
      return list.map(([word, ...rest]) => {
        if (word === 'save') version++
        if (word === 'prove' || word === 'range') return [word, String(version), ...rest.slice(1)]
        return [word!, ...rest]
      })
    }
    expect(replay(atLatest(pruned), createMemoryStorage)).toEqual(
      replay(atLatest(script), createMemoryStorage),
    )
  })
})
