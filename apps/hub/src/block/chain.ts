// The state that the ABCI methods share: what is committed, what is being checked, what was just executed.
import { assert } from '@causeway/primitives'
import type { ProtocolError } from '@causeway/primitives'
import { ChainState } from '@causeway/protocol/causeway/block/v1/block'
import { MultiStore } from '@causeway/state-tree'
import type { Change, Storage } from '@causeway/state-tree'
import type { ValidatorUpdate } from '@causeway/protocol/tendermint/abci/types'
import { errors as genesisErrors } from '../genesis/genesis-errors.ts'
import { SignatureVerifier } from '../tx/signatures.ts'
import type { VerifySignatures } from '../tx/signatures.ts'
import { TransactionCache } from '../tx/transaction-cache.ts'
import { Admissions } from './admissions.ts'
import { CommittedMemory } from './committed-memory.ts'
import type { Composition } from './composition.ts'
import { blockInfo, readContext } from './context.ts'
import type { BlockInfo, ParentBlock, ReadContext } from './context.ts'
import { Layer } from './layer.ts'
import type { StoreReaders } from './layer.ts'
import type { MessageType, QueryMethod } from './module.ts'
import { Trials } from './trials.ts'

/** What the application is handed. */
export interface ChainOptions {
  readonly chainId: string
  readonly storage: Storage
  /** How many committed versions stay provable. */
  readonly keepVersions: bigint
  readonly verifySignatures: VerifySignatures
  /** Ed25519 (ZIP-215) of validators: `undefined` when all hold, else the index of one that does not. */
  readonly verifyExtensions: (
    checks: readonly { publicKey: Uint8Array; message: Uint8Array; signature: Uint8Array }[],
  ) => number | undefined
  /** Transactions that the node's mempool holds; lane 4 may fill 60 % of it. */
  readonly mempoolTransactionsMax: number
  /** Bytes of transactions that it holds; default 64 MiB, as CometBFT's and the embedded engine's. */
  readonly mempoolBytesMax?: number
  /** Told why a proposal was refused. */
  readonly onProposalRefused?: (height: bigint, reason: ProtocolError) => void
}

/** A block that was executed and waits for commit. */
export interface PendingBlock {
  readonly block: BlockInfo
  /** Net changes, by store. */
  readonly changes: ReadonlyMap<string, readonly Change[]>
  readonly validatorUpdates: readonly ValidatorUpdate[]
}

// Decoded transactions are kept for the whole mempool and a few proposals: a block has room for some 7,000.
const PROPOSED_TRANSACTIONS_MAX = 25_000
const CACHE_BYTES_MAX = 128 * 1024 * 1024
const MEMPOOL_BYTES_MAX = 64 * 1024 * 1024
const CHAIN_STATE_KEY = new TextEncoder().encode('chain')

/** One node's view of one chain. */
export class Chain {
  readonly options: ChainOptions
  readonly composition: Composition
  readonly stores: MultiStore
  readonly signatures: SignatureVerifier
  readonly transactions: TransactionCache
  readonly admissions: Admissions
  readonly trials = new Trials()
  readonly queries: ReadonlyMap<string, QueryMethod>
  /** The last committed block; absent before the first. */
  committed: BlockInfo | undefined
  /** Genesis, until the first block flushes it. */
  genesis: { readonly layer: Layer; readonly block: BlockInfo } | undefined
  /** What transactions admitted since the last commit have written. */
  check: Layer
  pending: PendingBlock | undefined
  readonly #memories = new Map<string, CommittedMemory>()

  constructor(composition: Composition, options: ChainOptions) {
    this.options = options
    this.composition = composition
    const storeNames = composition.modules.flatMap(({ storeName }) => storeName ?? [])
    this.stores = MultiStore.open({
      storage: options.storage,
      storeNames,
      keepVersions: options.keepVersions,
    })
    this.signatures = new SignatureVerifier(options.verifySignatures)
    const messages = indexMessages(composition)
    const rules = {
      chainId: options.chainId,
      addresses: composition.addresses,
      message: (typeUrl: string) => messages.get(typeUrl),
    }
    const entries = options.mempoolTransactionsMax + PROPOSED_TRANSACTIONS_MAX
    this.transactions = new TransactionCache(rules, { entries, bytes: CACHE_BYTES_MAX })
    this.admissions = new Admissions({
      transactions: options.mempoolTransactionsMax,
      bytes: options.mempoolBytesMax ?? MEMPOOL_BYTES_MAX,
    })
    this.queries = indexQueries(composition)
    composition.aside?.open((key) => this.stores.extra(key))
    this.committed = readChainState(this.stores, options.chainId)
    this.check = this.newLayer()
  }

  /** A layer over the newest state: the committed one, or genesis. */
  newLayer(): Layer {
    const genesis = this.genesis
    return genesis === undefined ? new Layer(this.readers()) : genesis.layer.above()
  }

  /** Stores of the last committed version. */
  readers(): StoreReaders {
    return (name) => {
      let memory = this.#memories.get(name)
      if (memory === undefined) {
        memory = new CommittedMemory(this.stores.reader(name))
        this.#memories.set(name, memory)
      }
      return memory
    }
  }

  /** The block that the newest state belongs to. */
  get latest(): BlockInfo {
    const latest = this.committed ?? this.genesis?.block
    assert(latest !== undefined, 'the chain has been initialised')
    return latest
  }

  /** What the next header says of the last committed block; absent before the first. */
  get parent(): ParentBlock | undefined {
    const { committed } = this
    return committed && { timeSeconds: committed.timeSeconds, appHash: this.stores.appHash() }
  }

  /** The newest state, to read. */
  readLatest(): ReadContext {
    const layer = this.newLayer()
    return readContext(this.latest, (name) => layer.store(name))
  }

  /** A block on top of the newest state. */
  nextBlock(height: bigint, timeNanoseconds: bigint): BlockInfo {
    return blockInfo(this.options.chainId, height, timeNanoseconds)
  }

  /** Makes the pending block durable, in one atomic batch with its height and time. */
  commit(): void {
    const { pending } = this
    assert(pending !== undefined, 'a block was executed before it is committed')
    const { chainId, height, timeNanoseconds } = pending.block
    const value = ChainState.encode({ chainId, height, timeNanoseconds }).finish()
    const aside = this.composition.aside?.take() ?? []
    this.stores.commit([{ key: CHAIN_STATE_KEY, value }, ...aside])
    assert(this.stores.version === height, 'a version is a height')
    for (const [name, changes] of pending.changes) this.#memories.get(name)?.follow(changes)
    this.committed = pending.block
    this.genesis = undefined
    this.pending = undefined
    this.check = this.newLayer()
  }
}

function readChainState(stores: MultiStore, chainId: string): BlockInfo | undefined {
  const bytes = stores.extra(CHAIN_STATE_KEY)
  if (bytes === undefined) return undefined
  const state = ChainState.decode(bytes)
  if (state.chainId !== chainId) {
    throw genesisErrors.otherChain({ stored: state.chainId, expected: chainId })
  }
  assert(state.height === stores.version, 'the stores and the chain state were committed together')
  return blockInfo(chainId, state.height, state.timeNanoseconds)
}

function indexMessages(composition: Composition): ReadonlyMap<string, MessageType> {
  const messages = new Map<string, MessageType>()
  for (const message of composition.modules.flatMap((module) => module.messages)) {
    assert(!messages.has(message.typeUrl), `${message.typeUrl} has one handler`)
    messages.set(message.typeUrl, message)
  }
  return messages
}

function indexQueries(composition: Composition): ReadonlyMap<string, QueryMethod> {
  const queries = new Map<string, QueryMethod>()
  for (const query of composition.modules.flatMap((module) => module.queries)) {
    assert(!queries.has(query.path), `${query.path} has one handler`)
    queries.set(query.path, query)
  }
  return queries
}
