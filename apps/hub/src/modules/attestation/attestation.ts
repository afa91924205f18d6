// The hub seen from chains that can't check a commit: its validators sign one short statement a block.
import type { VoteExtensionPart } from '../../block/composition.ts'
import type { Module } from '../../block/module.ts'
import type { AddressCodec } from '../../identifiers.ts'
import { createLackingRotations } from './attestations.ts'
import { invariants } from './invariants.ts'
import { messages } from './messages.ts'
import type { AttestationOptions } from './ports.ts'
import { queries } from './queries.ts'
import { forget, record } from './record.ts'
import { createSets } from './sets.ts'
import { ATTESTATION_STORE } from './state.ts'
import { attestationPart } from './votes.ts'

/** The module `attestation`, and its part of vote extensions. */
export interface Attestation {
  readonly module: Module
  readonly part: VoteExtensionPart
}

/** Makes the attestation of a chain. */
export function createAttestation(options: AttestationOptions, addresses: AddressCodec): Attestation {
  const { scheme, attestors, aside } = options
  const sets = createSets(scheme, attestors)
  const lackingRotations = createLackingRotations(sets, aside)
  return {
    part: attestationPart({ ...options, sets, lackingRotations, addresses }),
    module: {
      name: 'attestation',
      storeName: ATTESTATION_STORE,
      messages: messages({ ...options, sets }, addresses),
      queries: queries(sets, aside),
      beginBlock(context, parent) {
        sets.follow(context)
        record(sets, context, parent)
        forget(sets, context, options)
      },
      invariants: (context) => invariants(sets, context),
    },
  }
}
