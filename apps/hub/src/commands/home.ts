// Where the hub keeps its files in a home directory, which is otherwise CometBFT's.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileFault } from '@causeway/primitives'
import { openLmdbStorage } from '@causeway/state-tree'
import type { Storage } from '@causeway/state-tree'
import { errors } from './command-errors.ts'

/** Home of a hub when none is named. */
export const DEFAULT_HOME = '.causeway/hub'

/** Path of the genesis file. */
export function genesisPath(home: string): string {
  return join(home, 'config', 'genesis.json')
}

/** Opens the application's database. Throws `hub/2` when the home was not made, `hub/6`, `StorageFault`. */
export function openApplicationStorage(home: string): Storage {
  requireHome(home)
  const path = join(home, 'data', 'application')
  return withFile(path, () => {
    mkdirSync(path, { recursive: true })
    return openLmdbStorage(path)
  })
}

/** A price feed of the chain. */
export interface FeedName {
  /** Id, in digits. */
  readonly asset: string
  /** `BTC`. */
  readonly symbol: string
}

/**
 * What the genesis file says: the chain's id and its price feeds. Throws `hub/2`,
 * `hub/6`.
 */
export function readGenesis(home: string): {
  readonly chainId: string
  readonly feeds: readonly FeedName[]
} {
  requireHome(home)
  const { chain_id: chainId, app_state } = readJson(genesisPath(home)) as {
    chain_id?: unknown
    app_state?: { oracle?: { feeds?: readonly { asset?: unknown; symbol?: unknown }[] } }
  }
  if (typeof chainId !== 'string')
    throw errors.unusableFile({ path: genesisPath(home), reason: 'it lacks chain_id' })
  const feeds = app_state?.oracle?.feeds
  const named = Array.isArray(feeds) ? feeds : []
  return {
    chainId,
    feeds: named.map((feed) => ({ asset: String(feed?.asset), symbol: String(feed?.symbol) })),
  }
}

/** Reads a JSON file that holds an object. Throws `hub/6`. */
export function readJson(path: string): object {
  const text = withFile(path, () => readFileSync(path, 'utf8'))
  try {
    const json = JSON.parse(text) as unknown
    if (typeof json === 'object' && json !== null) return json
  } catch {
    // Told below: the parser's words are of no use to whoever looks for the place
  }
  throw errors.unusableFile({ path, reason: 'it is no JSON object; restore it, or make a new home' })
}

/**
 * Writes a JSON file that must not exist; secrets are readable by the owner only. Throws `hub/1`, `hub/6`.
 */
export function writeNewJson(path: string, value: unknown, options: { isSecret?: boolean } = {}): void {
  if (existsSync(path)) throw errors.homeExists({ path })
  const mode = options.isSecret === true ? 0o600 : 0o644
  withFile(path, () => {
    mkdirSync(join(path, '..'), { recursive: true })
    writeFileSync(path, `${JSON.stringify(value, undefined, 2)}\n`, { mode, flag: 'wx' })
  })
}

/** Words what the file system refuses. Throws `hub/6`. */
export function withFile<Result>(path: string, run: () => Result): Result {
  try {
    return run()
  } catch (error) {
    if (!(error instanceof Error && 'syscall' in error)) throw error
    throw errors.unusableFile({ path, reason: fileFault(error) })
  }
}

function requireHome(home: string): void {
  if (!existsSync(genesisPath(home))) throw errors.noHome({ path: genesisPath(home) })
}
