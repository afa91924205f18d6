import { concatBytes, utf8 } from '@causeway/primitives'
import { requireLength } from './attestation-bytes.ts'
import { KEY_BYTES } from './bls/points.ts'
import type { BlsScheme } from './bls/scheme.ts'

/** Ciphersuite of proofs of possession. Spec: IETF BLS signatures draft 5, 4.2.3. */
export const POSSESSION_DOMAIN = 'BLS_POP_BLS12381G1_XMD:SHA-256_SSWU_RO_POP_'

const PREFIX = utf8('causeway/bls-pop/v1')
const ADDRESS_BYTES = 20

/** Whose key it is, and where: a proof for one chain or operator is none for another. */
export interface Possession {
  readonly chainId: string
  /** The operator's account, 20 bytes. */
  readonly operator: Uint8Array
  /** 192 bytes. */
  readonly key: Uint8Array
}

/**
 * The bytes that prove possession when signed: prefix ‖ chain id ‖ operator ‖ key. Throws `attestation/1`.
 */
export function possessionBytes({ chainId, operator, key }: Possession): Uint8Array {
  return concatBytes(
    PREFIX,
    utf8(chainId),
    requireLength('operator', operator, ADDRESS_BYTES),
    requireLength('key', key, KEY_BYTES),
  )
}

/** Signs for the secret's own key; gives the key and the proof. Throws `attestation/1`. */
export function proveOfPossession(
  scheme: BlsScheme,
  secret: Uint8Array,
  { chainId, operator }: Omit<Possession, 'key'>,
): { key: Uint8Array; proof: Uint8Array } {
  const key = scheme.publicKey(secret)
  const proof = scheme.sign(secret, possessionBytes({ chainId, operator, key }), POSSESSION_DOMAIN)
  return { key, proof }
}

/**
 * Whether a proof shows that the operator holds the secret of a key. Without it a key could be made of
 * others' keys, so that its owner alone signs for all. False for a key that is none.
 */
export function verifyProofOfPossession(
  scheme: BlsScheme,
  possession: Possession,
  proof: Uint8Array,
): boolean {
  if (!scheme.isKey(possession.key)) return false
  return scheme.verify([possession.key], possessionBytes(possession), POSSESSION_DOMAIN, proof)
}
