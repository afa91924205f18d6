import type { ProtocolError } from '@causeway/primitives'
import type { Payload } from '@causeway/protocol/ibc/core/channel/v2/packet'
import type { LightClientRegistry } from '../client/registry.ts'
import type { Event } from '../context.ts'

/**
 * One payload on its way, as an application sees it: the packet is authenticated, the value is not judged
 * yet.
 */
export interface Delivery {
  readonly sourceClient: string
  readonly destinationClient: string
  readonly sequence: bigint
  /** Place of this payload in its packet, from 0. */
  readonly payloadIndex: number
  readonly payload: Payload
}

/** How an application answers a payload. A refusal drops everything that the packet's payloads wrote. */
export type ReceiveResult =
  { readonly status: 'success'; readonly acknowledgement: Uint8Array } | { readonly status: 'failure' }

/**
 * * An application on a port. A `ProtocolError` refuses: it undoes the whole transaction, except in
 * `onReceivePacket`, where it answers the sender with the universal error acknowledgement. Everything else
 * that is thrown stops the node.
 */
export interface PacketApplication<Context> {
  /** Called when the packet is committed already; `signer` is authenticated and must own what is sent. */
  onSendPacket(context: Context, delivery: Delivery, signer: string): void
  /** Called with the receipt written, on a nested overlay. */
  onReceivePacket(context: Context, delivery: Delivery, relayer: string): ReceiveResult
  /** Called with the commitment deleted; gets `ERROR_ACKNOWLEDGEMENT` when the packet was refused. */
  onAcknowledgementPacket(
    context: Context,
    delivery: Delivery,
    acknowledgement: Uint8Array,
    relayer: string,
  ): void
  /** Called with the commitment deleted. */
  onTimeoutPacket(context: Context, delivery: Delivery, relayer: string): void
  /**
   * Events that tell why a payload was refused; the core emits them with ibc-go's prefix `ibccallbackerror-`.
   */
  describeRefusal?(delivery: Delivery, error: ProtocolError): readonly Event[]
}

/** What the packet handlers need of their host chain. */
export interface PacketPorts<Context> {
  readonly lightClients: LightClientRegistry
  /** The application on a port, if there is one. */
  application(portId: string): PacketApplication<Context> | undefined
  /**
   * * Whether a `ProtocolError` of a receiving application ends the transaction instead of refusing the
   * packet. It must be true of the host's out-of-gas error: else a relayer forces refunds by giving too
   * little gas. A predicate and not a constant, because the number belongs to the host's transaction module.
   * Assertions always pass, without being asked about.
   */
  isFatal(error: ProtocolError): boolean
  /**
   * * Whether governance marked the chain behind a client as running our own code: only there packets of
   * several payloads are sent, since ibc-go is not atomic over them and Eureka refuses them.
   */
  runsOurCode(context: Context, clientId: string): boolean
}
