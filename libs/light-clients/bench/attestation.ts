import { ATTESTATION_DOMAIN } from '../src/attestation/attestation-bytes.ts'
import { attestorSetHash, createAttestorSet } from '../src/attestation/attestor-set.ts'
import { loadMclG1Scheme } from '../src/attestation/bls/load-mcl.ts'
import { nobleG1Scheme } from '../src/attestation/bls/noble-scheme.ts'
import type { BlsScheme } from '../src/attestation/bls/scheme.ts'
import { measure, type Figure } from './measure.ts'

const VALIDATORS = 100

/** Measures the attestation's BLS by each implementation. */
export async function benchAttestation(): Promise<Figure[]> {
  return [
    ...benchScheme('mcl-wasm', await loadMclG1Scheme(), 100),
    ...benchScheme('@noble/curves', nobleG1Scheme, 10),
  ]
}

function benchScheme(name: string, scheme: BlsScheme, rounds: number): Figure[] {
  const secrets = Array.from({ length: VALIDATORS }, (_, i) => new Uint8Array(32).fill(i + 1, 16))
  const keys = secrets.map((secret) => scheme.publicKey(secret))
  const message = new Uint8Array(135).fill(7)
  const signatures = secrets.map((secret) => scheme.sign(secret, message, ATTESTATION_DOMAIN))
  const aggregate = scheme.addSignatures(signatures)!
  let fresh = 0
  const other = () => message.with(0, fresh++ % 256).with(1, (fresh >> 8) % 256)
  const attestors = keys.map((key) => ({ key, power: 1n }))
  return [
    measure(`sign, ${name}`, rounds, 'another message each time', () => {
      scheme.sign(secrets[0]!, other(), ATTESTATION_DOMAIN)
    }),
    measure(`verify one signature, ${name}`, rounds, 'another message each time', () => {
      scheme.verify([keys[0]!], other(), ATTESTATION_DOMAIN, signatures[0]!)
    }),
    measure(`verify an aggregate of ${VALIDATORS} keys, ${name}`, rounds, 'keys seen before', () => {
      if (!scheme.verify(keys, message, ATTESTATION_DOMAIN, aggregate)) throw new Error('refused')
    }),
    measure(`add ${VALIDATORS} signatures, ${name}`, rounds, 'encoded, on the curve', () => {
      scheme.addSignatures(signatures)
    }),
    measure(`set of ${VALIDATORS}, ${name}`, rounds, 'leaf tree, sum of keys, hash', () => {
      attestorSetHash(createAttestorSet(scheme, attestors))
    }),
  ]
}
