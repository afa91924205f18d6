// When liquidation waits for lines that were called, and when no more.
import { assert, equalBytes } from '@causeway/primitives'
import type { MarginCall, Wait } from '@causeway/protocol/causeway/calls/v1/calls'
import type { StandbyLine } from '@causeway/protocol/causeway/clearing/v1/clearing'
import type { ReadContext } from '../../block/context.ts'
import type { Holder } from '../../identifiers.ts'
import type { CallsPorts } from './ports.ts'
import { CALLS_STORE, callsOf, readWait } from './state.ts'

/** One wait lasts at most this long, of block time. */
export const WAIT_SECONDS = 600n
/** From one wait's begin to the next one's. */
export const WAIT_AGAIN_SECONDS = 86_400n
/** How long a call may wait for a relayer; how long its line lives beyond; how soon an owner may have it. */
const [CALL_TIMEOUT_SECONDS, SPARE_SECONDS, UNLOCK_DELAY_SECONDS] = [7_200n, 3_600n, 86_400n]
assert(UNLOCK_DELAY_SECONDS > CALL_TIMEOUT_SECONDS, 'no line that was called is unlocked before its answer')

/** What names a line. */
export type CalledLine = Pick<StandbyLine, 'client' | 'line'>

/** Why nobody waits any more. */
export type WaitEnd = 'recovered' | 'time' | 'margin' | 'line'

/**
 * Whether what a call asks for may still come in: it has no answer yet, or was answered so lately that the
 * deposit may be on its way.
 */
export function isUnderWay(context: ReadContext, { pulled, answeredSeconds }: MarginCall): boolean {
  return pulled === '' || answeredSeconds + WAIT_SECONDS > context.timeSeconds
}

/** Whether liquidation of a subaccount that is below maintenance has to wait now. */
export function isWaiting(context: ReadContext, ports: CallsPorts, holder: Holder): boolean {
  const wait = readWait(context.store(CALLS_STORE), holder)
  if (wait === undefined || isOverdue(context, wait)) return false
  return reasonToEnd(context, ports, holder) === undefined
}

/** Whether a wait has lasted as long as any may. */
export function isOverdue({ timeSeconds }: ReadContext, { sinceSeconds }: Wait): boolean {
  return timeSeconds >= sinceSeconds + WAIT_SECONDS
}

/** Why a subaccount below maintenance has nothing to wait for; nothing at prices that tell nothing. */
export function reasonToEnd(context: ReadContext, ports: CallsPorts, holder: Holder): WaitEnd | undefined {
  if (!ports.risk.isFresh(context, holder)) return undefined
  const { maintenanceE6, requirementE6, initialE6 } = ports.risk.figures(context, holder)
  if (10n * maintenanceE6 < -requirementE6) return 'margin'
  const shortfallE6 = initialE6 < 0n ? -initialE6 : 0n
  const reliableE6 = coverUnderWay(context, ports, holder, { isReliable: true })
  return 5n * reliableE6 >= 6n * shortfallE6 && reliableE6 > 0n ? undefined : 'line'
}

/**
 * What calls that are under way will cover, micro-cash, at fresh prices: what they ask for, or, `isReliable`,
 * all that their lines hold, of lines that live long enough; of lines that are `isCounted`.
 */
export function coverUnderWay(
  context: ReadContext,
  ports: CallsPorts,
  holder: Holder,
  { isReliable, isCounted = () => true }: { isReliable: boolean; isCounted?: (line: CalledLine) => boolean },
): bigint {
  const lines = ports.lines(context, holder)
  let sum = 0n
  for (const call of callsOf(context.store(CALLS_STORE), holder)) {
    if (!isUnderWay(context, call) || !isCounted(call)) continue
    const standby = lines.find(({ client, line }) => client === call.client && equalBytes(line, call.line))
    if (isReliable && standby !== undefined && !isSure(context, ports, { call, standby })) continue
    const amount = isReliable ? held(call, standby) : BigInt(call.pulled || call.amount)
    const { initialE6, isFresh } = ports.cover(context, holder, call.asset, amount)
    if (isFresh) sum += initialE6
  }
  return sum
}

/** What a line held when it was called, and still holds or has given. */
function held({ pulled }: MarginCall, standby: StandbyLine | undefined): bigint {
  return BigInt(pulled || 0) + BigInt(standby?.amount ?? 0)
}

function isSure(
  context: ReadContext,
  { isOpen }: CallsPorts,
  { call, standby }: { call: MarginCall; standby: StandbyLine },
): boolean {
  return (
    standby.expirySeconds >= call.timeSeconds + CALL_TIMEOUT_SECONDS + SPARE_SECONDS &&
    isOpen(context, standby)
  )
}
