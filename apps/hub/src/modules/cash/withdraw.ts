// What leaves over a line: cash redeemed at par, and balances. Beyond the line's window it waits, first come
// first served.
import { U64_MAX, assert, equalBytes } from '@causeway/primitives'
import type { Withdrawal } from '@causeway/protocol/causeway/cash/v1/cash'
import type { Line } from '@causeway/protocol/causeway/ledger/v1/ledger'
import type { Context } from '../../block/context.ts'
import { sameHolder } from '../../identifiers.ts'
import type { Holder } from '../../identifiers.ts'
import { addCash, takeFree } from './cash.ts'
import { toMicro } from './convert.ts'
import { errors } from './errors.ts'
import { emitPool, emitWithdrawal } from './events.ts'
import type { CashAsset, CashPorts } from './ports.ts'
import {
  CASH_STORE,
  deleteWithdrawal,
  findWithdrawal,
  isWaiting,
  readPooled,
  takeWithdrawalId,
  withdrawals,
  writePooled,
  writeWithdrawal,
} from './state.ts'

/** What became of a withdrawal: a packet's sequence, or the id under which it waits; the other is 0. */
export interface Left {
  readonly sequence: bigint
  readonly withdrawal: bigint
}

/** Where something shall go. */
export interface Destination {
  /** `ibc/HASH` or the full path. */
  readonly line: string
  readonly receiver: string
}

const RECEIVER = /^[\x21-\x7e]{1,128}$/
/** Of one account over one line: each is looked at when the line has room. */
const WAITING_MAX = 16
const MICRO_DECIMALS = 6

/**
 * Burns positive cash and pays it out at par. Throws `cash/2`, `cash/20`, `cash/22`, `cash/23`, `cash/41`,
 * `cash/43`, `cash/44`, `insurance/1`, `ledger/21`, `risk/1`, `risk/2`.
 */
export function redeem(
  context: Context,
  ports: CashPorts,
  holder: Holder,
  { amountE6, ...to }: Destination & { readonly amountE6: bigint },
): Left {
  ports.requireSolvent?.(context)
  ports.settleTrading?.(context, holder)
  const line = destination(context, ports, to)
  const asset = assetOf(context, ports, line)
  const amount = baseUnits(amountE6, asset.decimals)
  takeFromPool(context, asset.id, amountE6)
  ports.requireFresh(context, holder)
  takeFree(context, ports, holder, amountE6, 'redeem', -amountE6)
  ports.moveAsset(context, ports.pool, ports.waiting, asset, amount)
  ports.checkWithdrawal(context, holder)
  return leave(context, ports, { holder, line, amount, receiver: to.receiver, fromCash: true })
}

/**
 * Takes a balance out. Throws `cash/41`, `cash/43`, `cash/44`, `insurance/1`, `ledger/5`, `ledger/21`,
 * `risk/1`, `risk/2`.
 */
export function withdraw(
  context: Context,
  ports: CashPorts,
  holder: Holder,
  { amount, ...to }: Destination & { readonly amount: bigint },
): Left {
  ports.requireSolvent?.(context)
  const line = destination(context, ports, to)
  ports.moveAsset(context, holder, ports.waiting, assetOf(context, ports, line), amount)
  ports.checkWithdrawal(context, holder)
  return leave(context, ports, { holder, line, amount, receiver: to.receiver, fromCash: false })
}

/** Gives back what waits: to cash if it was cash. Throws `cash/40`. */
export function cancel(context: Context, ports: CashPorts, holder: Holder, id: bigint): void {
  const withdrawal = requireWithdrawal(context, holder, id)
  const store = context.store(CASH_STORE)
  const asset = ports.asset(context, withdrawal.asset)
  assert(asset !== undefined, 'what waits is an asset')
  const amount = BigInt(withdrawal.amount)
  deleteWithdrawal(store, withdrawal)
  emitWithdrawal(context, ports.addresses, { ...withdrawal, amount: '0' }, 'cancelled')
  if (!withdrawal.fromCash) {
    ports.moveAsset(context, ports.waiting, holder, asset, amount)
    return
  }
  ports.moveAsset(context, ports.waiting, ports.pool, asset, amount)
  const parE6 = toMicro(amount, asset.decimals)
  const pooled = readPooled(store, asset.id)
  assert(pooled !== undefined, 'cash was redeemed as an asset of the pool')
  const heldE6 = BigInt(pooled.parE6) + parE6
  writePooled(store, { ...pooled, parE6: heldE6.toString() })
  emitPool(context, asset.id, heldE6)
  addCash(context, ports, holder, parE6, 'cancel', parE6)
}

/** Moves what waits to the end of another line of its asset. Throws `cash/40` – `cash/44`, `ledger/21`. */
export function redirect(
  context: Context,
  ports: CashPorts,
  holder: Holder,
  { id, ...to }: Destination & { readonly id: bigint },
): Left {
  const withdrawal = requireWithdrawal(context, holder, id)
  const line = destination(context, ports, to)
  if (line.asset !== withdrawal.asset) throw errors.otherAsset({ line: line.id })
  deleteWithdrawal(context.store(CASH_STORE), withdrawal)
  emitWithdrawal(context, ports.addresses, { ...withdrawal, amount: '0' }, 'redirected')
  const { fromCash, amount } = withdrawal
  return leave(context, ports, { holder, line, amount: BigInt(amount), receiver: to.receiver, fromCash })
}

interface Leaver {
  readonly holder: Holder
  readonly line: Line
  readonly amount: bigint
  readonly receiver: string
  readonly fromCash: boolean
}

/** Sends what `waiting` holds for it, when nobody waits and there is room; else it waits. */
function leave(context: Context, ports: CashPorts, leaver: Leaver): Left {
  const { holder, line, amount, receiver, fromCash } = leaver
  const store = context.store(CASH_STORE)
  const room = ports.room(context, line)
  if (!isWaiting(store, line.id) && (room === undefined || room.left >= amount) && freeOf(line) >= amount)
    return { sequence: ports.send(context, { holder, line, amount, receiver }), withdrawal: 0n }
  const own = [...withdrawals(store, line.id)].filter(({ account }) => equalBytes(account, holder.account))
  if (own.length >= WAITING_MAX) throw errors.tooManyWaiting({ max: WAITING_MAX })
  const withdrawal: Withdrawal = {
    id: takeWithdrawalId(store),
    ...holder,
    line: line.id,
    asset: line.asset,
    amount: amount.toString(),
    receiver,
    fromCash,
  }
  writeWithdrawal(store, withdrawal)
  emitWithdrawal(context, ports.addresses, withdrawal, 'queued')
  return { sequence: 0n, withdrawal: withdrawal.id }
}

/** What the escrow at the other end holds and hasn't been asked for. */
export function freeOf({ escrowed, inFlight }: Line): bigint {
  return BigInt(escrowed) - BigInt(inFlight)
}

function destination(context: Context, ports: CashPorts, { line: denom, receiver }: Destination): Line {
  if (!RECEIVER.test(receiver)) throw errors.badReceiver()
  const line = ports.lineOfDenom(context, denom)
  ports.requireReceiver(line.client, receiver)
  if (!ports.isOpen(context, line)) throw errors.lineClosed({ client: line.client })
  return line
}

function assetOf(context: Context, ports: CashPorts, line: Line): CashAsset {
  const asset = ports.asset(context, line.asset)
  assert(asset !== undefined, 'a line has an asset')
  return asset
}

function baseUnits(amountE6: bigint, decimals: number): bigint {
  if (decimals >= MICRO_DECIMALS) return amountE6 * 10n ** BigInt(decimals - MICRO_DECIMALS)
  const unit = 10n ** BigInt(MICRO_DECIMALS - decimals)
  if (amountE6 % unit !== 0n) throw errors.notWholeMicro({ unit })
  return amountE6 / unit
}

function takeFromPool(context: Context, asset: bigint, amountE6: bigint): void {
  const store = context.store(CASH_STORE)
  const pooled = readPooled(store, asset)
  if (pooled === undefined) throw errors.notConvertible({ asset })
  const held = BigInt(pooled.parE6)
  if (held < amountE6) throw errors.poolTooLow({ asset, heldE6: held })
  writePooled(store, { ...pooled, parE6: (held - amountE6).toString() })
  emitPool(context, asset, held - amountE6)
}

function requireWithdrawal(context: Context, holder: Holder, id: bigint): Withdrawal {
  const withdrawal = id > U64_MAX ? undefined : findWithdrawal(context.store(CASH_STORE), id)
  if (withdrawal === undefined || !sameHolder(withdrawal, holder)) throw errors.unknownWithdrawal({ id })
  return withdrawal
}
