import { isProtocolError } from '@causeway/primitives'
import { decodeStrict } from '@causeway/protocol'
import { toNanoseconds } from '@causeway/light-clients'
import { VoteExtension } from '@causeway/protocol/causeway/block/v1/block'
import { ResponseVerifyVoteExtension_VerifyStatus as Status } from '@causeway/protocol/tendermint/abci/types'
import type {
  RequestExtendVote,
  RequestVerifyVoteExtension,
  ResponseExtendVote,
  ResponseVerifyVoteExtension,
} from '@causeway/protocol/tendermint/abci/types'
import type { Chain } from './chain.ts'
import type { ProvenVote } from './composition.ts'
import { readContext } from './context.ts'
import { heldNames } from '../inclusion/held-names.ts'
import { EXTENSION_BYTES_MAX } from './transaction-zero.ts'
import type { ExtendedVote } from './transaction-zero.ts'

const EMPTY = VoteExtension.decode(new Uint8Array(0))

/** What a validator adds to its vote for a block; the address where several vote on this node. */
export function extendVote(
  chain: Chain,
  request: RequestExtendVote,
  address?: Uint8Array,
): ResponseExtendVote {
  const layer = chain.newLayer()
  const block = chain.nextBlock(request.height, toNanoseconds(request.time))
  const context = readContext(block, (name) => layer.store(name))
  const voter = { address, parent: chain.parent }
  const extension = { ...EMPTY }
  for (const part of chain.composition.voteExtensions ?? []) {
    Object.assign(extension, part.extend(context, voter))
  }
  const { inclusion } = chain.composition
  const voteExtension = VoteExtension.encode(extension).finish()
  if (inclusion === undefined) return { voteExtension }
  const said = heldNames(chain, context, inclusion, request)
  const withNames = VoteExtension.encode({ ...extension, ...said }).finish()
  // What the modules say goes first.
  return { voteExtension: withNames.length > EXTENSION_BYTES_MAX ? voteExtension : withNames }
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
    chain.composition.voteExtensions === undefined
      ? voteExtension.length === 0
      : decodeVoteExtension(voteExtension) !== undefined
  return { status: isSmall && isAcceptable ? Status.ACCEPT : Status.REJECT }
}

/** Reads an extension; nothing when it can't be decoded. Content is judged elsewhere. */
export function decodeVoteExtension(bytes: Uint8Array): VoteExtension | undefined {
  try {
    return decodeStrict(VoteExtension, 'causeway.block.v1.VoteExtension', bytes, { refuseNonCritical: true })
  } catch (error) {
    if (isProtocolError(error)) return undefined
    throw error
  }
}

/** The vote with what its extension says. */
export function decodeVote({ validator, extension }: ExtendedVote): ProvenVote {
  return { validator, extension: decodeVoteExtension(extension) ?? EMPTY }
}
