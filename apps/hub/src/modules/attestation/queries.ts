import { attestorProofs } from '@causeway/light-clients'
import {
  QueryAttestationRequest,
  QueryAttestationResponse,
  QueryAttestorSetRequest,
  QueryAttestorSetResponse,
  QueryMissingSignaturesRequest,
  QueryMissingSignaturesResponse,
} from '@causeway/protocol/causeway/attestation/v1/query'
import type { AsideRecords } from '../../block/aside-records.ts'
import type { ReadContext } from '../../block/context.ts'
import { defineQuery } from '../../block/module.ts'
import type { QueryMethod } from '../../block/module.ts'
import { attestedAt, isEnough, powerOf, readAggregate } from './attestations.ts'
import type { Attested } from './attestations.ts'
import type { Signed } from './aggregate.ts'
import { errors } from './errors.ts'
import type { Sets } from './sets.ts'
import { ATTESTATION_STORE, nextSetHeight, readSetEntry } from './state.ts'

/** How far back the newest signed height is looked for. */
const NEWEST_HEIGHTS_MAX = 20n

/** `Query/Attestation`, `Query/MissingSignatures` and `Query/AttestorSet`. */
export function queries(sets: Sets, aside: AsideRecords): readonly QueryMethod[] {
  return [attestationQuery(sets, aside), missingQuery(sets, aside), attestorSetQuery(sets)]
}

function attestationQuery(sets: Sets, aside: AsideRecords): QueryMethod {
  return defineQuery({
    path: '/causeway.attestation.v1.Query/Attestation',
    requestTypeName: 'causeway.attestation.v1.QueryAttestationRequest',
    requestCodec: QueryAttestationRequest,
    responseCodec: QueryAttestationResponse,
    answer(context, request) {
      const height = request.height === 0n ? newestSigned(sets, aside, context) : request.height
      const attested = attestedAt(sets, context, height)
      if (attested === undefined) throw errors.noAttestation({ height })
      const signed = readAggregate(aside, height)
      const total = attested.set.set.totalPower
      const signedPower = powerOf(attested.set, signed?.indices ?? [])
      if (signed === undefined || !isEnough(attested.set, signed)) {
        throw errors.notSigned({ height, signed: signedPower, total })
      }
      return { header: headerOf(height, attested, signed), signedPower }
    },
  })
}

/** The newest height that clients accept: its signatures come with the block after it. */
function newestSigned(sets: Sets, aside: AsideRecords, context: ReadContext): bigint {
  const newest = context.height - 1n
  for (let height = newest; height > 1n && height > newest - NEWEST_HEIGHTS_MAX; height--) {
    const attested = attestedAt(sets, context, height)
    if (attested !== undefined && isEnough(attested.set, readAggregate(aside, height))) return height
  }
  throw errors.noneSigned()
}

function headerOf(height: bigint, { record, set }: Attested, { indices, signature }: Signed) {
  const signers = new Set(indices)
  const absent = set.attestors.flatMap((_, index) => (signers.has(index) ? [] : [index]))
  const proofs = absent.length === 0 ? [] : attestorProofs(set.attestors)
  return {
    height,
    attestation: record,
    set: { ...set.set },
    absentees: absent.map((index) => {
      const { key, power } = set.attestors[index]!
      return { index, key, power, proof: proofs[index]! }
    }),
    signature,
  }
}

function missingQuery(sets: Sets, aside: AsideRecords): QueryMethod {
  return defineQuery({
    path: '/causeway.attestation.v1.Query/MissingSignatures',
    requestTypeName: 'causeway.attestation.v1.QueryMissingSignaturesRequest',
    requestCodec: QueryMissingSignaturesRequest,
    responseCodec: QueryMissingSignaturesResponse,
    answer(context, { height }) {
      const attested = attestedAt(sets, context, height)
      if (attested === undefined) throw errors.noAttestation({ height })
      const { set, record } = attested
      const indices = readAggregate(aside, height)?.indices ?? []
      const signers = new Set(indices)
      return {
        attestation: record,
        missing: set.attestors
          .map(({ operator, key, power }, index) => ({ index, operator, key, power }))
          .filter(({ index }) => !signers.has(index)),
        signedPower: powerOf(set, indices),
        totalPower: set.set.totalPower,
      }
    },
  })
}

function attestorSetQuery(sets: Sets): QueryMethod {
  return defineQuery({
    path: '/causeway.attestation.v1.Query/AttestorSet',
    requestTypeName: 'causeway.attestation.v1.QueryAttestorSetRequest',
    requestCodec: QueryAttestorSetRequest,
    responseCodec: QueryAttestorSetResponse,
    answer(context, request) {
      const height = request.height === 0n ? context.height + 1n : request.height
      const store = context.store(ATTESTATION_STORE)
      const entry = height > context.height + 1n ? undefined : readSetEntry(store, height)
      const set = entry && sets.stored(context, height)
      if (entry === undefined || set === undefined) throw errors.noSet({ height })
      const next = nextSetHeight(store, height)
      return {
        set: { ...set.set },
        setHash: set.hash,
        attestors: set.attestors.map((attestor) => ({ ...attestor })),
        firstHeight: entry.firstHeight,
        lastHeight: next === undefined ? 0n : next - 1n,
      }
    },
  })
}
