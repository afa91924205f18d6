import { describe, expect, it } from 'vitest'
import { createMemoryStorage } from '../storage/memory-storage.ts'
import type { Storage } from '../storage/storage.ts'
import { VersionedTree } from '../iavl/versioned-tree.fixture.ts'
import type { Node } from '../iavl/node.ts'
import { Tree } from '../iavl/tree.ts'
import { verifyTree } from '../iavl/verify.ts'
import { StoredNodes } from './stored-nodes.ts'

function stored(count: number): { storage: Storage; root: Node } {
  const storage = createMemoryStorage()
  const tree = new VersionedTree(storage)
  for (let i = 0; i < count; i++) tree.set(Uint8Array.of(i >> 8, i & 255), Uint8Array.of(1, i & 255))
  tree.save()
  return { storage, root: tree.at(1).root! }
}

function inMemory(node: Node | undefined): number {
  if (node === undefined || node.key === undefined) return 0
  return 1 + inMemory(node.left) + inMemory(node.right)
}

describe('StoredNodes', () => {
  it('reads only what a search meets', () => {
    const { storage, root } = stored(1000)
    const tree = new Tree(root, new StoredNodes(storage, 0))
    expect(inMemory(root)).toBe(0)
    expect(tree.get(Uint8Array.of(1, 5))).toEqual(Uint8Array.of(1, 5))
    expect(inMemory(root)).toBeLessThanOrEqual(root.height + 1)
    expect([...tree.iterate()]).toHaveLength(1000)
    expect(inMemory(root)).toBe(1999)
  })

  it('keeps a bounded number of nodes, the upper ones, and reads the rest again', () => {
    const { storage, root } = stored(1000)
    const nodes = new StoredNodes(storage, 0)
    const tree = new Tree(root, nodes)
    const all = [...tree.iterate()]
    nodes.forget(root, 0, 5000)
    expect(inMemory(root)).toBe(1999)
    nodes.forget(root, 0, 600)
    expect(inMemory(root)).toBeLessThanOrEqual(300)
    expect(inMemory(root)).toBeGreaterThan(100)
    expect([...tree.iterate()]).toEqual(all)
    nodes.forget(root, 5000, 600)
    nodes.forget(undefined, 5000, 600)
    expect([...tree.iterate(undefined, undefined, true)]).toEqual(all.toReversed())
  })

  it('reads the nodes of a record at once for who passes them in their order, and counts none', () => {
    const { storage, root } = stored(1000)
    let reads = 0
    const counting: Storage = { ...storage, get: (key) => (reads++, storage.get(key)) }
    const nodes = new StoredNodes(counting, 0)
    expect(verifyTree(root, nodes.reader())).toBe(1000)
    expect(inMemory(root)).toBe(0)
    // 1,999 nodes, eight a record: a few are read again on the way back up
    expect(reads).toBeLessThan(600)
    const tree = new Tree(root, nodes)
    const all = [...tree.iterate()]
    nodes.forget(root, 0, 1999)
    expect(inMemory(root)).toBe(1999)
    expect(all).toHaveLength(1000)
  })

  it('can forget in the middle of an iteration', () => {
    const { storage, root } = stored(300)
    const nodes = new StoredNodes(storage, 0)
    const tree = new Tree(root, nodes)
    const seen: number[] = []
    for (const [key] of tree.iterate()) {
      seen.push(key[0]! * 256 + key[1]!)
      nodes.forget(root, 1000, 10)
    }
    expect(seen).toEqual(Array.from({ length: 300 }, (_, i) => i))
  })

  it('stops when a record is missing', () => {
    const { storage, root } = stored(100)
    storage.write(
      storage.range(Uint8Array.of(2), Uint8Array.of(3)).map(([key]) => ({ key, value: undefined })),
    )
    const tree = new Tree(root, new StoredNodes(storage, 0))
    expect(() => tree.get(Uint8Array.of(1))).toThrow('node 1:1 of store 0 is missing in the storage')
  })
})
