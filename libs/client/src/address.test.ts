import { toBech32 } from '@causeway/primitives'
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
})
