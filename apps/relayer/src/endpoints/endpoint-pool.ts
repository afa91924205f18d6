import { asRelayError, RelayError } from '../errors.ts'
import type { EndpointReport } from '../chain.ts'
import { redactUrl } from './http.ts'

/** What ranks an endpoint. */
export interface EndpointHealth {
  readonly index: number
  readonly failures: number
  readonly height: bigint
  readonly latencyMs: number
}

interface Endpoint<Client> {
  readonly url: string
  readonly client: Client
  failures: number
  height: bigint
  heightChangedAtMs: number
  latencyMs: number
}

/** Settings of one chain's endpoints. */
export interface EndpointPoolOptions<Client> {
  readonly urls: readonly string[]
  /** Makes what calls are run with; it connects to nothing yet. */
  readonly connect: (url: string, requestTimeoutMs: number) => Client
  /** Blocks that an endpoint may be behind the best one before it is stale; 10 unless told otherwise. */
  readonly lagMax?: bigint
  readonly requestTimeoutMs: number
  /** An endpoint whose head has not moved for this long is stale. */
  readonly staleAfterMs: number
  readonly nowMs: () => number
}

const LAG_BLOCKS_MAX = 10n

/** Best first: fewest recent failures, not lagging, quickest; ties by the order of the configuration. */
export function rankEndpoints(endpoints: readonly EndpointHealth[], lagMax = LAG_BLOCKS_MAX): number[] {
  const best = endpoints.reduce((height, one) => (one.height > height ? one.height : height), 0n)
  const score = (one: EndpointHealth) =>
    Math.min(one.failures, 8) * 10_000 +
    (best - one.height > lagMax ? 5_000 : 0) +
    Math.floor(one.latencyMs / 50)
  return [...endpoints].sort((a, b) => score(a) - score(b) || a.index - b.index).map((one) => one.index)
}

/** Several RPC endpoints of one chain: each call goes to the best and falls over to the next. */
export class EndpointPool<Client> {
  readonly #endpoints: Endpoint<Client>[]
  readonly #options: EndpointPoolOptions<Client>

  constructor(options: EndpointPoolOptions<Client>) {
    this.#options = options
    this.#endpoints = options.urls.map((url) => ({
      url,
      client: options.connect(url, options.requestTimeoutMs),
      failures: 0,
      height: 0n,
      heightChangedAtMs: 0,
      latencyMs: 0,
    }))
  }

  /**
   * Runs against the endpoints in order of health until one gives an answer; throws the last failure. After
   * a refusal that may be one endpoint's own (a pruned height, a late index) only those that are well are
   * asked: a dead one must not delay what has been answered.
   */
  async call<T>(run: (client: Client) => Promise<T>): Promise<T> {
    return await this.#ask(run, () => true)
  }

  /**
   * What the first endpoint that has it gives: "not there" may be one endpoint's own, as a refusal may.
   * `undefined`: those that answered have it not. Throws the last failure when none answered.
   */
  async find<T>(run: (client: Client) => Promise<T | undefined>): Promise<T | undefined> {
    return await this.#ask(run, (found) => found !== undefined)
  }

  /** Runs against every endpoint and returns the answers of those that gave one, in configured order. */
  async callAll<T>(run: (client: Client, url: string) => Promise<T>): Promise<T[]> {
    const answers = await Promise.allSettled(
      this.#endpoints.map((endpoint) => this.#measure(endpoint, (client) => run(client, endpoint.url))),
    )
    return answers.flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value] : []))
  }

  /**
   * Runs against every endpoint at once; the first answer counts. Throws what an endpoint that answered
   * says.
   */
  async race<T>(run: (client: Client) => Promise<T>): Promise<T> {
    const attempts = this.#endpoints.map((endpoint) => this.#measure(endpoint, run))
    try {
      return await Promise.any(attempts)
    } catch (cause) {
      const errors = cause instanceof AggregateError ? cause.errors.map(asRelayError) : [asRelayError(cause)]
      throw errors.find((error) => !isTransportFailure(error)) ?? errors[0]
    }
  }

  /** Remembers the height that an endpoint reported as its newest. */
  noteHeight(client: Client, height: bigint): void {
    const endpoint = this.#endpoints.find((one) => one.client === client)
    if (endpoint === undefined || height <= endpoint.height) return
    endpoint.height = height
    endpoint.heightChangedAtMs = this.#options.nowMs()
  }

  reports(): EndpointReport[] {
    const best = this.#endpoints.reduce((height, one) => (one.height > height ? one.height : height), 0n)
    return this.#endpoints.map((one) => ({
      url: redactUrl(one.url),
      height: one.height,
      failures: one.failures,
      isFresh:
        one.failures === 0 &&
        one.height > 0n &&
        best - one.height <= (this.#options.lagMax ?? LAG_BLOCKS_MAX) &&
        this.#options.nowMs() - one.heightChangedAtMs <= this.#options.staleAfterMs,
    }))
  }

  /** Addresses in order of health, for connections that last (WebSocket). */
  rankedUrls(): string[] {
    return this.#ranked().map((endpoint) => endpoint.url)
  }

  /** Asks in order of health until an answer is enough; else the last answer, or the last failure. */
  async #ask<T>(run: (client: Client) => Promise<T>, isEnough: (answer: T) => boolean): Promise<T> {
    let last: RelayError | undefined
    let answers: [T] | undefined
    for (const endpoint of this.#ranked()) {
      const wasAnswered = answers !== undefined || (last !== undefined && !isTransportFailure(last))
      if (wasAnswered && endpoint.failures > 0) continue
      try {
        const answer = await this.#measure(endpoint, run)
        if (isEnough(answer)) return answer
        answers = [answer]
      } catch (error) {
        last = asRelayError(error)
        if (last.retry === 'never') throw last
      }
    }
    if (answers !== undefined) return answers[0]
    throw last ?? new RelayError('config', 'never', 'no endpoint is configured')
  }

  #ranked(): Endpoint<Client>[] {
    const order = rankEndpoints(
      this.#endpoints.map((one, index) => ({ ...one, index })),
      this.#options.lagMax,
    )
    return order.flatMap((index) => this.#endpoints[index] ?? [])
  }

  async #measure<T>(endpoint: Endpoint<Client>, run: (client: Client) => Promise<T>): Promise<T> {
    const startedAt = this.#options.nowMs()
    try {
      const result = await run(endpoint.client)
      endpoint.failures = 0
      endpoint.latencyMs = 0.8 * endpoint.latencyMs + 0.2 * (this.#options.nowMs() - startedAt)
      return result
    } catch (error) {
      // An answer that refuses the request ("not found", "mempool is full") says nothing against the
      // endpoint.
      if (isTransportFailure(error)) endpoint.failures += 1
      throw error
    }
  }
}

function isTransportFailure(error: unknown): boolean {
  return !(error instanceof RelayError) || /did not answer|answered nonsense/.test(error.message)
}
