// The emergency council: accounts that a vote names. So many of them together pause a line or a market for
// 72 hours. They can do nothing else: end no pause, move nothing, ask for the same thing once a week only,
// so that what they stopped is a vote's to decide.
import { compareBytes, equalBytes, utf8 } from '@causeway/primitives'
import type { SetCouncil } from '@causeway/protocol/causeway/governance/v1/governance'
import type { MsgCouncilPause } from '@causeway/protocol/causeway/governance/v1/tx'
import type { Context } from '../../block/context.ts'
import { ACCOUNT_ID_BYTES } from '../../identifiers.ts'
import { errors } from './errors.ts'
import { emitCouncil, emitCouncilCall } from './events.ts'
import type { GovernancePorts } from './ports.ts'
import { GOVERNANCE_STORE, deleteCalls, findCall, findCouncil, writeCall, writeCouncil } from './state.ts'

/** How long the council pauses something: 72 hours. */
export const PAUSE_SECONDS = 259_200n
/** Its members have to agree within a day. */
const CALL_SECONDS = 86_400n
/** After which they may ask for the same again. */
const REST_SECONDS = 604_800n
const MEMBERS_MAX = 16
const SUBJECT_BYTES_MAX = 512

/** Judges a council alone. Throws `governance/38`. */
export function validateCouncil({ members, threshold }: SetCouncil): void {
  const areAccounts = members.every((member) => member.length === ACCOUNT_ID_BYTES)
  const isAscending = members.every((member, i) => i === 0 || compareBytes(members[i - 1]!, member) < 0)
  const isNobody = members.length === 0 && threshold === 0
  const isEnough = threshold >= 1 && threshold <= members.length && members.length <= MEMBERS_MAX
  if (!areAccounts || !isAscending || !(isNobody || isEnough)) throw errors.badCouncil({ max: MEMBERS_MAX })
}

/** Names the council; what the one before had asked for is forgotten. */
export function setCouncil(context: Context, { members, threshold }: SetCouncil): void {
  const store = context.store(GOVERNANCE_STORE)
  deleteCalls(store)
  writeCouncil(store, members.length === 0 ? undefined : { members, threshold })
  emitCouncil(context, { count: members.length, threshold })
}

/** Judges a call alone. Throws `governance/39`. */
export function validateCall({ line, market }: MsgCouncilPause): void {
  const isOne = (line === '') !== (market === 0n)
  if (!isOne || utf8(line).length > SUBJECT_BYTES_MAX) throw errors.badSubject()
}

/**
 * A member asks for a pause; true when enough have. Throws `governance/40` – `/42`, `ledger/21`, and what
 * markets refuse.
 */
export function councilPause(
  ports: GovernancePorts,
  context: Context,
  member: Uint8Array,
  message: MsgCouncilPause,
): boolean {
  const store = context.store(GOVERNANCE_STORE)
  const council = findCouncil(store)
  if (council?.members.some((each) => equalBytes(each, member)) !== true) throw errors.notCouncil()
  const subject = message.line === '' ? `market ${message.market}` : ports.lineName(context, message.line)
  const before = findCall(store, subject)
  const isDone = before?.members.length === 0
  if (isDone && context.timeSeconds < before.timeSeconds + REST_SECONDS)
    throw errors.pausedLately({ subject })
  const isRunning = before !== undefined && !isDone && context.timeSeconds < before.timeSeconds + CALL_SECONDS
  const asked = isRunning ? before : { members: [], timeSeconds: context.timeSeconds }
  if (asked.members.some((each) => equalBytes(each, member))) throw errors.askedAlready()
  const members = [...asked.members, member].sort(compareBytes)
  const isPaused = members.length >= council.threshold
  const { timeSeconds } = context
  writeCall(store, subject, isPaused ? { members: [], timeSeconds } : { ...asked, members })
  emitCouncilCall(context, ports.addresses, { member, subject, count: members.length, isPaused })
  if (!isPaused) return false
  if (message.line !== '')
    ports.pauseLine(context, { line: message.line, seconds: PAUSE_SECONDS, isLonger: true })
  else pausedMarket(ports)(context, message.market, PAUSE_SECONDS)
  return true
}

function pausedMarket({ markets }: GovernancePorts) {
  if (markets === undefined) throw errors.unknownModule({ module: 'markets' })
  return markets.pause
}
