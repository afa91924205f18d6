import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { SYMBOL_LENGTH_MAX, isUnderlyingName, parseSymbol, symbolOf } from './symbols.ts'
import type { Instrument } from './types.ts'

const E9 = 1_000_000_000n
const MARCH_27 = 1_774_598_400n
const undated = { underlying: 'ETH', expirySeconds: 0n, strikeE9: 0n, isCall: false } as const
const option = {
  ...undated,
  kind: 'option',
  expirySeconds: MARCH_27,
  strikeE9: 3_000n * E9,
  isCall: true,
} as const

const known: [string, Instrument][] = [
  ['ETH-PERP', { ...undated, kind: 'perpetual' }],
  ['ETH-SPOT', { ...undated, kind: 'spot' }],
  ['ETH-20260327', { ...undated, kind: 'future', expirySeconds: MARCH_27 }],
  ['ETH-20260327-3000-C', option],
  ['ETH-20260327-3000-P', { ...option, isCall: false }],
  ['ETH-20260327-0_5-P', { ...option, strikeE9: E9 / 2n, isCall: false }],
  ['ETH-20260327-2_25-C', { ...option, strikeE9: 2_250_000_000n }],
  ['ETH-20260327-0_000000001-C', { ...option, strikeE9: 1n }],
  ['1INCH-PERP', { ...undated, underlying: '1INCH', kind: 'perpetual' }],
]

describe('a symbol', () => {
  it.each(known)('%s', (symbol, instrument) => {
    expect(symbolOf(instrument)).toBe(symbol)
    expect(parseSymbol(symbol)).toEqual(instrument)
  })

  it.each([
    ['no parts', 'ETH'],
    ['small letters', 'eth-PERP'],
    ['another kind', 'ETH-SWAP'],
    ['no name', '-PERP'],
    ['too long a name', 'ABCDEFGHIJKLMNOPQ-PERP'],
    ['a sign in the name', 'E.TH-PERP'],
    ['a day that is not', 'ETH-20260230'],
    ['no leap year', 'ETH-20270229'],
    ['a month that is not', 'ETH-20261301'],
    ['month 0', 'ETH-20260001'],
    ['day 0', 'ETH-20260300'],
    ['before 1970', 'ETH-19691231'],
    ['a short date', 'ETH-260327'],
    ['an option without side', 'ETH-20260327-3000'],
    ['a side that is not', 'ETH-20260327-3000-X'],
    ['a leading zero', 'ETH-20260327-03000-C'],
    ['a trailing zero', 'ETH-20260327-3000_50-C'],
    ['a point', 'ETH-20260327-0.5-C'],
    ['an empty fraction', 'ETH-20260327-1_-C'],
    ['no whole part', 'ETH-20260327-_5-C'],
    ['a strike of 0', 'ETH-20260327-0-C'],
    ['a strike beyond a u64', 'ETH-20260327-18446744074-C'],
    ['ten decimals', 'ETH-20260327-0_0000000001-C'],
    ['space around', ' ETH-PERP'],
    ['a line more', 'ETH-PERP\n'],
    ['very long', `ETH-${'9'.repeat(100_000)}`],
    ['nothing', ''],
  ])('is not read with %s', (_, text) => {
    expect(parseSymbol(text)).toBeUndefined()
  })

  const instruments = fc
    .record({
      kind: fc.constantFrom('perpetual', 'future', 'option', 'spot'),
      underlying: fc.stringMatching(/^[A-Z0-9]{1,16}$/),
      day: fc.bigInt(0n, 2_932_896n),
      strikeE9: fc.oneof(
        fc.bigInt(1n, (1n << 64n) - 1n),
        fc.bigInt(1n, 10n ** 6n).map((n) => n * 1_000_000n),
      ),
      isCall: fc.boolean(),
    })
    .map(({ kind, underlying, day, strikeE9, isCall }): Instrument => {
      const isDated = kind === 'future' || kind === 'option'
      return {
        kind,
        underlying,
        expirySeconds: isDated ? day * 86_400n + 28_800n : 0n,
        strikeE9: kind === 'option' ? strikeE9 : 0n,
        isCall: kind === 'option' && isCall,
      }
    })

  it('reads what it writes', () => {
    fc.assert(
      fc.property(instruments, (instrument) => {
        const symbol = symbolOf(instrument)
        expect(symbol.length).toBeLessThanOrEqual(SYMBOL_LENGTH_MAX)
        expect(parseSymbol(symbol)).toEqual(instrument)
      }),
      { numRuns: 2_000 },
    )
  })

  it('writes what it reads: no two symbols of one instrument', () => {
    const near = fc.stringMatching(
      /^[A-Z0]{1,3}-(PERP|SPOT|20[0-3][0-9][01][0-9][0-3][0-9](-[0-9]{1,3}(_[0-9]{1,3})?-[CP])?)$/,
    )
    fc.assert(
      fc.property(near, (text) => {
        const read = parseSymbol(text)
        if (read !== undefined) expect(symbolOf(read)).toBe(text)
      }),
      { numRuns: 2_000 },
    )
  })

  it('is made of what has one', () => {
    expect(() => symbolOf({ ...option, underlying: 'eth' })).toThrow('underlying')
    expect(() => symbolOf({ ...option, expirySeconds: MARCH_27 + 1n })).toThrow('08:00')
    expect(() => symbolOf({ ...option, strikeE9: 0n })).toThrow('strike')
    expect(() => symbolOf({ ...option, strikeE9: 1n << 64n })).toThrow('strike')
    expect(['BTC', '', 'A'.repeat(17), 'b', 'A-B'].map(isUnderlyingName)).toEqual([
      true,
      false,
      false,
      false,
      false,
    ])
  })
})
