import type { JsonValue } from '@causeway/primitives'
import { isProtocolError, sha256, utf8 } from '@causeway/primitives'
import { attestationBytes } from '../../src/attestation/attestation-bytes.ts'
import type { AttestationMessage } from '../../src/attestation/attestation-bytes.ts'
import type { AttestorSet } from '../../src/attestation/attestor-set.ts'
import { nobleG1Scheme } from '../../src/attestation/bls/noble-scheme.ts'
import { verifyAttestation } from '../../src/attestation/verify-attestation.ts'
import type { Absentee, AttestationHeader } from '../../src/attestation/verify-attestation.ts'
import {
  ALONE,
  FOUR,
  HUNDRED,
  ORDER,
  THREE,
  TWENTY,
  UNEQUAL,
  absenteesOf,
  aggregateOf,
  castAttestor,
  headerJson,
  headerOf,
  hex,
  messageAt,
  secretOf,
  secretOfNumber,
  unlawfulSet,
} from './cast.ts'
import type { CastSet } from './cast.ts'
import { badSignatures } from './points.ts'

/** Headers of sets, right and wrong, each with the verdict on it. */
export function headerVectors(): JsonValue {
  return {
    what: 'verifyAttestation(header, setHash): who signed, or the error',
    valid: validHeaders(),
    invalid: [...wrongSets(), ...wrongAbsentees(), ...wrongPowers(), ...wrongSignatures(), ...unlawfulSets()],
  }
}

const range = (start: number, end: number) => Array.from({ length: end - start }, (_, i) => start + i)

function validHeaders(): JsonValue[] {
  const cases: [string, CastSet, CastSet, number[]][] = [
    ['one attestor', ALONE, ALONE, []],
    ['4, all', FOUR, FOUR, []],
    ['4, the first absent', FOUR, FOUR, [0]],
    ['4, the last absent', FOUR, FOUR, [3]],
    ['4, the set changes next', FOUR, TWENTY, [1]],
    ['4 unequal, a third absent', UNEQUAL, UNEQUAL, [0, 1]],
    ['20, all', TWENTY, TWENTY, []],
    ['20, one absent', TWENTY, TWENTY, [7]],
    ['20, a third absent', TWENTY, FOUR, [0, 3, 4, 11, 12, 19]],
    ['100, all', HUNDRED, HUNDRED, []],
    ['100, one absent', HUNDRED, HUNDRED, [99]],
    ['100, 33 absent', HUNDRED, HUNDRED, range(33, 66)],
    ['100, 47 with a third of the power absent', HUNDRED, HUNDRED, range(20, 67)],
  ]
  return cases.map(([name, set, next, absent]) => {
    const header = headerOf(set, messageAt(1_000n, next), absent)
    const { key, power } = verifyAttestation(nobleG1Scheme, header, set.hash)
    return {
      name,
      setName: set.name,
      setHash: hex(set.hash),
      header: headerJson(header),
      bytes: hex(attestationBytes(header.message)),
      signedPower: power.toString(),
      signedKey: hex(key),
    }
  })
}

const BASE = headerOf(FOUR, messageAt(1_000n, FOUR), [1])
const ABSENTEE = BASE.absentees[0]!

function wrongSets(): JsonValue[] {
  const withSet = (changes: Partial<AttestorSet>) => ({ ...BASE, set: { ...BASE.set, ...changes } })
  const relayer = nobleG1Scheme.publicKey(secretOf('the relayer'))
  const own = unlawfulSet('the relayer', [castAttestor(secretOf('the relayer'), 40n)])
  return [
    refused('the aggregate key is the relayer’s own', withSet({ aggregateKey: relayer })),
    refused('the total power is lower', withSet({ totalPower: 30n })),
    refused('the total power is higher', withSet({ totalPower: 41n })),
    refused('the count is higher', withSet({ count: 5 })),
    refused('the leaf root is another', withSet({ leafRoot: TWENTY.set.leafRoot })),
    refused('another set signed', headerOf(TWENTY, messageAt(1_000n, FOUR))),
    refused('the relayer’s own set signed', headerOf(own, messageAt(1_000n, FOUR))),
    refused('the leaf root is a byte short', withSet({ leafRoot: BASE.set.leafRoot.subarray(1) })),
    refused(
      'the aggregate key is a byte short',
      withSet({ aggregateKey: BASE.set.aggregateKey.subarray(1) }),
    ),
  ]
}

function wrongAbsentees(): JsonValue[] {
  const four = (absentees: readonly Absentee[]) => ({ ...BASE, absentees })
  const changed = (changes: Partial<Absentee>) => four([{ ...ABSENTEE, ...changes }])
  const { proof, key } = ABSENTEE
  const [first, second] = absenteesOf(TWENTY, [2, 5])
  const twenty = (absentees: Absentee[]) => ({
    ...headerOf(TWENTY, messageAt(1_000n, TWENTY), [2, 5]),
    absentees,
  })
  return [
    refused('an absentee is named twice', four([ABSENTEE, ABSENTEE])),
    refused('absentees descend', twenty([second!, first!]), TWENTY),
    refused('an index is the count', changed({ index: 4 })),
    refused('an index is beyond the count', changed({ index: 0xffffffff })),
    refused('an index is another’s', changed({ index: 0 })),
    refused('a power is lower', changed({ power: 9n })),
    refused('a power is zero', changed({ power: 0n })),
    refused('a key is another’s', changed({ key: FOUR.attestors[0]!.key })),
    refused('a key is the relayer’s own', changed({ key: nobleG1Scheme.publicKey(secretOf('the relayer')) })),
    refused('a key is a byte short', changed({ key: key.subarray(1) })),
    refused('a sibling is wrong', changed({ proof: [proof[0]!.with(0, proof[0]![0]! ^ 1), proof[1]!] })),
    refused('a sibling is missing', changed({ proof: proof.slice(0, 1) })),
    refused('there are no siblings', changed({ proof: [] })),
    refused('a sibling is too many', changed({ proof: [...proof, sha256(utf8('sibling'))] })),
    refused('a sibling is a byte short', changed({ proof: [proof[0]!.subarray(1), proof[1]!] })),
    refused('siblings are in the other order', changed({ proof: [...proof].reverse() })),
    refused('an inner node is shown as a leaf', changed({ index: 0, proof: proof.slice(1) })),
    refused('an absentee of another set', four(absenteesOf(TWENTY, [1]))),
  ]
}

function wrongPowers(): JsonValue[] {
  return [
    refused('exactly two thirds signed', headerOf(THREE, messageAt(1_000n, THREE), [2]), THREE),
    refused('half signed', headerOf(FOUR, messageAt(1_000n, FOUR), [0, 1])),
    refused('60 % signed', headerOf(UNEQUAL, messageAt(1_000n, UNEQUAL), [3]), UNEQUAL),
    refused('13 of 20 signed', headerOf(TWENTY, messageAt(1_000n, TWENTY), range(0, 7)), TWENTY),
    refused(
      'too little of 100 signed',
      headerOf(HUNDRED, messageAt(1_000n, HUNDRED), range(75, 100)),
      HUNDRED,
    ),
    refused('everybody is absent', {
      ...headerOf(FOUR, messageAt(1_000n, FOUR), [0, 1, 2]),
      absentees: absenteesOf(FOUR, [0, 1, 2, 3]),
    }),
  ]
}

function wrongSignatures(): JsonValue[] {
  const saying = (changes: Partial<AttestationMessage>) => ({
    ...BASE,
    message: { ...BASE.message, ...changes },
  })
  const signedBy = (absent: number[]) => ({
    ...BASE,
    signature: aggregateOf(FOUR.attestors, BASE.message, absent),
  })
  return [
    refused('signed for another chain', saying({ chainId: 'causeway-2' })),
    refused('signed for another height', saying({ height: 1_001n })),
    refused('signed for another time', saying({ timeSeconds: BASE.message.timeSeconds + 1n })),
    refused('signed for another app hash', saying({ appHash: sha256(utf8('forged')) })),
    refused('signed for another next set', saying({ nextSetHash: TWENTY.hash })),
    refused('the app hash is a byte short', saying({ appHash: BASE.message.appHash.subarray(1) })),
    refused('the next set hash is a byte short', saying({ nextSetHash: FOUR.hash.subarray(1) })),
    refused('the absentee signed too', signedBy([])),
    refused('one more did not sign', signedBy([1, 2])),
    refused('an absentee is left out', { ...BASE, absentees: [] }),
    ...badSignatures(BASE.signature).map(({ name, bytes }) =>
      refused(`the signature is ${name}`, { ...BASE, signature: bytes }),
    ),
  ]
}

/** Sets that the hub never makes: a client refuses what follows from them all the same. */
function unlawfulSets(): JsonValue[] {
  const honest = castAttestor(secretOf('honest'), 10n)
  const others = [0, 1, 2].map((i) => castAttestor(secretOf(`other ${i}`), 10n))
  const copied = unlawfulSet('copied key', [...others, honest, { ...honest, power: 1n }])
  const twice = absenteesOf(copied, [4, 4])
  const message = messageAt(1_000n, copied)
  const opposite = castAttestor(secretOfNumber(ORDER - BigInt(hex(honest.secret))), 10n)
  const cancelling = unlawfulSet('cancelling keys', [honest, opposite, { ...others[0]!, power: 1n }])
  const understated = unlawfulSet('understated power', others, { totalPower: 9n })
  return [
    refused(
      'a copied key with dust power is absent twice and cancels the honest one',
      {
        message,
        set: copied.set,
        absentees: twice,
        signature: aggregateOf(copied.attestors, message, [3, 4]),
      },
      copied,
    ),
    refused(
      'the keys that are left cancel out',
      {
        message,
        set: cancelling.set,
        absentees: absenteesOf(cancelling, [2]),
        signature: new Uint8Array(96),
      },
      cancelling,
    ),
    refused('more power is absent than there is', headerOf(understated, message, [0]), understated),
  ]
}

function refused(name: string, header: AttestationHeader, set: CastSet = FOUR): JsonValue {
  return { name, setHash: hex(set.hash), header: headerJson(header), error: errorOf(header, set) }
}

function errorOf(header: AttestationHeader, set: CastSet): string {
  try {
    verifyAttestation(nobleG1Scheme, header, set.hash)
  } catch (error) {
    if (isProtocolError(error)) return `${error.codespace}/${error.code}`
    throw error
  }
  throw new Error('a wrong header was accepted')
}
