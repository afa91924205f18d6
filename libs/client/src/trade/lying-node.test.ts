// What a node that lies can make a trader lose: nothing is signed that only the node named, nor signed twice.
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { fromBase64, toBase64, toHex, utf8 } from '@causeway/primitives'
import { QueryAccountResponse } from '@causeway/protocol/causeway/accounts/v1/query'
import { QueryMarketResponse } from '@causeway/protocol/causeway/markets/v1/query'
import type { Causeway } from '../connect.ts'
import type { ClientError } from '../errors.ts'
import { startTestHub, testEvmWallet } from '../testing/hub.fixture.ts'
import type { TestHub } from '../testing/hub.fixture.ts'
import { startProxy } from '../testing/proxy.fixture.ts'
import type { Mishap, Proxy } from '../testing/proxy.fixture.ts'

const [victim, thief, second] = ['lied to', 'lies', 'second of who is lied to'].map(testEvmWallet) as [
  ReturnType<typeof testEvmWallet>,
  ReturnType<typeof testEvmWallet>,
  ReturnType<typeof testEvmWallet>,
]
const WAIT = { timeout: 30_000 }
let hub: TestHub
let proxy: Proxy
let causeway: Causeway

beforeAll(async () => {
  hub = await startTestHub({ addresses: [victim.address, thief.address, second.address] })
  proxy = await startProxy(hub.node.rpcUrl)
})
// A fresh client for each lie: nothing is remembered.
afterEach(() => {
  proxy.decide = () => undefined
  proxy.calls.length = 0
  causeway.close()
})
afterAll(async () => {
  await proxy.stop()
  await hub.stop()
})

async function trader(wallet = victim) {
  causeway = await hub.connect({ rpc: proxy.url })
  return causeway.trader(wallet)
}

const failure = (work: Promise<unknown>) =>
  work.then(
    () => expect.fail('it went well'),
    ({ codespace, code, outcome }: ClientError) => ({ error: `${codespace}/${code}`, outcome }),
  )
const broadcasts = () => proxy.calls.filter((method) => method === 'broadcast_tx_sync').length

/** Answers a query with another value, made of the true one. */
function lie(path: string, change: (value: Uint8Array) => Uint8Array, data?: string): void {
  proxy.decide = (method, params): Mishap => {
    const isAsked = method === 'abci_query' && params['path'] === path
    if (!isAsked || (data !== undefined && params['data'] !== data)) return undefined
    return (text) => {
      const answer = JSON.parse(text) as { result: { response: { value: string } } }
      const { response } = answer.result
      response.value = toBase64(change(fromBase64(response.value ?? '')))
      return JSON.stringify(answer)
    }
  }
}

/** The hub takes what is broadcast; the node says that it refused the first. */
function refuseOnce(code: number): void {
  let left = 1
  proxy.decide = (method): Mishap => {
    if (method !== 'broadcast_tx_sync' || left-- <= 0) return undefined
    return (text) => {
      const answer = JSON.parse(text) as { result: object }
      return JSON.stringify({ ...answer, result: { ...answer.result, code, codespace: 'tx', log: 'a lie' } })
    }
  }
}

const ACCOUNT = '/causeway.accounts.v1.Query/Account'
const asThief = (value: Uint8Array) =>
  QueryAccountResponse.encode({ ...QueryAccountResponse.decode(value), account: thief.address }).finish()

describe('a node that lies', () => {
  it('can’t have a wallet consent to be linked to an account that only the node names', async () => {
    lie(ACCOUNT, asThief)
    const trades = await trader()
    expect(await failure(trades.link(second))).toEqual({ error: 'client/47', outcome: undefined })
    expect(broadcasts()).toBe(0)
  })

  it('can’t have a payment signed twice by refusing it for its sequence', async () => {
    const trades = await trader()
    const amount = async () => (await hub.causeway.portfolio(thief.address)).collateral
    const had = Number((await amount()).find(({ denom }) => denom === 'usdz')!.amount)
    refuseOnce(32)
    const pay = trades.transfer({ to: thief.address, denom: 'usdz', amount: '1' })
    expect(await failure(pay)).toEqual({ error: 'client/41', outcome: 'unknown' })
    expect(broadcasts()).toBe(1)
    await expect
      .poll(async () => Number((await amount()).find(({ denom }) => denom === 'usdz')!.amount), WAIT)
      .toBe(had + 1)
  })

  it('can’t have an order executed twice by asking a fee of it', async () => {
    const trades = await trader()
    await trades.convert({ denom: 'usdz', amount: '10000' })
    refuseOnce(13)
    const order = { market: 'ETH-PERP', side: 'buy', size: '0.1', limit: '2000' } as const
    const outcome = await trades.order(order).then(
      () => 'done',
      ({ code, codespace }: ClientError) => `${codespace}/${code}`,
    )
    expect(['done', 'tx/106', 'client/41', 'client/42']).toContain(outcome)
    await expect.poll(async () => (await hub.causeway.orders(victim.address)).length, WAIT).toBe(1)
    const height = BigInt(await hub.causeway.height())
    await expect.poll(async () => BigInt(await hub.causeway.height()), WAIT).toBeGreaterThan(height + 3n)
    expect(await hub.causeway.orders(victim.address)).toHaveLength(1)
  })

  it('can’t set a fee above the most that is paid', async () => {
    const price = JSON.stringify([{ denom: 'ucway', priceE9: '1000000000000' }])
    lie('/store/accounts/key', () => utf8(price), toHex(Uint8Array.of(3)))
    const trades = await trader()
    const pay = trades.transfer({ to: thief.address, denom: 'usdz', amount: '1' })
    expect(await failure(pay)).toEqual({ error: 'client/48', outcome: undefined })
    expect(broadcasts()).toBe(0)
  })

  it('can’t answer with another market than was asked for', async () => {
    const rename = (value: Uint8Array) => {
      const answer = QueryMarketResponse.decode(value)
      const market = { ...answer.market!.market!, symbol: 'BTC-PERP' }
      return QueryMarketResponse.encode({ ...answer, market: { ...answer.market!, market } }).finish()
    }
    lie('/causeway.markets.v1.Query/Market', rename)
    const trades = await trader()
    const order = { market: 'ETH-PERP', side: 'buy', size: '0.1', limit: '2000' } as const
    expect(await failure(trades.order(order))).toEqual({ error: 'client/2', outcome: undefined })
  })

  it('can’t make an order that is done look as if it had failed', async () => {
    const trades = await trader()
    proxy.decide = (method) =>
      method === 'block_results' ? { status: 503, body: 'Service Unavailable' } : undefined
    const order = { market: 'ETH-PERP', side: 'buy', size: '0.1', limit: '2100' } as const
    expect(await failure(trades.order(order))).toEqual({ error: 'client/49', outcome: 'done' })
    expect(broadcasts()).toBe(1)
  })
})
