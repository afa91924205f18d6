import { createRiskMarket } from '@causeway/margin'
import { describe, expect, it } from 'vitest'
import { memoryContext } from '../../testing/memory-context.fixture.ts'
import { refusal } from '../../testing/refusal.fixture.ts'
import { createModels } from './model.ts'
import { buildSnapshot } from './snapshot.ts'
import { MsgOpenIsolated } from '@causeway/protocol/causeway/risk/v1/tx'
import {
  BTC_PERP,
  E6,
  E9,
  ETH,
  ETH_CALL,
  ETH_FUTURE,
  ETH_PERP,
  EXPIRY,
  RiskWorld,
  USD,
  holderOf,
} from './risk-world.fixture.ts'
import { RISK_STORE } from './state.ts'

const alice = holderOf(1)
const isolated = holderOf(1, 3)
const weight = { asset: '2', initialWeightBps: 9_000, maintenanceWeightBps: 9_500 }

describe('risk genesis', () => {
  it('is exported as it was read', () => {
    const holder = new RiskWorld().addresses.encodeHolder(isolated)
    const genesis = {
      model: 'pm1',
      weights: [{ ...weight, cancelsRisk: false }],
      haircut: {
        ...{ deadInitialBps: '6000', deadInitialStepBps: '500', deadMaintenanceStepBps: '250' },
        deadStepSeconds: '43200',
      },
      deadClients: [{ client: '07-tendermint-0', sinceSeconds: '1700000000' }],
      isolated: [holder],
      levels: [{ holder, level: 'below', height: '7', timeSeconds: '9' }],
    }
    const world = new RiskWorld(genesis)
    // The fixture's own weight for 2 is the same; what it adds is overwritten.
    expect(world.module().exportGenesis!(world.context)).toEqual(genesis)
    expect(world.risk.isBelowMaintenance(world.context, isolated)).toBe(true)
  })

  it('that contradicts itself is refused', () => {
    const world = new RiskWorld()
    const init = (weights: unknown[], more = {}) =>
      refusal(() => world.module().initGenesis!(memoryContext([RISK_STORE]), { weights, ...more }))
    expect(init([weight])).toBe('nothing')
    expect(init([weight, weight])).toBe('genesis/2')
    expect(init([{ ...weight, initialWeightBps: 9_501 }])).toBe('genesis/2')
    expect(init([{ ...weight, maintenanceWeightBps: 10_001 }])).toBe('genesis/2')
    expect(init([{ ...weight, asset: '0' }])).toBe('genesis/2')
    expect(init([weight], { model: 'standard' })).toBe('genesis/2')
    const many = Array.from({ length: 257 }, (_, i) => ({ ...weight, asset: `${i + 1}` }))
    expect([init(many.slice(1)), init(many)]).toEqual(['nothing', 'genesis/2'])
  })
})

describe('weights', () => {
  it('are changed by vote, within what makes sense, for assets that there are', () => {
    const world = new RiskWorld()
    const { parameters } = world.module()
    const change = (name: string, value: bigint) =>
      refusal(() => parameters!.change(world.context, name, value))
    expect(change(`initialWeightBps/${USD}`, 9_501n)).toBe('parameters/2')
    expect(change(`maintenanceWeightBps/${USD}`, 8_999n)).toBe('parameters/2')
    expect(change(`cancelsRisk/${USD}`, 2n)).toBe('parameters/2')
    expect(change('initialWeightBps/99', 0n)).toBe('parameters/1')
    expect(change('weight/2', 0n)).toBe('parameters/1')
    expect(change(`initialWeightBps/${USD}`, 9_500n)).toBe('nothing')
    // A new one counts nothing until both are set.
    expect(change('initialWeightBps/3', 1n)).toBe('parameters/2')
    expect(change('maintenanceWeightBps/3', 5_000n)).toBe('nothing')
    expect(change('initialWeightBps/3', 4_000n)).toBe('nothing')
    expect(parameters!.read(world.context)).toMatchObject({
      'initialWeightBps/2': 9_500n,
      'initialWeightBps/3': 4_000n,
      'cancelsRisk/4': 1n,
    })
  })
})

describe('an isolated subaccount', () => {
  const open = (world: RiskWorld, holder = isolated, isEmpty = true) => {
    const [type] = world.module(() => isEmpty).messages
    const bytes = MsgOpenIsolated.encode({ holder: world.addresses.encodeHolder(holder) }).finish()
    return refusal(() => type!.prepare(bytes).execute(world.context, { account: holder.account } as never))
  }

  it('is opened empty, once', () => {
    const world = new RiskWorld()
    expect(open(world, alice)).toBe('risk/5')
    expect(open(world, isolated, false)).toBe('risk/5')
    expect(open(world)).toBe('nothing')
    expect(open(world)).toBe('risk/5')
  })

  it('trades one underlying, and no other’s collateral counts', () => {
    const world = new RiskWorld()
    open(world)
    const order = (id: bigint) => {
      const market = world.markets.find((each) => each.id === id)!
      return { market, sizeE9: E9, limitE9: 3_000n * E9, feeE6: 0n }
    }
    const admit = (...ids: bigint[]) =>
      refusal(() => world.risk.initialMarginE6(world.context, isolated, ids.map(order)))
    expect(admit(ETH_PERP, ETH_FUTURE)).toBe('nothing')
    expect(admit(ETH_PERP, BTC_PERP)).toBe('risk/4')
    world.set(isolated, {
      cashE6: 10_000n * E6,
      eth: 10n ** 18n,
      positions: [[BTC_PERP, E9 / 10n, -6_000n * E6]],
    })
    expect(admit(ETH_PERP)).toBe('risk/4')
    const { initialE6 } = world.risk.margins(world.context, isolated)
    world.set(isolated, { cashE6: 10_000n * E6, positions: [[BTC_PERP, E9 / 10n, -6_000n * E6]] })
    expect(world.risk.margins(world.context, isolated).initialE6).toBe(initialE6)
    world.set(holderOf(1, 4), { cashE6: 10_000n * E6, eth: 10n ** 18n, positions: [[BTC_PERP, E9 / 10n]] })
    expect(world.risk.margins(world.context, holderOf(1, 4)).initialE6).toBeGreaterThan(initialE6)
  })
})

describe('the model', () => {
  it('is the preset with ids for names, and stays the same object while nothing changes', () => {
    const modelOf = createModels()
    const openNotional = { lowerE6: 10n ** 12n, upperE6: 2n * 10n ** 12n }
    const [btc, eth] = [
      { asset: 3n, symbol: 'BTC', openNotional },
      { asset: 4n, symbol: 'ETH', openNotional: undefined },
    ]
    const model = modelOf('pm2', [btc, eth])
    expect(modelOf('pm2', [{ ...btc }, { ...eth }])).toBe(model)
    expect(modelOf('pm2', [eth])).not.toBe(model)
    expect(model).toMatchObject({
      offsetGroups: [{ underlyings: ['3', '4'], lambda: 0.5 }],
      openInterest: [{ underlying: '3', base: 0.04, lower: 1e6, upper: 2e6 }],
    })
    expect(modelOf('pm2', [eth])).toMatchObject({ offsetGroups: [], openInterest: [] })
  })
})

describe('the snapshot', () => {
  it('has what was priced, at the last price, and tells libs/margin what is not fresh', () => {
    const world = new RiskWorld()
    world.prices.set(ETH, { priceE9: 3_000n * E9, state: 'stale' })
    world.prices.delete(3n)
    const { snapshot, terms } = buildSnapshot(world.context, world.ports)
    expect(snapshot.underlyings.map(({ name, spotConfidence }) => [name, spotConfidence])).toEqual([
      ['4', 0n],
    ])
    expect(
      snapshot.assets.map(({ name, underlying, cancelsRisk }) => [name, underlying, cancelsRisk]),
    ).toEqual([
      ['2', undefined, undefined],
      ['4', '4', true],
    ])
    expect([...terms.keys()]).not.toContain(BTC_PERP)
  })

  it('takes the forward apart in the last half hour: what was seen is fixed', () => {
    const world = new RiskWorld()
    const left = 600n
    world.block(() => undefined, EXPIRY - left - world.context.timeSeconds)
    const seen = { sum: 2_900n * E9 * 1_000n, coveredNanoseconds: 1_000n }
    const markets = { ...world.ports.markets, observedIndex: () => seen }
    const expiryOf = (ports = world.ports) =>
      buildSnapshot(world.context, ports).snapshot.underlyings[1]!.expiries[0]!
    const parts = expiryOf({ ...world.ports, markets })
    expect(parts.forwardFixed).toBeCloseTo((2_900 * 1_200) / 1_800, 8)
    expect(parts.forwardVariable).toBeCloseTo(3_010 / 3, 8)
    // Nothing was seen: the forward stands for it.
    const { forwardFixed, forwardVariable } = expiryOf()
    expect(forwardFixed + forwardVariable).toBeCloseTo(3_010, 6)
    world.block(() => undefined, 601n)
    expect(expiryOf({ ...world.ports, markets })).toMatchObject({ forwardFixed: 2_900, forwardVariable: 0 })
  })

  it('takes apart a forward of one nano-cash too: its parts are not nothing', () => {
    const world = new RiskWorld()
    const price = world.ports.price
    for (const left of [1_799n, 900n, 1n, 0n]) {
      world.block(() => undefined, EXPIRY - left - world.context.timeSeconds)
      const published = world.ports.surface(world.context, ETH)
      const expiries = published.expiries.map((each) => ({ ...each, forwardE9: 1n }))
      const { snapshot, options, underlyings } = buildSnapshot(world.context, {
        ...world.ports,
        price: (context, asset) => ({ ...price(context, asset), priceE9: 1n }),
        surface: () => ({ ...published, expiries }),
      })
      const [expiry] = snapshot.underlyings.find(({ name }) => name === ETH.toString())!.expiries
      expect(expiry!.forwardFixed + expiry!.forwardVariable).toBeCloseTo(1e-9, 20)
      expect(() => createRiskMarket(createModels()('pm2', underlyings), snapshot, options)).not.toThrow()
    }
  })

  it('keeps within what libs/margin takes, whatever was voted or traded', () => {
    const world = new RiskWorld()
    const published = world.ports.surface(world.context, ETH)
    const expiries = published.expiries.map((each) => ({ ...each, rateE9: 2n ** 62n, forwardE9: 2n ** 100n }))
    const figures = () => ({ markE9: 2n ** 63n, openInterestE9: 2n ** 62n, funding: undefined })
    const ports = {
      ...world.ports,
      surface: () => ({ ...published, expiries }),
      markets: { ...world.ports.markets, figures },
    }
    const { snapshot, options, underlyings } = buildSnapshot(world.context, ports)
    const model = createModels()('pm2', underlyings)
    expect(createRiskMarket(model, snapshot, options).options.count).toBe(2)
  })

  it('marks an option where its own quotes have moved it, and no other', () => {
    const world = new RiskWorld()
    const volsOf = () => {
      const { snapshot, options, underlyings } = buildSnapshot(world.context, world.ports)
      const { options: table } = createRiskMarket(createModels()('pm2', underlyings), snapshot, options)
      return [...table.volatility]
    }
    const [call, put] = volsOf() as [number, number]
    expect(call).toBe(put)
    const asked: bigint[] = []
    world.quoted.set(ETH_CALL, (oracleE9) => {
      asked.push(oracleE9)
      return oracleE9 + 20_000_000n
    })
    expect(volsOf()[0]).toBeCloseTo(call + 0.02, 8)
    expect(volsOf()[1]).toBe(put)
    expect(Number(asked[0]) / 1e9).toBeCloseTo(call, 8)
    // Without a surface nothing says how far is too far.
    world.smile = undefined
    expect(volsOf()).toEqual([1, 1])
  })
})
