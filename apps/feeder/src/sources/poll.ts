import { setTimeout as pause } from 'node:timers/promises'
import { isProtocolError } from '@causeway/primitives'
import { backoffMs } from './backoff.ts'
import type { Board } from './board.ts'

/** What is asked for again and again. */
export interface PollTask {
  readonly source: string
  /** As the board knows it. */
  readonly way: string
  readonly everyMs: number
  run(signal: AbortSignal): Promise<void>
}

/** Runs a task once; whether it worked. A failure that no source can cause is thrown: it is a bug. */
export async function attempt(task: PollTask, board: Board, signal: AbortSignal): Promise<boolean> {
  try {
    await task.run(signal)
    board.worked(task.source, task.way)
    return true
  } catch (error) {
    if (!isProtocolError(error)) throw error
    if (!signal.aborted) board.failed(task.source, task.way, error.message)
    return false
  }
}

/**
 * Runs a task until `signal` ends it: at its pace while it works, after longer and longer pauses while it
 * fails.
 */
export async function poll(task: PollTask, board: Board, signal: AbortSignal): Promise<void> {
  for (let failures = 0; !signal.aborted;) {
    failures = (await attempt(task, board, signal)) ? 0 : failures + 1
    const waitMs = failures === 0 ? task.everyMs : Math.max(task.everyMs, backoffMs(failures, Math.random()))
    await pause(waitMs, undefined, { signal }).catch(() => undefined)
  }
}
