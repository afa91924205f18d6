import { describe, expect, it } from 'vitest'
import { merkleRoot, sha256, toHex } from '@causeway/primitives'
import { CommitmentProof } from '@causeway/protocol/cosmos/ics23/v1/proofs'
import { MultiStore } from './multi-store.ts'
import { bytes, changes, codeOf, commit, isProven, NAMES, open } from './multi-store.fixture.ts'
import { createMemoryStorage } from './storage/memory-storage.ts'
import type { Storage } from './storage/storage.ts'
import type { Change } from './key-value.ts'

describe('a new multi-store', () => {
  it('has version 0, empty stores and the app hash of empty stores', () => {
    const store = open(createMemoryStorage())
    expect(store.version).toBe(0n)
    expect(store.storeNames).toEqual(['ibc', 'ledger', 'transfer'])
    expect([...store.reader('ibc').iterate()]).toEqual([])
    expect(toHex(store.appHash())).toBe(toHex(store.finalize(1n, new Map())))
    expect(store.verify()).toBe(0)
    expect(store.prune(5n)).toBe(true)
    expect(codeOf(() => store.readerAt('ibc', 0n))).toBe('state/2')
  })

  it('has the app hash of cosmos-sdk: name and hashed root of each store in a simple tree', () => {
    const store = open(createMemoryStorage())
    commit(store, { ledger: { a: '1' } })
    // As cosmos/iavl hashes a leaf: height 0, size 1, version 1 (zigzag), then key and hashed value
    const leaf = sha256(Uint8Array.of(0, 2, 2, 1, 0x61, 32, ...sha256(bytes('1'))))
    const empty = sha256(bytes(''))
    const pair = (name: string, root: Uint8Array): Uint8Array =>
      Uint8Array.of(name.length, ...bytes(name), 32, ...sha256(root))
    const expected = merkleRoot([pair('ibc', empty), pair('ledger', leaf), pair('transfer', empty)])
    expect(store.appHash()).toEqual(expected)
  })

  it('may start at any height', () => {
    const store = open(createMemoryStorage())
    commit(store, { ibc: { a: '1' } }, 500n)
    expect(store.version).toBe(500n)
    expect(store.oldestVersion).toBe(500n)
    expect(codeOf(() => store.readerAt('ibc', 499n))).toBe('state/1')
    expect(() => store.finalize(502n, new Map())).toThrow('versions follow one another')
    expect(() => store.finalize(500n, new Map())).toThrow('versions follow one another')
    commit(store, {})
    expect(store.version).toBe(501n)
  })
})

describe('finalize and commit', () => {
  it('computes without persisting, as often as it is asked', () => {
    const storage = createMemoryStorage()
    const store = open(storage)
    commit(store, { ibc: { a: '1' } })
    const before = storage.range(Uint8Array.of(0), undefined)
    const first = store.finalize(2n, changes({ ibc: { a: '2' } }))
    const second = store.finalize(2n, changes({ ibc: { b: '2' } }))
    expect(second).not.toEqual(first)
    expect(store.finalize(2n, changes({ ibc: { a: '2' } }))).toEqual(first)
    expect(storage.range(Uint8Array.of(0), undefined)).toEqual(before)
    expect(store.reader('ibc').get(bytes('a'))).toEqual(bytes('1'))
    expect(store.version).toBe(1n)
    store.commit()
    expect(store.appHash()).toEqual(first)
    expect(store.reader('ibc').get(bytes('a'))).toEqual(bytes('2'))
    expect(() => store.commit()).toThrow('finalized before it is committed')
  })

  it('forgets a finalized version on rollback, and after a restart', () => {
    const storage = createMemoryStorage()
    const store = open(storage)
    const hash = commit(store, { ibc: { a: '1' } })
    store.finalize(2n, changes({ ibc: { a: '2' } }))
    store.rollback()
    expect(() => store.commit()).toThrow('finalized before it is committed')
    store.finalize(2n, changes({ ibc: { a: '3' } }))
    const again = open(storage)
    expect(toHex(again.appHash())).toBe(hash)
    expect(again.version).toBe(1n)
    expect(commit(again, { ibc: { a: '2' } })).toBe(toHex(store.finalize(2n, changes({ ibc: { a: '2' } }))))
  })

  it('can be tried again when the storage fails', () => {
    const memory = createMemoryStorage()
    let isFull = false
    const storage: Storage = {
      ...memory,
      write: (batch) => {
        if (isFull) throw new Error('no space is left')
        memory.write(batch)
      },
    }
    const store = open(storage)
    const before = commit(store, { ibc: { a: '1', b: '1' } })
    const after = store.finalize(2n, changes({ ibc: { a: '2', b: '-' } }))
    isFull = true
    expect(() => store.commit()).toThrow('no space is left')
    expect([store.version, toHex(store.appHash())]).toEqual([1n, before])
    expect(store.reader('ibc').get(bytes('b'))).toEqual(bytes('1'))
    isFull = false
    store.commit()
    expect([store.version, store.appHash()]).toEqual([2n, after])
    expect(store.verify()).toBe(1)
  })

  it('advances every store with the version, and changes no root that nothing changed', () => {
    const store = open(createMemoryStorage())
    const hash = commit(store, { ibc: { a: '1' }, ledger: { a: '1' } })
    expect(commit(store, {})).toBe(hash)
    expect(commit(store, { ibc: { zzz: '-' } })).toBe(hash)
    expect(commit(store, { ibc: { b: '1' } })).not.toBe(hash)
    for (const version of [1n, 2n, 3n]) {
      expect(toHex(store.appHashAt(version))).toBe(hash)
      expect(isProven('ledger', bytes('a'), store.proveKey('ledger', bytes('a'), version))).toBe(true)
    }
  })

  it('refuses changes that break its rules', () => {
    const store = open(createMemoryStorage())
    const set = (key: string, value: string): Change => ({ key: bytes(key), value: bytes(value) })
    const finalize = (list: readonly Change[], name = 'ibc'): Uint8Array =>
      store.finalize(1n, new Map([[name, list]]))
    expect(() => finalize([set('b', '1'), set('a', '1')])).toThrow('ascending key order')
    expect(() => finalize([set('a', '1'), set('a', '2')])).toThrow('ascending key order')
    expect(() => finalize([set('a', '')])).toThrow('an empty value is refused')
    expect(() => finalize([set('', 'a')])).toThrow('at least one byte')
    expect(codeOf(() => finalize([], 'nope'))).toBe('state/3')
    expect(() => store.finalize(0n, new Map())).toThrow('versions follow one another')
    expect(() => store.finalize(1n << 45n, new Map())).toThrow('below 2⁴⁵')
    expect(() => store.commit()).toThrow('finalized before it is committed')
  })

  it('writes the application’s own records in the same batch', () => {
    const storage = createMemoryStorage()
    const store = open(storage)
    store.finalize(1n, new Map())
    store.commit([
      { key: bytes('height'), value: bytes('1') },
      { key: bytes('x'), value: bytes('y') },
    ])
    expect(store.extra(bytes('height'))).toEqual(bytes('1'))
    store.finalize(2n, new Map())
    store.commit([{ key: bytes('x'), value: undefined }])
    expect(open(storage).extra(bytes('height'))).toEqual(bytes('1'))
    expect(open(storage).extra(bytes('x'))).toBeUndefined()
    expect(() => store.extra(bytes(''))).toThrow('1 … 500 bytes')
  })
})

describe('opening', () => {
  it('refuses another set of stores', () => {
    const storage = createMemoryStorage()
    commit(open(storage), {})
    const opened = (storeNames: string[]): unknown =>
      MultiStore.open({ storage, storeNames, keepVersions: 1n })
    expect(codeOf(() => opened(['ibc', 'ledger']))).toBe('state/10')
    expect(codeOf(() => opened([...NAMES, 'risk']))).toBe('state/10')
    expect(codeOf(() => opened(['ibc', 'ledger', 'transfers']))).toBe('state/10')
    expect(codeOf(() => opened(NAMES.toReversed()))).toBe('nothing thrown')
  })

  it('refuses names that can not be', () => {
    const opened = (storeNames: string[], keepVersions = 1n): unknown =>
      MultiStore.open({ storage: createMemoryStorage(), storeNames, keepVersions })
    expect(() => opened([])).toThrow('1 … 256 stores')
    expect(() => opened(['a', 'a'])).toThrow('named twice')
    expect(() => opened(['A'])).toThrow('no store name')
    expect(() => opened([''])).toThrow('no store name')
    expect(() => opened(['a'], 0n)).toThrow('the latest version is kept')
  })
})

describe('reading', () => {
  it('the latest state follows commits; a version stays as it was', () => {
    const store = open(createMemoryStorage())
    commit(store, { ibc: { a: '1', b: '1' } })
    const latest = store.reader('ibc')
    const first = store.readerAt('ibc', 1n)
    commit(store, { ibc: { a: '2', b: '-', c: '2' } })
    const texts = (pairs: Iterable<[Uint8Array, Uint8Array]>): string[] =>
      [...pairs].map(([key, value]) => `${String.fromCharCode(...key)}${String.fromCharCode(...value)}`)
    expect(texts(latest.iterate())).toEqual(['a2', 'c2'])
    expect(texts(latest.iterate(undefined, undefined, true))).toEqual(['c2', 'a2'])
    expect(texts(first.iterate())).toEqual(['a1', 'b1'])
    expect([latest.has(bytes('b')), first.has(bytes('b'))]).toEqual([false, true])
    expect([latest.get(bytes('a')), first.get(bytes('a'))]).toEqual([bytes('2'), bytes('1')])
  })

  it('an iteration stays in the version where it began', () => {
    const store = open(createMemoryStorage())
    commit(store, { ibc: { a: '1', b: '1', c: '1' } })
    const seen: string[] = []
    for (const [key] of store.reader('ibc').iterate()) {
      seen.push(String.fromCharCode(...key))
      if (seen.length === 1) commit(store, { ibc: { b: '-', c: '-', d: '1' } })
    }
    expect(seen).toEqual(['a', 'b', 'c'])
  })

  it('says what is pruned and what is still to come', () => {
    const store = open(createMemoryStorage(), 3n)
    const old: { reader: ReturnType<MultiStore['readerAt']> }[] = []
    for (let i = 1; i <= 6; i++) {
      commit(store, { ibc: { a: String(i) } })
      old.push({ reader: store.readerAt('ibc', BigInt(i)) })
    }
    expect(store.oldestVersion).toBe(4n)
    expect(codeOf(() => store.readerAt('ibc', 3n))).toBe('state/1')
    expect(codeOf(() => store.readerAt('ibc', 7n))).toBe('state/2')
    expect(codeOf(() => store.appHashAt(3n))).toBe('state/1')
    expect(codeOf(() => store.proveKey('ibc', bytes('a'), 3n))).toBe('state/1')
    expect(codeOf(() => store.proveKey('ibc', bytes('a'), -1n))).toBe('state/2')
    expect(codeOf(() => store.reader('nope'))).toBe('state/3')
    expect(old.map(({ reader }) => codeOf(() => reader.get(bytes('a'))))).toEqual([
      ...['state/1', 'state/1', 'state/1'],
      ...['nothing thrown', 'nothing thrown', 'nothing thrown'],
    ])
  })

  it('stops an iteration whose version is pruned under it', () => {
    const store = open(createMemoryStorage())
    commit(store, { ibc: { a: '1', b: '1', c: '1' } })
    const read = (): void => {
      for (const pair of store.readerAt('ibc', 1n).iterate()) {
        expect(pair[1]).toEqual(bytes('1'))
        commit(store, { ibc: { a: '2', b: '2', c: '2' } })
        store.prune(2n)
      }
    }
    expect(codeOf(read)).toBe('state/1')
  })
})

describe('proofs', () => {
  it('verify as an IBC client verifies them, present and absent, at every kept version', () => {
    const store = open(createMemoryStorage())
    for (let i = 1; i <= 30; i++) {
      commit(store, {
        ibc: { [`key${i}`]: String(i), [`key${i - 7}`]: '-' },
        ledger: { same: String(i % 3) },
      })
    }
    let present = 0
    for (let version = 1n; version <= 30n; version++) {
      for (let i = 0; i <= 31; i++) {
        const key = bytes(`key${i}`)
        const proven = store.proveKey('ibc', key, version)
        expect(isProven('ibc', key, proven)).toBe(true)
        expect(proven.appHash).toEqual(store.appHashAt(version))
        const isThere = BigInt(i) <= version && BigInt(i) > version - 7n && i > 0
        expect(proven.value).toEqual(isThere ? bytes(String(i)) : undefined)
        if (isThere) present++
      }
    }
    expect(present).toBeGreaterThan(150)
  })

  it('are each of its own version, whatever was proven before, and nobody else’s to change', () => {
    const store = open(createMemoryStorage())
    const key = bytes('a')
    for (const value of ['1', '2', '3']) commit(store, { ibc: { a: value }, ledger: { a: value } })
    for (const version of [3n, 1n, 3n, 2n]) {
      for (const name of ['ibc', 'ledger', 'ibc']) {
        const proven = store.proveKey(name, key, version)
        expect(proven.appHash).toEqual(store.appHashAt(version))
        expect(isProven(name, key, proven)).toBe(true)
        for (const bytes of [...proven.proofs, proven.appHash]) bytes.fill(0)
      }
    }
    store.finalize(4n, new Map([['ibc', [{ key, value: bytes('4') }]]]))
    expect(store.proveKey('ibc', key, 3n).appHash).toEqual(store.appHash())
    store.commit()
    expect(store.proveKey('ibc', key, 4n).appHash).toEqual(store.appHash())
    expect(isProven('ibc', key, store.proveKey('ibc', key, 4n))).toBe(true)
  })

  it('of one store, key, value or version convince nobody of another', () => {
    const store = open(createMemoryStorage())
    commit(store, { ibc: { a: '1', b: '2' }, ledger: { a: '1', b: '3' } })
    commit(store, { ibc: { c: '1' } })
    const proven = store.proveKey('ibc', bytes('a'), 2n)
    expect(isProven('ibc', bytes('a'), proven)).toBe(true)
    expect(isProven('ledger', bytes('a'), proven)).toBe(false)
    expect(isProven('ibc', bytes('b'), proven)).toBe(false)
    expect(isProven('ibc', bytes('a'), { ...proven, value: bytes('2') })).toBe(false)
    expect(isProven('ibc', bytes('a'), { ...proven, value: undefined })).toBe(false)
    expect(isProven('ibc', bytes('a'), { ...proven, appHash: store.appHashAt(1n) })).toBe(false)
  })

  it('exist for any number of stores', () => {
    for (let count = 1; count <= 17; count++) {
      const storeNames = Array.from({ length: count }, (_, i) => `store${i}`)
      const store = MultiStore.open({ storage: createMemoryStorage(), storeNames, keepVersions: 1n })
      store.finalize(1n, new Map(storeNames.map((name) => [name, [{ key: bytes('k'), value: bytes(name) }]])))
      store.commit()
      for (const name of storeNames) {
        const proven = store.proveKey(name, bytes('k'), 1n)
        expect(isProven(name, bytes('k'), proven)).toBe(true)
        expect(CommitmentProof.encode(CommitmentProof.decode(proven.proofs[1])).finish()).toEqual(
          proven.proofs[1],
        )
      }
    }
  })

  it('need a key', () => {
    const store = open(createMemoryStorage())
    commit(store, {})
    expect(codeOf(() => store.proveKey('ibc', bytes(''), 1n))).toBe('state/4')
    expect(codeOf(() => store.proveKey('nope', bytes('a'), 1n))).toBe('state/3')
  })
})
