import { describe, expect, it } from 'vitest'
import { sha256, toHexUpper, utf8 } from '@causeway/primitives'
import { createMemoryStorage } from '@causeway/state-tree'
import type { Storage } from '@causeway/state-tree'
import { testChain } from '../test-chain.fixture.ts'
import type { TestChain } from '../test-chain.fixture.ts'
import { EventIndex } from './event-index.ts'
import { storedBlocks } from './index-writer.ts'
import { decodePosting, encodePosting, postingKey, compositePrefix } from './index-keys.ts'
import { parseQuery } from './query.ts'
import { searchBlocks, searchTxs } from './search.ts'

/** Blocks 1 … 6; block n has the transactions given. */
const blocks = [
  ['a=1', 'b=2'],
  [],
  ['a=3', 'bad', 'c=10'],
  ['long=' + 'x'.repeat(5000)],
  ['a=1.5', 'd=007'],
  [],
]

const OK = {
  code: 0,
  data: new Uint8Array(0),
  log: '',
  info: '',
  gasWanted: 0n,
  gasUsed: 0n,
  codespace: '',
}

function indexed(chain: TestChain, storage: Storage = createMemoryStorage()): EventIndex {
  return new EventIndex(storage, storedBlocks(chain.storage), { chainHeight: chain.core.state.lastHeight })
}

async function fixture(): Promise<{
  chain: TestChain
  find: (query: string) => string[]
  blocksOf: (q: string) => bigint[]
}> {
  const chain = testChain()
  for (const txs of blocks) chain.produce(txs)
  const index = indexed(chain)
  const searched = { index, store: chain.core.store, lastHeight: 6n }
  return {
    chain,
    find: (query) => searchTxs(searched, parseQuery(query)).map(({ height, index: at }) => `${height}/${at}`),
    blocksOf: (query) => searchBlocks(searched, parseQuery(query)),
  }
}

describe('searchTxs', () => {
  it.each<[string, string[]]>([
    ["app.key = 'a'", ['1/0', '3/0', '5/0']],
    ["app.key = 'nothing'", []],
    ["app.key = 'a' AND tx.height > 1", ['3/0', '5/0']],
    ["app.key = 'a' AND tx.height >= 3 AND tx.height < 5", ['3/0']],
    ["app.key = 'a' AND tx.height = 5", ['5/0']],
    ["app.key = 'a' AND tx.height > 5.5", []],
    // Within one event, as CometBFT 0.38 has it
    ["app.key = 'a' AND app.creator = 'Cosmoshi Netowoko'", ['1/0', '3/0', '5/0']],
    ["app.key = 'a' AND app.creator = 'Cosmoshi'", []],
    ["app.key = '1' AND app.creator = 'Cosmoshi'", ['1/0']],
    ["app.key = 'a' AND app.key = '1'", []],
    ["app.creator = 'Cosmoshi'", ['1/0', '1/1', '3/0', '3/2', '4/0', '5/0', '5/1']],
    ['app.key EXISTS AND tx.height > 3', ['4/0', '5/0', '5/1']],
    ["app.key CONTAINS 'xxx'", ['4/0']],
    [`app.key = '${'x'.repeat(400)}'`, []],
    ['app.key > 2', ['3/0', '3/2', '5/1']],
    ['app.key >= 1 AND app.key < 3', ['1/0', '1/1', '5/0']],
    ['app.key <= 1', ['1/0']],
    ["app.noindex_key = 'index is working'", []],
    ['tx.height = 3', ['3/0', '3/1', '3/2']],
    ['tx.height > 3', ['4/0', '5/0', '5/1']],
    ['tx.height > 6', []],
    ['tx.height < 2', ['1/0', '1/1']],
    [`tx.hash = '${toHexUpper(sha256(utf8('b=2')))}'`, ['1/1']],
    [`tx.hash = '${toHexUpper(sha256(utf8('b=3')))}'`, []],
    [`${'long.'.repeat(60)}tag = 'x'`, []],
  ])('%s', async (query, expected) => {
    const { find } = await fixture()
    expect(find(query)).toEqual(expected)
  })

  it('refuses a hash that is none', async () => {
    const { find } = await fixture()
    expect(() => find("tx.hash = 'xyz'")).toThrow(expect.objectContaining({ codespace: 'engine', code: 80 }))
  })
})

describe('a client of many packets', () => {
  const PER_BLOCK = 1_000
  const BLOCKS = 102
  const attribute = (key: string, value: string) => ({ key, value, index: true })
  const packet = (sequence: number) => ({
    type: 'send_packet',
    attributes: [attribute('client', '07-tendermint-0'), attribute('sequence', String(sequence))],
  })
  const block = (height: bigint) => {
    const sequences = Array.from({ length: PER_BLOCK }, (_, i) => (Number(height) - 1) * PER_BLOCK + i + 1)
    const txResults = sequences.map((sequence) => ({ ...OK, events: [packet(sequence)] }))
    const txHashes = sequences.map((sequence) => sha256(utf8(String(sequence))))
    return { txHashes, response: { txResults, events: [] } }
  }
  const packets = { base: () => 1n, at: block }
  const index = new EventIndex(createMemoryStorage(), packets, { chainHeight: BigInt(BLOCKS) })
  const searched = { index, store: testChain().core.store, lastHeight: BigInt(BLOCKS) }
  const find = (query: string) => searchTxs(searched, parseQuery(query))

  it('each can be found, in whatever order the conditions are', () => {
    const expected = [{ height: 101n, index: 499 }]
    const [client, sequence] = ["send_packet.client='07-tendermint-0'", "send_packet.sequence='100500'"]
    expect(find(`${client} AND ${sequence}`)).toEqual(expected)
    expect(find(`${sequence} AND ${client}`)).toEqual(expected)
    expect(find(`${sequence} AND send_packet.client='07-tendermint-1'`)).toEqual([])
    expect(find(`${client} AND send_packet.sequence='0'`)).toEqual([])
  })

  it('all together are more than one search gives', () => {
    const tooWide = expect.objectContaining({ codespace: 'engine', code: 82 })
    expect(() => find("send_packet.client='07-tendermint-0'")).toThrow(tooWide)
    expect(find("send_packet.client='07-tendermint-0' AND tx.height > 100")).toHaveLength(2 * PER_BLOCK)
  })
})

describe('searchBlocks', () => {
  it.each<[string, bigint[]]>([
    ['block.height = 3', [3n]],
    ['block.height > 4', [5n, 6n]],
    ['block.height >= 2 AND block.height <= 3', [2n, 3n]],
    ['block.height > 6', []],
    ["block_app.height = '4'", [4n]],
    ['block_app.height > 4', [5n, 6n]],
    ['block_app.height EXISTS AND block.height < 3', [1n, 2n]],
    ["block_app.other = 'x'", []],
  ])('%s', async (query, expected) => {
    const { blocksOf } = await fixture()
    expect(blocksOf(query)).toEqual(expected)
  })
})

describe('the index', () => {
  it('in memory has a block at once', () => {
    const chain = testChain()
    const index = indexed(chain)
    const { made, response } = chain.produce(['a=1'])
    index.add({ height: 1n, txHashes: made.txHashes, txResults: response.txResults })
    expect(index.find(sha256(utf8('a=1')))).toEqual({ height: 1n, index: 0 })
    expect(index.find(sha256(utf8('other')))).toBeUndefined()
  })

  it('goes on from what it has when it is opened again, and is rebuilt from nothing', () => {
    const chain = testChain()
    const storage = createMemoryStorage()
    chain.produce(['a=1'])
    indexed(chain, storage)
    chain.produce(['b=2'])
    const reopened = indexed(chain, storage)
    const rebuilt = indexed(chain)
    for (const tx of ['a=1', 'b=2']) {
      expect(rebuilt.find(sha256(utf8(tx)))).toBeDefined()
      expect(rebuilt.find(sha256(utf8(tx)))).toEqual(reopened.find(sha256(utf8(tx))))
    }
  })

  it('prefers a success to failures of the same transaction', () => {
    // The same bytes fail first, then succeed, then fail again
    const codes = [7, 0, 7]
    const txHashes = [sha256(utf8('bad'))]
    const at = (height: bigint) => ({
      txHashes,
      response: { txResults: [{ ...OK, code: codes[Number(height) - 1]!, events: [] }], events: [] },
    })
    const storage = createMemoryStorage()
    const found = [1n, 2n, 3n].map((chainHeight) =>
      new EventIndex(storage, { base: () => 1n, at }, { chainHeight }).find(txHashes[0]!),
    )
    expect(found.map((place) => place?.height)).toEqual([1n, 2n, 2n])
    const atOnce = new EventIndex(createMemoryStorage(), { base: () => 1n, at }, { chainHeight: 3n })
    expect(atOnce.find(txHashes[0]!)?.height).toBe(2n)
  })

  it('keeps values of any length', () => {
    for (const value of ['', 'short', 'x'.repeat(300), 'x'.repeat(301), 'ö'.repeat(4000)]) {
      const key = postingKey(compositePrefix('tx', 'type.key'), value, 77n)
      expect(key.length).toBeLessThanOrEqual(511)
      const places = [
        { index: 0, event: 3 },
        { index: 70_000, event: 0 },
      ]
      expect(decodePosting(key, encodePosting(value, [0, 3, 70_000, 0]))).toEqual({
        value,
        height: 77n,
        places,
      })
    }
  })
})

describe('a search after pruning', () => {
  it('finds what is kept', () => {
    const chain = testChain()
    for (let i = 1; i <= 6; i++) chain.produce([`a=${i}`])
    const index = indexed(chain)
    chain.core.store.prune(4n, 100)
    const searched = { index, store: chain.core.store, lastHeight: 6n }
    const heights = (query: string): bigint[] =>
      searchTxs(searched, parseQuery(query)).map(({ height }) => height)
    expect(heights("app.key = 'a'")).toEqual([4n, 5n, 6n])
    expect(heights('tx.height > 0')).toEqual([4n, 5n, 6n])
    expect(heights(`tx.hash = '${toHexUpper(sha256(utf8('a=2')))}'`)).toEqual([])
    expect(searchBlocks(searched, parseQuery('block.height > 0'))).toEqual([4n, 5n, 6n])
    const rebuilt = indexed(chain)
    expect(rebuilt.find(sha256(utf8('a=5')))).toMatchObject({ height: 5n })
  })
})
