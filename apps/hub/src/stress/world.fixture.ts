// A hub under stress, block by block: thousands of accounts of all leverages through a plan’s worst days.
// It can stop after any block and go on from its storage.
import { createTendermintClient, toNanoseconds } from '@causeway/light-clients'
import { createLightClientRegistry } from '@causeway/messaging'
import { assert, fromHex, fromUtf8, toHex, utf8 } from '@causeway/primitives'
import type { Any } from '@causeway/protocol'
import { ExtendedCommitInfo } from '@causeway/protocol/tendermint/abci/types'
import type {
  Event,
  RequestFinalizeBlock,
  ResponseFinalizeBlock,
} from '@causeway/protocol/tendermint/abci/types'
import type { Storage } from '@causeway/state-tree'
import { hubComposition, joinHub } from '../app.ts'
import { CosmosApplication } from '../application.ts'
import type { BlockInfo, ReadContext } from '../block/context.ts'
import type { Holder } from '../identifiers.ts'
import { ACCOUNTS_STORE, readAccount } from '../modules/accounts/state.ts'
import { applicationOptions } from '../node-options.ts'
import type { PriceSource, SurfaceSource } from '../modules/oracle/price-source.ts'
import { createSeededSurfaceSource } from '../modules/oracle/seeded-surfaces.ts'
import { RISK_STORE, unhealthy } from '../modules/risk/state.ts'
import type { Actor } from '../simulation/actor.fixture.ts'
import { Coverage, codeOfResult } from '../simulation/coverage.fixture.ts'
import type { CoverageSnapshot } from '../simulation/coverage.fixture.ts'
import { SimulationDriver } from '../simulation/driver.fixture.ts'
import { Random } from '../simulation/random.fixture.ts'
import { hubOptions } from '../testing/hub.fixture.ts'
import { testValidators, verifyExtensions } from '../testing/validators.fixture.ts'
import { ASSETS, UNDERLYINGS, expiryAfter } from './assets.fixture.ts'
import { Homes } from './homes.fixture.ts'
import type { HomesSnapshot } from './homes.fixture.ts'
import { Population } from './population.fixture.ts'
import type { PopulationSize } from './population.fixture.ts'
import { Plan } from './scenarios.fixture.ts'
import type { PlannedBlock } from './scenarios.fixture.ts'
import { act } from './traders.fixture.ts'
import { Witness } from './witness.fixture.ts'

/** What a world is made of. */
export interface StressOptions {
  readonly seed: number
  readonly size: PopulationSize
  readonly storage: Storage
  /** Keeps what isn't in the storage, so that a run goes on; absent: it can't. */
  readonly checkpoints?: {
    write(height: bigint, checkpoint: Uint8Array): void
    read(height: bigint): Uint8Array
  }
}

/** One block as it was lived. */
export interface LivedBlock {
  readonly height: bigint
  readonly planned: PlannedBlock
  readonly events: readonly Event[]
  readonly appHash: Uint8Array
}

/** Somebody who keeps count of what is lived, and whose counts outlive the process. */
export interface Counter {
  count(events: readonly Event[]): void
  /** All counts, in one line. */
  snapshot(): string
}

/** Beside the storage, after a block: plain values, and the counter's in a line of its own. */
interface Checkpoint {
  readonly timeNanoseconds: string
  /** The votes for the block. */
  readonly commit: string
  readonly homes: HomesSnapshot
  readonly coverage: CoverageSnapshot
}

const GAS_LIMIT = 400_000n
const TOKEN_GAS = 30_000n
const START_SECONDS = 1_700_000_000n
const SECOND = 1_000_000_000n

/** The world. */
export class StressWorld {
  readonly population: Population
  readonly plan: Plan
  readonly homes = new Homes(START_SECONDS)
  readonly coverage = new Coverage()
  readonly hub: CosmosApplication
  /** Who looks on while blocks are executed. */
  readonly witness: Witness
  readonly driver: StressDriver
  /** As the hub verifies other chains. */
  readonly lightClients = createLightClientRegistry([
    createTendermintClient({ verifySignatures: verifyExtensions }),
  ])
  counter: Counter = { count: () => {}, snapshot: () => '' }
  /** What the counter was when the run stopped; nothing of one that begins. */
  readonly counted: string | undefined
  readonly #seed: number
  readonly #checkpoints: StressOptions['checkpoints']
  /** Of what was handed in, by its bytes as they were handed in: the hub gives the same array back. */
  readonly #kinds = new Map<Uint8Array, string>()
  #read: { readonly latest: BlockInfo; readonly state: ReadContext } | undefined
  readonly #ready = new Set<Actor>()
  #index = 0

  constructor({ seed, size, storage, checkpoints }: StressOptions) {
    this.#seed = seed
    this.plan = new Plan(seed)
    this.population = new Population(seed, size, START_SECONDS)
    const options = hubOptions(storage, {
      storage,
      priceSource: this.#prices,
      surfaceSource: this.#surfaces,
      keepVersions: 8n,
      mempoolTransactionsMax: 20_000,
    })
    const parts = applicationOptions(options)
    // One hub that executes, and modules of another that look on
    const composed = hubComposition({ ...options, ...parts })
    this.witness = new Witness(joinHub({ ...options, ...parts }).trading)
    this.hub = new CosmosApplication({ ...composed, modules: this.witness.among(composed.modules) }, parts)
    this.#checkpoints = checkpoints
    this.driver = new StressDriver(this.hub, (request, response) => {
      this.#settle(request, response)
      this.#keep(request.height, toNanoseconds(request.time))
    })
    const { lastBlockHeight } = this.hub.info()
    if (lastBlockHeight === 0n) this.driver.initChain(this.population.appState(this.homes))
    else {
      assert(checkpoints !== undefined, 'a run that goes on has kept what is not in its storage')
      const [kept, counted] = fromUtf8(checkpoints.read(lastBlockHeight)).split('\n')
      this.counted = counted
      this.#goOn(lastBlockHeight, JSON.parse(kept!) as Checkpoint)
    }
  }

  get height(): bigint {
    return this.driver.height
  }

  get timeSeconds(): bigint {
    return this.driver.timeSeconds
  }

  /** The committed state. */
  get state(): ReadContext {
    const { chain } = this.hub
    const { latest } = chain
    if (this.#read?.latest !== latest) this.#read = { latest, state: chain.readLatest() }
    return this.#read.state
  }

  /** One block of the plan. */
  step(): LivedBlock {
    this.#index = Number(this.height)
    const planned = this.plan.at(this.#index)
    if (this.height > 2n) act(this, planned, this.#random(0x85ebca6b))
    const request = this.driver.propose(planned.seconds)
    const { appHash, ...response } = this.driver.execute(request)
    return { height: this.height, planned, events: eventsOf(response), appHash }
  }

  /** Subaccounts at a level of health, ascending. */
  holdersAt(level: 'warned' | 'called' | 'below'): readonly Holder[] {
    const found: Holder[] = []
    for (const [holder, record] of unhealthy(this.state.store(RISK_STORE)))
      if (record.level === level) found.push(holder)
    return found
  }

  /** The answer to a query, at the newest height unless told otherwise. */
  query(path: string, data: Uint8Array, height = 0n): Uint8Array {
    const { code, log, value } = this.driver.query(path, data, { height })
    assert(code === 0, `${path}: ${log}`)
    return value
  }

  /** Hands in a trade by the session key of an actor. */
  trade(kind: string, actor: Actor, message: Any, tokens: number): void {
    const sequence = actor.nonce(this.driver.timeNanoseconds)
    const gasLimit = TOKEN_GAS * BigInt(tokens)
    this.#submit(kind, actor.signBySession([message], { gasLimit, fee: [], sequence }))
  }

  /** Hands in a transaction signed by the wallet of an actor. */
  send(kind: string, actor: Actor, messages: readonly Any[], gasLimit = GAS_LIMIT): void {
    if (!this.#ready.has(actor)) {
      this.#ready.add(actor)
      actor.sequence = readAccount(this.state.store(ACCOUNTS_STORE), actor.id)?.sequence ?? 0n
    }
    const fee = [{ denom: 'ucway', amount: `${gasLimit / 40n}` }]
    if (!this.#submit(kind, actor.sign(messages, { gasLimit, fee }))) actor.sequence--
  }

  #submit(kind: string, tx: Uint8Array): boolean {
    const checked = this.hub.checkTx({ tx, type: 0 })
    if (checked.code !== 0) {
      this.coverage.note(kind, codeOfResult(checked))
      return false
    }
    this.driver.mempool.push(tx)
    this.#kinds.set(tx, kind)
    return true
  }

  /** What a block that will be committed came to. */
  #settle({ txs }: RequestFinalizeBlock, response: ResponseFinalizeBlock): void {
    txs.forEach((tx, i) => {
      const kind = this.#kinds.get(tx)
      if (kind !== undefined) this.coverage.note(kind, codeOfResult(response.txResults[i]!))
      this.#kinds.delete(tx)
    })
    for (const kind of this.#kinds.values()) this.coverage.note(kind, 'left out')
    // Whose transaction was left out begins again at what the chain knows.
    if (this.#kinds.size > 0) this.#ready.clear()
    this.#kinds.clear()
    const events = eventsOf(response)
    this.coverage.events(events)
    this.homes.see(events, this.#random(0xc2b2ae35))
    this.counter.count(events)
  }

  /** Keeps the counts anew, where they have changed since the last block was lived. */
  keep(): void {
    this.#keep(this.height, this.driver.timeNanoseconds)
  }

  #keep(height: bigint, timeNanoseconds: bigint): void {
    if (this.#checkpoints === undefined) return
    const checkpoint = JSON.stringify(this.#checkpoint(timeNanoseconds))
    this.#checkpoints.write(height, utf8(`${checkpoint}\n${this.counter.snapshot()}`))
  }

  #checkpoint(timeNanoseconds: bigint): Checkpoint {
    const { driver, homes, coverage } = this
    return {
      ...{ timeNanoseconds: `${timeNanoseconds}`, commit: toHex(driver.voted) },
      ...{ homes: homes.snapshot(), coverage: coverage.snapshot() },
    }
  }

  #goOn(height: bigint, { timeNanoseconds, commit, homes, coverage }: Checkpoint): void {
    this.driver.height = height
    this.driver.timeNanoseconds = BigInt(timeNanoseconds)
    this.driver.lastCommit = ExtendedCommitInfo.decode(fromHex(commit))
    this.homes.restore(homes)
    this.coverage.restore(coverage)
  }

  /** Numbers of the seed and the next block. */
  #random(salt: number): Random {
    return new Random(this.#seed ^ Math.imul(this.#index, salt))
  }

  /** What is voted with one block is the price of the next. */
  readonly #prices: PriceSource = () => {
    const next = this.plan.at(this.#index + 1)
    if (next.isSilent) return []
    const publishTimeSeconds = this.#publishSeconds()
    return ASSETS.map(({ id: asset, name }) => {
      const priceE9 = BigInt(Math.round(next.prices[name]! * 1e9))
      return { asset, priceE9, publishTimeSeconds }
    })
  }

  readonly #surfaces: SurfaceSource = (height) => {
    const next = this.plan.at(this.#index + 1)
    if (next.isSilent) return []
    const underlyings = UNDERLYINGS.map(({ id: asset, name, volatility }) => ({
      asset,
      priceE9: BigInt(Math.round(next.prices[name]! * 1e9)),
      volatilityBps: Math.round(volatility * next.volatilityFactor * 10_000),
    }))
    const source = createSeededSurfaceSource(underlyings, () => [expiryAfter(START_SECONDS)])
    return source(height, this.#publishSeconds())
  }

  /** The time of the block that will use it. */
  #publishSeconds(): bigint {
    const { seconds } = this.plan.at(this.#index)
    return this.driver.timeSeconds + seconds + this.plan.at(this.#index + 1).seconds
  }
}

/** Tells of each block before it is committed. */
class StressDriver extends SimulationDriver {
  /** The votes for the last block. */
  voted: Uint8Array = new Uint8Array(0)
  readonly #finalized: (request: RequestFinalizeBlock, response: ResponseFinalizeBlock) => void

  constructor(
    application: CosmosApplication,
    finalized: (request: RequestFinalizeBlock, response: ResponseFinalizeBlock) => void,
  ) {
    super(application, testValidators([10n]))
    this.#finalized = finalized
    this.timeNanoseconds = START_SECONDS * SECOND
  }

  override vote(request: Parameters<SimulationDriver['vote']>[0]): ExtendedCommitInfo {
    const vote = super.vote(request)
    this.voted = ExtendedCommitInfo.encode(vote).finish()
    return vote
  }

  /** Validators don't change here, and what was left out of a block is forgotten. */
  override execute(request: RequestFinalizeBlock): ResponseFinalizeBlock {
    const response = super.execute(request, false)
    this.#finalized(request, response)
    this.application.commit()
    this.height = request.height
    this.timeNanoseconds = toNanoseconds(request.time)
    this.lastCommit = ExtendedCommitInfo.decode(this.voted)
    this.mempool = []
    return response
  }
}

function eventsOf({ events, txResults }: Omit<ResponseFinalizeBlock, 'appHash'>): Event[] {
  return [...events, ...txResults.flatMap((result) => result.events)]
}
