import { equalBytes, fromHex } from '@causeway/primitives'
import { blstScheme, createSyncAggregateVerifier, slotAtTime } from '@causeway/light-clients'
import type { ChainStatus } from '../follow/chain-status.ts'
import type { Follower, FollowerContext } from '../follow/chain-follower.ts'
import type { CommittedBatch } from '../follow/collect-batch.ts'
import type { ChainHead } from '../follow/comet-rpc.ts'
import { loadCursor } from '../follow/cursor.ts'
import { FollowLoop, type ChainSource, type Indexed } from '../follow/follow-loop.ts'
import type { JsonRpcLimits } from '../follow/json-rpc.ts'
import { loadTrackedChains } from '../follow/tracked-chains.ts'
import type { VerifiedHead } from '../follow/verify-block.ts'
import { writeBatch } from '../follow/write-batch.ts'
import { forgetUnfinal, writeUnfinal } from '../follow/write-unfinal.ts'
import { mergeChanges, type Change } from '../project/change.ts'
import { SEND_PACKET } from '../project/evm-events.ts'
import { projectBlock, type Projection } from '../project/project-block.ts'
import { BeaconApi } from './beacon-api.ts'
import { CoreClientBook } from './core-clients.ts'
import { EvmRpc, type UnprovenLog } from './evm-rpc.ts'
import type { ExecutionHeader } from './execution-header.ts'
import { findBlocksOf } from './final-blocks.ts'
import { Finality, type FinalBlock } from './finality.ts'
import { toChainBlock, type EvmTransaction } from './project-evm-block.ts'

/** Where an EVM chain is read, and what is trusted of it. */
export type EvmChainConfig = {
  /** CAIP-2: `eip155:` and the EIP-155 chain id. */
  readonly chainId: string
  readonly rpcUrls: readonly string[]
  readonly beaconUrls: readonly string[]
  /** Address of the IBC core. */
  readonly core: string
  /** The first block to read: the one that deployed the core, or an earlier one. */
  readonly fromBlock: bigint
  /** Root of the beacon block to start from; without it the node's own finalised one is believed, once. */
  readonly beaconRoot?: string | undefined
}

/** An execution client and a consensus client of one chain. */
type Endpoint = { readonly url: string; readonly rpc: EvmRpc; readonly beacon: BeaconApi }

const INCLUDED_BLOCKS_MAX = 1_024n

/**
 * Follows an EVM chain into the tables. Which block is final it learns from the sync committees' signatures;
 * the blocks before it by their parent hashes; their logs by bloom filters and receipts roots. What is not
 * final yet is shown as such, on the endpoint's word.
 */
export class EvmFollower implements Follower, ChainSource<Endpoint> {
  readonly endpoints: readonly Endpoint[]
  readonly #config: EvmChainConfig
  readonly #context: FollowerContext
  readonly #loop: FollowLoop<Endpoint>
  readonly #finality: Finality
  readonly #stopping = new AbortController()
  readonly #core: Uint8Array
  #cursor: VerifiedHead | undefined
  #clients = new CoreClientBook(new Map())
  #final: FinalBlock | undefined
  #included = ''
  #running: Promise<void> | undefined

  constructor(config: EvmChainConfig, context: FollowerContext, limits: JsonRpcLimits) {
    this.#config = config
    this.#context = context
    this.#core = fromHex(config.core.slice(2).toLowerCase())
    this.endpoints = pair(config, limits)
    this.#finality = new Finality(createSyncAggregateVerifier(blstScheme), context.nowMs)
    const { chainId } = config
    const { log, nowMs } = context
    this.#loop = new FollowLoop(this, { chainId, role: 'zone', pollMs: context.limits.pollMs, log, nowMs })
  }

  get status(): ChainStatus {
    return this.#loop.status
  }

  start(): void {
    this.#running = this.#loop.run(this.#stopping.signal)
  }

  async stop(): Promise<void> {
    this.#stopping.abort()
    await this.#running
  }

  /** Reads the cursor and the known clients. */
  async load(): Promise<Indexed | undefined> {
    const { manager } = this.#context.database.reader
    this.#cursor = await loadCursor(manager, this.#config.chainId)
    this.#clients = new CoreClientBook(await loadTrackedChains(manager, this.#config.chainId))
    this.#included = ''
    return this.#cursor
  }

  /** The newest final block, proven. */
  async head({ rpc, beacon }: Endpoint, signal: AbortSignal): Promise<ChainHead> {
    const chainId = `eip155:${await rpc.chainId(signal)}`
    // Not before the chain is known to be the right one.
    if (chainId === this.#config.chainId) {
      this.#final = await this.#finality.follow(beacon, this.#trustedRoot(), signal)
    }
    const height = this.#final?.number ?? 0n
    return { chainId, height, earliestHeight: this.#config.fromBlock, timeSeconds: 0n }
  }

  /** Reads every final block, then what is in blocks after it. */
  async readTo(
    _head: ChainHead,
    endpoint: Endpoint,
    signal: AbortSignal,
    advance: (to: Indexed) => void,
  ): Promise<void> {
    const final = this.#final!
    await this.#readFinal(final, endpoint, signal, advance)
    await this.#readIncluded(final, endpoint, signal)
  }

  #trustedRoot(): Uint8Array | undefined {
    const { beaconRoot } = this.#config
    // What was proven before is trusted more than what somebody once configured: it is newer.
    if (this.#cursor !== undefined) return this.#cursor.validatorsHash
    return beaconRoot === undefined ? undefined : fromHex(beaconRoot.slice(2).toLowerCase())
  }

  async #readFinal(
    final: FinalBlock,
    { rpc }: Endpoint,
    signal: AbortSignal,
    advance: (to: Indexed) => void,
  ): Promise<void> {
    const { batchBlocks, parallelFetches } = this.#context.limits
    const from = this.#cursor === undefined ? this.#config.fromBlock : this.#cursor.height + 1n
    if (final.number < from) return
    const range = { from, to: final, parentHash: this.#cursor?.blockHash }
    const headers = await findBlocksOf(rpc, range, this.#core, parallelFetches, signal)
    for (let start = 0; start < headers.length; start += batchBlocks) {
      const batch = await this.#collect(headers.slice(start, start + batchBlocks), final, rpc, signal)
      signal.throwIfAborted()
      const { chainId } = batch
      await writeBatch(this.#context.database, { chainId, role: 'zone' }, batch, (manager) =>
        forgetUnfinal(manager, chainId),
      )
      this.#included = ''
      this.#cursor = batch.head
      advance(batch.head)
      this.#tell(batch)
    }
  }

  async #collect(headers: readonly ExecutionHeader[], final: FinalBlock, rpc: EvmRpc, signal: AbortSignal) {
    const changes: Change[] = []
    const problems: { event: string; reason: string }[] = []
    for (const header of headers) {
      const transactions = (await rpc.receipts(header, signal))
        .map((receipt) => ({
          ...receipt,
          hash: receipt.transactionHash,
          logs: receipt.logs.filter(({ address }) => equalBytes(address, this.#core)),
        }))
        .filter(({ logs }) => logs.length > 0)
      await this.#clients.meet(
        transactions.flatMap(({ logs }) => logs),
        rpc,
        signal,
      )
      const projection = this.#project(header, transactions, true)
      changes.push(...projection.changes)
      problems.push(...projection.problems)
    }
    const heads = headers.map((header) => toHead(header, final))
    return {
      chainId: this.#config.chainId,
      role: 'zone' as const,
      parent: this.#cursor,
      first: heads[0]!,
      head: heads.at(-1)!,
      blockCount: headers.length,
      changes: mergeChanges(changes),
      tracked: new Map<string, string>(),
      problems,
    }
  }

  async #readIncluded(final: FinalBlock, { rpc }: Endpoint, signal: AbortSignal): Promise<void> {
    const latest = await rpc.latest(signal)
    const last = final.number + INCLUDED_BLOCKS_MAX
    const to = latest.number < last ? latest.number : last
    const logs = to <= final.number ? [] : await rpc.logs(this.#config.core, final.number + 1n, to, signal)
    const sent = logs.filter(({ topics }) => topics[0] !== undefined && equalBytes(topics[0], SENT))
    const headers = new Map<bigint, ExecutionHeader>()
    for (const { blockNumber } of sent) {
      if (!headers.has(blockNumber)) headers.set(blockNumber, await rpc.headerByNumber(blockNumber, signal))
    }
    const projections = [...headers.values()].map((header) => this.#projectIncluded(header, sent))
    const changes = projections.flatMap(({ changes: all }) => all.filter(isOfPacket))
    const state = JSON.stringify(changes, (_, value: unknown) =>
      typeof value === 'bigint' ? `${value}` : value,
    )
    if (state === this.#included) return
    signal.throwIfAborted()
    await writeUnfinal(this.#context.database, this.#config.chainId, changes)
    this.#included = state
    const { chainId } = this.#config
    const head = { height: this.#cursor?.height ?? 0n, timeNanoseconds: this.#cursor?.timeNanoseconds ?? 0n }
    this.#tell({ chainId, role: 'zone', parent: head, head, blockCount: 0, changes, problems: [] })
  }

  #projectIncluded(header: ExecutionHeader, sent: readonly UnprovenLog[]): Projection {
    const transactions = sent
      .filter(({ blockNumber }) => blockNumber === header.number)
      .map((log) => ({
        hash: log.transactionHash,
        from: undefined,
        isSuccess: true,
        gasUsed: 0n,
        logs: [log],
      }))
    return this.#project(header, transactions, false)
  }

  #project(header: ExecutionHeader, transactions: readonly EvmTransaction[], isFinal: boolean): Projection {
    const slot = slotAtTime(this.#finality.chain!, header.timestampSeconds)
    const facts = { ...header, chainId: this.#config.chainId, slot, isFinal }
    const { block, problems } = toChainBlock(facts, transactions, this.#clients)
    const projection = projectBlock(block, (_chainId, clientId) => this.#clients.chainOf(clientId))
    return { ...projection, problems: [...problems, ...projection.problems] }
  }

  #tell(batch: CommittedBatch): void {
    for (const problem of batch.problems) this.#context.log.warn(problem, 'an event was not understood')
    this.#context.onCommitted(batch)
  }
}

const SENT = fromHex(SEND_PACKET.slice(2))

/** Cursor of an EVM chain: its "validators" are the beacon block from which a light client starts again. */
function toHead(header: ExecutionHeader, { beaconRoot }: FinalBlock): VerifiedHead {
  return {
    height: header.number,
    blockHash: header.hash,
    timeNanoseconds: header.timestampSeconds * 1_000_000_000n,
    appHash: header.stateRoot,
    validatorsHash: beaconRoot,
    nextValidatorsHash: new Uint8Array(0),
    resultsHash: header.receiptsRoot,
  }
}

function isOfPacket({ table }: Change): boolean {
  return table === 'packet' || table === 'transfer'
}

/** Each execution client with a consensus client; the shorter list is gone through again. */
function pair({ rpcUrls, beaconUrls }: EvmChainConfig, limits: JsonRpcLimits): Endpoint[] {
  const count = Math.max(rpcUrls.length, beaconUrls.length)
  return Array.from({ length: count }, (_, index) => {
    const url = rpcUrls[index % rpcUrls.length]!
    return {
      url,
      rpc: new EvmRpc(url, limits),
      beacon: new BeaconApi(beaconUrls[index % beaconUrls.length]!, limits),
    }
  })
}
