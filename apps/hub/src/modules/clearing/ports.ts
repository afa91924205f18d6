import type { Trade } from '@causeway/messaging'
import type { MsgSendPacket } from '@causeway/protocol/ibc/core/channel/v2/tx'
import type { Context, ReadContext } from '../../block/context.ts'
import type { ChainMessagingContext } from '../../block/messaging-context.ts'
import type { StandbyLine } from '@causeway/protocol/causeway/clearing/v1/clearing'
import type { AddressCodec, Holder } from '../../identifiers.ts'

/** What clearing needs of the rest of the chain. */
export interface ClearingPorts {
  readonly addresses: AddressCodec
  /** Commits to a packet; gives its sequence. */
  sendPacket(context: ChainMessagingContext, message: MsgSendPacket): bigint
  /** Whether a token, as 32 bytes, is a listed line of a client. */
  isListed(context: ReadContext, client: string, token: Uint8Array): boolean
  /** The account that an address names: another one where its wallet was linked to it. */
  owner(context: ReadContext, address: Uint8Array): Uint8Array
  /** Creates that account unless it exists: so that its lines go with it when it ends in another one. */
  ensureAccount(context: Context, address: Uint8Array): void
  /** What an amount of a listed token covers of initial requirements, micro-cash, at the last price. */
  coverE6(context: ReadContext, line: Pick<StandbyLine, 'client' | 'token' | 'amount'>): bigint
  /** A margin call has ended. */
  callEnded?(context: Context, call: EndedCall): void
  /** Clears trades that came over a client, each by itself; an empty code: accepted. */
  clear(context: Context, client: string, trades: readonly Trade[]): readonly string[]
}

/** What became of a margin call. */
export interface EndedCall {
  /** As it is now. */
  readonly standby: StandbyLine
  readonly holder: Holder
  readonly status: 'succeeded' | 'refused' | 'timed out'
  /** What the line's chain says that it gave; 0 unless it succeeded. */
  readonly pulled: bigint
}

/** A packet that was sent and not answered. */
export interface PendingPacket {
  readonly client: string
  readonly sequence: bigint
}

/** What the module needs beside the application. */
export interface ClearingModulePorts extends Pick<ClearingPorts, 'owner'> {
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
   * Calls a standby line; gives the packet's sequence. Throws what sending a packet throws, `clearing/22`,
   * `clearing/27` – `clearing/30`.
   */
  sendMarginCall(context: Context, clientId: string, line: Uint8Array, amount: bigint): bigint
}
