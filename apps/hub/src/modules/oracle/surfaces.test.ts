// Surfaces from votes: validators that agree, disagree, lie, know different expiries, or say nothing.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { sviFromIntegers, sviToIntegers, sviVolatility } from '@causeway/margin'
import { VoteExtension } from '@causeway/protocol/causeway/block/v1/block'
import type { ExpirySmile, SurfaceVote } from '@causeway/protocol/causeway/oracle/v1/oracle'
import { QuerySurfaceRequest, QuerySurfaceResponse } from '@causeway/protocol/causeway/oracle/v1/query'
import type { ProvenVote } from '../../block/composition.ts'
import { eventsOf, memoryContext } from '../../testing/memory-context.fixture.ts'
import { testValidators } from '../../testing/validators.fixture.ts'
import { acceptedSmiles } from './accept-surface.ts'
import { oracleModule } from './module.ts'
import { createOracle } from './oracle.ts'
import { createSeededSurfaceSource } from './seeded-surfaces.ts'
import { ORACLE_STORE, readSurface, writeSurface } from './state.ts'
import { isNearIndex, isSound } from './surface-vote.ts'
import { usableSurfaces } from './vote-extension.ts'

const NOW = 1_700_000_000n
const DAY = 86_400n
const ETH = 2n
const E9 = 1_000_000_000n
const validators = testValidators([30n, 30n, 40n])

/** Sound smiles of expiries so many days away. */
function smiles(volatilityBps: number, ...days: bigint[]): ExpirySmile[] {
  const source = createSeededSurfaceSource([{ asset: ETH, priceE9: 3_000n * E9, volatilityBps }], () =>
    days.map((day) => NOW + day * DAY),
  )
  return [...source(1n, NOW)[0]!.smiles]
}

const vote = (parts: Partial<SurfaceVote> = {}): SurfaceVote => ({
  asset: ETH,
  publishTimeSeconds: NOW,
  smiles: smiles(6_000, 1n, 7n, 30n),
  ...parts,
})
const says = (i: number, ...surfaces: SurfaceVote[]): ProvenVote => ({
  validator: validators[i]!,
  extension: VoteExtension.fromPartial({ surfaces }),
})
const at = (volatilityBps: number, ...days: bigint[]) => vote({ smiles: smiles(volatilityBps, ...days) })

function setUp() {
  const context = memoryContext([ORACLE_STORE], { timeSeconds: NOW })
  const oracle = createOracle(() => [])
  const module = oracleModule(oracle)
  const price = { priceE9: `${2_000n * E9}`, timeSeconds: `${NOW}`, height: '1' }
  module.initGenesis!(context, { feeds: [{ asset: '2', symbol: 'ETH', price }] })
  return { context, oracle, module }
}

function apply(...votes: ProvenVote[]) {
  const { context, oracle, module } = setUp()
  oracle.apply(context, votes, validators)
  const surface = readSurface(context.store(ORACLE_STORE), ETH)
  return { context, oracle, module, surface }
}

describe('a surface of a block', () => {
  it('is the one that differs least from all, whole', () => {
    const { surface, oracle, context, module } = apply(
      says(0, at(5_000, 7n, 30n)),
      says(1, at(9_000, 7n, 30n)),
      says(2, at(6_000, 7n, 30n)),
    )
    expect(surface?.smiles).toEqual(smiles(6_000, 7n, 30n))
    expect(eventsOf(context, 'causeway.oracle.v1.surface')).toEqual([{ asset: '2', expiries: '2' }])
    const { state, expiries } = oracle.surface(context, ETH)
    expect([state, expiries.length, expiries[0]!.forwardE9]).toEqual(['fresh', 2, 2_000n * E9])
    expect(sviVolatility(expiries[0]!.surface, 3_000)).toBeCloseTo(0.6, 6)
    expect(module.invariants!(context)).toEqual([])
  })

  it('needs more than two thirds of the power', () => {
    expect(apply(says(0, vote()), says(1, vote())).surface).toBeUndefined()
    expect(apply(says(0, vote()), says(2, vote())).surface).toBeDefined()
    expect(apply().surface).toBeUndefined()
  })

  it('has the expiries that two thirds know, from those who know them all', () => {
    const more = apply(says(0, at(6_000, 7n, 30n)), says(1, at(6_000, 7n)), says(2, at(6_000, 7n, 90n)))
    expect(more.surface?.smiles).toEqual(smiles(6_000, 7n))
    // Each expiry is known to two thirds, but all of them to less.
    const split = apply(
      says(0, at(6_000, 7n, 30n)),
      says(1, at(6_000, 30n, 90n)),
      says(2, at(6_000, 7n, 30n, 90n)),
    )
    expect(split.surface?.smiles.map(({ expirySeconds }) => expirySeconds)).toEqual([
      NOW + 7n * DAY,
      NOW + 30n * DAY,
    ])
  })

  it('takes forward and rate of each expiry as medians, whoever has the medoid', () => {
    const bent = (volatilityBps: number, forwardRatioE9: bigint, rateE9: bigint) =>
      vote({ smiles: smiles(volatilityBps, 7n).map((smile) => ({ ...smile, forwardRatioE9, rateE9 })) })
    const { surface, oracle, context } = apply(
      says(0, bent(5_000, 1_010_000_000n, 10n)),
      says(1, bent(9_000, 1_020_000_000n, -30n)),
      says(2, bent(6_000, 1_900_000_000n, 999n)),
    )
    expect(surface?.smiles).toMatchObject([{ forwardRatioE9: 1_020_000_000n, rateE9: 10n }])
    expect(surface?.smiles[0]!.aE12).toBe(smiles(6_000, 7n)[0]!.aE12)
    expect(oracle.surface(context, ETH).expiries[0]!.forwardE9).toBe(2_040n * E9)
  })

  it('ignores a second word of a validator, and what is not priced', () => {
    const twice = says(0, at(5_000, 7n), at(9_000, 7n))
    expect(apply(twice, says(2, at(5_000, 7n))).surface?.smiles).toEqual(smiles(5_000, 7n))
    const badFirst = says(0, vote({ smiles: [] }), at(5_000, 7n))
    expect(apply(badFirst, says(2, at(5_000, 7n))).surface).toBeUndefined()
    expect(apply(says(0, vote({ asset: 9n })), says(2, vote({ asset: 9n }))).surface).toBeUndefined()
  })

  it('stays and grows stale while nobody, or a minority, speaks', () => {
    const { context, oracle } = apply(says(0, vote()), says(2, vote()))
    const later = (seconds: bigint) => {
      const next = memoryContext([ORACLE_STORE], { timeSeconds: NOW + seconds })
      writeSurface(next.store(ORACLE_STORE), readSurface(context.store(ORACLE_STORE), ETH)!)
      oracle.apply(next, [says(1, vote())], validators)
      return oracle.surface(next, ETH)
    }
    expect([later(10n).state, later(11n).state]).toEqual(['fresh', 'stale'])
    expect(later(11n).expiries).toHaveLength(3)
    expect(oracle.surface(context, 9n)).toEqual({ state: 'none', expiries: [] })
  })

  it('is never moved by less than a third, whatever it says', () => {
    const number = fc.bigInt(-(10n ** 13n), 10n ** 13n)
    const lie = fc
      .record({
        ...{ aE12: number, bE12: number, rhoE12: number, mE12: number, sigmaE12: number },
        tauRefSeconds: fc.bigInt(1n, 10n ** 8n),
        forwardRefE9: fc.bigInt(1n, 10n ** 13n),
      })
      .map((parts) => vote({ smiles: smiles(6_000, 7n).map((smile) => ({ ...smile, ...parts })) }))
    fc.assert(
      fc.property(lie, (lied) => {
        const honest = [says(1, at(6_000, 7n)), says(2, at(6_000, 7n))]
        expect(apply(says(0, lied), ...honest).surface?.smiles).toEqual(smiles(6_000, 7n))
      }),
    )
  })

  it.each([
    ['a time a hundred times as short', { tauRefSeconds: (7n * DAY) / 100n }],
    ['a time a hundred times as long', { tauRefSeconds: 700n * DAY }],
    ['a time a minute later', { tauRefSeconds: 7n * DAY + 60n }],
    ['a forward three times as high', { forwardRefE9: 9_000n * E9 }],
    ['a forward a third higher', { forwardRefE9: 4_000n * E9 }],
    ['a forward a third lower', { forwardRefE9: 2_000n * E9 }],
  ])('is never set by a small validator whose variances are the middle ones, with %s', (_, lie) => {
    const between = (bps: number) => ({ power: 24n, smiles: smiles(bps, 7n) })
    const honest = [5_980, 5_990, 6_010, 6_020].map(between)
    const lied = { power: 4n, smiles: smiles(6_000, 7n).map((smile) => ({ ...smile, ...lie })) }
    const [accepted] = acceptedSmiles([...honest, lied], 100n)!
    for (const strike of [2_400, 3_000, 3_600])
      expect(sviVolatility(sviFromIntegers(accepted!), strike)).toBeCloseTo(
        sviVolatility(sviFromIntegers(smiles(6_000, 7n)[0]!), strike),
        2,
      )
  })

  it('counts only if its forwards were fitted within half and twice of the index', () => {
    const fitted = (forwardRefE9: bigint) =>
      vote({ smiles: smiles(6_000, 7n).map((smile) => ({ ...smile, forwardRefE9 })) })
    const isTaken = (forwardRefE9: bigint) =>
      apply(says(2, fitted(forwardRefE9)), says(1, fitted(forwardRefE9))).surface !== undefined
    const around = [1_000n * E9, 4_000n * E9]
    expect(around.map(isTaken)).toEqual([true, true])
    expect([around[0]! - 1n, around[1]! + 1n].map(isTaken)).toEqual([false, false])
    expect(isNearIndex(fitted(1n).smiles, 0n)).toBe(true)
    // A forward of twice the index doubles the bounds.
    const far = fitted(8_000n * E9).smiles.map((smile) => ({ ...smile, forwardRatioE9: 2n * E9 }))
    expect([isNearIndex(far, 2_000n * E9), isNearIndex(far, 1_999n * E9)]).toEqual([true, false])
  })

  it('is answered with its integers, and what they are worth now', () => {
    const { context, module } = apply(says(0, vote()), says(2, vote()))
    const ask = (asset: bigint) => {
      const query = module.queries.find(({ path }) => path === '/causeway.oracle.v1.Query/Surface')!
      const request = QuerySurfaceRequest.encode({ asset }).finish()
      return QuerySurfaceResponse.decode(query.answer(context, request))
    }
    expect(ask(ETH)).toMatchObject({ asset: ETH, status: 'fresh', smiles: vote().smiles, timeSeconds: NOW })
    expect(ask(7n)).toMatchObject({ asset: 7n, status: 'none', smiles: [] })
  })

  it('is kept in ascending order, or the invariants say so', () => {
    const { context, module } = setUp()
    const smiles = [...vote().smiles].reverse()
    writeSurface(context.store(ORACLE_STORE), { asset: ETH, height: 1n, timeSeconds: NOW, smiles })
    expect(module.invariants!(context)).toEqual(['oracle: the expiries of asset 2 are out of order'])
  })
})

describe('a validator’s surface', () => {
  const [first, second, third] = smiles(6_000, 1n, 7n, 30n) as [ExpirySmile, ExpirySmile, ExpirySmile]
  const bad: Record<string, Partial<SurfaceVote>> = {
    'without smiles': { smiles: [] },
    'with too many': { smiles: smiles(6_000, ...Array.from({ length: 33 }, (_, i) => BigInt(i + 1))) },
    'published too long ago': { publishTimeSeconds: NOW - 11n },
    'of the future': { publishTimeSeconds: NOW + 11n },
    'of an expiry that is over': { smiles: [{ ...first, expirySeconds: NOW }] },
    'out of order': { smiles: [second, first] },
    'with an expiry twice': { smiles: [first, first] },
    'with a negative variance': { smiles: [{ ...first, aE12: -(10n ** 12n) }] },
    'with butterfly arbitrage': { smiles: [{ ...first, bE12: 10n ** 12n, sigmaE12: 1n }] },
    'with wings too steep': { smiles: [{ ...first, bE12: 3n * 10n ** 12n, aE12: 10n ** 13n }] },
    'whose variance falls with time': {
      smiles: [{ ...third, expirySeconds: NOW + DAY, tauRefSeconds: DAY }, second],
    },
    'fitted for a later time than the next': {
      smiles: [
        { ...first, tauRefSeconds: DAY + 10n },
        { ...first, expirySeconds: first.expirySeconds + 5n },
      ],
    },
    'fitted for more time than is left': { smiles: [{ ...first, tauRefSeconds: DAY + 11n }] },
    'fitted for less time than is left': { smiles: [{ ...first, tauRefSeconds: DAY - 11n }] },
    'with numbers that a double can’t hold': { smiles: [{ ...first, mE12: 2n ** 53n }] },
    'without a forward': { smiles: [{ ...first, forwardRefE9: 0n }] },
    'with a forward below half of the index': { smiles: [{ ...first, forwardRatioE9: 499_999_999n }] },
    'with a forward above twice the index': { smiles: [{ ...first, forwardRatioE9: 2_000_000_001n }] },
    'with a rate beyond 100 %': { smiles: [{ ...first, rateE9: 1_000_000_001n }] },
    'without a time': { smiles: [{ ...first, tauRefSeconds: 0n }] },
  }

  it.each(Object.entries(bad))('%s does not count, and is not sent', (_, parts) => {
    expect(isSound(vote(parts), NOW)).toBe(false)
    expect(usableSurfaces([vote(parts), vote()], NOW)).toEqual([vote()])
  })

  it('may hold the smile of the last hour for the last half hour of an expiry', () => {
    const isHeld = (leftSeconds: bigint, tauRefSeconds: bigint) =>
      isSound(vote({ smiles: [{ ...first, expirySeconds: NOW + leftSeconds, tauRefSeconds }] }), NOW)
    const held: [bigint, bigint][] = [
      [1_800n, 1_801n],
      [1n, 1_803n],
      [900n, 3_600n],
    ]
    expect(held.map((pair) => isHeld(...pair))).toEqual([true, true, true])
    const not: [bigint, bigint][] = [
      [1_801n, 1_850n],
      [900n, 1_800n],
      [900n, 3_601n],
      [900n, 889n],
    ]
    expect(not.map((pair) => isHeld(...pair))).toEqual([false, false, false, false])
  })

  it('counts up to ten seconds from the block, either way', () => {
    for (const publishTimeSeconds of [NOW - 10n, NOW, NOW + 10n])
      expect(isSound(vote({ publishTimeSeconds }), NOW)).toBe(true)
  })

  it('goes into a vote extension as far as there is room', () => {
    const many = Array.from({ length: 20 }, (_, i) => vote({ asset: BigInt(i + 1) }))
    expect(usableSurfaces(many, NOW)).toHaveLength(16)
    const wide = many.map((one) => ({ ...one, smiles: smiles(6_000, ...days(32)) }))
    const sent = usableSurfaces(wide, NOW)
    expect(sent.length).toBeGreaterThan(0)
    const bytes = VoteExtension.encode(VoteExtension.fromPartial({ surfaces: sent })).finish().length
    expect(bytes).toBeLessThanOrEqual(8_192 + 64)
    expect(usableSurfaces([vote({ asset: 0n })], NOW)).toEqual([])
  })
})

describe('the seeded surfaces', () => {
  it('are sound for any volatility and expiries', () => {
    const days = fc.uniqueArray(fc.bigInt(1n, 400n), { minLength: 1, maxLength: 16 })
    fc.assert(
      fc.property(fc.integer({ min: 500, max: 10_000 }), days, (bps, list) => {
        const ascending = [...list].sort((a, b) => (a < b ? -1 : 1))
        expect(isSound(vote({ smiles: smiles(bps, ...ascending) }), NOW)).toBe(true)
      }),
    )
  })

  it('are published, and made, by their clock, when there is one', () => {
    const underlying = { asset: ETH, priceE9: E9, volatilityBps: 6_000 }
    const source = createSeededSurfaceSource(
      [underlying],
      () => [NOW + 5n, NOW + DAY],
      () => NOW + 8n,
    )
    const smiles = [{ expirySeconds: NOW + DAY, tauRefSeconds: DAY - 8n }]
    expect(source(1n, NOW)).toMatchObject([{ asset: ETH, publishTimeSeconds: NOW + 8n, smiles }])
    expect(isSound(source(1n, NOW)[0]!, NOW)).toBe(true)
  })
})

describe('smiles', () => {
  it('come back from their integers', () => {
    for (const smile of smiles(6_000, 1n, 365n))
      expect({ ...smile, ...sviToIntegers(sviFromIntegers(smile)) }).toEqual(smile)
  })

  it('of no validator are none', () => {
    expect(acceptedSmiles([], 100n)).toBeUndefined()
  })
})

function days(count: number): bigint[] {
  return Array.from({ length: count }, (_, i) => BigInt(i + 1))
}
