/** When blocks are made: at intervals, or when somebody calls `produceBlock`. */
export type BlockSchedule =
  | 'onDemand'
  | {
      readonly everyMilliseconds: number
      /**
       * When given, a block without transactions comes at this slower interval, except where a proof needs
       * it.
       */
      readonly emptyEveryMilliseconds?: number
    }

/** Timers, injected so that tests and simulations can hold them. */
export interface Timers {
  /** Calls back once; gives what cancels it. */
  after(milliseconds: number, callback: () => void): () => void
  /** Calls back once what has come meanwhile is seen to. */
  soon(callback: () => void): void
  /** Milliseconds since any fixed moment, never going back. */
  now(): number
}

/** What the schedule drives. */
export interface Scheduled {
  /** Whether there is anything to put into a block, or a header is awaited. */
  hasWork(): boolean
  /** Makes a block, and says when it is made or has failed. */
  produce(done: () => void): void
}

/** Part of the interval that lies between two blocks at least: else slow blocks leave callers no time. */
const INTAKE_SHARE = 0.1

/** Node's timers. */
export const systemTimers: Timers = {
  after(milliseconds, callback) {
    const timer = setTimeout(callback, milliseconds)
    return () => clearTimeout(timer)
  },
  soon: (callback) => void setImmediate(callback),
  now: () => performance.now(),
}

/** Starts making blocks by schedule; gives what ends it. */
export function startSchedule(schedule: BlockSchedule, scheduled: Scheduled, timers: Timers): () => void {
  if (schedule === 'onDemand') return () => undefined
  const { everyMilliseconds, emptyEveryMilliseconds = everyMilliseconds } = schedule
  // By appointed times, not by those at which timers fire: they come a little early or late.
  let due = timers.now() + everyMilliseconds
  let lastBlockDue = timers.now()
  let isEnded = false
  let cancel = timers.after(everyMilliseconds, tick)
  function tick(): void {
    if (!scheduled.hasWork() && due - lastBlockDue < emptyEveryMilliseconds) return appoint()
    lastBlockDue = due
    scheduled.produce(appoint)
  }
  function appoint(): void {
    if (isEnded) return
    const now = timers.now()
    due = Math.max(due + everyMilliseconds, now + everyMilliseconds * INTAKE_SHARE)
    cancel = timers.after(Math.ceil(due - now), tick)
  }
  return () => {
    isEnded = true
    cancel()
  }
}
