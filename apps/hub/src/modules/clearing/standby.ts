// Standby lines: tokens locked elsewhere for a subaccount here, which only a proven margin call pulls. Locked
// → called → locked again with what is left, or void when the call was refused or timed out. They count for
// nothing until what was pulled has come in as a deposit of its own.
import { decodeStandbyLocked } from '@causeway/messaging'
import type { Delivery } from '@causeway/messaging'
import { toHex } from '@causeway/primitives'
import type { StandbyLine } from '@causeway/protocol/causeway/clearing/v1/clearing'
import type { Context } from '../../block/context.ts'
import { errors } from './errors.ts'
import { emitStandbyLine } from './events.ts'
import type { ClearingPorts } from './ports.ts'
import { CLEARING_STORE, readStandbyLine, writeStandbyLine } from './state.ts'

/** Records a standby line that was locked. Throws `clearing/4`, `clearing/25` – `clearing/28`. */
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
  const locked = { client, line, token, expirySeconds, account, subaccount }
  save(context, ports, { ...locked, amount: amount.toString(), status: 'locked' })
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
  save(context, ports, { ...standby, status: 'called' })
}

/** Ends a call: what was pulled is gone from the line; a call without a sound answer makes it void. */
export function answerStandbyCall(
  context: Context,
  ports: ClearingPorts,
  call: { client: string; line: Uint8Array; pulled: bigint | undefined },
): void {
  const standby = readStandbyLine(context.store(CLEARING_STORE), call.client, call.line)
  if (standby === undefined) return
  if (call.pulled === undefined) {
    save(context, ports, { ...standby, status: 'void' })
    return
  }
  const left = BigInt(standby.amount) - call.pulled
  save(context, ports, { ...standby, amount: (left > 0n ? left : 0n).toString(), status: 'locked' })
}

function save(context: Context, ports: ClearingPorts, standby: StandbyLine): void {
  writeStandbyLine(context.store(CLEARING_STORE), standby)
  emitStandbyLine(context, ports.addresses, standby)
}
