import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ClearingPort, CollateralVault, HubClient, IbcCore, StandbyLines } from '@causeway/contracts-evm'
import { startEthereum } from '@causeway/devnet'
import type { RunningEthereum } from '@causeway/devnet'
import { HUB_CHAIN_ID } from '@causeway/hub'
import type { EmbeddedNode } from '@causeway/hub'
import { attestorSetHash } from '@causeway/light-clients'
import { utf8 } from '@causeway/primitives'
import { AttestationHeader } from '@causeway/protocol/causeway/attestation/v1/attestation'
import {
  checkConfig,
  createLog,
  createRoute,
  openChains,
  openEvmWallet,
  startRelayer,
} from '@causeway/relayer'
import type { Chain, Relayer, RelayerConfigInput } from '@causeway/relayer'
import { bytesToHex, createPublicClient, createWalletClient, http } from 'viem'
import type { Abi, Hex, PublicClient, WalletClient } from 'viem'
import { mnemonicToAccount } from 'viem/accounts'
import { predictDeployment } from './bridge-addresses.ts'
import type { Deployment } from './bridge-addresses.ts'
import { compileSolidity } from './compile-solidity.ts'
import { EVM_CHAIN, MNEMONICS, startBridgeHub } from './relayer-evm-hub.ts'
import type { BridgeHubSettings } from './relayer-evm-hub.ts'
import { cosmosUser } from './simd-user.ts'
import type { CosmosUser } from './simd-user.ts'
import { waitFor } from './processes.ts'

/*
 * The hub and an Ethereum joined by the relayer, nothing of it simulated but the prices: the embedded engine,
 * anvil with the producer's beacon chain, the contracts, and one route.
 */

const ETHER = 10n ** 18n

/** Everything that stands. */
export interface Stage {
  readonly ethereum: RunningEthereum
  readonly hub: EmbeddedNode
  readonly contracts: Deployment
  readonly clients: { readonly onHub: string; readonly onEvm: string }
  readonly chains: { readonly hub: Chain; readonly evm: Chain }
  readonly trader: CosmosUser
  readonly depositor: WalletClient
  readonly evm: PublicClient
  /** A relayer's configuration of the one route, and the variables with its keys. */
  readonly config: RelayerConfigInput
  readonly env: Readonly<Record<string, string>>
  /** Starts a relayer with the stage's configuration, changed as told. */
  start(changes?: (config: RelayerConfigInput) => RelayerConfigInput): Promise<Relayer>
  stop(): Promise<void>
}

/** How the stage's chains are to be. */
export interface StageSettings extends Omit<BridgeHubSettings, 'core' | 'wrappedEther'> {
  /** Epochs a sync committee period; few, so that committees rotate within a test. */
  readonly epochsPerSyncCommitteePeriod?: number
  /** Endpoints between the relayer and anvil, and its Beacon API. */
  readonly endpoints?: (ethereum: RunningEthereum) => Promise<{ rpc: string[]; beacon: string[] }>
}

/** Starts both chains, deploys, creates the clients and registers them with each other. */
export async function openStage(settings: StageSettings = {}): Promise<Stage> {
  const directory = mkdtempSync(join(tmpdir(), 'relayer-evm-'))
  const log = createLog(process.env['RELAYER_LOG'] ?? 'silent')
  const accounts = [0, 1, 2].map((addressIndex) => mnemonicToAccount(MNEMONICS.trader, { addressIndex }))
  const [deployer, depositor, payer] = accounts as [
    (typeof accounts)[0],
    (typeof accounts)[0],
    (typeof accounts)[0],
  ]
  const addresses = accounts.map(({ address }) => address)
  const ethereum = await startTestEthereum(directory, addresses, settings, log)
  const contracts = predictDeployment(deployer.address)
  const hub = await startBridgeHub({ ...settings, ...contracts })
  ethereum.run()
  const { rpc, beacon } = (await settings.endpoints?.(ethereum)) ?? {
    rpc: [ethereum.rpcUrl],
    beacon: [ethereum.beaconUrl],
  }
  const config = configure(directory, hub.rpcUrl, contracts.core, rpc, beacon)
  const env = { KEY_HUB: MNEMONICS.relayer, KEY_EVM: privateKeyOf(payer) }
  const opened = await openChains(checkConfig(config), env, Date.now)
  const chains = { hub: opened.get(HUB_CHAIN_ID)!, evm: opened.get(EVM_CHAIN)! }
  await waitFor('the hub to be attested', async () =>
    chains.hub.clientSeed({ clientType: 'attestation' }).catch(() => undefined),
  )
  const { clientId: onHub } = await chains.hub.createClient(await chains.evm.clientSeed({}))
  const evm = createPublicClient({ transport: http(ethereum.rpcUrl), pollingInterval: 100 })
  await deploy(ethereum, deployer, chains.hub, onHub, contracts)
  const clients = { onHub, onEvm: 'client-0' }
  await createRoute({ a: chains.hub, b: chains.evm, clientOnA: clients.onHub, clientOnB: clients.onEvm })
  const route = {
    name: 'hub-evm',
    a: { chain: HUB_CHAIN_ID, client: clients.onHub },
    b: { chain: EVM_CHAIN, client: clients.onEvm },
  }
  const running = new Set<Relayer>()
  const trader = await cosmosUser(hub.rpcUrl, MNEMONICS.trader, { prefix: 'cway' })
  return {
    ...{ ethereum, hub, contracts, clients, chains, trader, evm, env },
    config: { ...config, routes: [route] },
    depositor: createWalletClient({ account: depositor, transport: http(ethereum.rpcUrl) }),
    async start(changes = (same) => same) {
      const relayer = await startRelayer(changes({ ...config, routes: [route] }), { env, log })
      running.add(relayer)
      return relayer
    },
    async stop() {
      for (const relayer of running) await relayer.stop()
      trader.close()
      await hub.stop()
      await ethereum.stop()
      rmSync(directory, { recursive: true, force: true })
    },
  }
}

async function startTestEthereum(
  directory: string,
  addresses: readonly Hex[],
  settings: StageSettings,
  log: ReturnType<typeof createLog>,
): Promise<RunningEthereum> {
  return await startEthereum({
    ports: { execution: 0, beacon: 0 },
    network: { slotsPerEpoch: 8, epochsPerSyncCommitteePeriod: settings.epochsPerSyncCommitteePeriod ?? 32 },
    pastSlots: 12,
    balances: addresses.map((address) => [address, 1_000n * ETHER] as const),
    log,
    anvilLogPath: join(directory, 'anvil.log'),
    onHalt: (error) => {
      throw error
    },
  })
}

function configure(
  directory: string,
  hubUrl: string,
  contract: Hex,
  rpc: string[],
  beacon: string[],
): RelayerConfigInput {
  return {
    metrics: { port: 0 },
    database: { folder: join(directory, 'relayer') },
    chains: [
      {
        id: HUB_CHAIN_ID,
        rpc: [hubUrl],
        addressPrefix: 'cway',
        key: { env: 'KEY_HUB' },
        gasPrice: '0ucway',
      },
      {
        ...{ id: EVM_CHAIN, type: 'evm', rpc, beacon, contract, key: { env: 'KEY_EVM' } },
        ...{ poll: '200ms', requestTimeout: '2s', fees: { replaceAfter: '10s' } },
      },
    ],
  }
}

async function deploy(
  ethereum: RunningEthereum,
  deployer: ReturnType<typeof mnemonicToAccount>,
  hub: Chain,
  hubClientId: string,
  to: Deployment,
): Promise<void> {
  const evm = createPublicClient({ transport: http(ethereum.rpcUrl), pollingInterval: 100 })
  const wallet = createWalletClient({ account: deployer, transport: http(ethereum.rpcUrl) })
  const { clientState } = await hub.clientSeed({ clientType: 'attestation' })
  const { height, attestation, set } = AttestationHeader.decode(clientState.value)
  const trusted = {
    height,
    timeSeconds: attestation!.timeSeconds,
    appHash: bytesToHex(attestation!.appHash),
    nextSetHash: bytesToHex(attestation!.nextSetHash),
  }
  const none = '0x0000000000000000000000000000000000000000'
  const wiring = {
    ...{ core: to.core, clearingPort: to.clearingPort, standbyLines: to.standbyLines },
    ...{ wrappedEther: to.wrappedEther, permit2: none },
  }
  const limit = { shareBps: 10_000, windowSeconds: 3_600, floor: 1_000n * ETHER }
  const counterparty = { clientId: hubClientId, merklePrefix: [bytesToHex(utf8('ibc')), '0x'] }
  const steps: [{ abi: Abi; bytecode: Hex }, unknown[]][] = [
    [{ abi: [], bytecode: compileSolidity('wrapped-ether.sol', 'WrappedEther', 'prague') }, []],
    [HubClient, [to.core, HUB_CHAIN_ID, trusted, bytesToHex(attestorSetHash(set!))]],
    [CollateralVault, [wiring, limit, []]],
    [StandbyLines, [to.vault, to.clearingPort]],
    [ClearingPort, [to.core, to.vault, to.standbyLines]],
    [IbcCore, [to.vault, to.clearingPort, counterparty, to.hubClient]],
  ]
  const hashes: Hex[] = []
  for (const [nonce, [contract, args]] of steps.entries()) {
    hashes.push(await wallet.deployContract({ ...contract, args, nonce, gas: 9_000_000n, chain: null }))
  }
  for (const [index, hash] of hashes.entries()) {
    const { status } = await evm.waitForTransactionReceipt({ hash })
    if (status !== 'success') throw new Error(`contract ${index} was not deployed`)
  }
}

function privateKeyOf(account: ReturnType<typeof mnemonicToAccount>): Hex {
  return bytesToHex(account.getHdKey().privateKey!)
}

/** The wallet that pays on the EVM chain. */
export function payerAddress(): Hex {
  return openEvmWallet(MNEMONICS.trader, "m/44'/60'/0'/0/2").address
}
