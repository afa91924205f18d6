import { isProtocolError } from '@causeway/primitives'

import { nonsense, redactUrl, requestJson } from '../endpoints/http.ts'
import { RelayError } from '../errors.ts'

const TEXT_LENGTH_MAX = 200

/** The Beacon API of one consensus client. Spec: ethereum/beacon-APIs v1, JSON. */
export class BeaconApi {
  readonly url: string
  readonly #timeoutMs: number

  constructor(url: string, timeoutMs: number) {
    this.url = url
    this.#timeoutMs = timeoutMs
  }

  /**
   * Asks for `path` (below `/eth`) and reads the answer; a reader's refusal is the endpoint's nonsense.
   * Throws `RelayError` (endpoint), also for what the node does not have.
   */
  async get<T>(path: string, read: (json: unknown) => T): Promise<T> {
    const url = `${this.url.replace(/\/$/, '')}/eth${path}`
    const { status, body } = await requestJson({ url, timeoutMs: this.#timeoutMs })
    if (status !== 200) {
      const message = (body as { message?: unknown } | null)?.message
      const words = typeof message === 'string' ? message : ''
      const text = `${redactUrl(this.url)} refuses ${path}: ${status} ${words}`
      throw new RelayError('endpoint', 'later', text.trim().slice(0, TEXT_LENGTH_MAX))
    }
    return this.judge(() => read(body))
  }

  /** Runs a check of what this endpoint said: a protocol error is held against it. */
  judge<T>(check: () => T): T {
    try {
      return check()
    } catch (error) {
      if (isProtocolError(error)) throw nonsense(this.url, error.message)
      throw error
    }
  }
}
