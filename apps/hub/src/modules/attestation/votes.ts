// The signature in a vote, and what becomes of the signatures of a block.
import { equalBytes, toHex } from '@causeway/primitives'
import type { ProvenVote, VoteExtensionPart, Voter } from '../../block/composition.ts'
import type { Context, ReadContext } from '../../block/context.ts'
import type { AddressCodec } from '../../identifiers.ts'
import type { LateSignature } from '@causeway/protocol/causeway/block/v1/block'
import { aggregate, merge } from './aggregate.ts'
import type { ClaimedSignature } from './aggregate.ts'
import { attestedAt, readAggregate, signedBytes, writeAggregate } from './attestations.ts'
import type { LackingRotations } from './attestations.ts'
import type { AttestationOptions, AttestationSigner } from './ports.ts'
import type { Sets, SigningSet } from './sets.ts'
import { isPaused, strike } from './strikes.ts'

/** What signatures are made, checked and kept with. */
export interface VoteParts extends Pick<AttestationOptions, 'scheme' | 'signers' | 'aside'> {
  readonly sets: Sets
  readonly lackingRotations: LackingRotations
  readonly addresses: AddressCodec
}

/** The part of vote extensions that attests. */
export function attestationPart(parts: VoteParts): VoteExtensionPart {
  return {
    extend(context, voter) {
      if (parts.signers.length === 0) return {}
      const signature = signCurrent(parts, context, voter)
      const late = signLate(parts, context, voter)
      return {
        ...(signature === undefined ? {} : { attestationSignature: signature }),
        ...(late === undefined ? {} : { lateAttestation: late }),
      }
    },
    apply(context, votes) {
      takeCurrent(parts, context, votes)
      takeLate(parts, context, votes)
    },
  }
}

/** Signs what was fixed when the block before was committed: nothing of the block that is voted on. */
function signCurrent(
  { sets, signers }: VoteParts,
  context: ReadContext,
  { address, parent }: Voter,
): Uint8Array | undefined {
  if (parent === undefined) return undefined
  const { height } = context
  const set = sets.decided(context, height)
  const next = sets.decided(context, height + 1n)
  const own = set && ownPlace(set, signers, address)
  if (own === undefined || next === undefined) return undefined
  return own.signer.sign(signedBytes(context, height, { ...parent, nextSetHash: next.hash }))
}

/** Signs the oldest attestation that clients wait for and this validator's signature is missing from. */
function signLate(
  { sets, signers, aside, lackingRotations }: VoteParts,
  context: ReadContext,
  { address }: Voter,
): LateSignature | undefined {
  for (const height of lackingRotations(context)) {
    const { record, set } = attestedAt(sets, context, height)!
    const own = ownPlace(set, signers, address)
    if (own === undefined || readAggregate(aside, height)?.indices.includes(own.index)) continue
    return { height, signature: own.signer.sign(signedBytes(context, height, record)) }
  }
  return undefined
}

function takeCurrent(
  { sets, scheme, aside, addresses }: VoteParts,
  context: Context,
  votes: readonly ProvenVote[],
): void {
  const height = context.height - 1n
  const attested = attestedAt(sets, context, height)
  if (attested === undefined) return
  const { set } = attested
  const claimed = claims(context, set, votes, ({ extension }) => extension.attestationSignature)
  const { signed, bad } = aggregate(scheme, signedBytes(context, height, attested.record), claimed)
  if (signed !== undefined) writeAggregate(aside, height, signed)
  // Of late signatures nobody can be blamed: which are looked at is not the same on every node.
  for (const index of bad) strike(context, set.attestors[index]!, addresses.encode)
}

function takeLate(parts: VoteParts, context: Context, votes: readonly ProvenVote[]): void {
  if (votes.every(({ extension }) => extension.lateAttestation === undefined)) return
  const { sets, scheme, aside } = parts
  for (const height of parts.lackingRotations(context)) {
    const { record, set } = attestedAt(sets, context, height)!
    const present = readAggregate(aside, height)
    const claimed = claims(context, set, votes, ({ extension: { lateAttestation: late } }) =>
      late?.height === height ? late.signature : undefined,
    ).filter(({ index }) => !present?.indices.includes(index))
    const { signed } = aggregate(scheme, signedBytes(context, height, record), claimed)
    if (signed !== undefined) writeAggregate(aside, height, merge(scheme, present, signed))
  }
}

/** The signatures of a set's members among votes, but of those that are paused. */
function claims(
  context: Context,
  { attestors }: SigningSet,
  votes: readonly ProvenVote[],
  signatureOf: (vote: ProvenVote) => Uint8Array | undefined,
): ClaimedSignature[] {
  const places = new Map(attestors.map(({ consensusAddress }, index) => [toHex(consensusAddress), index]))
  return votes.flatMap((vote) => {
    const index = places.get(toHex(vote.validator.address))
    const signature = signatureOf(vote)
    if (index === undefined || signature === undefined || signature.length === 0) return []
    const attestor = attestors[index]!
    return isPaused(context, attestor) ? [] : [{ index, key: attestor.key, signature }]
  })
}

/**
 * The voter in a set, with its key that is here. CometBFT does not name the one validator of a node: it is
 * the one whose key is here.
 */
function ownPlace(
  { attestors }: SigningSet,
  signers: readonly AttestationSigner[],
  address: Uint8Array | undefined,
): { index: number; signer: AttestationSigner } | undefined {
  for (const [index, { consensusAddress, key }] of attestors.entries()) {
    if (address !== undefined && !equalBytes(address, consensusAddress)) continue
    const signer = signers.find((own) => equalBytes(own.key, key))
    if (signer !== undefined) return { index, signer }
  }
  return undefined
}
