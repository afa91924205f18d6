// The chain's own tokens, locked in one account a client while they are elsewhere.
import { escrowAddress } from '@causeway/messaging'
import type { TokenMovement } from '@causeway/messaging'
import type { Context, ReadContext } from '../../block/context.ts'
import type { Holder } from '../../identifiers.ts'
import { errors } from './errors.ts'
import type { TransferAsset, TransferLedger } from './ports.ts'

/** The account that holds what went out over a client. */
export function escrowHolder(clientId: string): Holder {
  return { account: escrowAddress(clientId), subaccount: 0 }
}

/** Locks tokens of a holder. */
export function lockTokens(
  context: Context,
  ledger: TransferLedger,
  parts: { movement: TokenMovement; from: Holder; asset: TransferAsset },
): void {
  ledger.move(context, parts.from, escrowHolder(parts.movement.clientId), parts.asset, parts.movement.amount)
}

/** Unlocks tokens for a holder; never more than this client's escrow holds. Throws `transfer/1005`. */
export function unlockTokens(
  context: Context,
  ledger: TransferLedger,
  parts: { movement: TokenMovement; to: Holder; asset: TransferAsset },
): void {
  const { movement, to, asset } = parts
  const escrow = escrowHolder(movement.clientId)
  const have = ledger.balance(context, escrow, asset.id)
  if (have < movement.amount) {
    throw errors.notEscrowed({ denom: asset.denom, client: movement.clientId, need: movement.amount, have })
  }
  ledger.move(context, escrow, to, asset, movement.amount)
}

/** The native asset of this denomination. Throws `ledger/20` or `transfer/1003`. */
export function nativeAsset(context: ReadContext, ledger: TransferLedger, denom: string): TransferAsset {
  if (denom.includes('/')) throw errors.notNative({ denom: denom.slice(0, 128) })
  const asset = ledger.asset(context, denom)
  if (!ledger.isNative(context, asset.id)) throw errors.notNative({ denom })
  return asset
}
