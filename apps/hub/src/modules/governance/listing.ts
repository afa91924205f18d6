// Listing a token by a vote. Whoever made a client chose its first header and its other end: everything
// that it rests on has to be what voters were told.
import { equalBytes } from '@causeway/primitives'
import type { ListLine } from '@causeway/protocol/causeway/governance/v1/governance'
import type { Context } from '../../block/context.ts'
import { errors } from './errors.ts'
import type { GovernancePorts, GovernedClient } from './ports.ts'
import { GOVERNANCE_STORE, findParams } from './state.ts'

/** Judges a listing alone. Throws `governance/37`. */
export function validateListing({ clientState, consensusHeight, consensusState }: ListLine): void {
  if (clientState === undefined) throw errors.incomplete({ field: 'client_state' })
  if (consensusHeight === undefined) throw errors.incomplete({ field: 'consensus_height' })
  if (consensusState === undefined) throw errors.incomplete({ field: 'consensus_state' })
}

/**
 * Makes a line of what a client brings, when the client is as it is named. Throws `governance/34`, `/35`,
 * and what light clients and lines refuse.
 */
export function list(ports: GovernancePorts, context: Context, line: ListLine): void {
  const { clientId } = line
  const client = ports.openClient(context, clientId)
  const what = client === undefined ? 'its status' : differenceOf(client, line)
  if (what !== undefined) throw errors.otherClient({ clientId: clientId.slice(0, 64), what })
  ports.listLine(context, line)
  noteTrust(ports, context, clientId)
}

/**
 * Notes how long the client of a listed line trusts a header: below the unbonding time, so that who forged
 * a header is still slashable, and at most what the parameter allows, so that an old committee's keys are
 * worth nothing. Throws `governance/35`.
 */
export function noteTrust(ports: GovernancePorts, context: Context, clientId: string): void {
  const seconds = ports.trustingSeconds(context, clientId)
  const allowed = findParams(context.store(GOVERNANCE_STORE))?.trustingSecondsMax ?? 0n
  const bonded = ports.unbondingSeconds(context) - 1n
  const max = allowed < bonded ? allowed : bonded
  if (seconds > max) throw errors.trustsTooLong({ clientId: clientId.slice(0, 64), seconds, max })
  ports.trusts(context, { clientId, seconds })
}

function differenceOf(client: GovernedClient, line: ListLine): string | undefined {
  if (client.chainId !== line.chainId) return 'the chain that it follows'
  if (client.contract !== line.contract) return 'the contract that it follows'
  if (client.counterpartyClientId !== line.counterpartyClientId) return 'its counterparty'
  const [named, registered] = [line.counterpartyMerklePrefix, client.counterpartyMerklePrefix]
  const isSamePrefix =
    named.length === registered.length && named.every((part, i) => equalBytes(part, registered[i]!))
  if (!isSamePrefix) return 'its counterparty’s prefix'
  // Not what it knows of some height: forged sets can lead to a true header, and what they forged stays.
  if (!client.beganWith(line.consensusHeight!, line.consensusState!)) return 'what it began with'
  return client.differenceFrom(line.clientState!)
}
