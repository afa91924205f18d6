// The driver of tests, with validators that miss votes and an application that is exchanged.
import { fromNanoseconds, voteExtensionSignBytes } from '@causeway/light-clients'
import { assert } from '@causeway/primitives'
import { ResponseProcessProposal_ProposalStatus as Status } from '@causeway/protocol/tendermint/abci/types'
import type { ExtendedCommitInfo, RequestFinalizeBlock } from '@causeway/protocol/tendermint/abci/types'
import type { Application } from '../abci/application.ts'
import { Driver } from '../testing/driver.fixture.ts'
import { BlockIDFlag } from '@causeway/protocol/tendermint/types/validator'
import { pairOfSeed, signWith } from './actor.fixture.ts'
import { commitOf } from '../testing/validators.fixture.ts'

const NONE = new Uint8Array(0)

/** Drives the hub of a simulation. */
export class SimulationDriver extends Driver {
  /** Who doesn't vote for the next block, by index; −1: everybody does. */
  absent = -1

  /** Goes on with another application that has the same state. */
  exchange(application: Application): void {
    ;(this as { application: Application }).application = application
  }

  /** A block of the mempool, proposed and judged as an engine has it done. */
  propose(secondsLater: bigint): RequestFinalizeBlock {
    const height = this.height + 1n
    const time = fromNanoseconds(this.timeNanoseconds + secondsLater * 1_000_000_000n)
    const common = { misbehavior: [], height, time, nextValidatorsHash: NONE, proposerAddress: NONE }
    const proposing = {
      ...common,
      maxTxBytes: 22_000_000n,
      txs: this.mempool,
      localLastCommit: this.lastCommit,
    }
    const { txs } = this.application.prepareProposal(proposing)
    const proposedLastCommit = commitOf(this.lastCommit)
    const judged = { ...common, txs, proposedLastCommit, hash: NONE }
    const { status } = this.application.processProposal(judged)
    assert(status === Status.ACCEPT, 'a proposal is accepted by its own proposer')
    return { ...common, txs, decidedLastCommit: proposedLastCommit, hash: NONE }
  }

  override vote({ height, time }: Pick<RequestFinalizeBlock, 'height' | 'time'>): ExtendedCommitInfo {
    const common = { misbehavior: [], nextValidatorsHash: NONE, proposerAddress: NONE, hash: NONE }
    const request = { ...common, height, time, txs: [], proposedLastCommit: undefined }
    const set = this.setAt(height)
    const votes = set.map((member, i) => {
      const validator = { address: member.address, power: member.power }
      const extension = this.application.extendVote(request, member.address).voteExtension
      if (i === this.absent) {
        const blockIdFlag = BlockIDFlag.BLOCK_ID_FLAG_ABSENT
        return { validator, voteExtension: NONE, extensionSignature: NONE, blockIdFlag }
      }
      const signed = voteExtensionSignBytes(this.chainId, { extension, height, round: 0 })
      const extensionSignature = signWith(pairOfSeed(member.secret), signed)
      const blockIdFlag = BlockIDFlag.BLOCK_ID_FLAG_COMMIT
      return { validator, voteExtension: extension, extensionSignature, blockIdFlag }
    })
    return { round: 0, votes }
  }
}
