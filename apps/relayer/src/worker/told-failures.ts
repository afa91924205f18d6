import type { Outcome } from '../chain.ts'
import type { RelayError } from '../errors.ts'
import { workKey } from '../plan/work.ts'

/** Failures of a flight that were told when it landed, so that its end does not count them again. */
export class ToldFailures {
  /** Messages that failed by then. */
  readonly keys = new Set<string>()
  readonly #errors = new Set<RelayError>()
  #isTold = false

  /** Whether this is the first time. */
  tell(outcomes: readonly Outcome[]): boolean {
    if (this.#isTold) return false
    this.#isTold = true
    for (const { error, failed } of outcomes) {
      if (error !== undefined) this.#errors.add(error)
      for (const { work } of failed) this.keys.add(workKey(work))
    }
    return true
  }

  /** What of an outcome came afterwards. */
  without(outcome: Outcome): Outcome {
    const { error, failed } = outcome
    return {
      ...outcome,
      failed: failed.filter(({ work }) => !this.keys.has(workKey(work))),
      error: error !== undefined && this.#errors.has(error) ? undefined : error,
    }
  }
}

/** Whether a transaction of a flight went through. */
export function hasOneLanded(outcomes: readonly Outcome[]): boolean {
  return outcomes.some(({ inclusion, error }) => inclusion !== undefined && error === undefined)
}
