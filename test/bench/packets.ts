import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DirectSecp256k1HdWallet } from '@cosmjs/proto-signing'
import { Comet38Client } from '@cosmjs/tendermint-rpc'
import { HUB_CHAIN_ID } from '@causeway/hub'
import type { EmbeddedNode } from '@causeway/hub'
import { checkConfig, createLog, createRoute, openChains, startRelayer } from '@causeway/relayer'
import type { RelayerConfigInput } from '@causeway/relayer'
import { startTestHub } from '../interop/embedded-hub.ts'
import { waitFor } from '../interop/processes.ts'
import { cosmosUser } from '../interop/simd-user.ts'
import { startSimd } from '../interop/simd.ts'
import type { Simd } from '../interop/simd.ts'

const DEPOSITS = 20
const RELAYER_KEY =
  'abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about'
const TRADER_KEY = 'legal winner thank year wave sausage worth useful legal winner thank yellow'

/**
 * The packet path: blocks of the hub from a deposit's finality on the source (the header after its block,
 * without which it can't be proven) to its credit, one deposit at a time, simd to hub by the relayer, blocks
 * of 200 ms on both. Printed, not compared: there is no peer.
 */
export async function measurePacketPath(): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'bench-packets-'))
  const relayerUser = await cosmosAddress(RELAYER_KEY)
  const simd = await startSimd({ chainId: 'sim-1', accounts: ['relayer', 'user'], blockTimeMs: 200 })
  const hub = await startTestHub({
    balances: [{ holder: relayerUser, denom: 'ucway', amount: 1_000_000_000n }],
    listing: { creator: relayerUser, chainId: 'sim-1', base: 'stake' },
  })
  try {
    await waitFor('headers of the hub', () => (hub.height() >= 2n ? true : undefined))
    const { configuration, env, client } = await prepareRoute(simd, hub, directory)
    const relayer = await startRelayer(configuration, { env, log: createLog('silent') })
    try {
      print(await deposits(simd, hub, client))
    } finally {
      await relayer.stop()
    }
  } finally {
    await hub.stop()
    await simd.stop()
    rmSync(directory, { recursive: true, force: true })
  }
}

async function prepareRoute(simd: Simd, hub: EmbeddedNode, directory: string) {
  const env = { KEY_SIM: simd.mnemonic('relayer'), KEY_HUB: RELAYER_KEY }
  const chains = [
    chainSettings('sim-1', simd.rpcUrl, 'cosmos', 'KEY_SIM', '0stake'),
    chainSettings(HUB_CHAIN_ID, hub.rpcUrl, 'cway', 'KEY_HUB', '0ucway'),
  ]
  const base = { chains, metrics: { port: 0 }, database: { folder: join(directory, 'relayer') } }
  const opened = await openChains(checkConfig(base), env, Date.now)
  const route = await createRoute({ a: opened.get('sim-1')!, b: opened.get(HUB_CHAIN_ID)! })
  const ends = {
    a: { chain: 'sim-1', client: route.clientOnA },
    b: { chain: HUB_CHAIN_ID, client: route.clientOnB },
  }
  const configuration: RelayerConfigInput = { ...base, routes: [{ name: 'sim-hub', ...ends }] }
  return { configuration, env, client: route.clientOnA }
}

async function deposits(simd: Simd, hub: EmbeddedNode, client: string): Promise<bigint[]> {
  const depositor = await cosmosUser(simd.rpcUrl, simd.mnemonic('user'))
  const receiver = await cosmosAddress(TRADER_KEY)
  const [source, target] = await Promise.all(
    [simd.rpcUrl, hub.rpcUrl].map((url) => Comet38Client.connect(url)),
  )
  const blocks: bigint[] = []
  for (let sequence = 1; sequence <= DEPOSITS; sequence++) {
    const timeoutSeconds = BigInt(Math.floor(Date.now() / 1000)) + 600n
    const height = await depositor.transfer({ client, amount: 1n, receiver, timeoutSeconds })
    const finalAt = await waitFor('the header after the deposit', async () =>
      (await source!.status()).syncInfo.latestBlockHeight > height ? hub.height() : undefined,
    )
    const query = `recv_packet.packet_sequence='${sequence}'`
    const creditedAt = await waitFor('the credit', async () => {
      const [found] = (await target!.txSearch({ query })).txs
      return found?.result.code === 0 ? BigInt(found.height) : undefined
    })
    blocks.push(creditedAt - finalAt)
  }
  for (const each of [source, target]) each!.disconnect()
  depositor.close()
  return blocks.sort((a, b) => Number(a - b))
}

function print(blocks: readonly bigint[]): void {
  const at = (share: number) => blocks[Math.min(blocks.length - 1, Math.floor(blocks.length * share))]!
  console.log(
    `  source finality to credit, ${blocks.length} deposits: p50 ${at(0.5)}, p90 ${at(0.9)}, ` +
      `most ${blocks.at(-1)!} blocks of the hub (aim ≤ 2)`,
  )
}

async function cosmosAddress(mnemonic: string): Promise<string> {
  const wallet = await DirectSecp256k1HdWallet.fromMnemonic(mnemonic, { prefix: 'cway' })
  return (await wallet.getAccounts())[0]!.address
}

function chainSettings(id: string, rpcUrl: string, addressPrefix: string, env: string, gasPrice: string) {
  return { id, rpc: [rpcUrl], addressPrefix, key: { env }, gasPrice, poll: '200ms' }
}
