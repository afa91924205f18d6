import { Comet38Client, HttpBatchClient } from '@cosmjs/tendermint-rpc'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hashHeader } from '@causeway/light-clients'
import { Header } from '@causeway/protocol/tendermint/types/types'
import { sha256, utf8 } from '@causeway/primitives'
import { testGenesis, testKeys } from '../chain.fixture.ts'
import { createKeyValueApplication } from '../kvstore.fixture.ts'
import { startEmbeddedNode } from '../start-embedded-node.ts'
import type { EmbeddedNode } from '../start-embedded-node.ts'

const keys = testKeys('a', 'b', 'c')
let node: EmbeddedNode

beforeAll(async () => {
  node = await startEmbeddedNode({
    application: createKeyValueApplication(),
    genesis: testGenesis(keys),
    validators: keys,
    blocks: { everyMilliseconds: 20 },
  })
})

afterAll(() => node.stop())

describe.each(['http', 'ws', 'batch'])('CosmJS Comet38Client over %s', (transport) => {
  let client: Comet38Client

  beforeAll(async () => {
    const url = transport === 'ws' ? node.rpcUrl.replace('http', 'ws') : node.rpcUrl
    client =
      transport === 'batch'
        ? Comet38Client.create(new HttpBatchClient(url))
        : await Comet38Client.connect(url)
  })

  afterAll(() => client.disconnect())

  it('sends transactions and finds them', async () => {
    const tx = utf8(`${transport}=1`)
    const sync = await client.broadcastTxSync({ tx })
    expect(sync).toMatchObject({ code: 0, hash: sha256(tx) })
    const other = utf8(`${transport}-commit=2`)
    const committed = await client.broadcastTxCommit({ tx: other })
    expect(committed).toMatchObject({ checkTx: { code: 0 }, txResult: { code: 0 }, hash: sha256(other) })
    expect(committed.height).toBeGreaterThan(0)
    const found = await client.tx({ hash: sha256(other), prove: true })
    expect(found).toMatchObject({ height: committed.height, tx: other, hash: sha256(other) })
    expect(found.proof?.data).toEqual(other)
    expect(found.result.events[0]?.attributes[1]).toEqual({ key: 'key', value: `${transport}-commit` })
    const refused = await client.broadcastTxCommit({ tx: utf8(`${transport} refused`) })
    expect(refused).toMatchObject({ height: 0, checkTx: { code: 2 } })
    const asynchronous = await client.broadcastTxAsync({ tx: utf8(`${transport}-async=1`) })
    expect(asynchronous.hash).toEqual(sha256(utf8(`${transport}-async=1`)))
    await expect(client.broadcastTxSync({ tx: other })).rejects.toThrow(/tx already exists in cache/)
  })

  it('searches', async () => {
    const tx = utf8(`${transport}-search=x`)
    const { height } = await client.broadcastTxCommit({ tx })
    const query = `app.key='${transport}-search'`
    const search = await client.txSearch({ query, prove: true, page: 1, per_page: 5, order_by: 'desc' })
    expect(search).toMatchObject({ totalCount: 1, txs: [{ height, tx }] })
    expect((await client.txSearchAll({ query })).totalCount).toBe(1)
    const blocks = await client.blockSearch({ query: `block.height=${height}` })
    expect(blocks).toMatchObject({ totalCount: 1, blocks: [{ block: { header: { height } } }] })
    expect((await client.blockSearchAll({ query: 'block.height <= 2' })).totalCount).toBe(2)
  })

  it('reads blocks, commits and results', async () => {
    const { height } = await client.broadcastTxCommit({ tx: utf8(`${transport}-read=x`) })
    const block = await client.block(height)
    expect(block.block.txs).toContainEqual(utf8(`${transport}-read=x`))
    expect(block.block.lastCommit?.signatures).toHaveLength(3)
    const results = await client.blockResults(height)
    expect(results.results.length).toBe(block.block.txs.length)
    expect(results.finalizeBlockEvents[0]?.type).toBe('block_app')
    const commit = await client.commit(height)
    expect(commit.commit.blockId.hash).toEqual(block.blockId.hash)
    const chain = await client.blockchain(height - 1, height)
    expect(chain.blockMetas.map(({ header }) => header.height)).toEqual([height, height - 1])
    const { blockHeight, validators } = await client.validatorsAll(height)
    expect(blockHeight).toBe(height)
    expect(validators.map(({ votingPower }) => votingPower)).toEqual([10n, 10n, 10n])
    expect((await client.validators({ height, page: 1, per_page: 2 })).count).toBe(2)
  })

  it('reads the node', async () => {
    await client.health()
    const status = await client.status()
    expect(status.nodeInfo).toMatchObject({ network: 'test-chain', version: '0.38.26' })
    expect(status.syncInfo.latestBlockHeight).toBeGreaterThan(0)
    expect(status.validatorInfo.votingPower).toBe(10n)
    const genesis = await client.genesis()
    expect(genesis).toMatchObject({ chainId: 'test-chain', appState: { greeting: 'hello' } })
    expect((await client.abciInfo()).lastBlockHeight).toBeGreaterThan(0)
    await client.numUnconfirmedTxs()
    await client.broadcastTxCommit({ tx: utf8(`${transport}-query=42`) })
    const answer = await client.abciQuery({ path: '/store', data: utf8(`${transport}-query`) })
    expect(answer).toMatchObject({ code: 0, value: utf8('42') })
    const proven = await client.abciQuery({ path: '/proof', data: utf8('x'), prove: true })
    expect(proven.proof?.ops[0]).toMatchObject({ type: 'ics23:iavl', data: utf8('proof') })
  })
})

describe('subscriptions of CosmJS', () => {
  it('see new blocks, headers and transactions', async () => {
    const client = await Comet38Client.connect(node.rpcUrl.replace('http', 'ws'))
    const take = async <Item>(
      stream: ReturnType<Comet38Client['subscribeNewBlock']>,
      count: number,
    ): Promise<Item[]> => {
      const items: Item[] = []
      return new Promise((resolve, reject) => {
        const subscription = stream.subscribe({
          error: reject,
          next: (item) => {
            items.push(item as Item)
            if (items.length < count) return
            subscription.unsubscribe()
            resolve(items)
          },
        })
      })
    }
    const blocks = await take<{ header: { height: number } }>(client.subscribeNewBlock(), 3)
    expect(blocks[1]!.header.height).toBe(blocks[0]!.header.height + 1)
    const headers = await take<{ height: number }>(client.subscribeNewBlockHeader() as never, 2)
    expect(headers[1]!.height).toBe(headers[0]!.height + 1)
    const txs = take<{ tx: Uint8Array; height: number }>(client.subscribeTx("app.key='watched'") as never, 1)
    await client.broadcastTxSync({ tx: utf8('unwatched=1') })
    await client.broadcastTxSync({ tx: utf8('watched=1') })
    expect((await txs)[0]!.tx).toEqual(utf8('watched=1'))
    client.disconnect()
  })
})

describe('a light client', () => {
  it('recomputes the hash of what the RPC serves', async () => {
    const client = await Comet38Client.connect(node.rpcUrl)
    const { block, blockId } = await client.block(2)
    const { header } = block
    const time = header.time as Date & { nanoseconds?: number }
    const recomputed = hashHeader(
      Header.fromPartial({
        version: { block: BigInt(header.version.block), app: BigInt(header.version.app) },
        chainId: header.chainId,
        height: BigInt(header.height),
        time: {
          seconds: BigInt(Math.floor(time.getTime() / 1000)),
          nanos: (time.getTime() % 1000) * 1_000_000 + (time.nanoseconds ?? 0),
        },
        lastBlockId: {
          hash: header.lastBlockId!.hash,
          partSetHeader: { total: header.lastBlockId!.parts.total, hash: header.lastBlockId!.parts.hash },
        },
        lastCommitHash: header.lastCommitHash,
        dataHash: header.dataHash,
        validatorsHash: header.validatorsHash,
        nextValidatorsHash: header.nextValidatorsHash,
        consensusHash: header.consensusHash,
        appHash: header.appHash,
        lastResultsHash: header.lastResultsHash,
        evidenceHash: header.evidenceHash,
        proposerAddress: header.proposerAddress,
      }),
    )
    expect(recomputed).toEqual(blockId.hash)
    client.disconnect()
  })
})
