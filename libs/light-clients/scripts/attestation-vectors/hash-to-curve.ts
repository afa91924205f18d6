import { bls12_381 } from '@noble/curves/bls12-381.js'
import type { JsonValue } from '@causeway/primitives'
import { fromHex, sha256, toHex, utf8 } from '@causeway/primitives'
import { ATTESTATION_DOMAIN, attestationBytes } from '../../src/attestation/attestation-bytes.ts'
import { hashToField } from '../../src/attestation/bls/hash-to-field.ts'
import { POSSESSION_DOMAIN } from '../../src/attestation/proof-of-possession.ts'
import { FOUR, hex, messageAt, messageJson } from './cast.ts'

const { G1, fields } = bls12_381
type Point = InstanceType<typeof G1.Point>
// Its type knows fields of several elements only.
const mapToCurve = G1.mapToCurve as unknown as (element: bigint) => Point

/** From a message to the point that is signed, step by step. */
export function hashToCurveVectors(): JsonValue {
  const attestation = messageAt(1_000n, FOUR)
  const bytes = attestationBytes(attestation)
  return {
    what: 'message -> two field elements -> two points (mapped, isogeny, cofactor cleared) -> their sum',
    attestation: {
      message: messageJson(attestation),
      prefix: hex(utf8('causeway/attestation/v1')),
      chainIdHash: hex(sha256(utf8(attestation.chainId))),
      bytes: hex(bytes),
    },
    cases: [
      steps('the attestation above', bytes, ATTESTATION_DOMAIN),
      steps('the empty message', new Uint8Array(0), ATTESTATION_DOMAIN),
      steps('one byte', Uint8Array.of(0xff), ATTESTATION_DOMAIN),
      steps('512 bytes', new Uint8Array(512).fill(0x61), ATTESTATION_DOMAIN),
      steps('the attestation above in the other domain', bytes, POSSESSION_DOMAIN),
    ],
  }
}

function steps(name: string, message: Uint8Array, domain: string): JsonValue {
  const uniform = hashToField(message, domain)
  const elements = uniform.map((part) => BigInt(`0x${toHex(part)}`) % fields.Fp.ORDER)
  const mapped = elements.map(mapToCurve)
  return {
    name,
    domain,
    domainBytes: hex(utf8(domain)),
    message: hex(message),
    uniformBytes: uniform.map((part) => hex(part)),
    fieldElements: elements.map((element) => field(element)),
    mappedPoints: mapped.map(point),
    point: point(G1.hashToCurve(message, { DST: domain }) as Point),
  }
}

function point(value: Point): string {
  const { x, y } = value.toAffine()
  return `${field(x)}${field(y).slice(2)}`
}

function field(value: bigint): string {
  return hex(fromHex(value.toString(16).padStart(96, '0')))
}
