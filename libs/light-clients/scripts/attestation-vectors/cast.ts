// The attestors and sets that all vectors use, and how values are written.
import type { JsonValue } from '@causeway/primitives'
import { concatBytes, sha256, toHex, utf8 } from '@causeway/primitives'
import { attestationBytes, ATTESTATION_DOMAIN } from '../../src/attestation/attestation-bytes.ts'
import type { AttestationMessage } from '../../src/attestation/attestation-bytes.ts'
import {
  attestorLeafRoot,
  attestorProofs,
  attestorSetHash,
  createAttestorSet,
} from '../../src/attestation/attestor-set.ts'
import type { Attestor, AttestorSet } from '../../src/attestation/attestor-set.ts'
import { nobleG1Scheme } from '../../src/attestation/bls/noble-scheme.ts'
import type { Absentee, AttestationHeader } from '../../src/attestation/verify-attestation.ts'

/** An attestor whose secret is known. */
export interface CastAttestor extends Attestor {
  readonly secret: Uint8Array
}

/** A set of them. */
export interface CastSet {
  readonly name: string
  readonly attestors: readonly CastAttestor[]
  readonly set: AttestorSet
  readonly hash: Uint8Array
}

/** The chain of all vectors, unless a case says otherwise. */
export const CHAIN_ID = 'causeway-1'
/** Time of the first attestations. */
export const TIME_SECONDS = 1_767_323_045n

/** Order of the groups. */
export const ORDER = 0x73eda753299d7d483339d80809a1d80553bda402fffe5bfeffffffff00000001n

/** A secret made of a text: its SHA-256 without the two highest bits. */
export function secretOf(text: string): Uint8Array {
  const secret = sha256(utf8(text))
  secret[0]! &= 0x3f
  return secret
}

/** A secret of a number. */
export function secretOfNumber(value: bigint): Uint8Array {
  return Uint8Array.from({ length: 32 }, (_, i) => Number((value >> BigInt(8 * (31 - i))) & 255n))
}

/** An attestor of a secret. */
export function castAttestor(secret: Uint8Array, power: bigint): CastAttestor {
  return { secret, key: nobleG1Scheme.publicKey(secret), power }
}

/** A set whose attestors hold secrets made of its name and their index. */
export function castSet(name: string, powers: readonly bigint[]): CastSet {
  return setOf(
    name,
    powers.map((power, i) => castAttestor(secretOf(`attestor ${name} ${i}`), power)),
  )
}

/** A set of attestors, as the hub would make it. */
export function setOf(name: string, attestors: readonly CastAttestor[]): CastSet {
  const set = createAttestorSet(nobleG1Scheme, attestors)
  return { name, attestors, set, hash: attestorSetHash(set) }
}

/** A set that the hub would refuse to make: whatever stands in it. */
export function unlawfulSet(
  name: string,
  attestors: readonly CastAttestor[],
  changes: Partial<AttestorSet> = {},
): CastSet {
  const set = {
    leafRoot: attestorLeafRoot(attestors),
    count: attestors.length,
    totalPower: attestors.reduce((sum, { power }) => sum + power, 0n),
    aggregateKey: nobleG1Scheme.addKeys(attestors.map(({ key }) => key))!,
    ...changes,
  }
  return { name, attestors, set, hash: attestorSetHash(set) }
}

const powers = (count: number, power: (i: number) => bigint) =>
  Array.from({ length: count }, (_, i) => power(i))

/** Three of equal power: one absent leaves exactly two thirds. */
export const THREE = castSet('three', [10n, 10n, 10n])
/** Four of equal power: one may be absent. */
export const FOUR = castSet('four', [10n, 10n, 10n, 10n])
/** Four of which one alone has more than a third. */
export const UNEQUAL = castSet('unequal', [1n, 2n, 3n, 4n])
/** Twenty of equal power. */
export const TWENTY = castSet(
  'twenty',
  powers(20, () => 1_000_000n),
)
/** A hundred of different powers. */
export const HUNDRED = castSet(
  'hundred',
  powers(100, (i) => 1_000n + BigInt(i * i)),
)
/** One attestor with the greatest power there can be. */
export const ALONE = castSet('alone', [2n ** 64n - 1n])

/** Absentees of a set, with their proofs. */
export function absenteesOf({ attestors }: CastSet, indices: readonly number[]): Absentee[] {
  const proofs = attestorProofs(attestors)
  return indices.map((index) => {
    const { key, power } = attestors[index]!
    return { index, key, power, proof: proofs[index]! }
  })
}

/** The aggregate of some attestors: the signature of the sum of their secrets. */
export function aggregateOf(
  attestors: readonly CastAttestor[],
  message: AttestationMessage,
  absent: readonly number[] = [],
): Uint8Array {
  const sum = attestors.reduce(
    (total, { secret }, i) => (absent.includes(i) ? total : total + BigInt(`0x${toHex(secret)}`)),
    0n,
  )
  return nobleG1Scheme.sign(secretOfNumber(sum % ORDER), attestationBytes(message), ATTESTATION_DOMAIN)
}

/** A header signed by all of a set but the absent ones. */
export function headerOf(
  set: CastSet,
  message: AttestationMessage,
  absent: readonly number[] = [],
): AttestationHeader {
  const signature = aggregateOf(set.attestors, message, absent)
  return { message, set: set.set, absentees: absenteesOf(set, absent), signature }
}

/** An attestation of a height: what it says follows from the height, and the set that comes next. */
export function messageAt(
  height: bigint,
  next: CastSet,
  changes: Partial<AttestationMessage> = {},
): AttestationMessage {
  return {
    chainId: CHAIN_ID,
    height,
    timeSeconds: TIME_SECONDS + height,
    appHash: sha256(utf8(`app hash ${height}`)),
    nextSetHash: next.hash,
    ...changes,
  }
}

/** Bytes as they are written. */
export function hex(...parts: readonly Uint8Array[]): string {
  return `0x${toHex(concatBytes(...parts))}`
}

/** A message as it is written. */
export function messageJson(message: AttestationMessage): JsonValue {
  return {
    chainId: message.chainId,
    height: message.height.toString(),
    timeSeconds: message.timeSeconds.toString(),
    appHash: hex(message.appHash),
    nextSetHash: hex(message.nextSetHash),
  }
}

/** A set's preimage as it is written. */
export function setJson({ leafRoot, count, totalPower, aggregateKey }: AttestorSet): JsonValue {
  return {
    leafRoot: hex(leafRoot),
    count,
    totalPower: totalPower.toString(),
    aggregateKey: hex(aggregateKey),
  }
}

/** A header as it is written. */
export function headerJson({ message, set, absentees, signature }: AttestationHeader): JsonValue {
  return {
    message: messageJson(message),
    set: setJson(set),
    absentees: absentees.map(({ index, key, power, proof }) => ({
      index,
      key: hex(key),
      power: power.toString(),
      proof: proof.map((sibling) => hex(sibling)),
    })),
    signature: hex(signature),
  }
}
