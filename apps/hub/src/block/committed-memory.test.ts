import fc from 'fast-check'
import { toHex, utf8 } from '@causeway/primitives'
import { MultiStore, Overlay, createMemoryStorage, keyText } from '@causeway/state-tree'
import { describe, expect, it } from 'vitest'
import { CommittedMemory } from './committed-memory.ts'

function store() {
  const stores = MultiStore.open({ storage: createMemoryStorage(), storeNames: ['s'], keepVersions: 1n })
  const reader = stores.reader('s')
  const memory = new CommittedMemory(reader)
  let version = 0n
  const commit = (overlay: Overlay) => {
    const changes = overlay.changes()
    stores.finalize(++version, new Map([['s', changes]]))
    stores.commit()
    memory.follow(changes)
  }
  return { reader, memory, commit }
}

const key = fc.uint8Array({ minLength: 1, maxLength: 2 }).map((bytes) => bytes.map((byte) => byte % 5))
const value = fc.option(fc.uint8Array({ minLength: 1, maxLength: 2 }), { nil: undefined })
const block = fc.array(fc.tuple(key, value), { maxLength: 12 })

describe('the memory of the committed state', () => {
  it('says what the committed state says, after every block', () => {
    fc.assert(
      fc.property(fc.array(block, { maxLength: 8 }), fc.array(key, { maxLength: 20 }), (blocks, asked) => {
        const { reader, memory, commit } = store()
        for (const changes of blocks) {
          const overlay = new Overlay(memory)
          for (const [k, v] of changes) {
            if (v === undefined) overlay.delete(k)
            else overlay.set(k, v)
          }
          for (const k of asked) expect(memory.get(k)).toEqual(reader.get(k))
          commit(overlay)
          for (const k of asked) {
            expect(memory.get(k)).toEqual(reader.get(k))
            expect(memory.has(k)).toBe(reader.has(k))
            expect(memory.getByText(keyText(k), k)).toEqual(reader.get(k))
          }
          const pairs = (from: Iterable<[Uint8Array, Uint8Array]>) => [...from].map((pair) => pair.map(toHex))
          expect(pairs(memory.iterate())).toEqual(pairs(reader.iterate()))
        }
      }),
    )
  })

  it('gives the same array as long as a value stands, and another once it was written', () => {
    const { memory, commit } = store()
    const overlay = new Overlay(memory)
    overlay.set(utf8('a'), utf8('1'))
    commit(overlay)
    const first = memory.get(utf8('a'))
    expect(memory.get(utf8('a'))).toBe(first)
    const next = new Overlay(memory)
    next.set(utf8('a'), utf8('2'))
    commit(next)
    expect(memory.get(utf8('a'))).toEqual(utf8('2'))
  })

  it('remembers no long key, and no more bytes than its bound', () => {
    const { reader } = store()
    const memory = new CommittedMemory(reader, 1_000)
    memory.get(new Uint8Array(129).fill(1))
    memory.follow([{ key: new Uint8Array(500_000).fill(1), value: utf8('1') }])
    expect(memory.size).toEqual({ keys: 0, bytes: 0 })
    const big = { key: utf8('big'), value: new Uint8Array(900).fill(1) }
    memory.follow([big, big])
    memory.follow([{ key: utf8('k'), value: utf8('v') }])
    expect(memory.size).toEqual({ keys: 2, bytes: 905 })
    for (let i = 0; i < 100; i++) {
      memory.get(utf8(`absent ${i}`))
      expect(memory.size.bytes).toBeLessThanOrEqual(1_000)
    }
    memory.follow([{ key: utf8('big'), value: undefined }])
    expect(memory.get(utf8('big'))).toBeUndefined()
  })

  it('knows nothing of a block that is not committed', () => {
    const { memory } = store()
    const overlay = new Overlay(memory)
    overlay.set(utf8('a'), utf8('1'))
    expect(overlay.get(utf8('a'))).toEqual(utf8('1'))
    expect(memory.get(utf8('a'))).toBeUndefined()
  })
})
