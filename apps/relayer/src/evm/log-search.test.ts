import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'

import { encodeFunctionData } from 'viem'

import { packetCommitmentKey, packetReceiptKey } from '@causeway/messaging'
import { Anvil, anvilWallet, TEST_CORE_ABI } from './anvil.fixture.ts'
import { ContractReads } from './contract-reads.ts'
import type { EthApi } from './eth-api.ts'
import { findNewestLog, requireSameBlock, searchLogs } from './log-search.ts'
import { PACKET_TOPICS, packetTopics, readPacketLogs } from './packet-logs.ts'
import { HANG, RpcProxy } from './rpc-proxy.fixture.ts'
import { sendTo, testDraft, testPool, testSubmitter } from './submitter.fixture.ts'

let anvil: Anvil
let proxy: RpcProxy

beforeAll(async () => {
  anvil = await Anvil.start()
  await anvil.deployCore()
  for (const sequence of [1n, 2n, 3n]) {
    const payload = {
      sourcePort: 'transfer',
      destPort: 'transfer',
      version: 'ics20-1',
      encoding: 'x',
      value: '0x01',
    } as const
    const clients = { sourceClient: 'client-0', destClient: 'ethereum-0' }
    const packet = { sequence, ...clients, time: 9n, data: [payload] }
    await anvil.send(
      encodeFunctionData({ abi: TEST_CORE_ABI, functionName: 'send', args: [packet] }),
      anvil.core,
    )
    await anvil.mine(30)
  }
  proxy = await new RpcProxy(anvil.url).listen()
})

afterAll(async () => {
  await proxy?.close()
  await anvil?.stop()
})

beforeEach(() => {
  proxy.behaviour = (_, pass) => pass()
  proxy.methods.length = 0
})

const filter = () => ({ address: anvil.core, topics: [PACKET_TOPICS] })
const head = async () => BigInt(await anvil.request<string>('eth_blockNumber'))
const wholeSearch = async (api: EthApi) => await searchLogs(api, filter(), 0n, await head())

describe('a search for logs', () => {
  it('halves what a provider refuses, and misses nothing', async () => {
    proxy.behaviour = ({ method, params }, pass) => {
      const [{ fromBlock, toBlock }] = params as [{ fromBlock: string; toBlock: string }]
      if (method === 'eth_getLogs' && BigInt(toBlock) - BigInt(fromBlock) >= 40n)
        throw new Error('query exceeds max block range 40')
      return pass()
    }
    const logs = await testPool(proxy.url).call(wholeSearch)
    expect(readPacketLogs(logs).map(({ packet }) => packet.sequence)).toEqual([1n, 2n, 3n])
    expect(proxy.methods.length).toBeGreaterThan(3)
  })

  it('goes on at an endpoint that bounds it although all others are on another branch', async () => {
    proxy.behaviour = ({ method, params }, pass) => {
      if (method !== 'eth_getLogs') return pass()
      const [{ fromBlock, toBlock }] = params as [{ fromBlock: string; toBlock: string }]
      if (BigInt(toBlock) - BigInt(fromBlock) >= 40n) throw new Error('query exceeds max block range 40')
      return pass()
    }
    const other = await new RpcProxy(anvil.url).listen()
    other.behaviour = async ({ method }, pass) =>
      method === 'eth_getLogs' ? [] : { ...((await pass()) as object), hash: `0x${'22'.repeat(32)}` }
    const { hash } = await testPool(anvil.url).call((api) => api.block(3n))
    const logs = await testPool(proxy.url, other.url).call(async (api) => {
      await requireSameBlock(api, 3n, hash)
      return await wholeSearch(api)
    })
    await other.close()
    expect(logs).toHaveLength(3)
  })

  it('that is refused to the end says so, and is not taken for “nothing there”', async () => {
    proxy.behaviour = () => {
      throw new Error('archive access needs a plan')
    }
    await expect(testPool(proxy.url).call(wholeSearch)).rejects.toMatchObject({
      failure: 'endpoint',
    })
  })

  it('finds one packet’s newest event backwards, or nothing', async () => {
    const pool = testPool(proxy.url)
    const topics = packetTopics('send_packet', 'client-0', 2n)
    const found = await pool.find((api) => findNewestLog(api, { address: anvil.core, topics }, 0n))
    expect(readPacketLogs(found === undefined ? [] : [found])).toMatchObject([{ packet: { sequence: 2n } }])
    const other = { address: anvil.core, topics: packetTopics('send_packet', 'client-1', 2n) }
    expect(await pool.find((api) => findNewestLog(api, other, 0n))).toBeUndefined()
  })

  it('asks the next endpoint when one hangs, and refuses one on another branch', async () => {
    proxy.behaviour = () => HANG
    const logs = await testPool(proxy.url, anvil.url).call(wholeSearch)
    expect(logs).toHaveLength(3)
    const pool = testPool(anvil.url)
    const own = await pool.call((api) => api.block(3n))
    await pool.call((api) => requireSameBlock(api, 3n, own.hash))
    const other = pool.call((api) => requireSameBlock(api, 3n, `0x${'00'.repeat(32)}`))
    await expect(other).rejects.toThrow(/answered nonsense: block 3 is not the final one/)
    await expect(pool.call((api) => api.block(10_000n))).rejects.toThrow(/does not have block 10000 yet/)
  })
})

describe('what the contract holds', () => {
  it('is read many at once, where the light client proves it', async () => {
    const reads = new ContractReads(testPool(anvil.url), anvil.core)
    const paths = Array.from({ length: 250 }, (_, i) => packetCommitmentKey('client-0', BigInt(i)))
    const present = await reads.arePresent(paths, 'latest')
    expect(present.flatMap((is, index) => (is ? [index] : []))).toEqual([1, 2, 3])
    expect(await reads.arePresent([], 'latest')).toEqual([])
  })

  it('pending is what was sent for good and stands in the newest block, too', async () => {
    const reads = new ContractReads(testPool(anvil.url), anvil.core)
    expect(await reads.pendingSequences('client-0', await head())).toEqual([1n, 2n, 3n])
    const firstSent = (await head()) - 75n
    expect(await reads.pendingSequences('client-0', firstSent)).toEqual([1n])
    expect(await reads.pendingSequences('client-0', 0n)).toEqual([]) // before the contract
  })

  it('unreceived is what has no receipt, final or not', async () => {
    const sending = sendTo(testSubmitter([anvil.url], anvilWallet(1)), anvil.core, testDraft([4n]))
    const mining = setInterval(() => void anvil.mine(), 50)
    await sending.finally(() => clearInterval(mining))
    const reads = new ContractReads(testPool(anvil.url), anvil.core)
    expect(await reads.unreceivedSequences('07-tendermint-1', [3n, 4n, 5n])).toEqual([3n, 5n])
    expect(await reads.arePresent([packetReceiptKey('07-tendermint-1', 4n)], 'latest')).toEqual([true])
  })

  it('a client or a contract that does not exist is a mistake of the configuration', async () => {
    const reads = new ContractReads(testPool(anvil.url), anvil.core)
    await expect(reads.client('client-9')).rejects.toMatchObject({ failure: 'config' })
    const nowhere = new ContractReads(testPool(anvil.url), `0x${'99'.repeat(20)}`)
    await expect(nowhere.client('client-0')).rejects.toThrow(/no contract stands at/)
  })
})
