import { toNanoseconds } from '@causeway/light-clients'
import { ResponseVerifyVoteExtension_VerifyStatus as Status } from '@causeway/protocol/tendermint/abci/types'
import type {
  RequestExtendVote,
  RequestVerifyVoteExtension,
  ResponseExtendVote,
  ResponseVerifyVoteExtension,
} from '@causeway/protocol/tendermint/abci/types'
import type { Chain } from './chain.ts'
import { readContext } from './context.ts'
import { EXTENSION_BYTES_MAX } from './transaction-zero.ts'

/** What this validator adds to its vote for a block. */
export function extendVote(chain: Chain, request: RequestExtendVote): ResponseExtendVote {
  const layer = chain.newLayer()
  const block = chain.nextBlock(request.height, toNanoseconds(request.time))
  const voteExtension = chain.composition.voteExtensions?.extend(
    readContext(block, (name) => layer.store(name)),
  )
  return { voteExtension: voteExtension ?? new Uint8Array(0) }
}

/**
 * Refuses only what is oversize or can't be decoded: a validator whose content is wrong keeps its vote, and
 * the content is ignored by rules that all apply alike in the next block.
 */
export function verifyVoteExtension(
  chain: Chain,
  request: RequestVerifyVoteExtension,
): ResponseVerifyVoteExtension {
  const { voteExtension } = request
  const isSmall = voteExtension.length <= EXTENSION_BYTES_MAX
  const isAcceptable =
    chain.composition.voteExtensions?.isAcceptable(voteExtension) ?? voteExtension.length === 0
  return { status: isSmall && isAcceptable ? Status.ACCEPT : Status.REJECT }
}
