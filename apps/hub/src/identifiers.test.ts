import { toBech32 } from '@causeway/primitives'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createAddressCodec, sameHolder, zoneId } from './identifiers.ts'
import { refusal } from './testing/refusal.fixture.ts'

const codec = createAddressCodec('cway')
const account = Uint8Array.from({ length: 20 }, (_, i) => i)
const text = codec.encode(account)

describe('addresses', () => {
  it('are bech32 of 20 bytes, both ways', () => {
    expect(text).toBe(toBech32('cway', account))
    expect(codec.decode(text)).toEqual(account)
    expect(codec.decode(text)).toEqual(account)
    expect(codec.encode(account)).toBe(text)
  })

  it('of another form are refused', () => {
    const wrong = [
      '',
      'cway1',
      text.toUpperCase(),
      `${text} `,
      text.slice(0, -1),
      `${text.slice(0, -1)}${text.endsWith('q') ? 'p' : 'q'}`,
      toBech32('zone', account),
      toBech32('cway', account.slice(1)),
      toBech32('cway', new Uint8Array(32)),
      `${text}/0`,
      'x'.repeat(100_000),
    ]
    for (const address of wrong) expect(refusal(() => codec.decode(address))).toBe('identifiers/1')
  })
})

describe('holders', () => {
  it('name a subaccount after a slash', () => {
    expect(codec.decodeHolder(text)).toEqual({ account, subaccount: 0 })
    expect(codec.decodeHolder(`${text}/3`)).toEqual({ account, subaccount: 3 })
    expect(codec.decodeHolder(`${text}/65535`)).toEqual({ account, subaccount: 65_535 })
    expect(codec.encodeHolder({ account, subaccount: 0 })).toBe(text)
    expect(codec.encodeHolder({ account, subaccount: 7 })).toBe(`${text}/7`)
  })

  it('and nothing else', () => {
    for (const suffix of ['/', '/03', '/-1', '/+1', '/65536', '/99999', '/1/2', '/1 ', '/0x1', '/１']) {
      expect(refusal(() => codec.decodeHolder(text + suffix))).toBe('identifiers/2')
    }
    expect(refusal(() => codec.decodeHolder(`/3`))).toBe('identifiers/1')
  })

  it('read back what was written', () => {
    const holders = fc.record({
      account: fc.uint8Array({ minLength: 20, maxLength: 20 }),
      subaccount: fc.integer({ min: 0, max: 65_535 }),
    })
    fc.assert(
      fc.property(holders, (holder) => sameHolder(codec.decodeHolder(codec.encodeHolder(holder)), holder)),
    )
  })

  it('differ by account and by subaccount', () => {
    expect(sameHolder({ account, subaccount: 1 }, { account, subaccount: 2 })).toBe(false)
    expect(sameHolder({ account, subaccount: 1 }, { account: new Uint8Array(20), subaccount: 1 })).toBe(false)
  })
})

describe('zoneId', () => {
  it('has the zone in the top 16 bits', () => {
    expect(zoneId(0, 5n)).toBe(5n)
    expect(zoneId(1, 5n)).toBe((1n << 48n) + 5n)
    expect(zoneId(65_535, (1n << 48n) - 1n)).toBe((1n << 64n) - 1n)
  })

  it('refuses what would spill over', () => {
    for (const [zone, number] of [
      [-1, 1n],
      [65_536, 1n],
      [0, 0n],
      [0, 1n << 48n],
      [1.5, 1n],
    ] as const) {
      expect(() => zoneId(zone, number)).toThrow()
    }
  })
})
