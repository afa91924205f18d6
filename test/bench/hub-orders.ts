// Orders through a node of its own on one of the engines: how many a second, and how long each takes.
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { OrderFlow } from '@causeway/hub'
import type { OrderFlowOptions } from '@causeway/hub'
import { requireBinary } from '../interop/binaries.ts'
import { endProcess, freePort, startProcess, waitFor } from '../interop/processes.ts'
import type { RunningProcess } from '../interop/processes.ts'
import { configureCometBft, cpuSecondsOf, jsonRpc } from './hub-under-load.ts'
import type { CometBftSettings, CpuSeconds } from './hub-under-load.ts'
import type { OrderNodeOptions } from './hub-node.ts'
import { startSender } from './start-sender.ts'
import type { OrdersSent } from './order-sender.ts'

/** What orders the transactions; unindexed: CometBFT without its index of events. */
export type OrderEngine = 'embedded' | 'cometbft' | 'cometbft, unindexed'

/** A node with the state that the flow of orders begins with. */
export interface OrderHub {
  readonly rpcUrl: string
  readonly flow: OrderFlowOptions
  cpuSeconds(): CpuSeconds | undefined
  stop(): Promise<void>
}

/** What a run of orders came to. */
export interface OrdersRun {
  /**
   * Orders in blocks a second that did not fail, from the first block with any to the last while orders came:
   * what the node makes up for afterwards doesn't count.
   */
  readonly perSecond: number
  readonly offeredPerSecond: number
  readonly orders: number
  /** Orders that were sent and are in no block. */
  readonly lost: number
  readonly failed: number
  readonly filledShare: number
  readonly blocksPerSecond: number
  /** From when an order was due to the block with it, and its fill: milliseconds and blocks, ascending. */
  readonly latenciesMs: readonly number[]
  readonly latenciesBlocks: readonly number[]
  /** Of the thread that executes, and of all of the hub's threads, microseconds an order. */
  readonly cpuMicroseconds: { readonly main: number; readonly all: number } | undefined
  /** What sending an order takes of the machine that both share, microseconds. */
  readonly senderMicroseconds: number
}

/** Beside others' work a start takes its time. */
const STARTED_MS = 300_000
const CHAIN_ID = 'causeway-1'
const cli = join(import.meta.dirname, '../../apps/cli/src/main.ts')
const nodeMain = join(import.meta.dirname, 'hub-node.ts')

/**
 * Starts a hub of one validator, with accounts of ten positions, orders that rest, and holders of the hub's
 * token; the last `failing` accounts go under liquidation. A block comes every 200 ms unless told otherwise;
 * through CometBFT that is the time between a block and the next proposal.
 */
export async function startOrderHub(
  engine: OrderEngine,
  directory: string,
  accounts: number,
  more: {
    readonly resting?: number
    readonly failing?: number
    readonly holders?: readonly string[]
    readonly offeredPath?: string
    readonly blockMilliseconds?: number
  } = {},
): Promise<OrderHub> {
  const { resting = 0, failing = 0, holders = [], offeredPath, blockMilliseconds = 200 } = more
  const home = join(directory, 'home')
  const flow = {
    ...{ accounts, resting, failing },
    positions: 10,
    nowSeconds: BigInt(Math.floor(Date.now() / 1000)),
    chainId: CHAIN_ID,
  }
  const funded = holders.flatMap((holder) => ['--account', `${holder}=1000000000ucway`])
  execFileSync(process.execPath, [cli, 'hub', 'init', '--home', home, '--gas-price-e9', '0', ...funded], {
    stdio: 'pipe',
  })
  writeGenesis(join(home, 'config/genesis.json'), new OrderFlow(flow))
  const port = await freePort()
  const abciAddress = `unix://${join(home, 'abci.sock')}`
  const options: OrderNodeOptions = {
    engine: engine === 'embedded' ? 'embedded' : 'cometbft',
    ...{ home, port, abciAddress, blockMilliseconds },
    chainId: CHAIN_ID,
    threads: 1,
    nowSeconds: flow.nowSeconds.toString(),
    ...(offeredPath === undefined ? {} : { offeredPath }),
  }
  // As docs/engine.md says for where many orders come
  const flags = ['--max-semi-space-size=256']
  if (process.env['HUB_PROFILE'] !== undefined) flags.push('--cpu-prof', '--cpu-prof-dir', directory)
  const node = startProcess(
    process.execPath,
    [...flags, nodeMain, JSON.stringify(options)],
    join(home, 'hub.log'),
  )
  const processes = [node]
  if (engine !== 'embedded') {
    const settings = {
      ...{ proxy: abciAddress, rpcPort: port, p2pPort: await freePort() },
      commitMilliseconds: blockMilliseconds,
      isUnindexed: engine !== 'cometbft',
    }
    processes.push(await startCometBft(home, settings))
  }
  const rpcUrl = `http://127.0.0.1:${port}`
  await waitFor(
    'the first blocks',
    async () => ((await latestHeight(rpcUrl)) >= 3 ? true : undefined),
    STARTED_MS,
  )
  return {
    rpcUrl,
    flow,
    cpuSeconds: () => cpuSecondsOf(node.child.pid!),
    stop: async () => {
      for (const each of [...processes].reverse()) await endProcess(each, 'SIGTERM')
    },
  }
}

/** Sends orders at a rate for some seconds. */
export async function runOrders(
  hub: OrderHub,
  load: { readonly perSecond: number; readonly seconds: number; readonly skipped: number },
): Promise<OrdersRun> {
  const { rpcUrl, flow } = hub
  const sender = await startSender({ ...flow, ...load, rpcUrl, nowSeconds: flow.nowSeconds.toString() })
  const [first, before] = [await latestHeight(rpcUrl), hub.cpuSeconds()]
  const sent = await sender.run()
  const after = hub.cpuSeconds()
  const blocks = await readBlocks(rpcUrl, first + 1, sent.lastHeight)
  const { orders, found, failed, filled, held, from, until, included } = blocks
  const seen = new Map(sent.heights)
  const span = (seenFrom(seen, until)! - seenFrom(seen, from)!) / 1000
  const cpu = (key: keyof CpuSeconds) => ((after![key] - before![key]) / orders) * 1e6
  return {
    perSecond: held / span,
    offeredPerSecond: sent.sent / sent.seconds,
    ...{ orders, failed },
    lost: sent.sent - found,
    filledShare: filled / orders,
    blocksPerSecond: (until - from) / span,
    senderMicroseconds: (sent.cpuSeconds / sent.sent) * 1e6,
    ...latencies(sent, included),
    cpuMicroseconds:
      before === undefined || after === undefined
        ? undefined
        : { main: cpu('mainThread'), all: cpu('process') },
  }
}

/** Reads what blocks say: of all orders, and from the first to the `last` how many did not fail. */
async function readBlocks(rpcUrl: string, first: number, last: number) {
  const rpc = jsonRpc(rpcUrl)
  const included = new Map<string, number>()
  let [orders, found, failed, filled, held, from, until] = [0, 0, 0, 0, 0, 0, 0]
  const latest = await latestHeight(rpcUrl)
  for (let height = first; height <= latest; height++) {
    const { block } = (await rpc('block', { height: `${height}` })) as { block: { data: { txs: string[] } } }
    const txs = block.data.txs.slice(1)
    if (txs.length === 0) continue
    found += txs.length
    // The first block with orders only begins the measured time
    if (from === 0) {
      from = height
      continue
    }
    orders += txs.length
    for (const tx of txs) {
      const hash = createHash('sha256').update(Buffer.from(tx, 'base64')).digest('hex')
      included.set(hash, height)
    }
    const results = await rpc('block_results', { height: `${height}` })
    const { txs_results: codes, finalize_block_events: events } = results as BlockResults
    const refused = codes.slice(1).filter(({ code = 0 }) => code !== 0).length
    failed += refused
    filled += filledIn(events)
    if (height > last) continue
    held += txs.length - refused
    until = height
  }
  return { orders, found, failed, filled, held, from, until, included }
}

interface BlockResults {
  readonly txs_results: readonly { readonly code?: number }[]
  readonly finalize_block_events: readonly {
    readonly type: string
    readonly attributes: readonly { readonly key: string; readonly value: string }[]
  }[]
}

/** Orders that filled in the block that they came with: takers. Makers are counted when they take part. */
function filledIn(events: BlockResults['finalize_block_events']): number {
  const orders = new Set<string>()
  for (const { type, attributes } of events) {
    if (type !== 'causeway.markets.v1.fill') continue
    orders.add(attributes.find(({ key }) => key === 'order')!.value)
  }
  return orders.size
}

function latencies(
  { samples, heights }: OrdersSent,
  included: ReadonlyMap<string, number>,
): Pick<OrdersRun, 'latenciesMs' | 'latenciesBlocks'> {
  const seen = new Map(heights)
  const found = samples.flatMap(({ hash, at, height }) => {
    const block = included.get(hash)
    const seenAt = block === undefined ? undefined : seenFrom(seen, block)
    return block === undefined || seenAt === undefined ? [] : [{ ms: seenAt - at, blocks: block - height }]
  })
  const ascending = (values: number[]) => values.sort((a, b) => a - b)
  return {
    latenciesMs: ascending(found.map(({ ms }) => ms)),
    latenciesBlocks: ascending(found.map(({ blocks }) => blocks)),
  }
}

/** When a height, or a later one, was seen first: a busy node lets some pass between two looks. */
function seenFrom(seen: ReadonlyMap<number, number>, height: number): number | undefined {
  for (const [later, at] of seen) if (later >= height) return at
  return undefined
}

/** The genesis of `hub init` with the state of the flow in it. */
function writeGenesis(path: string, flow: OrderFlow): void {
  const genesis = JSON.parse(readFileSync(path, 'utf8'))
  const ours = flow.appState() as { ledger: { balances: object[] } }
  const { ledger } = genesis.app_state
  const balances = [...ours.ledger.balances, ...ledger.balances]
  genesis.app_state = { ...genesis.app_state, ...ours, ledger: { ...ours.ledger, balances } }
  writeFileSync(path, JSON.stringify(genesis))
}

async function startCometBft(home: string, settings: CometBftSettings): Promise<RunningProcess> {
  const cometbft = await requireBinary('cometbft')
  execFileSync(cometbft, ['init', '--home', home], { stdio: 'pipe' })
  configureCometBft(join(home, 'config/config.toml'), settings)
  // As docs/engine.md says for where many orders come
  const environment = { ...process.env, GOGC: '400' }
  return startProcess(cometbft, ['start', '--home', home], join(home, 'cometbft.log'), environment)
}

async function latestHeight(rpcUrl: string): Promise<number> {
  const status = (await jsonRpc(rpcUrl)('status', {})) as { sync_info: { latest_block_height: string } }
  return Number(status.sync_info.latest_block_height)
}
