import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

/** SQLITE_BUSY: another connection holds the lock. */
const BUSY = 5

/** A connection that nobody refers to is collected, and closed with that. */
const held = new Set<DatabaseSync>()

/**
 * Takes a file for this process, so that no two use what it stands for; gives what lets go of it, or
 * `undefined` while another (or an earlier call here) has it. The operating system holds the lock, by way
 * of SQLite: it ends with the process, however that ends, and no process number is guessed about. The file
 * stays and is empty; nobody else may open it. Throws the file system's error where the file can't be.
 */
export function holdFile(path: string): (() => void) | undefined {
  mkdirSync(dirname(path), { recursive: true })
  const database = new DatabaseSync(path, { timeout: 0 })
  try {
    database.exec('BEGIN EXCLUSIVE')
    held.add(database)
    return () => {
      if (held.delete(database)) database.close()
    }
  } catch (error) {
    database.close()
    if ((error as { errcode?: number }).errcode === BUSY) return undefined
    throw error
  }
}
