import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { checksumTables } from '../database/checksum.ts'
import { allDatabases, pgliteDatabases } from '../database/databases.fixture.ts'
import { emptyTables } from '../database/empty-tables.ts'
import type { Database } from '../database/open-database.ts'
import type { ChainConfig } from './chain-follower.ts'
import { followerParts, followUntil, waitFor } from './follower.fixture.ts'
import { ChainFollower } from './chain-follower.ts'
import { RecordedEndpoint, readRecordedChain, type Tamper } from './recorded-chain.fixture.ts'

const recorded = readRecordedChain()
const last = BigInt(recorded.to)
const config = (...rpcUrls: string[]): ChainConfig => ({ chainId: 'ibc-a', role: 'zone', rpcUrls })
const atEnd = ({ indexedHeight, state }: { indexedHeight: bigint; state: string }): boolean =>
  indexedHeight === last && state === 'LIVE'

for (const databases of await allDatabases()) {
  describe(`following a recorded simd chain on ${databases.name}`, () => {
    let endpoint: RecordedEndpoint
    let url: string
    let opened: Database
    /** The database with empty tables: opening another costs seconds on PGlite. */
    const database = async (): Promise<Database> => {
      await emptyTables(opened.writer)
      return opened
    }
    beforeAll(async () => {
      opened = await databases.open()
      endpoint = new RecordedEndpoint(recorded)
      url = await endpoint.listen()
    })
    afterAll(async () => {
      await endpoint.close()
      await opened.close()
      await databases.stop()
    })

    it('fills the tables from real blocks', async () => {
      const tables = await database()
      await followUntil(config(url), followerParts(tables), atEnd)
      const { reader } = tables
      expect(await reader.getRepository('Block').count()).toBe(recorded.to - recorded.from + 1)
      const [client] = await reader.getRepository('Client').find()
      expect(client).toMatchObject({
        chainId: 'ibc-a',
        clientId: '07-tendermint-0',
        trackedChainId: 'ibc-a',
        trustingPeriodSeconds: 86_400n,
        counterpartyClientId: '07-tendermint-7',
        counterpartyMerklePrefix: '696263,',
        initialRevisionHeight: 2n,
        frozen: false,
      })
      const [packet] = await reader.getRepository('Packet').find()
      expect(packet).toMatchObject({ sequence: 1n, destinationClient: '07-tendermint-7', payloadCount: 1 })
      const [transfer] = await reader.getRepository('Transfer').find()
      expect(transfer).toMatchObject({ denom: 'stake', amount: 777n, memo: 'rent', subaccount: 3 })
      const codes = await reader.getRepository('Transaction').find({ order: { height: 'ASC' } })
      expect(codes.map(({ code }) => code)).toContain(5n)
    })

    it('ends with the same tables however the blocks are batched and wherever it restarts', async () => {
      const whole = await database()
      await followUntil(config(url), followerParts(whole), atEnd)
      const expected = await checksumTables(whole.reader)
      for (const batchBlocks of [1, 2, 5]) {
        const pieces = await database()
        const limits = { batchBlocks, parallelFetches: batchBlocks + 1, pollMs: 5 }
        const parts = followerParts(pieces, { limits })
        for (const stopAt of [3n, 4n, last - 2n]) {
          await followUntil(config(url), parts, ({ indexedHeight }) => indexedHeight >= stopAt)
        }
        await followUntil(config(url), parts, atEnd)
        expect(await checksumTables(pieces.reader)).toEqual(expected)
      }
    })

    it('does not write when another process moved the cursor', async () => {
      const tables = await database()
      const late = new RecordedEndpoint(recorded, 5)
      const slow = new ChainFollower(config(await late.listen()), followerParts(tables))
      slow.start()
      await waitFor(() => (slow.status.indexedHeight === 5n ? true : undefined))
      await followUntil(config(url), followerParts(tables), atEnd)
      const before = await checksumTables(tables.reader)
      late.head = 9
      await waitFor(() => (slow.status.state === 'STOPPED' ? true : undefined))
      expect(slow.status.lastError?.kind).toBe('cursor-moved')
      await slow.stop()
      await late.close()
      expect(await checksumTables(tables.reader)).toEqual(before)
    })
  })
}

type Json = { [key: string]: Json }
const flipHex = (text: string): string => (text.startsWith('0') ? '1' : '0') + text.slice(1)
const at =
  (method: string, height: number, change: (answer: Json) => void): Tamper =>
  (asked, askedHeight, answer) => {
    if (asked === method && (askedHeight === height || method === 'status')) change(answer as unknown as Json)
    return answer
  }
const set = (object: unknown, key: string, value: unknown): void =>
  void ((object as Record<string, unknown>)[key] = value)

const lies: { name: string; kind: string; tamper: Tamper }[] = [
  {
    name: 'another chain in its status',
    kind: 'wrong-chain',
    tamper: at('status', 0, ({ node_info }) => set(node_info, 'network', 'ibc-b')),
  },
  {
    name: 'another chain in a header',
    kind: 'wrong-chain',
    tamper: at('block', 6, ({ block }) => set(block!.header, 'chain_id', 'ibc-b')),
  },
  {
    name: "another block's header",
    kind: 'wrong-header',
    tamper: (method, height, answer) =>
      method === 'block' && height === 6
        ? (structuredClone(recorded.heights[7]!.block) as typeof answer)
        : answer,
  },
  {
    name: 'a changed application hash',
    kind: 'wrong-header',
    tamper: at('block', 6, ({ block }) => {
      const header = block!.header!
      set(header, 'app_hash', flipHex(String(header.app_hash)))
    }),
  },
  {
    name: 'a transaction that was not in the block',
    kind: 'wrong-transactions',
    tamper: at('block', 9, ({ block }) => set(block!.data, 'txs', ['AAAA'])),
  },
  {
    name: 'a commit of another block',
    kind: 'wrong-commit',
    tamper: (method, height, answer) =>
      method === 'commit' && height === 6
        ? (structuredClone(recorded.heights[7]!.commit) as typeof answer)
        : answer,
  },
  {
    name: 'a commit with a forged signature',
    kind: 'wrong-commit',
    tamper: at('commit', 6, ({ signed_header }) => {
      const signatures = signed_header!.commit!.signatures as unknown as Json[]
      set(signatures[0], 'signature', Buffer.alloc(64, 7).toString('base64'))
    }),
  },
  {
    name: 'a commit that nobody signed',
    kind: 'wrong-commit',
    tamper: at('commit', 6, ({ signed_header }) => {
      const absent = {
        block_id_flag: 1,
        validator_address: '',
        timestamp: '0001-01-01T00:00:00Z',
        signature: null,
      }
      set(signed_header!.commit, 'signatures', [absent])
    }),
  },
  {
    name: 'validators of its own',
    kind: 'wrong-validators',
    tamper: at('validators', 1, (answer) => {
      set((answer.validators as unknown as Json[])[0], 'voting_power', '17')
    }),
  },
  {
    name: 'a result that the next header denies',
    kind: 'wrong-results',
    tamper: at('block_results', 3, (answer) => {
      set((answer.txs_results as unknown as Json[])[0], 'gas_used', '1')
    }),
  },
  {
    name: 'results of another height',
    kind: 'wrong-results',
    tamper: (method, height, answer) =>
      method === 'block_results' && height === 6
        ? (structuredClone(recorded.heights[7]!.block_results) as typeof answer)
        : answer,
  },
  {
    name: 'an answer of another shape',
    kind: 'malformed',
    tamper: at('block', 6, (answer) => set(answer, 'block', 'gone')),
  },
]

describe('an endpoint that lies', () => {
  let database: Database
  let liar: RecordedEndpoint
  let liarUrl: string
  beforeAll(async () => {
    database = await pgliteDatabases.open()
  })
  afterAll(() => database.close())
  beforeEach(async () => {
    await emptyTables(database.writer)
    liar = new RecordedEndpoint(recorded)
    liarUrl = await liar.listen()
  })
  afterEach(async () => {
    await liar.close()
  })

  for (const { name, kind, tamper } of lies) {
    it(`by serving ${name} is refused, reported and passed over`, async () => {
      const limits = { batchBlocks: 2, parallelFetches: 4, pollMs: 5 }
      liar.tamper = tamper
      const refused = await followUntil(
        config(liarUrl),
        followerParts(database, { limits }),
        ({ lastError }) => lastError !== undefined,
      )
      expect(refused.lastError?.kind).toBe(kind)
      expect(refused.state).toBe(kind === 'malformed' ? 'RETRYING' : 'REFUSED')
      expect(refused.indexedHeight).toBeLessThan(last)

      const honest = new RecordedEndpoint(recorded)
      const whole = config(liarUrl, await honest.listen())
      const reached = await followUntil(whole, followerParts(database, { limits }), atEnd)
      expect(reached.lastError).toBeUndefined()
      await honest.close()
    })
  }

  it('about the trusted root is refused', async () => {
    const root = { height: 2n, hash: '00'.repeat(32) }
    const refused = await followUntil(
      { ...config(liarUrl), root },
      followerParts(database),
      ({ lastError }) => lastError !== undefined,
    )
    expect(refused.lastError?.kind).toBe('wrong-root')
    expect(refused.indexedHeight).toBe(0n)
  })

  it('by falling silent is retried, and the tables go on where they stopped', async () => {
    liar.tamper = () => {
      throw new Error('silence')
    }
    const parts = followerParts(database)
    const silent = await followUntil(config(liarUrl), parts, ({ lastError }) => lastError !== undefined)
    expect(silent).toMatchObject({ state: 'RETRYING', lastError: { kind: 'unreachable' } })
    liar.tamper = (_method, _height, answer) => answer
    expect((await followUntil(config(liarUrl), parts, atEnd)).indexedHeight).toBe(last)
  })
})
