import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { Data } from '@causeway/protocol/tendermint/types/types'
import { fromUtf8, utf8 } from '@causeway/primitives'
import { createMemoryStorage, openLmdbStorage } from '@causeway/state-tree'
import type { Storage } from '@causeway/state-tree'
import { testKeys } from '../chain.fixture.ts'
import { testChain } from '../test-chain.fixture.ts'
import { BlockStore } from './block-store.ts'
import { messageField, txWithResult } from './tx-record.ts'

const directory = mkdtempSync(join(tmpdir(), 'store-'))
afterAll(() => rmSync(directory, { recursive: true, force: true }))

describe.each<[string, () => Storage]>([
  ['memory', createMemoryStorage],
  ['LMDB', () => openLmdbStorage(join(directory, String(Math.random())), { durability: 'process-kill' })],
])('the block store in %s', (_, open) => {
  it('gives back what a chain put in', () => {
    const storage = open()
    const chain = testChain({ storage, validators: ['a', 'b'] })
    const blocks = [chain.produce(['a=1', 'b=2']), chain.produce(), chain.produce(['c=3'])]
    const store = new BlockStore(storage)
    expect(store.base).toBe(1n)
    for (const { made, response, before } of blocks) {
      const { height } = made.header
      expect(store.block(height)).toEqual(made.block)
      expect(store.blockBytes(height)).toEqual(made.bytes)
      expect(store.meta(height)).toMatchObject({ blockId: made.blockId, header: made.header })
      expect(store.heightOf(made.blockId.hash)).toBe(height)
      expect(store.results(height)).toEqual(response)
      expect(store.validators(height)).toEqual(before.validators)
      expect(store.params(height)).toEqual(before.params)
      expect(store.commit(height)?.blockId).toEqual(made.blockId)
    }
    expect(store.loadState()).toEqual(chain.core.state)
    expect(store.lastExtendedCommit()).toEqual(chain.core.extendedCommit)
    expect(store.validators(4n)).toEqual(chain.core.state.validators)
    expect(store.validators(5n)).toEqual(chain.core.state.nextValidators)
    store.close()
  })

  it('knows the validators of every height, stored or computed', () => {
    const storage = open()
    const chain = testChain({
      storage,
      validators: ['a', 'b', 'c'],
      powers: [1, 2, 3],
      signers: testKeys('a', 'b', 'c'),
    })
    const sets = new Map<bigint, unknown>()
    for (let i = 1; i <= 140; i++) {
      const txs = i === 30 ? [`val:${testKeys('c')[0]!.pub_key.value}!5`] : []
      const { made, before } = chain.produce(txs)
      sets.set(made.header.height, before.validators)
    }
    for (const [height, set] of sets) expect(chain.core.store.validators(height)).toEqual(set)
  })

  it('knows nothing of what is not there', () => {
    const store = new BlockStore(open())
    expect(store.base).toBe(0n)
    expect(store.loadState()).toBeUndefined()
    expect(store.loadPending()).toBeUndefined()
    expect(store.block(1n)).toBeUndefined()
    expect(store.meta(1n)).toBeUndefined()
    expect(store.results(1n)).toBeUndefined()
    expect(store.commit(1n)).toBeUndefined()
    expect(store.validators(1n)).toBeUndefined()
    expect(store.params(1n)).toBeUndefined()
    expect(store.heightOf(new Uint8Array(32))).toBeUndefined()
    expect(store.heightOf(utf8('short'))).toBeUndefined()
    expect(store.prune(5n, 10)).toBe(0)
  })

  it('drops old blocks step by step', () => {
    const storage = open()
    const chain = testChain({ storage })
    const first = chain.produce()
    for (let i = 0; i < 9; i++) chain.produce()
    const { store } = chain.core
    expect(store.prune(8n, 3)).toBe(3)
    expect(store.base).toBe(4n)
    expect(store.block(3n)).toBeUndefined()
    expect(store.heightOf(first.made.blockId.hash)).toBeUndefined()
    expect(store.prune(8n, 100)).toBe(4)
    expect(new BlockStore(storage).base).toBe(8n)
    expect(store.prune(8n, 100)).toBe(0)
  })
})

describe('one transaction of a block', () => {
  it('is read with its result', () => {
    const chain = testChain()
    const { response } = chain.produce(['a=1', 'bad', `c=${'x'.repeat(300)}`])
    for (const [i, text] of ['a=1', 'bad', `c=${'x'.repeat(300)}`].entries()) {
      const record = txWithResult(chain.core.store, 1n, i)!
      expect(fromUtf8(record.tx)).toBe(text)
      expect(record.result).toEqual(response.txResults[i])
    }
    expect(txWithResult(chain.core.store, 1n, 3)).toBeUndefined()
    expect(txWithResult(chain.core.store, 2n, 0)).toBeUndefined()
  })

  it('is found behind fields of any wire type', () => {
    const data = Data.encode({ txs: [utf8('x'), utf8('y')] }).finish()
    // varint, fixed64, fixed32, another field, then the data
    const head = Uint8Array.of(
      0x08,
      0x96,
      0x01,
      0x11,
      1,
      2,
      3,
      4,
      5,
      6,
      7,
      8,
      0x1d,
      1,
      2,
      3,
      4,
      0x22,
      1,
      0x7a,
    )
    const message = Uint8Array.from([...head, ...data])
    expect(messageField(message, 1, 1)).toEqual(utf8('y'))
    expect(messageField(message, 4, 0)).toEqual(utf8('z'))
    expect(messageField(message, 1, 2)).toBeUndefined()
    expect(messageField(new Uint8Array(0), 1, 0)).toBeUndefined()
  })
})
