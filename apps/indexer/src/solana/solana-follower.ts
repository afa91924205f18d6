import { equalBytes, fromBase58, toBase58 } from '@causeway/primitives'
import type { ChainStatus } from '../follow/chain-status.ts'
import type { Follower, FollowerContext } from '../follow/chain-follower.ts'
import type { Batch, CommittedBatch } from '../follow/collect-batch.ts'
import type { ChainHead } from '../follow/comet-rpc.ts'
import { loadCursor } from '../follow/cursor.ts'
import { EndpointError } from '../follow/endpoint-error.ts'
import { FollowLoop, type ChainSource, type Indexed } from '../follow/follow-loop.ts'
import type { JsonRpcLimits } from '../follow/json-rpc.ts'
import { loadTrackedChains } from '../follow/tracked-chains.ts'
import type { VerifiedHead } from '../follow/verify-block.ts'
import { writeBatch } from '../follow/write-batch.ts'
import { writeUnfinal } from '../follow/write-unfinal.ts'
import { mergeChanges, type Change } from '../project/change.ts'
import { localClients } from '../project/local-clients.ts'
import { projectBlock, type Projection } from '../project/project-block.ts'
import { toChainBlock, type SolanaSlot } from './project-solana-slot.ts'
import { readFinalSlots } from './read-transactions.ts'
import { slotsOfAddress, type SlotSignatures } from './slots-of-address.ts'
import { SolanaClients } from './solana-clients.ts'
import { SolanaRpc, type SolanaBlock } from './solana-rpc.ts'
import { UnfinalSlots } from './unfinal-slots.ts'

/** Where a Solana cluster is read. */
export type SolanaChainConfig = {
  /** CAIP-2: `solana:` and the first 32 characters of the genesis hash in base58. */
  readonly chainId: string
  readonly rpcUrls: readonly string[]
  /** Address of the IBC core, base58. */
  readonly core: string
  /** The first slot to read: the one that deployed the core, or an earlier one. */
  readonly fromSlot: bigint
}

const GENESIS_CHARACTERS = 32
/** Transactions that are written together: slots are never divided. */
const TRANSACTIONS_PER_BATCH = 512

/**
 * Follows a Solana cluster into the tables: what the core told in the transactions that name it. Final is
 * what the endpoint calls finalized; what is only confirmed is shown as such, and goes when a fork takes it.
 */
export class SolanaFollower implements Follower, ChainSource<SolanaRpc> {
  readonly endpoints: readonly SolanaRpc[]
  readonly #config: SolanaChainConfig
  readonly #context: FollowerContext
  readonly #loop: FollowLoop<SolanaRpc>
  /** Chains that are followed, by their ids. */
  readonly #chainIds: readonly string[]
  readonly #stopping = new AbortController()
  #cursor: VerifiedHead | undefined
  #clients: SolanaClients
  #unfinal: UnfinalSlots
  #shown: string | undefined
  /** The endpoint that is known to have everything above the cursor, on the cursor's fork. */
  #vouched: SolanaRpc | undefined
  #running: Promise<void> | undefined

  constructor(
    config: SolanaChainConfig,
    context: FollowerContext,
    limits: JsonRpcLimits,
    chainIds: readonly string[],
  ) {
    this.#config = config
    this.#context = context
    this.#chainIds = chainIds
    this.#clients = new SolanaClients(config, chainIds, new Map())
    this.#unfinal = new UnfinalSlots(config.core, context.limits.parallelFetches)
    this.endpoints = config.rpcUrls.map((url) => new SolanaRpc(url, limits))
    const { log, nowMs } = context
    const { pollMs } = context.limits
    this.#loop = new FollowLoop(this, { chainId: config.chainId, role: 'zone', pollMs, log, nowMs })
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
    const { chainId, core } = this.#config
    this.#cursor = await loadCursor(manager, chainId)
    this.#clients = new SolanaClients(
      { chainId, core },
      this.#chainIds,
      await loadTrackedChains(manager, chainId),
    )
    this.#unfinal = new UnfinalSlots(core, this.#context.limits.parallelFetches)
    this.#shown = undefined
    this.#vouched = undefined
    return this.#cursor
  }

  /** The newest final slot. */
  async head(rpc: SolanaRpc, signal: AbortSignal): Promise<ChainHead> {
    const chainId = `solana:${(await rpc.genesisHash(signal)).slice(0, GENESIS_CHARACTERS)}`
    const height = chainId === this.#config.chainId ? await rpc.slot('finalized', signal) : 0n
    return { chainId, height, earliestHeight: this.#config.fromSlot, timeSeconds: 0n }
  }

  /** Reads what is final, then what is confirmed after it. */
  async readTo(
    head: ChainHead,
    rpc: SolanaRpc,
    signal: AbortSignal,
    advance: (to: Indexed) => void,
  ): Promise<void> {
    if (this.#vouched !== rpc) await this.#vouch(rpc, signal)
    await this.#readFinal(head.height, rpc, signal, advance)
    await this.#readUnfinal(rpc, signal)
  }

  /** That a node has nothing of what comes next would not show: its list would only be shorter. */
  async #vouch(rpc: SolanaRpc, signal: AbortSignal): Promise<void> {
    const first = await rpc.firstBlock(signal)
    const from = this.#cursor?.height ?? this.#config.fromSlot
    if (first > 1n && first > from)
      throw new EndpointError('behind', `it has blocks from slot ${first} on, and not from ${from}`)
    if (this.#cursor !== undefined) {
      const { blockhash } = await rpc.block(this.#cursor.height, signal)
      if (!equalBytes(blockhash, this.#cursor.blockHash))
        throw new EndpointError('wrong-parent', `slot ${from} is another one than in the tables`)
    }
    this.#vouched = rpc
  }

  async #readFinal(
    to: bigint,
    rpc: SolanaRpc,
    signal: AbortSignal,
    advance: (to: Indexed) => void,
  ): Promise<void> {
    const after = this.#cursor?.height ?? this.#config.fromSlot - 1n
    if (to <= after) return
    // A node that has this block has written down everything before it.
    const last = await rpc.block(to, signal)
    const range = { commitment: 'finalized', after, to, until: this.#newest() } as const
    let slots: SlotSignatures[] = []
    for await (const slot of slotsOfAddress(rpc, this.#config.core, range, signal)) {
      slots.push(slot)
      if (!isFull(slots, this.#context.limits.batchBlocks)) continue
      advance(await this.#write(slots, undefined, rpc, signal))
      slots = []
    }
    advance(await this.#write(slots, last, rpc, signal))
  }

  /** Writes slots, and moves the cursor to a block, or without one to the last of them. */
  async #write(
    slots: readonly SlotSignatures[],
    block: SolanaBlock | undefined,
    rpc: SolanaRpc,
    signal: AbortSignal,
  ): Promise<VerifiedHead> {
    const { core } = this.#config
    const { parallelFetches } = this.#context.limits
    const read = await readFinalSlots(rpc, core, slots, parallelFetches, signal)
    const { changes, problems } = await this.#project(read, rpc, signal)
    const newest = slots.at(-1)?.newest ?? this.#newest()
    const last = block ?? read.at(-1)!
    const head = toHead(last.slot, last.blockhash!, last.timeSeconds, newest)
    const first = { ...head, height: this.#config.fromSlot }
    signal.throwIfAborted()
    const { chainId } = this.#config
    const told = { chainId, role: 'zone' as const, parent: this.#cursor, head, changes, problems }
    const batch: Batch = { ...told, first, blockCount: slots.length, tracked: new Map() }
    await writeBatch(this.#context.database, { chainId, role: 'zone' }, batch)
    this.#cursor = head
    this.#tell(batch)
    return head
  }

  async #readUnfinal(rpc: SolanaRpc, signal: AbortSignal): Promise<void> {
    // The first slot to read is not final yet.
    if (this.#cursor === undefined) return
    const { height, timeNanoseconds } = this.#cursor
    const slots = await this.#unfinal.above(height, this.#newest(), rpc, signal)
    const { changes: all, problems } = await this.#project(slots, rpc, signal)
    const changes = all.filter(({ table }) => table === 'packet' || table === 'transfer')
    const shown = JSON.stringify(changes, (_, value: unknown) =>
      typeof value === 'bigint' ? `${value}` : value,
    )
    if (shown === this.#shown) return
    signal.throwIfAborted()
    const { chainId } = this.#config
    await writeUnfinal(this.#context.database, chainId, changes)
    this.#shown = shown
    const head = { height, timeNanoseconds }
    this.#tell({ chainId, role: 'zone', parent: head, head, blockCount: 0, changes, problems })
  }

  async #project(
    slots: readonly SolanaSlot[],
    rpc: SolanaRpc,
    signal: AbortSignal,
  ): Promise<Omit<Projection, 'tracked'>> {
    const changes: Change[] = []
    const problems: { event: string; reason: string }[] = []
    for (const slot of slots) {
      if (slot.transactions.length === 0) continue
      const block = toChainBlock(this.#config.chainId, slot)
      const clientIds = localClients(block)
      await this.#meet(clientIds, block.isFinal, rpc, signal)
      const projection = projectBlock(block, (_chainId, clientId) => this.#clients.chainOf(clientId))
      changes.push(...this.#clients.rowsOf(clientIds), ...projection.changes)
      problems.push(...slot.transactions.flatMap((one) => one.problems), ...projection.problems)
    }
    return { changes: mergeChanges(changes), problems }
  }

  /** A client whose creation is not final says nothing yet of its chain. */
  async #meet(
    clientIds: ReadonlySet<string>,
    isFinal: boolean,
    rpc: SolanaRpc,
    signal: AbortSignal,
  ): Promise<void> {
    try {
      await this.#clients.meet(clientIds, rpc, signal)
    } catch (error) {
      if (isFinal || !(error instanceof EndpointError && error.kind === 'behind')) throw error
    }
  }

  /** The last transaction that is in the tables or was passed over, base58. */
  #newest(): string | undefined {
    const bytes = this.#cursor?.resultsHash
    return bytes === undefined || bytes.length === 0 ? undefined : toBase58(bytes)
  }

  #tell(batch: CommittedBatch): void {
    for (const problem of batch.problems) this.#context.log.warn(problem, 'an event was not understood')
    this.#context.onCommitted(batch)
  }
}

function isFull(slots: readonly SlotSignatures[], slotsMax: number): boolean {
  const transactions = slots.reduce((sum, { signatures }) => sum + signatures.length, 0)
  return slots.length >= slotsMax || transactions >= TRANSACTIONS_PER_BATCH
}

/** Cursor of a Solana cluster: its "results" are the newest transaction of the core. */
function toHead(
  slot: bigint,
  blockhash: Uint8Array,
  timeSeconds: bigint,
  newest: string | undefined,
): VerifiedHead {
  const none = new Uint8Array(0)
  return {
    height: slot,
    blockHash: blockhash,
    timeNanoseconds: timeSeconds * 1_000_000_000n,
    appHash: none,
    validatorsHash: none,
    nextValidatorsHash: none,
    resultsHash: newest === undefined ? none : (fromBase58(newest) ?? none),
  }
}
