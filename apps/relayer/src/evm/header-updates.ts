import {
  ETHEREUM_HEADER_TYPE_URL,
  ETHEREUM_MISBEHAVIOUR_TYPE_URL,
  encodeLightClientUpdate,
  periodAt,
} from '@causeway/light-clients'
import type { ChainConfig, LightClientUpdate, UpdateKind } from '@causeway/light-clients'
import { equalBytes } from '@causeway/primitives'
import { Header, Misbehaviour } from '@causeway/protocol/causeway/lightclients/ethereum/v1/ethereum'
import type { Any } from '@causeway/protocol/google/protobuf/any'

import { RelayError } from '../errors.ts'
import type { ClientView } from '../plan/view.ts'
import { finalRoot } from './beacon-follower.ts'
import type { Versioned } from './beacon-follower.ts'

/**
 * More committees than this for one update means a client that was left alone for too long to be caught up at
 * once: 16 periods are more than two weeks of mainnet.
 */
const COMMITTEES_MAX = 16n

/**
 * Client messages that bring an `ethereum` client to what `final` finalises: the best update of each period
 * whose next committee the client lacks, then the finality update. What the client holds already is left out.
 */
export async function buildHeaderUpdates(
  config: ChainConfig,
  client: Pick<ClientView, 'latestHeight' | 'knowsNextCommittee'>,
  final: Versioned<LightClientUpdate>,
  committeeUpdate: (period: bigint) => Promise<Versioned<LightClientUpdate>>,
): Promise<Any[]> {
  const own = periodAt(config, client.latestHeight)
  const first = client.knowsNextCommittee === true ? own + 1n : own
  const signed = periodAt(config, final.value.signatureSlot)
  if (signed - first > COMMITTEES_MAX) {
    throw new RelayError('client', 'later', `${signed - first} sync committees behind: more than at once`)
  }
  const updates: Any[] = []
  for (let period = first; period < signed; period += 1n) {
    updates.push(headerAny(config, 'LightClientUpdate', await committeeUpdate(period)))
  }
  const slot = final.value.finalizedHeader?.beacon.slot ?? 0n
  if (slot > client.latestHeight) updates.push(headerAny(config, 'LightClientFinalityUpdate', final))
  return updates
}

/** Evidence of two of these updates that finalise different blocks at one slot, if there are two. */
export function buildMisbehaviour(
  config: ChainConfig,
  updates: readonly Versioned<LightClientUpdate>[],
): Any[] {
  for (const [index, one] of updates.entries()) {
    const other = updates.slice(index + 1).find((candidate) => contradict(one.value, candidate.value))
    if (other === undefined) continue
    const value = Misbehaviour.encode({
      header1: header(config, 'LightClientFinalityUpdate', one),
      header2: header(config, 'LightClientFinalityUpdate', other),
    }).finish()
    return [{ typeUrl: ETHEREUM_MISBEHAVIOUR_TYPE_URL, value }]
  }
  return []
}

function contradict(one: LightClientUpdate, other: LightClientUpdate): boolean {
  if (one.finalizedHeader?.beacon.slot !== other.finalizedHeader?.beacon.slot) return false
  return !equalBytes(finalRoot(one), finalRoot(other))
}

function headerAny(config: ChainConfig, kind: UpdateKind, update: Versioned<LightClientUpdate>): Any {
  return { typeUrl: ETHEREUM_HEADER_TYPE_URL, value: Header.encode(header(config, kind, update)).finish() }
}

function header(
  config: ChainConfig,
  kind: UpdateKind,
  { fork, value }: Versioned<LightClientUpdate>,
): Header {
  const bytes = encodeLightClientUpdate(kind, value, fork, config)
  const none = new Uint8Array()
  return {
    fork,
    update: kind === 'LightClientUpdate' ? bytes : none,
    finalityUpdate: kind === 'LightClientFinalityUpdate' ? bytes : none,
    optimisticUpdate: none,
  }
}
