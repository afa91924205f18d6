// A `pg`-compatible module over one embedded PGlite, for TypeORM's Postgres driver.
//
// PGlite has a single connection. A checked-out client therefore owns the whole database until it is
// released, so that nothing else can slip a statement into an open transaction: whole checkouts are queued,
// not statements.

import { EventEmitter } from 'node:events'
import type { PGlite, Results } from '@electric-sql/pglite'

type Parser = (text: string) => unknown
type QueryCallback = (error: Error | undefined, result?: PgResult) => void
type Release = (error?: Error) => void
type Waiter = { resolve: () => void; reject: (error: Error) => void; timer: NodeJS.Timeout }

/** What `pg` answers to a statement, as far as TypeORM reads it. */
export type PgResult = {
  rows: Record<string, unknown>[]
  rowCount: number
  command: string
  fields: { name: string; dataTypeID: number }[]
}

const INT8 = 20
const NUMERIC = 1700
const asText: Parser = (text) => text
/** As `pg`: 64-bit integers and decimals stay text, never a float. */
const parsers: Record<number, Parser> = { [INT8]: asText, [NUMERIC]: asText }

/** The module object for `DataSourceOptions.driver`: its `Pool` shares the given database. */
export function pgModuleOver(database: PGlite, checkoutTimeoutMs: number): { Pool: new () => PglitePool } {
  return {
    Pool: class extends PglitePool {
      constructor() {
        super(database, checkoutTimeoutMs)
      }
    },
  }
}

/** One connection handed out to one owner at a time, first come first served. */
export class PglitePool extends EventEmitter {
  readonly #database: PGlite
  readonly #checkoutTimeoutMs: number
  readonly #waiting: Waiter[] = []
  #busy = false
  #ended = false

  constructor(database: PGlite, checkoutTimeoutMs: number) {
    super()
    this.#database = database
    this.#checkoutTimeoutMs = checkoutTimeoutMs
  }

  /** Checks the connection out; the third argument of the callback gives it back. */
  connect(callback: (error: Error | undefined, client?: PgliteClient, release?: Release) => void): void {
    this.#acquire().then(
      () => {
        const client = new PgliteClient(this.#database)
        callback(undefined, client, () => void client.close().finally(() => this.#handOver()))
      },
      (error: Error) => callback(error, undefined, () => undefined),
    )
  }

  /** Refuses those who wait; the database itself is closed by whoever opened it. */
  end(callback: (error?: Error) => void): void {
    this.#ended = true
    for (const waiter of this.#waiting.splice(0)) this.#refuse(waiter, new Error('the pool has ended'))
    callback()
  }

  #acquire(): Promise<void> {
    if (this.#ended) return Promise.reject(new Error('the pool has ended'))
    if (!this.#busy) {
      this.#busy = true
      return Promise.resolve()
    }
    return new Promise((resolve, reject) => {
      const waiter: Waiter = {
        resolve,
        reject,
        timer: setTimeout(() => this.#expire(waiter), this.#checkoutTimeoutMs),
      }
      this.#waiting.push(waiter)
    })
  }

  #expire(waiter: Waiter): void {
    this.#waiting.splice(this.#waiting.indexOf(waiter), 1)
    this.#refuse(waiter, new Error('timed out waiting for the embedded database'))
  }

  #refuse(waiter: Waiter, error: Error): void {
    clearTimeout(waiter.timer)
    waiter.reject(error)
  }

  #handOver(): void {
    const next = this.#waiting.shift()
    if (next === undefined) {
      this.#busy = false
      return
    }
    clearTimeout(next.timer)
    next.resolve()
  }
}

/** What a checkout yields: `query` with a promise or a callback, as `pg`'s client. */
export class PgliteClient extends EventEmitter {
  readonly #database: PGlite
  #inTransaction = false
  #closed = false

  constructor(database: PGlite) {
    super()
    this.#database = database
  }

  /** Runs one statement with parameters, or several without. */
  query(
    sql: string,
    parameters?: unknown[] | QueryCallback,
    callback?: QueryCallback,
  ): Promise<PgResult> | undefined {
    const done = typeof parameters === 'function' ? parameters : callback
    const result = this.#run(sql, typeof parameters === 'function' ? undefined : parameters)
    if (done === undefined) return result
    result.then((value) => done(undefined, value), done)
    return undefined
  }

  /**
   * Ends the checkout. A transaction left open (its owner threw) is rolled back, so that the next owner is
   * clean.
   */
  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    if (this.#inTransaction && !this.#database.closed) await this.#database.exec('ROLLBACK')
  }

  async #run(sql: string, parameters: unknown[] | undefined): Promise<PgResult> {
    if (this.#closed) throw new Error('the client was released')
    const bound = parameters !== undefined && parameters.length > 0
    const results: Results[] = bound
      ? [await this.#database.query<Record<string, unknown>>(sql, parameters, { parsers })]
      : await this.#database.exec(sql, { parsers })
    for (const { command } of results) this.#follow(command, sql)
    const last = results.at(-1)
    return {
      rows: last?.rows ?? [],
      rowCount: last?.rowCount ?? last?.affectedRows ?? 0,
      command: last?.command ?? '',
      fields: last?.fields ?? [],
    }
  }

  #follow(command: string | undefined, sql: string): void {
    if (command === 'START' || command === 'BEGIN') this.#inTransaction = true
    else if (command === 'COMMIT') this.#inTransaction = false
    else if (command === 'ROLLBACK' && !/\bto\b/i.test(sql)) this.#inTransaction = false
  }
}
