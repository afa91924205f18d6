import type { JsonValue } from '@causeway/primitives'
import { isProtocolError, sha256, utf8 } from '@causeway/primitives'
import { attestationBytes } from '../../src/attestation/attestation-bytes.ts'
import { nobleG1Scheme } from '../../src/attestation/bls/noble-scheme.ts'
import { verifyAttestationEvidence } from '../../src/attestation/evidence.ts'
import type { AttestationEvidence } from '../../src/attestation/evidence.ts'
import { FOUR, aggregateOf, hex, messageAt, messageJson } from './cast.ts'

const RECORDED = messageAt(1_000n, FOUR)
const FALSE = { ...RECORDED, appHash: sha256(utf8('forged')) }
const KEYS = FOUR.attestors.map(({ key }) => key)

/** What counts as evidence of a false attestation, and what does not. */
export function evidenceVectors(): JsonValue {
  const signed = (message: typeof RECORDED, absent: number[]) => ({
    message,
    keys: KEYS.filter((_, i) => !absent.includes(i)),
    signature: aggregateOf(FOUR.attestors, message, absent),
  })
  const one = signed(FALSE, [1, 2, 3])
  return {
    what: 'one valid signature over other bytes than those recorded for the height',
    recorded: { message: messageJson(RECORDED), bytes: hex(attestationBytes(RECORDED)) },
    cases: [
      evidence('one attestor, another app hash', one),
      evidence('three attestors, another app hash', signed(FALSE, [3])),
      evidence('another time', signed({ ...RECORDED, timeSeconds: 1n }, [1, 2, 3])),
      evidence('another next set', signed({ ...RECORDED, nextSetHash: sha256(utf8('mine')) }, [1, 2, 3])),
      evidence('a height that the chain has not begun', signed(messageAt(9_999n, FOUR), [1, 2, 3]), false),
      evidence('the attestation of the chain', signed(RECORDED, [1, 2, 3])),
      evidence('another key is blamed', { ...one, keys: [KEYS[1]!] }),
      evidence('a key more is blamed', { ...one, keys: [KEYS[0]!, KEYS[1]!] }),
      evidence('a key is named twice', { ...one, keys: [KEYS[0]!, KEYS[0]!] }),
      evidence('nobody is blamed', { ...one, keys: [] }),
      evidence('signed for another chain', {
        ...signed({ ...FALSE, chainId: 'causeway-2' }, [1, 2, 3]),
        message: FALSE,
      }),
    ],
  }
}

function evidence(name: string, given: AttestationEvidence, isRecorded = true): JsonValue {
  const error = errorOf(given, isRecorded ? attestationBytes(RECORDED) : undefined)
  return {
    name,
    message: messageJson(given.message),
    keys: given.keys.map((key) => hex(key)),
    signature: hex(given.signature),
    isRecorded,
    ...(error === undefined ? { valid: true } : { valid: false, error }),
  }
}

function errorOf(given: AttestationEvidence, recorded: Uint8Array | undefined): string | undefined {
  try {
    verifyAttestationEvidence(nobleG1Scheme, given, recorded)
    return undefined
  } catch (error) {
    if (isProtocolError(error)) return `${error.codespace}/${error.code}`
    throw error
  }
}
