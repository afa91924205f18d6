import type { ProtocolError } from '@causeway/primitives'
import { fromUtf8, toHexUpper } from '@causeway/primitives'
import type { Event, EventAttribute } from '../context.ts'
import type { TransferAnswer } from './transfer-acknowledgement.ts'
import { denominationHash, parseDenomination } from './denomination.ts'
import type { FungibleTokenPacketData } from './packet-data.ts'
import { goText } from './go-text.ts'

const MODULE: Event = { type: 'message', attributes: [{ key: 'module', value: 'transfer' }] }
const REFUSED = 'ABCI code: 16: error handling packet: see events for details'

/** Spec: ibc-go v10 transfer `EmitTransferEvent`. */
export function sentEvents(data: FungibleTokenPacketData): Event[] {
  return [{ type: 'ibc_transfer', attributes: tokenAttributes(data) }, MODULE]
}

/** Spec: ibc-go v10 transfer `EmitOnRecvPacketEvent`. */
export function receivedEvents(data: FungibleTokenPacketData): Event[] {
  const attributes = [...tokenAttributes(data), { key: 'success', value: 'true' }]
  return [{ type: 'fungible_token_packet', attributes }, MODULE]
}

/**
 * Why a payload was refused; what can't be read of it is empty.
 *
 * DIFFERS FROM SPEC: ibc-go says `success` `true` here.
 */
export function refusedEvents(data: FungibleTokenPacketData | undefined, error: ProtocolError): Event[] {
  const attributes = [
    ...tokenAttributes(data),
    { key: 'success', value: 'false' },
    { key: 'error', value: `${error.codespace}/${error.code}: ${error.message}` },
  ]
  return [{ type: 'fungible_token_packet', attributes }, MODULE]
}

/**
 * A token that was not known here is minted for the first time, or again. Spec: ibc-go v10 transfer
 * `EmitDenomEvent`.
 */
export function denominationEvents(path: string): Event[] {
  const attributes = [
    { key: 'denom_hash', value: toHexUpper(denominationHash(path)) },
    { key: 'denom', value: denominationJson(path) },
  ]
  return [{ type: 'denomination', attributes }]
}

/** Spec: ibc-go v10 transfer `EmitOnAcknowledgementPacketEvent`. */
export function acknowledgedEvents(data: FungibleTokenPacketData, answer: TransferAnswer): Event[] {
  const { result } = answer
  const text = result === undefined ? `error:"${REFUSED}" ` : `result:${goText(result)} `
  const attributes = [...tokenAttributes(data), { key: 'acknowledgement', value: text }]
  const outcome =
    result === undefined ? { key: 'error', value: REFUSED } : { key: 'success', value: readable(result) }
  return [
    { type: 'fungible_token_packet', attributes },
    MODULE,
    { type: 'fungible_token_packet', attributes: [outcome] },
  ]
}

/** Spec: ibc-go v10 transfer `EmitOnTimeoutEvent`. */
export function timedOutEvents(data: FungibleTokenPacketData): Event[] {
  const tokens = `{"denom":${denominationJson(data.denom)},"amount":"${data.amount}"}`
  const attributes = [
    { key: 'receiver', value: data.sender },
    { key: 'refund_tokens', value: tokens },
    { key: 'memo', value: data.memo },
  ]
  return [{ type: 'timeout', attributes }, MODULE]
}

function tokenAttributes(data: FungibleTokenPacketData | undefined): EventAttribute[] {
  return [
    { key: 'sender', value: data?.sender ?? '' },
    { key: 'receiver', value: data?.receiver ?? '' },
    { key: 'denom', value: data?.denom ?? '' },
    { key: 'amount', value: data?.amount.toString() ?? '' },
    { key: 'memo', value: data?.memo ?? '' },
  ]
}

/** A denomination as Go's JSON writes it: nothing for no hops is null. */
function denominationJson(path: string): string {
  const { hops, base } = parseDenomination(path)
  const trace = hops.map((hop) => ({ port_id: hop.portId, channel_id: hop.channelId }))
  return JSON.stringify({ base, trace: hops.length === 0 ? null : trace }).replace(
    /[<>&]/g,
    (character) => `\\u00${character.charCodeAt(0).toString(16)}`,
  )
}

/** Go writes the raw bytes; a peer's result that is no text is left out rather than mangled. */
function readable(result: Uint8Array): string {
  return result.every((byte) => byte > 0 && byte < 0x80) ? fromUtf8(result) : ''
}
