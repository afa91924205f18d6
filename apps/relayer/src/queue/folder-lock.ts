import {
  closeSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'

/**
 * A lock older than this without a sign of life belonged to a process that is gone (its number may be in
 * use again).
 */
const ABANDONED_AFTER_MS = 30_000
const HEARTBEAT_MS = 5_000

/**
 * Takes the folder for this process; `undefined` when another living process has it. A killed owner's lock
 * is taken over.
 */
export function lockFolder(folder: string): { release(): void } | undefined {
  mkdirSync(folder, { recursive: true })
  const path = join(folder, 'relayer.lock')
  if (!create(path)) {
    if (isHeld(path)) return undefined
    rmSync(path, { force: true })
    if (!create(path)) return undefined // somebody else was quicker
  }
  const heartbeat = setInterval(() => {
    const now = new Date()
    try {
      utimesSync(path, now, now)
    } catch {
      // the folder was removed under us: nothing left to protect
    }
  }, HEARTBEAT_MS)
  heartbeat.unref()
  return {
    release() {
      clearInterval(heartbeat)
      rmSync(path, { force: true })
    },
  }
}

function create(path: string): boolean {
  try {
    const file = openSync(path, 'wx', 0o600)
    writeSync(file, `${process.pid}\n`)
    closeSync(file)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

function isHeld(path: string): boolean {
  try {
    const pid = Number(readFileSync(path, 'utf8').trim())
    if (Date.now() - statSync(path).mtimeMs > ABANDONED_AFTER_MS) return false
    return pid !== process.pid && isAlive(pid)
  } catch {
    return false
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
