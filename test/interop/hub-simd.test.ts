import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DirectSecp256k1HdWallet } from '@cosmjs/proto-signing'
import { StargateClient } from '@cosmjs/stargate'
import { Comet38Client } from '@cosmjs/tendermint-rpc'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { HUB_CHAIN_ID, readRecording, replay } from '@causeway/hub'
import type { EmbeddedNode } from '@causeway/hub'
import { voucherOf } from '@causeway/messaging'
import { checkConfig, createLog, createRoute, openChains, startRelayer } from '@causeway/relayer'
import type { Relayer, RelayerConfigInput, RouteClients } from '@causeway/relayer'
import { createTestHub, startTestHub } from './embedded-hub.ts'
import { waitFor } from './processes.ts'
import { replayThroughSocket } from './replay-through-socket.ts'
import { cosmosUser } from './simd-user.ts'
import type { CosmosUser } from './simd-user.ts'
import { startSimd } from './simd.ts'
import type { Simd } from './simd.ts'

const mnemonics = {
  relayer: 'abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about',
  trader: 'legal winner thank year wave sausage worth useful legal winner thank yellow',
}
const soon = () => BigInt(Math.floor(Date.now() / 1000)) + 600n

describe('an unmodified ibc-go chain and the hub verify each other', () => {
  const directory = mkdtempSync(join(tmpdir(), 'hub-simd-'))
  const recordingPath = join(directory, 'recording')
  let simd: Simd
  let hub: EmbeddedNode
  let route: RouteClients
  let relayer: Relayer | undefined
  let depositor: CosmosUser
  let trader: CosmosUser
  let configuration: RelayerConfigInput
  let environment: NodeJS.ProcessEnv

  beforeAll(async () => {
    const addresses = await Promise.all(Object.values(mnemonics).map(hubAddress))
    simd = await startSimd({ chainId: 'sim-1', accounts: ['relayer', 'user'] })
    hub = await startTestHub({
      balances: addresses.map((holder) => ({ holder, denom: 'ucway', amount: 1_000_000_000n })),
      listing: { creator: addresses[0]!, chainId: 'sim-1', base: 'stake' },
      recordingPath,
    })
    await waitFor('the hub to have headers', () => (hub.height() >= 2n ? true : undefined))
    environment = { KEY_SIM: simd.mnemonic('relayer'), KEY_HUB: mnemonics.relayer }
    const chains = [
      chain('sim-1', simd.rpcUrl, 'cosmos', 'KEY_SIM', '0stake'),
      chain(HUB_CHAIN_ID, hub.rpcUrl, 'cway', 'KEY_HUB', '0ucway'),
    ]
    const base = { chains, metrics: { port: 0 }, database: { folder: join(directory, 'relayer') } }
    const opened = await openChains(checkConfig(base), environment, Date.now)
    route = await createRoute({ a: opened.get('sim-1')!, b: opened.get(HUB_CHAIN_ID)! })
    configuration = {
      ...base,
      routes: [
        {
          name: 'sim-hub',
          a: { chain: 'sim-1', client: route.clientOnA },
          b: { chain: HUB_CHAIN_ID, client: route.clientOnB },
        },
      ],
    }
    depositor = await cosmosUser(simd.rpcUrl, simd.mnemonic('user'))
    trader = await cosmosUser(hub.rpcUrl, mnemonics.trader, { prefix: 'cway' })
  })

  afterAll(async () => {
    depositor?.close()
    trader?.close()
    await relayer?.stop()
    await hub?.stop()
    await simd?.stop()
    rmSync(directory, { recursive: true, force: true })
  })

  const start = async () => {
    relayer = await startRelayer(configuration, {
      env: environment,
      log: createLog(process.env['RELAYER_LOG'] ?? 'silent'),
    })
  }
  const stop = async () => {
    await relayer?.stop()
    relayer = undefined
  }

  it('a deposit is credited, and acknowledged on the source', async () => {
    await start()
    const before = await depositor.balance('stake')
    await depositor.transfer({
      client: route.clientOnA,
      amount: 1_000n,
      receiver: trader.address,
      timeoutSeconds: soon(),
    })
    await waitFor('the credit', async () => ((await trader.balance('stake')) === 1_000n ? true : undefined))
    expect(await depositor.balance('stake')).toBe(before - 1_000n)
    await waitFor('the acknowledgement', async () =>
      (await pendingOf(simd.rpcUrl)) === 0 ? true : undefined,
    )
  })

  it('a withdrawal names its line and releases the escrow', async () => {
    const before = await depositor.balance('stake')
    await trader.transfer({
      client: route.clientOnB,
      denom: voucherOf(`transfer/${route.clientOnB}/stake`),
      amount: 400n,
      receiver: depositor.address,
      timeoutSeconds: soon(),
    })
    await waitFor('the release', async () =>
      (await depositor.balance('stake')) === before + 400n ? true : undefined,
    )
    expect(await trader.balance('stake')).toBe(600n)
  })

  it('a deposit that nobody relays in time is refunded on the source', async () => {
    await stop()
    const before = await depositor.balance('stake')
    const timeoutSeconds = BigInt(Math.floor(Date.now() / 1000)) + 5n
    await depositor.transfer({
      client: route.clientOnA,
      amount: 50n,
      receiver: trader.address,
      timeoutSeconds,
    })
    expect(await depositor.balance('stake')).toBe(before - 50n)
    await waitFor('the timeout', () =>
      BigInt(Math.floor(Date.now() / 1000)) > timeoutSeconds + 1n ? true : undefined,
    )
    await start()
    await waitFor('the refund', async () =>
      (await depositor.balance('stake')) === before ? true : undefined,
    )
    expect(await trader.balance('stake')).toBe(600n)
  })

  it('a withdrawal that nobody relays in time is refunded on the hub', async () => {
    await stop()
    const timeoutSeconds = BigInt(Math.floor(Date.now() / 1000)) + 5n
    await trader.transfer({
      client: route.clientOnB,
      denom: voucherOf(`transfer/${route.clientOnB}/stake`),
      amount: 70n,
      receiver: depositor.address,
      timeoutSeconds,
    })
    expect(await trader.balance('stake')).toBe(530n)
    await waitFor('the timeout', () =>
      BigInt(Math.floor(Date.now() / 1000)) > timeoutSeconds + 1n ? true : undefined,
    )
    await start()
    await waitFor('the refund', async () => ((await trader.balance('stake')) === 600n ? true : undefined))
  })

  it('CosmJS reads the hub as any Cosmos chain: status, balances, blocks by subscription', async () => {
    const client = await StargateClient.connect(hub.rpcUrl)
    expect(await client.getChainId()).toBe(HUB_CHAIN_ID)
    expect((await client.getAllBalances(trader.address)).map(({ denom }) => denom)).toContain('stake')
    client.disconnect()
    const comet = await Comet38Client.connect(hub.rpcUrl.replace('http', 'ws'))
    const heights = await new Promise<number[]>((resolve, reject) => {
      const seen: number[] = []
      comet.subscribeNewBlock().subscribe({
        next: (block) => {
          seen.push(block.header.height)
          if (seen.length === 3) resolve(seen)
        },
        error: reject,
      })
    })
    expect(heights[2]! - heights[0]!).toBe(2)
    comet.disconnect()
  })

  it('what the embedded engine drove gives the same hashes here and as CometBFT would drive it', async () => {
    await stop()
    await hub.stop()
    const blocks = readRecording(await readBytes(recordingPath)).length - 1
    expect(blocks).toBeGreaterThan(20)
    expect(replay(recordingPath, createTestHub()).blocks).toBe(blocks)
    await replayThroughSocket(recordingPath, createTestHub())
  })
})

function chain(id: string, rpcUrl: string, addressPrefix: string, env: string, gasPrice: string) {
  return { id, rpc: [rpcUrl], addressPrefix, key: { env }, gasPrice, poll: '200ms' }
}

async function hubAddress(mnemonic: string): Promise<string> {
  const wallet = await DirectSecp256k1HdWallet.fromMnemonic(mnemonic, { prefix: 'cway' })
  return (await wallet.getAccounts())[0]!.address
}

async function readBytes(path: string): Promise<Uint8Array> {
  const { readFile } = await import('node:fs/promises')
  return readFile(path)
}

/** Packets that simd has sent and neither seen acknowledged nor timed out. */
async function pendingOf(rpcUrl: string): Promise<number> {
  const client = await Comet38Client.connect(rpcUrl)
  const sent = await client.txSearchAll({ query: 'send_packet.packet_source_client EXISTS' })
  const ended = await client.txSearchAll({ query: 'acknowledge_packet.packet_source_client EXISTS' })
  client.disconnect()
  return sent.totalCount - ended.totalCount
}
