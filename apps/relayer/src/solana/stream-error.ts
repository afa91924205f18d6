import { RelayError } from '../errors.ts'

/**
 * A record stream that can't be followed from here on: it ended, is malformed, or contradicts itself or the
 * cluster's votes. `slot` is the one that does not fit, where one is to blame. Whoever follows begins again.
 */
export class StreamError extends RelayError {
  readonly slot: bigint | undefined

  constructor(text: string, slot?: bigint, cause?: unknown) {
    super('endpoint', 'later', slot === undefined ? text : `slot ${slot}: ${text}`, { cause })
    this.name = 'StreamError'
    this.slot = slot
  }
}

/** A setting that names no stream: nothing that comes later helps. */
export function noStream(url: string): RelayError {
  return new RelayError('config', 'never', `${url} is neither tcp://HOST:PORT nor file:///PATH`)
}
