import { writeFileSync } from 'node:fs'
import { attestationVectors } from '../attestation-vectors.ts'

const folder = new URL('../../vectors/attestation/', import.meta.url)
for (const [name, content] of Object.entries(attestationVectors())) {
  writeFileSync(new URL(name, folder), `${JSON.stringify(content, undefined, 1)}\n`)
}
