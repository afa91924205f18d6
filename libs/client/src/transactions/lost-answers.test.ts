// Transactions whose answers are lost: nothing is done twice, and nothing that may be done is called refused.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { Causeway } from '../connect.ts'
import type { ClientError } from '../errors.ts'
import { startTestHub, testEvmWallet } from '../testing/hub.fixture.ts'
import type { TestHub } from '../testing/hub.fixture.ts'
import { startProxy } from '../testing/proxy.fixture.ts'
import type { Mishap, Proxy } from '../testing/proxy.fixture.ts'

const [sender, receiver] = [testEvmWallet('lost sender'), testEvmWallet('lost receiver')]
const home = mkdtempSync(join(tmpdir(), 'lost-answers-'))
// 302 blocks are made in it.
const LONG = { timeout: 240_000 }
let hub: TestHub
let proxy: Proxy
let causeway: Causeway

beforeAll(async () => {
  const addresses = [sender.address, receiver.address]
  hub = await startTestHub({ addresses, blockMilliseconds: 'onDemand', home })
  proxy = await startProxy(hub.node.rpcUrl)
  causeway = await hub.connect({ rpc: proxy.url, timeoutMilliseconds: 200_000 })
  const made = producing(causeway.trader(sender).convert({ denom: 'usdz', amount: '10000' }))
  expect(await made).toMatchObject({ cash: '10000' })
})
afterAll(async () => {
  causeway.close()
  await proxy.stop()
  await hub.stop()
  rmSync(home, { recursive: true })
})
afterEach(() => {
  proxy.decide = () => undefined
  for (let i = 0; i < 2; i++) hub.node.produceBlock()
})

/** Makes a block whenever a search for a transaction passes. */
async function producing<Result>(work: Promise<Result>): Promise<Result> {
  const { decide } = proxy
  proxy.decide = (method, params) => {
    if (method === 'tx') hub.node.produceBlock()
    return decide(method, params)
  }
  return await work
}

/** The first broadcasts meet these mishaps. */
function broadcasts(...mishaps: (Mishap | (() => Promise<Mishap>))[]): void {
  proxy.decide = async (method) => {
    if (method !== 'broadcast_tx_sync') return undefined
    const mishap = mishaps.shift()
    return typeof mishap === 'function' && mishap.length === 0
      ? await (mishap as () => Promise<Mishap>)()
      : (mishap as Mishap)
  }
}

const failure = (work: Promise<unknown>) =>
  work.then(
    () => expect.fail('it went well'),
    (error: ClientError) => error,
  )
const send = (waitSeconds?: number) =>
  causeway
    .trader(sender)
    .transfer(
      { to: receiver.address, denom: 'ucway', amount: '1' },
      waitSeconds === undefined ? {} : { waitSeconds },
    )
const place = (waitSeconds?: number) =>
  causeway
    .trader(sender)
    .order(
      { market: 'ETH-PERP', side: 'buy', size: '0.1', limit: '2000' },
      waitSeconds === undefined ? {} : { waitSeconds },
    )
const received = async () =>
  Number(
    (await hub.causeway.portfolio(receiver.address)).collateral.find(({ denom }) => denom === 'ucway')!
      .amount,
  )
const resting = async () => (await hub.causeway.orders(sender.address)).length
const count = (method: string) => proxy.calls.filter((each) => each === method).length

describe('a broadcast', () => {
  it.each(['lose the answer', 'lose the call', 'cut the answer'] as const)(
    'after “%s” is made again as it is, and done once',
    async (mishap) => {
      const [had, orders] = [await received(), await resting()]
      proxy.calls.length = 0
      broadcasts(mishap, mishap)
      await producing(send())
      expect(count('broadcast_tx_sync')).toBe(3)
      broadcasts(mishap)
      await producing(place())
      expect([await received(), await resting()]).toEqual([had + 1, orders + 1])
    },
  )

  it('that nobody ever answers has an unknown outcome, which is told later by its hash', async () => {
    const had = await received()
    broadcasts('lose the answer', 'lose the answer', 'lose the answer')
    const error = await failure(send())
    expect(error).toMatchObject({ codespace: 'client', code: 41, outcome: 'unknown', retry: 'never' })
    expect(await causeway.transaction(error.txHash!)).toBeUndefined()
    hub.node.produceBlock()
    expect(await causeway.transaction(error.txHash!)).toMatchObject({ code: 0 })
    expect(await received()).toBe(had + 1)
  })

  it.each([
    ['a page of a gateway', { status: 500, body: '<html>Internal Server Error</html>' }],
    ['another status', { status: 502, body: 'Bad gateway' }],
    ['half of an answer', { status: 200, body: '{"jsonrpc":"2.0","id":1,"res' }],
    ['an answer without a result', { status: 200, body: '{"jsonrpc":"2.0","id":1}' }],
    ['a code of another type', (text: string) => text.replace('"code":0', '"code":"none"')],
    [
      'a fault of the node',
      {
        status: 500,
        body: '{"id":1,"error":{"code":-32603,"message":"","data":"confirmation not received"}}',
      },
    ],
  ])('that is answered by %s has an unknown outcome, and is never sent anew', async (_what, mishap) => {
    const had = await received()
    broadcasts(mishap, mishap, mishap)
    const error = await failure(send(0.2))
    expect(error).toMatchObject({ codespace: 'client', code: 41, outcome: 'unknown' })
    hub.node.produceBlock()
    expect(await causeway.transaction(error.txHash!)).toMatchObject({ code: 0 })
    expect(await received()).toBe(had + 1)
  })

  it('that was included before it was made again is not called refused, nor signed anew', async () => {
    for (const [act, effect] of [
      [send, received],
      [place, resting],
    ] as const) {
      const had = await effect()
      broadcasts('lose the answer', async () => {
        // The hub forgets what its mempool has seen: the same bytes come too late now.
        hub.node.produceBlock()
        await hub.restart()
        return undefined
      })
      const outcome = await producing(act().catch((error: ClientError) => error))
      if (outcome instanceof Error) expect(outcome).toMatchObject({ code: 41, outcome: 'unknown' })
      expect(await effect()).toBe(had + 1)
    }
  })
})

describe('waiting for a block', () => {
  it('goes on over answers that are lost, and over a restart of the hub', async () => {
    const had = await received()
    const mishaps: Mishap[] = ['lose the answer', { status: 503, body: '' }, { status: 500, body: 'no' }]
    let isRestarted = false
    proxy.decide = async (method) => {
      if (method !== 'tx') return undefined
      const mishap = mishaps.shift()
      if (mishap === undefined && !isRestarted) {
        isRestarted = true
        hub.node.produceBlock()
        await hub.restart()
      }
      return mishap
    }
    await send()
    expect([isRestarted, await received()]).toEqual([true, had + 1])
  })

  it('without any answer ends with an unknown outcome and the hash', async () => {
    proxy.decide = (method) => (method === 'tx' || method === 'status' ? 'lose the answer' : undefined)
    await causeway.height().catch(() => undefined)
    proxy.decide = (method) => (method === 'tx' ? 'lose the answer' : undefined)
    const error = await failure(place(1))
    expect(error).toMatchObject({ codespace: 'client', code: 41, outcome: 'unknown' })
    expect(error.txHash).toMatch(/^[0-9A-F]{64}$/)
  })

  it('ends with an unknown outcome when no block comes in time', async () => {
    const error = await failure(place(0.2))
    expect(error).toMatchObject({ codespace: 'client', code: 41, outcome: 'unknown', retry: 'never' })
    expect(error.detail).toMatchObject({ seconds: 0.2 })
    hub.node.produceBlock()
    expect(await causeway.transaction(error.txHash!)).toMatchObject({ code: 0 })
  })

  it('ends with “never” when its last height has passed: the mempool died with the hub', LONG, async () => {
    const [had, orders] = [await received(), await resting()]
    let offered = 0
    let passing: Promise<void> | undefined
    const pass = async () => {
      const height = hub.node.height()
      await hub.restart()
      while (hub.node.height() <= height + 302n) hub.node.produceBlock()
    }
    proxy.decide = async (method) => {
      if (method === 'broadcast_tx_sync') offered++
      if (method === 'tx' && offered === 2) await (passing ??= pass())
      return undefined
    }
    for (const error of await Promise.all([failure(send(10)), failure(place(10))])) {
      expect(error).toMatchObject({ codespace: 'client', code: 42, outcome: 'refused', retry: 'now' })
    }
    expect([await received(), await resting()]).toEqual([had, orders])
    await producing(send())
    expect(await received()).toBe(had + 1)
  })
})
