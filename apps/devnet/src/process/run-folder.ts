import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Everything that one run writes: chain data, databases, logs. */
export interface RunFolder {
  readonly path: string
  /** Makes and names a folder in it. */
  folder(name: string): string
  /** Where a part's log goes. */
  log(part: string): string
  /** Keeps it: neither `remove` nor a later run deletes it. */
  keep(): void
  /** Deletes it, at once and synchronously; never throws. */
  remove(): void
}

const NAME = /^run-(\d+)(?:\.\d+)?$/
const KEPT = 'kept'

/**
 * Makes a fresh run folder below `base`, named by the process. Folders that earlier processes left (killed,
 * or failed and kept for their logs) are deleted, except those that somebody asked to keep. Only folders of
 * that name are touched.
 */
export function createRunFolder(base: string, pid: number, isAlive = isProcessAlive): RunFolder {
  mkdirSync(base, { recursive: true })
  for (const name of readdirSync(base)) {
    const owner = NAME.exec(name)?.[1]
    if (owner === undefined || existsSync(join(base, name, KEPT))) continue
    if (Number(owner) === pid || !isAlive(Number(owner))) removeQuietly(join(base, name))
  }
  const path = firstFree(join(base, `run-${pid}`))
  mkdirSync(path)
  let isKept = false
  return {
    path,
    folder(name) {
      const folder = join(path, name)
      mkdirSync(folder, { recursive: true })
      return folder
    },
    log: (part) => join(path, `${part}.log`),
    keep() {
      isKept = true
      writeFileSync(join(path, KEPT), '')
    },
    remove() {
      if (!isKept) removeQuietly(path)
    },
  }
}

/** Whether a process of this number exists. */
export function isProcessAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** A kept folder of an earlier process with our number stays: we take the next name. */
function firstFree(path: string): string {
  if (!existsSync(path)) return path
  for (let suffix = 2; ; suffix += 1) if (!existsSync(`${path}.${suffix}`)) return `${path}.${suffix}`
}

function removeQuietly(path: string): void {
  try {
    rmSync(path, { recursive: true, force: true, maxRetries: 3, retryDelay: 50 })
  } catch {
    // A file that is still being written: the next start deletes the folder.
  }
}
