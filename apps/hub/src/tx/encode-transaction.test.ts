import { SignDoc } from '@causeway/protocol/cosmos/tx/v1beta1/tx'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { encodeSignDoc } from './encode-transaction.ts'

const bytes = fc.uint8Array({ maxLength: 300 })

describe('encodeSignDoc', () => {
  it('writes what the generated codec writes', () => {
    const documents = fc.record({
      bodyBytes: bytes,
      authInfoBytes: bytes,
      chainId: fc.string({ maxLength: 60 }),
      accountNumber: fc.oneof(fc.constant(0n), fc.bigInt(0n, 2n ** 64n - 1n)),
    })
    fc.assert(
      fc.property(documents, (document) => {
        expect(encodeSignDoc(document)).toEqual(SignDoc.encode(document).finish())
      }),
    )
  })
})
