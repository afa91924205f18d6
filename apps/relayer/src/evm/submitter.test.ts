import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'

import { encodeFunctionData } from 'viem'
import type { Hex } from 'viem'

import { Anvil, anvilWallet, TEST_CORE_ABI } from './anvil.fixture.ts'
import { HANG, RpcProxy } from './rpc-proxy.fixture.ts'
import { sendTo, testDraft, testSubmitter } from './submitter.fixture.ts'

const GWEI = 1_000_000_000n

let anvil: Anvil
let snapshot: Hex
const proxies: RpcProxy[] = []

beforeAll(async () => {
  anvil = await Anvil.start()
  await anvil.deployCore()
})

afterAll(async () => await anvil?.stop())

beforeEach(async () => {
  snapshot = await anvil.request<Hex>('evm_snapshot')
})

afterEach(async () => {
  await anvil.request('anvil_dropAllTransactions')
  await anvil.request('evm_revert', snapshot)
  for (const proxy of proxies.splice(0)) await proxy.close()
})

/** Makes blocks until the promise is settled. */
async function mined<T>(promise: Promise<T>): Promise<T> {
  let isDone = false
  const settled = promise.finally(() => (isDone = true))
  settled.catch(() => undefined)
  await vi.waitUntil(
    async () => {
      if (!isDone) await anvil.mine()
      return isDone
    },
    { timeout: 30_000, interval: 50 },
  )
  return await settled
}

async function proxy(): Promise<RpcProxy> {
  const opened = await new RpcProxy(anvil.url).listen()
  proxies.push(opened)
  return opened
}

interface PoolTransaction {
  readonly hash: Hex
  readonly nonce: Hex
  readonly maxFeePerGas: Hex
  readonly maxPriorityFeePerGas: Hex
}

/** Transactions that wait in the node's pool. */
async function pooled(): Promise<PoolTransaction[]> {
  type Accounts = Record<string, Record<string, PoolTransaction>>
  const { pending, queued } = await anvil.request<{ pending: Accounts; queued: Accounts }>('txpool_content')
  return [pending, queued].flatMap((accounts) => Object.values(accounts).flatMap((own) => Object.values(own)))
}

const untilPooled = async (count: number) =>
  await vi.waitUntil(async () => (await pooled()).length === count, { timeout: 10_000, interval: 20 })

describe('a flight', () => {
  it('is one transaction a batch, the update in the first, nonces one after the other', async () => {
    const wallet = anvilWallet(1)
    const sending = sendTo(
      testSubmitter([anvil.url], wallet),
      anvil.core,
      testDraft([1n, 2n]),
      testDraft([3n]),
    )
    await untilPooled(2) // both wait before the first is in a block
    await anvil.mine()
    const [first, second] = await sending
    expect([first?.error, second?.error]).toEqual([undefined, undefined])
    expect(first?.receipt?.logs).toHaveLength(3) // ClientUpdated, two acknowledgements
    expect(second?.receipt?.logs).toHaveLength(1)
    const { gasUsed, fee } = first?.inclusion ?? { gasUsed: 0n, fee: { amount: 0n, denom: '' } }
    expect(fee).toEqual({ amount: gasUsed * (first?.receipt?.gasPrice ?? 0n), denom: 'wei' })
  })

  it('without messages is the update alone; one without anything is not sent', async () => {
    const submitter = testSubmitter([anvil.url], anvilWallet(1))
    const [alone] = await mined(sendTo(submitter, anvil.core, testDraft([])))
    expect(alone?.receipt?.logs).toHaveLength(1)
    const [nothing] = await sendTo(submitter, anvil.core, testDraft([], null))
    expect(nothing).toMatchObject({ inclusion: undefined, error: undefined })
  })

  it('finds poison packets before paying, by bisection, and delivers the others', async () => {
    await anvil.setPoison(3n)
    await anvil.setPoison(7n)
    const rpc = await proxy()
    const submitter = testSubmitter([rpc.url], anvilWallet(1))
    const [end] = await mined(sendTo(submitter, anvil.core, testDraft([1n, 2n, 3n, 4n, 5n, 6n, 7n, 8n])))
    expect(end?.receipt?.logs).toHaveLength(7)
    expect([...(end?.refused.keys() ?? [])]).toEqual([2, 6])
    expect(end?.refused.get(2)).toMatchObject({
      failure: 'message',
      message: expect.stringMatching(/^reverted: RootMismatch\(0x0+, 0x0+\)$/) as string,
    })
    expect(rpc.methods.filter((method) => method === 'eth_sendRawTransaction')).toHaveLength(1)
  })

  it('sends nothing when every message is refused, or the update is', async () => {
    await anvil.setPoison(1n)
    const submitter = testSubmitter([anvil.url], anvilWallet(1))
    const [poisoned] = await sendTo(submitter, anvil.core, testDraft([1n]))
    expect([poisoned?.inclusion, poisoned?.refused.size, poisoned?.error]).toEqual([undefined, 1, undefined])
    const drafts = [testDraft([2n], new Uint8Array()), testDraft([4n], new Uint8Array())]
    const ends = await sendTo(submitter, anvil.core, ...drafts)
    for (const end of ends)
      expect(end.error).toMatchObject({ failure: 'client', message: 'reverted: WrongSignature()' })
    expect(await pooled()).toEqual([])
  })

  it('leaves for the next what one transaction may not use', async () => {
    const data = encodeFunctionData({
      abi: TEST_CORE_ABI,
      functionName: 'setGasPerPacket',
      args: [1_000_000n],
    })
    await anvil.send(data, anvil.core)
    const submitter = testSubmitter([anvil.url], anvilWallet(1), { gasMax: 3_500_000n })
    const [end] = await mined(sendTo(submitter, anvil.core, testDraft([1n, 2n, 3n, 4n])))
    expect(end?.receipt?.logs).toHaveLength(3)
    expect([...(end?.refused.keys() ?? [])]).toEqual([2, 3])
    expect(end?.refused.get(2)).toMatchObject({ failure: 'transaction', retry: 'now' })
    const tight = testSubmitter([anvil.url], anvilWallet(1), { gasMax: 500_000n })
    const [alone] = await sendTo(tight, anvil.core, testDraft([1n]))
    expect(alone?.error).toMatchObject({ failure: 'gas', retry: 'later' })
  })

  it('that reverts in its block says why, and names nobody', async () => {
    const sending = sendTo(testSubmitter([anvil.url], anvilWallet(1)), anvil.core, testDraft([1n, 2n]))
    await untilPooled(1)
    await anvil.setPoison(2n, true) // another transaction is quicker
    await anvil.mine()
    const [end] = await sending
    expect(end?.inclusion?.gasUsed).toBeGreaterThan(21_000n)
    expect(end?.error).toMatchObject({
      failure: 'transaction',
      messageIndex: undefined,
      message: expect.stringMatching(/^reverted in its block: reverted: RootMismatch/) as string,
    })
  })
})

describe('a transaction that no block takes', () => {
  it('is replaced by one that offers an eighth more, until one is in a block', async () => {
    const submitter = testSubmitter([anvil.url], anvilWallet(1), { replaceAfterMs: 100 })
    const sending = sendTo(submitter, anvil.core, testDraft([1n]))
    await untilPooled(1)
    const [first] = await pooled()
    await vi.waitUntil(async () => (await pooled())[0]?.hash !== first?.hash, { timeout: 10_000 })
    const [second] = await pooled()
    expect(second?.nonce).toBe(first?.nonce)
    for (const field of ['maxFeePerGas', 'maxPriorityFeePerGas'] as const)
      expect(BigInt(second?.[field] ?? 0) * 1000n).toBeGreaterThanOrEqual(BigInt(first?.[field] ?? 0) * 1125n)
    const [end] = await mined(sending)
    expect(end?.error).toBeUndefined()
    expect(end?.inclusion?.hash).not.toBe(first?.hash)
  })

  it('offers no more than the limit, is given up in time, and its nonce is used again', async () => {
    const fees = { maxFeePerGas: 3n * GWEI, priorityFeePerGas: GWEI }
    const options = { fees, replaceAfterMs: 50, confirmTimeoutMs: 600 }
    const submitter = testSubmitter([anvil.url], anvilWallet(1), options)
    const sending = sendTo(submitter, anvil.core, testDraft([1n]))
    await untilPooled(1)
    const [end] = await sending
    expect(end?.error).toMatchObject({ failure: 'unconfirmed', retry: 'now' })
    const [stuck] = await pooled()
    expect(BigInt(stuck?.maxFeePerGas ?? 0)).toBeLessThanOrEqual(3n * GWEI)
    await anvil.request('anvil_dropAllTransactions') // a node forgets
    const [again] = await mined(sendTo(submitter, anvil.core, testDraft([1n])))
    expect(again?.error).toBeUndefined()
  })

  it('of an earlier process gets its time, and is then replaced under its nonce', async () => {
    const wallet = anvilWallet(1)
    const killed = testSubmitter([anvil.url], wallet, { confirmTimeoutMs: 1 })
    // In the pool, and nobody waits for them.
    await sendTo(killed, anvil.core, testDraft([1n]), testDraft([2n]))
    await untilPooled(2)
    const before = await pooled()
    const restarted = testSubmitter([anvil.url], wallet, { replaceAfterMs: 300 })
    const sending = sendTo(restarted, anvil.core, testDraft([3n]))
    await vi.waitUntil(async () => {
      const hashes = (await pooled()).map(({ hash }) => hash)
      return before.some(({ hash }) => !hashes.includes(hash))
    })
    expect((await pooled()).map(({ nonce }) => BigInt(nonce)).sort()).toEqual([0n, 1n])
    const [end] = await mined(sending)
    expect(end?.error).toBeUndefined()
  })

  it('of an earlier process that lands in time is waited for', async () => {
    const wallet = anvilWallet(1)
    await sendTo(testSubmitter([anvil.url], wallet, { confirmTimeoutMs: 1 }), anvil.core, testDraft([1n]))
    await untilPooled(1)
    const [before] = await pooled()
    const [end] = await mined(sendTo(testSubmitter([anvil.url], wallet), anvil.core, testDraft([2n])))
    expect(end?.error).toBeUndefined()
    const receipt = await anvil.request<{ status: Hex }>('eth_getTransactionReceipt', before?.hash)
    expect(receipt.status).toBe('0x1')
  })

  it('fills a gap of nonces first: nothing above a gap moves', async () => {
    const wallet = anvilWallet(1)
    const { raw } = await wallet.signTransaction({
      ...{ chainId: 31_337n, nonce: 1n, to: anvil.core, data: '0x', gas: 100_000n },
      ...{ maxFeePerGas: 10n * GWEI, maxPriorityFeePerGas: GWEI },
    })
    await anvil.request('eth_sendRawTransaction', raw) // nonce 0 was lost with the node that had it
    const [end] = await mined(sendTo(testSubmitter([anvil.url], wallet), anvil.core, testDraft([1n])))
    expect(end?.error).toBeUndefined()
    expect(await anvil.request('eth_getTransactionCount', wallet.address, 'latest')).toBe('0x2')
  })
})

describe('the account', () => {
  it('that another program used in between is read again', async () => {
    const wallet = anvilWallet(1)
    const submitter = testSubmitter([anvil.url], wallet)
    await mined(sendTo(submitter, anvil.core, testDraft([1n])))
    await mined(sendTo(testSubmitter([anvil.url], wallet), anvil.core, testDraft([2n])))
    const [end] = await mined(sendTo(submitter, anvil.core, testDraft([3n])))
    expect(end?.error).toBeUndefined()
  })

  it('whose nonce another program takes while ours waits says so', async () => {
    const wallet = anvilWallet(1)
    const sending = sendTo(testSubmitter([anvil.url], wallet), anvil.core, testDraft([1n]))
    await untilPooled(1)
    const { raw } = await wallet.signTransaction({
      ...{ chainId: 31_337n, nonce: 0n, to: anvil.core, data: '0x', gas: 100_000n },
      ...{ maxFeePerGas: 100n * GWEI, maxPriorityFeePerGas: 50n * GWEI },
    })
    await anvil.request('eth_sendRawTransaction', raw)
    const [end] = await mined(sending)
    expect(end?.error).toMatchObject({ failure: 'sequence', retry: 'now' })
  })

  it('that is empty, or a base fee above the limit: the lane waits', async () => {
    const poor = anvilWallet(50)
    const [empty] = await sendTo(testSubmitter([anvil.url], poor), anvil.core, testDraft([1n]))
    expect(empty?.error).toMatchObject({ failure: 'fees', retry: 'later' })
    const fees = { maxFeePerGas: 1n, priorityFeePerGas: 1n }
    const [dear] = await sendTo(
      testSubmitter([anvil.url], anvilWallet(1), { fees }),
      anvil.core,
      testDraft([1n]),
    )
    expect(dear?.error).toMatchObject({
      failure: 'fees',
      message: expect.stringContaining('base fee') as string,
    })
  })
})

describe('endpoints', () => {
  it('that hang or are gone don’t hold up a transaction', async () => {
    const hanging = await proxy()
    hanging.behaviour = () => HANG
    const urls = [hanging.url, 'http://127.0.0.1:9', anvil.url]
    const [end] = await mined(sendTo(testSubmitter(urls, anvilWallet(1)), anvil.core, testDraft([1n])))
    expect(end?.error).toBeUndefined()
  })

  it('that take a transaction and lose it are not the only ones that get it', async () => {
    const swallowing = await proxy()
    swallowing.behaviour = ({ method }, pass) =>
      method === 'eth_sendRawTransaction' ? `0x${'11'.repeat(32)}` : pass()
    const urls = [swallowing.url, anvil.url]
    const [end] = await mined(sendTo(testSubmitter(urls, anvilWallet(1)), anvil.core, testDraft([1n])))
    expect(end?.error).toBeUndefined()
  })

  it('a reorganisation drops a transaction: it is sent again, and counts once it is deep', async () => {
    const options = { confirmations: 3n, replaceAfterMs: 200 }
    const sending = sendTo(testSubmitter([anvil.url], anvilWallet(1), options), anvil.core, testDraft([1n]))
    await untilPooled(1)
    const before = await anvil.request<Hex>('evm_snapshot')
    const [first] = await pooled()
    await anvil.mine()
    await vi.waitUntil(async () => {
      const receipt = await anvil.request('eth_getTransactionReceipt', first?.hash)
      return receipt !== null
    })
    await anvil.request('evm_revert', before)
    await anvil.request('anvil_dropAllTransactions')
    const [end] = await mined(sending)
    expect(end?.error).toBeUndefined()
    const head = BigInt(await anvil.request<Hex>('eth_blockNumber'))
    expect(head + 1n).toBeGreaterThanOrEqual((end?.inclusion?.height ?? 0n) + 3n)
  })
})

describe('a contract', () => {
  it('is created by the same account', async () => {
    const submitter = testSubmitter([anvil.url], anvilWallet(1))
    const receipt = await mined(submitter.create('0x600160005260206000f3'))
    expect(receipt.contractAddress).toMatch(/^0x[0-9a-f]{40}$/i)
    await expect(submitter.create('0xfe')).rejects.toMatchObject({ name: 'RelayError' })
  })
})
