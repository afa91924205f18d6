import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { feeFor, gasLimitFor, parseGasPrice, reckonedGas } from './gas.ts'
import type { GasSettings } from './gas.ts'

const settings: GasSettings = {
  mode: 'simulate',
  adjustmentPerMille: 1_300n,
  perMessage: { update: 300_000n, recv: 250_000n, ack: 200_000n, timeout: 150_000n },
  price: { numerator: 25n, denominator: 1_000n, denom: 'ucway' },
  gasMax: 1_000_000n,
}
const messages = ['MsgUpdateClient', 'MsgRecvPacket', 'MsgAcknowledgement', 'MsgTimeout'].map((name) => ({
  typeUrl: `/ibc.${name}`,
  value: new Uint8Array(),
}))

describe('gas', () => {
  it('is what was simulated with its margin, or the configured sum, and never above the maximum', () => {
    expect(gasLimitFor(settings, messages, 100_001n)).toBe(130_002n)
    expect(gasLimitFor(settings, messages.slice(1), undefined)).toBe(680_000n)
    expect(gasLimitFor(settings, messages, 900_000n)).toBe(1_000_000n)
  })

  it('is reckoned by size where a message is too large to be simulated', () => {
    const sized = (bytes: number) => ({ typeUrl: '/ibc.MsgUpdateClient', value: new Uint8Array(bytes) })
    expect(reckonedGas([sized(200_000), sized(10)])).toBeUndefined()
    expect(reckonedGas([sized(330_000), sized(10)])).toBe(80_000n + 18n * 330_010n)
    // The largest transaction that the hub takes stays below what it lets one use, with its margin.
    const largest = gasLimitFor({ ...settings, gasMax: 100_000_000n }, [], reckonedGas([sized(1_048_576)]))
    expect(largest).toBeLessThan(25_000_000n)
  })

  it('costs its price, rounded up', () => {
    expect(feeFor(settings, 100_001n)).toBe(2_501n)
    expect(feeFor({ ...settings, price: { numerator: 0n, denominator: 1n, denom: 'x' } }, 5n)).toBe(0n)
  })

  it('prices are read exactly', () => {
    expect(parseGasPrice('0.025ucway')).toEqual({ numerator: 25n, denominator: 1000n, denom: 'ucway' })
    expect(parseGasPrice('3ibc/ABC')).toEqual({ numerator: 3n, denominator: 1n, denom: 'ibc/ABC' })
    for (const text of ['', 'ucway', '0.1', '-1ucway', '.5ucway']) expect(parseGasPrice(text)).toBeUndefined()
  })

  it('a fee always covers the price', () => {
    fc.assert(
      fc.property(fc.bigInt(1n, 10n ** 9n), fc.bigInt(0n, 10n ** 6n), (gas, numerator) => {
        const price = { numerator, denominator: 1_000_000n, denom: 'u' }
        expect(feeFor({ ...settings, price }, gas) * price.denominator).toBeGreaterThanOrEqual(
          gas * numerator,
        )
      }),
    )
  })
})
