// What waits leaves as its line's window moves on: in order, in parts if need be, and nobody gets more than
// half of a window while others wait.
import { assert, equalBytes } from '@causeway/primitives'
import type { Withdrawal } from '@causeway/protocol/causeway/cash/v1/cash'
import type { Line } from '@causeway/protocol/causeway/ledger/v1/ledger'
import type { Context } from '../../block/context.ts'
import { emitWithdrawal } from './events.ts'
import type { CashPorts } from './ports.ts'
import {
  CASH_STORE,
  deleteWithdrawal,
  findWithdrawal,
  readShare,
  waitingLines,
  withdrawals,
  writeShare,
  writeWithdrawal,
} from './state.ts'
import { freeOf } from './withdraw.ts'

/** Looked at in one block, over one line. */
const EXAMINED_MAX = 64
/** Sent in one block, over all lines. */
const SENT_MAX = 32
/** A part of a withdrawal is at least this fraction of a window, so that it doesn't leave in crumbs. */
const LEAST_PART = 24n

/** An account's part of a line's window; the arithmetic is that of the line's own window. */
export interface ShareWindow {
  used(outflow: ReturnType<typeof readShare>, timeSeconds: bigint): bigint
  add(
    outflow: ReturnType<typeof readShare>,
    timeSeconds: bigint,
    amount: bigint,
  ): ReturnType<typeof readShare>
}

/** Sends what has room now. */
export function serveQueue(context: Context, ports: CashPorts, window: ShareWindow): void {
  let sent = 0
  for (const id of waitingLines(context.store(CASH_STORE))) {
    if (sent >= SENT_MAX) return
    const line = ports.line(context, id)
    assert(line !== undefined, 'withdrawals wait for a line')
    if (ports.isOpen(context, line)) sent += serveLine(context, ports, window, line, SENT_MAX - sent)
  }
}

function serveLine(
  context: Context,
  ports: CashPorts,
  window: ShareWindow,
  first: Line,
  sentMax: number,
): number {
  const waiting = take(withdrawals(context.store(CASH_STORE), first.id), EXAMINED_MAX)
  let sent = 0
  for (const withdrawal of waiting) {
    if (sent === sentMax) break
    const line = ports.line(context, first.id)!
    const amount = partOf(context, ports, window, { line, withdrawal, waiting })
    if (amount === 0n) continue
    send(context, ports, { line, withdrawal, amount })
    countShare(context, window, withdrawal, amount)
    sent++
  }
  return sent
}

interface Queued {
  readonly line: Line
  readonly withdrawal: Withdrawal
  readonly waiting: readonly Withdrawal[]
}

/** How much of a withdrawal may leave now. */
function partOf(
  context: Context,
  ports: CashPorts,
  window: ShareWindow,
  { line, withdrawal, waiting }: Queued,
): bigint {
  const wanted = BigInt(withdrawal.amount)
  const free = freeOf(line)
  const room = ports.room(context, line)
  if (room === undefined) return least(wanted, free)
  let left = least(room.left, free)
  const { account } = withdrawal
  if (waiting.some((other) => !equalBytes(other.account, account) && isStillWaiting(context, other))) {
    const used = window.used(readShare(context.store(CASH_STORE), line.id, account), context.timeSeconds)
    const half = room.capacity / 2n
    left = least(left, half > used ? half - used : 0n)
  }
  if (left >= wanted) return wanted
  return left > 0n && left * LEAST_PART >= room.capacity ? left : 0n
}

function isStillWaiting(context: Context, { id }: Withdrawal): boolean {
  return findWithdrawal(context.store(CASH_STORE), id) !== undefined
}

function send(
  context: Context,
  ports: CashPorts,
  { line, withdrawal, amount }: { line: Line; withdrawal: Withdrawal; amount: bigint },
): void {
  const { account, subaccount, receiver } = withdrawal
  const store = context.store(CASH_STORE)
  const left = BigInt(withdrawal.amount) - amount
  const after = { ...withdrawal, amount: left.toString() }
  if (left > 0n) writeWithdrawal(store, after)
  else deleteWithdrawal(store, withdrawal)
  ports.send(context, { holder: { account, subaccount }, line, amount, receiver })
  emitWithdrawal(context, ports.addresses, after, 'left')
}

/** While a line's withdrawals wait, accounts' parts of its window are kept. */
function countShare(
  context: Context,
  window: ShareWindow,
  { line, account }: Withdrawal,
  amount: bigint,
): void {
  const store = context.store(CASH_STORE)
  if (take(withdrawals(store, line), 1).length === 0) return
  writeShare(store, line, account, window.add(readShare(store, line, account), context.timeSeconds, amount))
}

function take<Item>(items: Iterable<Item>, count: number): Item[] {
  const taken: Item[] = []
  for (const item of items) {
    if (taken.length === count) break
    taken.push(item)
  }
  return taken
}

function least(a: bigint, b: bigint): bigint {
  return a < b ? a : b
}
