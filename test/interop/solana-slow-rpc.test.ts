// Withdrawals over a whole relayer while its endpoint is slow, drops requests or refuses them, and both
// chains go on meanwhile. Each arrives in the end; nothing here depends on how soon.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createLog, startRelayer } from '@causeway/relayer'
import type { Chain, Relayer } from '@causeway/relayer'
import { fromBase64, toBase58 } from '@causeway/primitives'
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest'
import { MovingHub } from '../solana/moving-hub.ts'
import type { Behaviour, RelayedRequest } from '../solana/rpc-relay.ts'
import { CLIENT, HUB_CLIENT, SolanaStage } from '../solana/solana-stage.ts'
import type { StageWish } from '../solana/solana-stage.ts'
import { exampleKeypair, PROGRAMS } from '../solana/stage-cluster.ts'
import { HUB } from '../solana/staged-hub.ts'

vi.setConfig({ testTimeout: 600_000, hookTimeout: 300_000 })

/** A quarter of what they are elsewhere, as are the waits of the endpoint. */
const SLOT_MS = 100
const WISH = {
  config: { requestTimeout: '2500ms', confirmTimeout: '30s', poll: '250ms', fees: { resendAfter: '500ms' } },
} as StageWish
const ARRIVAL = { timeout: 300_000, interval: 200 }

let stage: SolanaStage
let chain: Chain
let hub: MovingHub
let relayer: Relayer
let sequence = 0n
let isOver = false
const folder = mkdtempSync(join(tmpdir(), 'slow-rpc-'))
const passes: Behaviour = (_, pass) => pass()

beforeAll(async () => {
  stage = await SolanaStage.start(WISH)
  await stage.deposit(400_000_000n, 1n)
  await stage.produce(4)
  stage.relay.behaviour = passes
  chain = await stage.open()
  hub = new MovingHub(stage, chain.chainId)
  void goOn()
  const config = {
    database: { folder },
    chains: [
      { ...{ id: HUB, type: 'cosmos' as const, rpc: ['http://127.0.0.1:9'], addressPrefix: 'x' }, ...KEY },
      {
        ...{ id: chain.chainId, type: 'solana' as const, hub: HUB, rpc: [stage.relay.url] },
        ...{ programs: addressesOf(PROGRAMS), stream: stage.cluster.streamUrl, client: { id: CLIENT } },
        ...{ key: { env: 'UNUSED' }, recordStakes: false },
      },
    ],
    routes: [
      { name: 'slow', a: { chain: HUB, client: HUB_CLIENT }, b: { chain: chain.chainId, client: CLIENT } },
    ],
  }
  relayer = await startRelayer(config, {
    log: createLog(process.env['RELAYER_LOG'] ?? 'silent'),
    chains: new Map([
      [HUB, hub.chain],
      [
        chain.chainId,
        { ...chain, proofWindow: async (_, newest) => ({ newest, oldestHeight: 0n, lag: 0n }) },
      ],
    ]),
    serve: false,
  })
})
afterEach(() => {
  stage.relay.behaviour = passes
  hub.aheadSeconds = 0n
})
afterAll(async () => {
  stage.relay.behaviour = passes
  await relayer?.stop()
  isOver = true
  await stage?.stop()
  rmSync(folder, { recursive: true, force: true })
})

const KEY = { key: { env: 'UNUSED' }, gasPrice: '0stake' }

/** Slots, and a block of the hub with every third; most of the time is left to the relayer. */
async function goOn(): Promise<void> {
  for (let slots = 1; !isOver; slots += 1) {
    await stage.cluster.produceSlot()
    if (slots % 3 === 0) {
      stage.clock.nowSeconds += 1n
      hub.block()
    }
    await pause(SLOT_MS)
  }
}

function addressesOf(keys: typeof PROGRAMS) {
  const entries = Object.entries(keys).map(([name, key]) => [name, key.toBase58()] as const)
  return Object.fromEntries(entries) as Record<keyof typeof PROGRAMS, string>
}

/** Numbers below one, the same each time. */
function dice(seed: number): () => number {
  let state = seed
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

/** Sends withdrawals and waits until all are paid. */
async function arrive(name: string, behaviour: Behaviour, count = 1): Promise<void> {
  const recipient = exampleKeypair(name).publicKey
  const sent = new Set<string>()
  let requests = 0
  stage.relay.behaviour = async (request, pass) => {
    requests += 1
    if (request.method === 'sendTransaction') sent.add(signatureIn(request))
    return await behaviour(request, pass)
  }
  for (let left = count; left > 0; left -= 1) hub.send(stage.withdrawal((sequence += 1n), recipient, 10n))
  const began = performance.now()
  try {
    await expect.poll(() => stage.tokensOf(recipient), ARRIVAL).toBe(10n * BigInt(count))
  } finally {
    const seconds = Math.round((performance.now() - began) / 1_000)
    process.stdout.write(`${name}: ${seconds} s, ${sent.size} transactions, ${requests} requests\n`)
  }
}

function signatureIn({ params }: RelayedRequest): string {
  return toBase58(fromBase64(params[0] as string).slice(1, 65))
}

it('at once, where nothing is wrong', async () => {
  await arrive('quick', passes)
})

it('each answer late', async () => {
  await arrive('late', async (_, pass) => {
    await pause(500)
    return await pass()
  })
})

it('answers that come in bursts, later than anybody waits', async () => {
  await arrive('bursts', async (_, pass) => {
    await pause(Math.floor(performance.now() / 5_000) % 2 === 0 ? 5_000 : 100)
    return await pass()
  })
})

it('a tenth of the requests dropped', async () => {
  const next = dice(7)
  await arrive('dropped', async (_, pass) => {
    await pause(50)
    if (next() < 0.1) return await new Promise(() => {})
    return await pass()
  })
})

it('a fifth of the requests refused', async () => {
  const next = dice(11)
  await arrive('refused', async ({ method }, pass) => {
    await pause(50)
    if (next() >= 0.2) return await pass()
    if (method === 'sendTransaction') throw new Error('Transaction simulation failed: Blockhash not found')
    throw Object.assign(new Error('Too many requests'), { code: 429 })
  })
})

it('transactions that are taken and go nowhere, every fourth', async () => {
  const swallowed = new Map<string, boolean>()
  await arrive('swallowed', async (request, pass) => {
    if (request.method !== 'sendTransaction') return await pass()
    const signature = signatureIn(request)
    if (!swallowed.has(signature)) swallowed.set(signature, swallowed.size % 4 === 0)
    return swallowed.get(signature) === true ? signature : await pass()
  })
})

it('behind one that is confirmed and does not become final', async () => {
  const notFinal: Behaviour = async ({ method }, pass) => {
    const answer = await pass()
    if (method !== 'getSignatureStatuses') return answer
    const { value } = answer as { value: ({ confirmationStatus: string } | null)[] }
    for (const one of value) if (one?.confirmationStatus === 'finalized') one.confirmationStatus = 'confirmed'
    return answer
  }
  await arrive('first', notFinal)
  await arrive('second', notFinal)
})

it('a cluster whose clock is behind, by more than the client takes', async () => {
  hub.aheadSeconds = 45n
  await arrive('behind', passes)
})

it('an index that is late', async () => {
  await arrive(
    'late index',
    async ({ method }, pass) => {
      const answer = await pass()
      if (method !== 'getSignaturesForAddress') return answer
      const newest = Number(stage.cluster.slot()) - 40
      return (answer as { slot: number }[]).filter((one) => one.slot <= newest)
    },
    3,
  )
})
