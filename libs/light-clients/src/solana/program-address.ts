import { ed25519 } from '@noble/curves/ed25519.js'
import { assert, concatBytes, sha256, utf8 } from '@causeway/primitives'

const MARKER = utf8('ProgramDerivedAddress')
const BUMP_MAX = 255

/**
 * The address that a program derives from seeds: the first by a falling bump for which there is no key. Spec:
 * agave `find_program_address`.
 */
export function programAddress(program: Uint8Array, seeds: readonly Uint8Array[]): Uint8Array {
  for (let bump = BUMP_MAX; bump >= 0; bump--) {
    const address = sha256(concatBytes(...seeds, Uint8Array.of(bump), program, MARKER))
    if (!isPoint(address)) return address
  }
  assert(false, 'half of all hashes are no points')
}

/** Whether bytes decompress, as leniently as the cluster's runtime does it. */
function isPoint(bytes: Uint8Array): boolean {
  try {
    ed25519.Point.fromBytes(bytes, true)
    return true
  } catch {
    return false
  }
}
