// Where the hub keeps its files in a home directory, which is otherwise CometBFT's.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { openLmdbStorage } from '@causeway/state-tree'
import type { Storage } from '@causeway/state-tree'
import { errors } from './command-errors.ts'

/** Home of a hub when none is named. */
export const DEFAULT_HOME = '.causeway/hub'

/** Path of the genesis file. */
export function genesisPath(home: string): string {
  return join(home, 'config', 'genesis.json')
}

/** Opens the application's database. Throws `hub/2` when the home was not made. */
export function openApplicationStorage(home: string): Storage {
  if (!existsSync(genesisPath(home))) throw errors.noHome({ path: genesisPath(home) })
  const path = join(home, 'data', 'application')
  mkdirSync(path, { recursive: true })
  return openLmdbStorage(path)
}

/** Chain id of the genesis file. Throws `hub/2`. */
export function readChainId(home: string): string {
  if (!existsSync(genesisPath(home))) throw errors.noHome({ path: genesisPath(home) })
  return (JSON.parse(readFileSync(genesisPath(home), 'utf8')) as { chain_id: string }).chain_id
}

/** Writes a JSON file that must not exist; secrets are readable by the owner only. Throws `hub/1`. */
export function writeNewJson(path: string, value: unknown, options: { isSecret?: boolean } = {}): void {
  mkdirSync(join(path, '..'), { recursive: true })
  if (existsSync(path)) throw errors.homeExists({ path })
  const mode = options.isSecret === true ? 0o600 : 0o644
  writeFileSync(path, `${JSON.stringify(value, undefined, 2)}\n`, { mode, flag: 'wx' })
}
