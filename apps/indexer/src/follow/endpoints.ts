import { backoffMs, type BackoffBounds } from './backoff.ts'
import type { CometRpc } from './comet-rpc.ts'
import type { EndpointError } from './endpoint-error.ts'

type Health = { rpc: CometRpc; failures: number; notBeforeMs: number }

const FAILURES: BackoffBounds = { firstMs: 250, longestMs: 15_000 }
const LIES: BackoffBounds = { firstMs: 2_000, longestMs: 60_000 }

/** A chain's endpoints: the first healthy one is used, one that fails or lies is set aside for a while. */
export class Endpoints {
  readonly #endpoints: Health[]
  readonly #nowMs: () => number

  constructor(rpcs: readonly CometRpc[], nowMs: () => number) {
    this.#endpoints = rpcs.map((rpc) => ({ rpc, failures: 0, notBeforeMs: 0 }))
    this.#nowMs = nowMs
  }

  /** The endpoint to use now, or how long until one may be tried again. */
  pick(): { rpc: CometRpc } | { waitMs: number } {
    const now = this.#nowMs()
    const ready = this.#endpoints.find(({ notBeforeMs }) => notBeforeMs <= now)
    if (ready !== undefined) return { rpc: ready.rpc }
    return { waitMs: Math.min(...this.#endpoints.map(({ notBeforeMs }) => notBeforeMs)) - now }
  }

  /** The endpoint did what was asked. */
  succeeded(rpc: CometRpc): void {
    const health = this.#find(rpc)
    health.failures = 0
  }

  /** The endpoint failed: it is left alone for longer each time, longest when it lied. */
  failed(rpc: CometRpc, error: EndpointError): void {
    const health = this.#find(rpc)
    health.failures++
    health.notBeforeMs = this.#nowMs() + backoffMs(health.failures, error.isLie ? LIES : FAILURES)
  }

  #find(rpc: CometRpc): Health {
    return this.#endpoints.find((health) => health.rpc === rpc)!
  }
}
