// Test vectors of the hub's attestation, for other implementations. Run: npm run generate.
import type { JsonValue } from '@causeway/primitives'
import { clientVectors } from './attestation-vectors/client.ts'
import { evidenceVectors } from './attestation-vectors/evidence.ts'
import { hashToCurveVectors } from './attestation-vectors/hash-to-curve.ts'
import { headerVectors } from './attestation-vectors/headers.ts'
import { keyVectors } from './attestation-vectors/keys.ts'
import { setVectors } from './attestation-vectors/sets.ts'

/** Each file of `vectors/attestation` by name, as it must stand there. */
export function attestationVectors(): Readonly<Record<string, JsonValue>> {
  return {
    'hash-to-curve.json': hashToCurveVectors(),
    'keys.json': keyVectors(),
    'sets.json': setVectors(),
    'headers.json': headerVectors(),
    'client.json': clientVectors(),
    'evidence.json': evidenceVectors(),
  }
}
