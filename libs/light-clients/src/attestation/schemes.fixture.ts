import { loadMclG1Scheme } from './bls/load-mcl.ts'
import { nobleG1Scheme } from './bls/noble-scheme.ts'
import type { BlsScheme } from './bls/scheme.ts'

/** The fast implementation, ready. */
export const mclG1Scheme: BlsScheme = await loadMclG1Scheme()

/** Every implementation with its name. */
export const schemes: readonly (readonly [string, BlsScheme])[] = [
  ['mcl', mclG1Scheme],
  ['noble', nobleG1Scheme],
]
