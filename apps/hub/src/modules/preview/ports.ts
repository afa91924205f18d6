import type { LightClientRegistry, PreviewedPacket } from '@causeway/messaging'
import type { Context, ReadContext } from '../../block/context.ts'
import type { ChainMessagingContext } from '../../block/messaging-context.ts'
import type { AddressCodec, Holder } from '../../identifiers.ts'

/** What a packet would credit if it were final. */
export interface PreviewedDeposit {
  readonly holder: Holder
  /** Absent for a token without a listed line. */
  readonly line: { readonly id: bigint; readonly asset: bigint } | undefined
  /** Full path of the token here. */
  readonly denom: string
  readonly amount: bigint
}

/** What previews need of the rest of the chain. */
export interface PreviewPorts {
  readonly addresses: AddressCodec
  readonly lightClients: LightClientRegistry
  /**
   * Reads the deposit out of a packet of one transfer. Throws what receiving it would be refused with;
   * nothing for a packet of another kind.
   */
  deposit(context: ReadContext, packet: PreviewedPacket['packet']): PreviewedDeposit | undefined
  /** At the oracle's price and after the maintenance haircut; nothing without a fresh price or a weight. */
  value(context: ReadContext, asset: bigint, amount: bigint): PendingValue | undefined
  /** What the insurance fund holds, at prices after haircuts. */
  insuranceE6(context: ReadContext): bigint
  /** Whether a client is Active. */
  isActive(context: ReadContext, client: string): boolean
  /** A context that pays for what light clients verify. */
  metered(context: Context, proof: Uint8Array): ChainMessagingContext
}

/** A value in micro-cash. */
export interface PendingValue {
  readonly valueE6: bigint
  readonly maintenanceValueE6: bigint
}
