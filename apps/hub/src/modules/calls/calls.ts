// Margin calls: who has come down to a quarter of the maintenance requirement, or below it, is topped up from
// the standby lines that were locked for it elsewhere. Design: "Margin calls and standby lines".
import { equalBytes } from '@causeway/primitives'
import type { MarginCall } from '@causeway/protocol/causeway/calls/v1/calls'
import type { StandbyLine } from '@causeway/protocol/causeway/clearing/v1/clearing'
import type { Context, ReadContext } from '../../block/context.ts'
import { sameHolder } from '../../identifiers.ts'
import type { Holder } from '../../identifiers.ts'
import { emitCall, emitReward, emitWait } from './events.ts'
import type { CallsPorts, Delivered } from './ports.ts'
import { rewardOf } from './reward.ts'
import { missingE6, sizeCalls } from './size-calls.ts'
import type { SizedCall } from './size-calls.ts'
import {
  CALLS_STORE,
  beginWait,
  callsOf,
  deleteCall,
  endWait,
  readCall,
  readLastWait,
  waits,
  writeCall,
} from './state.ts'
import {
  WAIT_AGAIN_SECONDS,
  coverUnderWay,
  isOverdue,
  isUnderWay,
  isWaiting,
  reasonToEnd,
} from './waiting.ts'
import type { CalledLine } from './waiting.ts'

/** Margin calls of one chain. */
export interface Calls {
  /** Whether liquidation of a subaccount below maintenance has to wait for a line that was called. */
  isWaiting(context: ReadContext, holder: Holder): boolean
  /** Sends calls, begins waits and ends them: after risk has told who stands where. */
  endBlock(context: Context): void
  /** A call was answered, or nobody carried it. */
  ended(context: Context, call: EndedCall): void
  /** A deposit has come in: where it is what a line gave, its relayer is paid. */
  delivered(context: Context, deposit: Delivered): void
}

/** What became of a call, as clearing tells it. */
export interface EndedCall {
  readonly standby: StandbyLine
  readonly holder: Holder
  readonly status: 'succeeded' | 'refused' | 'timed out'
  readonly pulled: bigint
}

/** Packets that one block may send to those of one level. */
const CALLS_PER_LEVEL_MAX = 64
/** How long what was pulled may take to come in: a day, and as long again to be proven. */
const DELIVERY_SECONDS = 172_800n

/** Makes them over their ports. */
export function createCalls(ports: CallsPorts): Calls {
  return {
    isWaiting: (context, holder) => isWaiting(context, ports, holder),
    endBlock(context) {
      // Who has least time comes first
      for (const level of ['below', 'called'] as const) sendCalls(context, ports, level)
      for (const holder of calledHolders(context)) startToWait(context, ports, holder)
      endWaits(context, ports)
    },
    ended: (context, call) => takeAnswer(context, ports, call),
    delivered: (context, deposit) => takeDeposit(context, ports, deposit),
  }
}

function sendCalls(context: Context, ports: CallsPorts, level: 'called' | 'below'): void {
  let room = CALLS_PER_LEVEL_MAX
  for (const [holder] of ports.risk.atLevel(context, level)) {
    if (room === 0) return
    const lines = ports.lines(context, holder)
    if (lines.length === 0 || !ports.risk.isFresh(context, holder)) continue
    for (const call of neededCalls(context, ports, holder, lines).slice(0, room)) {
      send(context, ports, holder, call)
      room--
    }
  }
}

/** Whose lines were called; calls whose deposit has gone back to its owner by now are forgotten. */
function calledHolders(context: Context): Holder[] {
  const store = context.store(CALLS_STORE)
  const holders: Holder[] = []
  for (const call of callsOf(store)) {
    const { account, subaccount, answeredSeconds } = call
    const last = holders.at(-1)
    if (call.pulled !== '' && answeredSeconds + DELIVERY_SECONDS < context.timeSeconds)
      deleteCall(store, call)
    else if (last === undefined || !sameHolder(last, call)) holders.push({ account, subaccount })
  }
  return holders
}

/**
 * What is missing beyond what is under way, shared out among lines that can give. The account's own lines
 * come first, and are asked for what others were asked for, too: strangers may have taken theirs home, and
 * then only cost time.
 */
function neededCalls(
  context: Context,
  ports: CallsPorts,
  holder: Holder,
  lines: readonly StandbyLine[],
): readonly SizedCall[] {
  const isOwn = (line: CalledLine) => ports.isOwn(context, holder, line)
  const underWayE6 = (of: (line: CalledLine) => boolean) =>
    coverUnderWay(context, ports, holder, { isReliable: false, isCounted: of })
  const missing = missingE6(ports.risk.figures(context, holder)) - underWayE6(isOwn)
  if (missing <= 0n) return []
  const callable = lines.flatMap((standby) => {
    if (!isCallable(context, ports, holder, standby)) return []
    const token = ports.token(context, standby)
    const cover = token && ports.cover(context, holder, token.asset, BigInt(standby.amount))
    return cover?.isFresh === true ? [{ standby, coverE6: cover.initialE6 }] : []
  })
  const own = sizeCalls(
    missing,
    callable.filter(({ standby }) => isOwn(standby)),
  )
  const leftE6 = own.reduce((left, { coverE6 }) => left - coverE6, missing)
  const others = callable.filter(({ standby }) => !isOwn(standby))
  return [...own, ...sizeCalls(leftE6 - underWayE6((line) => !isOwn(line)), others)]
}

function isCallable(context: Context, ports: CallsPorts, holder: Holder, standby: StandbyLine): boolean {
  if (standby.status !== 'locked' || standby.expirySeconds <= context.timeSeconds) return false
  if (!ports.isOpen(context, standby)) return false
  const { client, line } = standby
  const before = readCall(context.store(CALLS_STORE), { ...holder, client, line })
  // What it gave the last time comes in first
  return before === undefined || !isUnderWay(context, before)
}

function send(context: Context, ports: CallsPorts, holder: Holder, { standby, amount }: SizedCall): void {
  const { client, line } = standby
  const { asset, token } = ports.token(context, standby)!
  const call: MarginCall = {
    ...holder,
    ...{ client, line, token, asset },
    sequence: ports.send(context, client, line, amount),
    amount: amount.toString(),
    timeSeconds: context.timeSeconds,
    ...{ pulled: '', answeredSeconds: 0n, delivered: '', relayer: new Uint8Array(0) },
  }
  writeCall(context.store(CALLS_STORE), call)
  emitCall(context, ports.addresses, { call, status: 'sent' })
}

/** Once a day, and only for what is worth it. */
function startToWait(context: Context, ports: CallsPorts, holder: Holder): void {
  if (ports.risk.level(context, holder) !== 'below') return
  const store = context.store(CALLS_STORE)
  const last = readLastWait(store, holder)
  if (last !== undefined && context.timeSeconds < last.sinceSeconds + WAIT_AGAIN_SECONDS) return
  if (!ports.risk.isFresh(context, holder) || reasonToEnd(context, ports, holder) !== undefined) return
  beginWait(store, holder, { sinceSeconds: context.timeSeconds })
  emitWait(context, ports.addresses, { holder, status: 'began' })
}

function endWaits(context: Context, ports: CallsPorts): void {
  const store = context.store(CALLS_STORE)
  for (const [holder, wait] of waits(store)) {
    const isBelow = ports.risk.level(context, holder) === 'below'
    const over = isOverdue(context, wait) ? 'time' : reasonToEnd(context, ports, holder)
    const reason = isBelow ? over : 'recovered'
    if (reason === undefined) continue
    endWait(store, holder)
    emitWait(context, ports.addresses, { holder, status: reason })
  }
}

function takeAnswer(context: Context, ports: CallsPorts, ended: EndedCall): void {
  const store = context.store(CALLS_STORE)
  const { client, line } = ended.standby
  const call = readCall(store, { ...ended.holder, client, line })
  if (call === undefined) return
  if (ended.status !== 'succeeded' || ended.pulled === 0n) {
    deleteCall(store, call)
    const status = ended.status === 'succeeded' ? 'refused' : ended.status
    emitCall(context, ports.addresses, { call, status })
    return
  }
  const pulled = ended.pulled.toString()
  const answered = { ...call, pulled, answeredSeconds: context.timeSeconds }
  writeCall(store, answered)
  emitCall(context, ports.addresses, { call: answered, status: 'pulled' })
  if (call.delivered === pulled) pay(context, ports, answered, call.relayer)
}

/**
 * Neither packet names the other: a deposit is a line's when it is of its token, for its subaccount, and of
 * the amount that the answer tells. One that comes before the answer is remembered; of several the largest,
 * so that whoever wants to be taken for the relayer gives more away than the line did.
 */
function takeDeposit(context: Context, ports: CallsPorts, deposit: Delivered): void {
  const store = context.store(CALLS_STORE)
  const { client, token, amount, relayer } = deposit
  const calls = callsOf(store, deposit.holder).filter(
    (call) => call.client === client && call.token === token,
  )
  const answered = calls.find(({ pulled }) => pulled === amount.toString())
  if (answered !== undefined) return pay(context, ports, answered, relayer)
  const awaited = calls.find(
    (call) => call.pulled === '' && amount <= BigInt(call.amount) && amount > BigInt(call.delivered || 0),
  )
  if (awaited !== undefined) writeCall(store, { ...awaited, delivered: amount.toString(), relayer })
}

/** Once a call, which is over with that. */
function pay(context: Context, ports: CallsPorts, call: MarginCall, relayer: Uint8Array): void {
  const holder = { account: call.account, subaccount: call.subaccount }
  deleteCall(context.store(CALLS_STORE), call)
  emitCall(context, ports.addresses, { call, status: 'delivered' })
  const due = rewardOf(context, ports, { holder, asset: call.asset, pulled: BigInt(call.pulled) })
  const held = ports.held(context, holder, call.asset)
  const amount = due < held ? due : held
  if (amount === 0n || equalBytes(relayer, holder.account)) return
  ports.reward(context, holder, relayer, call.asset, amount)
  emitReward(context, ports.addresses, { call, relayer, amount })
}
