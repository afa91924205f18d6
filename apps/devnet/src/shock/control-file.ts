// Where the door to the simulated exchange is, while a devnet runs: `control.json`, for its owner alone.
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DevnetRefusal } from './refusal.ts'

/** How the simulated exchange is reached. */
export interface Control {
  readonly url: string
  readonly token: string
}

const FILE = 'control.json'
const LENGTH_MAX = 4_096

/** Writes it into the devnet's folder. */
export function writeControlFile(base: string, { url, token }: Control): { remove(): void } {
  const path = join(base, FILE)
  const text = `${JSON.stringify({ version: 1, url, token }, null, 2)}\n`
  rmSync(path, { force: true }) // a file that is there keeps its mode
  writeFileSync(path, text, { mode: 0o600 })
  return {
    remove() {
      try {
        if (readFileSync(path, 'utf8') === text) rmSync(path)
      } catch {
        // it is gone already
      }
    },
  }
}

/** Reads it. Throws a refusal when no devnet runs there. */
export function readControlFile(base: string): Control {
  const path = join(base, FILE)
  try {
    const { url, token } = JSON.parse(readFileSync(path, 'utf8').slice(0, LENGTH_MAX)) as Control
    if (/^http:\/\/127\.0\.0\.1:\d{1,5}$/.test(url) && /^[0-9a-f]{32}$/.test(token)) return { url, token }
  } catch {
    // told below
  }
  throw new DevnetRefusal(
    `no devnet runs in ${base}: start one with npm start, or name its folder with --home`,
  )
}
