import { describe, expect, it } from 'vitest'
import { Request, Response } from '@causeway/protocol/tendermint/abci/types'
import type {
  CommitInfo,
  RequestFinalizeBlock,
  RequestInitChain,
} from '@causeway/protocol/tendermint/abci/types'
import { utf8 } from '@causeway/primitives'
import { createKeyValueApplication } from '../engine/kvstore.fixture.ts'
import { dispatch } from './dispatch.ts'

const time = { seconds: 1n, nanos: 2 }
const noVotes: CommitInfo = { round: 0, votes: [] }
const proposal = {
  txs: [utf8('a=1')],
  misbehavior: [],
  hash: new Uint8Array(32),
  height: 1n,
  time,
  nextValidatorsHash: new Uint8Array(32),
  proposerAddress: new Uint8Array(20),
}
const initChain: RequestInitChain = {
  time,
  chainId: 'chain',
  consensusParams: undefined,
  validators: [],
  appStateBytes: utf8('{}'),
  initialHeight: 1n,
}
const finalizeBlock: RequestFinalizeBlock = { ...proposal, decidedLastCommit: noVotes }

/** Through the wire, as a socket carries it. */
function ask(application: ReturnType<typeof createKeyValueApplication>, request: Request): Response {
  const arrived = Request.decode(Request.encode(request).finish())
  return Response.decode(Response.encode(dispatch(application, arrived)).finish())
}

describe('dispatch', () => {
  it('carries a block through all methods of consensus', () => {
    const application = createKeyValueApplication()
    expect(ask(application, { initChain }).initChain?.appHash).toHaveLength(32)
    const prepare = { ...proposal, maxTxBytes: 1000n, localLastCommit: { round: 0, votes: [] } }
    expect(ask(application, { prepareProposal: prepare }).prepareProposal?.txs).toEqual([utf8('a=1')])
    const process = { ...proposal, proposedLastCommit: noVotes }
    expect(ask(application, { processProposal: process }).processProposal?.status).toBe(1)
    expect(ask(application, { extendVote: process }).extendVote?.voteExtension).toEqual(utf8('extension'))
    const vote = {
      hash: proposal.hash,
      validatorAddress: utf8('v'),
      height: 1n,
      voteExtension: utf8('extension'),
    }
    expect(ask(application, { verifyVoteExtension: vote }).verifyVoteExtension?.status).toBe(1)
    const finalized = ask(application, { finalizeBlock }).finalizeBlock
    expect(finalized?.txResults).toHaveLength(1)
    expect(ask(application, { commit: {} }).commit).toEqual({ retainHeight: 0n })
    const info = ask(application, {
      info: { version: '', blockVersion: 11n, p2pVersion: 8n, abciVersion: '2.0.0' },
    }).info
    expect(info).toMatchObject({ lastBlockHeight: 1n, lastBlockAppHash: finalized?.appHash })
    expect(application.calls).toEqual([
      'initChain',
      'prepareProposal',
      'processProposal',
      'extendVote',
      'verifyVoteExtension',
      'finalizeBlock',
      'commit',
      'info',
    ])
  })

  it('answers exactly one method', () => {
    const application = createKeyValueApplication()
    for (const request of [{ echo: { message: 'x' } }, { flush: {} }, { listSnapshots: {} }] as Request[]) {
      const answered = Object.entries(dispatch(application, request)).filter(
        ([, value]) => value !== undefined,
      )
      expect(answered).toHaveLength(1)
      expect(Object.keys(request)).toContain(answered[0]![0])
    }
  })

  it('lets through what the application throws', () => {
    const application = createKeyValueApplication()
    application.behaviour.breakAt = 'finalizeBlock'
    expect(() => dispatch(application, { finalizeBlock })).toThrow('finalizeBlock is broken')
    expect(() => dispatch(application, {})).toThrow(expect.objectContaining({ codespace: 'abci', code: 5 }))
  })
})
