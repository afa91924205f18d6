/** A result as `pg-boss` reads it. */
export interface SqlResult {
  // pg-boss types rows as any
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  rows: any[]
}

/** What `pg-boss` needs of a database. */
export interface SqlExecutor {
  executeSql(text: string, values?: unknown[]): Promise<SqlResult>
}

/** The part of PGlite that is used. */
export interface EmbeddedPostgres {
  query(text: string, values?: unknown[]): Promise<SqlResult>
  exec(text: string): Promise<SqlResult[]>
}

/**
 * One embedded connection for callers that expect a pool. Statements run strictly one after the other, and
 * the rollback after a failed one belongs to its turn: otherwise another caller's statement would land in
 * the aborted transaction, or inside somebody's open one.
 */
export function serialisedDb(postgres: EmbeddedPostgres): SqlExecutor {
  let tail: Promise<unknown> = Promise.resolve()
  return {
    executeSql(text, values) {
      const turn = tail.then(() => runOne(postgres, text, values))
      tail = turn.catch(() => {})
      return turn
    },
  }
}

async function runOne(postgres: EmbeddedPostgres, text: string, values?: unknown[]): Promise<SqlResult> {
  try {
    if (values !== undefined && values.length > 0) return await postgres.query(text, values)
    // Several statements at once (BEGIN … COMMIT) only go through exec; their rows are put together.
    const results = await postgres.exec(text)
    return { rows: results.flatMap((result) => result.rows) }
  } catch (error) {
    await postgres.exec('ROLLBACK').catch(() => {})
    throw error
  }
}
