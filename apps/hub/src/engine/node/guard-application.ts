import { isProtocolError } from '@causeway/primitives'
import type { Application } from '../application.ts'
import { errors } from '../errors.ts'

/**
 * The application behind a door that closes when it breaks: what it throws that is no `ProtocolError` is told
 * to `onBroken` once, and from then on nobody reaches it (`engine/49`).
 */
export function guardApplication(application: Application, onBroken: (error: unknown) => void): Application {
  let isBroken = false
  const guard =
    <Request, Response>(method: (request: Request) => Response) =>
    (request: Request): Response => {
      if (isBroken) throw errors.nodeHalted()
      try {
        return method(request)
      } catch (error) {
        if (!isProtocolError(error)) {
          isBroken = true
          onBroken(error)
        }
        throw error
      }
    }
  const commit = guard<void, ReturnType<Application['commit']>>(() => application.commit())
  return {
    info: guard((request) => application.info(request)),
    initChain: guard((request) => application.initChain(request)),
    checkTx: guard((request) => application.checkTx(request)),
    prepareProposal: guard((request) => application.prepareProposal(request)),
    processProposal: guard((request) => application.processProposal(request)),
    extendVote: guard((request) => application.extendVote(request)),
    verifyVoteExtension: guard((request) => application.verifyVoteExtension(request)),
    finalizeBlock: guard((request) => application.finalizeBlock(request)),
    commit: () => commit(),
    query: guard((request) => application.query(request)),
  }
}
