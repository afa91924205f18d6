// The market maker's program against a hub that runs: quotes stand, follow the price, and are withdrawn.
import pino from 'pino'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { startTestHub, testEvmWallet } from '../../../../libs/client/src/testing/hub.fixture.ts'
import type { TestHub } from '../../../../libs/client/src/testing/hub.fixture.ts'
import { checkMarketMakerConfig } from '../config/load-config.ts'
import { startMarketMaker } from './start-market-maker.ts'
import type { RunningMarketMaker } from './start-market-maker.ts'

const ETH = 3n
const E9 = 1_000_000_000n
const SOON = { timeout: 150_000, interval: 100 }
const wallet = testEvmWallet('maker')
let hub: TestHub
let maker: RunningMarketMaker
let told: number | undefined

vi.setConfig({ testTimeout: 400_000, hookTimeout: 400_000 })

beforeAll(async () => {
  hub = await startTestHub({ addresses: [wallet.address] })
  await hub.causeway.trader(wallet).convert({ denom: 'usdz', amount: '20000' })
  maker = await startMarketMaker({
    config: checkMarketMakerConfig({
      ...{ listen: { port: 0 }, everyBlocks: 1_000, requoteBps: 50 },
      style: { quoteNotional: 1_500, expiryDaysMin: 1, strikesBeside: 0 },
    }),
    hub: { rpc: hub.node.rpcUrl, chainId: 'causeway-1', clock: hub.clock },
    ...{ wallet, log: pino({ level: 'silent' }) },
    onQuoting: (markets) => (told = markets),
  })
})
afterAll(async () => {
  await maker.stop()
  await hub.stop()
})

const best = async (market = 'ETH-PERP') => {
  const { bids, asks } = await hub.causeway.book(market, 1)
  return [bids[0]?.price, asks[0]?.price].map(Number)
}

describe('a market maker on a hub', () => {
  it('quotes the perpetual round the index, and options round what the surface says', async () => {
    await expect.poll(() => told, SOON).toBe(3)
    expect(await best()).toEqual([2_997.6, 3_002.4])
    const option = (await hub.causeway.orders(wallet.address)).find(({ market }) => market.endsWith('-C'))!
    const [bid, ask] = await best(option.market)
    expect(bid).toBeGreaterThan(0)
    expect(ask).toBeGreaterThan(bid!)
  })

  it('is protected, and the hub ends its orders when it falls silent', async () => {
    const { windowSeconds, sizeMax } = await hub.causeway.protection(wallet.address, 'ETH')
    expect([windowSeconds, Number(sizeMax)]).toEqual([10, 20])
  })

  it('quotes anew when the price has moved, long before its time', async () => {
    hub.prices.set(ETH, 2_900n * E9)
    await expect.poll(() => best(), SOON).toEqual([2_897.68, 2_902.32])
    const moved = () => maker.metrics.value('maker_quotings_total', { why: 'move' })
    await expect.poll(moved, SOON).toBeGreaterThan(0)
  })

  it('takes its quotes back when there is no fresh price', async () => {
    const price = hub.prices.get(ETH)!
    hub.prices.delete(ETH)
    await expect.poll(async () => (await hub.causeway.orders(wallet.address)).length, SOON).toBe(0)
    hub.prices.set(ETH, price)
    await expect.poll(() => best(), SOON).toEqual([2_897.68, 2_902.32])
  })

  it('tells of itself', async () => {
    expect(await (await fetch(`${maker.url}/healthz`)).text()).toBe('ok\n')
    const text = async () => (await fetch(`${maker.url}/metrics`)).text()
    await expect.poll(text, SOON).toMatch(/^maker_quoted_markets 3$/m)
    expect(await text()).toMatch(/^maker_equity \d+/m)
    expect((await fetch(`${maker.url}/secrets`)).status).toBe(404)
    expect((await fetch(`${maker.url}/metrics`, { method: 'POST' })).status).toBe(405)
  })

  it('withdraws its quotes at its end', async () => {
    await maker.stop()
    expect(await hub.causeway.orders(wallet.address)).toEqual([])
  })
})
