import { TxMsgData } from '@causeway/protocol/cosmos/base/abci/v1beta1/abci'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { encodeResponses } from './encode-responses.ts'

const generated = (msgResponses: readonly { typeUrl: string; value: Uint8Array }[]) =>
  TxMsgData.encode({ data: [], msgResponses: [...msgResponses] }).finish()

describe('encodeResponses', () => {
  it('writes what the generated codec writes', () => {
    const response = fc.record({
      typeUrl: fc.constantFrom('', '/a', '/causeway.markets.v1.MsgPlaceOrderResponse', `/${'é'.repeat(90)}`),
      value: fc.oneof(
        fc.uint8Array({ maxLength: 12 }),
        fc.uint8Array({ minLength: 60, maxLength: 300, size: 'max' }),
      ),
    })
    fc.assert(
      fc.property(fc.array(response, { maxLength: 8 }), (responses) => {
        expect(encodeResponses(responses)).toEqual(generated(responses))
      }),
    )
  })

  it.each([0, 1, 125, 126, 127, 128, 129, 16_381, 16_382, 16_383, 16_384, 70_000])(
    'writes lengths as they are: a value of %i bytes',
    (length) => {
      const responses = [{ typeUrl: '/x', value: new Uint8Array(length).fill(7) }]
      expect(encodeResponses(responses)).toEqual(generated(responses))
      expect(encodeResponses([...responses, ...responses])).toEqual(generated([...responses, ...responses]))
    },
  )

  it('writes nothing for nothing', () => {
    expect(encodeResponses([])).toEqual(new Uint8Array(0))
    expect(encodeResponses([{ typeUrl: '', value: new Uint8Array(0) }])).toEqual(Uint8Array.of(0x12, 0))
  })
})
