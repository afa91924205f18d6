import { existsSync, readdirSync, renameSync, rmSync, rmdirSync } from 'node:fs'
import { join } from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import { OperatorError } from '../operator-error.ts'

/**
 * Opens a PGlite directory, making it first if there is none. It is made beside its place and moved there
 * when it is whole: a process killed meanwhile leaves nothing that looks like a database. Throws when the
 * directory holds something else.
 */
export async function openDirectory(path: string): Promise<PGlite> {
  if (!existsSync(join(path, 'PG_VERSION'))) await create(path)
  return await PGlite.create(path)
}

async function create(path: string): Promise<void> {
  if (existsSync(path) && readdirSync(path).length > 0)
    throw new OperatorError(
      `${path} holds something that is no database: name another folder with --database`,
    )
  const unfinished = `${path}.creating`
  rmSync(unfinished, { recursive: true, force: true })
  const database = await PGlite.create(unfinished)
  await database.close()
  if (existsSync(path)) rmdirSync(path)
  renameSync(unfinished, path)
}
