// Collateral that came over a client which is dead, in a whole hub: it opens less at once, covers less day by
// day, and counts whole again when the client goes on.
import { blstScheme, createEthereumClient } from '@causeway/light-clients'
import { createLightClientRegistry, recoverClient } from '@causeway/messaging'
import { assert } from '@causeway/primitives'
import type { JsonValue } from '@causeway/primitives'
import {
  QueryPortfolioRequest,
  QueryPortfolioResponse,
  QueryWhatIfRequest,
  QueryWhatIfResponse,
} from '@causeway/protocol/causeway/risk/v1/query'
import { describe, expect, it } from 'vitest'
import type { Context } from './block/context.ts'
import { brokenInvariants, exportState } from './block/inspect.ts'
import { messagingContext } from './block/messaging-context.ts'
import { arena } from './manipulations/arena.fixture.ts'
import { eventsIn } from './testing/bridge.fixture.ts'
import { cashOwed } from './testing/debts.fixture.ts'
import { WETH } from './testing/ethereum-bridge.fixture.ts'
import { testHub } from './testing/hub.fixture.ts'
import { message } from './testing/messages.fixture.ts'
import { ETHER, StandbyWorld } from './testing/standby.fixture.ts'
import {
  E6,
  E9,
  ETH,
  USD,
  order,
  perpetual,
  place,
  portfolio,
  tradingGenesis,
} from './testing/trading-hub.fixture.ts'
import { Wallet } from './testing/wallet.fixture.ts'

const DAY = 86_400n

/** A trader with 20,000 cash and 100 ETH of 2,000, which came over Ethereum's client. */
function funded(): StandbyWorld {
  const world = new StandbyWorld(1n)
  world.credit(100n * ETHER, world.trader.address, WETH)
  return world
}

const ether = (world: StandbyWorld) => world.portfolio().collateral.find(({ denom }) => denom === 'eth')!

/** Time goes by; prices are fresh again. */
function pass(world: StandbyWorld, seconds: bigint): void {
  world.driver.block(seconds)
  for (let i = 0; i < 4; i++) world.driver.block()
}

/** Buys at 2,000 of the stranger; gives both codes. */
function buy(world: StandbyWorld, whole: bigint): string[] {
  const terms = { market: perpetual(world.driver), limitE9: 2_000n * E9, sizeE9: whole * E9 }
  return [
    place(world.driver, world.stranger, order(world.stranger, { ...terms, isBuy: false })),
    place(world.driver, world.trader, order(world.trader, { ...terms, isBuy: true })),
  ]
}

const sizes = (world: StandbyWorld) => world.portfolio().positions.map(({ sizeE9 }) => BigInt(sizeE9) / E9)

function whatIf(world: StandbyWorld, whole: bigint): bigint {
  const trades = [{ market: perpetual(world.driver), size: `${whole * E9}`, priceE9: 0n }]
  const data = QueryWhatIfRequest.encode({ account: world.trader.address, trades }).finish()
  const { value } = world.driver.query('/causeway.risk.v1.Query/WhatIf', data)
  return BigInt(QueryWhatIfResponse.decode(value).after!.initialMarginE6)
}

const registry = createLightClientRegistry([createEthereumClient({ bls: blstScheme })])

/** Another client of the same chain, as it is now; gives its id. */
function another(world: StandbyWorld): string {
  const { chain, relayer, slot } = world
  const created = world.deliver(relayer, [
    message('ibc.core.client.v1.MsgCreateClient', {
      ...chain.clientStates(slot - 2n),
      signer: relayer.address,
    }),
  ])
  assert(created.code === 0, created.log)
  return eventsIn(created, 'create_client')[0]!['client_id']!
}

/** What a vote would do, in a block. */
function act(world: StandbyWorld, run: (context: Context) => void): void {
  const module = world.hub.chain.composition.modules.find(({ name }) => name === 'clearing')!
  Object.assign(module, { beginBlock: run })
  world.driver.block()
  Object.assign(module, { beginBlock: undefined })
}

const portfolioOf = (world: StandbyWorld) =>
  QueryPortfolioRequest.encode({ account: world.trader.address, explain: false }).finish()

describe('collateral whose only client has expired', () => {
  it('opens half as much at once, and is told', () => {
    const alive = funded()
    expect(ether(alive)).toMatchObject({ initialValueE6: `${180_000n * E6}`, initialCutBps: 0 })
    expect(whatIf(alive, 300n)).toBeGreaterThan(0n)
    expect([buy(alive, 300n), sizes(alive)]).toEqual([['0', '0'], [301n]])

    const world = funded()
    pass(world, 40n * DAY)
    expect(ether(world)).toMatchObject({
      ...{ valueE6: `${200_000n * E6}`, initialValueE6: `${90_000n * E6}`, initialCutBps: 5_000 },
      ...{ maintenanceValueE6: `${190_000n * E6}`, maintenanceCutBps: 0 },
    })
    expect(whatIf(world, 300n)).toBeLessThan(0n)
    buy(world, 300n)
    expect(sizes(world)).toEqual([1n])
    expect(world.told('causeway.risk.v1.dead_client')).toMatchObject([
      { client: world.client, status: 'Expired' },
    ])
    expect(world.told('causeway.risk.v1.haircut')).toMatchObject([{ asset: `${USD}` }, { asset: `${ETH}` }])
    expect(world.broken()).toEqual([])
  })

  it('keeps nobody above maintenance for ever, and fails nobody in one block', () => {
    const world = funded()
    expect(buy(world, 300n)).toEqual(['0', '0'])
    const levels = new Set<string>()
    pass(world, 40n * DAY)
    for (let day = 0; day < 9; day++) {
      levels.add(world.portfolio().marginLevel)
      if (world.portfolio().marginLevel === 'below') break
      pass(world, DAY)
    }
    expect([...levels]).toEqual(['healthy', 'warned', 'called', 'below'].filter((level) => levels.has(level)))
    expect(levels.size).toBeGreaterThan(2)
    expect(levels).toContain('below')
    expect(world.broken()).toEqual([])
  })

  it('counts whole when a vote has let the client go on', () => {
    const world = funded()
    pass(world, 40n * DAY)
    pass(world, DAY)
    expect(ether(world)).toMatchObject({ initialCutBps: 6_000, maintenanceCutBps: 1_000 })
    const substituteClientId = another(world)
    act(world, (context) =>
      recoverClient(messagingContext(context), registry, { clientId: world.client, substituteClientId }),
    )
    pass(world, 60n)
    expect(ether(world)).toMatchObject({ initialValueE6: `${180_000n * E6}`, initialCutBps: 0 })
    expect(world.told('causeway.risk.v1.dead_client').map(({ status }) => status)).toEqual([
      'Expired',
      'Active',
    ])
    expect(world.broken()).toEqual([])
  })

  it('has what it has lost after an export, too', () => {
    const world = funded()
    pass(world, 40n * DAY)
    pass(world, 3n * DAY)
    const exported = exportState(world.hub.chain) as { risk: { deadClients: object[] } }
    expect(exported.risk.deadClients).toMatchObject([{ client: world.client }])
    const priceSource = (_: bigint, publishTimeSeconds: bigint) =>
      [...world.prices].map(([asset, priceE9]) => ({ asset, priceE9, publishTimeSeconds }))
    const wallets = [world.relayer, world.trader, world.stranger]
    const copy = testHub(wallets, { priceSource }, exported as never, world.driver.timeNanoseconds)
    copy.driver.block()
    const again = exportState(copy.hub.chain) as typeof exported
    expect(again.risk.deadClients).toEqual(exported.risk.deadClients)
    const { value } = copy.driver.query('/causeway.risk.v1.Query/Portfolio', portfolioOf(world))
    const held = QueryPortfolioResponse.decode(value).collateral
    expect(held).toMatchObject([{}, { initialCutBps: 8_000, maintenanceCutBps: 3_000 }])
    expect(brokenInvariants(copy.hub.chain)).toEqual([])
  })
})

const [DEBTOR, OTHER] = ['dead debtor', 'dead other'] as const
/** Ten ETH of 3,000: 7.5 over a client that trusts for an hour, 2.5 over one that trusts for ten days. */
function pooled(debt = 0n) {
  const wallets = [DEBTOR, OTHER].map((name) => new Wallet(name))
  const holder = wallets[0]!.address
  const base = tradingGenesis(wallets) as unknown as { ledger: { lines: object[]; balances: object[] } }
  const lines = [3n, 1n].map((quarters, i) => ({
    ...{ client: `07-tendermint-${i}`, denom: `transfer/07-tendermint-${i}/weth`, asset: 'eth' },
    escrowed: `${(ETHER * 10n * quarters) / 4n}`,
  }))
  const weight = { initialWeightBps: 7_500, maintenanceWeightBps: 8_500 }
  const genesis = {
    ledger: {
      ...base.ledger,
      lines: [{ ...base.ledger.lines[0]!, client: '07-tendermint-1', denom: OTHER_USD }, ...lines],
      balances: [...base.ledger.balances, { holder, denom: 'eth', amount: `${10n * ETHER}` }],
    },
    risk: { weights: [{ asset: `${ETH}`, ...weight }] },
    cash: cashOwed({ [holder]: debt * E6 }),
  } as unknown as Record<string, JsonValue>
  const world = arena([DEBTOR, OTHER], { trustingSeconds: [3_600n, 10n * DAY], genesis })
  const held = () => portfolio(world.driver, holder).collateral.find(({ asset }) => asset === ETH)!
  return { ...world, held }
}
const OTHER_USD = 'transfer/07-tendermint-1/uusd'

describe('collateral that came over two clients', () => {
  it('loses by the share that lies on lines of the dead one', () => {
    const world = pooled()
    expect(world.held()).toMatchObject({ initialCutBps: 0, maintenanceCutBps: 0 })
    world.blocks(2, 3_600n)
    expect(world.held()).toMatchObject({ initialCutBps: 3_750, maintenanceCutBps: 0 })
    world.blocks(1, 2n * DAY)
    world.blocks(2)
    expect(world.held()).toMatchObject({
      ...{ valueE6: `${30_000n * E6}`, initialCutBps: 5_250, maintenanceCutBps: 1_500 },
      // 75 % less 52.5 % of it, and 85 % less 15 %, in whole basis points
      ...{ initialValueE6: `${10_686n * E6}`, maintenanceValueE6: `${21_675n * E6}` },
    })
    expect(world.broken()).toEqual([])
  })

  it('is not sold for a debt at once: only what maintenance has lost lowers the limit', () => {
    // 22,500 cover a debt of 11,250
    const world = pooled(11_000n)
    const overdrawn = () =>
      world.driver.responses
        .flatMap(({ events }) => events)
        .filter(({ type }) => type === 'causeway.cash.v1.overdrawn').length
    world.blocks(3, 3_600n)
    expect([world.held().initialCutBps, overdrawn()]).toEqual([3_750, 0])
    world.blocks(1, DAY)
    world.blocks(3)
    expect([world.held().maintenanceCutBps, overdrawn()]).toEqual([750, 1])
  })
})
