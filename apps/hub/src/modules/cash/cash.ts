// Cash: one signed unit per zone, a par claim on the pool. Trading may leave it below zero, nothing else.
import { assert } from '@causeway/primitives'
import type { Context, ParentBlock, ReadContext } from '../../block/context.ts'
import { sameHolder } from '../../identifiers.ts'
import type { Holder } from '../../identifiers.ts'
import { debtors, isOverdrawn, writeOverdraft } from './debtors.ts'
import { errors } from './errors.ts'
import { emitCash, emitInterest, emitOverdrawn } from './events.ts'
import { SHARE_SCALE, accrue, cashOf, rateOf, sharesOf, surplus, surplusE6, withShares } from './pool.ts'
import type { CashPool } from './pool.ts'
import type { CashPorts } from './ports.ts'
import { CASH_STORE, cashAccounts, pooledAssets, readCash, readPool, writeCash, writePool } from './state.ts'
import type { CashLock } from './state.ts'

/** What other parts of the chain do with cash. Amounts are micro-cash; reasons stand in events. */
export interface Cash {
  /** Signed, interest included, rounded against the account. */
  balanceE6(context: ReadContext, holder: Holder): bigint
  /** Gains in markets that can't be redeemed, moved or paid yet. */
  lockedE6(context: ReadContext, holder: Holder): bigint
  /** The balance without those, signed: below 0 where they have paid a debt. */
  unlockedE6(context: ReadContext, holder: Holder): bigint
  /** What of it may be redeemed, moved or paid: not below 0, without what is locked. */
  freeE6(context: ReadContext, holder: Holder): bigint
  /** Throws `cash/2` where less than this is free. */
  requireFree(context: ReadContext, holder: Holder, amountE6: bigint): void
  /** Moves cash, even what the giver does not have: trading only. */
  move(context: Context, from: Holder, to: Holder, amountE6: bigint, reason: string): void
  /** One leg of a settlement whose legs sum to zero within the block. */
  flow(context: Context, holder: Holder, deltaE6: bigint, reason: string): void
  /**
   * Such legs together, of different holders; a gain can't be redeemed or moved before a time, unless that is
   * past.
   */
  settle(context: Context, legs: readonly CashLeg[], reason: string, untilSeconds: bigint): void
  /** Moves cash that the giver has, and may give. Throws `cash/2`. */
  pay(context: Context, from: Holder, to: Holder, amountE6: bigint, reason: string): void
  /** Ends the record of who has less than a micro-unit: so that nothing stays where nobody can sign. */
  dropDust(context: Context, holder: Holder): void
  /** Cash just gained in a market can't be redeemed or moved before a time. */
  lockGain(context: Context, holder: Holder, amountE6: bigint, untilSeconds: bigint): void
  /** min(1, value of the pool ÷ par), in 10⁻¹⁸; 1 for an empty pool. */
  stablePrice(context: ReadContext): bigint
  /** Subaccounts with less than no cash, ascending. */
  debtors(context: ReadContext): Iterable<Holder>
  /** Whether a subaccount owes more than half of its collateral covers: it can open nothing. */
  isOverdrawn(context: ReadContext, holder: Holder): boolean
  /** Whether a subaccount of an account has less than no cash. */
  owes(context: ReadContext, account: Uint8Array): boolean
  /**
   * An account's part of what the pool holds, base units by asset, rounded down: positive cash of all
   * subaccounts less their debts, as a share of par.
   */
  poolShare(context: ReadContext, account: Uint8Array): readonly { asset: bigint; amount: bigint }[]
  beginBlock(context: Context, parent: ParentBlock | undefined): void
  endBlock(context: Context): void
}

/** What a holder gains or loses. */
export interface CashLeg {
  readonly holder: Holder
  readonly deltaE6: bigint
  /** What is locked if it is above 0: what was gained, which may be more than what is left of it. */
  readonly gainE6: bigint
}

const LOCK_STEP_SECONDS = 60n
const E9 = 1_000_000_000n
const PRICE_SCALE = 10n ** 18n
const MICRO_DECIMALS = 6

/** Makes cash over its ports. */
export function createCash(ports: CashPorts): Cash {
  return {
    balanceE6: (context, holder) => balanceE6(context, ports, holder),
    lockedE6: (context, holder) =>
      lockedE6(readCash(context.store(CASH_STORE), holder).locks, context.timeSeconds),
    unlockedE6: (context, holder) => unlockedE6(context, ports, holder),
    freeE6: (context, holder) => freeE6(context, ports, holder),
    requireFree: (context, holder, amountE6) => requireFree(context, ports, holder, amountE6),
    move(context, from, to, amountE6, reason) {
      assert(amountE6 > 0n, 'only positive amounts move')
      addCash(context, ports, from, -amountE6, reason)
      addCash(context, ports, to, amountE6, reason)
    },
    flow: (context, holder, deltaE6, reason) => addCash(context, ports, holder, deltaE6, reason),
    settle: (context, legs, reason, untilSeconds) => settle(context, ports, legs, { reason, untilSeconds }),
    pay: (context, from, to, amountE6, reason) => {
      takeFree(context, ports, from, amountE6, reason)
      addCash(context, ports, to, amountE6, reason)
    },
    lockGain: (context, holder, amountE6, until) => lockGain(context, ports, holder, amountE6, until),
    dropDust,
    stablePrice: (context) => stablePrice(context, ports),
    debtors: (context) => debtors(context.store(CASH_STORE)),
    isOverdrawn: (context, holder) => isOverdrawn(context.store(CASH_STORE), holder),
    owes(context, account) {
      for (const [, { shares }] of cashAccounts(context.store(CASH_STORE), account))
        if (shares < 0n) return true
      return false
    },
    poolShare: (context, account) => poolShare(context, ports, account),
    beginBlock(context, parent) {
      if (parent !== undefined) accrueInterest(context, context.timeSeconds - parent.timeSeconds)
    },
    endBlock: (context) => sweepSurplus(context, ports),
  }
}

/** Signed micro-cash of a subaccount. */
export function balanceE6(context: ReadContext, { idle }: Pick<CashPorts, 'idle'>, holder: Holder): bigint {
  const store = context.store(CASH_STORE)
  const { shares } = readCash(store, holder)
  return shares === 0n || sameHolder(holder, idle) ? shares : cashOf(readPool(store), shares)
}

function unlockedE6(context: ReadContext, { idle }: Pick<CashPorts, 'idle'>, holder: Holder): bigint {
  const store = context.store(CASH_STORE)
  const { shares, locks } = readCash(store, holder)
  const isPar = shares === 0n || sameHolder(holder, idle)
  return (isPar ? shares : cashOf(readPool(store), shares)) - lockedE6(locks, context.timeSeconds)
}

/** Micro-cash that a subaccount may give away. */
export function freeE6(context: ReadContext, ports: Pick<CashPorts, 'idle'>, holder: Holder): bigint {
  const free = unlockedE6(context, ports, holder)
  return free > 0n ? free : 0n
}

/** What of these locks still holds. */
export function lockedE6(locks: readonly CashLock[], timeSeconds: bigint): bigint {
  return locks.reduce((sum, lock) => (lock.untilSeconds > timeSeconds ? sum + lock.amountE6 : sum), 0n)
}

/** What a change of cash needs. */
export type ChangePorts = Pick<CashPorts, 'addresses' | 'ensureAccount' | 'changed' | 'owingChanged' | 'idle'>

/** Adds signed cash to a subaccount; with `parE6`, as much comes into the pool. */
export function addCash(
  context: Context,
  ports: ChangePorts,
  named: Holder,
  deltaE6: bigint,
  reason: string,
  parE6 = 0n,
): void {
  if (deltaE6 === 0n && parE6 === 0n) return
  const store = context.store(CASH_STORE)
  const pool = changeCash(context, ports, readPool(store), {
    leg: { holder: named, deltaE6, gainE6: 0n },
    reason,
  })
  writePool(store, parE6 === 0n ? pool : { ...pool, parE6: pool.parE6 + parE6 })
}

function settle(
  context: Context,
  ports: ChangePorts,
  legs: readonly CashLeg[],
  { reason, untilSeconds }: { readonly reason: string; readonly untilSeconds: bigint },
): void {
  if (legs.length === 0) return
  const store = context.store(CASH_STORE)
  let pool = readPool(store)
  for (const leg of legs)
    if (leg.deltaE6 !== 0n || leg.gainE6 > 0n)
      pool = changeCash(context, ports, pool, { leg, reason, untilSeconds })
  writePool(store, pool)
}

/** Changes the cash of one subaccount; gives the pool with it, which is not written. */
function changeCash(
  context: Context,
  ports: ChangePorts,
  pool: CashPool,
  {
    leg: { holder: named, deltaE6, gainE6 },
    reason,
    untilSeconds = 0n,
  }: { readonly leg: CashLeg; readonly reason: string; readonly untilSeconds?: bigint },
): CashPool {
  const store = context.store(CASH_STORE)
  const holder = heldBy(context, ports, named)
  const { shares, locks } = readCash(store, holder)
  const isIdle = sameHolder(holder, ports.idle)
  const balance = (isIdle ? shares : cashOf(pool, shares)) + deltaE6
  const after = isIdle ? balance : sharesOf(pool, balance)
  const now = context.timeSeconds
  const isLocked = gainE6 > 0n && untilSeconds > now
  const standing = isLocked ? withLock(locks, now, untilSeconds, gainE6) : lessLoss(locks, now, gainE6)
  writeCash(store, holder, { shares: after, locks: standing })
  ports.changed?.(context, holder)
  const changed = isIdle ? { ...pool, idleE6: after } : withShares(pool, shares, after)
  if (shares < 0n !== after < 0n) {
    writePool(store, changed)
    if (!isIdle) noteDebt(context, ports, holder, { debtE6: -balance, isDebtor: after < 0n })
    ports.owingChanged?.(context, holder)
  }
  emitCash(context, ports.addresses, { holder, reason, deltaE6, balanceE6: balance })
  return changed
}

/** A subaccount has come to owe something, or no longer does. */
function noteDebt(
  context: Context,
  { addresses }: ChangePorts,
  holder: Holder,
  { debtE6, isDebtor }: { readonly debtE6: bigint; readonly isDebtor: boolean },
): void {
  const store = context.store(CASH_STORE)
  const isOver = !isDebtor && isOverdrawn(store, holder)
  writeOverdraft(store, holder, isDebtor ? 'none' : undefined)
  if (isOver) emitOverdrawn(context, addresses, { holder, status: 'none', debtE6, limitE6: 0n })
}

/** Ends a record whose shares are worth less than a micro-unit; they fall to the pool. */
function dropDust(context: Context, holder: Holder): void {
  const store = context.store(CASH_STORE)
  const pool = readPool(store)
  const { shares } = readCash(store, holder)
  assert(shares >= 0n && cashOf(pool, shares) === 0n, 'dust is worth nothing')
  writeCash(store, holder, { shares: 0n, locks: [] })
  writePool(store, withShares(pool, shares, 0n))
}

/** The subaccount that has the cash: a linked wallet's address has none of its own. */
function heldBy(context: Context, ports: ChangePorts, named: Holder): Holder {
  if (readCash(context.store(CASH_STORE), named).shares !== 0n) return named
  return { account: ports.ensureAccount(context, named.account), subaccount: named.subaccount }
}

/** Takes cash that a subaccount has and may give. Throws `cash/2`. */
export function takeFree(
  context: Context,
  ports: ChangePorts,
  holder: Holder,
  amountE6: bigint,
  reason: string,
  parE6 = 0n,
): void {
  assert(amountE6 > 0n, 'only positive amounts leave')
  requireFree(context, ports, holder, amountE6)
  addCash(context, ports, holder, -amountE6, reason, parE6)
}

function requireFree(
  context: ReadContext,
  ports: Pick<CashPorts, 'idle'>,
  holder: Holder,
  needE6: bigint,
): void {
  const free = freeE6(context, ports, holder)
  if (free >= needE6) return
  const { locks } = readCash(context.store(CASH_STORE), holder)
  throw errors.insufficient({ needE6, freeE6: free, lockedE6: lockedE6(locks, context.timeSeconds) })
}

function lockGain(
  context: Context,
  ports: ChangePorts,
  named: Holder,
  amountE6: bigint,
  untilSeconds: bigint,
): void {
  assert(amountE6 > 0n && untilSeconds > context.timeSeconds, 'a gain is locked for some time')
  const store = context.store(CASH_STORE)
  const holder = heldBy(context, ports, named)
  const record = readCash(store, holder)
  const locks = withLock(record.locks, context.timeSeconds, untilSeconds, amountE6)
  writeCash(store, holder, { ...record, locks })
}

/** Whole minutes: a subaccount that gains in every block has a dozen locks, not hundreds. */
function withLock(
  locks: readonly CashLock[],
  now: bigint,
  atLeastSeconds: bigint,
  amountE6: bigint,
): CashLock[] {
  const untilSeconds = ((atLeastSeconds + LOCK_STEP_SECONDS - 1n) / LOCK_STEP_SECONDS) * LOCK_STEP_SECONDS
  const others = locks.filter((lock) => lock.untilSeconds > now && lock.untilSeconds !== untilSeconds)
  const same = locks.find((lock) => lock.untilSeconds === untilSeconds)?.amountE6 ?? 0n
  const all = [...others, { untilSeconds, amountE6: same + amountE6 }]
  return all.sort((a, b) => (a.untilSeconds < b.untilSeconds ? -1 : 1))
}

/** What was gained and is lost again is locked no more: of the youngest locks first. */
function lessLoss(locks: readonly CashLock[], now: bigint, gainE6: bigint): CashLock[] {
  if (locks.length === 0) return []
  let lossE6 = gainE6 < 0n ? -gainE6 : 0n
  const left: CashLock[] = []
  for (const lock of locks.toReversed()) {
    if (lock.untilSeconds <= now) continue
    const amountE6 = lock.amountE6 > lossE6 ? lock.amountE6 - lossE6 : 0n
    lossE6 -= lock.amountE6 - amountE6
    if (amountE6 > 0n) left.unshift({ ...lock, amountE6 })
  }
  return left
}

function stablePrice(context: ReadContext, ports: CashPorts): bigint {
  let par = 0n
  let value = 0n
  for (const { asset, parE6 } of pooledAssets(context.store(CASH_STORE))) {
    const { priceE9 } = ports.price(context, asset)
    par += BigInt(parE6)
    // One that has never been priced stands at par: nothing was ever converted without a price.
    value += BigInt(parE6) * (priceE9 === 0n ? E9 : priceE9)
  }
  if (par === 0n || value >= par * E9) return PRICE_SCALE
  return (value * PRICE_SCALE) / (par * E9)
}

function poolShare(context: ReadContext, ports: CashPorts, account: Uint8Array) {
  const store = context.store(CASH_STORE)
  const pool = readPool(store)
  let cash = 0n
  for (const [, { shares }] of cashAccounts(store, account)) cash += cashOf(pool, shares)
  if (cash <= 0n || pool.parE6 <= 0n) return []
  const claim = cash < pool.parE6 ? cash : pool.parE6
  return pooledAssets(store).map(({ asset, parE6 }) => {
    const { decimals } = ports.asset(context, asset)!
    const micro = (BigInt(parE6) * claim) / pool.parE6
    return { asset, amount: fromMicro(micro, decimals) }
  })
}

/** Base units of whole micro-units, rounded down. */
export function fromMicro(microUnits: bigint, decimals: number): bigint {
  if (decimals >= MICRO_DECIMALS) return microUnits * 10n ** BigInt(decimals - MICRO_DECIMALS)
  return microUnits / 10n ** BigInt(MICRO_DECIMALS - decimals)
}

function accrueInterest(context: Context, seconds: bigint): void {
  const store = context.store(CASH_STORE)
  const before = readPool(store)
  const after = accrue(before, seconds)
  if (after === before) return
  writePool(store, after)
  emitInterest(context, after, rateOf(before))
}

/** What rounding and a tenth of the interest have left is insurance's. */
function sweepSurplus(context: Context, ports: CashPorts): void {
  const pool: CashPool = readPool(context.store(CASH_STORE))
  assert(surplus(pool) > -SHARE_SCALE, 'what cash was moved in a block sums to zero')
  const left = surplusE6(pool)
  if (left > 0n) addCash(context, ports, ports.insuranceFund, left, 'interest')
}
