import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { sviFromIntegers, sviToIntegers } from './svi-integers.ts'
import type { SviIntegers } from './svi-integers.ts'

const SMILE: SviIntegers = {
  aE12: 6_000_000_000n,
  bE12: 2_000_000_000n,
  rhoE12: -100_000_000_000n,
  mE12: 0n,
  sigmaE12: 200_000_000_000n,
  forwardRefE9: 3_000_000_000_000n,
  tauRefSeconds: 604_800n,
}

describe('a smile of integers', () => {
  it('is the surface in units', () => {
    expect(sviFromIntegers(SMILE)).toEqual({
      ...{ a: 0.006, b: 0.002, rho: -0.1, m: 0, sigma: 0.2 },
      ...{ forward: 3_000, tau: 7 / 365 },
    })
  })

  it('comes back whole from its doubles', () => {
    const small = fc.bigInt(-(10n ** 13n), 10n ** 13n)
    const smiles = fc.record({
      ...{ aE12: small, bE12: small, rhoE12: small, mE12: small, sigmaE12: small },
      forwardRefE9: fc.bigInt(1n, 10n ** 15n),
      tauRefSeconds: fc.bigInt(1n, 10n ** 9n),
    })
    fc.assert(
      fc.property(smiles, (smile) => {
        expect(sviToIntegers(sviFromIntegers(smile))).toEqual(smile)
      }),
    )
  })

  it('rounds to the nearest', () => {
    const surface = { ...sviFromIntegers(SMILE), a: 1.4e-12, b: 1.6e-12, tau: 1.6 / (365 * 86_400) }
    expect(sviToIntegers(surface)).toEqual({ ...SMILE, aE12: 1n, bE12: 2n, tauRefSeconds: 2n })
  })
})
