import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { sha256, toHex, utf8 } from '@causeway/primitives'
import { createMemoryStorage, openLmdbStorage } from '@causeway/state-tree'
import type { Storage } from '@causeway/state-tree'
import { testChain } from '../test-chain.fixture.ts'
import type { TestChain } from '../test-chain.fixture.ts'
import { EventIndex } from './event-index.ts'
import { IndexWriter, storedBlocks } from './index-writer.ts'
import { parseQuery } from './query.ts'
import { searchTxs } from './search.ts'

const ends: (() => Promise<void> | void)[] = []

afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})

const OK = {
  ...{ code: 0, data: new Uint8Array(0), log: '', info: '', codespace: '' },
  ...{ gasWanted: 0n, gasUsed: 0n, events: [] },
}

interface Fixture {
  readonly chain: TestChain
  readonly index: EventIndex
  readonly storage: Storage
  readonly failures: Error[]
  /** Makes a block and tells the index. */
  produce(txs: readonly string[]): void
  search(query: string): string[]
}

/** A chain whose blocks are on a disk, and its index. */
function fixture(folder = mkdtempSync(join(tmpdir(), 'index-'))): Fixture {
  ends.push(() => rmSync(folder, { recursive: true, force: true }))
  const paths = { blocks: join(folder, 'blocks'), index: join(folder, 'index') }
  for (const path of Object.values(paths)) mkdirSync(path, { recursive: true })
  const durability = 'process-kill'
  const [blocks, storage] = [paths.blocks, paths.index].map((path) => openLmdbStorage(path, { durability }))
  const chain = testChain({ storage: blocks! })
  const failures: Error[] = []
  const thread = {
    paths: { ...paths, durability } as const,
    onFailure: (error: Error) => void failures.push(error),
  }
  const { lastHeight: chainHeight } = chain.core.state
  const index = new EventIndex(storage!, storedBlocks(blocks!), { chainHeight, thread })
  ends.push(async () => {
    await index.stop()
    storage!.close()
    blocks!.close()
  })
  return {
    chain,
    index,
    storage: storage!,
    failures,
    produce(txs) {
      const { made, response } = chain.produce(txs)
      index.add({
        height: made.header.height,
        txHashes: made.txHashes,
        txResults: response.txResults,
      })
    },
    search: (query) =>
      searchTxs(
        { index, store: chain.core.store, lastHeight: chain.core.state.lastHeight },
        parseQuery(query),
      ).map((place) => `${place.height}/${place.index}`),
  }
}

const everything = (storage: Storage) =>
  storage.range(Uint8Array.of(0), undefined).map(([key, value]) => `${toHex(key)} ${toHex(value)}`)

describe('an index on a disk', () => {
  it('finds a transaction by its hash at once, and by its events when it has caught up', async () => {
    const { index, storage, produce, search } = fixture()
    produce(['a=1', 'bad'])
    expect(index.find(sha256(utf8('a=1')))).toMatchObject({ height: 1n, index: 0 })
    expect(index.find(sha256(utf8('bad')))).toMatchObject({ height: 1n, index: 1 })
    expect(index.find(sha256(utf8('other')))).toBeUndefined()
    expect(everything(storage)).toEqual([])
    await index.caughtUp()
    expect(search("app.key = 'a'")).toEqual(['1/0'])
    expect(index.find(sha256(utf8('a=1')))).toEqual({ height: 1n, index: 0 })
    expect(index.find(sha256(utf8('bad')))).toEqual({ height: 1n, index: 1 })
  })

  it('is the same as one that is written block by block', async () => {
    const { chain, index, storage, produce } = fixture()
    for (let i = 0; i < 80; i++) {
      produce(i % 7 === 0 ? [] : [`key${i}=${i}`, 'same=1', `long=${'x'.repeat(i * 10)}`])
      if (i % 20 === 0) await index.caughtUp()
    }
    await index.caughtUp()
    const apart = createMemoryStorage()
    for (let height = 1n; height <= 80n; height++)
      new EventIndex(apart, storedBlocks(chain.storage), { chainHeight: height })
    expect(everything(storage)).toEqual(everything(apart))
    expect(everything(storage).length).toBeGreaterThan(500)
  })

  it('follows by itself within seconds', async () => {
    const { storage, produce } = fixture()
    produce(['a=1'])
    await expect
      .poll(
        () => {
          storage.refresh()
          return everything(storage).length
        },
        { timeout: 20_000 },
      )
      .toBeGreaterThan(0)
  })

  it('lets callers wait for different heights while it works', async () => {
    const { index, produce, search } = fixture()
    const waits: Promise<void>[] = []
    for (let i = 1; i <= 30; i++) {
      produce([`a=${i}`])
      waits.push(index.caughtUp())
      if (i % 10 === 0) await waits[i - 10]
    }
    await Promise.all(waits)
    expect(search("app.key = 'a'")).toHaveLength(30)
  })

  it('goes on when it is opened again, and is rebuilt when it was deleted', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'index-'))
    const first = fixture(folder)
    first.produce(['a=1'])
    await first.index.caughtUp()
    first.produce(['b=2'])
    for (const end of ends.splice(1).reverse()) await end()
    const second = fixture(folder)
    // What the thread had not written when the node ended
    expect(second.search("app.key = 'b'")).toEqual(['2/0'])
    second.produce(['c=3'])
    await second.index.caughtUp()
    const whole = everything(second.storage)
    for (const end of ends.splice(2).reverse()) await end()
    rmSync(join(folder, 'index'), { recursive: true })
    const third = fixture(folder)
    expect(everything(third.storage)).toEqual(whole)
  })

  it('catches up with a long chain when it is opened', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'index-'))
    const first = fixture(folder)
    for (let i = 0; i < 120; i++) first.produce([`key${i}=1`])
    for (const end of ends.splice(1).reverse()) await end()
    rmSync(join(folder, 'index'), { recursive: true })
    const { index, search } = fixture(folder)
    expect(index.backlog).toBe(120n)
    await index.caughtUp()
    expect(search("app.key = 'key0' AND tx.height < 5")).toEqual(['1/0'])
    expect(index.find(sha256(utf8('key119=1')))).toEqual({ height: 120n, index: 0 })
  })

  it('of a chain that has gone back begins anew', async () => {
    const ahead = createMemoryStorage()
    const chain = testChain()
    for (let i = 0; i < 5; i++) chain.produce([`key${i}=1`])
    new EventIndex(ahead, storedBlocks(chain.storage), { chainHeight: 5n })
    const back = testChain()
    back.produce(['other=1'])
    const index = new EventIndex(ahead, storedBlocks(back.storage), { chainHeight: 1n })
    expect(index.find(sha256(utf8('other=1')))).toEqual({ height: 1n, index: 0 })
    expect(index.find(sha256(utf8('key4=1')))).toBeUndefined()
    const apart = createMemoryStorage()
    new EventIndex(apart, storedBlocks(back.storage), { chainHeight: 1n })
    expect(everything(ahead)).toEqual(everything(apart))
  })

  it('is done where all that it lacks was pruned', () => {
    const storage = createMemoryStorage()
    const at = (): never => expect.unreachable('a pruned block is not read')
    const writer = new IndexWriter(storage, { base: () => 50n, at })
    expect(writer.indexSome(20n)).toBe(false)
    expect(writer.height).toBe(49n)
  })

  it('ends while it has much to do, and rejects who waits', async () => {
    const { index, produce } = fixture()
    for (let i = 0; i < 50; i++) produce([`a=${i}`])
    const waiting = index.caughtUp()
    const refused = expect(waiting).rejects.toThrow('the node has stopped')
    await index.stop()
    await refused
    produce(['b=1'])
    await expect(index.caughtUp()).rejects.toThrow('the node has stopped')
  })

  it('tells when its thread can’t go on', async () => {
    const { index, failures } = fixture()
    // The store has no such block
    index.add({ height: 1n, txHashes: [sha256(utf8('a=1'))], txResults: [OK] })
    await expect(index.caughtUp()).rejects.toThrow('a committed block and its results are stored')
    await expect(index.caughtUp()).rejects.toThrow('a committed block and its results are stored')
    // Hashes are still known
    expect(index.find(sha256(utf8('a=1')))).toMatchObject({ height: 1n })
    await index.stop()
    expect(failures).toHaveLength(1)
  })
})
