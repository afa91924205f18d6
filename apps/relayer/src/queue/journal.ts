import { PgBoss } from 'pg-boss'
import type { Logger } from 'pino'

import { workKey } from '../plan/work.ts'
import type { Work } from '../plan/work.ts'
import type { QueueDatabase } from './database.ts'
import { restoreWork, storeWork } from './stored-work.ts'
import type { StoredWork } from './stored-work.ts'

/** How a message ended, for the record of what was done. */
export interface Ending {
  /** `relayed` by us, `elsewhere` by another relayer, or `expired` into a timeout. */
  readonly how: 'relayed' | 'elsewhere' | 'expired'
  readonly hash?: string
  readonly height?: string
  /** The message's share of its transaction's gas and fee. */
  readonly gasUsed?: string
  readonly fee?: string
}

/**
 * The durable memory of one relayer: what is in progress on each lane, and what was done. The chains are
 * the truth: writes happen behind the relaying, a lost one costs a look at the chain after a restart, never
 * a packet.
 */
export interface Journal {
  /** Whether a database is behind it; if not, memory only (another process holds the database). */
  readonly isDurable: boolean
  /** What was in progress when the last process ended. Also prepares the lane's queue. */
  open(lane: string): Promise<Work[]>
  added(lane: string, work: Work): void
  failed(lane: string, work: Work, error: string): void
  ended(lane: string, work: Work, ending: Ending): void
  /** Messages that ended on a lane, by how, as far as retention keeps them. */
  history(lane: string): Promise<{ key: string; ending: Ending }[]>
  /** Waits until everything said so far is written. */
  flush(): Promise<void>
  close(): Promise<void>
}

const RETENTION_SECONDS = 30 * 24 * 3600
/**
 * Writes waiting for a database that hangs; beyond it they are dropped: memory is bounded, the chains
 * remember.
 */
const WRITES_WAITING_MAX = 10_000

/**
 * Starts pg-boss on the database. One queue a lane, one job a pending message, its name the job's singleton
 * key.
 */
export async function openJournal(database: QueueDatabase, log: Logger): Promise<Journal> {
  const boss = new PgBoss({ ...database.options, schema: 'relayer', schedule: false, supervise: true })
  boss.on('error', (error) => log.error({ error: error.message }, 'queue database'))
  await boss.start().catch(async (error: unknown) => {
    await database.close()
    throw error
  })
  const writes = new WriteBehind(log)
  const jobs = new Map<string, string>()
  return {
    isDurable: true,
    async open(lane) {
      const name = queueName(lane)
      if ((await boss.getQueue(name)) === null) {
        await boss.createQueue(name, { policy: 'exclusive', retentionSeconds: RETENTION_SECONDS })
      }
      const stored = await boss.findJobs<StoredWork>(name, { queued: true })
      return stored.flatMap((job) => {
        const work = restoreWork(job.data)
        if (work !== undefined) jobs.set(jobKey(lane, work), job.id)
        return work ?? []
      })
    },
    added(lane, work) {
      writes.push(async () => {
        if (jobs.has(jobKey(lane, work))) return
        const options = { singletonKey: workKey(work), retryLimit: 0, deleteAfterSeconds: RETENTION_SECONDS }
        const id = await boss.send(queueName(lane), storeWork(work), options)
        if (id !== null) jobs.set(jobKey(lane, work), id)
      })
    },
    failed(lane, work, error) {
      writes.push(async () => {
        const id = jobs.get(jobKey(lane, work))
        const startAfter = new Date(Number(work.notBeforeMs))
        if (id !== undefined) await boss.update(queueName(lane), storeWork(work, error), { id, startAfter })
      })
    },
    ended(lane, work, ending) {
      writes.push(async () => {
        const id = jobs.get(jobKey(lane, work))
        jobs.delete(jobKey(lane, work))
        if (id !== undefined) await boss.complete(queueName(lane), id, { ...ending }, { includeQueued: true })
      })
    },
    async history(lane) {
      await writes.flush()
      const stored = await boss.findJobs<StoredWork>(queueName(lane))
      const ended = stored.filter((job) => job.state === 'completed')
      return ended.map((job) => ({ key: job.singletonKey ?? '', ending: job.output as Ending }))
    },
    flush: () => writes.flush(),
    async close() {
      await writes.flush()
      await boss.stop({ graceful: false, close: true })
      await database.close()
    },
  }
}

/** pg-boss allows letters, digits, `_`, `-`, `.` and `/` in names. */
function queueName(lane: string): string {
  return lane.replace(/[^\w./-]/g, '_')
}

function jobKey(lane: string, work: Work): string {
  return `${lane} ${workKey(work)}`
}

/** Runs writes in order, off the relaying path; failures are logged. */
class WriteBehind {
  readonly #log: Logger
  #waiting = 0
  #tail: Promise<void> = Promise.resolve()

  constructor(log: Logger) {
    this.#log = log
  }

  push(write: () => Promise<void>): void {
    if (this.#waiting >= WRITES_WAITING_MAX) return
    this.#waiting += 1
    this.#tail = this.#tail.then(write).then(
      () => void (this.#waiting -= 1),
      (error: unknown) => {
        this.#waiting -= 1
        this.#log.error(
          { error: error instanceof Error ? error.message : String(error) },
          'queue write failed',
        )
      },
    )
  }

  async flush(): Promise<void> {
    await this.#tail
  }
}
