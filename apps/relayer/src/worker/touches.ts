import type { Logger } from 'pino'

import type { Chain } from '../chain.ts'
import { asRelayError } from '../errors.ts'

/** A touch that is not final after this long is not waited for any more. */
const TOUCH_AGAIN_MS = 60_000

/** Has a chain write a client's commitments again, once for each newest header that proves packets. */
export class Touches {
  readonly #log: Logger
  readonly #lane: string
  readonly #nowMs: () => number
  /** Newest height that proved packets when they were last written again. */
  #touchedAbove = -1n
  #notBeforeMs = 0

  constructor(log: Logger, lane: string, nowMs: () => number) {
    this.#log = log
    this.#lane = lane
    this.#nowMs = nowMs
  }

  /** While a touch is on its way to being final the same is planned again and again: one is enough. */
  touch(proving: Chain, clientId: string, newest: bigint): void {
    const facts = { lane: this.#lane, clientId }
    const isAwaited = newest <= this.#touchedAbove && this.#nowMs() < this.#notBeforeMs
    if (proving.makeProvable === undefined || isAwaited) return
    this.#touchedAbove = newest
    this.#notBeforeMs = this.#nowMs() + TOUCH_AGAIN_MS
    this.#log.info(facts, 'commitments are written again')
    proving.makeProvable(clientId).catch((error: unknown) => {
      this.#log.warn({ ...facts, error: asRelayError(error).message }, 'touch failed')
    })
  }
}
