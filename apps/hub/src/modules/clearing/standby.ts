// Standby lines: tokens locked elsewhere for a subaccount here, which only a proven margin call pulls. Locked
// → called → locked again with what is left, or void when the call was refused, timed out, or gave less than
// was asked for. They count for nothing until what was pulled has come in as a deposit of its own.
import { decodeStandbyLocked } from '@causeway/messaging'
import type { Delivery } from '@causeway/messaging'
import { assert, equalBytes, toHex } from '@causeway/primitives'
import type { StandbyLine } from '@causeway/protocol/causeway/clearing/v1/clearing'
import type { Context, ReadContext } from '../../block/context.ts'
import { ACCOUNT_ID_BYTES } from '../../identifiers.ts'
import type { Holder } from '../../identifiers.ts'
import { errors } from './errors.ts'
import { emitStandbyLine } from './events.ts'
import type { ClearingPorts, EndedCall } from './ports.ts'
import {
  CLEARING_STORE,
  deleteStandbyLine,
  readNames,
  readStandbyLine,
  subaccountsWithLines,
  writeNames,
  writeStandbyLine,
} from './state.ts'

/** Of an account's own wallets, and as many of others; each is looked at when its subaccount is called. */
export const STANDBY_LINES_MAX = 16
/** 100 cash: to fill a stranger's places costs more than it hurts, and a call is worth carrying. */
export const STANDBY_VALUE_MIN_E6 = 100_000_000n

/** A subaccount's lines that are locked or called. */
export function linesOf(context: ReadContext, holder: Holder): StandbyLine[] {
  const store = context.store(CLEARING_STORE)
  return readNames(store, holder).map(({ client, line }) => {
    const standby = readStandbyLine(store, client, line)
    assert(standby !== undefined, 'what names a line goes with it')
    return standby
  })
}

/**
 * Whether the wallet that locked a line is the account's own: its first or one that is linked. The contract
 * names a line by its owner's address and a number, so that a stranger's never passes for the account's.
 */
export function isOwnLine(
  context: ReadContext,
  { owner }: Pick<ClearingPorts, 'owner'>,
  holder: Holder,
  { line }: Pick<StandbyLine, 'line'>,
): boolean {
  return equalBytes(owner(context, line.subarray(0, ACCOUNT_ID_BYTES)), holder.account)
}

/** Records a standby line that was locked. Throws `clearing/4`, `/25` – `/28`, `/32`, `/33`. */
export function lockStandbyLine(
  context: Context,
  ports: ClearingPorts,
  { destinationClient: client }: Delivery,
  body: Uint8Array,
): void {
  const { line, token, amount, expirySeconds, account, subaccount } = decodeStandbyLocked(body)
  if (amount === 0n) throw errors.standbyEmpty()
  if (expirySeconds <= context.timeSeconds) throw errors.standbyExpired({ expirySeconds })
  if (!ports.isListed(context, client, token)) throw errors.tokenNotListed({ client })
  const existing = readStandbyLine(context.store(CLEARING_STORE), client, line)
  // Packets come in any order: only a line that is over can be locked anew.
  if (existing !== undefined && existing.status !== 'void') throw errors.standbyExists()
  const locked = { client, line, token, expirySeconds, account, subaccount, amount: amount.toString() }
  makeRoom(context, ports, locked)
  ports.ensureAccount(context, account)
  save(context, ports, { ...locked, status: 'locked' })
}

/** Marks a line as called. Throws `clearing/22`, `clearing/27`, `clearing/29`, `clearing/30`. */
export function callStandbyLine(
  context: Context,
  ports: ClearingPorts,
  call: { client: string; line: Uint8Array; amount: bigint },
): void {
  const standby = readStandbyLine(context.store(CLEARING_STORE), call.client, call.line)
  if (standby === undefined) throw errors.notFound({ what: `standby line ${toHex(call.line)}` })
  const { status, expirySeconds } = standby
  if (status !== 'locked') throw errors.standbyNotLocked({ status })
  if (expirySeconds <= context.timeSeconds) throw errors.standbyExpired({ expirySeconds })
  const held = BigInt(standby.amount)
  if (call.amount < 1n || call.amount > held) throw errors.badCall({ held })
  save(context, ports, { ...standby, status: 'called', called: call.amount.toString() })
}

/**
 * Ends a call. What was called for is gone from the line, and a line that gave less than that has no more:
 * like one whose call had no sound answer, it is void.
 */
export function answerStandbyCall(
  context: Context,
  ports: ClearingPorts,
  call: { client: string; line: Uint8Array; pulled: bigint | undefined; status: EndedCall['status'] },
): void {
  const before = readStandbyLine(context.store(CLEARING_STORE), call.client, call.line)
  if (before === undefined) return
  const called = BigInt(before.called)
  const pulled = call.pulled === undefined || call.pulled < called ? (call.pulled ?? 0n) : called
  const left = BigInt(before.amount) - pulled
  const status = left === 0n ? 'spent' : pulled === called ? 'locked' : 'void'
  const standby = { ...before, called: '', amount: left.toString(), status }
  save(context, ports, standby)
  const isSound = call.pulled !== undefined
  ports.callEnded?.(context, {
    ...{ standby, pulled, holder: holderOf(context, ports, before) },
    status: call.status === 'succeeded' && !isSound ? 'refused' : call.status,
  })
}

/** Gives all lines of an account to another one, into which it ends. */
export function moveLines(context: Context, from: Uint8Array, to: Uint8Array): void {
  const store = context.store(CLEARING_STORE)
  for (const subaccount of subaccountsWithLines(store, from)) {
    const [source, target] = [
      { account: from, subaccount },
      { account: to, subaccount },
    ]
    writeNames(store, target, [...readNames(store, target), ...readNames(store, source)])
    writeNames(store, source, [])
  }
}

/**
 * Forgets lines that have expired. Where there are still too many of the account's own, or of others', the
 * one of them that covers least goes: what others lock costs the account none of its own.
 */
function makeRoom(context: Context, ports: ClearingPorts, locked: NewLine): void {
  const valueE6 = ports.coverE6(context, locked)
  const minE6 = STANDBY_VALUE_MIN_E6
  if (valueE6 < minE6) throw errors.standbyTooSmall({ valueE6, minE6 })
  const holder = holderOf(context, ports, locked)
  const lines = linesOf(context, holder)
  const isExpired = ({ status, expirySeconds }: StandbyLine) =>
    status === 'locked' && expirySeconds <= context.timeSeconds
  for (const standby of lines.filter(isExpired)) save(context, ports, { ...standby, status: 'expired' })
  const isOwn = (line: Pick<StandbyLine, 'line'>) => isOwnLine(context, ports, holder, line)
  const rivals = lines.filter((standby) => !isExpired(standby) && isOwn(standby) === isOwn(locked))
  if (rivals.length < STANDBY_LINES_MAX) return
  const [least] = rivals
    .filter(({ status }) => status === 'locked')
    .map((standby) => ({ standby, coverE6: ports.coverE6(context, standby) }))
    .sort((a, b) => (a.coverE6 < b.coverE6 ? -1 : a.coverE6 > b.coverE6 ? 1 : 0))
  if (least === undefined || least.coverE6 >= valueE6) throw errors.tooManyStandby({ max: STANDBY_LINES_MAX })
  save(context, ports, { ...least.standby, status: 'displaced' })
}

type NewLine = Omit<StandbyLine, 'status' | 'called'>

function holderOf(
  context: ReadContext,
  { owner }: Pick<ClearingPorts, 'owner'>,
  { account, subaccount }: Pick<StandbyLine, 'account' | 'subaccount'>,
): Holder {
  return { account: owner(context, account), subaccount }
}

/** Writes a line, or forgets one that is over but for void ones, which tell their owners why; and tells. */
function save(context: Context, ports: ClearingPorts, line: NewLine & Partial<StandbyLine>): void {
  const standby: StandbyLine = { called: '', status: '', ...line }
  keepStandbyLine(context, ports, standby)
  emitStandbyLine(context, ports.addresses, standby)
}

/** Writes a line and what leads to it, or forgets both, as its status is. */
export function keepStandbyLine(
  context: Context,
  ports: Pick<ClearingPorts, 'owner'>,
  standby: StandbyLine,
): void {
  const store = context.store(CLEARING_STORE)
  const { client, line } = standby
  const holder = holderOf(context, ports, standby)
  const others = readNames(store, holder).filter(
    (name) => name.client !== client || !equalBytes(name.line, line),
  )
  writeNames(store, holder, isOpen(standby) ? [...others, { client, line }] : others)
  if (isOpen(standby) || standby.status === 'void') writeStandbyLine(store, standby)
  else deleteStandbyLine(store, standby)
}

/** Whether a line is locked or called. */
export function isOpen({ status }: StandbyLine): boolean {
  return status === 'locked' || status === 'called'
}
