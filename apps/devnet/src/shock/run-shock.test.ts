// A shock against a hub that runs, with a liquidator: from the door to the table.
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { PATIENCE_MS, startFailingHub } from '../../../traders/src/liquidator/failing-hub.fixture.ts'
import type { FailingHub, RunningTest } from '../../../traders/src/liquidator/failing-hub.fixture.ts'
import { openControlDoor } from '../prices/control-door.ts'
import type { ControlDoor } from '../prices/control-door.ts'
import { shockLines } from './lines.ts'
import { DevnetRefusal } from './refusal.ts'
import { runShock } from './run-shock.ts'
import type { ShockTerms } from './run-shock.ts'

const TOKEN = 'cd'.repeat(16)
let world: FailingHub
let liquidator: RunningTest
let door: ControlDoor

vi.setConfig({ testTimeout: PATIENCE_MS, hookTimeout: PATIENCE_MS })

beforeAll(async () => {
  world = await startFailingHub()
  await world.open('20')
  liquidator = world.liquidate({ unwind: { enabled: false } })
  const move = (symbol: string, bps: number) => {
    world.move(3_000 * (1 + bps / 10_000))
    return bps
  }
  door = await openControlDoor({ symbols: ['ETH'], move }, TOKEN)
})
afterAll(async () => {
  await liquidator.stop()
  await door.stop()
  await world.hub.stop()
})

const terms = (more: Partial<ShockTerms> = {}): ShockTerms => ({
  ...{ control: { url: door.url, token: TOKEN }, rpc: world.hub.node.rpcUrl, chainId: 'causeway-1' },
  ...{ symbol: 'ETH', percent: '-21.5 %', bps: -2_150, waitSeconds: 240 },
  ...{ signal: new AbortController().signal, onEvent: () => undefined },
  ...more,
})

it('moves the price, waits, and tells who was liquidated and who took over', async () => {
  const told: string[] = []
  const { facts, report } = await runShock(terms({ onEvent: ({ type }) => told.push(type) }))
  expect(facts).toMatchObject({ priceBefore: '3000', priceAfter: '2355', isQuiet: true })
  const failing = `${world.wallets.failing.address}/0`
  const hit = report.accounts.find(({ holder }) => holder === failing)!
  expect(hit.stages.length).toBeGreaterThanOrEqual(2)
  expect(hit.stages.at(-1)).toMatch(/^none \((recovered|sold)\)$/)
  expect(report.sold.length).toBeGreaterThan(0)
  const { address } = world.wallets.liquidator
  expect(new Set(report.sold.map(({ bidder }) => bidder))).toEqual(new Set([`${address}/0`]))
  expect(report.insuranceReceivedE6).toBeGreaterThan(0n)
  expect(Number(facts.insuranceAfter)).toBeGreaterThan(Number(facts.insuranceBefore))
  expect(told).toContain('causeway.liquidation.v1.stage')
  const nameOf = (holder: string) => (holder === failing ? 'failing' : 'somebody')
  const text = shockLines(report, facts, nameOf).join('\n')
  expect(text).toMatch(/^ETH -21.5 %: 3,000.00 → 2,355.00; after \d+ s all is settled$/m)
  expect(text).toMatch(/^ {2}failing +somebody +\d+\.\d %/m)
})

it('says what it can’t do', async () => {
  await expect(runShock(terms({ symbol: 'DOGE' }))).rejects.toThrow(DevnetRefusal)
  const stranger = { url: door.url, token: 'ef'.repeat(16) }
  await expect(runShock(terms({ control: stranger }))).rejects.toThrow(
    /the devnet's exchange refused: not your door/,
  )
  const nobody = { url: 'http://127.0.0.1:9', token: TOKEN }
  await expect(runShock(terms({ control: nobody }))).rejects.toThrow(/the devnet's exchange can't be reached/)
})
