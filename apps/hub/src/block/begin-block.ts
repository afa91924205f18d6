import { assert } from '@causeway/primitives'
import type { CommitInfo } from '@causeway/protocol/tendermint/abci/types'
import type { Chain } from './chain.ts'
import type { EngineFacts } from './composition.ts'
import type { Context, ReadContext } from './context.ts'
import { recordNames } from '../inclusion/record-names.ts'
import { judgeTransactionZero, needsTransactionZero } from './transaction-zero.ts'
import type { ExtendedVote, SetMember } from './transaction-zero.ts'
import { decodeVote } from './vote-extension.ts'

/** Transaction 0 of a block: whether there must be one, and what it says. */
export interface ProvenExtensions {
  readonly votes: readonly ExtendedVote[]
  readonly validators: readonly SetMember[]
}

/**
 * Judges the first transaction of a block where it must be transaction 0; nothing where extensions can't
 * exist. `state` is that of h − 1. Throws `block/1` – `block/13`.
 */
export function readTransactionZero(
  chain: Chain,
  state: ReadContext,
  block: {
    readonly height: bigint
    readonly first: Uint8Array | undefined
    readonly lastCommit: CommitInfo | undefined
  },
): ProvenExtensions | undefined {
  if (!isTransactionZeroDue(chain, state, block.height)) return undefined
  const validators = chain.composition.validators.validatorsAt(state, block.height - 1n)
  const votes = judgeTransactionZero(block.first, {
    chainId: chain.options.chainId,
    height: block.height,
    lastCommit: block.lastCommit ?? { round: 0, votes: [] },
    validators,
    verifyExtensions: chain.options.verifyExtensions,
  })
  return { votes, validators }
}

/** Whether the block of this height carries transaction 0. */
export function isTransactionZeroDue(chain: Chain, state: ReadContext, height: bigint): boolean {
  const { validators, voteExtensions } = chain.composition
  if (voteExtensions === undefined) return false
  return needsTransactionZero(
    height,
    validators.initialHeight(state),
    validators.voteExtensionsEnableHeight(state),
  )
}

/** First step of a block: validators, the proven extensions, then the modules in order. */
export function beginBlock(
  chain: Chain,
  context: Context,
  proven: ProvenExtensions | undefined,
  facts: EngineFacts,
): void {
  chain.composition.validators.beginBlock(context, facts)
  if (proven !== undefined) {
    const parts = chain.composition.voteExtensions
    assert(parts !== undefined, 'extensions were judged by their rules')
    const votes = proven.votes.map(decodeVote)
    for (const part of parts) part.apply(context, votes, proven.validators)
    if (chain.composition.inclusion !== undefined) recordNames(chain, context, votes, proven.validators)
  }
  const { parent } = chain
  for (const module of chain.composition.modules) module.beginBlock?.(context, parent)
}
