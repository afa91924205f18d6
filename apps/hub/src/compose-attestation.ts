// Attestation joined to staking, and to the keys of this node's validators.
import type { BlsG1Scheme } from '@causeway/light-clients'
import { AsideRecords } from './block/aside-records.ts'
import type { AddressCodec } from './identifiers.ts'
import { createAttestation } from './modules/attestation/attestation.ts'
import type { Attestation } from './modules/attestation/attestation.ts'
import type { AttestationSigner } from './modules/attestation/ports.ts'
import type { Staking } from './modules/staking/staking.ts'
import { STAKING_STORE, findStakingParams } from './modules/staking/state.ts'

/** What of a node its attestation is made with. */
export interface AttestationParts {
  readonly scheme: BlsG1Scheme
  readonly signers: readonly AttestationSigner[]
  /** How many committed versions stay provable. */
  readonly keepVersions: bigint
}

/** Where nobody's stake leaves: as long as a hub's does. */
const UNBONDING_SECONDS = 21n * 86_400n

/** Joins attestation to staking. */
export function joinAttestation(
  staking: Staking,
  addresses: AddressCodec,
  { scheme, signers, keepVersions }: AttestationParts,
): Attestation & { readonly aside: AsideRecords } {
  const aside = new AsideRecords()
  const attestors = {
    attestorsAt: staking.attestorsAt,
    slashForFalseAttestation: staking.slashForFalseAttestation,
    unbondingSeconds: (context: Parameters<Staking['attestorsAt']>[0]) =>
      findStakingParams(context.store(STAKING_STORE))?.unbondingSeconds ?? UNBONDING_SECONDS,
  }
  const options = { scheme, attestors, aside, signers, keepAggregates: keepVersions }
  return { ...createAttestation(options, addresses), aside }
}
