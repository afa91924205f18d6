import type { Logger } from 'pino'

import type { RelayError } from '../errors.ts'
import type { LanePlan } from '../plan/plan-lane.ts'
import type { LaneView } from '../plan/view.ts'
import { packetId, workKey } from '../plan/work.ts'
import type { Work } from '../plan/work.ts'

/** A wait is told when it has lasted this long, and each time that it lasts as long again. */
const TOLD_EVERY_MS = 30_000
/** Names of one log line. */
const NAMED_MAX = 8

/** Says what a lane waits for: of messages that wait to be sent, and of a flight that does not end. */
export class ToldWaits {
  readonly #log: Logger
  readonly #lane: string
  readonly #nowMs: () => number
  #toldAtMs = Number.NEGATIVE_INFINITY
  #unprovenAtMs = Number.NEGATIVE_INFINITY

  constructor(log: Logger, lane: string, nowMs: () => number) {
    this.#log = log
    this.#lane = lane
    this.#nowMs = nowMs
  }

  /** The oldest message that this plan leaves where it is, and why. */
  messages({ waiting }: LanePlan, { client, proving, target }: LaneView): void {
    const now = this.#nowMs()
    const [oldest] = [...waiting].sort((a, b) => (a.work.seenAtMs < b.work.seenAtMs ? -1 : 1))
    const waitedMs = oldest === undefined ? 0 : now - Number(oldest.work.seenAtMs)
    if (oldest === undefined || waitedMs < TOLD_EVERY_MS || now - this.#toldAtMs < TOLD_EVERY_MS) return
    this.#toldAtMs = now
    const { kind, packet, eventHeight, notBeforeMs } = oldest.work
    const facts = { lane: this.#lane, packet: packetId(packet), kind, reason: oldest.reason, eventHeight }
    const heights = { client: client.latestHeight, newest: proving.newest.height, target: target.height }
    const rest = { waiting: waiting.length, waitedMs, notBeforeMs }
    this.#log.info({ ...facts, ...heights, ...rest }, 'still waiting')
  }

  /** What would be sent, where nothing is. */
  dryRun(batches: readonly (readonly Work[])[], update: bigint | undefined): void {
    const messages = batches.map((batch) => batch.map(workKey))
    this.#log.info({ lane: this.#lane, update, messages }, 'dry run: would send')
  }

  /** A message that could not be proven. */
  proof({ kind, packet }: Work, height: bigint, { failure, message }: RelayError): void {
    if (this.#nowMs() - this.#unprovenAtMs < TOLD_EVERY_MS) return
    this.#unprovenAtMs = this.#nowMs()
    const facts = { lane: this.#lane, packet: packetId(packet), kind, height, failure, error: message }
    this.#log.warn(facts, 'not proven')
  }

  /** Tells of a flight until what is returned is called. */
  flight(works: readonly Work[], update: bigint | undefined): () => void {
    const began = this.#nowMs()
    const messages = works.slice(0, NAMED_MAX).map(workKey)
    const timer = setInterval(() => {
      const facts = { lane: this.#lane, update, messages, count: works.length }
      this.#log.warn({ ...facts, waitedMs: this.#nowMs() - began }, 'flight has not ended yet')
    }, TOLD_EVERY_MS)
    return () => clearInterval(timer)
  }
}
