import type { LightClientUpdate } from './containers.ts'
import { isFinalityUpdate, isSyncCommitteeUpdate, participantCount } from './containers.ts'
import type { ChainConfig } from './forks.ts'
import { periodAt } from './forks.ts'

/**
 * Whether `candidate` is to be preferred to `other`: the first difference in the specification's list of
 * merits decides. Spec: altair `is_better_update`.
 */
export function isBetterUpdate(
  config: ChainConfig,
  candidate: LightClientUpdate,
  other: LightClientUpdate,
): boolean {
  const [mine, theirs] = [meritsOf(config, candidate), meritsOf(config, other)]
  const decisive = mine.findIndex((merit, i) => merit !== theirs[i])
  return decisive >= 0 && mine[decisive]! > theirs[decisive]!
}

/** Merits in the order in which they decide; more is better. */
function meritsOf(config: ChainConfig, update: LightClientUpdate): bigint[] {
  const { syncAggregate, attestedHeader, finalizedHeader, signatureSlot } = update
  const participants = participantCount(syncAggregate)
  const hasSupermajority = participants * 3 >= config.syncCommitteeSize * 2
  const attestedSlot = attestedHeader.beacon.slot
  const attestedPeriod = periodAt(config, attestedSlot)
  const hasFinality = isFinalityUpdate(update)
  const merit = (holds: boolean) => (holds ? 1n : 0n)
  return [
    merit(hasSupermajority),
    // Below two thirds, participation decides before anything else.
    hasSupermajority ? 0n : BigInt(participants),
    merit(isSyncCommitteeUpdate(update) && attestedPeriod === periodAt(config, signatureSlot)),
    merit(hasFinality),
    merit(hasFinality && periodAt(config, finalizedHeader?.beacon.slot ?? 0n) === attestedPeriod),
    BigInt(participants),
    -attestedSlot,
    -signatureSlot,
  ]
}
