import { sha256, toHex, utf8 } from '@causeway/primitives'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { encodeTowerSync } from './encode-tower-sync.ts'
import { decodeTowerSync } from './tower-sync.ts'

const BANK_HASH = sha256(utf8('bank'))

describe('a tower that is written', () => {
  it('has the bytes of the vote program', () => {
    const data = encodeTowerSync({
      root: 5n,
      lockouts: [
        { slot: 6n, confirmations: 2 },
        { slot: 206n, confirmations: 1 },
      ],
      bankHash: BANK_HASH,
      timestamp: 9n,
    })
    expect(toHex(data)).toBe(
      `0e000000050000000000000002${'0102c80101'}${toHex(BANK_HASH)}010900000000000000${'00'.repeat(32)}`,
    )
  })

  it('is read as it was written', () => {
    const offsets = fc.array(fc.bigInt(1n, 1n << 40n), { minLength: 1, maxLength: 31 })
    const root = fc.option(fc.bigInt(0n, 1n << 40n), { nil: undefined })
    const timestamp = fc.option(fc.bigInt(-(1n << 40n), 1n << 40n), { nil: undefined })
    fc.assert(
      fc.property(root, offsets, timestamp, fc.boolean(), (from, steps, seconds, isSwitch) => {
        let slot = from ?? 0n
        const lockouts = steps.map((step, i) => {
          slot += step
          return { slot, confirmations: steps.length - i }
        })
        const blockId = sha256(utf8(`block ${slot}`))
        const unsigned = seconds === undefined ? undefined : BigInt.asUintN(64, seconds)
        const fields = { root: from, lockouts, bankHash: BANK_HASH, blockId }
        const tower = decodeTowerSync(encodeTowerSync({ ...fields, timestamp: unsigned, isSwitch }))
        expect(tower).toEqual({ ...fields, slot, timestamp: seconds })
      }),
      { numRuns: 200 },
    )
  })
})
