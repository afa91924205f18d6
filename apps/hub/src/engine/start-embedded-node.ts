import { mkdirSync } from 'node:fs'
import { createNativeSignatureVerifier, toNanoseconds } from '@causeway/light-clients'
import { assert, equalBytes, fromHex, isProtocolError, sha256, utf8 } from '@causeway/primitives'
import { createMemoryStorage, openLmdbStorage } from '@causeway/state-tree'
import type { LmdbOptions, Storage } from '@causeway/state-tree'
import type { ExecTxResult } from '@causeway/protocol/tendermint/abci/types'
import { containFailures } from '../abci/contain-failures.ts'
import type { Application, PrepareTx } from './application.ts'
import { EvidencePool } from './chain/evidence-pool.ts'
import { genesisToJson, parseGenesis } from './chain/genesis.ts'
import type { Genesis, GenesisJson } from './chain/genesis.ts'
import { formatTime } from './chain/time.ts'
import { errors } from './errors.ts'
import { EventBus } from './events/event-bus.ts'
import { EventIndex } from './events/event-index.ts'
import { storedBlocks } from './events/index-writer.ts'
import { homeAt, lockHome, readHomeJson, readValidatorKeys } from './home.ts'
import type { Home } from './home.ts'
import { PrivateValidator } from './keys/private-validator.ts'
import { createFileSignState, createMemorySignState } from './keys/sign-state.ts'
import { parseValidatorKey } from './keys/validator-key.ts'
import type { ValidatorKeyJson } from './keys/validator-key.ts'
import { Mempool } from './mempool/mempool.ts'
import type { Admission, MempoolOptions } from './mempool/mempool.ts'
import type { AppliedBlock } from './node/apply-block.ts'
import { blockLimits } from './node/core.ts'
import type { EngineCore } from './node/core.ts'
import { BlockMaker } from './node/block-maker.ts'
import { guardApplication } from './node/guard-application.ts'
import { handshake, loadPendingBlock } from './node/handshake.ts'
import { publishBlock } from './node/publish-block.ts'
import { startSchedule, systemTimers } from './node/schedule.ts'
import type { BlockSchedule, Timers } from './node/schedule.ts'
import { TxIntake } from './node/tx-intake.ts'
import { startRpcServer } from './rpc/http-server.ts'
import type { RpcOptions, RpcServer } from './rpc/rpc-options.ts'
import { subscriptionLimits } from './rpc/rpc-options.ts'
import { BlockStore } from './store/block-store.ts'
import { txWithResult } from './store/tx-record.ts'

/** How an embedded node is made. Everything but `application` and `blocks` has a default. */
export interface EmbeddedNodeOptions {
  readonly application: Application
  readonly blocks: BlockSchedule
  /** CometBFT's home directory; without one everything is in memory. */
  readonly home?: string
  /** Refuses a genesis of another chain. */
  readonly chainId?: string
  /** The genesis; by default `config/genesis.json` of the home. */
  readonly genesis?: GenesisJson
  /** The validators that sign here; by default those of the home. */
  readonly validators?: readonly ValidatorKeyJson[]
  /** The RPC server's options; `false` for none. By default a free port of the loopback interface. */
  readonly rpc?: RpcOptions | false
  readonly mempool?: Partial<MempoolOptions>
  /** Called with every transaction before CheckTx: to check its signature elsewhere, say. */
  readonly prepareTx?: PrepareTx
  /**
   * What is durable when a block is reported: it survives a power loss (default), or the process's death
   * only.
   */
  readonly durability?: 'power-loss' | 'process-kill'
  readonly moniker?: string
  /** Nanoseconds since 1970; by default the system's clock. */
  readonly clock?: () => bigint
  readonly timers?: Timers
  /** Told why the node halted: a broken invariant of the application, a storage or signing fault. */
  readonly onFatal?: (error: unknown) => void
  /** Told of what went wrong without stopping the node: a block to be tried again, a failed query. */
  readonly onWarning?: (error: Error) => void
}

/** A block as its producer reports it. */
export interface ProducedBlock {
  readonly height: bigint
  readonly hash: Uint8Array
  readonly timeNanoseconds: bigint
  readonly transactions: number
  /** The application's answer; it stands in the next header. */
  readonly appHash: Uint8Array
}

/** A transaction in a block. */
export interface FoundTransaction {
  readonly height: bigint
  readonly bytes: Uint8Array
  readonly result: ExecTxResult
  /** RFC 3339 time of its block. */
  readonly timestamp: string
}

/** A running node. */
export interface EmbeddedNode {
  readonly chainId: string
  /** `http://host:port`; the WebSocket is at `/websocket`. Empty when there is no RPC. */
  readonly rpcUrl: string
  /** Height of the last block. */
  height(): bigint
  /** Offers a transaction to the mempool. Rejects with `engine/60`–`/65`. */
  submit(tx: Uint8Array): Promise<Admission>
  /** The transaction with this hash, hex. */
  findTransaction(hash: string): FoundTransaction | undefined
  /** Makes a block now. Throws `engine/40`–`/49`. */
  produceBlock(): ProducedBlock
  /** Calls back after each block; gives what ends it. */
  onBlock(listener: (block: ProducedBlock) => void): () => void
  /** Finishes what is under way and frees everything. */
  stop(): Promise<void>
}

/**
 * Starts a chain of one process for any ABCI 2.0 application: local validators, real CometBFT blocks and
 * commits, storage, mempool and RPC. Throws `engine/1`–`/8` for bad options, `engine/20`–`/25` when it can't
 * go on from what is stored.
 */
export async function startEmbeddedNode(options: EmbeddedNodeOptions): Promise<EmbeddedNode> {
  const home = options.home === undefined ? undefined : homeAt(options.home)
  const unlock = home ? lockHome(home) : () => undefined
  const opened: Storage[] = []
  try {
    const storages = openStorages(home, options, opened)
    const node = new Node(options, home, storages.blocks, storages.index)
    const close = (): void => {
      for (const storage of opened) storage.close()
      unlock()
    }
    return await node.start(close)
  } catch (error) {
    for (const storage of opened) storage.close()
    unlock()
    throw error
  }
}

/** The genesis that options name. Throws `engine/1`–`/3`, `/6`, `/7`. */
function readGenesis(options: EmbeddedNodeOptions, home: Home | undefined): Genesis {
  if (!options.genesis && !home) throw errors.badOptions({ reason: 'neither a genesis nor a home is given' })
  const genesis = parseGenesis(options.genesis ?? readHomeJson(home!.genesis))
  if (options.chainId !== undefined && options.chainId !== genesis.chainId) {
    throw errors.chainIdDiffers({ got: genesis.chainId, want: options.chainId })
  }
  return genesis
}

function openStorages(
  home: Home | undefined,
  options: EmbeddedNodeOptions,
  opened: Storage[],
): { blocks: Storage; index: Storage } {
  const open = (path: string | undefined): Storage => {
    if (path !== undefined) mkdirSync(path, { recursive: true })
    const storage = path === undefined ? createMemoryStorage() : openLmdbStorage(path, durabilityOf(options))
    opened.push(storage)
    return storage
  }
  return { blocks: open(home?.blocks), index: open(home?.index) }
}

function durabilityOf({
  durability = 'power-loss',
}: EmbeddedNodeOptions): Required<Pick<LmdbOptions, 'durability'>> {
  return { durability }
}

function loadSigners(
  { validators, durability }: EmbeddedNodeOptions,
  home: Home | undefined,
  chainId: string,
): PrivateValidator[] {
  const keys = (validators ?? (home ? readValidatorKeys(home) : [])).map(parseValidatorKey)
  keys.forEach((key, i) => {
    const isTwice = keys.slice(0, i).some(({ address }) => equalBytes(address, key.address))
    if (isTwice) throw errors.badOptions({ reason: 'a validator key is given twice' })
  })
  return keys.map((key, i) => {
    const state = home
      ? createFileSignState(home.validatorState(i), durability !== 'process-kill')
      : createMemorySignState()
    return new PrivateValidator(chainId, key, state)
  })
}

class Node {
  private readonly options: EmbeddedNodeOptions
  private readonly genesis: Genesis
  private readonly core: EngineCore
  private readonly bus: EventBus
  private readonly index: EventIndex
  private readonly intake: TxIntake
  private readonly maker: BlockMaker
  private readonly listeners = new Set<(block: ProducedBlock) => void>()
  private endSchedule: () => void = () => undefined
  private isHalted = false

  constructor(options: EmbeddedNodeOptions, home: Home | undefined, blocks: Storage, index: Storage) {
    this.options = options
    this.genesis = readGenesis(options, home)
    const contained = containFailures(options.application, options.onWarning)
    const application = guardApplication(contained, (error) => this.halt(error))
    const store = new BlockStore(blocks)
    const state = handshake(
      application,
      store,
      this.genesis,
      sha256(utf8(JSON.stringify(genesisToJson(this.genesis)))),
    )
    const mempool = new Mempool(application, options.mempool)
    mempool.setLimits(blockLimits(state))
    this.core = {
      application,
      store,
      mempool,
      evidence: new EvidencePool(store, createNativeSignatureVerifier()),
      signers: loadSigners(options, home, this.genesis.chainId),
      clock: options.clock ?? (() => BigInt(Date.now()) * 1_000_000n),
      state,
      extendedCommit: state.lastHeight === 0n ? undefined : store.lastExtendedCommit(),
      pending: loadPendingBlock(store, state),
    }
    this.bus = new EventBus(subscriptionLimits(options.rpc || {}))
    const paths = home && { blocks: home.blocks, index: home.index, ...durabilityOf(options) }
    const thread = paths && { paths, onFailure: (error: Error) => this.halt(error) }
    const { lastHeight: chainHeight } = state
    this.index = new EventIndex(index, storedBlocks(blocks), { chainHeight, ...(thread && { thread }) })
    this.intake = new TxIntake(mempool, options.prepareTx)
    const { timers = systemTimers } = options
    this.maker = new BlockMaker({ core: this.core, intake: this.intake, timers })
  }

  async start(close: () => void): Promise<EmbeddedNode> {
    const { rpc, blocks, timers = systemTimers, onWarning } = this.options
    const { backlog } = this.index
    if (backlog > 0n) onWarning?.(new Error(`${backlog} blocks are indexed before the node starts`))
    await this.index.caughtUp()
    const server = rpc === false ? undefined : await startRpcServer(this.view(), rpc ?? {})
    this.endSchedule = startSchedule(
      blocks,
      {
        hasWork: () => this.hasWork(),
        produce: (done) => this.produceScheduled(done),
      },
      timers,
    )
    return this.handle(server, close)
  }

  private handle(server: RpcServer | undefined, close: () => void): EmbeddedNode {
    let stopping: Promise<void> | undefined
    return {
      chainId: this.genesis.chainId,
      rpcUrl: server?.url ?? '',
      height: () => this.core.state.lastHeight,
      submit: async (tx) => this.intake.submit(tx),
      findTransaction: (hash) => this.findTransaction(fromHex(hash)),
      produceBlock: () => this.produce(),
      onBlock: (listener) => {
        this.listeners.add(listener)
        return () => void this.listeners.delete(listener)
      },
      stop: () => {
        stopping ??= (async () => {
          this.maker.finish()
          this.isHalted = true
          this.endSchedule()
          await server?.stop()
          await this.index.stop()
          close()
        })()
        return stopping
      },
    }
  }

  private findTransaction(hash: Uint8Array): FoundTransaction | undefined {
    const place = this.index.find(hash)
    const record = place && txWithResult(this.core.store, place.height, place.index)
    if (!record) return undefined
    const time = this.core.store.meta(place.height)?.header?.time
    return { height: place.height, bytes: record.tx, result: record.result, timestamp: formatTime(time) }
  }

  private produce(): ProducedBlock {
    this.maker.finish()
    if (this.isHalted) throw errors.nodeHalted()
    return this.report(() => this.maker.now())
  }

  private report(outcome: () => AppliedBlock): ProducedBlock {
    const applied = this.orHalt(outcome)
    const { made, response } = applied
    const { height } = made.header
    this.index.add({ height, txHashes: made.txHashes, txResults: response.txResults })
    publishBlock(this.bus, applied)
    this.intake.settle(height, made.txHashes, response.txResults)
    const block: ProducedBlock = {
      height,
      hash: made.blockId.hash,
      timeNanoseconds: toNanoseconds(made.header.time),
      transactions: made.txHashes.length,
      appHash: response.appHash,
    }
    for (const listener of this.listeners) listener(block)
    return block
  }

  private orHalt(outcome: () => AppliedBlock): AppliedBlock {
    try {
      return outcome()
    } catch (error) {
      // A refused proposal leaves nothing behind; after anything else nobody knows what was signed or
      // executed.
      const isRefusal = isProtocolError(error) && error.codespace === 'engine' && error.code === 43
      if (!isRefusal) this.halt(error)
      throw error
    }
  }

  private produceScheduled(done: () => void): void {
    if (this.isHalted) return
    this.maker.begin((outcome) => {
      try {
        this.report(outcome)
      } catch (error) {
        // A halt has been reported
        if (!this.isHalted && error instanceof Error) this.options.onWarning?.(error)
      }
      done()
    })
  }

  /** Transactions, evidence, an interrupted block, or an app hash that only the next header proves. */
  private hasWork(): boolean {
    const { mempool, evidence, pending, state, store } = this.core
    if (mempool.size > 0 || evidence.size > 0 || pending || state.lastHeight === 0n) return true
    const last = store.meta(state.lastHeight)
    assert(last?.header, 'the last block is stored')
    return !equalBytes(last.header.appHash, state.appHash)
  }

  private halt(error: unknown): void {
    if (this.isHalted) return
    this.isHalted = true
    this.endSchedule()
    this.options.onFatal?.(error)
  }

  private view(): Parameters<typeof startRpcServer>[0] {
    const { application, store, mempool, evidence, signers } = this.core
    return {
      genesis: this.genesis,
      application,
      store,
      mempool,
      evidence,
      index: this.index,
      bus: this.bus,
      intake: this.intake,
      moniker: this.options.moniker ?? 'causeway-embedded',
      validatorKey: signers[0]?.key.publicKey ?? new Uint8Array(0),
      state: () => this.core.state,
    }
  }
}
