// The member `governance` of a genesis. Proposals are carried over as they are, in hex of their encoding.
import { decodeStrict } from '@causeway/protocol'
import { Council, CouncilCall, Proposal } from '@causeway/protocol/causeway/governance/v1/governance'
import { fromHex, isProtocolError, parseDecimal, toHex } from '@causeway/primitives'
import { z } from 'zod'
import { parametersJson } from '../../block/parameters.ts'
import type { Context, ReadContext } from '../../block/context.ts'
import { invalidGenesis, parseGenesis, u64Text } from '../../genesis/parse.ts'
import { validateContents } from './contents.ts'
import { validateCouncil } from './council.ts'
import { invariants } from './invariants.ts'
import { governanceParamsSchema } from './params.ts'
import type { GovernancePorts } from './ports.ts'
import { cast } from './tally.ts'
import {
  GOVERNANCE_STORE,
  STATUS,
  calls,
  enqueue,
  findCouncil,
  findParams,
  proposals,
  readNextId,
  votes,
  writeCall,
  writeCouncil,
  writeNextId,
  writeParams,
  writeProposal,
} from './state.ts'

const hexText = z.string().regex(/^([0-9a-f]{2})+$/, 'expected hex')

const schema = z.strictObject({
  params: governanceParamsSchema,
  nextId: u64Text.optional(),
  proposals: z.array(hexText).optional(),
  // Of an export: hex of the messages.
  council: hexText.optional(),
  calls: z.array(z.strictObject({ subject: z.string().max(600), call: hexText })).optional(),
  votes: z
    .array(z.strictObject({ proposal: u64Text, voter: z.string(), option: z.int().min(1).max(4) }))
    .optional(),
})

/** Writes the rules of votes; without them nobody votes. Throws `genesis/2`. */
export function initGenesis(context: Context, state: unknown, ports: GovernancePorts): void {
  if (state === undefined) return
  const genesis = parseGenesis('governance', schema, state)
  const store = context.store(GOVERNANCE_STORE)
  writeParams(store, genesis.params)
  writeNextId(store, genesis.nextId ?? 1n)
  for (const [i, hex] of (genesis.proposals ?? []).entries()) {
    const proposal = decodeProposal(hex, `governance.proposals.${i}`)
    writeProposal(store, proposal)
    const { id, status, votingEndSeconds, executionSeconds } = proposal
    if (status === STATUS.voting) enqueue(store, 'voting', votingEndSeconds, id)
    if (status === STATUS.accepted) enqueue(store, 'execution', executionSeconds, id)
  }
  const { council } = genesis
  if (council !== undefined) writeCouncil(store, decodeCouncil(council))
  for (const [i, { subject, call }] of (genesis.calls ?? []).entries())
    writeCall(store, subject, decodeCall(call, `governance.calls.${i}`))
  for (const [i, { proposal, voter, option }] of (genesis.votes ?? []).entries()) {
    const path = `governance.votes.${i}`
    const account = decoding(path, () => ports.addresses.decode(voter))
    cast(store, { id: proposal, voter: account, option }, ports.stake.delegatedBy(context, account))
  }
  const [broken] = invariants(context, ports)
  if (broken !== undefined) throw invalidGenesis('governance', broken)
}

/** The member of a genesis that would make this state; nothing on a chain where nobody votes. */
export function exportGenesis(context: ReadContext, { addresses }: GovernancePorts): unknown {
  const store = context.store(GOVERNANCE_STORE)
  const params = findParams(store)
  if (params === undefined) return undefined
  const all = [...proposals(store)]
  const council = findCouncil(store)
  const asked = [...calls(store)]
  const voting = all.filter(({ status }) => status === STATUS.voting)
  return {
    params: parametersJson(params),
    nextId: readNextId(store).toString(),
    proposals: all.map((proposal) => toHex(Proposal.encode(proposal).finish())),
    ...(council && { council: toHex(Council.encode(council).finish()) }),
    ...(asked.length > 0 && {
      calls: asked.map(([subject, call]) => ({ subject, call: toHex(CouncilCall.encode(call).finish()) })),
    }),
    votes: voting.flatMap(({ id }) =>
      [...votes(store, id)].map(({ voter, option }) => ({
        proposal: id.toString(),
        voter: addresses.encode(voter),
        option,
      })),
    ),
  }
}

function decodeCouncil(hex: string): Council {
  return decoding('governance.council', () => {
    const council = decodeStrict(Council, 'causeway.governance.v1.Council', fromHex(hex))
    validateCouncil(council)
    return council
  })
}

function decodeCall(hex: string, path: string): CouncilCall {
  return decoding(path, () => decodeStrict(CouncilCall, 'causeway.governance.v1.CouncilCall', fromHex(hex)))
}

function decodeProposal(hex: string, path: string): Proposal {
  return decoding(path, () => {
    const proposal = decodeStrict(Proposal, 'causeway.governance.v1.Proposal', fromHex(hex))
    parseDecimal(proposal.deposit, 'deposit')
    validateContents(proposal.contents)
    return proposal
  })
}

function decoding<Result>(path: string, run: () => Result): Result {
  try {
    return run()
  } catch (error) {
    if (!isProtocolError(error)) throw error
    throw invalidGenesis(path, error.message)
  }
}
