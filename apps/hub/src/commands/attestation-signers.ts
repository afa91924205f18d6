import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { attestorSecret } from '../attestor-key.ts'
import type { AttestationSigner } from '../modules/attestation/ports.ts'
import { attestationSigner } from '../modules/attestation/signer.ts'
import { errors } from './command-errors.ts'
import { readJson } from './home.ts'

/**
 * The BLS keys of a home's validators: `attestor_key.json`, then `attestor_key.2.json` and so on beside their
 * consensus keys; none of a home that has none. Throws `hub/6`.
 */
export function readAttestationSigners(home: string): AttestationSigner[] {
  const signers: AttestationSigner[] = []
  for (;;) {
    const suffix = signers.length === 0 ? '' : `.${signers.length + 1}`
    const path = join(home, 'config', `attestor_key${suffix}.json`)
    if (!existsSync(path)) return signers
    const secret = attestorSecret(readJson(path))
    if (secret === undefined) throw errors.unusableFile({ path, reason: 'it holds no BLS key' })
    signers.push(attestationSigner(secret))
  }
}
