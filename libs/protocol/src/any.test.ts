import { isProtocolError } from '@causeway/primitives'
import { describe, expect, it } from 'vitest'
import { packAny, unpackAny } from './any.ts'
import { isCanonical } from './codec.ts'
import { PubKey } from './generated/cosmos/crypto/secp256k1/keys.ts'
import { Height } from './generated/ibc/core/client/v1/client.ts'
import { heightOf } from './height.ts'

const key = PubKey.fromPartial({ key: new Uint8Array(33).fill(2) })
const typeName = 'cosmos.crypto.secp256k1.PubKey'

function refusal(act: () => unknown): string {
  try {
    act()
    return 'accepted'
  } catch (error) {
    if (!isProtocolError(error)) throw error
    return `${error.codespace}/${error.code} ${error.message}`
  }
}

describe('Any', () => {
  it('opens what was packed', () => {
    const any = packAny(`/${typeName}`, PubKey.encode(key).finish())
    expect(unpackAny(PubKey, typeName, any)).toEqual(key)
  })

  it('refuses another type before decoding', () => {
    const any = packAny('/cosmos.crypto.ed25519.PubKey', new Uint8Array([0xff]))
    expect(refusal(() => unpackAny(PubKey, typeName, any))).toBe(
      'protocol/31 expected /cosmos.crypto.secp256k1.PubKey, got "/cosmos.crypto.ed25519.PubKey"',
    )
    expect(refusal(() => unpackAny(PubKey, typeName, packAny(typeName, new Uint8Array())))).toMatch(
      'protocol/31',
    )
  })

  it('decodes strictly, within limits', () => {
    const any = packAny(`/${typeName}`, PubKey.encode(key).finish())
    expect(refusal(() => unpackAny(PubKey, typeName, any, { maxBytes: 34 }))).toMatch('protocol/1 ')
    const trailing = packAny(any.typeUrl, Uint8Array.from([...any.value, 0]))
    expect(refusal(() => unpackAny(PubKey, typeName, trailing))).toMatch('protocol/12')
  })

  it('keeps a huge type URL out of its error', () => {
    const any = packAny('/'.repeat(1_000_000), new Uint8Array())
    expect(refusal(() => unpackAny(PubKey, typeName, any)).length).toBeLessThan(250)
  })
})

describe('isCanonical', () => {
  it('tells our encoding from others of the same message', () => {
    expect(isCanonical(Height, Height.encode(heightOf(1n, 2n)).finish())).toBe(true)
    expect(isCanonical(Height, Uint8Array.from([0x10, 2, 0x08, 1]))).toBe(false)
    expect(isCanonical(Height, Uint8Array.from([0x08, 0]))).toBe(false)
    expect(isCanonical(Height, new Uint8Array())).toBe(true)
  })
})
