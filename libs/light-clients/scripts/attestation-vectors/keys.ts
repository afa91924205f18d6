import type { JsonValue } from '@causeway/primitives'
import { fromHex, utf8 } from '@causeway/primitives'
import { ATTESTATION_DOMAIN } from '../../src/attestation/attestation-bytes.ts'
import { nobleG1Scheme } from '../../src/attestation/bls/noble-scheme.ts'
import {
  POSSESSION_DOMAIN,
  possessionBytes,
  proveOfPossession,
} from '../../src/attestation/proof-of-possession.ts'
import type { Possession } from '../../src/attestation/proof-of-possession.ts'
import { CHAIN_ID, ORDER, hex, secretOf, secretOfNumber } from './cast.ts'
import { badKeys, badSignatures } from './points.ts'

const OPERATOR = fromHex('00112233445566778899aabbccddeeff00112233')
const OTHER = fromHex('ffeeddccbbaa99887766554433221100ffeeddcc')

/** Keys, signatures and proofs of possession; encodings that are none. */
export function keyVectors(): JsonValue {
  const secret = secretOf('a key')
  const message = utf8('a message')
  const signature = nobleG1Scheme.sign(secret, message, ATTESTATION_DOMAIN)
  const key = nobleG1Scheme.publicKey(secret)
  return {
    what: 'secret (32) -> key (192, x.c1|x.c0|y.c1|y.c0); signatures (96, x|y); proofs of possession',
    keys: [secretOfNumber(1n), secretOfNumber(2n), secretOfNumber(ORDER - 1n), secret].map((each) => ({
      secret: hex(each),
      key: hex(nobleG1Scheme.publicKey(each)),
    })),
    signatures: [
      { name: 'right', key: hex(key), message: hex(message), signature: hex(signature), valid: true },
      ...badSignatures(signature).map(({ name, bytes }) => ({
        name,
        key: hex(key),
        message: hex(message),
        signature: hex(bytes),
        valid: false,
      })),
    ],
    badKeys: badKeys(key).map(({ name, bytes }) => ({ name, key: hex(bytes) })),
    possession: possessionCases(),
  }
}

function possessionCases(): JsonValue {
  const secret = secretOf('a key')
  const own = { chainId: CHAIN_ID, operator: OPERATOR }
  const { key, proof } = proveOfPossession(nobleG1Scheme, secret, own)
  const stranger = proveOfPossession(nobleG1Scheme, secretOf('another key'), own)
  const sum = nobleG1Scheme.addKeys([key, stranger.key])!
  const inOtherDomain = nobleG1Scheme.sign(secret, possessionBytes({ ...own, key }), ATTESTATION_DOMAIN)
  const entry = (name: string, valid: boolean, possession: Possession, given: Uint8Array): JsonValue => ({
    name,
    chainId: possession.chainId,
    operator: hex(possession.operator),
    key: hex(possession.key),
    bytes: hex(possessionBytes(possession)),
    domain: POSSESSION_DOMAIN,
    proof: hex(given),
    valid,
  })
  return [
    entry('right', true, { ...own, key }, proof),
    entry('for another operator', false, { ...own, operator: OTHER, key }, proof),
    entry('for another chain', false, { ...own, chainId: 'causeway-2', key }, proof),
    entry('of another key', false, { ...own, key: stranger.key }, proof),
    entry('for a sum of keys', false, { ...own, key: sum }, proof),
    entry('signed in the domain of attestations', false, { ...own, key }, inOtherDomain),
    entry('signed by another key', false, { ...own, key }, stranger.proof),
    ...badKeys(key)
      .filter(({ bytes }) => bytes.length === key.length)
      .map(({ name, bytes }) => entry(`of a key that is ${name}`, false, { ...own, key: bytes }, proof)),
  ]
}
