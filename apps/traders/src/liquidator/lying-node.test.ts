// What a node that lies can make a liquidator pay: never more than it values itself, never twice, never
// past its margin; and nothing at prices that its own feeder contradicts.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { fromBase64, toBase64 } from '@causeway/primitives'
import { QueryLiquidationResponse } from '@causeway/protocol/causeway/liquidation/v1/query'
import { QueryWhatIfResponse } from '@causeway/protocol/causeway/risk/v1/query'
import { startProxy } from '../../../../libs/client/src/testing/proxy.fixture.ts'
import type { Mishap, Proxy } from '../../../../libs/client/src/testing/proxy.fixture.ts'
import { PATIENCE_MS, SOON, sizeOf, startFailingHub } from './failing-hub.fixture.ts'
import type { FailingHub, RunningTest } from './failing-hub.fixture.ts'

let world: FailingHub
let proxy: Proxy
let running: RunningTest | undefined

vi.setConfig({ testTimeout: PATIENCE_MS, hookTimeout: PATIENCE_MS })

beforeEach(async () => {
  world = await startFailingHub()
  proxy = await startProxy(world.hub.node.rpcUrl)
  await world.open('20')
})
afterEach(async () => {
  await running?.stop()
  running = undefined
  await proxy.stop()
  await world.hub.stop()
})

type Asked = Readonly<Record<string, unknown>>

/** Answers a query with another value, made of the true one. */
const lie =
  (path: string, change: (value: Uint8Array) => Uint8Array) =>
  (method: string, asked: Asked): Mishap => {
    if (method !== 'abci_query' || asked['path'] !== path) return undefined
    return (text) => {
      const answer = JSON.parse(text) as { result: { response: { value: string } } }
      const { response } = answer.result
      response.value = toBase64(change(fromBase64(response.value ?? '')))
      return JSON.stringify(answer)
    }
  }

const SALE = '/causeway.liquidation.v1.Query/Liquidation'
const change = (more: Partial<QueryLiquidationResponse>) => (value: Uint8Array) =>
  QueryLiquidationResponse.encode({ ...QueryLiquidationResponse.decode(value), ...more }).finish()

async function startBehind(decide: Proxy['decide'], options: Parameters<FailingHub['liquidate']>[0] = {}) {
  proxy.decide = decide
  const causeway = await world.hub.connect({ rpc: proxy.url })
  running = world.liquidate({ unwind: { enabled: false }, ...options }, causeway)
  return running
}

const bids = ({ metrics }: RunningTest, outcome: string) =>
  metrics.value('liquidator_bids_total', { outcome })

describe('a node that lies', () => {
  it('about what the auction’s goods are worth changes nothing: the parts are added up', async () => {
    const one = await startBehind(lie(SALE, change({ worthE6: `${10n ** 15n}` })), {
      value: { safetyBps: 5_000 }, // never cheap enough by their real worth
    })
    world.move(2_350)
    const dear = () => one.metrics.value('liquidator_left_total', { reason: 'dear' })
    await expect.poll(dear, SOON).toBeGreaterThan(2)
    expect(await sizeOf(world.hub, world.wallets.liquidator.address)).toBe(0)
  })

  it('about the price gets a bid that the hub refuses: its most is what it is worth', async () => {
    const one = await startBehind(lie(SALE, change({ priceE6: '-1000000000' })), {
      value: { safetyBps: 1_000 },
    })
    world.move(2_350)
    await expect.poll(() => bids(one, 'refused') + bids(one, 'lapsed'), SOON).toBeGreaterThan(0)
    expect(await sizeOf(world.hub, world.wallets.liquidator.address)).toBe(0)
  })

  it('about its margin can’t bring it below: the hub asks itself', async () => {
    const rich = { initialMarginE6: `${10n ** 15n}`, maintenanceMarginE6: `${10n ** 15n}` }
    const enough = (value: Uint8Array) => {
      const answer = QueryWhatIfResponse.decode(value)
      return QueryWhatIfResponse.encode({ ...answer, after: { ...answer.after!, ...rich } }).finish()
    }
    const trader = world.hub.causeway.trader(world.wallets.liquidator)
    await trader.transfer({ to: world.wallets.maker.address, denom: 'cash', amount: '19800' })
    const one = await startBehind(lie('/causeway.risk.v1.Query/WhatIf', enough))
    world.move(2_350)
    await expect
      .poll(() => bids(one, 'refused') + bids(one, 'lapsed') + bids(one, 'sold'), SOON)
      .toBeGreaterThan(0)
    const { initialMargin } = await world.hub.causeway.portfolio(world.wallets.liquidator.address)
    expect(Number(initialMargin)).toBeGreaterThanOrEqual(0)
  })

  it('about prices is left alone where a feeder of one’s own says otherwise', async () => {
    const prices = [
      { asset: '3', symbol: 'ETH', priceE9: `${2_000n * 10n ** 9n}`, publishTimeMs: Number.MAX_SAFE_INTEGER },
    ]
    const feeder = createServer((_, response) => response.end(JSON.stringify({ version: 1, prices })))
    await new Promise<void>((done) => feeder.listen(0, '127.0.0.1', done))
    const url = `http://127.0.0.1:${(feeder.address() as AddressInfo).port}`
    const one = await startBehind(() => undefined, { reference: { url } })
    world.move(2_350)
    await expect
      .poll(() => one.metrics.value('liquidator_left_total', { reason: 'price' }), SOON)
      .toBeGreaterThan(2)
    expect(proxy.calls).not.toContain('broadcast_tx_sync')
    feeder.close()
  })

  it('about what became of a bid gets no second one beside it', async () => {
    const one = await startBehind(
      (method) => (method === 'broadcast_tx_sync' ? 'lose the answer' : undefined),
      {
        limits: { notionalPerBid: 5_000 },
      },
    )
    world.move(2_350)
    const height = async () => Number(await world.hub.causeway.height())
    await expect.poll(() => one.metrics.value('liquidator_failures_total'), SOON).toBeGreaterThan(0)
    const since = await height()
    await expect.poll(height, SOON).toBeGreaterThan(since + 3)
    // However often its bytes were handed over: what it holds is one share at most at a time.
    expect(await sizeOf(world.hub, world.wallets.liquidator.address)).toBeLessThanOrEqual(4.2)
  })
})
