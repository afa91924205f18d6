// The local Solana: a cluster whose programs, hashes and votes are real, with the interfaces that a node has.
// What is simulated: docs/solana-cluster.md.
import { createWasmLatticeXof } from '@causeway/light-clients'
import { toBase58 } from '@causeway/primitives'
import { Keypair } from '@solana/web3.js'
import { Cluster } from './cluster/cluster.ts'
import { faucetKey } from './cluster/genesis.ts'
import type { SolanaOptions } from './cluster/options.ts'
import { serveRpc } from './rpc/serve.ts'
import { serveStream } from './stream/serve.ts'

/** A local Solana that runs. */
export interface RunningSolana {
  /** JSON-RPC over HTTP. */
  readonly rpcUrl: string
  /** Subscriptions: the port above, where web3.js looks for them. */
  readonly wsUrl: string
  /** The record stream: `tcp://127.0.0.1:…`. */
  readonly streamUrl: string
  /** Base 58. */
  readonly genesisHash: string
  /** Holds lamports to give away. */
  readonly faucet: Keypair
  /** The newest slot that is frozen. */
  slot(): bigint
  /** Freezes the open bank; its slot. */
  produceSlot(): Promise<bigint>
  /** The slot after the open one stays without a block. */
  skipSlot(): void
  stop(): Promise<void>
}

/** Slots that lie behind a cluster when it starts: something is final at once. */
const SLOTS_BEFORE = 2

/** Starts a cluster. It is final up to a slot when the promise is kept; on demand it then rests. */
export async function startSolanaCluster(options: SolanaOptions): Promise<RunningSolana> {
  const cluster = new Cluster(options, await createWasmLatticeXof())
  for (let slots = 0; cluster.rooted === 0n || slots < SLOTS_BEFORE; slots++) cluster.advance()
  const rpc = await serveRpc(cluster, options.rpcPort)
  const stream = await serveStream(cluster, options.streamPort).catch(async (error: unknown) => {
    await rpc.close()
    throw error
  })
  const timer = options.slot === 'onDemand' ? undefined : setInterval(() => cluster.advance(), options.slot)
  return {
    rpcUrl: rpc.rpcUrl,
    wsUrl: rpc.wsUrl,
    streamUrl: stream.streamUrl,
    genesisHash: toBase58(cluster.genesisHash),
    faucet: Keypair.fromSeed(faucetKey(options.seed).secret),
    slot: () => cluster.head.slot,
    // A slot lasts until what waits in the sockets has been read.
    produceSlot: () => new Promise((resolve) => setImmediate(() => resolve(cluster.advance().slot))),
    skipSlot: () => cluster.skip(),
    async stop() {
      clearInterval(timer)
      await Promise.all([rpc.close(), stream.close()])
    },
  }
}
