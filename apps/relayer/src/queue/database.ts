import { existsSync, renameSync } from 'node:fs'
import { join } from 'node:path'

import { PGlite } from '@electric-sql/pglite'
import { Client } from 'pg'
import type { ConstructorOptions } from 'pg-boss'
import type { Logger } from 'pino'

import { fileFault } from '@causeway/primitives'
import { holdFile } from '@causeway/state-tree'
import { RelayError } from '../errors.ts'
import { serialisedDb } from './serialised-db.ts'

/** A database that `pg-boss` can run on. */
export interface QueueDatabase {
  readonly options: Partial<ConstructorOptions>
  close(): Promise<void>
}

/** Where the queue lives. `url` (Postgres) goes before `folder` (embedded). */
export interface DatabaseSettings {
  readonly url?: string | undefined
  readonly folder: string
}

/** Advisory lock of one relayer per Postgres database. The number is arbitrary and never changes. */
const ADVISORY_LOCK = 4_021_873_307

/**
 * Opens the database for this process alone. Throws `RelayError` (config) when another relayer holds it, or
 * when it can't be there.
 */
export async function openDatabase(settings: DatabaseSettings, log: Logger): Promise<QueueDatabase> {
  if (settings.url !== undefined) return await openPostgres(settings.url)
  const release = holdFolder(settings.folder)
  try {
    const postgres = await openFolder(join(settings.folder, 'queue'), log)
    return {
      options: { db: serialisedDb(postgres), backend: 'pglite' },
      async close() {
        await postgres.close()
        release()
      },
    }
  } catch (error) {
    release()
    throw error
  }
}

function holdFolder(folder: string): () => void {
  let release: (() => void) | undefined
  try {
    release = holdFile(join(folder, 'in-use'))
  } catch (cause) {
    throw new RelayError('config', 'never', `${folder} can't be used as database.folder: ${fileFault(cause)}`)
  }
  if (release === undefined)
    throw new RelayError('config', 'never', `another relayer is running on ${folder}`)
  return release
}

/**
 * Opens the embedded database. One that can't be opened is put aside, never deleted, and a new one begun:
 * it is only memory, and the chains know everything that matters.
 */
async function openFolder(path: string, log: Logger): Promise<PGlite> {
  const existed = existsSync(path)
  try {
    return await PGlite.create(path)
  } catch (error) {
    if (!existed) throw error
    const aside = `${path}.unreadable-${Date.now()}`
    renameSync(path, aside)
    log.error(
      { aside, error: error instanceof Error ? error.message : String(error) },
      'queue database put aside',
    )
    return await PGlite.create(path)
  }
}

async function openPostgres(url: string): Promise<QueueDatabase> {
  const holder = new Client({ connectionString: url, application_name: 'causeway-relayer-lock' })
  await holder.connect().catch((cause: unknown) => {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new RelayError('config', 'later', `DATABASE_URL: ${reason}`)
  })
  const { rows } = await holder.query<{ locked: boolean }>('select pg_try_advisory_lock($1) as locked', [
    ADVISORY_LOCK,
  ])
  if (rows[0]?.locked !== true) {
    await holder.end()
    throw new RelayError('config', 'never', 'another relayer is running on this database')
  }
  // A lock connection that breaks must not bring the process down: pg-boss reconnects on its own.
  holder.on('error', () => {})
  return {
    options: { connectionString: url, application_name: 'causeway-relayer', max: 4 },
    close: () => holder.end(),
  }
}
