import { randomBytes } from 'node:crypto'
import { isProtocolError, toHex } from '@causeway/primitives'
import { finalizeSteps } from './application.ts'
import type { Application } from './application.ts'
import { errors } from './errors.ts'

const NONE = new Uint8Array(0)
const ID_BYTES = 4

/**
 * The application with `query` and `checkTx` answered whatever happens in them: anybody may call them, they
 * leave no state behind when they throw, and so a bug in one is no reason to stop. What they throw that is no
 * `ProtocolError` goes to `onFailure`, as the cause of an error whose message carries an id; the caller gets
 * `abci/11` and the id. Every other method belongs to consensus: what it throws, stays thrown.
 */
export function containFailures(
  application: Application,
  onFailure: (failure: Error) => void = () => undefined,
): Application {
  const contain = <Response>(where: string, run: () => Response, answer: (refusal: Refusal) => Response) => {
    try {
      return run()
    } catch (cause) {
      if (isProtocolError(cause)) throw cause
      const { codespace, code, message: log } = errors.internal({ id: toHex(randomBytes(ID_BYTES)) })
      const text = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause)
      onFailure(new Error(`${log} in ${where}: ${text}`, { cause }))
      return answer({ codespace, code, log })
    }
  }
  return {
    info: (request) => application.info(request),
    initChain: (request) => application.initChain(request),
    prepareProposal: (request) => application.prepareProposal(request),
    processProposal: (request) => application.processProposal(request),
    extendVote: (request, validator) => application.extendVote(request, validator),
    verifyVoteExtension: (request) => application.verifyVoteExtension(request),
    finalizeBlock: (request) => application.finalizeBlock(request),
    finalizeInSteps: (request) => finalizeSteps(application, request),
    commit: () => application.commit(),
    checkTx: (request) =>
      contain(
        'checkTx',
        () => application.checkTx(request),
        (refusal) => ({ ...refusal, data: NONE, info: '', gasWanted: 0n, gasUsed: 0n, events: [] }),
      ),
    query: (request) =>
      contain(
        `query ${JSON.stringify(String(request.path).slice(0, 128))}`,
        () => application.query(request),
        (refusal) => ({
          ...refusal,
          info: '',
          index: 0n,
          key: NONE,
          value: NONE,
          proofOps: undefined,
          height: 0n,
        }),
      ),
  }
}

interface Refusal {
  readonly codespace: string
  readonly code: number
  readonly log: string
}
