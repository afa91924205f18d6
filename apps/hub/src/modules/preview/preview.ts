// Deposits before finality: a packet that is proven under its chain's newest head becomes a pending credit.
// It is no balance: it can't be withdrawn, moved or spent, counts a fraction toward maintenance only, and
// ends with the final receive of its sequence, with another packet there, or by time. No receipt and no
// acknowledgement are written, so a reorganisation loses nothing.
import { previewPacket } from '@causeway/messaging'
import type { PreviewedPacket } from '@causeway/messaging'
import { equalBytes } from '@causeway/primitives'
import type { PendingCredit } from '@causeway/protocol/causeway/preview/v1/preview'
import type { MsgPreviewDeposit } from '@causeway/protocol/causeway/preview/v1/tx'
import type { Context, ReadContext } from '../../block/context.ts'
import type { Holder } from '../../identifiers.ts'
import { errors } from './errors.ts'
import { emitEnded, emitPending } from './events.ts'
import type { PreviewPorts } from './ports.ts'
import {
  PREVIEW_STORE,
  addCredit,
  creditsOf,
  creditsUntil,
  readCredit,
  readLineValue,
  readParams,
  removeCredit,
} from './state.ts'
import type { PacketName } from './state.ts'

/** What other parts of the chain do with previews. */
export interface Preview {
  /** Takes a proof. Throws `preview/…`, what receiving the packet would throw, and `ibc/68`, `ibc/88`. */
  deposit(context: Context, message: MsgPreviewDeposit): void
  /** A packet with this sequence was received: what was pending of it is real now, or will never be. */
  received(context: Context, packet: PacketName): void
  /** Removes what has expired, at most 500 a block. */
  expire(context: Context): void
  /** What the pending credits of a subaccount add to its maintenance value, micro-cash. */
  maintenanceValueE6(context: ReadContext, holder: Holder): bigint
}

/** Each is read when its subaccount is valued. */
const CREDITS_MAX = 16
const EXPIRED_MAX = 500
/** 10 cash: to fill a stranger's places costs more than it hurts. */
const VALUE_MIN_E6 = 10_000_000n
const BASIS_POINTS = 10_000n

/** Makes previews over their ports. */
export function createPreview(ports: PreviewPorts): Preview {
  return {
    deposit: (context, message) => takePreview(context, ports, message),
    received(context, packet) {
      const credit = readCredit(context.store(PREVIEW_STORE), packet)
      if (credit !== undefined) end(context, ports, credit, 'received')
    },
    expire(context) {
      const expired: PendingCredit[] = []
      for (const credit of creditsUntil(context.store(PREVIEW_STORE), context.timeSeconds)) {
        if (expired.length === EXPIRED_MAX) break
        expired.push(credit)
      }
      for (const credit of expired) end(context, ports, credit, 'expired')
    },
    maintenanceValueE6: (context, holder) => maintenanceValueE6(context, ports, holder),
  }
}

function takePreview(context: Context, ports: PreviewPorts, message: MsgPreviewDeposit): void {
  const metered = ports.metered(context, message.proofCommitment)
  const previewed = previewPacket(metered, ports.lightClients, message)
  const { packet, commitment } = previewed
  const name = { client: packet.destinationClient, sequence: packet.sequence }
  const existing = readCredit(context.store(PREVIEW_STORE), name)
  if (existing === undefined) {
    credit(context, ports, previewed)
    return
  }
  if (equalBytes(existing.commitment, commitment)) {
    prolong(context, ports, existing, previewed)
    return
  }
  // The newer head has another packet in this place: what was pending has been reorganised away. Only that is
  // said here; the other packet is previewed by a message of its own.
  end(context, ports, existing, 'replaced')
}

/** The same packet under a newer head lives on; under the same head nothing changes. */
function prolong(
  context: Context,
  ports: PreviewPorts,
  existing: PendingCredit,
  { head }: PreviewedPacket,
): void {
  const { lifetimeSeconds } = readParams(context.store(PREVIEW_STORE))
  const expiresSeconds = head.timestampSeconds + lifetimeSeconds
  if (head.slot <= existing.headSlot || expiresSeconds <= existing.expiresSeconds) return
  const store = context.store(PREVIEW_STORE)
  const later = { ...existing, headSlot: head.slot, expiresSeconds }
  removeCredit(store, existing)
  addCredit(store, later)
  emitPending(context, ports.addresses, later)
}

function credit(context: Context, ports: PreviewPorts, { packet, commitment, head }: PreviewedPacket): void {
  const store = context.store(PREVIEW_STORE)
  const params = readParams(store)
  // 1. Judge the packet as receiving it would
  const deposit = ports.deposit(context, packet)
  if (deposit === undefined) throw errors.notOneTransfer()
  const { holder, line, amount, denom } = deposit
  if (line === undefined) throw errors.notListed({ denom: denom.slice(0, 128) })
  const expiresSeconds = head.timestampSeconds + params.lifetimeSeconds
  if (expiresSeconds <= context.timeSeconds) throw errors.headTooOld({ slot: head.slot })
  // 2. Judge the room
  const value = ports.value(context, line.asset, amount)
  if (value === undefined) throw errors.noFreshPrice({ asset: line.asset })
  if (value.valueE6 < VALUE_MIN_E6) throw errors.tooSmall({ valueE6: value.valueE6, minE6: VALUE_MIN_E6 })
  if ([...creditsOf(store, holder)].length >= CREDITS_MAX) throw errors.tooMany({ max: CREDITS_MAX })
  requireRoom(context, ports, { line: line.id, valueE6: value.valueE6 })
  // 3. Write and tell
  const pending: PendingCredit = {
    client: packet.destinationClient,
    sequence: packet.sequence,
    commitment,
    line: line.id,
    asset: line.asset,
    ...holder,
    amount: amount.toString(),
    headSlot: head.slot,
    expiresSeconds,
    valueE6: value.valueE6.toString(),
  }
  addCredit(store, pending)
  emitPending(context, ports.addresses, pending)
}

/** Σ of a line ≤ min(cap, share of insurance): more could not be covered if all of it vanished. */
function requireRoom(
  context: Context,
  ports: PreviewPorts,
  { line, valueE6 }: { line: bigint; valueE6: bigint },
): void {
  const store = context.store(PREVIEW_STORE)
  const { lineCapE6, insuranceShareBps } = readParams(store)
  const coveredE6 = (ports.insuranceE6(context) * insuranceShareBps) / BASIS_POINTS
  const limitE6 = coveredE6 < lineCapE6 ? coveredE6 : lineCapE6
  const pendingE6 = readLineValue(store, line)
  const roomE6 = limitE6 > pendingE6 ? limitE6 - pendingE6 : 0n
  if (valueE6 > roomE6) throw errors.overLimit({ line, valueE6, roomE6 })
}

function end(
  context: Context,
  ports: PreviewPorts,
  pending: PendingCredit,
  reason: 'received' | 'expired' | 'replaced',
): void {
  removeCredit(context.store(PREVIEW_STORE), pending)
  emitEnded(context, ports.addresses, pending, reason)
}

function maintenanceValueE6(context: ReadContext, ports: PreviewPorts, holder: Holder): bigint {
  const store = context.store(PREVIEW_STORE)
  let sumE6 = 0n
  for (const { client, asset, amount, expiresSeconds } of creditsOf(store, holder)) {
    if (expiresSeconds <= context.timeSeconds || !ports.isActive(context, client)) continue
    sumE6 += ports.value(context, asset, BigInt(amount))?.maintenanceValueE6 ?? 0n
  }
  return sumE6 === 0n ? 0n : (sumE6 * readParams(store).countedBps) / BASIS_POINTS
}
