// Clients that can't go on by themselves: one that is Frozen or Expired, and one of Ethereum that does not
// know the next fork.
import type { Recovery } from '@causeway/messaging'
import type { ExtendForks } from '@causeway/protocol/causeway/governance/v1/governance'
import type { Context } from '../../block/context.ts'
import { errors } from './errors.ts'
import { noteTrust } from './listing.ts'
import type { GovernancePorts } from './ports.ts'

/**
 * Gives a dead client the state of a substitute; if it has listed lines, it may trust no longer than any
 * client that is listed. Throws `governance/35`, and what clients refuse.
 */
export function recover(ports: GovernancePorts, context: Context, recovery: Recovery): void {
  ports.recoverClient(context, recovery)
  if (ports.isListed(context, recovery.clientId)) noteTrust(ports, context, recovery.clientId)
}

/** States of dead clients that are deleted in a block. */
export const FORGOTTEN_AT_ONCE = 1_000

/**
 * Deletes what dead clients that shall be recovered have learnt, some a block: there may be a state for every
 * block of weeks. False while there is more.
 */
export function forgetFirst(ports: GovernancePorts, context: Context, clientIds: readonly string[]): boolean {
  return clientIds.every((clientId) => ports.forgetDeadClient(context, clientId, FORGOTTEN_AT_ONCE))
}

/** Names forks to come. Throws `governance/36`, and what clients refuse. */
export function extendForks(ports: GovernancePorts, context: Context, action: ExtendForks): void {
  if (!ports.extendForks(context, action)) throw errors.noForks({ clientId: action.clientId.slice(0, 64) })
}
