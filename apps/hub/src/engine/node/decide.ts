import { ResponseProcessProposal_ProposalStatus as Status } from '@causeway/protocol/tendermint/abci/types'
import type { Timestamp } from '@causeway/protocol/google/protobuf/timestamp'
import { toNanoseconds, totalVotingPower } from '@causeway/light-clients'
import { assert } from '@causeway/primitives'
import { blockTime, dataBytesMax, makeBlock, txBytesInBlock } from '../chain/block.ts'
import type { MadeBlock } from '../chain/block.ts'
import { nextHeight } from '../chain/chain-state.ts'
import { commitInfo, extendedCommitInfo, misbehaviors, plainCommit } from '../chain/commit-info.ts'
import { blockBytesMax } from '../chain/consensus-params.ts'
import { errors } from '../errors.ts'
import { txHash } from '../mempool/tx-hash.ts'
import { proposerAt, signerOf } from './core.ts'
import type { DecidedBlock, EngineCore } from './core.ts'

const ROUNDS_MAX = 8
const NANOSECONDS_PER_MILLISECOND = 1_000_000n

/**
 * Finds the next block: the proposer of each round has the application prepare one, and the application
 * accepts or refuses it. A round whose proposer's key isn't here passes, as it would time out. Throws
 * `engine/42`–`/44`.
 */
export function decideBlock(core: EngineCore): DecidedBlock {
  requireQuorum(core)
  let proposals = 0
  // With priorities every validator's turn comes within as many rounds as the powers' ratio; absent ones are
  // skipped.
  for (let round = 0; proposals < ROUNDS_MAX; round++) {
    const proposer = proposerAt(core.state, round)
    if (!signerOf(core, proposer)) continue
    const made = propose(core, proposer)
    proposals++
    if (isAccepted(core, made))
      return { made, round, voteTimeNanoseconds: voteTime(core.clock(), made.header.time!) }
  }
  throw errors.proposalRejected({ height: nextHeight(core.state), rounds: proposals })
}

function propose(core: EngineCore, proposerAddress: Uint8Array): MadeBlock {
  const { state, mempool, application, extendedCommit } = core
  const { evidence, bytes: evidenceBytes } = core.evidence.take(state.params.evidence.maxBytes)
  const blockBytes = blockBytesMax(state.params)
  const bytesMax = dataBytesMax(blockBytes, evidenceBytes, state.validators.validators.length)
  const reaped = mempool.reap(state.params.block.maxBytes === -1n ? -1n : bytesMax, state.params.block.maxGas)
  const lastCommit = extendedCommit && plainCommit(extendedCommit)
  const { txs } = application.prepareProposal({
    maxTxBytes: bytesMax,
    txs: reaped.map(({ tx }) => tx),
    localLastCommit: extendedCommitInfo(extendedCommit, state.lastValidators),
    misbehavior: misbehaviors(evidence),
    height: nextHeight(state),
    time: blockTime(state, lastCommit),
    nextValidatorsHash: state.nextValidatorsHash,
    proposerAddress,
  })
  const size = txs.reduce((sum, tx) => sum + txBytesInBlock(tx.length), 0)
  if (BigInt(size) > bytesMax) throw errors.proposalTooLarge({ bytes: BigInt(size), max: bytesMax })
  const known = new Map(reaped.map(({ tx, hash }) => [tx, hash]))
  const txHashes = txs.map((tx) => known.get(tx) ?? txHash(tx))
  return makeBlock(state, { txs, txHashes, evidence, lastCommit, proposerAddress })
}

function isAccepted(core: EngineCore, { block, header, blockId }: MadeBlock): boolean {
  const { status } = core.application.processProposal({
    txs: block.data!.txs,
    proposedLastCommit: commitInfo(block.lastCommit, core.state.lastValidators),
    misbehavior: misbehaviors(block.evidence!.evidence),
    hash: blockId.hash,
    height: header.height,
    time: header.time,
    nextValidatorsHash: header.nextValidatorsHash,
    proposerAddress: header.proposerAddress,
  })
  assert(status === Status.ACCEPT || status === Status.REJECT, 'a proposal is accepted or rejected')
  return status === Status.ACCEPT
}

/** Votes are later than their block, so that time never stands still. Spec: CometBFT v0.38 BFT time. */
function voteTime(now: bigint, blockTimestamp: Timestamp): bigint {
  const least = toNanoseconds(blockTimestamp) + NANOSECONDS_PER_MILLISECOND
  return now > least ? now : least
}

function requireQuorum({ state, signers }: EngineCore): void {
  const total = totalVotingPower(state.validators)
  const local = new Set(signers.map(({ key }) => Buffer.from(key.address).toString('hex')))
  const have = state.validators.validators
    .filter(({ address }) => local.has(Buffer.from(address).toString('hex')))
    .reduce((sum, { votingPower }) => sum + votingPower, 0n)
  if (have * 3n <= total * 2n) throw errors.tooFewKeys({ have, total })
}
