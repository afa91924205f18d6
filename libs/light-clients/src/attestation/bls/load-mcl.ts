import { createMclG1Scheme } from './mcl-scheme.ts'
import type { BlsScheme } from './scheme.ts'

let loading: Promise<BlsScheme> | undefined

/**
 * Loads and starts mcl-wasm, once a process: starting it again would take the ground from under the scheme
 * that stands on it.
 */
export function loadMclG1Scheme(): Promise<BlsScheme> {
  loading ??= import('mcl-wasm').then(({ default: mcl }) =>
    mcl.init(mcl.BLS12_381).then(() => createMclG1Scheme(mcl)),
  )
  return loading
}
