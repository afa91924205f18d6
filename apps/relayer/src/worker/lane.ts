import type { Logger } from 'pino'

import type { Chain, Inclusion, Outcome, ProvenWork } from '../chain.ts'
import { asRelayError } from '../errors.ts'
import type { RelayError } from '../errors.ts'
import type { Metrics } from '../metrics/metrics.ts'
import type { PacketFilter } from '../plan/filter.ts'
import { planLane, trustingPeriodLeft } from '../plan/plan-lane.ts'
import type { LanePlan } from '../plan/plan-lane.ts'
import { judgeFailure } from '../plan/judge-failure.ts'
import { isSetAside, retryDelayMs } from '../plan/retry-strategy.ts'
import type { BatchLimits, GasTable } from '../plan/split-batches.ts'
import type { ClientView } from '../plan/view.ts'
import { packetId, workKey } from '../plan/work.ts'
import type { MessageKind, Work } from '../plan/work.ts'
import type { Ending, Journal } from '../queue/journal.ts'
import { mapLimited } from './concurrency.ts'
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
/** A touch that is not final after this long is not waited for any more. */
const TOUCH_AGAIN_MS = 60_000
const REFUSED_REMEMBERED_MAX = 10_000

/** Plans, proves, submits and confirms for one direction. One loop: a lane has one flight in the air. */
export class Lane {
  readonly options: LaneOptions
  readonly #works = new Map<string, Work>()
  readonly #refused = new Set<string>()
  readonly #flying = new Set<string>()
  #failures = 0
  #notBeforeMs = 0
  /** Newest height that proved packets when they were last written again. */
  #touchedAbove = -1n
  #touchNotBeforeMs = 0
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
  }

  async #run(): Promise<void> {
    do {
      this.#again = false
      const stepped = await this.#step().catch((error: unknown) => this.#failLane(asRelayError(error)))
      if (stepped) this.#again = true
    } while (this.#again && !this.#closed)
    this.#isRunning = false
    this.#report()
    this.#scheduleRetry()
  }

  /** One round of watch → plan → prove → submit → confirm; whether something was sent. */
  async #step(): Promise<boolean> {
    const { target, proving, targetClient, nowMs } = this.options
    const [targetHead, provingHead] = [target.head, proving.head]
    if (targetHead === undefined || provingHead === undefined || nowMs() < this.#notBeforeMs) return false
    if (this.#works.size === 0 && nowMs() - this.#clientReadAtMs < this.#idleCheckMs()) return false
    this.#client = await target.chain.clientView(targetClient)
    this.#clientReadAtMs = nowMs()
    const window = await proving.chain.proofWindow(this.#client.clientType, provingHead)
    const plan = planLane({
      nowMs: BigInt(nowMs()),
      proving: window,
      target: targetHead,
      client: this.#client,
      works: this.works,
      limits: this.options.limits,
      gas: this.options.gas,
      filter: this.options.filter,
      refresh: { numerator: this.options.refreshAtPercent, denominator: 100n },
    })
    this.#settleUndeliverable(plan)
    if (plan.touch !== undefined) this.#touch(proving.chain, plan.touch, window.newest.height)
    if (plan.batches.length === 0 && plan.update === undefined) return false
    return await this.#fly(plan, this.#client, proving.chain, target.chain)
  }

  /** While a touch is on its way to being final the same is planned again and again: one is enough. */
  #touch(proving: Chain, clientId: string, newest: bigint): void {
    const { dryRun, log, name, nowMs } = this.options
    const isAwaited = newest <= this.#touchedAbove && nowMs() < this.#touchNotBeforeMs
    if (dryRun || proving.makeProvable === undefined || isAwaited) return
    this.#touchedAbove = newest
    this.#touchNotBeforeMs = nowMs() + TOUCH_AGAIN_MS
    log.info({ lane: name, clientId }, 'commitments are written again')
    proving.makeProvable(clientId).catch((error: unknown) => {
      log.warn({ lane: name, clientId, error: asRelayError(error).message }, 'touch failed')
    })
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

  async #fly(plan: LanePlan, client: ClientView, proving: Chain, target: Chain): Promise<boolean> {
    const batches = plan.batches.slice(0, TRANSACTIONS_PER_FLIGHT_MAX)
    if (this.options.dryRun) {
      const messages = batches.map((batch) => batch.map(workKey))
      this.options.log.info(
        { lane: this.options.name, update: plan.update?.height, messages },
        'dry run: would send',
      )
      for (const work of batches.flat()) this.#works.delete(workKey(work))
      return false
    }
    const { update } = plan
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
    if (flight.length === 0 && (batches.length > 0 || update === undefined)) return false
    for (const { work } of flight.flat()) this.#flying.add(workKey(work))
    const outcomes = await target
      .submit({ clientId: client.clientId, updates, batches: flight })
      .finally(() => this.#flying.clear())
    if (
      update !== undefined &&
      outcomes.some((one) => one.inclusion !== undefined && one.error === undefined)
    ) {
      this.options.metrics.submitted(this.options.route, target.chainId, 'update')
    }
    for (const outcome of outcomes) this.#settle(outcome)
    return true
  }

  async #prove(work: Work, client: ClientView, height: bigint): Promise<ProvenWork | undefined> {
    try {
      const proof = await this.options.proving.chain.prove(work, height)
      const proofHeight = { revisionNumber: client.revisionNumber, revisionHeight: height }
      return { work, proof, proofHeight }
    } catch (error) {
      this.#fail(work, asRelayError(error), 1)
      return undefined
    }
  }

  #settle(outcome: Outcome): void {
    const { log, metrics, name, route, target } = this.options
    const { inclusion } = outcome
    if (inclusion !== undefined) metrics.paid(route, target.chain.chainId, inclusion)
    for (const work of outcome.done) {
      const paid = shareOf(inclusion, BigInt(outcome.done.length))
      this.end(work.kind, work.packet, { how: 'relayed', ...paid })
      metrics.submitted(route, target.chain.chainId, work.kind)
      log.info({ packet: packetId(work.packet), kind: work.kind, lane: name, ...paid }, 'relayed')
    }
    const batchSize = outcome.done.length + outcome.failed.length
    for (const { work, error } of outcome.failed) this.#fail(work, error, batchSize)
    const errors = [outcome.error, ...outcome.failed.map((one) => one.error)]
    const laneError = errors.find((error) => error !== undefined && judgeFailure(error, batchSize) === 'lane')
    if (laneError !== undefined) this.#failLane(laneError)
    else if (outcome.error === undefined) {
      this.#failures = 0
      this.#lastError = undefined
    }
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

  #report(): void {
    const { metrics, route, target, nowMs } = this.options
    const chain = target.chain.chainId
    const works = this.works
    const count = (kind: MessageKind) => works.filter((work) => work.kind === kind).length
    metrics.pending(route, chain, { recv: count('recv'), ack: count('ack'), timeout: count('timeout') })
    metrics.setAside(route, chain, works.filter((work) => isSetAside(work.attempts)).length)
    const oldestMs = works.reduce((oldest, work) => Math.min(oldest, Number(work.seenAtMs)), nowMs())
    metrics.oldestPending(route, chain, (nowMs() - oldestMs) / 1000)
    if (this.#client === undefined || target.head === undefined) return
    metrics.trustingPeriodLeft(
      route,
      chain,
      Number(trustingPeriodLeft(this.#client, target.head) / 1_000_000_000n),
    )
  }
}

/** What one of `messages` that went in one transaction cost. */
function shareOf(inclusion: Inclusion | undefined, messages: bigint): Omit<Ending, 'how'> {
  if (inclusion === undefined) return {}
  const { hash, height, gasUsed, fee } = inclusion
  return {
    hash,
    height: `${height}`,
    gasUsed: `${gasUsed / messages}`,
    fee: `${fee.amount / messages}${fee.denom}`,
  }
}
