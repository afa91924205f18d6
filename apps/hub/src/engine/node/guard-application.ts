import { isProtocolError } from '@causeway/primitives'
import type { Steps } from '@causeway/primitives'
import type { ResponseFinalizeBlock } from '@causeway/protocol/tendermint/abci/types'
import { finalizeSteps } from '../application.ts'
import type { Application } from '../application.ts'
import { errors } from '../errors.ts'

/**
 * The application behind a door that closes when it breaks: what it throws that is no `ProtocolError` is told
 * to `onBroken` once, and from then on nobody reaches it (`engine/49`).
 */
export function guardApplication(application: Application, onBroken: (error: unknown) => void): Application {
  let isBroken = false
  const fail = (error: unknown): never => {
    if (!isProtocolError(error)) {
      isBroken = true
      onBroken(error)
    }
    throw error
  }
  const guard =
    <Parameters extends unknown[], Response>(method: (...request: Parameters) => Response) =>
    (...request: Parameters): Response => {
      if (isBroken) throw errors.nodeHalted()
      try {
        return method(...request)
      } catch (error) {
        return fail(error)
      }
    }
  function* finalizeInSteps(request: Request<'finalizeBlock'>): Steps<ResponseFinalizeBlock> {
    const steps = finalizeSteps(application, request)
    // Between two steps it may break elsewhere.
    const advance = guard(() => steps.next())
    for (;;) {
      const { done, value } = advance()
      if (done === true) return value
      yield
    }
  }
  const commit = guard(() => application.commit())
  return {
    info: guard((request: Request<'info'>) => application.info(request)),
    initChain: guard((request: Request<'initChain'>) => application.initChain(request)),
    checkTx: guard((request: Request<'checkTx'>) => application.checkTx(request)),
    prepareProposal: guard((request: Request<'prepareProposal'>) => application.prepareProposal(request)),
    processProposal: guard((request: Request<'processProposal'>) => application.processProposal(request)),
    extendVote: guard((request: Request<'extendVote'>, validator?: Uint8Array) =>
      application.extendVote(request, validator),
    ),
    verifyVoteExtension: guard((request: Request<'verifyVoteExtension'>) =>
      application.verifyVoteExtension(request),
    ),
    finalizeBlock: guard((request: Request<'finalizeBlock'>) => application.finalizeBlock(request)),
    finalizeInSteps,
    commit: () => commit(),
    query: guard((request: Request<'query'>) => application.query(request)),
  }
}

type Request<Method extends keyof Application> = Parameters<NonNullable<Application[Method]>>[0]
