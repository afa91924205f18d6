import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'

const heldHere = new Set<string>()

/**
 * Claims a database directory for this process: two processes in one PGlite directory would destroy it. A
 * claim left by a process that is gone (kill −9) is taken over. Returns the function that gives the claim
 * back.
 */
export function lockDirectory(directory: string): () => void {
  const path = `${resolve(directory)}.lock`
  mkdirSync(dirname(path), { recursive: true })
  if (heldHere.has(path)) throw new Error(`${directory} is already open in this process`)
  while (!claim(path)) {
    const holder = Number(readFileSync(path, 'utf8'))
    // Our own number in a lock that we do not hold is a predecessor's: containers give every run the same
    // number.
    if (holder !== process.pid && isAlive(holder))
      throw new Error(`${directory} is in use by process ${holder}`)
    rmSync(path, { force: true })
  }
  heldHere.add(path)
  return () => {
    heldHere.delete(path)
    rmSync(path, { force: true })
  }
}

function claim(path: string): boolean {
  try {
    writeFileSync(path, String(process.pid), { flag: 'wx' })
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

function isAlive(pid: number): boolean {
  if (!Number.isSafeInteger(pid) || pid <= 0) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
