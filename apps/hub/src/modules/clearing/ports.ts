import type { Trade } from '@causeway/messaging'
import type { MsgSendPacket } from '@causeway/protocol/ibc/core/channel/v2/tx'
import type { Context, ReadContext } from '../../block/context.ts'
import type { ChainMessagingContext } from '../../block/messaging-context.ts'
import type { AddressCodec } from '../../identifiers.ts'

/** What clearing needs of the rest of the chain. */
export interface ClearingPorts {
  readonly addresses: AddressCodec
  /** Commits to a packet; gives its sequence. */
  sendPacket(context: ChainMessagingContext, message: MsgSendPacket): bigint
  /** Whether a token, as 32 bytes, is a listed line of a client. */
  isListed(context: ReadContext, client: string, token: Uint8Array): boolean
  /** Clears trades that came over a client, each by itself; an empty code: accepted. */
  clear(context: Context, client: string, trades: readonly Trade[]): readonly string[]
}

/** A packet that was sent and not answered. */
export interface PendingPacket {
  readonly client: string
  readonly sequence: bigint
}

/** What the module needs beside the application. */
export interface ClearingModulePorts {
  /** All packets that were sent and not answered. */
  pendingPackets(context: ReadContext): readonly PendingPacket[]
}

/** What this chain says to contracts elsewhere. */
export interface ClearingMessages {
  /**
   * Sends a call of governance to a contract (32 bytes). Throws what sending a packet throws,
   * `clearing/31`.
   */
  sendGovernanceCall(context: Context, clientId: string, target: Uint8Array, data: Uint8Array): void
  /**
   * Calls a standby line. Throws what sending a packet throws, `clearing/22`, `clearing/27` –
   * `clearing/30`.
   */
  sendMarginCall(context: Context, clientId: string, line: Uint8Array, amount: bigint): void
}
