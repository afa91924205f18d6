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

/** A vote has named a council: how many, and how many of them it takes. */
export function emitCouncil(context: Context, council: { count: number; threshold: number }): void {
  const { count, threshold } = council
  context.emit('causeway.governance.v1.council', {}, { members: `${count}`, threshold: `${threshold}` })
}

/** A member of the council asks for a pause of a line or a market. */
export function emitCouncilCall(
  context: Context,
  addresses: AddressCodec,
  call: { member: Uint8Array; subject: string; count: number; isPaused: boolean },
): void {
  const { member, subject, count, isPaused } = call
  context.emit(
    'causeway.governance.v1.council_call',
    { member: addresses.encode(member), subject },
    { count: `${count}`, paused: `${isPaused}` },
  )
}
