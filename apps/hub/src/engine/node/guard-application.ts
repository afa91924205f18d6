import { isProtocolError } from '@causeway/primitives'
import { containFailures } from '../../abci/contain-failures.ts'
import type { Application } from '../application.ts'
import { errors } from '../errors.ts'

/**
 * The application behind a door that closes when it breaks: what a consensus method throws that is no
 * `ProtocolError` is told to `onBroken` once, and from then on nobody reaches it (`engine/49`). What `query`
 * and `checkTx` throw is told to `onFailure` and answered with `abci/11`: the door stays open.
 */
export function guardApplication(
  application: Application,
  onBroken: (error: unknown) => void,
  onFailure?: (failure: Error) => void,
): Application {
  const contained = containFailures(application, onFailure)
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
  const commit = guard<void, ReturnType<Application['commit']>>(() => contained.commit())
  return {
    info: guard((request) => contained.info(request)),
    initChain: guard((request) => contained.initChain(request)),
    checkTx: guard((request) => contained.checkTx(request)),
    prepareProposal: guard((request) => contained.prepareProposal(request)),
    processProposal: guard((request) => contained.processProposal(request)),
    extendVote: guard((request) => contained.extendVote(request)),
    verifyVoteExtension: guard((request) => contained.verifyVoteExtension(request)),
    finalizeBlock: guard((request) => contained.finalizeBlock(request)),
    commit: () => commit(),
    query: guard((request) => contained.query(request)),
  }
}
