import type { Logger } from 'pino'

import type { Flight, Outcome, ProvenWork } from '../chain.ts'
import { asRelayError } from '../errors.ts'
import type { RelayError } from '../errors.ts'
import type { Metrics } from '../metrics/metrics.ts'
import type { PacketFilter } from '../plan/filter.ts'
import { planLane } from '../plan/plan-lane.ts'
import type { LanePlan } from '../plan/plan-lane.ts'
import { judgeFailure } from '../plan/judge-failure.ts'
import { isSetAside, retryDelayMs } from '../plan/retry-strategy.ts'
import type { BatchLimits, GasTable } from '../plan/split-batches.ts'
import type { ClientView, Head, LaneView, ProofWindow } from '../plan/view.ts'
import { packetId, workKey } from '../plan/work.ts'
import type { MessageKind, Work } from '../plan/work.ts'
import type { Ending, Journal } from '../queue/journal.ts'
import { mapLimited } from './concurrency.ts'
import { endDone, reportLane } from './report-lane.ts'
import { hasOneLanded, ToldFailures } from './told-failures.ts'
import { ToldWaits } from './told-waits.ts'
import { Touches } from './touches.ts'
import { Unproven } from './unproven.ts'
import type { ChainWatcher } from './watcher.ts'

/** One direction of a route: messages for `target`, proven on `proving`. */
export interface LaneOptions {
  /** `route/targetChainId`: also the name of the lane's queue. */
  readonly name: string
  readonly route: string
  readonly target: ChainWatcher
  readonly proving: ChainWatcher
  /** The client on the target that follows the proving chain. */
  readonly targetClient: string
  readonly limits: BatchLimits
  readonly gas: GasTable
  readonly filter: PacketFilter
  readonly refreshAtPercent: bigint
  readonly pendingMax: bigint
  readonly dryRun: boolean
  readonly journal: Journal
  readonly metrics: Metrics
  readonly log: Logger
  readonly nowMs: () => number
  /** A packet that can't be received any more: the opposite lane times it out. */
  readonly onExpired: (work: Work) => void
}

const TRANSACTIONS_PER_FLIGHT_MAX = 8
const PROOFS_AT_ONCE = 16
/**
 * An idle lane looks at its client this often, or four times before a refresh is due where periods are
 * short.
 */
const IDLE_CHECK_MS = 15_000
const REFUSED_REMEMBERED_MAX = 10_000

/** Flights that have landed and are not final yet. */
const SETTLING_MAX = 8

/**
 * Plans, proves, submits and confirms for one direction. One loop: a lane has one flight in the air. Those
 * before it that have landed become final meanwhile: what comes next does not wait for that.
 */
export class Lane {
  readonly options: LaneOptions
  readonly #works = new Map<string, Work>()
  readonly #refused = new Set<string>()
  readonly #flying = new Set<string>()
  readonly #settling = new Set<Promise<void>>()
  readonly #waits: ToldWaits
  readonly #touches: Touches
  readonly #unproven: Unproven
  /** The header of an update that was held up: the next attempt goes on with it. */
  #aim: Head | undefined
  #failures = 0
  #notBeforeMs = 0
  #client: ClientView | undefined
  #clientReadAtMs = 0
  #isRunning = false
  #again = false
  #closed = false
  #idle: Promise<void> = Promise.resolve()
  #timer: NodeJS.Timeout | undefined
  #lastError: RelayError | undefined

  constructor(options: LaneOptions) {
    this.options = options
    this.#waits = new ToldWaits(options.log, options.name, options.nowMs)
    this.#touches = new Touches(options.log, options.name, options.nowMs)
    this.#unproven = new Unproven(options.nowMs)
  }

  get works(): readonly Work[] {
    return [...this.#works.values()]
  }

  /** The failure that holds the lane up, if its last attempt as a whole failed. */
  get lastError(): RelayError | undefined {
    return this.#lastError
  }

  /** Failures of the lane as a whole since its last success. */
  get failures(): number {
    return this.#failures
  }

  /** The client as last read. */
  get client(): ClientView | undefined {
    return this.#client
  }

  /** Whether a message is pending here. */
  has(kind: MessageKind, packet: Pick<Work['packet'], 'sourceClient' | 'sequence'>): boolean {
    return this.#works.has(workKey({ kind, packet }))
  }

  /** Takes in a message unless it is known or was refused. Returns whether it is new. */
  add(work: Work): boolean {
    const key = workKey(work)
    if (this.#works.has(key) || this.#refused.has(key)) return false
    if (BigInt(this.#works.size) >= this.options.pendingMax) return false // a later rescan brings it again
    this.#works.set(key, work)
    this.options.journal.added(this.options.name, work)
    this.options.log.debug(
      { packet: packetId(work.packet), kind: work.kind, lane: this.options.name },
      'pending',
    )
    return true
  }

  /** An event tells that a message has reached its chain. Of one in the air, its own outcome tells more. */
  seen(kind: MessageKind, packet: Work['packet']): void {
    if (!this.#flying.has(workKey({ kind, packet }))) this.end(kind, packet, { how: 'elsewhere' })
  }

  /** Forgets a message that has come to its end. */
  end(kind: MessageKind, packet: Work['packet'], ending: Ending): void {
    const work = this.#works.get(workKey({ kind, packet }))
    if (work === undefined) return
    this.#works.delete(workKey(work))
    this.options.journal.ended(this.options.name, work, ending)
  }

  /** Looks again now: there is a new head, a new message, or a delay has run out. */
  wake(): void {
    if (this.#closed) return
    if (this.#isRunning) {
      this.#again = true
      return
    }
    this.#isRunning = true
    this.#idle = this.#run()
  }

  /** Stops planning; resolves when the flight in the air has ended. */
  async close(): Promise<void> {
    this.#closed = true
    clearTimeout(this.#timer)
    await this.#idle
    await Promise.all(this.#settling)
  }

  async #run(): Promise<void> {
    do {
      this.#again = false
      const stepped = await this.#step().catch((error: unknown) => this.#failLane(asRelayError(error)))
      if (stepped) this.#again = true
    } while (this.#again && !this.#closed)
    this.#isRunning = false
    reportLane(this)
    this.#scheduleRetry()
  }

  /** One round of watch → plan → prove → submit → confirm; whether something was sent. */
  async #step(): Promise<boolean> {
    const { target, proving, targetClient, nowMs } = this.options
    const [targetHead, provingHead] = [target.head, proving.head]
    if (targetHead === undefined || provingHead === undefined || nowMs() < this.#notBeforeMs) return false
    if (this.#works.size === this.#flying.size && nowMs() - this.#clientReadAtMs < this.#idleCheckMs())
      return false
    this.#client = await target.chain.clientView(targetClient)
    this.#clientReadAtMs = nowMs()
    const window = await proving.chain.proofWindow(this.#client.clientType, provingHead)
    const view = this.#view(window, targetHead, this.#client)
    const plan = planLane(view)
    this.#waits.messages(plan, view)
    this.#settleUndeliverable(plan)
    if (plan.touch !== undefined && !this.options.dryRun)
      this.#touches.touch(proving.chain, plan.touch, window.newest.height)
    if (plan.batches.length === 0 && plan.update === undefined) return false
    return await this.#fly(plan, this.#client, window)
  }

  #view(window: ProofWindow, target: Head, client: ClientView): LaneView {
    const { nowMs, limits, gas, filter, refreshAtPercent } = this.options
    const oldestHeight = this.#unproven.oldest(window.oldestHeight)
    return {
      nowMs: BigInt(nowMs()),
      ...{ proving: { ...window, oldestHeight }, target, client, limits, gas, filter },
      works: this.works.filter((work) => !this.#flying.has(workKey(work))),
      refresh: { numerator: refreshAtPercent, denominator: 100n },
      ...(this.#aim === undefined ? {} : { aim: this.#aim }),
    }
  }

  #idleCheckMs(): number {
    if (this.#client === undefined) return IDLE_CHECK_MS
    const refreshNanoseconds = (this.#client.trustingPeriodNanoseconds * this.options.refreshAtPercent) / 100n
    return Math.min(IDLE_CHECK_MS, Number(refreshNanoseconds / 4_000_000n))
  }

  #settleUndeliverable(plan: LanePlan): void {
    for (const work of plan.expired) {
      this.end(work.kind, work.packet, { how: 'expired' })
      this.options.onExpired(work)
    }
    for (const { work, reason } of plan.refused) {
      this.#works.delete(workKey(work))
      if (this.#refused.size < REFUSED_REMEMBERED_MAX) this.#refused.add(workKey(work))
      this.options.log.info(
        { packet: packetId(work.packet), kind: work.kind, reason },
        'not carried by this route',
      )
    }
  }

  async #fly(plan: LanePlan, client: ClientView, { newest }: ProofWindow): Promise<boolean> {
    const batches = plan.batches.slice(0, TRANSACTIONS_PER_FLIGHT_MAX)
    if (this.options.dryRun) {
      this.#waits.dryRun(batches, plan.update?.height)
      for (const work of batches.flat()) this.#works.delete(workKey(work))
      return false
    }
    const { update } = plan
    const { chain: proving } = this.options.proving
    const aim = this.#aim
    this.#aim = undefined // what can't be proven is not aimed at again
    const [updates, proven] = await Promise.all([
      update === undefined ? [] : proving.clientUpdates(client, update.height),
      mapLimited(batches.flat(), PROOFS_AT_ONCE, (work) => this.#prove(work, client, plan.proofHeight)),
    ])
    const provenByKey = new Map(
      proven.flatMap((one) => (one === undefined ? [] : [[workKey(one.work), one] as const])),
    )
    const flight = batches
      .map((batch) => batch.flatMap((work) => provenByKey.get(workKey(work)) ?? []))
      .filter((batch) => batch.length > 0)
    const isLeft = batches.flat().some((work) => this.#works.has(workKey(work)))
    if (update === undefined) this.#unproven.note(plan.proofHeight, flight.length > 0 || !isLeft)
    if (flight.length === 0 && (batches.length > 0 || update === undefined)) return false
    const shown = update?.height === aim?.height ? aim : update?.height === newest.height ? newest : undefined
    await this.#send({ clientId: client.clientId, updates, batches: flight }, shown)
    return true
  }

  /** Resolves when the next flight may begin. `shown`: the header of its update. */
  async #send(flight: Flight, shown: Head | undefined): Promise<void> {
    const { chain } = this.options.target
    const works = flight.batches.flat().map(({ work }) => work)
    for (const work of works) this.#flying.add(workKey(work))
    const landed = Promise.withResolvers<void>()
    const stopTelling = this.#waits.flight(works, shown?.height)
    const told = new ToldFailures()
    const onLanded = (outcomes: readonly Outcome[]) => {
      if (!told.tell(outcomes)) return
      for (const key of told.keys) this.#flying.delete(key)
      this.#settleFailed(flight, outcomes, shown)
      landed.resolve()
    }
    const end = () => {
      stopTelling()
      for (const work of works) if (!told.keys.has(workKey(work))) this.#flying.delete(workKey(work))
    }
    const settling = chain
      .submit(flight, onLanded)
      .then((outcomes) => {
        onLanded(outcomes) // where the chain did not tell
        end()
        this.#settleFinal(flight, outcomes, told)
      })
      .catch((error: unknown) => {
        end()
        this.#failLane(asRelayError(error))
      })
      .finally(() => {
        this.#settling.delete(settling)
        landed.resolve()
        this.wake()
      })
    this.#settling.add(settling)
    await landed.promise
    if (this.#settling.size >= SETTLING_MAX) await Promise.race(this.#settling)
  }

  /** What failed, which is tried again at once: it does not wait until the rest is final. */
  #settleFailed({ updates }: Flight, outcomes: readonly Outcome[], shown: Head | undefined): void {
    const hasLanded = hasOneLanded(outcomes)
    const refusal = outcomes.find((one) => one.error !== undefined)?.error
    // A header that the client refuses for good is not shown again; one that was only held up is.
    const isRefused = refusal?.failure === 'client' && refusal.retry === 'now'
    const isHeldUp = refusal !== undefined && !isRefused && judgeFailure(refusal, 1) === 'lane'
    if (updates.length > 0 && !hasLanded) this.#aim = isHeldUp ? shown : undefined
    const [failure] = outcomes.flatMap((outcome) => this.#failAll(outcome) ?? [])
    if (hasLanded || failure === undefined) {
      this.#failures = 0
      this.#lastError = undefined
    }
    if (failure !== undefined) this.#failLane(failure)
  }

  /** What is final is done; what fell out of the chain before is tried again. */
  #settleFinal({ updates }: Flight, outcomes: readonly Outcome[], told: ToldFailures): void {
    const { metrics, route, target } = this.options
    if (updates.length > 0 && hasOneLanded(outcomes)) metrics.submitted(route, target.chain.chainId, 'update')
    for (const outcome of outcomes) endDone(this, outcome)
    const [failure] = outcomes.flatMap((outcome) => this.#failAll(told.without(outcome)) ?? [])
    if (failure !== undefined) this.#failLane(failure)
  }

  async #prove(work: Work, client: ClientView, height: bigint): Promise<ProvenWork | undefined> {
    try {
      const proof = await this.options.proving.chain.prove(work, height)
      const proofHeight = { revisionNumber: client.revisionNumber, revisionHeight: height }
      return { work, proof, proofHeight }
    } catch (error) {
      this.#waits.proof(work, height, asRelayError(error))
      this.#fail(work, asRelayError(error), 1)
      return undefined
    }
  }

  /** Delays each message of a transaction that failed; the failure that is the lane's, if one is. */
  #failAll({ done, failed, error }: Outcome): RelayError | undefined {
    const batchSize = done.length + failed.length
    for (const one of failed) this.#fail(one.work, one.error, batchSize)
    const errors = [error, ...failed.map((one) => one.error)]
    return errors.find((one) => one !== undefined && judgeFailure(one, batchSize) === 'lane')
  }

  /** What a failed attempt means for one message: done by others, delayed, or to travel apart. */
  #fail(work: Work, error: RelayError, batchSize: number): void {
    const { journal, log, metrics, name, route, target, nowMs } = this.options
    if (!this.#works.has(workKey(work))) return
    const verdict = judgeFailure(error, batchSize)
    if (verdict === 'done') return this.end(work.kind, work.packet, { how: 'elsewhere' })
    metrics.failed(route, target.chain.chainId, error.failure)
    if (verdict === 'lane') return
    const attempts = verdict === 'message' ? work.attempts + 1 : work.attempts
    const delayMs = verdict === 'message' ? retryDelayMs(attempts, error.retry) : 0n
    const retried = { ...work, attempts, apart: verdict === 'apart' || work.apart || isSetAside(attempts) }
    const waiting = { ...retried, notBeforeMs: BigInt(nowMs()) + delayMs }
    this.#works.set(workKey(work), waiting)
    journal.failed(name, waiting, error.message)
    const level = isSetAside(attempts) ? 'error' : 'warn'
    const facts = {
      packet: packetId(work.packet),
      kind: work.kind,
      lane: name,
      attempts,
      failure: error.failure,
    }
    log[level](
      { ...facts, delayMs: Number(delayMs), error: error.message },
      isSetAside(attempts) ? 'set aside' : 'failed',
    )
  }

  /** Nothing of the lane went through: all of it waits a little, longer each time. */
  #failLane(error: RelayError): false {
    const { log, metrics, name, route, target, nowMs } = this.options
    this.#failures += 1
    this.#lastError = error
    const delayMs = Number(
      retryDelayMs(Math.min(this.#failures, 5), error.retry === 'never' ? 'later' : error.retry),
    )
    this.#notBeforeMs = nowMs() + delayMs
    metrics.failed(route, target.chain.chainId, error.failure)
    const level = this.#failures > 3 ? 'error' : 'warn'
    log[level](
      { lane: name, failure: error.failure, failures: this.#failures, delayMs, error: error.message },
      'lane failed',
    )
    return false
  }

  #scheduleRetry(): void {
    clearTimeout(this.#timer)
    if (this.#closed) return
    const now = this.options.nowMs()
    const due = this.works.map((work) => Number(work.notBeforeMs)).filter((at) => at > now)
    if (this.#notBeforeMs > now) due.push(this.#notBeforeMs)
    if (due.length === 0) return
    this.#timer = setTimeout(() => this.wake(), Math.max(1, Math.min(...due, now + 60_000) - now))
  }
}
