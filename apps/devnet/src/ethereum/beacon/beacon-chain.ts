import { toHex } from '@causeway/primitives'
import { periodAt } from '../network.ts'
import type { BeaconNetwork } from '../network.ts'
import { Committees } from './committees.ts'
import { isBetter, lightClientBootstrap, lightClientUpdate } from './light-client.ts'
import type { VersionedUpdate } from './light-client.ts'
import { makeBlock } from './make-block.ts'
import type { BlockId, ChainBlock } from './make-block.ts'
import { types } from './ssz-types.ts'
import type { ExecutionPayload, LightClientBootstrap } from './ssz-types.ts'

/** Blocks that are kept below what is final, for whoever starts from one of them. */
export const KEEP_BLOCKS = 512
/** Periods whose best update is kept. Spec: MAX_REQUEST_LIGHT_CLIENT_UPDATES. */
export const KEEP_PERIODS = 128

/** The execution chain has dropped a block that is final: no consensus allows that, nothing may follow. */
export class FinalityViolation extends Error {
  override readonly name = 'FinalityViolation'
  constructor(slot: number, finalSlot: number) {
    super(`a reorganisation to slot ${slot} would undo slot ${finalSlot}, which is final`)
  }
}

/**
 * A beacon chain over execution blocks: a function of its network and of the blocks it is given, so that the
 * same execution chain has the same beacon chain after a restart. Blocks above what is final can be taken
 * back; what is kept is bounded.
 */
export class BeaconChain {
  readonly network: BeaconNetwork
  readonly #committees: Committees
  /** From the oldest that is kept to the head. */
  readonly #canonical: ChainBlock[]
  readonly #byRoot = new Map<string, ChainBlock>()
  readonly #bestUpdates = new Map<number, VersionedUpdate>()
  #finalSlot = 0

  constructor(network: BeaconNetwork) {
    this.network = network
    this.#committees = new Committees(network)
    const genesis = this.#make(0, GENESIS_PARENT, types.ExecutionPayload.defaultValue())
    this.#canonical = [genesis]
    this.#byRoot.set(genesis.rootHex, genesis)
  }

  /** The newest block. */
  get head(): ChainBlock {
    return this.#canonical.at(-1)!
  }

  /** What is final in the head's state; undefined: nothing after genesis. */
  get finalized(): ChainBlock | undefined {
    return this.#finalizedOf(this.head)
  }

  /** Whether a block is part of the chain that ends in the head. */
  isCanonical(block: BlockId): boolean {
    return this.atSlot(block.slot)?.rootHex === toHex(block.root)
  }

  /** The block of a slot on the chain that ends in the head; undefined: an empty slot, or no longer kept. */
  atSlot(slot: number): ChainBlock | undefined {
    return this.#canonical.find((block) => block.slot === slot)
  }

  /** A block by its root, of whatever branch, while it is kept. */
  byRoot(rootHex: string): ChainBlock | undefined {
    return this.#byRoot.get(rootHex)
  }

  /** The block on the chain that carries an execution block of a number; undefined: no longer kept. */
  atNumber(blockNumber: number): ChainBlock | undefined {
    // Each beacon block carries the execution block after its parent's.
    const oldest = this.#canonical[0]!.message.body.executionPayload.blockNumber
    return this.#canonical[blockNumber - oldest]
  }

  /** Adds a block at a slot after the head's. */
  append(slot: number, payload: ExecutionPayload): ChainBlock {
    const attested = this.head
    if (slot <= attested.slot) throw new Error(`slot ${slot} does not follow slot ${attested.slot}`)
    const block = this.#make(slot, attested.root, payload)
    this.#canonical.push(block)
    this.#byRoot.set(block.rootHex, block)
    this.#finalSlot = block.finalized?.slot ?? 0
    this.#keepBest(block, attested)
    this.#prune()
    return block
  }

  /**
   * Takes back all blocks after one of the chain, which becomes the head: the branch that comes next is
   * another one. Throws for what is below finality, which never reverts.
   */
  rewindTo(block: ChainBlock): void {
    if (block.slot < this.#finalSlot) {
      throw new FinalityViolation(block.slot, this.#finalSlot)
    }
    const at = this.#canonical.indexOf(block)
    if (at < 0) throw new Error(`slot ${block.slot} is not on the chain`)
    this.#canonical.length = at + 1
  }

  /** From where a light client starts; undefined unless the block is final. */
  bootstrap(block: ChainBlock): LightClientBootstrap | undefined {
    const isFinal = block.slot > 0 && block.slot <= this.#finalSlot && this.isCanonical(block)
    if (!isFinal) return undefined
    return lightClientBootstrap(block, this.#committees.of(periodAt(this.network, block.slot)))
  }

  /** What the head attests to its parent: the newest optimistic and finality update. */
  latestUpdate(): VersionedUpdate | undefined {
    const attested = this.#canonical.at(-2)
    return attested === undefined ? undefined : this.#update(this.head, attested)
  }

  /** The best update whose attested header is in a period. */
  bestUpdate(period: number): VersionedUpdate | undefined {
    return this.#bestUpdates.get(period)
  }

  #make(slot: number, parentRoot: Uint8Array, payload: ExecutionPayload): ChainBlock {
    const period = periodAt(this.network, slot)
    return makeBlock(this.network, {
      slot,
      parentRoot,
      payload,
      syncAggregate:
        slot === 0 ? types.SyncAggregate.defaultValue() : this.#committees.sign(slot, parentRoot),
      finalized: slot === 0 ? undefined : this.#finalAt(slot),
      committees: { current: this.#committees.of(period), next: this.#committees.of(period + 1) },
    })
  }

  /** What a block at a slot finalises. It never falls, not even where another branch has lower slots. */
  #finalAt(slot: number): BlockId | undefined {
    const last = Math.max(slot - this.network.finalitySlots, this.#finalSlot)
    const final = this.#canonical.findLast((block) => block.slot <= last)
    return final === undefined || final.slot === 0 ? undefined : { slot: final.slot, root: final.root }
  }

  #finalizedOf({ finalized }: ChainBlock): ChainBlock | undefined {
    return finalized === undefined ? undefined : this.#byRoot.get(toHex(finalized.root))
  }

  #update(block: ChainBlock, attested: ChainBlock): VersionedUpdate | undefined {
    if (attested.slot === 0) return undefined
    const next = this.#committees.of(periodAt(this.network, attested.slot) + 1)
    return lightClientUpdate(block, attested, this.#finalizedOf(attested), next)
  }

  #keepBest(block: ChainBlock, attested: ChainBlock): void {
    const candidate = this.#update(block, attested)
    if (candidate === undefined) return
    const period = periodAt(this.network, attested.slot)
    const old = this.#bestUpdates.get(period)
    if (old !== undefined && !isBetter(this.network, candidate.update, old.update)) return
    this.#bestUpdates.set(period, candidate)
    this.#bestUpdates.delete(period - KEEP_PERIODS)
  }

  #prune(): void {
    while ((this.#canonical[KEEP_BLOCKS]?.slot ?? Infinity) <= this.#finalSlot) this.#canonical.shift()
    const oldestSlot = this.#canonical[0]!.slot
    for (const [rootHex, { slot }] of this.#byRoot) if (slot < oldestSlot) this.#byRoot.delete(rootHex)
  }
}

const GENESIS_PARENT = new Uint8Array(32)
