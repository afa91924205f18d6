import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Feed } from '@causeway/protocol/causeway/oracle/v1/oracle'
import { VoteExtension } from '@causeway/protocol/causeway/block/v1/block'
import type { ProvenVote } from '../../block/composition.ts'
import { eventsOf, memoryContext } from '../../testing/memory-context.fixture.ts'
import { refusal } from '../../testing/refusal.fixture.ts'
import { testValidators } from '../../testing/validators.fixture.ts'
import { acceptPrice, priceState } from './accept-price.ts'
import { weightedMedian } from './median.ts'
import { oracleModule } from './module.ts'
import { createOracle } from './oracle.ts'
import { createSeededPriceSource } from './price-source.ts'
import { ORACLE_STORE, readFeed } from './state.ts'
import { usablePrices } from './vote-extension.ts'

const E9 = 1_000_000_000n

describe('weightedMedian', () => {
  const of = (...pairs: [bigint, bigint][]) =>
    weightedMedian(pairs.map(([priceE9, power]) => ({ priceE9, power })))

  it('is the price that half of the power stands at or below', () => {
    expect(of()).toBeUndefined()
    expect(of([5n, 1n])).toBe(5n)
    expect(of([1n, 1n], [2n, 1n])).toBe(1n)
    expect(of([3n, 1n], [1n, 1n], [2n, 1n])).toBe(2n)
    expect(of([1n, 1n], [100n, 5n])).toBe(100n)
  })

  it('stays among the honest prices while they have more than half of the power', () => {
    const prices = fc.array(fc.tuple(fc.bigInt(1n, 10n ** 6n), fc.bigInt(1n, 100n)), {
      minLength: 1,
      maxLength: 10,
    })
    fc.assert(
      fc.property(prices, prices, (honest, hostile) => {
        const power = (list: [bigint, bigint][]) => list.reduce((sum, [, p]) => sum + p, 0n)
        if (power(honest) <= power(hostile)) return true
        const median = of(
          ...honest,
          ...hostile.map(([price, p]): [bigint, bigint] => [price * 10n ** 9n, p]),
        )!
        const list = honest.map(([price]) => price)
        return list.some((price) => price >= median) && list.some((price) => price <= median)
      }),
    )
  })
})

describe('acceptPrice', () => {
  const feed = (price?: bigint): Feed => ({
    asset: 2n,
    symbol: 'X',
    price: price === undefined ? undefined : { priceE9: price, timeSeconds: 100n, height: 1n },
    held: undefined,
  })
  const run = (start: Feed, medians: (bigint | undefined)[]) => {
    let current = start
    const states = medians.map((median, i) => {
      current = acceptPrice(current, median, { height: BigInt(2 + i), timeSeconds: BigInt(101 + i) })
      return [current.price?.priceE9, current.held?.heights ?? 0]
    })
    return states
  }

  it('takes the first price, and then prices within 5 %', () => {
    expect(run(feed(), [1_000n, 1_050n, 998n])).toEqual([
      [1_000n, 0],
      [1_050n, 0],
      [998n, 0],
    ])
    expect(run(feed(1_000n), [950n])).toEqual([[950n, 0]])
  })

  it('holds what is beyond, until three heights in a row agree within 2 %', () => {
    expect(run(feed(1_000n), [1_051n])).toEqual([[1_000n, 1]])
    expect(run(feed(1_000n), [2_000n, 2_040n, 2_010n])).toEqual([
      [1_000n, 1],
      [1_000n, 2],
      [2_010n, 0],
    ])
  })

  it('starts again when they do not agree', () => {
    expect(run(feed(1_000n), [2_000n, 2_041n, 2_050n, 2_060n])).toEqual([
      [1_000n, 1],
      [1_000n, 1],
      [1_000n, 2],
      [2_060n, 0],
    ])
  })

  it('starts again after a height without a quorum', () => {
    expect(run(feed(1_000n), [2_000n, 2_000n, undefined, 2_000n])).toEqual([
      [1_000n, 1],
      [1_000n, 2],
      [1_000n, 0],
      [1_000n, 1],
    ])
  })

  it('stays held without a quorum: the price before the jump is not fresh again', () => {
    const jumped = acceptPrice(feed(1_000n), 2_000n, { height: 2n, timeSeconds: 101n })
    const blind = acceptPrice(jumped, undefined, { height: 3n, timeSeconds: 102n })
    expect(priceState(blind, 102n)).toBe('held')
    // A run begins anew, whatever it had agreed on before.
    const again = acceptPrice(blind, 2_000n, { height: 4n, timeSeconds: 103n })
    expect(again.held).toEqual({ lowestE9: 2_000n, highestE9: 2_000n, heights: 1, lastHeight: 4n })
    expect(priceState(acceptPrice(blind, 1_010n, { height: 4n, timeSeconds: 103n }), 103n)).toBe('fresh')
  })

  it('ends a run when the median comes back', () => {
    expect(run(feed(1_000n), [2_000n, 1_010n])).toEqual([
      [1_000n, 1],
      [1_010n, 0],
    ])
  })

  it('compares a run by its extremes, so that it cannot creep', () => {
    expect(run(feed(1_000n), [2_000n, 2_030n, 2_060n])).toEqual([
      [1_000n, 1],
      [1_000n, 2],
      [1_000n, 1],
    ])
  })

  it('says how far a price can be relied on', () => {
    expect(priceState(feed(), 100n)).toBe('none')
    expect(priceState(feed(1n), 110n)).toBe('fresh')
    expect(priceState(feed(1n), 111n)).toBe('stale')
    expect(priceState(acceptPrice(feed(1_000n), 2_000n, { height: 2n, timeSeconds: 101n }), 101n)).toBe(
      'held',
    )
  })
})

describe('vote extensions', () => {
  it('carry what can be a price, at most 256 of them', () => {
    const price = { asset: 2n, priceE9: 5n, publishTimeSeconds: 9n }
    expect(usablePrices([price])).toEqual([price])
    const odd = [
      { ...price, priceE9: 0n },
      { ...price, priceE9: -1n },
      { ...price, priceE9: 1n << 64n },
    ]
    expect(usablePrices(odd)).toEqual([])
    expect(usablePrices(Array.from({ length: 300 }, () => price))).toHaveLength(256)
  })
})

describe('the oracle', () => {
  const validators = testValidators([30n, 30n, 40n])
  const now = 1_700_000_000n
  const vote = (i: number, prices: { asset?: bigint; priceE9: bigint; publishTimeSeconds?: bigint }[]) => ({
    validator: validators[i]!,
    extension: VoteExtension.fromPartial({
      prices: prices.map((price) => ({ asset: 2n, publishTimeSeconds: now, ...price })),
    }),
  })
  const apply = (votes: ProvenVote[]) => {
    const context = memoryContext([ORACLE_STORE], { timeSeconds: now })
    oracleModule(createOracle(() => [])).initGenesis!(context, { feeds: [{ asset: '2', symbol: 'USD' }] })
    const oracle = createOracle(() => [])
    oracle.apply(context, votes, validators)
    return { context, oracle, price: readFeed(context.store(ORACLE_STORE), 2n)?.price?.priceE9 }
  }

  it('takes the median of the power, and tells it', () => {
    const { context, oracle, price } = apply([
      vote(0, [{ priceE9: 1n }]),
      vote(1, [{ priceE9: 2n }]),
      vote(2, [{ priceE9: 3n }]),
    ])
    expect(price).toBe(2n)
    expect(eventsOf(context, 'causeway.oracle.v1.price')).toEqual([
      { asset: '2', price_e9: '2', time_seconds: now.toString() },
    ])
    expect(oracle.price(context, 2n)).toEqual({ priceE9: 2n, state: 'fresh' })
    expect(oracle.price(context, 3n)).toEqual({ priceE9: 0n, state: 'none' })
  })

  it('needs more than two thirds of all power', () => {
    expect(apply([vote(0, [{ priceE9: 5n }]), vote(1, [{ priceE9: 5n }])]).price).toBeUndefined()
    expect(apply([vote(0, [{ priceE9: 5n }]), vote(2, [{ priceE9: 5n }])]).price).toBe(5n)
  })

  it('ignores prices that are zero, old, or of the future', () => {
    for (const bad of [
      { priceE9: 0n },
      { priceE9: 5n, publishTimeSeconds: now - 11n },
      { priceE9: 5n, publishTimeSeconds: now + 11n },
    ]) {
      expect(
        apply([vote(0, [{ priceE9: 5n }]), vote(1, [{ priceE9: 5n }]), vote(2, [bad])]).price,
      ).toBeUndefined()
    }
    expect(
      apply([
        vote(0, [{ priceE9: 5n, publishTimeSeconds: now - 10n }]),
        vote(2, [{ priceE9: 5n, publishTimeSeconds: now + 10n }]),
      ]).price,
    ).toBe(5n)
  })

  it('counts a validator once an asset', () => {
    const flood = Array.from({ length: 50 }, () => ({ priceE9: 9n }))
    expect(apply([vote(0, flood), vote(1, [{ priceE9: 5n }])]).price).toBeUndefined()
    expect(apply([vote(0, flood), vote(1, [{ priceE9: 5n }]), vote(2, [{ priceE9: 5n }])]).price).toBe(5n)
    expect(
      apply([vote(0, [{ priceE9: 0n }, { priceE9: 9n }]), vote(1, [{ priceE9: 5n }])]).price,
    ).toBeUndefined()
  })

  it('ignores who says nothing and assets that it does not price', () => {
    expect(apply([vote(0, []), vote(1, [{ priceE9: 5n }]), vote(2, [{ priceE9: 5n }])]).price).toBe(5n)
    expect(apply([vote(0, [{ asset: 7n, priceE9: 5n }])]).price).toBeUndefined()
  })
})

describe('the seeded source', () => {
  const source = createSeededPriceSource('seed', [{ asset: 2n, priceE9: 100n * E9 }])

  it('is a function of seed and time', () => {
    expect(source(5n, 1_000n)).toEqual(
      createSeededPriceSource('seed', [{ asset: 2n, priceE9: 100n * E9 }])(9n, 1_000n),
    )
    expect(source(5n, 1_000n)[0]!.publishTimeSeconds).toBe(1_000n)
    const other = createSeededPriceSource('other', [{ asset: 2n, priceE9: 100n * E9 }])
    const differs = [0n, 5n, 10n, 15n].some((t) => other(1n, t)[0]!.priceE9 !== source(1n, t)[0]!.priceE9)
    expect(differs).toBe(true)
  })

  it('publishes at the time of its clock, when it is given one', () => {
    const late = createSeededPriceSource('seed', [{ asset: 2n, priceE9: 100n * E9 }], () => 5_000n)
    expect(late(5n, 1_000n)).toMatchObject([
      { publishTimeSeconds: 5_000n, priceE9: source(5n, 1_000n)[0]!.priceE9 },
    ])
  })

  it('moves within 1 % of its base', () => {
    for (let t = 0n; t < 500n; t++) {
      const { priceE9 } = source(1n, t)[0]!
      expect(priceE9 >= 99n * E9 && priceE9 <= 101n * E9).toBe(true)
    }
  })
})

describe('oracle genesis', () => {
  const init = (state: unknown) => {
    const context = memoryContext([ORACLE_STORE])
    const module = oracleModule(createOracle(() => []))
    module.initGenesis!(context, state)
    return { context, module }
  }

  it('is exported as it was read', () => {
    const state = {
      feeds: [
        { asset: '2', symbol: 'ETH', price: { priceE9: '5', timeSeconds: '6', height: '7' } },
        { asset: '3', symbol: 'BTC' },
      ],
    }
    const { context, module } = init(state)
    expect(module.exportGenesis!(context)).toEqual(state)
    expect(module.invariants!(context)).toEqual([])
  })

  it('that contradicts itself is refused', () => {
    const feed = { asset: '2', symbol: 'ETH' }
    for (const feeds of [
      [feed, feed],
      [{ ...feed, asset: '0' }],
      [{ ...feed, symbol: 'eth' }],
      [{ ...feed, price: { priceE9: '0', timeSeconds: '1', height: '1' } }],
    ]) {
      expect(refusal(() => init({ feeds }))).toBe('genesis/2')
    }
  })
})
