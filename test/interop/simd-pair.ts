import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { checkConfig, createLog, createRoute, openChains, startRelayer } from '@causeway/relayer'
import type { Chain, Relayer, RelayerConfigInput, RouteClients } from '@causeway/relayer'

import { startSimd } from './simd.ts'
import type { Simd } from './simd.ts'

/** Two simd chains with a client of each on the other. */
export interface SimdPair {
  readonly a: Simd
  readonly b: Simd
  readonly chainA: Chain
  readonly chainB: Chain
  readonly clients: RouteClients
  /** Keys of the relayers `KEY` and `SECOND`, as `KEY_A`, `KEY_B`, … */
  readonly env: NodeJS.ProcessEnv
  /** A configuration of one route, with a fresh database. */
  config(keys?: string): RelayerConfigInput
  /** A relayer in this process; stopped by the test, or at the latest by `stop`. */
  start(keys?: string, settings?: RelayerConfigInput): Promise<Relayer>
  stop(): Promise<void>
}

const WAIT_MS = 60_000

/** Starts both chains and creates the route. Accounts: `relayer`, `second`, `user`. */
export async function startSimdPair(options: { trustingPeriodSeconds?: bigint } = {}): Promise<SimdPair> {
  const accounts = ['relayer', 'second', 'user']
  const chains = await Promise.all([
    startSimd({ chainId: 'sim-a-1', accounts }),
    startSimd({ chainId: 'sim-b-1', accounts }),
  ])
  const [a, b] = chains
  const env: NodeJS.ProcessEnv = {
    ...{ KEY_A: a.mnemonic('relayer'), KEY_B: b.mnemonic('relayer') },
    ...{ SECOND_A: a.mnemonic('second'), SECOND_B: b.mnemonic('second') },
  }
  const folders: string[] = []
  const relayers: Relayer[] = []
  const config = (keys = 'KEY', clients?: RouteClients): RelayerConfigInput => {
    const folder = mkdtempSync(join(tmpdir(), 'relayer-'))
    folders.push(folder)
    const settings = baseConfig(a, b, keys, folder)
    return clients === undefined ? settings : { ...settings, routes: [route(a, b, clients)] }
  }
  const opened = await openChains(checkConfig(config()), env, Date.now)
  const [chainA, chainB] = [need(opened.get(a.chainId)), need(opened.get(b.chainId))]
  const clients = await createRoute({ a: chainA, b: chainB, ...options })
  return {
    ...{ a, b, chainA, chainB, clients, env },
    config: (keys) => config(keys, clients),
    async start(keys, settings) {
      const relayer = await startRelayer(settings ?? config(keys, clients), {
        env,
        log: createLog(process.env['RELAYER_TEST_LOG'] ?? 'silent'),
      })
      relayers.push(relayer)
      return relayer
    },
    async stop() {
      await Promise.all(relayers.map((relayer) => relayer.stop()))
      await Promise.all([a.stop(), b.stop()])
      for (const folder of folders) rmSync(folder, { recursive: true, force: true })
    },
  }
}

function baseConfig(a: Simd, b: Simd, keys: string, folder: string): RelayerConfigInput {
  const chain = (simd: Simd, name: string) => ({
    id: simd.chainId,
    rpc: [simd.rpcUrl],
    addressPrefix: 'cosmos',
    key: { env: `${keys}_${name}` },
    gasPrice: '0.001stake',
  })
  return {
    database: { folder },
    metrics: { port: 0 },
    log: { level: 'error' },
    chains: [chain(a, 'A'), chain(b, 'B')],
  }
}

function route(a: Simd, b: Simd, clients: RouteClients) {
  return {
    name: 'ab',
    a: { chain: a.chainId, client: clients.clientOnA },
    b: { chain: b.chainId, client: clients.clientOnB },
    rescan: '5s',
  }
}

/** Looks again and again, for at most a minute, until the condition holds. */
export async function until(condition: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + WAIT_MS
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error('waited in vain')
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

/** The value, which a test knows to be there. */
export function need<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('missing')
  return value
}
