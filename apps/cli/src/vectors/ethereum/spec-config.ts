import { FORK_NAMES, PRESETS, type ChainConfig, type Fork, type ForkName } from '@causeway/light-clients'
import { equalBytes, toHex } from '@causeway/primitives'
import { isObject, type JsonObject } from '../json-shape.ts'
import type { VectorFolder } from '../vector-folder.ts'
import { hexBytes } from './hex.ts'
import { yamlObject } from './spec-files.ts'

/** Name of a preset. */
export type PresetName = keyof typeof PRESETS

const FAR_FUTURE_EPOCH = 2n ** 64n - 1n

/** The preset of a test: what its configuration says, or the nearest folder that is named after one. */
export function presetOf(folder: VectorFolder): PresetName {
  const named = folder.names.includes('config.yaml')
    ? yamlObject(folder, 'config.yaml').PRESET_BASE
    : undefined
  const preset = [named, ...folder.folders].find((name) => name === 'minimal' || name === 'mainnet')
  if (!preset) throw new Error('neither config.yaml nor a folder above says which preset')
  return preset as PresetName
}

/** The fork that a folder above is named after. */
export function forkOf(folder: VectorFolder): ForkName | undefined {
  return folder.folders.find((name): name is ForkName => FORK_NAMES.some((known) => known === name))
}

/**
 * The chain of a test: `config.yaml` beside it, or else the preset's with all forks up to the folder's at
 * genesis.
 */
export function configOf(folder: VectorFolder, genesisValidatorsRoot: Uint8Array): ChainConfig {
  const preset = presetOf(folder)
  const forks = folder.names.includes('config.yaml')
    ? configuredForks(yamlObject(folder, 'config.yaml'))
    : defaultForks(preset, forkOf(folder) ?? 'altair')
  return { ...PRESETS[preset], genesisValidatorsRoot, forks }
}

/** The fork with a version, though it may be scheduled for no time at all. */
export function forkWithVersion(folder: VectorFolder, version: Uint8Array): ForkName {
  const forks = folder.names.includes('config.yaml')
    ? forksNamed(yamlObject(folder, 'config.yaml'))
    : defaultForks(presetOf(folder), FORK_NAMES.at(-1)!)
  const fork = forks.find((candidate) => equalBytes(candidate.version, version))
  if (!fork) throw new Error(`no fork has version ${toHex(version)}`)
  return fork.name
}

function configuredForks(config: JsonObject): Fork[] {
  return forksNamed(config).filter(({ epoch }) => epoch !== FAR_FUTURE_EPOCH)
}

function forksNamed(config: JsonObject): Fork[] {
  return FORK_NAMES.flatMap((name): Fork[] => {
    const prefix = name === 'phase0' ? 'GENESIS' : name.toUpperCase()
    const version = config[`${prefix}_FORK_VERSION`]
    const epochText = name === 'phase0' ? '0' : config[`${prefix}_FORK_EPOCH`]
    if (typeof version !== 'string' || typeof epochText !== 'string') return []
    return [{ name, epoch: BigInt(epochText), version: hexBytes(version) }]
  })
}

function defaultForks(preset: PresetName, newest: ForkName): Fork[] {
  const count = FORK_NAMES.indexOf(newest) + 1
  return FORK_NAMES.slice(0, count).map((name, i) => ({
    name,
    epoch: 0n,
    version: Uint8Array.of(i, 0, 0, preset === 'minimal' ? 1 : 0),
  }))
}

/** The member as an object. */
export function memberObject(object: JsonObject, name: string): JsonObject {
  const value = object[name]
  if (!isObject(value)) throw new Error(`${name} is no object`)
  return value
}
