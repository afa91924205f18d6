// Proposals from their deposit to their execution.
import { isProtocolError } from '@causeway/primitives'
import type { Params, Proposal } from '@causeway/protocol/causeway/governance/v1/governance'
import type { MsgSubmitProposal } from '@causeway/protocol/causeway/governance/v1/tx'
import type { KeyValueStore } from '@causeway/state-tree'
import type { Context } from '../../block/context.ts'
import { execute, rehearse } from './contents.ts'
import { forgetFirst } from './dead-clients.ts'
import { errors } from './errors.ts'
import { emitProposal, emitVote } from './events.ts'
import type { GovernancePorts } from './ports.ts'
import {
  GOVERNANCE_STORE,
  STATUS,
  deleteBallots,
  dequeue,
  endedVotes,
  enqueue,
  findParams,
  findProposal,
  queued,
  readNextId,
  readProposal,
  writeEnded,
  writeNextId,
  writeProposal,
} from './state.ts'
import { cast, count, verdict } from './tally.ts'

/** Ballots and counts of ended votes that one block deletes. */
const DELETED_AT_ONCE = 1_000

/**
 * Opens a vote; the deposit is paid at once. A proposal that could not be executed now is refused. Throws
 * `governance/1`, `/5`, `ledger/5`, and what its contents are refused with.
 */
export function submit(
  ports: GovernancePorts,
  context: Context,
  proposer: Uint8Array,
  { title, summary, contents }: Pick<MsgSubmitProposal, 'title' | 'summary' | 'contents'>,
): bigint {
  const store = context.store(GOVERNANCE_STORE)
  const params = requireParams(context)
  const open = [...queued(store, 'voting'), ...queued(store, 'execution')].length
  if (BigInt(open) >= params.openMax) throw errors.tooManyOpen({ max: params.openMax })
  rehearse(ports, context, contents)
  const id = readNextId(store)
  writeNextId(store, id + 1n)
  const proposal: Proposal = {
    id,
    proposer,
    title,
    summary,
    contents,
    status: STATUS.voting,
    deposit: params.deposit.toString(),
    submittedSeconds: context.timeSeconds,
    votingEndSeconds: context.timeSeconds + params.votingSeconds,
    executionSeconds: 0n,
    tally: undefined,
    failure: '',
  }
  writeProposal(store, proposal)
  enqueue(store, 'voting', proposal.votingEndSeconds, id)
  const from = { account: proposer, subaccount: 0 }
  ports.bank.move(context, from, ports.depositPool, params.deposit)
  ports.checkWithdrawal(context, from)
  emitProposal(context, proposal)
  return id
}

/** Notes what somebody votes; the last word before the end stands. Throws `governance/6`, `/20`, `/22`. */
export function vote(
  ports: GovernancePorts,
  context: Context,
  ballot: { readonly id: bigint; readonly voter: Uint8Array; readonly option: number },
): void {
  const { id, voter } = ballot
  const store = context.store(GOVERNANCE_STORE)
  const proposal = findProposal(store, id)
  if (proposal === undefined) throw errors.unknownProposal({ id })
  if (proposal.status !== STATUS.voting || context.timeSeconds >= proposal.votingEndSeconds)
    throw errors.voteEnded({ id })
  const delegated = ports.stake.delegatedBy(context, voter)
  if (!delegated.some(({ shares }) => shares > 0n)) throw errors.noStake()
  cast(store, ballot, delegated)
  emitVote(context, ports.addresses, ballot)
}

/** Ends votes whose time is over, then executes what has waited long enough. */
export function settle(ports: GovernancePorts, context: Context): void {
  const store = context.store(GOVERNANCE_STORE)
  const params = findParams(store)
  if (params === undefined) return
  for (const { seconds, id } of [...queued(store, 'voting', context.timeSeconds)]) {
    dequeue(store, 'voting', seconds, id)
    endVote(ports, context, params, readProposal(store, id))
  }
  for (const { seconds, id } of [...queued(store, 'execution', context.timeSeconds)]) {
    const proposal = readProposal(store, id)
    if (!isPrepared(ports, context, proposal)) continue
    dequeue(store, 'execution', seconds, id)
    carryOut(ports, context, proposal)
  }
  tidy(store)
}

/** Deletes what is left of votes that have ended, some a block: there may be as many ballots as accounts. */
function tidy(store: KeyValueStore): void {
  let left = DELETED_AT_ONCE
  for (const id of [...endedVotes(store)]) {
    left -= deleteBallots(store, id, left)
    if (left === 0) return
    writeEnded(store, id, false)
  }
}

function endVote(ports: GovernancePorts, context: Context, params: Params, proposal: Proposal): void {
  const store = context.store(GOVERNANCE_STORE)
  const { id } = proposal
  const counted = count(store, id, ports.stake.activePools(context))
  writeEnded(store, id, true)
  const { isAccepted, isForfeited } = verdict(counted, params)
  const owner = isForfeited ? ports.insuranceFund : { account: proposal.proposer, subaccount: 0 }
  ports.bank.move(context, ports.depositPool, owner, BigInt(proposal.deposit))
  const executionSeconds = isAccepted ? context.timeSeconds + params.timelockSeconds : 0n
  if (isAccepted) enqueue(store, 'execution', executionSeconds, id)
  const { yes, no, veto, abstain, bonded } = counted
  const tally = {
    yes: yes.toString(),
    no: no.toString(),
    veto: veto.toString(),
    abstain: abstain.toString(),
    bonded: bonded.toString(),
  }
  const status = isAccepted ? STATUS.accepted : STATUS.rejected
  const ended = { ...proposal, status, deposit: '0', executionSeconds, tally }
  writeProposal(store, ended)
  emitProposal(context, ended)
}

/** Whether nothing is left that would be too much work for the block that executes it; does some of that. */
function isPrepared(ports: GovernancePorts, context: Context, { contents }: Proposal): boolean {
  const clientIds = contents.flatMap(({ recoverClient }) => recoverClient?.clientId ?? [])
  if (clientIds.length === 0) return true
  // What will fail fails at once, and changes nothing.
  if (failureOf(() => rehearse(ports, context, contents)) !== '') return true
  return forgetFirst(ports, context, clientIds)
}

/** All or nothing; what can't be done any more is recorded and changes nothing. */
function carryOut(ports: GovernancePorts, context: Context, proposal: Proposal): void {
  const failure = failureOf(() => context.nested(() => execute(ports, context, proposal.contents)))
  const status = failure === '' ? STATUS.executed : STATUS.failed
  const done = { ...proposal, status, failure }
  writeProposal(context.store(GOVERNANCE_STORE), done)
  emitProposal(context, done)
}

/** A third catch beside those of transactions and packets: a vote's mistake must not halt the chain. */
function failureOf(run: () => void): string {
  try {
    run()
    return ''
  } catch (error) {
    if (!isProtocolError(error)) throw error
    return `${error.codespace}/${error.code}`
  }
}

function requireParams(context: Context): Params {
  const params = findParams(context.store(GOVERNANCE_STORE))
  if (params === undefined) throw errors.notGoverned()
  return params
}
