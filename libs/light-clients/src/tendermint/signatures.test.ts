import { createPublicKey, verify } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { ed25519 } from '@noble/curves/ed25519.js'
import { secp256k1 } from '@noble/curves/secp256k1.js'
import { sha512 } from '@noble/hashes/sha2.js'
import { describe, expect, it } from 'vitest'
import { concatBytes, fromHex, utf8 } from '@causeway/primitives'
import { createNativeSignatureVerifier, sodiumAccepts } from './native-signatures.ts'
import {
  createSignatureVerifier,
  verifyEd25519,
  verifySecp256k1,
  verifyWithKey,
  type VerifySignature,
} from './signatures.ts'

const secret = new Uint8Array(32).fill(9)
const publicKey = ed25519.getPublicKey(secret)
const message = utf8('a vote')
const signature = ed25519.sign(message, secret)
const ORDER = 2n ** 252n + 27742317777372353535851937790883648493n

const DER_PREFIX = fromHex('302a300506032b6570032100')
const opensslAccepts: VerifySignature = (key, text, sig) => {
  try {
    const spki = createPublicKey({
      key: Buffer.from(concatBytes(DER_PREFIX, key)),
      format: 'der',
      type: 'spki',
    })
    return verify(null, text, spki, sig)
  } catch {
    return false
  }
}

function flipped(bytes: Uint8Array, at: number): Uint8Array {
  return bytes.map((byte, i) => (i === at ? byte ^ 1 : byte))
}

/** The same signature with L added to S: malleable where S is not required to be reduced. */
function malleated(): Uint8Array {
  let s = 0n
  for (let i = 63; i >= 32; i--) s = (s << 8n) | BigInt(signature[i]!)
  s += ORDER
  const out = signature.slice()
  for (let i = 32; i < 64; i++, s >>= 8n) out[i] = Number(s & 0xffn)
  return out
}

describe.each([
  ['the reference', createSignatureVerifier()],
  ['libsodium first', createNativeSignatureVerifier()],
  ['OpenSSL first', createSignatureVerifier({ ed25519: opensslAccepts })],
])('Ed25519 with %s', (_, verifySignatures) => {
  const check = (key: Uint8Array, text: Uint8Array, sig: Uint8Array) =>
    verifySignatures([{ publicKey: key, message: text, signature: sig }]) === undefined

  it('accepts what was signed and nothing that differs by a bit', () => {
    expect(check(publicKey, message, signature)).toBe(true)
    for (const at of [0, 31, 32, 63]) expect(check(publicKey, message, flipped(signature, at))).toBe(false)
    for (const at of [0, 5]) expect(check(publicKey, flipped(message, at), signature)).toBe(false)
    expect(check(flipped(publicKey, 3), message, signature)).toBe(false)
  })

  it('refuses the malleated signature', () => {
    expect(check(publicKey, message, malleated())).toBe(false)
  })

  it('refuses other lengths without throwing', () => {
    for (const length of [0, 31, 33, 63, 65]) {
      expect(check(new Uint8Array(length), message, signature)).toBe(false)
      expect(check(publicKey, message, new Uint8Array(length))).toBe(false)
    }
  })

  it('names the first that does not hold', () => {
    const good = { publicKey, message, signature }
    const bad = { publicKey, message, signature: flipped(signature, 1) }
    expect(verifySignatures([good, good])).toBeUndefined()
    expect(verifySignatures([good, bad, bad])).toBe(1)
    expect(verifySignatures([])).toBeUndefined()
  })
})

const vectors = new URL('../../../../../shared/vectors/ed25519-zip215/', import.meta.url)

describe('fast accepts against the reference', () => {
  it('accept a subset of what ZIP-215 accepts, on the public edge cases', () => {
    const file = new URL('cctv_ed25519vectors.json', vectors)
    if (!existsSync(file)) {
      process.stdout.write('skipped: ../shared/vectors/ed25519-zip215 is not beside this checkout\n')
      return
    }
    const cases = JSON.parse(readFileSync(file, 'utf8')) as { key: string; sig: string; msg: string }[]
    const counts = { reference: 0, sodium: 0, openssl: 0 }
    for (const { key, sig, msg } of cases) {
      const args = [fromHex(key), utf8(msg), fromHex(sig)] as const
      const accepted = verifyEd25519(...args)
      const [sodium, openssl] = [sodiumAccepts(...args), opensslAccepts(...args)]
      if (sodium || openssl) expect(accepted, `${key} ${sig}`).toBe(true)
      counts.reference += Number(accepted)
      counts.sodium += Number(sodium)
      counts.openssl += Number(openssl)
    }
    // Both are stricter: a verdict taken from them alone would fork the chain.
    expect(counts.sodium).toBeLessThan(counts.reference)
    expect(counts.openssl).toBeLessThan(counts.reference)
    expect(counts.sodium + counts.openssl).toBeGreaterThan(0)
    process.stdout.write(`ed25519: ${cases.length} edge cases, accepted ${JSON.stringify(counts)}\n`)
  })
})

/**
 * What libsodium accepts, said as mathematics: canonical encodings of points of large order, S below the
 * order, and S·B = R + h·A exactly.
 */
function isStrict(key: Uint8Array, text: Uint8Array, sig: Uint8Array): boolean {
  const { Point } = ed25519
  const number = (bytes: Uint8Array) => bytes.reduceRight((sum, byte) => sum * 256n + BigInt(byte), 0n)
  try {
    const [A, R] = [Point.fromBytes(key, false), Point.fromBytes(sig.slice(0, 32), false)]
    const S = number(sig.subarray(32))
    if (A.isSmallOrder() || R.isSmallOrder() || S >= ORDER) return false
    const h = number(sha512(concatBytes(sig.subarray(0, 32), key, text))) % ORDER
    return Point.BASE.multiplyUnsafe(S).equals(R.add(A.multiplyUnsafe(h)))
  } catch {
    return false
  }
}

describe('libsodium', () => {
  it('refuses, which costs more gas, by a rule that no version of it may change', () => {
    const file = new URL('cctv_ed25519vectors.json', vectors)
    if (!existsSync(file)) {
      process.stdout.write('skipped: ../shared/vectors/ed25519-zip215 is not beside this checkout\n')
      return
    }
    const cases = JSON.parse(readFileSync(file, 'utf8')) as { key: string; sig: string; msg: string }[]
    for (const { key, sig, msg } of cases) {
      const args = [fromHex(key), utf8(msg), fromHex(sig)] as const
      expect(sodiumAccepts(...args), `${key} ${sig}`).toBe(isStrict(...args))
    }
  })

  it('accepts what is signed as it should be', () => {
    for (let i = 0; i < 20; i++) {
      const own = new Uint8Array(32).fill(i + 1)
      const args = [
        ed25519.getPublicKey(own),
        utf8(`vote ${i}`),
        ed25519.sign(utf8(`vote ${i}`), own),
      ] as const
      expect([sodiumAccepts(...args), isStrict(...args)]).toEqual([true, true])
    }
  })
})

describe('secp256k1', () => {
  const own = new Uint8Array(32).fill(5)
  const key = secp256k1.getPublicKey(own, true)
  const sig = secp256k1.sign(message, own, { prehash: true, lowS: true, format: 'compact' })

  it('accepts R ‖ S over SHA-256, S in the lower half only', () => {
    expect(verifySecp256k1(key, message, sig)).toBe(true)
    expect(verifyWithKey({ type: 'secp256k1', bytes: key }, message, sig, createSignatureVerifier())).toBe(
      true,
    )
    const n = secp256k1.Point.Fn.ORDER
    let s = BigInt(`0x${Buffer.from(sig.subarray(32)).toString('hex')}`)
    s = n - s
    const high = concatBytes(sig.subarray(0, 32), fromHex(s.toString(16).padStart(64, '0')))
    expect(verifySecp256k1(key, message, high)).toBe(false)
  })

  it('refuses what differs, and what is no signature or no key', () => {
    expect(verifySecp256k1(key, flipped(message, 0), sig)).toBe(false)
    expect(verifySecp256k1(key, message, flipped(sig, 9))).toBe(false)
    for (const length of [0, 63, 65, 70])
      expect(verifySecp256k1(key, message, new Uint8Array(length))).toBe(false)
    expect(verifySecp256k1(key, message, new Uint8Array(64))).toBe(false)
    expect(verifySecp256k1(new Uint8Array(33), message, sig)).toBe(false)
  })

  it('is another key than an Ed25519 one of the same bytes', () => {
    expect(
      verifyWithKey({ type: 'ed25519', bytes: publicKey }, message, signature, createSignatureVerifier()),
    ).toBe(true)
    expect(
      verifyWithKey({ type: 'ed25519', bytes: publicKey }, message, sig, createSignatureVerifier()),
    ).toBe(false)
  })
})
