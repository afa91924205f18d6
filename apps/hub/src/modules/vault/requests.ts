// Deposits and withdrawals: asked for now, executed when the delay is over, at the worse worth of that time.
// Nobody else's share is ever worth less by it.
import type { Context } from '../../block/context.ts'
import type { Holder } from '../../identifiers.ts'
import { errors } from './errors.ts'
import { emitExecuted, emitRequested } from './events.ts'
import { readParams } from './params.ts'
import type { VaultPorts } from './ports.ts'
import { SHARE_E18_MIN, cashFor, sellingE18, sharesFor, sharesPaidBy } from './pure/shares.ts'
import {
  VAULT_STORE,
  deleteRequest,
  readHolding,
  readTotals,
  requests,
  writeHolding,
  writeRequest,
  writeTotals,
} from './state.ts'
import type { Request } from './state.ts'
import { rangeSince } from './worth.ts'

/** Requests of a subaccount that may wait. */
export const REQUESTS_MAX = 16
/** 0.01 shares: nobody has, or asks for, less, but for all that he has. */
export const SHARES_MIN = 10n ** 10n

/** 1 cash: a withdrawal is paid in parts no smaller. */
const PART_E6_MIN = 1_000_000n

/**
 * Asks for shares; the cash goes at once. Gives the request's id. Throws `vault/1`, `/3`, `/4`, `/8`,
 * `cash/2`, `risk/*`.
 */
export function requestDeposit(
  context: Context,
  ports: VaultPorts,
  holder: Holder,
  amountE6: bigint,
): bigint {
  const store = context.store(VAULT_STORE)
  const { enabled, depositMinE6, worthMaxE6 } = readParams(store)
  if (enabled === 0n) throw errors.off()
  if (amountE6 < depositMinE6) throw errors.tooSmall({ minE6: depositMinE6 })
  const held = ports.cash.balanceE6(context, ports.vault) + ports.cash.balanceE6(context, queueOf(ports))
  if (held + amountE6 > worthMaxE6) throw errors.full({ maxE6: worthMaxE6 })
  ports.requireSolvent(context)
  ports.settle(context, holder)
  ports.risk.requireFresh(context, holder)
  ports.cash.pay(context, holder, queueOf(ports), amountE6, 'vault')
  ports.risk.checkWithdrawal(context, holder)
  return request(context, ports, { holder, isDeposit: true, amount: amountE6 })
}

/** Asks for cash for shares; they are held at once. Gives the request's id. Throws `vault/5` – `/8`. */
export function requestWithdrawal(
  context: Context,
  ports: VaultPorts,
  holder: Holder,
  shares: bigint,
): bigint {
  const store = context.store(VAULT_STORE)
  const holding = readHolding(store, holder)
  const { shares: has, lockedUntilSeconds: untilSeconds } = holding
  if (has < shares) throw errors.insufficient({ need: shares, has })
  if (context.timeSeconds < untilSeconds) throw errors.locked({ untilSeconds })
  const left = has - shares
  if (left !== 0n && (left < SHARES_MIN || shares < SHARES_MIN)) throw errors.dust({ least: SHARES_MIN })
  writeHolding(store, holder, { ...holding, shares: left })
  return request(context, ports, { holder, isDeposit: false, amount: shares })
}

/** What the vault can pay of its own. */
export interface Means {
  /** Micro-cash; below what its margin allows. */
  readonly spendableE6: bigint
  readonly worthE6: bigint
}

/** Executes what is due, deposits first; gives whether the vault lacks cash for a withdrawal that is due. */
export function executeDue(context: Context, ports: VaultPorts, { spendableE6, worthE6 }: Means): boolean {
  const depositedE6 = executeDeposits(context, ports, worthE6)
  return !ports.isPaused(context) && executeWithdrawals(context, ports, spendableE6 + depositedE6)
}

/** Cash of deposits that wait. */
export function queueOf({ vault }: Pick<VaultPorts, 'vault'>): Holder {
  return { ...vault, subaccount: 1 }
}

function request(
  context: Context,
  ports: VaultPorts,
  asked: Pick<Request, 'holder' | 'isDeposit' | 'amount'>,
): bigint {
  const store = context.store(VAULT_STORE)
  const totals = readTotals(store)
  const holding = readHolding(store, asked.holder)
  if (holding.requests >= REQUESTS_MAX) throw errors.tooMany({ max: REQUESTS_MAX })
  const id = totals.nextRequest
  const made: Request = { ...asked, id, requestedSeconds: context.timeSeconds }
  writeTotals(store, { ...totals, nextRequest: id + 1n })
  writeHolding(store, asked.holder, { ...holding, requests: holding.requests + 1 })
  writeRequest(store, made)
  emitRequested(context, ports.addresses, made)
  return id
}

/** What is due of a kind, as it came, at most so many a block. */
function due(context: Context, kind: 'deposit' | 'withdrawal'): Request[] {
  const store = context.store(VAULT_STORE)
  const { delaySeconds, executedMax } = readParams(store)
  const found: Request[] = []
  for (const each of requests(store, kind)) {
    const isDue = each.requestedSeconds + delaySeconds <= context.timeSeconds
    if (!isDue || BigInt(found.length) === executedMax) break
    found.push(each)
  }
  return found
}

/** Gives what came into the vault. */
function executeDeposits(context: Context, ports: VaultPorts, worthE6: bigint): bigint {
  const store = context.store(VAULT_STORE)
  const { enabled, leftBps, lockSeconds, worthMaxE6 } = readParams(store)
  let paidInE6 = 0n
  for (const each of due(context, 'deposit')) {
    const { holder, amount: amountE6 } = each
    const range = rangeSince(context, each.requestedSeconds)
    if (range === undefined) break
    const totals = readTotals(store)
    const vault = { worthE6: worthE6 + paidInE6, shares: totals.shares }
    const isLost = totals.shares > 0n && sellingE18(vault) < SHARE_E18_MIN
    const isTaken = enabled === 1n && !isLost && vault.worthE6 + amountE6 <= worthMaxE6
    const shares = isTaken ? sharesFor(amountE6, range.highE18, leftBps) : 0n
    const to = shares > 0n ? ports.vault : holder
    ports.cash.pay(context, queueOf(ports), to, amountE6, 'vault')
    const holding = readHolding(store, holder)
    const locked = shares > 0n ? context.timeSeconds + lockSeconds : holding.lockedUntilSeconds
    const after = { shares: holding.shares + shares, lockedUntilSeconds: locked }
    writeHolding(store, holder, { ...after, requests: holding.requests - 1 })
    writeTotals(store, { ...totals, shares: totals.shares + shares })
    deleteRequest(store, each)
    if (shares > 0n) paidInE6 += amountE6
    const done = { request: each, cashE6: amountE6, shares, shareE18: range.highE18, rest: 0n }
    emitExecuted(context, ports.addresses, done)
  }
  return paidInE6
}

/** Gives whether the vault lacked cash for some of what is due. */
function executeWithdrawals(context: Context, ports: VaultPorts, spendableE6: bigint): boolean {
  const store = context.store(VAULT_STORE)
  const { leftBps } = readParams(store)
  let leftE6 = spendableE6
  for (const each of due(context, 'withdrawal')) {
    const range = rangeSince(context, each.requestedSeconds)
    // What is worth nothing now may be worth something again.
    if (range === undefined || range.lowE18 === 0n) return false
    const wantedE6 = cashFor(each.amount, range.lowE18, leftBps)
    const freeE6 = least(leftE6, ports.cash.freeE6(context, ports.vault))
    const paidE6 = least(wantedE6, freeE6)
    const isWhole = paidE6 === wantedE6
    if (!isWhole && paidE6 < PART_E6_MIN) return true
    const shares = isWhole ? each.amount : least(each.amount, sharesPaidBy(paidE6, range.lowE18, leftBps))
    leftE6 -= paidE6
    pay(context, ports, each, { paidE6, shares, shareE18: range.lowE18 })
    if (!isWhole) return true
  }
  return false
}

function pay(
  context: Context,
  ports: VaultPorts,
  withdrawal: Request,
  { paidE6, shares, shareE18 }: { paidE6: bigint; shares: bigint; shareE18: bigint },
): void {
  const store = context.store(VAULT_STORE)
  const { holder, amount } = withdrawal
  const rest = amount - shares
  if (paidE6 > 0n) ports.cash.pay(context, ports.vault, holder, paidE6, 'vault')
  const totals = readTotals(store)
  writeTotals(store, { ...totals, shares: totals.shares - shares })
  if (rest > 0n) writeRequest(store, { ...withdrawal, amount: rest })
  else {
    const holding = readHolding(store, holder)
    writeHolding(store, holder, { ...holding, requests: holding.requests - 1 })
    deleteRequest(store, withdrawal)
  }
  const done = { request: withdrawal, cashE6: paidE6, shares, shareE18, rest }
  emitExecuted(context, ports.addresses, done)
}

function least(a: bigint, b: bigint): bigint {
  return a < b ? a : b
}
