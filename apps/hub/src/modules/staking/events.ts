import type { Context } from '../../block/context.ts'
import type { AddressCodec } from '../../identifiers.ts'

interface Movement {
  readonly account: Uint8Array
  readonly operator: Uint8Array
  readonly amount: bigint
}

/** Stake was bonded. */
export function emitBonded(context: Context, addresses: AddressCodec, movement: Movement): void {
  context.emit('causeway.staking.v1.bonded', movementText(addresses, movement))
}

/** Stake is to leave; from the release height on it votes no more. */
export function emitUnbonding(
  context: Context,
  addresses: AddressCodec,
  movement: Movement & { readonly releaseHeight: bigint },
): void {
  const release_height = movement.releaseHeight.toString()
  context.emit('causeway.staking.v1.unbonding', { ...movementText(addresses, movement), release_height })
}

/** Stake has left and was paid out. */
export function emitUnbonded(context: Context, addresses: AddressCodec, movement: Movement): void {
  context.emit('causeway.staking.v1.unbonded', movementText(addresses, movement))
}

/** Rewards or a commission were paid. */
export function emitRewards(context: Context, addresses: AddressCodec, movement: Movement): void {
  context.emit('causeway.staking.v1.rewards', movementText(addresses, movement))
}

/** A validator was registered or edited, jailed or released. */
export function emitValidator(
  context: Context,
  addresses: AddressCodec,
  operator: Uint8Array,
  change: 'created' | 'edited' | 'jailed' | 'unjailed',
): void {
  context.emit('causeway.staking.v1.validator', { operator: addresses.encode(operator), change })
}

/** Stake went to the insurance fund. */
export function emitSlashed(
  context: Context,
  addresses: AddressCodec,
  slash: { operator: Uint8Array; reason: string; amount: bigint; infractionHeight: bigint },
): void {
  context.emit('causeway.staking.v1.slashed', {
    operator: addresses.encode(slash.operator),
    reason: slash.reason,
    amount: slash.amount.toString(),
    infraction_height: slash.infractionHeight.toString(),
  })
}

/** Evidence of the engine came to nothing. */
export function emitEvidenceIgnored(context: Context, address: string, reason: string): void {
  context.emit('causeway.staking.v1.evidence_ignored', { address, reason })
}

/** The set that signs from a height on. */
export function emitRotation(context: Context, height: bigint, validators: number, changes: number): void {
  context.emit('causeway.staking.v1.rotation', {
    height: height.toString(),
    validators: validators.toString(),
    changes: changes.toString(),
  })
}

function movementText(addresses: AddressCodec, { account, operator, amount }: Movement) {
  return {
    account: addresses.encode(account),
    operator: addresses.encode(operator),
    amount: amount.toString(),
  }
}
