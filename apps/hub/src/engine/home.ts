import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { holdFile } from '@causeway/state-tree'
import { errors } from './errors.ts'

/** CometBFT's home directory as the embedded engine uses it. */
export interface Home {
  readonly path: string
  readonly genesis: string
  /** Validators' keys: `priv_validator_key.json`, then `priv_validator_key.2.json` and so on. */
  readonly validatorKey: (index: number) => string
  readonly validatorState: (index: number) => string
  /** LMDB of blocks. */
  readonly blocks: string
  /** LMDB of the event index. */
  readonly index: string
}

/** The files of a home directory. */
export function homeAt(path: string): Home {
  const numbered = (name: string, index: number): string =>
    index === 0 ? `${name}.json` : `${name}.${index + 1}.json`
  return {
    path,
    genesis: join(path, 'config', 'genesis.json'),
    validatorKey: (index) => join(path, 'config', numbered('priv_validator_key', index)),
    validatorState: (index) => join(path, 'data', numbered('priv_validator_state', index)),
    blocks: join(path, 'data', 'embedded', 'blocks'),
    index: join(path, 'data', 'embedded', 'index'),
  }
}

/** Reads a JSON file of the home. Throws `engine/7`, `engine/8`. */
export function readHomeJson(path: string): unknown {
  if (!existsSync(path)) throw errors.missingFile({ path })
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as unknown
  } catch {
    throw errors.badOptions({ reason: `${path} is no JSON` })
  }
}

/** All validators' key files of the home, in order. */
export function readValidatorKeys(home: Home): unknown[] {
  const keys: unknown[] = []
  while (existsSync(home.validatorKey(keys.length))) keys.push(readHomeJson(home.validatorKey(keys.length)))
  return keys
}

/**
 * Makes sure that one process uses the home: two would sign different blocks. Gives what frees it; the
 * operating system frees it when the process ends, however it does. Throws `engine/25`.
 */
export function lockHome(home: Home): () => void {
  mkdirSync(join(home.path, 'data', 'embedded'), { recursive: true })
  const release = holdFile(join(home.path, 'data', 'in-use'))
  if (release === undefined) throw errors.homeInUse({ home: home.path })
  return release
}
