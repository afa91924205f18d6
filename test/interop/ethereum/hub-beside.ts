import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { HUB_CHAIN_ID } from '@causeway/hub'
import type { EmbeddedNode } from '@causeway/hub'
import { checkConfig, createLog, createRoute, openChains, startRelayer } from '@causeway/relayer'
import type { Chain, Relayer, RelayerConfigInput } from '@causeway/relayer'
import type { Hex } from 'viem'
import type { Deployment } from '../bridge-addresses.ts'
import { waitFor } from '../processes.ts'
import { EVM_CHAIN, MNEMONICS, startBridgeHub } from '../relayer-evm-hub.ts'
import { cosmosUser } from '../simd-user.ts'
import type { CosmosUser } from '../simd-user.ts'
import type { ProofOfStakeDevnet } from './proof-of-stake-devnet.ts'

/** A real hub beside a proof-of-stake devnet, and the relayer's adapters of both. */
export interface HubBeside {
  readonly hub: EmbeddedNode
  readonly trader: CosmosUser
  readonly chains: { readonly hub: Chain; readonly evm: Chain }
  /**
   * Creates the hub's client of the devnet as soon as something is final there, and registers the core as its
   * counterparty; the client's id.
   */
  createClient(): Promise<string>
  /** Starts a relayer between the hub's client and the core. */
  carry(clientId: string): Promise<void>
  stop(): Promise<void>
}

const WAIT_MS = 240_000

/** Starts a hub that lists the bridge's wrapped ether; `payerKey` pays for the relayer on the devnet. */
export async function startHubBeside(
  devnet: ProofOfStakeDevnet,
  bridge: Deployment,
  payerKey: Hex,
): Promise<HubBeside> {
  const directory = mkdtempSync(join(tmpdir(), 'causeway-pos-hub-'))
  const hub = await startBridgeHub(bridge)
  const config = configOf(directory, hub, devnet, bridge)
  const env = { KEY_HUB: MNEMONICS.relayer, KEY_EVM: payerKey }
  const opened = await openChains(checkConfig(config), env, Date.now)
  const chains = { hub: opened.get(HUB_CHAIN_ID)!, evm: opened.get(EVM_CHAIN)! }
  const trader = await cosmosUser(hub.rpcUrl, MNEMONICS.trader, { prefix: 'cway' })
  let relayer: Relayer | undefined
  return {
    ...{ hub, trader, chains },
    async createClient() {
      const seed = await waitFor('a final block to trust', () => chains.evm.clientSeed({}), WAIT_MS)
      const { clientId } = await chains.hub.createClient(seed)
      await createRoute({ a: chains.hub, b: chains.evm, clientOnA: clientId, clientOnB: 'client-0' })
      return clientId
    },
    async carry(clientId) {
      const route = {
        name: 'hub-devnet',
        a: { chain: HUB_CHAIN_ID, client: clientId },
        b: { chain: EVM_CHAIN, client: 'client-0' },
      }
      const log = createLog(process.env['RELAYER_LOG'] ?? 'silent')
      relayer = await startRelayer({ ...config, routes: [route] }, { env, log })
    },
    async stop() {
      await relayer?.stop()
      trader.close()
      await hub.stop()
      rmSync(directory, { recursive: true, force: true })
    },
  }
}

function configOf(
  directory: string,
  hub: EmbeddedNode,
  devnet: ProofOfStakeDevnet,
  { core }: Deployment,
): RelayerConfigInput {
  return {
    metrics: { port: 0 },
    database: { folder: join(directory, 'relayer') },
    chains: [
      {
        ...{ id: HUB_CHAIN_ID, rpc: [hub.rpcUrl], addressPrefix: 'cway', gasPrice: '0ucway' },
        key: { env: 'KEY_HUB' },
      },
      {
        ...{ id: EVM_CHAIN, type: 'evm', rpc: [devnet.executionUrl], beacon: [devnet.beaconUrl] },
        ...{ contract: core, key: { env: 'KEY_EVM' }, poll: '1s', requestTimeout: '10s' },
        // This execution client has no eth_maxPriorityFeePerGas.
        fees: { priorityFeePerGas: '1gwei' },
      },
    ],
  }
}
