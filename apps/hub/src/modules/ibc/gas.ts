// What verification costs beside the bytes that are read: part of the gas table in docs/hub.md.
import type { Charge, ClientContext, Work } from '@causeway/light-clients'
import type { ChainMessagingContext } from '../../block/messaging-context.ts'
import { messagingContext } from '../../block/messaging-context.ts'
import { GAS } from '../../block/gas.ts'
import type { Context } from '../../block/context.ts'

/**
 * Gas of one signature or hash, counted before it is done. Gas per microsecond of one core, measured by
 * `bench/gas.ts`: transfers 41, packets with proof 47, headers of 150 validators 43 to 51, misbehaviour 37 to
 * 50, slow signatures 28, the dearest hash 46. Changing a figure is a protocol upgrade, and so is a native
 * Ed25519 that accepts other signatures, because a refusal is `ed25519Slow`.
 */
export const VERIFICATION_GAS: Readonly<Record<Work, number>> = {
  ed25519: GAS.signature,
  secp256k1: GAS.signature,
  ed25519Slow: 80_000,
  hash: 200,
  blsAggregate: 120_000,
  blsKey: 3_000,
}

/**
 * The messaging context of a message that pays for what light clients verify in it: the core passes it on to
 * them, and they look for `charge`.
 */
export function meteredContext(context: Context): ChainMessagingContext {
  const charge: Charge = (work, count) => context.gas.consume(VERIFICATION_GAS[work] * count)
  const metered: ChainMessagingContext & Pick<ClientContext, 'charge'> = {
    ...messagingContext(context),
    charge,
  }
  return metered
}

/** Pays for reading a proof. */
export function payProof(context: Context, proof: Uint8Array): void {
  context.gas.consume(GAS.proof + GAS.proofByte * proof.length)
}

/** Pays for reading what a light client is told: a header, misbehaviour, or a new client's states. */
export function payClientMessage(context: Context, ...parts: readonly (Uint8Array | undefined)[]): void {
  const bytes = parts.reduce((sum, part) => sum + (part?.length ?? 0), 0)
  context.gas.consume(GAS.clientMessage + GAS.clientMessageByte * bytes)
}
