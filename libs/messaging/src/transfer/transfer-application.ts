import { isProtocolError } from '@causeway/primitives'
import type { ProtocolError } from '@causeway/primitives'
import type { Payload } from '@causeway/protocol/ibc/core/channel/v2/packet'
import type { MessagingContext } from '../context.ts'
import type { Event } from '../context.ts'
import type { Delivery, PacketApplication, ReceiveResult } from '../packet/packet-ports.ts'
import { giveTokens, refundTokens, takeTokens } from './move-tokens.ts'
import { decodeTransfer } from './packet-data.ts'
import type { FungibleTokenPacketData } from './packet-data.ts'
import { SUCCESS_ACKNOWLEDGEMENT, readTransferAcknowledgement } from './transfer-acknowledgement.ts'
import {
  acknowledgedEvents,
  denominationEvents,
  receivedEvents,
  refusedEvents,
  sentEvents,
  timedOutEvents,
} from './transfer-events.ts'
import { errors } from './transfer-errors.ts'
import type { TransferPorts } from './transfer-ports.ts'

/**
 * * ICS-20 over IBC v2 as an application on the port `transfer`. What it refuses it throws: `transfer/…`, and
 * what the bank and the accounts of the host refuse. Spec: ICS-20, ibc-go v10 transfer/v2.
 */
export function createTransferApplication<Context extends MessagingContext<Context>>(
  ports: TransferPorts<Context>,
): PacketApplication<Context> {
  return {
    onSendPacket: (context, delivery, signer) => send(context, ports, delivery, signer),
    onReceivePacket: (context, delivery) => receive(context, ports, delivery),
    onAcknowledgementPacket: (context, delivery, acknowledgement) =>
      acknowledge(context, ports, delivery, acknowledgement),
    onTimeoutPacket: (context, delivery) => timeOut(context, ports, delivery),
    describeRefusal: (delivery, error) => describeRefusal(delivery, error),
  }
}

function send<Context extends MessagingContext<Context>>(
  context: Context,
  ports: TransferPorts<Context>,
  delivery: Delivery,
  signer: string,
): void {
  const data = decodeTransfer(delivery.payload)
  ports.accounts.requireSender(context, data.sender, signer)
  requirePeer(ports, delivery, data)
  takeTokens(context, ports, delivery, data)
  emit(context, sentEvents(data))
}

/** What the other end could never pay comes back after a timeout at best: it isn't sent. */
function requirePeer<Context>(
  ports: TransferPorts<Context>,
  { sourceClient, payload: { encoding } }: Delivery,
  data: FungibleTokenPacketData,
): void {
  const peer = ports.peer?.(sourceClient)
  if (peer === undefined) return
  if (encoding !== peer.encoding) throw errors.peerEncoding({ encoding, expected: peer.encoding })
  peer.requireReceiver(data.receiver)
}

function receive<Context extends MessagingContext<Context>>(
  context: Context,
  ports: TransferPorts<Context>,
  delivery: Delivery,
): ReceiveResult {
  const data = decodeTransfer(delivery.payload)
  ports.accounts.requireReceiver(context, data.receiver)
  const minted = giveTokens(context, ports, delivery, data)
  if (minted !== undefined) emit(context, denominationEvents(minted))
  emit(context, receivedEvents(data))
  return { status: 'success', acknowledgement: SUCCESS_ACKNOWLEDGEMENT }
}

function acknowledge<Context extends MessagingContext<Context>>(
  context: Context,
  ports: TransferPorts<Context>,
  delivery: Delivery,
  acknowledgement: Uint8Array,
): void {
  const answer = readTransferAcknowledgement(acknowledgement)
  const data = decodeTransfer(delivery.payload)
  if (answer.result === undefined) refundTokens(context, ports, delivery, data, 'error')
  emit(context, acknowledgedEvents(data, answer))
}

function timeOut<Context extends MessagingContext<Context>>(
  context: Context,
  ports: TransferPorts<Context>,
  delivery: Delivery,
): void {
  const data = decodeTransfer(delivery.payload)
  refundTokens(context, ports, delivery, data, 'timeout')
  emit(context, timedOutEvents(data))
}

function describeRefusal(delivery: Delivery, error: ProtocolError): Event[] {
  return refusedEvents(readable(delivery.payload), error)
}

function readable(payload: Payload): FungibleTokenPacketData | undefined {
  try {
    return decodeTransfer(payload)
  } catch (error) {
    if (isProtocolError(error)) return undefined
    throw error
  }
}

function emit<Context extends MessagingContext<Context>>(context: Context, events: readonly Event[]): void {
  for (const event of events) context.emit(event)
}
