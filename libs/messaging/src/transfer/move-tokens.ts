import type { Delivery } from '../packet/packet-ports.ts'
import { cameOver, withHop, withoutHop } from './denomination.ts'
import { rememberDenomination } from './denomination-store.ts'
import type { FungibleTokenPacketData } from './packet-data.ts'
import type { TokenMovement, TransferPorts } from './transfer-ports.ts'

/** Takes what a transfer sends: a token that came over this client is burned, any other is locked. */
export function takeTokens<Context>(
  context: Context,
  ports: TransferPorts<Context>,
  delivery: Delivery,
  data: FungibleTokenPacketData,
): void {
  const movement = senderMovement('send', delivery, data)
  if (cameOver(data.denom, delivery.sourceClient)) ports.bank.burn(context, movement)
  else ports.bank.escrow(context, movement)
}

/** Undoes `takeTokens`, exactly. */
export function refundTokens<Context>(
  context: Context,
  ports: TransferPorts<Context>,
  delivery: Delivery,
  data: FungibleTokenPacketData,
  purpose: 'timeout' | 'error',
): void {
  const movement = senderMovement(purpose, delivery, data)
  if (cameOver(data.denom, delivery.sourceClient)) ports.bank.mint(context, movement)
  else ports.bank.release(context, movement)
}

/**
 * * Gives what a transfer brings: a token that went out over the other end's client loses that hop and is
 * released from our client's escrow, any other gains our hop and is minted. Returns the path of what was
 * minted, if anything was.
 */
export function giveTokens<Context>(
  context: Context,
  ports: TransferPorts<Context>,
  delivery: Delivery,
  data: FungibleTokenPacketData,
): string | undefined {
  const { sourceClient, destinationClient } = delivery
  const returning = cameOver(data.denom, sourceClient)
  const denomination = returning
    ? withoutHop(data.denom, sourceClient)
    : withHop(data.denom, destinationClient)
  const movement: TokenMovement = {
    ...movementOf(delivery, data),
    purpose: 'receive',
    clientId: destinationClient,
    denomination,
    account: data.receiver,
    counterpartyAccount: data.sender,
  }
  if (returning) {
    ports.bank.release(context, movement)
    return undefined
  }
  rememberDenomination(ports.denominations(context), denomination)
  ports.bank.mint(context, movement)
  return denomination
}

function senderMovement(
  purpose: TokenMovement['purpose'],
  delivery: Delivery,
  data: FungibleTokenPacketData,
): TokenMovement {
  return {
    ...movementOf(delivery, data),
    purpose,
    clientId: delivery.sourceClient,
    denomination: data.denom,
    account: data.sender,
    counterpartyAccount: data.receiver,
  }
}

function movementOf(delivery: Delivery, data: FungibleTokenPacketData) {
  const { amount, memo } = data
  const { sequence, payloadIndex } = delivery
  return { amount, memo, sequence, payloadIndex }
}
