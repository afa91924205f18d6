import { createWasmLatticeXof, loadMclG1Scheme } from '@causeway/light-clients'
import { networkFault } from '@causeway/primitives'
import { startAbciServer } from '../abci/socket-server.ts'
import { openRecording, recordApplication } from '../abci/recording.ts'
import type { Application, PrepareTx } from '../abci/application.ts'
import { createHubApplication } from '../app.ts'
import type { CosmosApplication } from '../application.ts'
import { startEmbeddedNode } from '../engine/start-embedded-node.ts'
import type { EmbeddedNode } from '../engine/start-embedded-node.ts'
import type { SeededAsset } from '../modules/oracle/price-source.ts'
import { SignaturePool } from '../workers/signature-pool.ts'
import { readAttestationSigners } from './attestation-signers.ts'
import { errors } from './command-errors.ts'
import { openApplicationStorage, readGenesis, withFile } from './home.ts'
import { nodeSources, requireSources } from './node-sources.ts'

/** What `causeway hub start` is told. */
export interface StartOptions {
  readonly home: string
  readonly engine: 'embedded' | 'cometbft-socket'
  readonly blockTimeMs: number
  readonly rpcHost: string
  readonly rpcPort: number
  readonly abciAddress: string
  readonly threads: number
  readonly keepVersions: bigint
  readonly simulatedPrices: readonly SeededAsset[]
  /** Of the feeder that gives all prices and surfaces, in place of simulated ones. */
  readonly priceFeed?: string
  readonly recordPath?: string
  /** Told what happens, one line each. */
  readonly log: (line: string) => void
  /** Called once when the node can't go on. */
  readonly onFatal: (error: unknown) => void
}

/** A hub that runs. */
export interface RunningHub {
  /** RPC of the embedded engine, or the ABCI address. */
  readonly address: string
  stop(): Promise<void>
}

/**
 * Starts a hub node on either engine. Throws `hub/2`, `hub/3`, `hub/5`, `hub/6`, `StorageFault` and what
 * the engine refuses.
 */
export async function startHub(options: StartOptions): Promise<RunningHub> {
  const { chainId, feeds } = readGenesis(options.home)
  requireSources(options, feeds)
  const attestationSigners = readAttestationSigners(options.home)
  if (attestationSigners.length === 0) options.log('no BLS key in this home: this node attests nothing')
  const [bls, latticeXof] = await Promise.all([loadMclG1Scheme(), createWasmLatticeXof()])
  const storage = openApplicationStorage(options.home)
  const pool = new SignaturePool(options.threads, (failure) => options.log(warningLine(failure)))
  const sources = nodeSources(chainId, options, feeds)
  const release = async () => {
    await sources.stop()
    await pool.close()
    storage.close()
  }
  try {
    let node: EmbeddedNode | undefined
    const hub = createHubApplication({
      chainId,
      storage,
      keepVersions: options.keepVersions,
      verifySignatures: pool.verify,
      bls,
      latticeXof,
      attestationSigners,
      priceSource: sources.priceSource,
      surfaceSource: sources.surfaceSource,
      findTransaction: (hash) => node?.findTransaction(hash),
      onProposalRefused: (height, reason) => options.log(`proposal ${height} refused: ${reason.message}`),
    })
    const { recordPath } = options
    const recording =
      recordPath === undefined ? undefined : withFile(recordPath, () => openRecording(recordPath))
    const application = recording === undefined ? hub : recordApplication(hub, recording)
    const engine =
      options.engine === 'embedded'
        ? await startEmbedded(options, {
            chainId,
            application,
            hub,
            pool,
            started: (started) => (node = started),
          })
        : await startSocket(options, application, (tx) => prepareTx(hub, pool, tx))
    const stop = async () => {
      await engine.stop()
      recording?.close()
      await release()
    }
    return { address: engine.address, stop }
  } catch (error) {
    await release()
    throw error
  }
}

interface EmbeddedParts {
  readonly chainId: string
  readonly application: Application
  readonly hub: CosmosApplication
  readonly pool: SignaturePool
  started(node: EmbeddedNode): void
}

async function startEmbedded(options: StartOptions, parts: EmbeddedParts): Promise<RunningHub> {
  const { hub, pool } = parts
  const address = `${options.rpcHost}:${options.rpcPort}`
  const node = await listening(
    address,
    startEmbeddedNode({
      application: parts.application,
      home: options.home,
      chainId: parts.chainId,
      blocks: { everyMilliseconds: options.blockTimeMs },
      rpc: { host: options.rpcHost, port: options.rpcPort },
      prepareTx: (tx) => prepareTx(hub, pool, tx),
      onFatal: options.onFatal,
      onWarning: (error) => options.log(warningLine(error)),
    }),
  )
  parts.started(node)
  options.log(`chain ${node.chainId} at height ${node.height()}, RPC ${node.rpcUrl}`)
  return { address: node.rpcUrl, stop: () => node.stop() }
}

/** Verifies a transaction's signature in another thread before CheckTx asks for it. */
export function prepareTx(
  hub: CosmosApplication,
  pool: SignaturePool,
  tx: Uint8Array,
): Promise<void> | undefined {
  const foreseen = hub.foreseeSignature(tx)
  return foreseen && pool.verifyLater(foreseen.check).then(foreseen.settle)
}

async function startSocket(
  options: StartOptions,
  application: Application,
  prepareTx: PrepareTx,
): Promise<RunningHub> {
  const { abciAddress: address, onFatal } = options
  const starting = startAbciServer({
    address,
    application,
    prepareTx,
    onFatal,
    onFailure: (error) => options.log(warningLine(error)),
    onPeerError: (error) => options.log(`connection ended: ${error.message}`),
  })
  const server = await listening(address, starting)
  options.log(`ABCI 2.0 at ${server.address}`)
  return server
}

/** Words what the network refuses a server. Throws `hub/5`. */
async function listening<Server>(address: string, starting: Promise<Server>): Promise<Server> {
  return await starting.catch((error: unknown) => {
    const isRefused =
      error instanceof Error &&
      'syscall' in error &&
      /^(listen|getaddrinfo|bind)$/.test(String(error.syscall))
    throw isRefused ? errors.cannotListen({ address, reason: networkFault(error) }) : error
  })
}

/** One line, with the place where a contained failure came from. */
function warningLine({ message, cause }: Error): string {
  const stack = cause instanceof Error ? ` ${(cause.stack ?? '').replace(/\s*\n\s*/g, ' | ')}` : ''
  return `warning: ${message}${stack}`
}
