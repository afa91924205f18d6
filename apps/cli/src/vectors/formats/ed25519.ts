import { createNativeSignatureVerifier, verifyEd25519 } from '@causeway/light-clients'
import { fromHex, utf8 } from '@causeway/primitives'
import { expectSame } from '../expectations.ts'
import { isListOf, textAt, type JsonObject } from '../json-shape.ts'
import type { VectorCase, VectorFormat } from '../vector-file.ts'

/**
 * Ed25519 edge cases under ZIP-215, in three public shapes: small-order points (`valid_zip215`), C2SP's CCTV
 * (`flags`) and "Taming the many EdDSAs" (twelve in order).
 */
export const ed25519Format: VectorFormat = {
  name: 'ed25519-zip215',
  recognise({ json }) {
    if (isListOf(json, 'vk_bytes', 'sig_bytes', 'valid_zip215')) return { cases: json.map(smallOrderCase) }
    if (isListOf(json, 'key', 'sig', 'msg', 'flags')) return { cases: json.map(cctvCase) }
    if (isListOf(json, 'message', 'pub_key', 'signature')) return { cases: json.map(speccheckCase) }
    return undefined
  },
}

const nativeVerifier = createNativeSignatureVerifier()
const SMALL_ORDER_MESSAGE = utf8('Zcash')
/** S not reduced twice, and a non-canonical R that was hashed in its canonical form. */
const SPECCHECK_REFUSED = [6, 7, 8]

function smallOrderCase(vector: JsonObject, index: number): VectorCase {
  return signatureCase(`#${index}`, () => ({
    publicKey: hex(vector, 'vk_bytes'),
    message: SMALL_ORDER_MESSAGE,
    signature: hex(vector, 'sig_bytes'),
    expected: vector.valid_zip215 === true,
  }))
}

function cctvCase(vector: JsonObject, index: number): VectorCase {
  const flags = Array.isArray(vector.flags) ? (vector.flags as unknown[]) : []
  return signatureCase(`#${String(vector.number ?? index)}`, () => ({
    publicKey: hex(vector, 'key'),
    message: utf8(textAt(vector, 'msg')),
    signature: hex(vector, 'sig'),
    // Signed with k over R's canonical form; only a key of low order makes k irrelevant.
    expected: !flags.includes('reencoded_k') || flags.includes('low_order_A'),
  }))
}

function speccheckCase(vector: JsonObject, index: number): VectorCase {
  return signatureCase(`#${index}`, () => ({
    publicKey: hex(vector, 'pub_key'),
    message: hex(vector, 'message'),
    signature: hex(vector, 'signature'),
    expected: !SPECCHECK_REFUSED.includes(index),
  }))
}

interface SignatureVector {
  publicKey: Uint8Array
  message: Uint8Array
  signature: Uint8Array
  expected: boolean
}

function signatureCase(name: string, read: () => SignatureVector): VectorCase {
  return {
    name,
    run() {
      const { publicKey, message, signature, expected } = read()
      expectSame('the verdict', verifyEd25519(publicKey, message, signature), expected)
      const native = nativeVerifier([{ publicKey, message, signature }]) === undefined
      expectSame('the verdict with the native fast path', native, expected)
    },
  }
}

function hex(vector: JsonObject, name: string): Uint8Array {
  return fromHex(textAt(vector, name))
}
