import type { GeneratedChain } from './generated-chain.ts'
import type { LodestarHeader, LodestarUpdate } from './lodestar.ts'
import type { Random } from './random.ts'

/** A change of an update; gives `undefined` where the update has nothing to change. */
export type Mutation = (
  update: LodestarUpdate,
  random: Random,
  chain: GeneratedChain,
) => LodestarUpdate | undefined

/** Every class of field, each changed in its own way; the update that comes in is its own copy. */
export const MUTATIONS: Readonly<Record<string, Mutation>> = {
  'attested header, a number': (update, random) => numberOf(update, update.attestedHeader, random),
  'attested header, a root': (update, random) => rootOf(update, update.attestedHeader, random),
  'attested header, execution field': (update, random) => executionOf(update, update.attestedHeader, random),
  'attested header, execution branch': (update, random) =>
    branchOf(update, update.attestedHeader.executionBranch, random),
  'finalised header, a number': (update, random) => numberOf(update, update.finalizedHeader, random),
  'finalised header, a root': (update, random) => rootOf(update, update.finalizedHeader, random),
  'finalised header, execution field': (update, random) =>
    executionOf(update, update.finalizedHeader, random),
  'finalised header, execution branch': (update, random) =>
    branchOf(update, update.finalizedHeader.executionBranch, random),
  'finality branch': (update, random) => branchOf(update, update.finalityBranch, random),
  'finality left out': (update, _, chain) => withoutFinality(update, chain),
  'finality branch left out': (update) => ({ ...update, finalityBranch: update.finalityBranch.map(zero) }),
  'finalised header left out': (update, _, chain) => ({
    ...update,
    finalizedHeader: withoutFinality(update, chain).finalizedHeader,
  }),
  'next committee, a key': (update, random) => {
    flip(random.pick(update.nextSyncCommittee.pubkeys), random)
    return update
  },
  'next committee, two keys change places': (update, random) => {
    const { pubkeys } = update.nextSyncCommittee
    const [a, b] = [random.below(pubkeys.length), random.below(pubkeys.length)]
    ;[pubkeys[a], pubkeys[b]] = [pubkeys[b]!, pubkeys[a]!]
    return update
  },
  'next committee, aggregate': (update, random) => {
    flip(update.nextSyncCommittee.aggregatePubkey, random)
    return update
  },
  'next committee of another period': (update, random, chain) => ({
    ...update,
    nextSyncCommittee: chain.committee(
      chain.periodOf(update.attestedHeader.beacon.slot) + 2 * random.below(2),
    ),
  }),
  'next committee branch': (update, random) => branchOf(update, update.nextSyncCommitteeBranch, random),
  'next committee left out': (update) => withoutCommittee(update),
  'next committee branch left out': (update) => ({
    ...update,
    nextSyncCommitteeBranch: update.nextSyncCommitteeBranch.map(zero),
  }),
  'next committee zeroed': (update) => ({
    ...update,
    nextSyncCommittee: withoutCommittee(update).nextSyncCommittee,
  }),
  'a participant more or less': (update, random) => {
    const { syncCommitteeBits: bits } = update.syncAggregate
    const index = random.below(bits.bitLen)
    bits.set(index, !bits.get(index))
    return update
  },
  'no participant': (update) => {
    const { syncCommitteeBits: bits } = update.syncAggregate
    for (const index of bits.getTrueBitIndexes()) bits.set(index, false)
    return update
  },
  'signature, a bit': (update, random) => {
    flip(update.syncAggregate.syncCommitteeSignature, random)
    return update
  },
  'signature negated': (update) => {
    update.syncAggregate.syncCommitteeSignature[0]! ^= 0x20
    return update
  },
  'signature at infinity or zero': (update, random) => {
    update.syncAggregate.syncCommitteeSignature.fill(0)
    if (random.chance(0.5)) update.syncAggregate.syncCommitteeSignature[0] = 0xc0
    return update
  },
  'signature slot': (update, random, chain) => ({
    ...update,
    signatureSlot: otherSlot(update, random, chain),
  }),
  'signature slot, signed anew': (update, random, chain) =>
    again({ ...update, signatureSlot: otherSlot(update, random, chain) }, chain),
  'signed with a committee of another period': (update, random, chain) =>
    chain.sign(update, {
      participants: participantsOf(update),
      period: Math.max(chain.periodOf(update.signatureSlot) + random.pick([-1, 1, 2]), 0),
    }),
  'signed for another fork': (update, random, chain) =>
    chain.sign(update, {
      participants: participantsOf(update),
      domain: chain.domain(random.below(7 * chain.slotsPerPeriod)),
    }),
  'attested header, a number, signed anew': (update, random, chain) => {
    const changed = numberOf(update, update.attestedHeader, random)
    return changed && again(changed, chain)
  },
  'attested header, a root, signed anew': (update, random, chain) => {
    const changed = rootOf(update, update.attestedHeader, random)
    return changed && again(changed, chain)
  },
  'finality left out, fewer participants': (update, random, chain) =>
    chain.sign(withoutFinality(update, chain), {
      participants: participantsOf(update).slice(0, 1 + random.below(participantsOf(update).length)),
    }),
}

/** The update without finality, as an update that proves none has it. */
export function withoutFinality(update: LodestarUpdate, chain: GeneratedChain): LodestarUpdate {
  const fork = chain.lodestarConfig.getForkName(update.attestedHeader.beacon.slot)
  const none = chain.lodestar.lightClientTypes(fork).LightClientUpdate.defaultValue()
  return {
    ...update,
    finalizedHeader: none.finalizedHeader,
    finalityBranch: update.finalityBranch.map(zero),
  }
}

/** The update without a next committee. */
export function withoutCommittee(update: LodestarUpdate): LodestarUpdate {
  const { pubkeys, aggregatePubkey } = update.nextSyncCommittee
  return {
    ...update,
    nextSyncCommittee: { pubkeys: pubkeys.map(zero), aggregatePubkey: zero(aggregatePubkey) },
    nextSyncCommitteeBranch: update.nextSyncCommitteeBranch.map(zero),
  }
}

/** Indices of the members that signed. */
export function participantsOf(update: LodestarUpdate): number[] {
  return update.syncAggregate.syncCommitteeBits.getTrueBitIndexes()
}

function again(update: LodestarUpdate, chain: GeneratedChain): LodestarUpdate {
  return chain.sign(update, { participants: participantsOf(update) })
}

function numberOf(update: LodestarUpdate, { beacon }: LodestarHeader, random: Random): LodestarUpdate {
  if (random.chance(0.3)) beacon.proposerIndex += 1
  else beacon.slot = Math.max(beacon.slot + random.pick([-64, -8, -1, 1, 2, 8, 64]), 0)
  return update
}

function rootOf(update: LodestarUpdate, { beacon }: LodestarHeader, random: Random): LodestarUpdate {
  const root = random.pick([beacon.parentRoot, beacon.stateRoot, beacon.bodyRoot])
  if (random.chance(0.2)) root.fill(0)
  else flip(root, random)
  return update
}

function executionOf(
  update: LodestarUpdate,
  { execution }: LodestarHeader,
  random: Random,
): LodestarUpdate | undefined {
  if (!execution) return undefined
  const name = random.pick(Object.keys(execution))
  const value = execution[name]!
  if (typeof value === 'number') execution[name] = value + 1
  else if (typeof value === 'bigint') execution[name] = value + 1n
  else if (name === 'extraData' && random.chance(0.6)) execution[name] = random.bytes(random.below(33))
  else if (value.length > 0) flip(value, random)
  else return undefined
  return update
}

function branchOf(
  update: LodestarUpdate,
  branch: Uint8Array[] | undefined,
  random: Random,
): LodestarUpdate | undefined {
  if (!branch) return undefined
  const [a, b] = [random.below(branch.length), random.below(branch.length)]
  if (a !== b && random.chance(0.3)) [branch[a], branch[b]] = [branch[b]!, branch[a]!]
  else if (random.chance(0.2)) branch[a]!.fill(0)
  else flip(branch[a]!, random)
  return update
}

function otherSlot(update: LodestarUpdate, random: Random, chain: GeneratedChain): number {
  const { slot } = update.attestedHeader.beacon
  const period = chain.slotsPerPeriod
  const candidates = [slot, slot - 1, slot + 1, slot + 2, slot + period, slot - period, slot + 9 * period, 0]
  return Math.max(random.pick(candidates), 0)
}

function flip(bytes: Uint8Array, random: Random): void {
  bytes[random.below(bytes.length)]! ^= 1 << random.below(8)
}

function zero(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(bytes.length)
}
