// A liquidator against a hub that runs: it takes over what is cheap enough, within its means, and closes it.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { PATIENCE_MS, SOON, sizeOf, startFailingHub } from './failing-hub.fixture.ts'
import type { FailingHub, RunningTest } from './failing-hub.fixture.ts'

let world: FailingHub
let running: RunningTest[] = []

vi.setConfig({ testTimeout: PATIENCE_MS, hookTimeout: PATIENCE_MS })

beforeEach(async () => {
  world = await startFailingHub()
  running = []
})
afterEach(async () => {
  await Promise.all(running.map((each) => each.stop()))
  await world.hub.stop()
})

function start(...options: Parameters<FailingHub['liquidate']>): RunningTest {
  const one = world.liquidate(...options)
  running.push(one)
  return one
}

const outcomes = ({ metrics }: RunningTest, outcome: string) =>
  metrics.value('liquidator_bids_total', { outcome })

describe('a liquidator', () => {
  it('takes over below its value, keeps its margin, and closes what it has', async () => {
    const { hub, wallets } = world
    await world.open('20')
    const one = start({ unwind: { every: '300ms', notionalPerOrder: 20_000 } })
    world.move(2_350) // worth 7,000 of 47,000: below maintenance
    await expect.poll(() => outcomes(one, 'sold'), SOON).toBeGreaterThan(0)
    expect(one.metrics.value('liquidator_earned_total')).toBeGreaterThan(0)
    expect(await sizeOf(hub, wallets.liquidator.address)).toBeGreaterThan(0)
    const maker = hub.causeway.trader(wallets.maker)
    await maker.order({ market: 'ETH-PERP', side: 'buy', size: '20', limit: '2345' })
    await expect.poll(() => sizeOf(hub, wallets.liquidator.address), SOON).toBe(0)
    const after = await hub.causeway.portfolio(wallets.liquidator.address)
    expect(Number(after.initialMargin)).toBeGreaterThan(0)
    // It has earned what the auction left it, less what closing has cost: 5 of 2,350 each.
    expect(Number(after.equity)).toBeGreaterThan(20_000)
  })

  it('never takes more than it can carry, nor more than it may hold', async () => {
    const { hub, wallets } = world
    await world.open('20')
    const limits = { notionalPerBid: 3_000, notionalHeld: 4_000 } // of 7,000 that would heal the account
    const one = start({ limits, unwind: { enabled: false } })
    world.move(2_350)
    const left = (reason: string) => one.metrics.value('liquidator_left_total', { reason })
    // Less than a lot fits, or nothing at all.
    await expect.poll(() => left('room') + left('small'), SOON).toBeGreaterThan(0)
    const { positions, initialMargin } = await hub.causeway.portfolio(wallets.liquidator.address)
    expect(positions).toHaveLength(1)
    expect(Number(positions[0]!.size) * 2_350).toBeLessThanOrEqual(4_000)
    expect(Number(initialMargin)).toBeGreaterThan(0)
  })

  it('waits while the auction is dear, and in a dry run only says what it would do', async () => {
    const { hub, wallets } = world
    await world.open('20')
    const dear = start({ value: { safetyBps: 5_000 } })
    const dry = start({ dryRun: true, value: { safetyBps: 0, linearCostBps: 0, profitMin: 0 } })
    world.move(2_350)
    await expect
      .poll(() => dear.metrics.value('liquidator_left_total', { reason: 'dear' }), SOON)
      .toBeGreaterThan(2)
    await expect.poll(() => outcomes(dry, 'dry run'), SOON).toBeGreaterThan(0)
    expect(await sizeOf(hub, wallets.liquidator.address)).toBe(0)
  })

  it('goes on where it was when it is started again', async () => {
    const { hub, wallets } = world
    await world.open('20')
    const first = start({ unwind: { enabled: false } })
    world.move(2_350)
    await expect.poll(() => outcomes(first, 'sold'), SOON).toBeGreaterThan(0)
    await first.stop()
    running = []
    const maker = hub.causeway.trader(wallets.maker)
    await maker.order({ market: 'ETH-PERP', side: 'buy', size: '20', limit: '2345' })
    start({ unwind: { every: '300ms' } })
    await expect.poll(() => sizeOf(hub, wallets.liquidator.address), SOON).toBe(0)
  })

  it('takes an account that is worth nothing when insurance pays for it', async () => {
    const { hub, wallets } = world
    await world.open('20')
    // Somebody has given insurance enough.
    const { funds } = await hub.causeway.insurance()
    await hub.causeway
      .trader(wallets.maker)
      .transfer({ to: funds[0]!.holder, denom: 'cash', amount: '15000' })
    const one = start({ unwind: { enabled: false } })
    world.move(1_950)
    await expect.poll(() => outcomes(one, 'sold'), SOON).toBeGreaterThan(0)
    expect(await sizeOf(hub, wallets.liquidator.address)).toBeGreaterThan(0)
    const { equity, initialMargin } = await hub.causeway.portfolio(wallets.liquidator.address)
    expect(Number(equity)).toBeGreaterThan(20_000)
    expect(Number(initialMargin)).toBeGreaterThan(0)
  })
})
