import { nobleG1Scheme } from '@causeway/light-clients'
import { fromHex, toHex } from '@causeway/primitives'
import { describe, expect, it } from 'vitest'
import { attestorSecret, generateAttestorKey } from './attestor-key.ts'

describe('the key file of an attestor', () => {
  it('holds a key of any 32 random bytes', () => {
    for (const fill of [1, 0x3f, 0xff]) {
      const key = generateAttestorKey(new Uint8Array(32).fill(fill))
      const secret = attestorSecret(key)!
      expect(toHex(nobleG1Scheme.publicKey(secret))).toBe(key.bls_public_key)
      expect(nobleG1Scheme.isKey(fromHex(key.bls_public_key))).toBe(true)
    }
    expect(() => generateAttestorKey(new Uint8Array(31))).toThrow('32 bytes')
  })

  it('is refused when it is none, or its halves are of two keys', () => {
    const [one, other] = [1, 2].map((fill) => generateAttestorKey(new Uint8Array(32).fill(fill)))
    expect(attestorSecret({ ...one, bls_public_key: other!.bls_public_key })).toBeUndefined()
    for (const bad of ['', 'ff'.repeat(32), '00'.repeat(32), 'AA'.repeat(32)])
      expect(attestorSecret({ ...one, bls_secret: bad })).toBeUndefined()
    for (const bad of [undefined, null, {}, 'text', { bls_secret: 5 }])
      expect(attestorSecret(bad)).toBeUndefined()
  })
})
