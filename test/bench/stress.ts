// npm run bench -- stress: a cascade. 10,000 accounts fall below maintenance in one block; what blocks take
// until all are sold, in CPU time of the thread that executes.
import { CascadeRun, soldIn } from '@causeway/hub'
import type { CascadeBlock } from '@causeway/hub'
import type { Comparison, Figure } from './figures.ts'

const ACCOUNTS = [1_000, Number(process.env['ACCOUNTS'] ?? 10_000)]
const BIDDERS = 50
/** Bids a block. */
const BIDS = 100
const BLOCKS_MAX = 400
const PRICES = [2_860n, 2_730n].map((price) => price * 1_000_000_000n)

/** Bankrupt accounts, with as many on the other side. */
const BANKRUPT = [1_000, 4_000]
/** Blocks in which some are resolved. */
const RESOLVING = 20
const GAP = 2_100n * 1_000_000_000n

/** Rows of each size. */
export function compareStress(): Comparison[] {
  return [...ACCOUNTS.flatMap(rowsOf), ...BANKRUPT.flatMap(bankruptRows)]
}

/** What nobody takes over: deleveraged against a crowd of equal rank, as many a block as may be. */
function bankruptRows(accounts: number): Comparison[] {
  const run = new CascadeRun({ accounts, bidders: 1, others: accounts, params: { insolventSeconds: '5' } })
  run.priced(GAP)
  const blocks: CascadeBlock[] = []
  for (let i = 0; i < BLOCKS_MAX && blocks.length < RESOLVING; i++) {
    const block = run.block()
    if (resolvedIn(block) > 0) blocks.push(block)
  }
  const times = blocks.map(({ milliseconds }) => milliseconds).sort((a, b) => a - b)
  const resolved = blocks.reduce((all, block) => all + resolvedIn(block), 0)
  const seconds = times.reduce((all, each) => all + each, 0) / 1_000
  const what = `${accounts} bankrupt against ${accounts}`
  const note = `${blocks.length} blocks, ${resolved} resolved`
  console.log(`  ${what}: ${note}`)
  return [
    row(`${what}: resolved a CPU second`, { per_cpu_second: resolved / seconds, note }, 'per_cpu_second'),
    row(`${what}: block, median`, { milliseconds: median(times) }, 'milliseconds'),
    row(`${what}: block, worst`, { milliseconds: at(times, 1) }, 'milliseconds'),
  ]
}

function resolvedIn({ response }: CascadeBlock): number {
  return response.events.filter(({ type }) => type === 'causeway.insurance.v1.resolved').length
}

function rowsOf(accounts: number): Comparison[] {
  const run = new CascadeRun({ accounts, bidders: BIDDERS })
  const calm = Array.from({ length: 5 }, () => run.block().milliseconds)
  const fall = PRICES.map((priceE9) => run.priced(priceE9).block())
  const cascade: CascadeBlock[] = []
  const done = { sold: 0, begun: 0, over: 0 }
  while (done.over < accounts && cascade.length < BLOCKS_MAX) {
    const block = run.block(cascade.length === 0 ? [] : run.forSale(BIDS, cascade.at(-1)))
    cascade.push(block)
    done.sold += soldIn(block.response).length
    done.begun += stagesOf(block, ({ before }) => before === 'none')
    done.over += stagesOf(block, ({ stage }) => stage === 'none')
  }
  const times = cascade.map(({ milliseconds }) => milliseconds).sort((a, b) => a - b)
  const seconds = times.reduce((sum, each) => sum + each, 0) / 1_000
  const worst = Math.max(...fall.map(({ milliseconds }) => milliseconds), ...times)
  const what = `cascade of ${accounts}`
  const note =
    `${cascade.length} blocks, ${done.begun} begun, ${done.sold} sales, ${done.over} over; ` +
    `a calm block ${median(calm).toFixed(0)} ms`
  console.log(`  ${what}: ${note}`)
  return [
    row(`${what}: accounts a CPU second`, { per_cpu_second: done.over / seconds, note }, 'per_cpu_second'),
    row(`${what}: block, median`, { milliseconds: median(times) }, 'milliseconds'),
    row(`${what}: block, p99`, { milliseconds: at(times, 0.99) }, 'milliseconds'),
    row(`${what}: block, worst, that of the fall among them`, { milliseconds: worst }, 'milliseconds'),
  ]
}

function row(what: string, figures: Partial<Figure>, by: Comparison['by']): Comparison {
  const ours = { peer: 'causeway', version: '0.1.0', work: what, ...figures }
  return { what, ours, peer: undefined, by, aim: undefined }
}

function stagesOf({ response }: CascadeBlock, is: (stage: Record<string, string>) => boolean): number {
  return response.events
    .filter(({ type }) => type === 'causeway.liquidation.v1.stage')
    .map(({ attributes }) => Object.fromEntries(attributes.map(({ key, value }) => [key, value])))
    .filter(is).length
}

function median(values: readonly number[]): number {
  return at(
    [...values].sort((a, b) => a - b),
    0.5,
  )
}

function at(ascending: readonly number[], share: number): number {
  return ascending[Math.min(ascending.length - 1, Math.floor(ascending.length * share))] ?? Number.NaN
}
