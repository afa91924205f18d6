import {
  EMPTY_LEAF,
  commitmentLeaf,
  createSparseTree,
  readRootAccount,
  taggedRoot,
} from '@causeway/light-clients'
import type { AccountState, SparseTree, TreeKind } from '@causeway/light-clients'
import { equalBytes, isProtocolError, utf8 } from '@causeway/primitives'
import { CommitmentProof } from '@causeway/protocol/causeway/lightclients/solana/v1/solana'

import { isReceipt } from '../packet-history.ts'
import type { PacketEntry } from '../packet-history.ts'

/** What trees are made of: of each packet event its sequence, its 32 bytes, and its slot. */
export type TreeEntry = Pick<PacketEntry, 'type' | 'sequence' | 'commitment' | 'slot'>

/**
 * The two trees of one client on Solana as they stood after a slot, made from its packet events. The root
 * account of that slot says whether they are complete.
 */
export class PacketTrees {
  readonly #clientId: Uint8Array
  readonly #program: Uint8Array
  readonly #trees: Record<TreeKind, GrowingTree> = {
    commitments: new GrowingTree(),
    receipts: new GrowingTree(),
  }

  /** `program` owns the root account. */
  constructor(clientId: string, program: Uint8Array) {
    this.#clientId = utf8(clientId)
    this.#program = program
  }

  /** Brings both trees to a slot. `entries` are all events, in the chain's order. */
  moveTo(slot: bigint, entries: readonly TreeEntry[]): void {
    this.#trees.commitments.moveTo(commitmentsOf(entries, (entry) => entry.type === 'send_packet', slot))
    this.#trees.receipts.moveTo(commitmentsOf(entries, isReceipt, slot))
  }

  /** Whether a tree is the one whose root stands in the root account. */
  agrees(kind: TreeKind, account: AccountState): boolean {
    const roots = readRoots(account, this.#program)
    if (roots === undefined) return false
    const expected = kind === 'commitments' ? roots.commitmentsRoot : roots.receiptsRoot
    return equalBytes(taggedRoot(kind, this.#clientId, this.#trees[kind].root()), expected)
  }

  /** Whether a packet's leaf is in a tree. */
  has(kind: TreeKind, sequence: bigint): boolean {
    return this.#trees[kind].has(sequence)
  }

  /** The way from a packet's place to the root: a protobuf `CommitmentProof`. */
  prove(kind: TreeKind, sequence: bigint): Uint8Array {
    const { present, siblings } = this.#trees[kind].prove(sequence)
    return CommitmentProof.encode({ present, siblings: [...siblings] }).finish()
  }
}

/** A tree that only grows while slots do; going back makes it anew. */
class GrowingTree {
  #tree: SparseTree = createSparseTree()
  /** By sequence. */
  #commitments = new Map<bigint, Uint8Array>()

  moveTo(commitments: ReadonlyMap<bigint, Uint8Array>): void {
    const isGrowth = [...this.#commitments].every(([sequence, commitment]) =>
      equalBytes(commitments.get(sequence) ?? EMPTY_LEAF, commitment),
    )
    if (!isGrowth) {
      this.#tree = createSparseTree()
      this.#commitments = new Map()
    }
    for (const [sequence, commitment] of commitments) {
      if (this.#commitments.has(sequence)) continue
      this.#tree.set(sequence - 1n, commitmentLeaf(commitment))
      this.#commitments.set(sequence, commitment)
    }
  }

  root(): Uint8Array {
    return this.#tree.root()
  }

  has(sequence: bigint): boolean {
    return this.#commitments.has(sequence)
  }

  prove(sequence: bigint) {
    return this.#tree.prove(sequence - 1n)
  }
}

function commitmentsOf(
  entries: readonly TreeEntry[],
  isOf: (entry: TreeEntry) => boolean,
  slot: bigint,
): Map<bigint, Uint8Array> {
  const own = entries.filter((entry) => isOf(entry) && entry.slot <= slot)
  return new Map(own.map(({ sequence, commitment }) => [sequence, commitment]))
}

function readRoots(account: AccountState, program: Uint8Array) {
  try {
    return readRootAccount(account, program)
  } catch (error) {
    if (isProtocolError(error)) return undefined
    throw error
  }
}
