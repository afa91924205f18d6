// The scan finds whom a full valuation would flag, whatever it remembers.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { eventsOf } from '../../testing/memory-context.fixture.ts'
import { BTC, BTC_PERP, E6, E9, ETH, ETH_CALL, ETH_PERP, RiskWorld, holderOf } from './risk-world.fixture.ts'
import { levelOf } from './standing.ts'
import { RISK_STORE, unhealthy, writeLevel } from './state.ts'

const alice = holderOf(1)
const long = { cashE6: 600n * E6, positions: [[ETH_PERP, E9, -3_000n * E6]] } as const

/** Who isn't healthy, by level. */
const levels = ({ context, addresses }: RiskWorld) =>
  [...unhealthy(context.store(RISK_STORE))].map(
    ([holder, { level }]) => `${addresses.encodeHolder(holder)} ${level}`,
  )

const flagged = (world: RiskWorld) =>
  levels(world).flatMap((each) => (each.endsWith(' below') ? each.slice(0, -' below'.length) : []))

/** The same when everybody is valued. */
const naive = (world: RiskWorld) => {
  const another = world.another()
  return [...world.holders.values()]
    .map((holder) => [holder, levelOf(another.figures(world.context, holder))] as const)
    .filter(([, level]) => level !== 'healthy')
    .map(([holder, level]) => `${world.addresses.encodeHolder(holder)} ${level}`)
    .sort()
}

const told = ({ context }: RiskWorld) => eventsOf(context, 'causeway.risk.v1.margin_level')

const setEth = (world: RiskWorld, price: bigint, state = 'fresh') =>
  world.prices.set(ETH, { priceE9: price * E9, state })

describe('an account that falls below maintenance', () => {
  it('is marked at the end of the block, told once, and recovers', () => {
    const world = new RiskWorld()
    world.block(() => world.set(alice, long))
    expect(flagged(world)).toEqual([])
    world.block(() => setEth(world, 2_700n))
    expect(world.risk.isBelowMaintenance(world.context, alice)).toBe(true)
    const names = { account: world.addresses.encode(alice.account), subaccount: '0' }
    expect(told(world)).toMatchObject([{ ...names, level: 'below', before: 'called' }])
    world.block()
    expect(told(world)).toEqual([])
    world.block(() => setEth(world, 3_100n))
    expect(told(world)).toMatchObject([{ ...names, level: 'warned', before: 'below' }])
    expect(flagged(world)).toEqual([])
  })

  it('passes the warning and the call on its way, told each time, and can tell since when', () => {
    const world = new RiskWorld()
    // 378 above what maintenance requires, which is 17.4 % of the notional
    world.block(() => world.set(alice, { ...long, cashE6: 900n * E6 }))
    const way = [2_843n, 2_840n, 2_685n, 2_680n, 2_700n, 2_543n, 2_540n, 2_540n, 3_000n].map((price) => {
      world.block(() => setEth(world, price))
      return [world.risk.level(world.context, alice), ...told(world).map(({ before }) => before)]
    })
    expect(way).toEqual([
      ['healthy'],
      ['warned', 'healthy'],
      ['warned'],
      ['called', 'warned'],
      ['warned', 'called'],
      ['called', 'warned'],
      ['below', 'called'],
      ['below'],
      ['healthy', 'below'],
    ])
    world.block(() => setEth(world, 2_540n))
    const { height } = world.context
    world.block(() => setEth(world, 2_530n))
    expect([...world.risk.atLevel(world.context, 'below')]).toMatchObject([[alice, { height }]])
    expect([...world.risk.atLevel(world.context, 'called')]).toEqual([])
    expect(world.risk.figures(world.context, alice)).toEqual({
      valueE6: 430n * E6,
      maintenanceE6: -10_220_007n,
      initialE6: -126_600_007n,
      requirementE6: 440_220_007n,
    })
    expect(world.risk.isFresh(world.context, alice)).toBe(true)
    world.prices.set(BTC, { priceE9: E9, state: 'stale' })
    expect(world.risk.isFresh(world.context, alice)).toBe(true)
    setEth(world, 2_530n, 'held')
    expect(world.risk.isFresh(world.context, alice)).toBe(false)
  })

  it('by interest or funding alone is found, too', () => {
    const world = new RiskWorld()
    const [bob, carol] = [holderOf(2), holderOf(3)]
    world.block(() => {
      // Little more than maintenance asks for.
      world.set(bob, { cashE6: -949n * E6, usd: 1_000n * E6 })
      world.set(carol, long)
    })
    expect(flagged(world)).toEqual([])
    // What happens to state without anybody's touching the accounts.
    world.block(() => {
      world.cash.set(world.key(bob), -951n * E6)
      world.debtIndex = (world.debtIndex * 951n) / 949n
    })
    expect(flagged(world)).toEqual([world.addresses.encode(bob.account)])
    world.block(() => world.fundings.set(ETH_PERP, 400n * 10n ** 18n))
    expect(flagged(world)).toEqual([bob, carol].map(world.addresses.encodeHolder))
  })

  it('by what happens before the modules of a block begin is found, too', () => {
    const world = new RiskWorld()
    world.block(() => world.set(alice, long))
    // The node's part of the block, as when a validator is paid or slashed
    world.set(alice, { ...long, cashE6: 10n * E6 })
    world.block()
    expect(flagged(world)).toEqual([world.addresses.encode(alice.account)])
  })

  it('stays what it was while a price that it depends on is not fresh', () => {
    const world = new RiskWorld()
    world.block(() => world.set(alice, long))
    world.block(() => setEth(world, 2_700n, 'held'))
    expect(flagged(world)).toEqual([])
    world.block(() => setEth(world, 2_700n))
    expect(flagged(world)).toHaveLength(1)
    world.block(() => setEth(world, 3_100n, 'stale'))
    expect(flagged(world)).toHaveLength(1)
  })

  it('is found when its market came after the book was made, and when another is gone', () => {
    const world = new RiskWorld()
    const all = world.markets
    world.markets = all.filter(({ id }) => id !== BTC_PERP)
    world.block(() => world.set(alice, long))
    world.block(() => {
      world.markets = all
      world.set(holderOf(2), { cashE6: 100n * E6, positions: [[BTC_PERP, E9, -60_000n * E6]] })
    })
    expect(flagged(world)).toHaveLength(1)
    world.block(() => {
      world.set(holderOf(2), { cashE6: 100n * E6, positions: [] })
      world.markets = all.filter(({ id }) => id !== BTC_PERP && id !== ETH_CALL)
    })
    expect(flagged(world)).toEqual([])
  })
})

type Mark = typeof unhealthy extends (...of: never[]) => Iterable<infer Each> ? Each : never

interface Step {
  readonly who: number
  readonly cash: number
  readonly usd: number
  readonly eth: number
  readonly btc: number
  readonly calls: number
  readonly ethMove: number
  readonly btcMove: number
  readonly interest: number
  readonly funding: number
  readonly touches: boolean
}

const step: fc.Arbitrary<Step> = fc.record({
  who: fc.integer({ min: 1, max: 12 }),
  cash: fc.integer({ min: -3_000, max: 3_000 }),
  usd: fc.integer({ min: 0, max: 3_000 }),
  eth: fc.integer({ min: -20, max: 20 }),
  btc: fc.integer({ min: -2, max: 2 }),
  calls: fc.integer({ min: -20, max: 20 }),
  ethMove: fc.integer({ min: -40, max: 40 }),
  btcMove: fc.integer({ min: -40, max: 40 }),
  interest: fc.integer({ min: 0, max: 20 }),
  funding: fc.integer({ min: -3, max: 3 }),
  touches: fc.boolean(),
})

/** What a block does: somebody trades, prices move, interest and funding accrue. */
function apply(world: RiskWorld, each: Step): void {
  const move = (asset: bigint, promille: number) => {
    const { priceE9 } = world.prices.get(asset)!
    world.prices.set(asset, { priceE9: (priceE9 * BigInt(1_000 + promille)) / 1_000n, state: 'fresh' })
  }
  move(ETH, each.ethMove)
  move(BTC, each.btcMove)
  const before = world.debtIndex
  world.debtIndex = (before * BigInt(10_000 + each.interest)) / 10_000n
  for (const [key, cash] of world.cash)
    if (cash < 0n) world.cash.set(key, (cash * world.debtIndex) / before - 1n)
  for (const [market, index] of world.fundings)
    world.fundings.set(market, index + BigInt(each.funding) * 10n ** 18n)
  if (!each.touches) return
  const worth = (size: number, priceE9: bigint) => (-BigInt(size) * priceE9) / 10_000n
  world.set(holderOf(each.who), {
    cashE6: BigInt(each.cash) * E6,
    usd: BigInt(each.usd) * E6,
    positions: [
      ...(each.btc === 0
        ? []
        : [
            [
              BTC_PERP,
              (BigInt(each.btc) * E9) / 10n,
              worth(each.btc, world.prices.get(BTC)!.priceE9),
            ] as const,
          ]),
      ...(each.eth === 0
        ? []
        : [
            [
              ETH_PERP,
              (BigInt(each.eth) * E9) / 10n,
              worth(each.eth, world.prices.get(ETH)!.priceE9),
            ] as const,
          ]),
      ...(each.calls === 0 ? [] : [[ETH_CALL, (BigInt(each.calls) * E9) / 10n] as const]),
    ],
  })
}

describe('whatever happens', () => {
  it('those marked are those that a valuation of everybody finds', () => {
    const found = { warned: 0, called: 0, below: 0 }
    fc.assert(
      fc.property(fc.array(step, { minLength: 5, maxLength: 40 }), (steps) => {
        const world = new RiskWorld()
        for (const each of steps) {
          world.block(() => apply(world, each))
          const marked = levels(world)
          for (const each of marked) found[each.split(' ')[1] as keyof typeof found]++
          expect([...marked].sort()).toEqual(naive(world))
        }
      }),
      { numRuns: 60 },
    )
    // A hundred or so each, as the steps fall.
    for (const count of Object.values(found)) expect(count).toBeGreaterThan(10)
  })

  it('a node that has just started marks the same, as does one that ran a block twice', () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 3, maxLength: 15 }), step, (steps, dropped) => {
        const worlds = [new RiskWorld(), new RiskWorld(), new RiskWorld()]
        const marks = worlds.map((world, node) => {
          for (const each of steps) {
            if (node === 1) runInVain(world, dropped)
            world.block(() => apply(world, each))
          }
          return levels(world)
        })
        expect(marks[1]).toEqual(marks[0])
        // A node that has forgotten all finds nothing to change.
        const [, , third] = worlds
        const restarted = third!.another()
        restarted.beginBlock(third!.context)
        restarted.endBlock(third!.context)
        expect(levels(third!)).toEqual(marks[2])
      }),
      { numRuns: 40 },
    )
  })
})

/** Runs a block that isn't decided: its state is dropped, what was remembered of it stays. */
function runInVain(world: RiskWorld, dropped: Step): void {
  const before = structuredClone({
    prices: world.prices,
    fundings: world.fundings,
    cash: world.cash,
    held: world.held,
    positions: world.positions,
  })
  const { debtIndex, context } = world
  const marks = [...unhealthy(context.store(RISK_STORE))]
  world.block(() => apply(world, dropped))
  restore(world, before)
  world.debtIndex = debtIndex
  restoreMarks(world, marks)
  world.context = context
}

function restore(world: RiskWorld, before: object): void {
  for (const [name, table] of Object.entries(before) as [keyof RiskWorld, Map<never, never>][]) {
    const now = world[name] as unknown as Map<never, never>
    now.clear()
    for (const [key, value] of table) now.set(key, value)
  }
}

function restoreMarks({ context }: RiskWorld, marks: readonly Mark[]): void {
  const store = context.store(RISK_STORE)
  for (const [holder] of [...unhealthy(store)]) writeLevel(store, holder, undefined)
  for (const [holder, level] of marks) writeLevel(store, holder, level)
}
