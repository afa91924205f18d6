// What a chain is made of: the joint between the block pipeline and the modules.
import type { RequestInitChain, ValidatorUpdate } from '@causeway/protocol/tendermint/abci/types'
import type { AddressCodec } from '../identifiers.ts'
import type { AuthenticationPorts } from '../tx/authenticate.ts'
import type { Context, ReadContext } from './context.ts'
import type { BlockLimits } from './lanes.ts'
import type { Action, Module } from './module.ts'
import type { ExtendedVote, SetMember } from './transaction-zero.ts'

/** What the pipeline asks about validators. */
export interface ValidatorPorts {
  /** Writes the genesis set and the heights that genesis fixed. */
  initChain(context: Context, request: RequestInitChain): void
  /** The set that signs the block of this height. */
  validatorsAt(context: ReadContext, height: bigint): readonly SetMember[]
  /** First height of the chain. */
  initialHeight(context: ReadContext): bigint
  /** First height whose votes carry extensions; 0 = never. */
  voteExtensionsEnableHeight(context: ReadContext): bigint
  /** Changes that this block makes, effective two heights later. */
  endBlock(context: Context): ValidatorUpdate[]
}

/** What this chain puts into vote extensions, and what it makes of them. */
export interface VoteExtensionPorts {
  /** The extension of the vote for a block. */
  extend(context: ReadContext): Uint8Array
  /** False only for bytes that are oversize or can't be decoded. */
  isAcceptable(extension: Uint8Array): boolean
  /** Takes the extensions of the block before, proven by transaction 0. */
  apply(context: Context, votes: readonly ExtendedVote[], validators: readonly SetMember[]): void
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
  /** Absent on a chain without vote extensions. */
  readonly voteExtensions?: VoteExtensionPorts
  readonly limits: BlockLimits
  /**
   * The packet that a message relays; `none` for a message that only prepares for others; nothing for any
   * other message, which stands for itself.
   */
  relayOf(action: Action): Relay | 'none' | undefined
}
