import {
  MsgCouncilPause,
  MsgCouncilPauseResponse,
  MsgSubmitProposal,
  MsgSubmitProposalResponse,
  MsgVote,
  MsgVoteResponse,
} from '@causeway/protocol/causeway/governance/v1/tx'
import { utf8 } from '@causeway/primitives'
import { defineMessage } from '../../block/module.ts'
import type { MessageType } from '../../block/module.ts'
import { councilPause, validateCall } from './council.ts'
import { validateContents } from './contents.ts'
import { errors } from './errors.ts'
import type { GovernancePorts } from './ports.ts'
import { submit, vote } from './proposals.ts'

const TITLE = /^[^\p{Cc}]{1,140}$/u
const SUMMARY_BYTES_MAX = 10_000
const OPTION_MAX = 4

/** Proposing and voting. */
export function messages(ports: GovernancePorts): readonly MessageType[] {
  const { addresses } = ports
  return [
    defineMessage({
      typeName: 'causeway.governance.v1.MsgSubmitProposal',
      codec: MsgSubmitProposal,
      responseCodec: MsgSubmitProposalResponse,
      lane: 4,
      signer: ({ proposer }) => addresses.decode(proposer),
      validate({ title, summary, contents }) {
        if (!TITLE.test(title)) throw errors.badTitle()
        if (utf8(summary).length > SUMMARY_BYTES_MAX) throw errors.badSummary({ bytesMax: SUMMARY_BYTES_MAX })
        validateContents(contents)
      },
      handle: (context, message) => ({
        proposalId: submit(ports, context, addresses.decode(message.proposer), message),
      }),
    }),
    defineMessage({
      typeName: 'causeway.governance.v1.MsgVote',
      codec: MsgVote,
      responseCodec: MsgVoteResponse,
      lane: 4,
      signer: ({ voter }) => addresses.decode(voter),
      validate({ option }) {
        if (option < 1 || option > OPTION_MAX) throw errors.badOption()
      },
      handle(context, { voter, proposalId: id, option }) {
        vote(ports, context, { id, voter: addresses.decode(voter), option })
        return {}
      },
    }),
    defineMessage({
      typeName: 'causeway.governance.v1.MsgCouncilPause',
      codec: MsgCouncilPause,
      responseCodec: MsgCouncilPauseResponse,
      lane: 4,
      signer: ({ member }) => addresses.decode(member),
      validate: validateCall,
      handle: (context, message) => ({
        paused: councilPause(ports, context, addresses.decode(message.member), message),
      }),
    }),
  ]
}
