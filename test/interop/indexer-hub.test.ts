import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DirectSecp256k1HdWallet } from '@cosmjs/proto-signing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { HUB_CHAIN_ID } from '@causeway/hub'
import type { EmbeddedNode } from '@causeway/hub'
import { checksumTables, startIndexer } from '@causeway/indexer'
import type { Indexer } from '@causeway/indexer'
import { voucherOf } from '@causeway/messaging'
import { checkConfig, createLog, createRoute, openChains, startRelayer } from '@causeway/relayer'
import type { Relayer, RelayerConfigInput, RouteClients } from '@causeway/relayer'
import { capRpc } from './capped-rpc.ts'
import type { CappedRpc } from './capped-rpc.ts'
import { startTestHub } from './embedded-hub.ts'
import { waitFor } from './processes.ts'
import { cosmosUser } from './simd-user.ts'
import type { CosmosUser } from './simd-user.ts'
import { startSimd } from './simd.ts'
import type { Simd } from './simd.ts'

const mnemonics = {
  relayer: 'abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about',
  trader: 'legal winner thank year wave sausage worth useful legal winner thank yellow',
}
const SIM = 'sim-1'
const READ_MS = 300_000
const KILLS = 8
const soon = () => BigInt(Math.floor(Date.now() / 1000)) + 600n

type Stage = { chainId: string; height: string; transaction: string } | null
type Timeline = { status: string; amount: string } & Record<
  'sent' | 'clientUpdated' | 'received' | 'credited' | 'acknowledged' | 'refunded',
  Stage
>

const TRANSFERS = `query ($owner: String!) { transfers(owner: $owner, first: 100) { edges { node {
  status direction amount refundReason sent { chainId height transaction }
  clientUpdated { chainId height transaction }
  received { chainId height transaction } credited { chainId height transaction }
  acknowledged { chainId height transaction } refunded { chainId height transaction } } } } }`
const PORTFOLIO = `query ($owner: String!) { portfolio(owner: $owner) { equity height
  inFlight { amount status }
  accounts { exists subaccounts { subaccount collateral {
    denom amount price value proof { height proofs } } } } } }`

describe('the indexer on a real hub and an unmodified ibc-go chain', () => {
  const directory = mkdtempSync(join(tmpdir(), 'indexer-hub-'))
  let simd: Simd
  let hub: EmbeddedNode
  let capped: { hub: CappedRpc; simd: CappedRpc }
  let indexer: Indexer
  let route: RouteClients
  let relayer: Relayer | undefined
  let depositor: CosmosUser
  let trader: CosmosUser
  let configuration: RelayerConfigInput
  let environment: NodeJS.ProcessEnv

  beforeAll(async () => {
    const addresses = await Promise.all(Object.values(mnemonics).map(hubAddress))
    simd = await startSimd({ chainId: SIM, accounts: ['relayer', 'user'] })
    hub = await startTestHub({
      balances: addresses.map((holder) => ({ holder, denom: 'ucway', amount: 1_000_000_000n })),
      listing: { creator: addresses[0]!, chainId: SIM, base: 'stake' },
    })
    await waitFor('the hub to have headers', () => (hub.height() >= 2n ? true : undefined))
    capped = { hub: await capRpc(hub.rpcUrl), simd: await capRpc(simd.rpcUrl) }
    environment = { KEY_SIM: simd.mnemonic('relayer'), KEY_HUB: mnemonics.relayer }
    const chain = (id: string, rpc: string, addressPrefix: string, key: string, gasPrice: string) => {
      return { id, rpc: [rpc], addressPrefix, key: { env: key }, gasPrice, poll: '250ms' }
    }
    const chains = [
      chain(SIM, simd.rpcUrl, 'cosmos', 'KEY_SIM', '0stake'),
      chain(HUB_CHAIN_ID, hub.rpcUrl, 'cway', 'KEY_HUB', '0ucway'),
    ]
    const base = { chains, metrics: { port: 0 }, database: { folder: join(directory, 'relayer') } }
    const opened = await openChains(checkConfig(base), environment, Date.now)
    route = await createRoute({ a: opened.get(SIM)!, b: opened.get(HUB_CHAIN_ID)! })
    const ends = {
      a: { chain: SIM, client: route.clientOnA },
      b: { chain: HUB_CHAIN_ID, client: route.clientOnB },
    }
    configuration = { ...base, routes: [{ name: 'sim-hub', ...ends }] }
    depositor = await cosmosUser(simd.rpcUrl, simd.mnemonic('user'))
    trader = await cosmosUser(hub.rpcUrl, mnemonics.trader, { prefix: 'cway' })
    indexer = await startIndexer({
      hub: { chainId: HUB_CHAIN_ID, rpcUrls: [hub.rpcUrl] },
      chains: [{ chainId: SIM, rpcUrls: [simd.rpcUrl] }],
      database: join(directory, 'indexer'),
      logLevel: 'error',
      pollMs: 200,
    })
    await start()
  })

  afterAll(async () => {
    depositor?.close()
    trader?.close()
    await indexer?.stop()
    await relayer?.stop()
    await Promise.all([capped?.hub.close(), capped?.simd.close()])
    await hub?.stop()
    await simd?.stop()
    rmSync(directory, { recursive: true, force: true })
  })

  const start = async () => {
    relayer = await startRelayer(configuration, { env: environment, log: createLog('silent') })
  }
  const stop = async () => {
    await relayer?.stop()
    relayer = undefined
  }
  const timelines = async (owner: string): Promise<Timeline[]> => {
    const data = await ask<{ transfers: { edges: { node: Timeline }[] } }>(indexer.graphqlUrl, TRANSFERS, {
      owner,
    })
    return data.transfers.edges.map(({ node }) => node)
  }
  const reach = (owner: string, amount: bigint, status: string) =>
    waitFor(`${amount} to be ${status}`, async () =>
      (await timelines(owner)).find((row) => row.amount === String(amount) && row.status === status),
    )

  it('tells a deposit as one timeline with transactions and heights on both chains', async () => {
    const terms = { client: route.clientOnA, receiver: trader.address, timeoutSeconds: soon() }
    await depositor.transfer({ ...terms, amount: 1_000n })
    const timeline = await reach(trader.address, 1_000n, 'ACKNOWLEDGED')
    const chains = { sent: SIM, clientUpdated: HUB_CHAIN_ID, received: HUB_CHAIN_ID, acknowledged: SIM }
    for (const [stage, chainId] of Object.entries(chains)) {
      const told = timeline[stage as 'sent']
      expect(told?.chainId, stage).toBe(chainId)
      const rpcUrl = chainId === SIM ? simd.rpcUrl : hub.rpcUrl
      expect(await heightOf(rpcUrl, told?.transaction ?? ''), stage).toBe(told?.height)
    }
    expect(timeline).toMatchObject({ direction: 'DEPOSIT', refunded: null })
    expect(await timelines(depositor.address)).toHaveLength(1)
  })

  it('proves the portfolio and agrees with the hub, by account and by source address', async () => {
    for (const owner of [trader.address, depositor.address]) {
      const { portfolio } = await waitFor('the proven credit', async () => {
        const data = await ask<Portfolio>(indexer.graphqlUrl, PORTFOLIO, { owner })
        return collateralOf(data).some(({ amount }) => amount === '1000') ? data : undefined
      })
      expect(portfolio?.inFlight).toEqual([])
      expect(Number(portfolio?.equity)).toBeGreaterThan(0)
    }
    const held = collateralOf(await ask<Portfolio>(indexer.graphqlUrl, PORTFOLIO, { owner: trader.address }))
    for (const { denom, amount } of held) expect(await trader.balance(denom), denom).toBe(BigInt(amount))
    expect(held.every(({ proof }) => proof.proofs.length === 2)).toBe(true)
  })

  it('tells a withdrawal, and what the line holds afterwards', async () => {
    const denom = voucherOf(`transfer/${route.clientOnB}/stake`)
    const terms = { client: route.clientOnB, denom, receiver: depositor.address, timeoutSeconds: soon() }
    await trader.transfer({ ...terms, amount: 400n })
    expect(await reach(trader.address, 400n, 'ACKNOWLEDGED')).toMatchObject({ direction: 'WITHDRAWAL' })
    const { lines } = await ask<{ lines: { edges: { node: unknown }[] } }>(
      indexer.graphqlUrl,
      '{ lines { edges { node { escrowed chainId clientId } } } }',
    )
    expect(lines.edges.map(({ node }) => node)).toEqual([
      { escrowed: '600', chainId: SIM, clientId: route.clientOnB },
    ])
  })

  it('tells of a deposit that nobody relays, and of its refund', async () => {
    await stop()
    const timeoutSeconds = BigInt(Math.floor(Date.now() / 1000)) + 5n
    await depositor.transfer({
      client: route.clientOnA,
      receiver: trader.address,
      timeoutSeconds,
      amount: 50n,
    })
    await reach(trader.address, 50n, 'SENT')
    await reach(trader.address, 50n, 'TIMED_OUT')
    await start()
    expect(await reach(trader.address, 50n, 'REFUNDED')).toMatchObject({
      refundReason: 'timeout',
      received: null,
    })
  })

  it('shows both clients as genuine, and when they expire', async () => {
    const { clients } = await ask<{ clients: { edges: { node: Record<string, unknown> }[] } }>(
      indexer.graphqlUrl,
      '{ clients { edges { node { chainId clientId trackedChainId isGenuine expires } } } }',
    )
    const nodes = clients.edges.map(({ node }) => node)
    expect(nodes).toContainEqual(
      expect.objectContaining({ chainId: HUB_CHAIN_ID, trackedChainId: SIM, isGenuine: true }),
    )
    expect(nodes).toContainEqual(
      expect.objectContaining({ chainId: SIM, trackedChainId: HUB_CHAIN_ID, isGenuine: true }),
    )
    for (const { expires } of nodes) expect(expires).toMatch(/^20/)
  })

  it('killed with −9 again and again while it reads, ends with the tables of one that was not', async () => {
    for (let round = 0; round < 4; round += 1) {
      const terms = { client: route.clientOnA, receiver: trader.address, timeoutSeconds: soon(), amount: 1n }
      await depositor.transfer(...Array.from({ length: 5 }, () => terms))
    }
    await waitFor('all to be acknowledged', async () => {
      const rows = (await timelines(trader.address)).filter(({ amount }) => amount === '1')
      return rows.length === 20 && rows.every(({ status }) => status === 'ACKNOWLEDGED') ? true : undefined
    })
    capped.hub.cap = hub.height()
    capped.simd.cap = await headOf(simd.rpcUrl)
    const killed = join(directory, 'killed')
    const started = performance.now()
    const ofWhole = await readToCap(join(directory, 'whole'), capped)
    const wholeMs = performance.now() - started
    let kills = 0
    // From before the database exists to shortly before the last block.
    for (let part = 1; part <= KILLS; part += 1) {
      const child = indexerProcess(killed, capped)
      if (await endsBefore(child, (wholeMs * part) / KILLS)) break
      await kill(child)
      kills += 1
    }
    expect(kills).toBeGreaterThan(2)
    const ofKilled = await readToCap(killed, capped)
    expect(ofKilled).toEqual(ofWhole)
    console.log(
      `killed ${kills} times of ${Math.round(wholeMs)} ms:`,
      ofWhole.map(({ table, rows }) => `${table} ${rows}`).join(', '),
    )
  })
})

type Portfolio = {
  portfolio: {
    equity: string
    inFlight: unknown[]
    accounts: {
      subaccounts: { collateral: { denom: string; amount: string; proof: { proofs: string[] } }[] }[]
    }[]
  } | null
}

function collateralOf({ portfolio }: Portfolio) {
  return (
    portfolio?.accounts.flatMap(({ subaccounts }) => subaccounts.flatMap(({ collateral }) => collateral)) ??
    []
  )
}

async function ask<T>(url: string, query: string, variables: Record<string, unknown> = {}): Promise<T> {
  const body = JSON.stringify({ query, variables })
  const response = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body })
  const { data, errors } = (await response.json()) as { data: T; errors?: unknown }
  if (errors !== undefined) throw new Error(JSON.stringify(errors))
  return data
}

async function heightOf(rpcUrl: string, hash: string): Promise<string> {
  const answer = await fetch(`${rpcUrl}/tx?hash=0x${hash}`)
  return ((await answer.json()) as { result: { height: string } }).result.height
}

async function headOf(rpcUrl: string): Promise<bigint> {
  const answer = await fetch(`${rpcUrl}/status`)
  const { result } = (await answer.json()) as { result: { sync_info: { latest_block_height: string } } }
  return BigInt(result.sync_info.latest_block_height)
}

async function hubAddress(mnemonic: string): Promise<string> {
  const wallet = await DirectSecp256k1HdWallet.fromMnemonic(mnemonic, { prefix: 'cway' })
  return (await wallet.getAccounts())[0]!.address
}

/** An indexer in a process of its own that ends by itself once it has read both chains to their caps. */
function indexerProcess(database: string, capped: { hub: CappedRpc; simd: CappedRpc }): ChildProcess {
  const script = `
    import { startIndexer } from '@causeway/indexer'
    const [config, heights] = JSON.parse(process.argv[1])
    const indexer = await startIndexer(config)
    const reached = ([id, height]) => indexer.waitForHeight(id, BigInt(height), ${READ_MS})
    await Promise.all(Object.entries(heights).map(reached))
    await indexer.stop()`
  const heights = { [HUB_CHAIN_ID]: String(capped.hub.cap), [SIM]: String(capped.simd.cap) }
  const argument = JSON.stringify([{ ...sources(capped), database }, heights])
  return spawn(process.execPath, ['--input-type=module', '-e', script, argument], {
    cwd: import.meta.dirname,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
}

function sources(capped: { hub: CappedRpc; simd: CappedRpc }) {
  return {
    hub: { chainId: HUB_CHAIN_ID, rpcUrls: [capped.hub.url] },
    chains: [{ chainId: SIM, rpcUrls: [capped.simd.url] }],
    logLevel: 'silent' as const,
    batchBlocks: 3,
    parallelFetches: 2,
  }
}

async function readToCap(database: string, capped: { hub: CappedRpc; simd: CappedRpc }) {
  const indexer = await startIndexer({ ...sources(capped), database })
  await indexer.waitForHeight(HUB_CHAIN_ID, capped.hub.cap, READ_MS)
  await indexer.waitForHeight(SIM, capped.simd.cap, READ_MS)
  const checksums = await checksumTables(indexer.database.reader)
  await indexer.stop()
  return checksums
}

function endsBefore(child: ChildProcess, milliseconds: number): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(false), milliseconds)
    child.once('exit', () => {
      clearTimeout(timer)
      resolve(true)
    })
  })
}

async function finish(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null)
    await new Promise((resolve) => child.once('exit', resolve))
}

async function kill(child: ChildProcess): Promise<void> {
  child.kill('SIGKILL')
  await finish(child)
}
