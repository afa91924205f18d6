import { describe, expect, it } from 'vitest'
import { bucketOf } from './node-records.ts'
import { verifyTree } from './verify.ts'
import { VersionedTree } from './versioned-tree.fixture.ts'
import { createMemoryStorage } from '../storage/memory-storage.ts'
import { nodesKey } from '../versions/layout.ts'

describe('verifyTree', () => {
  it('finds any changed byte of any record', () => {
    const storage = createMemoryStorage()
    const tree = new VersionedTree(storage)
    for (let i = 1; i <= 12; i++) tree.set(Uint8Array.of(10 * i, i), Uint8Array.of(i, i, i))
    tree.save()
    expect(tree.verify(1)).toBe(12)
    let changed = 0
    for (let bucket = 0; bucket <= bucketOf(23); bucket++) {
      const key = nodesKey(0, 1, bucket)
      const record = storage.get(key)!
      for (let at = 0; at < record.length; at++) {
        storage.write([{ key, value: record.with(at, record[at]! ^ 0x11) }])
        tree.reload()
        expect(() => tree.verify(1), `bucket ${bucket}, byte ${at}`).toThrow()
        changed++
      }
      storage.write([{ key, value: record }])
    }
    expect(changed).toBeGreaterThan(900)
    expect(tree.verify(1)).toBe(12)
  })

  it('finds a missing record', () => {
    const storage = createMemoryStorage()
    const tree = new VersionedTree(storage)
    for (let i = 1; i <= 12; i++) tree.set(Uint8Array.of(i), Uint8Array.of(i))
    tree.save()
    storage.write([{ key: nodesKey(0, 1, 1), value: undefined }])
    tree.reload()
    expect(() => tree.verify(1)).toThrow('is missing in the storage')
  })

  it('has nothing to say about an empty tree', () => {
    const tree = new VersionedTree(createMemoryStorage()).latest()
    expect(verifyTree(tree.root, tree.source)).toBe(0)
  })
})
