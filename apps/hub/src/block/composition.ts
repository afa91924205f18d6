// What a chain is made of: the joint between the block pipeline and the modules.
import type {
  CommitInfo,
  Misbehavior,
  RequestInitChain,
  ValidatorUpdate,
} from '@causeway/protocol/tendermint/abci/types'
import type { AddressCodec } from '../identifiers.ts'
import type { AuthenticationPorts } from '../tx/authenticate.ts'
import type { VoteExtension } from '@causeway/protocol/causeway/block/v1/block'
import type { AsideRecords } from './aside-records.ts'
import type { Context, ParentBlock, ReadContext } from './context.ts'
import type { Pinned } from '../inclusion/pinned.ts'
import type { BlockLimits } from './lanes.ts'
import type { Action, Module } from './module.ts'
import type { SetMember } from './transaction-zero.ts'

/** What the engine says of validators with a block. */
export interface EngineFacts {
  /** Who signed the block before. */
  readonly lastCommit: CommitInfo | undefined
  /** Verified by the engine's validators. */
  readonly misbehaviour: readonly Misbehavior[]
}

/** What the pipeline asks about validators. */
export interface ValidatorPorts {
  /** Writes the genesis set and the heights that genesis fixed. */
  initChain(context: Context, request: RequestInitChain): void
  /** The set that signs the block of this height. */
  validatorsAt(context: ReadContext, height: bigint): readonly SetMember[]
  /**
   * The set that present stake makes, with which a genesis of this state starts; empty where nobody bonds.
   */
  bondedSet(context: ReadContext): readonly SetMember[]
  /** First height of the chain. */
  initialHeight(context: ReadContext): bigint
  /** First height whose votes carry extensions; 0 = never. */
  voteExtensionsEnableHeight(context: ReadContext): bigint
  /** Before anything else in a block: what the engine knows of validators. */
  beginBlock(context: Context, facts: EngineFacts): void
  /** Changes that this block makes, effective two heights later. */
  endBlock(context: Context): ValidatorUpdate[]
}

/** Who votes, and on what. */
export interface Voter {
  /** Consensus address; absent where a node votes for one validator only. */
  readonly address: Uint8Array | undefined
  /** Absent for the vote on the first block. */
  readonly parent: ParentBlock | undefined
}

/** A proven vote for a block with its extension; one that can't be decoded is empty. */
export interface ProvenVote {
  readonly validator: SetMember
  readonly extension: VoteExtension
}

/** What one module puts into vote extensions, and what it makes of them. Parts don't know each other. */
export interface VoteExtensionPart {
  /** The module's fields in the extension of the vote for a block; the state is that before the block. */
  extend(context: ReadContext, voter: Voter): Partial<VoteExtension>
  /** Takes the extensions of the block before, proven by transaction 0. */
  apply(context: Context, votes: readonly ProvenVote[], validators: readonly SetMember[]): void
}

/** A packet that a message relays, and that ends here once. */
export interface Relay {
  /** Equal for messages that end the same packet. */
  readonly key: string
  /** Whether it has ended: the message would be a no-op. */
  isDone(state: ReadContext): boolean
}

/** One chain: modules in the order in which they start, begin and end a block. */
export interface Composition {
  readonly name: string
  readonly addresses: AddressCodec
  readonly modules: readonly Module[]
  readonly authentication: AuthenticationPorts
  readonly validators: ValidatorPorts
  /** In the order in which they take extensions; absent on a chain without vote extensions. */
  readonly voteExtensions?: readonly VoteExtensionPart[]
  /** What modules keep beside the state; absent where none does. */
  readonly aside?: AsideRecords
  /** What this node has named in votes; absent on a chain without an inclusion list. */
  readonly inclusion?: Pinned
  readonly limits: BlockLimits
  /**
   * The packet that a message relays; `none` for a message that only prepares for others; nothing for any
   * other message, which stands for itself.
   */
  relayOf(action: Action): Relay | 'none' | undefined
  /**
   * Whether the state makes a message of lane 2 or 3 as urgent as its type can be: what is not stands in
   * lane 4.
   */
  isUrgent(state: ReadContext, action: Action): boolean
}
