// Collateral whose client is dead, over tables; through a whole hub: dead-clients.test.ts.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { eventsOf } from '../../testing/memory-context.fixture.ts'
import { refusal } from '../../testing/refusal.fixture.ts'
import { countedWeight, cutAfter } from './haircut.ts'
import { E6, E9, ETH, ETH_PERP, RiskWorld, USD, holderOf } from './risk-world.fixture.ts'
import { levelOf } from './standing.ts'
import { DEFAULT_HAIRCUT, RISK_STORE, deadClients, readWeight, unhealthy } from './state.ts'

const DAY = 86_400n
const ETHER = 10n ** 18n
const [A, B] = ['ethereum-0', '07-tendermint-0']
const alice = holderOf(1)
const long = [[ETH_PERP, E9, -3_000n * E6]] as const

/** All ETH came over one client, all USD over another. */
function lined(genesis: object = {}): RiskWorld {
  const world = new RiskWorld(genesis)
  world.backing.set(ETH, [{ client: A, amount: 100n * ETHER }])
  world.backing.set(USD, [{ client: B, amount: 1_000_000n * E6 }])
  return world
}

const cutOf = ({ context }: RiskWorld, asset = ETH) => {
  const { initialCutBps, maintenanceCutBps } = readWeight(context.store(RISK_STORE), asset)!
  return [initialCutBps, maintenanceCutBps]
}
const told = ({ context }: RiskWorld) => eventsOf(context, 'causeway.risk.v1.haircut')
const toldDead = ({ context }: RiskWorld) => eventsOf(context, 'causeway.risk.v1.dead_client')
const dead = ({ context }: RiskWorld) => deadClients(context.store(RISK_STORE))

describe('the steps', () => {
  it('take half of what counts initially at once, a tenth more a day, of maintenance a tenth a day', () => {
    const days = [0n, 1n, 2n, 5n, 9n, 10n, 4_000n]
    expect(days.map((each) => Object.values(cutAfter(DEFAULT_HAIRCUT, each * DAY)).map(Number))).toEqual([
      [0, 5_000],
      [1_000, 6_000],
      [2_000, 7_000],
      [5_000, 10_000],
      [9_000, 10_000],
      [10_000, 10_000],
      [10_000, 10_000],
    ])
    expect(cutAfter(DEFAULT_HAIRCUT, DAY - 1n)).toEqual(cutAfter(DEFAULT_HAIRCUT, 0n))
  })

  it('never take more of maintenance than of initial margin, nor ever less with time', () => {
    const bps = fc.bigInt({ min: 0n, max: 10_000n })
    const seconds = fc.bigInt({ min: 0n, max: 100n * DAY })
    fc.assert(
      fc.property(bps, bps, bps, fc.bigInt({ min: 3_600n, max: 30n * DAY }), seconds, seconds, (...all) => {
        const [deadInitialBps, deadInitialStepBps, deadMaintenanceStepBps, deadStepSeconds, x, y] = all
        const params = { deadInitialBps, deadInitialStepBps, deadMaintenanceStepBps, deadStepSeconds }
        const [early, late] = [x < y ? x : y, x < y ? y : x].map((each) => cutAfter(params, each))
        for (const { initialBps, maintenanceBps } of [early!, late!]) {
          expect(maintenanceBps).toBeLessThanOrEqual(initialBps)
          expect(initialBps).toBeLessThanOrEqual(10_000n)
        }
        expect(late!.initialBps).toBeGreaterThanOrEqual(early!.initialBps)
        expect(late!.maintenanceBps).toBeGreaterThanOrEqual(early!.maintenanceBps)
      }),
    )
  })
})

describe('a client that is dead', () => {
  it('takes half of the initial value within a minute, and nothing of the maintenance value', () => {
    const world = lined()
    world.block(() => world.set(alice, { cashE6: 1_000n * E6, eth: ETHER, positions: long }))
    const before = world.risk.margins(world.context, alice)
    world.dead.set(A, 'Frozen')
    world.block(undefined, 60n)
    expect([cutOf(world), cutOf(world, USD)]).toEqual([
      [5_000, 0],
      [0, 0],
    ])
    const { timeSeconds } = world.context
    expect(toldDead(world)).toEqual([{ client: A, status: 'Frozen', since_seconds: timeSeconds.toString() }])
    expect(told(world)).toEqual([{ asset: '4', initial_cut_bps: '5000', maintenance_cut_bps: '0' }])
    const after = world.risk.margins(world.context, alice)
    // Half of 75 % of 3,000
    expect(Number(before.initialE6 - after.initialE6) / 1e6).toBeCloseTo(1_125, 4)
    expect(after.maintenanceE6).toBe(before.maintenanceE6)
    const held = { asset: ETH, denom: 'eth', decimals: 18, amount: ETHER }
    expect(world.risk.value(world.context, held)).toMatchObject({
      ...{ valueE6: 3_000n * E6, initialValueE6: 1_125n * E6, maintenanceValueE6: 2_550n * E6 },
      ...{ debtCoverE6: 2_250n * E6, initialCutBps: 5_000, maintenanceCutBps: 0 },
    })
  })

  it('takes a step more each day, told once each, until nothing is left', () => {
    const world = lined()
    world.dead.set(A, 'Expired')
    world.block(undefined, 60n)
    const cuts = Array.from({ length: 12 }, () => {
      world.block(undefined, DAY)
      const events = told(world).length
      world.block(undefined, 60n)
      return [...cutOf(world), events, told(world).length]
    })
    expect(cuts).toEqual([
      [6_000, 1_000, 1, 0],
      [7_000, 2_000, 1, 0],
      [8_000, 3_000, 1, 0],
      [9_000, 4_000, 1, 0],
      [10_000, 5_000, 1, 0],
      [10_000, 6_000, 1, 0],
      [10_000, 7_000, 1, 0],
      [10_000, 8_000, 1, 0],
      [10_000, 9_000, 1, 0],
      [10_000, 10_000, 1, 0],
      [10_000, 10_000, 0, 0],
      [10_000, 10_000, 0, 0],
    ])
    const held = { asset: ETH, denom: 'eth', decimals: 18, amount: ETHER }
    expect(world.risk.value(world.context, held)).toMatchObject({
      ...{ valueE6: 3_000n * E6, initialValueE6: 0n, maintenanceValueE6: 0n, debtCoverE6: 0n },
    })
  })

  it('that lives again gives all back; dead once more it begins anew', () => {
    const world = lined()
    world.dead.set(A, 'Expired')
    world.block(undefined, 60n)
    world.block(undefined, 3n * DAY)
    expect(cutOf(world)).toEqual([8_000, 3_000])
    world.dead.clear()
    world.block(undefined, 60n)
    expect([cutOf(world), dead(world)]).toEqual([[0, 0], []])
    expect(toldDead(world)).toEqual([{ client: A, status: 'Active', since_seconds: '0' }])
    expect(told(world)).toEqual([{ asset: '4', initial_cut_bps: '0', maintenance_cut_bps: '0' }])
    world.dead.set(A, 'Frozen')
    world.block(undefined, DAY)
    expect(cutOf(world)).toEqual([5_000, 0])
  })

  it('has its days after a halt, too: from when the chain could know', () => {
    const world = lined()
    world.dead.set(A, 'Expired')
    world.block(undefined, 40n * DAY)
    expect([cutOf(world), dead(world)]).toEqual([[5_000, 0], [[A, world.context.timeSeconds]]])
  })

  it('counts by its share of what backs the asset, rounded up', () => {
    const world = lined()
    world.backing.set(ETH, [
      { client: A, amount: ETHER },
      { client: B, amount: 2n * ETHER },
    ])
    world.dead.set(A, 'Frozen')
    world.block(undefined, 60n)
    expect(cutOf(world)).toEqual([1_667, 0])
    world.block(undefined, DAY)
    expect(cutOf(world)).toEqual([2_000, 334])
    // More comes over the other one: told, as it is less now
    world.backing.get(ETH)!.push({ client: B, amount: 97n * ETHER })
    world.block(undefined, 60n)
    expect([cutOf(world), told(world)]).toEqual([
      [60, 10],
      [{ asset: '4', initial_cut_bps: '60', maintenance_cut_bps: '10' }],
    ])
  })

  it('takes nothing of what nobody holds, and is forgotten when it carries nothing', () => {
    const world = lined()
    world.backing.set(ETH, [{ client: A, amount: 0n }])
    world.dead.set(A, 'Frozen')
    world.block(undefined, 60n)
    expect([cutOf(world), dead(world).length]).toEqual([[0, 0], 1])
    world.backing.delete(ETH)
    world.block(undefined, 60n)
    expect([cutOf(world), dead(world)]).toEqual([[0, 0], []])
    expect(toldDead(world)).toEqual([{ client: A, status: 'Frozen', since_seconds: '0' }])
  })
})

describe('haircuts are looked at', () => {
  it('in the first block of each minute, and in the first of all', () => {
    const world = lined()
    let looks = 0
    const module = world.module()
    Object.assign(world, { module: () => module })
    const ports = world.backing.get(ETH)!
    world.backing.get = (asset) => (asset === ETH ? (looks++, ports) : undefined)
    const parent = (timeSeconds: bigint) => ({ timeSeconds, appHash: new Uint8Array(32) })
    module.beginBlock!(world.context, undefined)
    expect(looks).toBe(1)
    const now = world.context.timeSeconds
    module.beginBlock!(world.context, parent(now - (now % 60n)))
    expect(looks).toBe(1)
    module.beginBlock!(world.context, parent(now - (now % 60n) - 1n))
    expect(looks).toBe(2)
  })
})

/** Who isn't healthy as the scan has it, and as valuing everybody has it. */
function levels(world: RiskWorld): [string[], string[]] {
  const name = world.addresses.encodeHolder
  const found = [...unhealthy(world.context.store(RISK_STORE))].map(([h, { level }]) => `${name(h)} ${level}`)
  const another = world.another()
  const valued = [...world.holders.values()]
    .map((holder) => [holder, levelOf(another.figures(world.context, holder))] as const)
    .filter(([, level]) => level !== 'healthy')
    .map(([holder, level]) => `${name(holder)} ${level}`)
  return [found.sort(), valued.sort()]
}

describe('the scan', () => {
  it('finds whom a step fails although nothing else has moved, and who is well when the client lives', () => {
    const world = lined()
    // 2,550 of ETH count; a short of three requires some 17.4 % of 9,000
    world.block(() =>
      world.set(alice, { eth: ETHER, cashE6: 0n, positions: [[ETH_PERP, -3n * E9, 9_000n * E6]] }),
    )
    for (let i = 2; i < 40; i++)
      world.block(() => world.set(holderOf(i), { cashE6: 90_000n * E6, positions: long }))
    expect(levels(world)).toEqual([[], []])
    world.dead.set(A, 'Frozen')
    const seen = Array.from({ length: 9 }, () => {
      world.block(undefined, DAY)
      const [found, valued] = levels(world)
      expect(found).toEqual(valued)
      return world.risk.level(world.context, alice)
    })
    expect([seen[0], seen.at(-1)]).toEqual(['healthy', 'below'])
    expect(new Set(seen)).toEqual(new Set(['healthy', 'warned', 'called', 'below']))
    world.dead.clear()
    world.block(undefined, 60n)
    expect(levels(world)).toEqual([[], []])
  })

  it('finds, over any history of clients and shares, whom valuing everybody finds', () => {
    const move = fc.record({
      dead: fc.subarray([A, B]),
      share: fc.nat(10_000),
      hours: fc.integer({ min: 0, max: 60 }),
      price: fc.integer({ min: 2_900, max: 3_100 }),
    })
    fc.assert(
      fc.property(fc.array(move, { maxLength: 8 }), (moves) => {
        const world = lined()
        world.block(() => {
          for (let i = 1; i <= 30; i++) {
            const size = BigInt(i % 2 === 0 ? i : -i) * (E9 / 4n)
            const positions = [[ETH_PERP, size, (-size * 3_000n) / 1_000n]] as const
            const amount = (ETHER * BigInt(i)) / 3n
            world.set(holderOf(i), { eth: amount, usd: BigInt(i * i) * E6, cashE6: -30n * E6, positions })
          }
        })
        for (const { dead: clients, share, hours, price } of moves) {
          world.dead.clear()
          for (const client of clients) world.dead.set(client, 'Expired')
          const amount = BigInt(share) * ETHER
          world.backing.set(ETH, [
            { client: A, amount },
            { client: B, amount: 10_000n * ETHER - amount },
          ])
          world.prices.set(ETH, { priceE9: BigInt(price) * E9, state: 'fresh' })
          world.block(undefined, BigInt(hours) * 3_600n + 1n)
          const [found, valued] = levels(world)
          expect(found).toEqual(valued)
        }
      }),
      { numRuns: 40 },
    )
  })
})

describe('an asset that cancels risk', () => {
  const weight = {
    ...{ asset: ETH, initialWeightBps: 7_500, maintenanceWeightBps: 8_500, cancelsRisk: true },
    ...{ initialCutBps: 0, maintenanceCutBps: 0 },
  }

  it('cancels no more once half of it is cut: then it would weigh on who holds it', () => {
    expect(countedWeight(weight)).toBe(weight)
    expect(countedWeight({ ...weight, initialCutBps: 9_000, maintenanceCutBps: 4_999 })).toMatchObject({
      ...{ initialWeightBps: 750, maintenanceWeightBps: 4_250, cancelsRisk: true },
    })
    expect(countedWeight({ ...weight, initialCutBps: 10_000, maintenanceCutBps: 5_000 })).toMatchObject({
      ...{ initialWeightBps: 0, maintenanceWeightBps: 4_250, cancelsRisk: false },
    })
  })

  it('never makes an account worse off at maintenance than it would be without', () => {
    const world = lined()
    const has = { cashE6: 9_000n * E6, positions: long }
    world.dead.set(A, 'Frozen')
    for (let day = 0; day <= 11; day++) {
      world.block(undefined, DAY)
      world.set(alice, has)
      const without = world.risk.margins(world.context, alice).maintenanceE6
      world.set(alice, { ...has, eth: ETHER })
      // To what doubles round
      expect(world.risk.margins(world.context, alice).maintenanceE6 - without).toBeGreaterThanOrEqual(-100n)
    }
  })
})

describe('the parameters', () => {
  it('are the default where genesis names none, and a vote may change them within bounds', () => {
    const world = lined()
    const { parameters } = world.module()
    expect(parameters!.read(world.context)).toMatchObject({ ...DEFAULT_HAIRCUT })
    const change = (name: string, value: bigint) =>
      refusal(() => parameters!.change(world.context, name, value))
    expect(change('deadInitialBps', 10_001n)).toBe('parameters/2')
    expect(change('deadStepSeconds', 3_599n)).toBe('parameters/2')
    expect(change('deadMaintenanceStepBps', 10_001n)).toBe('parameters/2')
    expect(change('deadWeightBps', 1n)).toBe('parameters/1')
    expect(change(`initialCutBps/${ETH}`, 1n)).toBe('parameters/1')
    expect([change('deadInitialBps', 10_000n), change('deadStepSeconds', 3_600n)]).toEqual([
      'nothing',
      'nothing',
    ])
    world.dead.set(A, 'Frozen')
    world.block(undefined, 60n)
    expect(cutOf(world)).toEqual([10_000, 0])
    world.block(undefined, 3_600n)
    expect(cutOf(world)).toEqual([10_000, 1_000])
    // What a vote lists is the whole weight, whatever is off it now
    expect(change(`initialWeightBps/${ETH}`, 8_000n)).toBe('nothing')
    expect(parameters!.read(world.context)).toMatchObject({ [`initialWeightBps/${ETH}`]: 8_000n })
    expect(cutOf(world)).toEqual([10_000, 1_000])
  })

  it('are exported, with since when clients are dead and what is off', () => {
    const world = lined({ haircut: { ...texts(DEFAULT_HAIRCUT), deadInitialBps: '2500' } })
    world.dead.set(A, 'Frozen')
    world.block(undefined, 60n)
    world.block(undefined, DAY)
    expect(cutOf(world)).toEqual([3_500, 1_000])
    const exported = world.module().exportGenesis!(world.context) as Record<string, object>
    expect(exported).toMatchObject({
      haircut: { deadInitialBps: '2500', deadStepSeconds: '86400' },
      deadClients: [{ client: A }],
      weights: [{ asset: '2' }, { asset: '4', initialCutBps: 3_500, maintenanceCutBps: 1_000 }],
    })
    expect(Object.keys((exported['weights'] as object[])[0]!)).not.toContain('initialCutBps')
    const copy = lined(exported)
    expect(copy.module().exportGenesis!(copy.context)).toEqual(exported)
    copy.dead.set(A, 'Frozen')
    copy.block(undefined, 60n + DAY)
    expect(cutOf(copy)).toEqual(cutOf(world))
    expect(told(copy)).toEqual([])
    const weight = { asset: '2', initialWeightBps: 1, maintenanceWeightBps: 1, maintenanceCutBps: 1 }
    expect(refusal(() => lined({ weights: [weight] }))).toBe('genesis/2')
    expect(refusal(() => lined({ haircut: { deadInitialBps: '1' } }))).toBe('genesis/2')
  })
})

function texts(values: object): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, String(value)]))
}
