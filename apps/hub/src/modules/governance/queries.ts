import {
  QueryParametersRequest,
  QueryParametersResponse,
  QueryParamsRequest,
  QueryParamsResponse,
  QueryProposalRequest,
  QueryProposalResponse,
  QueryProposalsRequest,
  QueryProposalsResponse,
  QueryVotesRequest,
  QueryVotesResponse,
} from '@causeway/protocol/causeway/governance/v1/query'
import { defineQuery } from '../../block/module.ts'
import type { QueryMethod } from '../../block/module.ts'
import { errors } from './errors.ts'
import type { GovernancePorts } from './ports.ts'
import { GOVERNANCE_STORE, STATUS, findParams, findProposal, proposals, votes } from './state.ts'

const PAGE_DEFAULT = 100
const PAGE_MAX = 1_000

/** Rules, proposals, votes, and what can be changed. */
export function queries(ports: GovernancePorts): readonly QueryMethod[] {
  return [paramsQuery, proposalQuery, proposalsQuery, votesQuery(ports), parametersQuery(ports)]
}

const paramsQuery = defineQuery({
  path: '/causeway.governance.v1.Query/Params',
  requestTypeName: 'causeway.governance.v1.QueryParamsRequest',
  requestCodec: QueryParamsRequest,
  responseCodec: QueryParamsResponse,
  answer: (context) => ({ params: findParams(context.store(GOVERNANCE_STORE)), height: context.height }),
})

const proposalQuery = defineQuery({
  path: '/causeway.governance.v1.Query/Proposal',
  requestTypeName: 'causeway.governance.v1.QueryProposalRequest',
  requestCodec: QueryProposalRequest,
  responseCodec: QueryProposalResponse,
  answer(context, { id }) {
    const proposal = findProposal(context.store(GOVERNANCE_STORE), id)
    if (proposal === undefined) throw errors.unknownProposal({ id })
    return { proposal, height: context.height }
  },
})

const proposalsQuery = defineQuery({
  path: '/causeway.governance.v1.Query/Proposals',
  requestTypeName: 'causeway.governance.v1.QueryProposalsRequest',
  requestCodec: QueryProposalsRequest,
  responseCodec: QueryProposalsResponse,
  answer: (context, { afterId, limit }) => ({
    proposals: take(proposals(context.store(GOVERNANCE_STORE), afterId), limit),
    height: context.height,
  }),
})

function votesQuery({ addresses }: GovernancePorts): QueryMethod {
  return defineQuery({
    path: '/causeway.governance.v1.Query/Votes',
    requestTypeName: 'causeway.governance.v1.QueryVotesRequest',
    requestCodec: QueryVotesRequest,
    responseCodec: QueryVotesResponse,
    answer(context, { proposalId, afterVoter, limit }) {
      const after = afterVoter === '' ? undefined : addresses.decode(afterVoter)
      const store = context.store(GOVERNANCE_STORE)
      const isVoting = findProposal(store, proposalId)?.status === STATUS.voting
      const page = isVoting ? take(votes(store, proposalId, after), limit) : []
      const named = page.map(({ voter, option }) => ({ voter: addresses.encode(voter), option }))
      return { votes: named, height: context.height }
    },
  })
}

function parametersQuery({ parametersOf }: GovernancePorts): QueryMethod {
  return defineQuery({
    path: '/causeway.governance.v1.Query/Parameters',
    requestTypeName: 'causeway.governance.v1.QueryParametersRequest',
    requestCodec: QueryParametersRequest,
    responseCodec: QueryParametersResponse,
    answer(context, { module }) {
      const values = Object.entries(parametersOf(module)?.read(context) ?? {})
      const parameters = values.map(([name, value]) => ({ name, value: value.toString() }))
      return { parameters, height: context.height }
    },
  })
}

function take<Item>(items: Iterable<Item>, asked: number): Item[] {
  const limit = asked === 0 ? PAGE_DEFAULT : Math.min(asked, PAGE_MAX)
  const taken: Item[] = []
  for (const item of items) {
    if (taken.length >= limit) break
    taken.push(item)
  }
  return taken
}
