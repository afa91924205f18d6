import { checksumTables } from '../database/checksum.ts'
import { emptyTables } from '../database/empty-tables.ts'
import { openDatabase, parseDatabaseLocation } from '../database/open-database.ts'
import { OperatorError } from '../operator-error.ts'
import { startIndexer } from '../start-indexer.ts'
import { configOf } from './start.ts'
import type { StartOptions } from './indexer-command.ts'

const POLL_MS = 200

/** Empties the tables, reads every chain up to its head, and prints a checksum for each table. */
export async function rebuild(options: StartOptions & { yes?: boolean }): Promise<void> {
  if (options.yes !== true) throw new OperatorError('rebuild empties the tables: say --yes')
  const database = await openDatabase(parseDatabaseLocation(options.database))
  await emptyTables(database.writer)
  await database.close()
  const served = { host: '127.0.0.1', port: 0, graphiql: false, introspection: false, corsOrigin: [] }
  const indexer = await startIndexer(configOf({ ...options, ...served }))
  try {
    while (!indexer.meta().chains.every(({ state }) => state === 'LIVE')) {
      for (const { chainId, indexedHeight, headHeight } of indexer.meta().chains) {
        process.stderr.write(`${chainId} ${indexedHeight}/${headHeight}  `)
      }
      process.stderr.write('\r')
      await new Promise((resolve) => setTimeout(resolve, POLL_MS))
    }
    for (const { table, rows, digest } of await checksumTables(indexer.database.reader)) {
      console.log(`${table.padEnd(20)} ${String(rows).padStart(10)} ${digest}`)
    }
  } finally {
    await indexer.stop()
  }
}
