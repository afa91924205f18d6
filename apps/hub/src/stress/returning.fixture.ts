// Who lost comes back when all is quiet: with money from home, and new positions; who gained takes some home.
import { MsgRedeem, MsgWithdraw } from '@causeway/protocol/causeway/cash/v1/tx'
import { cashOf } from '../modules/cash/pool.ts'
import { CASH_STORE, readCash, readPool } from '../modules/cash/state.ts'
import { LEDGER_STORE, readBalance } from '../modules/ledger/state.ts'
import { MARKETS_STORE, readPositions } from '../modules/markets/state.ts'
import { packed } from '../simulation/action.fixture.ts'
import type { Actor } from '../simulation/actor.fixture.ts'
import type { Random } from '../simulation/random.fixture.ts'
import { addresses } from '../simulation/scene.fixture.ts'
import { HOMES, HOME_OF_ETHER } from './homes.fixture.ts'
import { immediate } from './orders.fixture.ts'
import type { Endowment } from './population.fixture.ts'
import type { PlannedBlock } from './scenarios.fixture.ts'
import { DEPTH } from './traders.fixture.ts'
import type { StressWorld } from './world.fixture.ts'

const LOOKED_AT_PER_BLOCK = 40
const RETURNING_PER_BLOCK = 12
const DEPOSITS_PER_BLOCK = 6
const LEAVING_PER_BLOCK = 4
const ETH = 4n
const E6 = 1_000_000n

/** Some of those who hold less than they want get money from home, or new positions. */
export function comeBack(world: StressWorld, planned: PlannedBlock, random: Random): void {
  const inventory = inventoryOf(world)
  let [deposits, returning] = [0, 0]
  for (let i = 0; i < LOOKED_AT_PER_BLOCK && returning < RETURNING_PER_BLOCK; i++) {
    const trader = random.pick(world.population.traders)
    const { actor, notional, equity } = trader
    const { gross, cash } = standingOf(world, planned, trader)
    if (gross > 0.7 * notional) continue
    const lacking = Math.round(equity - cash)
    if (lacking > 0.2 * equity) {
      if (deposits++ >= DEPOSITS_PER_BLOCK) continue
      world.homes.deposit(world, random.below(HOME_OF_ETHER), {
        ...{ amount: BigInt(lacking) * E6, receiver: actor.address, seconds: 3_600n },
      })
      continue
    }
    returning++
    const market = random.pick(world.population.markets)
    // Mostly what makers want to be rid of.
    const isBuy = random.chance(0.8) ? (inventory.get(market.id) ?? 0n) > 0n : random.chance(0.5)
    const wanted = Math.min(notional / random.between(1, 4), DEPTH[market.tier])
    immediate(world, planned, { kind: 'return', actor, market, isBuy, notional: wanted })
  }
}

/** Some of those who have much more than they began with take a part home; now and then ether. */
export function takeHome(world: StressWorld, planned: PlannedBlock, random: Random): void {
  let leaving = 0
  const holderOf = ({ id: account }: Actor) => addresses.encodeHolder({ account, subaccount: 0 })
  for (let i = 0; i < LOOKED_AT_PER_BLOCK && leaving < LEAVING_PER_BLOCK; i++) {
    const trader = random.pick(world.population.traders)
    const { actor, equity } = trader
    const { cash, ether } = standingOf(world, planned, trader)
    if (cash > 1.5 * equity) {
      leaving++
      const line = lineOf(random.below(HOME_OF_ETHER))
      const amountE6 = `${BigInt(Math.round((cash - equity) * 0.8)) * E6}`
      const fields = { holder: holderOf(actor), line, amountE6, receiver: 'zone1home' }
      world.send('redeem', actor, [packed('cash.v1.MsgRedeem', MsgRedeem, fields)])
    } else if (ether > 0n && random.chance(0.05)) {
      leaving++
      const line = lineOf(HOME_OF_ETHER)
      const fields = { holder: holderOf(actor), line, amount: `${ether / 4n}`, receiver: 'zone1home' }
      world.send('withdraw', actor, [packed('cash.v1.MsgWithdraw', MsgWithdraw, fields)])
    }
  }
}

function lineOf(home: number): string {
  return `transfer/07-tendermint-${home}/${HOMES[home]!.base}`
}

/** Gross notional and cash, in whole units; ether in base units. */
function standingOf(world: StressWorld, { prices }: PlannedBlock, { actor }: Endowment) {
  const holder = { account: actor.id, subaccount: 0 }
  const { state, population } = world
  const cashes = state.store(CASH_STORE)
  const cash = Number(cashOf(readPool(cashes), readCash(cashes, holder).shares)) / 1e6
  const gross = readPositions(state.store(MARKETS_STORE), holder).reduce(
    (sum, { market, sizeE9 }) =>
      sum + (Math.abs(Number(sizeE9)) / 1e9) * prices[population.underlyingOf.get(market)!]!,
    0,
  )
  return { gross, cash, ether: readBalance(state.store(LEDGER_STORE), holder, ETH) }
}

/** What makers hold together, by market. */
function inventoryOf({ state, population }: StressWorld): ReadonlyMap<bigint, bigint> {
  const sums = new Map<bigint, bigint>()
  for (const { id: account } of population.makers)
    for (const { market, sizeE9 } of readPositions(state.store(MARKETS_STORE), { account, subaccount: 0 }))
      sums.set(market, (sums.get(market) ?? 0n) + sizeE9)
  return sums
}
