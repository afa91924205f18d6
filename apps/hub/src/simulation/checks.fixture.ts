// What must hold after every block, beside what each module says of itself: both ends of every line agree, no
// order of the dead, queues are what they say, nobody opened risk without margin.
import { be64, concatBytes, equalBytes, fromBe64 } from '@causeway/primitives'
import type { ResponseFinalizeBlock } from '@causeway/protocol/tendermint/abci/types'
import { brokenInvariants } from '../block/inspect.ts'
import type { ReadContext } from '../block/context.ts'
import { ACCOUNTS_STORE, hasAccount, readWallet } from '../modules/accounts/state.ts'
import { CASH_STORE, findWithdrawal, withdrawals } from '../modules/cash/state.ts'
import { LEDGER_STORE, lines } from '../modules/ledger/state.ts'
import {
  MARKETS_STORE,
  holderBytes,
  positionsOfAll,
  readFigures,
  readMarket,
  storedOrders,
} from '../modules/markets/state.ts'
import { TOKENS } from './genesis.fixture.ts'
import type { Relays } from './relays.fixture.ts'
import type { Scene } from './scene.fixture.ts'
import { addresses } from './scene.fixture.ts'

/** Everything that does not hold, one sentence each. */
export function broken(scene: Scene, relays: Relays, isThorough: boolean): string[] {
  const { state } = scene
  const own = isThorough ? brokenInvariants(scene.hub.chain) : moduleInvariants(scene)
  return [
    ...own,
    ...brokenEscrows(scene, relays),
    ...brokenOrders(state),
    ...brokenPositions(state),
    ...brokenQueue(state),
  ]
}

/** As `brokenInvariants`, without hashing every tree anew. */
function moduleInvariants({ hub, state }: Scene): readonly string[] {
  return hub.chain.composition.modules.flatMap((module) => module.invariants?.(state) ?? [])
}

/**
 * What the other chain has locked, less what the hub doesn't know yet and what it doesn't know to be paid, is
 * what the hub's line says; what the hub owes is never more than what is locked.
 */
function brokenEscrows(scene: Scene, relays: Relays): string[] {
  const store = scene.state.store(LEDGER_STORE)
  const byPath = new Map([...lines(store)].map((line) => [line.denom, line]))
  return TOKENS.flatMap(({ chainId, base }) => {
    const chain = scene.chains.find((each) => each.chainId === chainId)!
    const line = byPath.get(`transfer/${chain.client}/${base}`)
    const locked = chain.escrow.get(base) ?? 0n
    const escrowed = BigInt(line?.escrowed ?? 0)
    let expected = locked
    for (const { state, held } of chain.sent.values())
      if (held?.denom === base && state !== 'taken') expected -= held.amount
    for (const { packet, chain: there } of relays.outgoing) {
      const taken = chain.received.get(packet.sequence)
      if (there !== chain || taken === undefined || taken.acknowledgement.length === 32) continue
      const returned = chain.returned(packet)
      if (returned?.denom === base) expected += returned.amount
    }
    const owed = escrowed - BigInt(line?.inFlight ?? 0)
    return [
      ...(expected === escrowed ? [] : [`${base}: ${chainId} holds ${expected}, the hub says ${escrowed}`]),
      ...(owed <= locked ? [] : [`${base}: the hub owes ${owed}, ${chainId} holds ${locked}`]),
    ]
  })
}

/** Orders are of accounts that live, of markets that trade, and each subaccount has few. */
function brokenOrders(state: ReadContext): string[] {
  const accounts = state.store(ACCOUNTS_STORE)
  const store = state.store(MARKETS_STORE)
  const wrong: string[] = []
  for (const order of storedOrders(store)) {
    const { account } = order.holder
    const say = (what: string) => wrong.push(`order ${order.id} of ${addresses.encode(account)} ${what}`)
    if (!hasAccount(accounts, account) || readWallet(accounts, account) !== undefined) say('is of no account')
    const market = readMarket(store, order.market)
    // Where many rest, those of a market that is over are closed in parts, block by block.
    if (market === undefined) say('is in no market')
    if (order.remainingE9 <= 0n || order.remainingE9 > order.sizeE9) say(`has ${order.remainingE9} left`)
    if (order.timeInForce === 'ioc' || order.timeInForce === 'fok')
      if (order.trigger === undefined) say('should have been for at once')
    if (order.expireSeconds > 0n && order.expireSeconds < state.timeSeconds) say('should have expired')
  }
  return wrong
}

/** Positions: of live accounts, none empty, ascending, half of all sizes is the open interest. */
function brokenPositions(state: ReadContext): string[] {
  const accounts = state.store(ACCOUNTS_STORE)
  const store = state.store(MARKETS_STORE)
  const wrong: string[] = []
  const sums = new Map<bigint, bigint>()
  for (const { holder, positions } of positionsOfAll(store)) {
    if (!hasAccount(accounts, holder.account))
      wrong.push(`${addresses.encode(holder.account)} has positions and is no account`)
    let last = -1n
    for (const { market, sizeE9 } of positions) {
      if (sizeE9 === 0n || market <= last) wrong.push(`a position in ${market} is empty or out of order`)
      last = market
      sums.set(market, (sums.get(market) ?? 0n) + (sizeE9 < 0n ? -sizeE9 : sizeE9))
    }
  }
  for (const [id, sum] of sums) {
    const { openInterestE9 } = readFigures(store, id)
    const isSettling = readMarket(store, id)?.status === 'settling'
    if (sum !== 2n * openInterestE9 && !isSettling)
      wrong.push(`market ${id}: Σ|size| is ${sum}, open interest ${openInterestE9}`)
  }
  return wrong
}

/** Each withdrawal stands once, in its line, under a positive amount, with a way back to it. */
function brokenQueue(state: ReadContext): string[] {
  const store = state.store(CASH_STORE)
  const wrong: string[] = []
  let waiting = 0
  for (const withdrawal of withdrawals(store)) {
    waiting++
    const found = findWithdrawal(store, withdrawal.id)
    if (found === undefined || found.line !== withdrawal.line || BigInt(withdrawal.amount) <= 0n)
      wrong.push(`withdrawal ${withdrawal.id} can't be found, or is empty`)
  }
  const byId = [...store.iterate(Uint8Array.of(0x07), Uint8Array.of(0x08))]
  if (byId.length !== waiting) wrong.push(`${waiting} withdrawals wait, ${byId.length} have a line`)
  for (const [key, value] of byId) {
    const [id, line] = [fromBe64(key, 1), fromBe64(value)]
    if (!store.has(concatBytes(Uint8Array.of(0x05), be64(line), be64(id))))
      wrong.push(`withdrawal ${id} isn't in line ${line}`)
  }
  return wrong
}

/** Who had which sizes before a block. */
export type Sizes = ReadonlyMap<string, ReadonlyMap<bigint, bigint>>

/** The sizes of all holders. */
export function sizesOf(state: ReadContext): Sizes {
  const all = [...positionsOfAll(state.store(MARKETS_STORE))]
  return new Map(
    all.map(({ holder, positions }) => [
      Buffer.from(holderBytes(holder)).toString('hex'),
      new Map(positions.map(({ market, sizeE9 }) => [market, sizeE9])),
    ]),
  )
}

/**
 * Nobody opens risk without margin: whose position grew in a block in which no price moved has initial margin
 * afterwards, but for what marks moved by the block's own trades.
 */
export function openedWithoutMargin(
  scene: Scene,
  before: Sizes,
  slackOf: (market: bigint) => bigint,
): string[] {
  const wrong: string[] = []
  for (const { holder, positions } of positionsOfAll(scene.state.store(MARKETS_STORE))) {
    const had = before.get(Buffer.from(holderBytes(holder)).toString('hex'))
    const grew = positions.some(({ market, sizeE9 }) => {
      const old = had?.get(market) ?? 0n
      return abs(sizeE9) > abs(old) || sizeE9 * old < 0n
    })
    if (!grew) continue
    const slack = positions.reduce((sum, { market, sizeE9 }) => sum + slackOf(market) * abs(sizeE9), 0n)
    const marginE6 = BigInt(scene.portfolio(holder).initialMarginE6)
    if (marginE6 + slack / 10n ** 12n < -1_000_000n)
      wrong.push(`${addresses.encodeHolder(holder)} opened risk and has ${marginE6} of initial margin`)
  }
  return wrong
}

/** Whether two nodes answered a block alike; what differs. */
export function differences(one: ResponseFinalizeBlock, other: ResponseFinalizeBlock): string[] {
  const plain = (value: unknown) =>
    JSON.stringify(value, (_, item: unknown) => (typeof item === 'bigint' ? `${item}n` : item))
  const wrong: string[] = []
  if (!equalBytes(one.appHash, other.appHash)) wrong.push('app hashes differ')
  one.txResults.forEach((result, i) => {
    const [mine, theirs] = [plain(result), plain(other.txResults[i])]
    if (mine !== theirs) wrong.push(`result ${i} differs: ${mine} ≠ ${theirs}`)
  })
  const unlike = (mine: readonly unknown[], theirs: readonly unknown[]) =>
    mine.map(plain).filter((event) => !theirs.some((each) => plain(each) === event))
  if (plain(one.events) !== plain(other.events))
    wrong.push(
      `events of the block differ: ${unlike(one.events, other.events).join()} ≠ ` +
        unlike(other.events, one.events).join(),
    )
  if (plain(one.validatorUpdates) !== plain(other.validatorUpdates)) wrong.push('validators differ')
  return wrong
}

function abs(value: bigint): bigint {
  return value < 0n ? -value : value
}
