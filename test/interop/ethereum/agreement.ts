import { createSyncAggregateVerifier, blstScheme } from '@causeway/light-clients'
import { GeneratedChain, type GeneratedBlock } from './generated-chain.ts'
import type { Lodestar, LodestarFork, LodestarUpdate } from './lodestar.ts'
import { explain, isSame, OTHER_COUNT } from './known-differences.ts'
import { MUTATIONS, withoutCommittee, withoutFinality } from './mutations.ts'
import type { Random } from './random.ts'
import { TwoClients, type Verdict, type Verdicts } from './two-clients.ts'

/** How much is to be compared. */
export interface Extent {
  /** In epochs: the first is 0. */
  readonly forkEpochs: Readonly<Record<LodestarFork, number>>
  readonly periods: number
  /** Attested blocks in a period, at random slots. */
  readonly blocksPerPeriod: number
  readonly mutationsPerUpdate: number
}

/** What came of it. */
export interface Agreement {
  compared: number
  acceptedByBoth: number
  refusedByBoth: number
  /** Compared and accepted by both, by mutation: a class that nobody ever accepts or refuses tells little. */
  readonly classes: Map<string, { compared: number; accepted: number }>
  /** Differences that are known, by their explanation. */
  readonly explained: Map<string, number>
  readonly unexplained: string[]
}

/** Generates a chain and has both clients judge every update of it, and changed copies of each. */
export function compareClients(lodestar: Lodestar, random: Random, extent: Extent): Agreement {
  const chain = new GeneratedChain(lodestar, random, extent.forkEpochs)
  const blocks = generate(chain, random, extent)
  const clients = new TwoClients(chain, blocks[0]!, createSyncAggregateVerifier(blstScheme))
  const agreement: Agreement = {
    ...{ compared: 0, acceptedByBoth: 0, refusedByBoth: 0 },
    ...{ classes: new Map(), explained: new Map(), unexplained: [] },
  }
  const served = blocks.slice(1, -1).map((block, i) => serve(chain, random, block, blocks[i + 2]!.slot))
  for (const one of served) {
    for (const candidate of changedCopies(chain, random, one, extent.mutationsPerUpdate)) {
      judge(clients, agreement, candidate)
    }
    judge(clients, agreement, { ...random.pick(served), name: 'another update of the chain' })
    judge(clients, agreement, one)
    clients.update(one.bytes, one.fork, one.currentSlot)
    for (const difference of clients.differences()) agreement.unexplained.push(`stores: ${difference}`)
  }
  return agreement
}

/** An update as bytes of its fork's type, and when it is looked at. */
interface Candidate {
  readonly name: string
  readonly bytes: Uint8Array
  readonly fork: LodestarFork
  readonly currentSlot: number
}

/** Blocks at random slots; what is final lags by two epochs or more, and sometimes stands still. */
function generate(chain: GeneratedChain, random: Random, extent: Extent): GeneratedBlock[] {
  const slotsPerEpoch = Number(chain.config.slotsPerEpoch)
  let finalized: GeneratedBlock | undefined
  for (let period = 0; period < extent.periods; period++) {
    const slots = new Set<number>([period * chain.slotsPerPeriod])
    while (slots.size < extent.blocksPerPeriod) {
      slots.add(period * chain.slotsPerPeriod + random.below(chain.slotsPerPeriod))
    }
    for (const slot of [...slots].sort((a, b) => a - b)) {
      const isFinal = (block: GeneratedBlock) =>
        block.slot <= slot - (slot % slotsPerEpoch) - 2 * slotsPerEpoch
      if (random.chance(0.8)) finalized = chain.blocks.findLast(isFinal) ?? finalized
      if (slot > 0) chain.extend(slot, finalized)
    }
  }
  return chain.blocks
}

/** The update about a block, when the next block has just come. */
function serve(
  chain: GeneratedChain,
  random: Random,
  block: GeneratedBlock,
  signatureSlot: number,
): Candidate {
  const update = servedUpdate(chain, random, block, signatureSlot)
  const bytes = chain.lodestar.lightClientTypes(block.fork).LightClientUpdate.serialize(update)
  return { name: 'none', bytes, fork: block.fork, currentSlot: signatureSlot + random.below(3) }
}

function changedCopies(chain: GeneratedChain, random: Random, one: Candidate, count: number): Candidate[] {
  const type = chain.lodestar.lightClientTypes(one.fork).LightClientUpdate
  const changed = Array.from({ length: count }, (): Candidate[] => {
    const [name, mutate] = random.pick(Object.entries(MUTATIONS))
    const update = mutate(type.deserialize(one.bytes.slice()), random, chain)
    if (!update) return []
    const bytes = type.serialize(update)
    if (random.chance(0.03))
      return [{ ...one, name: 'current slot', bytes, currentSlot: update.signatureSlot - 1 }]
    return [{ ...one, name, bytes, currentSlot: one.currentSlot + chain.slotsPerPeriod * random.below(2) }]
  })
  return [
    ...changed.flat(),
    ...rawChanges(one.bytes, random).map((bytes) => ({ ...one, name: 'bytes', bytes })),
  ]
}

/** Participation is anything, mostly enough and often just around two thirds; parts may be left out. */
function servedUpdate(
  chain: GeneratedChain,
  random: Random,
  block: GeneratedBlock,
  signatureSlot: number,
): LodestarUpdate {
  const size = chain.config.syncCommitteeSize
  const twoThirds = Math.ceil((2 * size) / 3)
  const count = random.pick([size, size, twoThirds, twoThirds + 1, twoThirds - 1, random.below(size + 1)])
  const first = random.below(size)
  const participants = Array.from({ length: count }, (_, i) => (first + i) % size)
  const update = chain.update(block, signatureSlot, { participants })
  const bare = random.chance(0.15) ? withoutCommittee(update) : update
  return random.chance(0.15) ? withoutFinality(bare, chain) : bare
}

/** Bytes cut off, added, or changed anywhere. */
function rawChanges(bytes: Uint8Array, random: Random): Uint8Array[] {
  const changed = bytes.slice()
  changed[random.below(bytes.length)]! ^= 1 << random.below(8)
  const early = bytes.slice()
  early[random.below(40)]! ^= 1 << random.below(8)
  return [changed, early, random.chance(0.5) ? bytes.slice(0, -1) : Uint8Array.of(...bytes, 0)]
}

function judge(clients: TwoClients, agreement: Agreement, candidate: Candidate): void {
  const { name, bytes, fork, currentSlot } = candidate
  const proofs = clients.judgeProofs(bytes, fork, currentSlot)
  const stores = clients.tryUpdate(bytes, fork, currentSlot)
  agreement.compared += 1
  const known = agreement.classes.get(name) ?? { compared: 0, accepted: 0 }
  known.compared += 1
  if (proofs.ours.accepted) known.accepted += 1
  agreement.classes.set(name, known)
  if (proofs.ours.accepted && proofs.theirs.accepted) agreement.acceptedByBoth += 1
  if (!proofs.ours.accepted && !proofs.theirs.accepted) agreement.refusedByBoth += 1
  const seen = {
    ...{ proofs, stores, update: () => clients.read(bytes, fork) },
    ...{ finalizedSlot: clients.finalizedSlot, slotsPerPeriod: clients.slotsPerPeriod },
    electraSlot: clients.electraSlot,
    settledPeriods: clients.settledPeriods,
  }
  if (!isSame(proofs) || !isSame(stores)) {
    const explanation = explain(seen)
    if (explanation === undefined)
      agreement.unexplained.push(`${name}: ${textOf(proofs)}; in a store: ${textOf(stores)}`)
    else countExplained(agreement, explanation)
  }
  if (stores.isHeadAligned) countExplained(agreement, OTHER_COUNT)
  for (const difference of stores.differences) agreement.unexplained.push(`${name}: ${difference}`)
}

function countExplained({ explained }: Agreement, explanation: string): void {
  explained.set(explanation, (explained.get(explanation) ?? 0) + 1)
}

function textOf({ ours, theirs }: Verdicts): string {
  const text = (verdict: Verdict) => (verdict.accepted ? 'accepted' : verdict.reason)
  return `ours ${text(ours)}, theirs ${text(theirs)}`
}
