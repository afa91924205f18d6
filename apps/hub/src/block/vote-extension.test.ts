import fc from 'fast-check'
import { VoteExtension } from '@causeway/protocol/causeway/block/v1/block'
import { describe, expect, it } from 'vitest'
import { testValidators } from '../testing/validators.fixture.ts'
import { decodeVote, decodeVoteExtension } from './vote-extension.ts'

const empty = VoteExtension.fromPartial({})
const [validator] = testValidators([1n])

describe('a vote extension', () => {
  it('has the fields of all parts', () => {
    const extension = VoteExtension.fromPartial({
      prices: [{ asset: 2n, priceE9: 5n, publishTimeSeconds: 9n }],
      attestationSignature: new Uint8Array(96).fill(7),
      lateAttestation: { height: 3n, signature: Uint8Array.of(1) },
    })
    expect(decodeVoteExtension(VoteExtension.encode(extension).finish())).toEqual(extension)
  })

  it('that cannot be decoded is nothing, whatever the bytes', () => {
    expect(decodeVoteExtension(new Uint8Array(0))).toEqual(empty)
    expect(decodeVoteExtension(Uint8Array.of(1, 2, 3))).toBeUndefined()
    fc.assert(fc.property(fc.uint8Array(), (bytes) => (decodeVoteExtension(bytes), true)))
  })

  it('of a field that nobody knows is nothing', () => {
    expect(decodeVoteExtension(Uint8Array.of(0x7a, 1, 0))).toBeUndefined()
  })

  it('is empty for whoever takes it when it cannot be decoded', () => {
    const extension = Uint8Array.of(1, 2, 3)
    expect(decodeVote({ validator: validator!, extension })).toEqual({ validator, extension: empty })
  })
})
