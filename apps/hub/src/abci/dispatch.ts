import { ResponseOfferSnapshot_Result } from '@causeway/protocol/tendermint/abci/types'
import type { Request, Response } from '@causeway/protocol/tendermint/abci/types'
import type { Application } from './application.ts'
import { errors } from './errors.ts'

/** Hands one request to the application. Throws what the application throws, and `abci/5`, `abci/10`. */
export function dispatch(application: Application, request: Request): Response {
  if (request.checkTx) return { checkTx: application.checkTx(request.checkTx) }
  if (request.flush) return { flush: {} }
  if (request.echo) return { echo: { message: request.echo.message } }
  if (request.query) return { query: application.query(request.query) }
  if (request.info) return { info: application.info(request.info) }
  return dispatchConsensus(application, request) ?? dispatchSnapshot(request)
}

function dispatchConsensus(application: Application, request: Request): Response | undefined {
  if (request.initChain) return { initChain: application.initChain(request.initChain) }
  if (request.prepareProposal) {
    return { prepareProposal: application.prepareProposal(request.prepareProposal) }
  }
  if (request.processProposal) {
    return { processProposal: application.processProposal(request.processProposal) }
  }
  if (request.extendVote) return { extendVote: application.extendVote(request.extendVote) }
  if (request.verifyVoteExtension) {
    return { verifyVoteExtension: application.verifyVoteExtension(request.verifyVoteExtension) }
  }
  if (request.finalizeBlock) return { finalizeBlock: application.finalizeBlock(request.finalizeBlock) }
  if (request.commit) return { commit: application.commit() }
  return undefined
}

/** There is no state sync yet: no snapshot is offered, none is taken. */
function dispatchSnapshot(request: Request): Response {
  if (request.listSnapshots) return { listSnapshots: { snapshots: [] } }
  if (request.offerSnapshot) return { offerSnapshot: { result: ResponseOfferSnapshot_Result.REJECT } }
  if (request.loadSnapshotChunk) return { loadSnapshotChunk: { chunk: new Uint8Array(0) } }
  if (request.applySnapshotChunk) throw errors.unsupported({ method: 'ApplySnapshotChunk' })
  throw errors.emptyRequest()
}
