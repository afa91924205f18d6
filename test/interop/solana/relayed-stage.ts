import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DirectSecp256k1HdWallet } from '@cosmjs/proto-signing'
import { NATIVE_MINT } from '@solana/spl-token'
import { clientAddress, decodeCoreClient } from '@causeway/contracts-solana'
import { HUB_CHAIN_ID } from '@causeway/hub'
import type { EmbeddedNode } from '@causeway/hub'
import { checkConfig, createLog, createRoute, openChains, startRelayer } from '@causeway/relayer'
import type { Chain, Relayer, RelayerConfigInput } from '@causeway/relayer'
import { waitFor } from '../processes.ts'
import { MNEMONICS } from '../relayer-evm-hub.ts'
import { cosmosUser } from '../simd-user.ts'
import type { CosmosUser } from '../simd-user.ts'
import { CLIENT, deployAll, openLines } from './bridge.ts'
import type { Deployed, Lines } from './bridge.ts'
import type { RealValidator } from './real-validator.ts'
import { startSolanaHub } from './solana-hub.ts'

/** A hub, a real validator, and the relayer between them. */
export interface RelayedStage extends Deployed {
  readonly hub: EmbeddedNode
  readonly relayer: Relayer
  readonly chains: { readonly hub: Chain; readonly solana: Chain }
  /** The hub's client of the cluster. */
  readonly onHub: string
  readonly lines: Lines
  readonly trader: CosmosUser
  stop(): Promise<void>
}

/** A cluster's first provable slot comes an epoch after the first record. */
const SEED_MILLISECONDS = 600_000

/** Deploys, opens a route with `createRoute` and starts the relayer with it. */
export async function openRelayedStage({
  connection,
  records,
  rpcUrl,
}: RealValidator): Promise<RelayedStage> {
  const directory = mkdtempSync(join(tmpdir(), 'causeway-relayed-'))
  const deployed = await deployAll(connection)
  const { sender, programs, usdc, recorder } = deployed
  const chainId = `solana:${(await connection.getGenesisHash()).slice(0, 32)}`
  const hub = await startSolanaHub({
    chainId,
    core: programs.core.toBase58(),
    mints: { usdc: usdc.toBase58(), sol: NATIVE_MINT.toBase58() },
    creator: await addressOf(MNEMONICS.relayer),
    holder: await addressOf(MNEMONICS.trader),
  })
  const config = {
    metrics: { port: 0 },
    database: { folder: join(directory, 'relayer') },
    chains: [
      {
        id: HUB_CHAIN_ID,
        rpc: [hub.rpcUrl],
        addressPrefix: 'cway',
        key: { env: 'KEY_HUB' },
        gasPrice: '0ucway',
      },
      {
        ...{ id: chainId, type: 'solana', hub: HUB_CHAIN_ID, rpc: [rpcUrl], stream: records },
        programs: {
          core: programs.core.toBase58(),
          vault: programs.vault.toBase58(),
          hubClient: programs['hub-client'].toBase58(),
          upload: programs.upload.toBase58(),
          recorder: programs.recorder.toBase58(),
        },
        // Epochs are shorter here than what the relayer looks at: `deployed.recorder` does it
        ...{ key: { env: 'KEY_SOLANA' }, poll: '300ms', recordStakes: false },
        client: { id: CLIENT, trustingPeriod: '1h' },
      },
    ],
  } satisfies RelayerConfigInput
  const env = { KEY_HUB: MNEMONICS.relayer, KEY_SOLANA: JSON.stringify([...sender.payer.secretKey]) }
  const opened = await openChains(checkConfig(config), env, Date.now)
  const chains = { hub: opened.get(HUB_CHAIN_ID)!, solana: opened.get(chainId)! }
  const watching = chains.solana.watch(() => undefined)
  await waitFor('a slot to start from', () => chains.solana.clientSeed({}), SEED_MILLISECONDS)
  await waitFor('the hub to be attested', () => chains.hub.clientSeed({ clientType: 'attestation' }))
  const { clientOnA: onHub, clientOnB } = await createRoute({ a: chains.hub, b: chains.solana })
  const account = await connection.getAccountInfo(clientAddress(programs.core, CLIENT))
  const lines = await openLines(deployed, decodeCoreClient(account!.data)!.lightState)
  const route = { a: { chain: HUB_CHAIN_ID, client: onHub }, b: { chain: chainId, client: clientOnB } }
  const log = createLog(process.env['RELAYER_LOG'] ?? 'silent')
  const relayer = await startRelayer({ ...config, routes: [{ name: 'hub-solana', ...route }] }, { env, log })
  const trader = await cosmosUser(hub.rpcUrl, MNEMONICS.trader, { prefix: 'cway' })
  return {
    ...{ ...deployed, hub, relayer, chains, onHub, lines, trader },
    async stop() {
      await relayer.stop()
      watching.close()
      await recorder.stop()
      trader.close()
      await hub.stop()
      rmSync(directory, { recursive: true, force: true })
    },
  }
}

async function addressOf(mnemonic: string): Promise<string> {
  const wallet = await DirectSecp256k1HdWallet.fromMnemonic(mnemonic, { prefix: 'cway' })
  return (await wallet.getAccounts())[0]!.address
}
