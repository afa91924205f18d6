// Sends orders from a process of its own, signed beforehand: `node order-sender.ts '<options>'`. Says
// that it is ready, begins when it is told to, and then says what it saw, one JSON line each. As many traders
// would, it sends without waiting for what became of the order before: who answers a batch in order makes
// each of its orders wait for all checks before it.
import { createHash } from 'node:crypto'
import { OrderFlow } from '@causeway/hub'
import type { OrderFlowOptions } from '@causeway/hub'

/** What the sender is told. */
export interface OrderSenderOptions extends Omit<OrderFlowOptions, 'nowSeconds'> {
  readonly nowSeconds: string
  readonly rpcUrl: string
  readonly perSecond: number
  readonly seconds: number
  /** Orders of the same flow that were sent before. */
  readonly skipped: number
}

/** What the sender saw. */
export interface OrdersSent {
  readonly sent: number
  /** How long sending took, seconds, and how much of a core. */
  readonly seconds: number
  readonly cpuSeconds: number
  /** The last height that was seen while orders were sent. */
  readonly lastHeight: number
  /** One order of each batch: when it was due, and the height that was known when it was sent. */
  readonly samples: readonly { readonly hash: string; readonly at: number; readonly height: number }[]
  /** When each height was seen first, milliseconds. */
  readonly heights: readonly (readonly [height: number, at: number])[]
}

const BATCH_MS = 20
/** Half a second of orders may wait for their answers: a node answers nobody while it executes a block. */
const BATCHES_UNDER_WAY = 25
const DRAINED_MS_MAX = 60_000
const options = JSON.parse(process.argv[2]!) as OrderSenderOptions
const { rpcUrl, perSecond, seconds, skipped } = options
const flow = new OrderFlow({ ...options, nowSeconds: BigInt(options.nowSeconds) })
const perBatch = Math.round((perSecond * BATCH_MS) / 1000)
const batches = Math.round((seconds * 1000) / BATCH_MS)
flow.skip(skipped)
const bodies = Array.from({ length: batches }, () => {
  const orders = flow.orders(perBatch)
  const hash = createHash('sha256').update(orders[0]!).digest('hex')
  const calls = orders.map((tx, id) => {
    const params = { tx: Buffer.from(tx).toString('base64') }
    return JSON.stringify({ jsonrpc: '2.0', id, method: 'broadcast_tx_async', params })
  })
  return { hash, body: `[${calls.join(',')}]` }
})
process.stdout.write('"ready"\n')
process.stdin.once('data', () => void run())

async function run(): Promise<void> {
  const heights: [number, number][] = []
  const samples: { hash: string; at: number; height: number }[] = []
  await followBlocks((height) => void heights.push([height, performance.now()]))
  const [start, cpuStart] = [performance.now(), process.cpuUsage()]
  const under = new Set<Promise<void>>()
  for (const [i, { hash, body }] of bodies.entries()) {
    const due = start + i * BATCH_MS
    const wait = due - performance.now()
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait))
    while (under.size >= BATCHES_UNDER_WAY) await Promise.race(under)
    // When it was due: what the node holds back counts
    samples.push({ hash, at: due, height: heights.at(-1)?.[0] ?? 0 })
    const sending = send(body).then(() => void under.delete(sending))
    under.add(sending)
  }
  await Promise.all(under)
  const elapsed = (performance.now() - start) / 1000
  const { user, system } = process.cpuUsage(cpuStart)
  const cpuSeconds = (user + system) / 1e6
  const lastHeight = heights.at(-1)?.[0] ?? 0
  await drained()
  const sent: OrdersSent = {
    sent: batches * perBatch,
    seconds: elapsed,
    cpuSeconds,
    lastHeight,
    samples,
    heights,
  }
  process.stdout.write(`${JSON.stringify(sent)}\n`, () => process.exit(0))
}

async function send(body: string): Promise<void> {
  const response = await fetch(rpcUrl, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
  })
  const answers = (await response.json()) as { error?: unknown }[]
  const problem = Array.isArray(answers) ? answers.find(({ error }) => error !== undefined) : answers
  if (problem !== undefined) throw new Error(`a batch was refused: ${JSON.stringify(problem)}`)
}

/** Waits for the blocks with the last orders. */
async function drained(): Promise<void> {
  const deadline = performance.now() + DRAINED_MS_MAX
  do {
    await new Promise((resolve) => setTimeout(resolve, 3_000))
    if (performance.now() > deadline) throw new Error(`${await waiting()} orders wait after a minute`)
  } while ((await waiting()) > 0)
}

async function waiting(): Promise<number> {
  const response = await fetch(`${rpcUrl}/num_unconfirmed_txs`)
  return Number(((await response.json()) as { result: { total: string } }).result.total)
}

/** Told of each block by the node: asking it many times a second would cost it more than it tells. */
async function followBlocks(seen: (height: number) => void): Promise<void> {
  const socket = new WebSocket(`${rpcUrl.replace('http', 'ws')}/websocket`)
  await new Promise((resolve, reject) => {
    socket.addEventListener('open', resolve)
    socket.addEventListener('error', () => reject(new Error('the node takes no subscription')))
  })
  const params = { query: "tm.event='NewBlockHeader'" }
  socket.send(JSON.stringify({ jsonrpc: '2.0', id: 0, method: 'subscribe', params }))
  await new Promise<void>((resolve) => {
    socket.addEventListener('message', ({ data }) => {
      const { result } = JSON.parse(data as string) as { result: Partial<NewBlockHeader> }
      const height = result.data?.value.header.height
      // The first message only says that it is subscribed.
      if (height === undefined) return
      seen(Number(height))
      resolve()
    })
  })
}

interface NewBlockHeader {
  readonly data: { readonly value: { readonly header: { readonly height: string } } }
}
