import { ATTESTATION_DOMAIN, nobleG1Scheme } from '@causeway/light-clients'
import type { AttestationSigner } from './ports.ts'

/**
 * A signer of a BLS secret (32 bytes). It signs with @noble/curves, whose multiplication takes the same steps
 * whatever the secret; mcl's is faster and does not.
 */
export function attestationSigner(secret: Uint8Array): AttestationSigner {
  return {
    key: nobleG1Scheme.publicKey(secret),
    sign: (bytes) => nobleG1Scheme.sign(secret, bytes, ATTESTATION_DOMAIN),
  }
}
