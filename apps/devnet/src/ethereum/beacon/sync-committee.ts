import { SecretKey, aggregatePublicKeys } from '@chainsafe/blst'
import { BitArray } from '@chainsafe/ssz'
import { concatBytes, fromHex, sha256, toHex, utf8 } from '@causeway/primitives'
import type { SyncAggregate, SyncCommittee } from './ssz-types.ts'

/** Members of a sync committee, as on mainnet. */
export const SYNC_COMMITTEE_SIZE = 512
/** Order of the group that BLS12-381 keys live in. */
const GROUP_ORDER = 0x73eda753299d7d483339d80809a1d80553bda402fffe5bfeffffffff00000001n
const DOMAIN_SYNC_COMMITTEE = Uint8Array.of(7, 0, 0, 0)

/** The committee of one period with its PUBLIC secret keys: they follow from the period's number. */
export interface SigningCommittee {
  readonly value: SyncCommittee
  /** Signs a 32-byte signing root in the name of all members. */
  sign(root: Uint8Array): SyncAggregate
}

/** One member's key. */
export function memberKey(period: number, index: number): SecretKey {
  return SecretKey.fromKeygen(sha256(utf8(`causeway devnet sync committee ${period}/${index}`)))
}

/** Makes the committee of a period: other keys in each. */
export function signingCommittee(period: number): SigningCommittee {
  const secrets = Array.from({ length: SYNC_COMMITTEE_SIZE }, (_, index) => memberKey(period, index))
  const keys = secrets.map((secret) => secret.toPublicKey())
  // The aggregate of all their signatures is, bit for bit, the signature with the sum of their keys.
  const sum = sumOf(secrets)
  return {
    value: {
      pubkeys: keys.map((key) => key.toBytes()),
      aggregatePubkey: aggregatePublicKeys(keys).toBytes(),
    },
    sign: (root) => ({
      syncCommitteeBits: new BitArray(
        new Uint8Array(SYNC_COMMITTEE_SIZE / 8).fill(0xff),
        SYNC_COMMITTEE_SIZE,
      ),
      syncCommitteeSignature: sum.sign(root).toBytes(),
    }),
  }
}

/** Domain of a sync committee's signatures. Spec: phase0 `compute_domain`. */
export function syncCommitteeDomain(forkDataRoot: Uint8Array): Uint8Array {
  return concatBytes(DOMAIN_SYNC_COMMITTEE, forkDataRoot.subarray(0, 28))
}

function sumOf(secrets: readonly SecretKey[]): SecretKey {
  const scalar = secrets.reduce((sum, secret) => sum + BigInt(`0x${toHex(secret.toBytes())}`), 0n)
  return SecretKey.fromBytes(fromHex((scalar % GROUP_ORDER).toString(16).padStart(64, '0')))
}
