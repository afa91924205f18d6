import { backoffMs, type BackoffBounds } from './backoff.ts'
import type { EndpointError } from './endpoint-error.ts'

type Health<Rpc> = { rpc: Rpc; failures: number; notBeforeMs: number }

const FAILURES: BackoffBounds = { firstMs: 250, longestMs: 15_000 }
const LIES: BackoffBounds = { firstMs: 2_000, longestMs: 60_000 }

/** A chain's endpoints: the first healthy one is used, one that fails or lies is set aside for a while. */
export class Endpoints<Rpc> {
  readonly #endpoints: Health<Rpc>[]
  readonly #nowMs: () => number

  constructor(rpcs: readonly Rpc[], nowMs: () => number) {
    this.#endpoints = rpcs.map((rpc) => ({ rpc, failures: 0, notBeforeMs: 0 }))
    this.#nowMs = nowMs
  }

  /** The endpoint to use now, or how long until one may be tried again. */
  pick(): { rpc: Rpc } | { waitMs: number } {
    const now = this.#nowMs()
    const ready = this.#endpoints.find(({ notBeforeMs }) => notBeforeMs <= now)
    if (ready !== undefined) return { rpc: ready.rpc }
    return { waitMs: Math.min(...this.#endpoints.map(({ notBeforeMs }) => notBeforeMs)) - now }
  }

  /** The endpoint did what was asked. */
  succeeded(rpc: Rpc): void {
    const health = this.#find(rpc)
    health.failures = 0
  }

  /** The endpoint failed: it is left alone for longer each time, longest when it lied. */
  failed(rpc: Rpc, error: EndpointError): void {
    const health = this.#find(rpc)
    health.failures++
    health.notBeforeMs = this.#nowMs() + backoffMs(health.failures, error.isLie ? LIES : FAILURES)
  }

  #find(rpc: Rpc): Health<Rpc> {
    return this.#endpoints.find((health) => health.rpc === rpc)!
  }
}
