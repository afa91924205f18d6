// npm run bench -- hub: orders through the hub, on both engines and in this process.
// SECONDS=8 for a short look: the figures that count are of 60.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ORDER_STEPS } from '@causeway/hub'
import type { Comparison, Figure } from './figures.ts'
import { runOrders, startOrderHub } from './hub-orders.ts'
import type { OrderEngine, OrdersRun } from './hub-orders.ts'
import { emptyBlockCost, orderCost } from './order-cost.ts'
import type { OrderCostTerms } from './order-cost.ts'

const SECONDS = Number(process.env['SECONDS'] ?? 60)
const WARM_SECONDS = 3
const PROBE_SECONDS = 8
const ATTEMPTS_MAX = 3
const ACCOUNTS = 1_000
const BLOCK_ORDERS = 1_000
/** As docs/engine.md says for where many orders come. */
const BLOCK_MS = 500
const PLAIN: OrderCostTerms = { accounts: ACCOUNTS, positions: 10, resting: 0, orders: BLOCK_ORDERS }
const CURVE: readonly Partial<OrderCostTerms>[] = [
  { accounts: 100, orders: 100 },
  {},
  { accounts: 10_000 },
  { positions: 1 },
  { positions: 50 },
  { resting: 10_000 },
  { resting: 50_000 },
]
const SCANNED = [1_000, 10_000, 100_000]
const TARGETS: Readonly<Record<OrderEngine, number>> = {
  embedded: 5_000,
  cometbft: 3_000,
  'cometbft, unindexed': 3_000,
}

/** Order flow of 1,000 accounts of ten positions in 100 markets: throughput, latency, cost. */
export async function compareHub(): Promise<Comparison[]> {
  const rows = [...costRows(), ...scanRows()]
  for (const engine of ['embedded', 'cometbft', 'cometbft, unindexed'] as const)
    rows.push(...(await engineRows(engine)))
  return rows
}

function costRows(): Comparison[] {
  const rows: Comparison[] = []
  for (const terms of CURVE) {
    const all = { ...PLAIN, ...terms }
    const { perOrder, steps, filledShare } = orderCost(all)
    const books = `${all.resting} resting, ${all.orders} a block`
    const what = `orders: ${all.accounts} accounts × ${all.positions}, ${books}`
    const note = ORDER_STEPS.map((step) => `${step} ${steps[step].toFixed(1)}`).join(', ')
    console.log(`  ${what}: ${perOrder.toFixed(0)} µs (${note}), ${percent(filledShare)} filled`)
    const ours = { ...causeway(what), per_cpu_second: 1e6 / perOrder, note: `µs an order: ${note}` }
    rows.push({ what, ours, peer: target(5_000), by: 'per_cpu_second', aim: 1 })
    if (Object.keys(terms).length === 0) rows.push(blockRow(perOrder))
  }
  return rows
}

function blockRow(perOrder: number): Comparison {
  const what = `blocks of ${BLOCK_ORDERS} orders, ${ACCOUNTS} accounts, 100 markets`
  const ours = { ...causeway(what), per_cpu_second: 1e6 / (perOrder * BLOCK_ORDERS) }
  return { what, ours, peer: undefined, by: 'per_cpu_second', aim: undefined }
}

/** Health of all accounts: what a block without orders takes beyond one with two accounts. */
function scanRows(): Comparison[] {
  const least = emptyBlockCost(2, 9)
  return SCANNED.map((accounts) => {
    const what = `health of ${accounts} accounts × 10, a block`
    const milliseconds = Math.max(0, emptyBlockCost(accounts, 9) - least) / 1000
    const ours = {
      ...causeway(what),
      milliseconds,
      note: `beside ${(least / 1000).toFixed(2)} ms of any block`,
    }
    return { what, ours, peer: undefined, by: 'milliseconds' as const, aim: undefined }
  })
}

async function engineRows(engine: OrderEngine): Promise<Comparison[]> {
  // A little more than the target: what is offered is the most that can come out
  const wanted = Math.ceil((TARGETS[engine] * 1.02) / 50) * 50
  const probe = await runFresh(engine, wanted, PROBE_SECONDS)
  // What can't be kept up would only measure the queue
  let perSecond = keepsUp(probe, wanted) ? wanted : lower(probe)
  for (let attempts = 1; ; attempts++) {
    const run = await runFresh(engine, perSecond, SECONDS)
    if (keepsUp(run, perSecond) || attempts === ATTEMPTS_MAX) return rowsOf(engine, run)
    perSecond = lower(run)
  }
}

/** A run on a hub of its own: orders that rest from the run before would count. */
async function runFresh(engine: OrderEngine, perSecond: number, seconds: number): Promise<OrdersRun> {
  const directory = mkdtempSync(join(tmpdir(), 'bench-orders-'))
  const hub = await startOrderHub(engine, directory, ACCOUNTS, { blockMilliseconds: BLOCK_MS })
  try {
    await runOrders(hub, { perSecond, seconds: WARM_SECONDS, skipped: 0 })
    const run = await runOrders(hub, { perSecond, seconds, skipped: perSecond * WARM_SECONDS })
    tell(`${engine}, ${seconds} s at ${perSecond}/s`, run)
    return run
  } finally {
    await hub.stop()
    if (process.env['HUB_PROFILE'] === undefined) rmSync(directory, { recursive: true, force: true })
    else console.log(`  profile in ${directory}`)
  }
}

function keepsUp(run: OrdersRun, perSecond: number): boolean {
  return run.perSecond > perSecond * 0.97
}

function lower(run: OrdersRun): number {
  return Math.floor((run.perSecond * 0.95) / 50) * 50
}

function rowsOf(engine: OrderEngine, run: OrdersRun): Comparison[] {
  const { cpuMicroseconds: cpu } = run
  const note =
    `${run.offeredPerSecond.toFixed(0)} offered, ${run.orders} orders, ${run.lost} in no block, ` +
    `${run.failed} failed, ${percent(run.filledShare)} filled, ${run.blocksPerSecond.toFixed(1)} blocks/s` +
    (cpu === undefined ? '' : `, ${cpu.main.toFixed(0)} µs of the executing thread an order`)
  const what = `orders through ${engine}`
  const rate = { ...causeway(what), per_second: run.perSecond, note }
  const rows: Comparison[] = [{ what, ours: rate, peer: target(TARGETS[engine]), by: 'per_second', aim: 1 }]
  for (const share of [50, 99]) {
    const name = `order to fill, p${share}, ${engine}`
    const blocks = at(run.latenciesBlocks, share)
    const ours = { ...causeway(name), milliseconds: at(run.latenciesMs, share), note: `${blocks} blocks` }
    rows.push({ what: name, ours, peer: undefined, by: 'milliseconds', aim: undefined })
  }
  return rows
}

function tell(what: string, run: OrdersRun): void {
  const { cpuMicroseconds: cpu, latenciesMs, latenciesBlocks } = run
  const spread = (values: readonly number[], digits: number) =>
    [50, 99].map((share) => `p${share} ${at(values, share).toFixed(digits)}`).join(' ')
  console.log(
    `  ${what}: ${run.perSecond.toFixed(0)}/s of ${run.offeredPerSecond.toFixed(0)} offered, ` +
      `${run.lost} in no block, ${run.failed} failed, ` +
      `${percent(run.filledShare)} filled, ${run.blocksPerSecond.toFixed(1)} blocks/s`,
  )
  console.log(`    to the fill: ${spread(latenciesMs, 0)} ms, ${spread(latenciesBlocks, 0)} blocks`)
  if (cpu !== undefined)
    console.log(
      `    an order takes ${cpu.main.toFixed(0)} µs of the executing thread, ${cpu.all.toFixed(0)} of all`,
    )
}

function at(ascending: readonly number[], share: number): number {
  return ascending[Math.min(ascending.length - 1, Math.floor((ascending.length * share) / 100))] ?? NaN
}

function percent(share: number): string {
  return `${(share * 100).toFixed(0)} %`
}

function causeway(work: string): Figure {
  return { peer: 'causeway', version: '0.1.0', work }
}

function target(perSecond: number): Figure {
  const work = `${perSecond} orders/s`
  return { peer: 'target', version: work, work, per_second: perSecond, per_cpu_second: perSecond }
}
