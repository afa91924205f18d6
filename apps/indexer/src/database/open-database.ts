import { resolve } from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import { fileFault, networkFault } from '@causeway/primitives'
import { holdFile } from '@causeway/state-tree'
import { DataSource, type DataSourceOptions, type Logger } from 'typeorm'
import { Initial1700000000001 } from './migrations/0001-initial.ts'
import { Finality1700000000002 } from './migrations/0002-finality.ts'
import { Markets1700000000003 } from './migrations/0003-markets.ts'
import { Stress1700000000004 } from './migrations/0004-stress.ts'
import { FinalityOfStages1700000000005 } from './migrations/0005-finality-of-stages.ts'
import { OperatorError } from '../operator-error.ts'
import { openDirectory } from './open-directory.ts'
import { pgModuleOver } from './pglite-pool.ts'
import { entities } from './tables.ts'

/** Where the tables live: a Postgres server, a directory of the embedded PGlite, or its memory. */
export type DatabaseLocation =
  { kind: 'postgres'; url: string } | { kind: 'directory'; path: string } | { kind: 'memory' }

/** The open database. Ingest writes through one, queries read through the other (the same one on PGlite). */
export type Database = {
  readonly kind: DatabaseLocation['kind']
  readonly writer: DataSource
  readonly reader: DataSource
  close(): Promise<void>
}

const CHECKOUT_TIMEOUT_MS = 30_000
const STATEMENT_TIMEOUT_MS = 10_000
const READER_POOL = 8

/**
 * Opens the database and brings its tables up to date by the migrations. `onStatement` sees every statement.
 */
export async function openDatabase(
  location: DatabaseLocation,
  onStatement?: (sql: string) => void,
): Promise<Database> {
  const options =
    onStatement === undefined ? base : { ...base, logger: statementLogger(onStatement), logging: true }
  return location.kind === 'postgres' ? openPostgres(location.url, options) : openEmbedded(location, options)
}

/** `postgres://…` is a server, anything else a directory; nothing is memory. */
export function parseDatabaseLocation(text: string | undefined): DatabaseLocation {
  if (text === undefined || text === '' || text === 'memory') return { kind: 'memory' }
  return /^postgres(ql)?:\/\//.test(text)
    ? { kind: 'postgres', url: text }
    : { kind: 'directory', path: text }
}

const base = {
  type: 'postgres',
  entities,
  migrations: [
    Initial1700000000001,
    Finality1700000000002,
    Markets1700000000003,
    Stress1700000000004,
    FinalityOfStages1700000000005,
  ],
  migrationsTableName: 'migration',
  synchronize: false,
  installExtensions: false,
  logging: false,
} satisfies Partial<DataSourceOptions>

type BaseOptions = Omit<typeof base, 'logging'> & { logging: boolean; logger?: Logger }

function statementLogger(onStatement: (sql: string) => void): Logger {
  const nothing = (): void => undefined
  const others = {
    logQueryError: nothing,
    logQuerySlow: nothing,
    logSchemaBuild: nothing,
    logMigration: nothing,
    log: nothing,
  }
  return { logQuery: onStatement, ...others }
}

async function openPostgres(url: string, base: BaseOptions): Promise<Database> {
  const writer = new DataSource({ ...base, url, poolSize: 2, applicationName: 'causeway-indexer' })
  const options = `-c default_transaction_read_only=on -c statement_timeout=${STATEMENT_TIMEOUT_MS}`
  const reader = new DataSource({ ...base, url, poolSize: READER_POOL, extra: { options } })
  await writer.initialize().catch((cause: unknown) => {
    throw new OperatorError(`Postgres can't be reached: ${networkFault(cause)}`, { cause })
  })
  try {
    await writer.runMigrations({ transaction: 'all' })
    await reader.initialize()
  } catch (error) {
    await writer.destroy()
    throw error
  }
  const close = async (): Promise<void> => {
    await reader.destroy()
    await writer.destroy()
  }
  return { kind: 'postgres', writer, reader, close }
}

async function openEmbedded(
  location: Exclude<DatabaseLocation, { kind: 'postgres' }>,
  base: BaseOptions,
): Promise<Database> {
  const unlock = location.kind === 'directory' ? holdDirectory(location.path) : () => undefined
  let database: PGlite | undefined
  try {
    const opened = location.kind === 'directory' ? await openDirectory(location.path) : await PGlite.create()
    database = opened
    const source = new DataSource({ ...base, driver: pgModuleOver(opened, CHECKOUT_TIMEOUT_MS) })
    await source.initialize()
    await source.runMigrations({ transaction: 'all' })
    const close = async (): Promise<void> => {
      await source.destroy()
      await opened.close()
      unlock()
    }
    return { kind: location.kind, writer: source, reader: source, close }
  } catch (error) {
    await database?.close()
    unlock()
    throw error
  }
}

/** Two processes in one PGlite directory would destroy it. */
function holdDirectory(path: string): () => void {
  let release: (() => void) | undefined
  try {
    release = holdFile(`${resolve(path)}.in-use`)
  } catch (cause) {
    throw new OperatorError(`the database can't be in ${path}: ${fileFault(cause)}`, { cause })
  }
  if (release === undefined) throw new OperatorError(`${path} is in use: another indexer runs on it`)
  return release
}
