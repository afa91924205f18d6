import { join } from 'node:path'
import {
  createHubApplication,
  createZoneApplication,
  readAttestationSigners,
  startEmbeddedNode,
  verifyNatively,
} from '@causeway/hub'
import type { Application, EmbeddedNode, PriceSource, SurfaceSource } from '@causeway/hub'
import { createWasmLatticeXof, loadMclG1Scheme } from '@causeway/light-clients'
import { openLmdbStorage } from '@causeway/state-tree'
import type { Storage } from '@causeway/state-tree'
import type { Logger } from 'pino'
import { HUB, ZONE } from './facts.ts'

/** Where and how a chain of the devnet runs. */
export interface ChainOptions {
  /** A directory that `writeHome` has written. */
  readonly home: string
  readonly port: number
  readonly blockMilliseconds: number
  readonly log: Logger
  /** Told when the chain has halted: nothing that is left can be trusted to go on. */
  readonly onHalt: (error: unknown) => void
}

/** A running chain. */
export interface RunningChain {
  readonly chainId: string
  readonly node: EmbeddedNode
  readonly rpcUrl: string
  /** Resolves once the chain's state can be proven: the second block's header holds the first state. */
  readonly provable: Promise<void>
  stop(): Promise<void>
}

const PROVABLE_HEIGHT = 2n
/** Blocks whose state can be proven: half an hour of half-second blocks. */
const KEEP_VERSIONS = 3_600n

/** Where the hub's only validator has its prices from. */
export interface HubSources {
  readonly priceSource: PriceSource
  readonly surfaceSource: SurfaceSource
}

/** Starts the hub with one validator. */
export async function startHub(options: ChainOptions, sources: HubSources): Promise<RunningChain> {
  const [bls, latticeXof] = await Promise.all([loadMclG1Scheme(), createWasmLatticeXof()])
  const attestationSigners = readAttestationSigners(options.home)
  return await startChain(HUB.chainId, options, (storage) =>
    createHubApplication({
      chainId: HUB.chainId,
      storage,
      priceSource: sources.priceSource,
      surfaceSource: sources.surfaceSource,
      bls,
      latticeXof,
      attestationSigners,
      verifySignatures: verifyNatively,
      keepVersions: KEEP_VERSIONS,
    }),
  )
}

/** Starts the zone with one validator: accounts, balances, IBC v2 and ICS-20, and nothing else. */
export async function startZone(options: ChainOptions): Promise<RunningChain> {
  return await startChain(ZONE.chainId, options, (storage) =>
    createZoneApplication({
      chainId: ZONE.chainId,
      name: 'zone',
      bech32Prefix: ZONE.prefix,
      storage,
      verifySignatures: verifyNatively,
      keepVersions: KEEP_VERSIONS,
    }),
  )
}

async function startChain(
  chainId: string,
  { home, port, blockMilliseconds, log, onHalt }: ChainOptions,
  createApplication: (storage: Storage) => Application,
): Promise<RunningChain> {
  // A devnet's state needs to outlive a killed process, not a power failure.
  const durability = 'process-kill'
  const storage = openLmdbStorage(join(home, 'data', 'application'), { durability })
  try {
    const node = await startEmbeddedNode({
      application: createApplication(storage),
      blocks: { everyMilliseconds: blockMilliseconds },
      home,
      chainId,
      durability,
      moniker: `${chainId}-devnet`,
      rpc: { port, corsOrigins: ['*'] },
      onWarning: (error) => log.warn({ error: error.message }, 'a block was not made; trying again'),
      onFatal: (error) => {
        log.fatal({ error: error instanceof Error ? error.stack : String(error) }, 'halted')
        onHalt(error)
      },
    })
    logBlocks(node, log)
    const provable = new Promise<void>((resolve) => {
      if (node.height() >= PROVABLE_HEIGHT) return resolve()
      const stopListening = node.onBlock(({ height }) => {
        if (height < PROVABLE_HEIGHT) return
        stopListening()
        resolve()
      })
    })
    const stop = async () => {
      await node.stop()
      storage.close()
      log.info({ height: node.height().toString() }, 'stopped')
    }
    return { chainId, node, rpcUrl: node.rpcUrl, provable, stop }
  } catch (error) {
    storage.close()
    throw error
  }
}

function logBlocks(node: EmbeddedNode, log: Logger): void {
  log.info({ chain: node.chainId, rpc: node.rpcUrl, height: node.height().toString() }, 'started')
  node.onBlock(({ height, transactions }) => {
    const line = { height: height.toString(), transactions }
    if (transactions > 1) log.info(line, 'block')
    else log.debug(line, 'block')
  })
}
