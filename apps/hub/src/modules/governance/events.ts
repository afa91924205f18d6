import type { Proposal } from '@causeway/protocol/causeway/governance/v1/governance'
import type { Context } from '../../block/context.ts'
import type { AddressCodec } from '../../identifiers.ts'

const STATUS_TEXT = ['', 'voting', 'rejected', 'accepted', 'executed', 'failed']

/** What became of a proposal. */
export function emitProposal(context: Context, { id, status, failure }: Proposal): void {
  context.emit('causeway.governance.v1.proposal', {
    proposal: id.toString(),
    status: STATUS_TEXT[status]!,
    failure,
  })
}

/** What somebody votes. */
export function emitVote(
  context: Context,
  addresses: AddressCodec,
  vote: { id: bigint; voter: Uint8Array; option: number },
): void {
  context.emit('causeway.governance.v1.vote', {
    proposal: vote.id.toString(),
    voter: addresses.encode(vote.voter),
    option: vote.option.toString(),
  })
}
