import { toBech32 } from '@causeway/primitives'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addressBytes, addressOf, checkSubaccount, holderText } from './address.ts'
import { errorCode } from './testing/error-code.fixture.ts'

const id = Uint8Array.from({ length: 20 }, (_, i) => i)
const address = addressOf(id)

describe('addresses', () => {
  it('are read as they are written', () => {
    expect(address).toMatch(/^cway1/)
    expect(addressBytes(address)).toEqual(id)
  })

  it.each([
    toBech32('cosmos', id),
    toBech32('cway', id.subarray(1)),
    address.toUpperCase(),
    address.slice(0, -1),
    `${address}/3`,
    '',
    'x'.repeat(200),
  ])('%s is none', (text) => {
    expect(errorCode(() => addressBytes(text))).toBe('client/20')
  })

  it('name subaccounts, but for the first', () => {
    expect(holderText(address)).toBe(address)
    expect(holderText(address, 3)).toBe(`${address}/3`)
    for (const number of [-1, 1.5, 65_536, NaN]) {
      expect(errorCode(() => checkSubaccount(number))).toBe('client/20')
    }
  })

  it('of any 20 bytes come back; one wrong letter is found', () => {
    const ids = fc.uint8Array({ minLength: 20, maxLength: 20 })
    fc.assert(
      fc.property(
        ids,
        fc.nat(),
        fc.constantFrom(...'qpzry9x8gf2tvdw0s3jn54khce6mua7l'),
        (bytes, at, letter) => {
          const text = addressOf(bytes)
          expect(addressBytes(text)).toEqual(Uint8Array.from(bytes))
          const place = 5 + (at % (text.length - 5))
          const other = text.slice(0, place) + letter + text.slice(place + 1)
          if (other !== text) expect(errorCode(() => addressBytes(other))).toBe('client/20')
        },
      ),
    )
  })

  it('of any other text are refused by name', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.anything()), (text) => {
        expect(errorCode(() => addressBytes(text as string))).toBe('client/20')
      }),
    )
  })
})
