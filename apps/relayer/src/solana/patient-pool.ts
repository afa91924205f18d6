import { setTimeout } from 'node:timers/promises'

import { EndpointPool } from '../endpoints/endpoint-pool.ts'
import { RelayError } from '../errors.ts'
import { SolanaRefusal } from './solana-api.ts'
import type { SolanaApi } from './solana-api.ts'

/** How long after a failure a request is made again. */
const PAUSES_MS = [250, 500, 1_000] as const
/** Nothing is asked again after this: with the last question's own timeout, half a minute. */
const PATIENCE_MS = 20_000
/** JSON-RPC's own codes: the request is wrong, and stays so. */
const REQUEST_IS_WRONG = { from: -32_700, to: -32_600 } as const

/**
 * Endpoints that are asked a few times more where none gave an answer. A flight is dozens of requests: one
 * that is lost, refused for being one too many, or met a node that is some slots behind must not end it.
 */
export class PatientPool extends EndpointPool<SolanaApi> {
  override async call<T>(run: (client: SolanaApi) => Promise<T>): Promise<T> {
    const began = performance.now()
    for (const pauseMs of PAUSES_MS) {
      try {
        return await super.call(run)
      } catch (error) {
        if (!isPassing(error) || performance.now() - began > PATIENCE_MS) throw error
        await setTimeout(pauseMs)
      }
    }
    return await super.call(run)
  }

  /** Without patience: for who asks again anyway. */
  async callOnce<T>(run: (client: SolanaApi) => Promise<T>): Promise<T> {
    return await super.call(run)
  }
}

/** Whether the same request may be answered in a moment. */
function isPassing(error: unknown): boolean {
  if (error instanceof SolanaRefusal)
    return error.code < REQUEST_IS_WRONG.from || error.code > REQUEST_IS_WRONG.to
  return error instanceof RelayError && error.failure === 'endpoint' && error.retry !== 'never'
}
