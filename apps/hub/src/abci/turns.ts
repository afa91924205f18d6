import { SharedSteps, StepPauses } from '@causeway/primitives'
import type { Steps } from '@causeway/primitives'
import type { Request, Response, ResponseFinalizeBlock } from '@causeway/protocol/tendermint/abci/types'
import { finalizeSteps } from './application.ts'
import type { Application } from './application.ts'
import { dispatch } from './dispatch.ts'

/** How steps follow one another, injected so that tests can hold them. */
export interface TurnTimers {
  /** Calls back once what has come meanwhile is seen to. */
  soon(callback: () => void): void
  /** Milliseconds since any fixed moment, never going back. */
  now(): number
}

/** Node's. */
export const systemTurnTimers: TurnTimers = {
  soon: (callback) => void setImmediate(callback),
  now: () => performance.now(),
}

/**
 * Whose turn it is with an application that several connections share. Blocks are executed in steps, between
 * which connections read and transactions are prepared; CheckTx waits for the block's end, anything else is
 * answered at once, which may finish the block. Who comes between steps waits while others together took
 * longer than the steps before.
 */
export class Turns {
  readonly #application: Application
  readonly #timers: TurnTimers
  /** Settled when no block is under way any more. */
  #execution: Promise<unknown> | undefined
  #isEnded = false

  constructor(application: Application, timers: TurnTimers) {
    this.#application = application
    this.#timers = timers
  }

  /** Whether the answer to a request has to be waited for. */
  isLater({ finalizeBlock, checkTx }: Request): boolean {
    return finalizeBlock !== undefined || (checkTx !== undefined && this.#execution !== undefined)
  }

  /** Answers a request. Throws, or rejects with, what `dispatch` throws. */
  answer(request: Request): Response | Promise<Response> {
    if (request.finalizeBlock !== undefined) {
      const steps = finalizeSteps(this.#application, request.finalizeBlock)
      return this.#execute(steps).then((finalizeBlock) => ({ finalizeBlock }))
    }
    if (!this.isLater(request)) return dispatch(this.#application, request)
    return this.#execution!.then(() => dispatch(this.#application, request))
  }

  /** No step is done from now on: what waits is never answered. */
  end(): void {
    this.#isEnded = true
  }

  #execute(steps: Steps<ResponseFinalizeBlock>): Promise<ResponseFinalizeBlock> {
    const execution = new Promise<ResponseFinalizeBlock>((resolve, reject) => {
      const { soon, now } = this.#timers
      const pauses = new StepPauses(now)
      const block = new SharedSteps(steps)
      const goOn = (): void => {
        do {
          if (this.#isEnded) return
          if (!block.advance()) return end()
        } while (!pauses.begin())
        soon(() => {
          pauses.end()
          goOn()
        })
      }
      const end = (): void => {
        if (this.#isEnded) return
        try {
          resolve(block.finish())
        } catch (error) {
          reject(error as Error)
        }
      }
      goOn()
    })
    const settled = execution
      .catch(() => undefined)
      .then(() => {
        if (this.#execution === settled) this.#execution = undefined
      })
    this.#execution = settled
    return execution
  }
}
