import { closeSync, fsyncSync, ftruncateSync, openSync, readFileSync, writeSync } from 'node:fs'
import { hashResults } from '@causeway/light-clients'
import { Request, Response } from '@causeway/protocol/tendermint/abci/types'
import type {
  RequestFinalizeBlock,
  RequestInitChain,
  ResponseFinalizeBlock,
  ResponseInitChain,
} from '@causeway/protocol/tendermint/abci/types'
import { assert, concatBytes, equalBytes, finish, fromUtf8, utf8 } from '@causeway/primitives'
import type { Steps } from '@causeway/primitives'
import { finalizeSteps } from './application.ts'
import type { Application } from './application.ts'
import { errors } from './errors.ts'
import { encodeFrame, FrameReader } from './frames.ts'

/*
 * A recording is a sequence of frames, each an unsigned varint length and that many bytes. The first is the
 * text `causeway/abci-recording/v1`. Then come records of three frames: an ABCI `Request` (InitChain once,
 * FinalizeBlock for each block), the `Response` cut down to what is consensus (no events, no results), and
 * the results hash (32 bytes; empty for InitChain). A block that was executed again after a crash may stand
 * there twice: the last counts.
 */
const TITLE = 'causeway/abci-recording/v1'

/** What a recording says of one block, or of the genesis. */
export type RecordedStep =
  | { readonly initChain: RequestInitChain; readonly response: ResponseInitChain }
  | {
      readonly finalizeBlock: RequestFinalizeBlock
      readonly response: ResponseFinalizeBlock
      readonly resultsHash: Uint8Array
    }

/** A recording being written. */
export interface Recording {
  append(step: RecordedStep): void
  close(): void
}

/** Opens a recording to be continued; a record cut short by a crash is dropped. Throws `abci/20`. */
export function openRecording(path: string): Recording {
  const descriptor = openSync(path, 'a+')
  const whole = wholeLength(readFileSync(descriptor))
  ftruncateSync(descriptor, whole)
  if (whole === 0) writeSync(descriptor, encodeFrame(utf8(TITLE)))
  return {
    append: (step) => void writeSync(descriptor, encodeStep(step)),
    close: () => {
      fsyncSync(descriptor)
      closeSync(descriptor)
    },
  }
}

/** The application with every genesis and every committed block appended to a recording. */
export function recordApplication(application: Application, recording: Recording): Application {
  let pending: RecordedStep | undefined
  function* finalizeInSteps(request: RequestFinalizeBlock): Steps<ResponseFinalizeBlock> {
    const response = yield* finalizeSteps(application, request)
    pending = { finalizeBlock: request, response, resultsHash: hashResults(response.txResults) }
    return response
  }
  return {
    info: (request) => application.info(request),
    checkTx: (request) => application.checkTx(request),
    prepareProposal: (request) => application.prepareProposal(request),
    processProposal: (request) => application.processProposal(request),
    extendVote: (request, validator) => application.extendVote(request, validator),
    verifyVoteExtension: (request) => application.verifyVoteExtension(request),
    query: (request) => application.query(request),
    initChain: (request) => {
      const response = application.initChain(request)
      recording.append({ initChain: request, response })
      return response
    },
    finalizeBlock: (request) => finish(finalizeInSteps(request)),
    finalizeInSteps,
    commit: () => {
      assert(pending, 'a block is finalized before it is committed')
      recording.append(pending)
      pending = undefined
      return application.commit()
    },
  }
}

/** Reads a recording, one step per genesis and height. Throws `abci/20`. */
export function readRecording(bytes: Uint8Array): RecordedStep[] {
  const frames = new FrameReader().push(bytes)
  if (frames.length === 0 || readTitle(frames[0]!) !== TITLE)
    throw errors.badRecording({ reason: 'no title' })
  if (frames.length % 3 !== 1) throw errors.badRecording({ reason: 'the last record is cut short' })
  const steps = new Map<bigint, RecordedStep>()
  for (let i = 1; i < frames.length; i += 3) {
    const step = decodeStep(frames[i]!, frames[i + 1]!, frames[i + 2]!)
    steps.set('finalizeBlock' in step ? step.finalizeBlock.height : 0n, step)
  }
  return [...steps].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, step]) => step)
}

/** Whether two answers to the same block are the same as far as consensus goes. */
export function equalOutcome(recorded: ResponseFinalizeBlock, replayed: ResponseFinalizeBlock): boolean {
  return equalBytes(encodeFinalize(recorded), encodeFinalize(replayed))
}

function encodeStep(step: RecordedStep): Uint8Array {
  if ('initChain' in step) {
    return concatBytes(
      encodeFrame(Request.encode({ initChain: step.initChain }).finish()),
      encodeFrame(Response.encode({ initChain: step.response }).finish()),
      encodeFrame(new Uint8Array(0)),
    )
  }
  return concatBytes(
    encodeFrame(Request.encode({ finalizeBlock: step.finalizeBlock }).finish()),
    encodeFrame(encodeFinalize(step.response)),
    encodeFrame(step.resultsHash),
  )
}

function encodeFinalize(response: ResponseFinalizeBlock): Uint8Array {
  return Response.encode({ finalizeBlock: { ...response, events: [], txResults: [] } }).finish()
}

function decodeStep(first: Uint8Array, second: Uint8Array, resultsHash: Uint8Array): RecordedStep {
  let request: Request
  let response: Response
  try {
    request = Request.decode(first)
    response = Response.decode(second)
  } catch {
    throw errors.badRecording({ reason: 'a record is no ABCI message' })
  }
  if (request.initChain && response.initChain) {
    return { initChain: request.initChain, response: response.initChain }
  }
  if (request.finalizeBlock && response.finalizeBlock) {
    return { finalizeBlock: request.finalizeBlock, response: response.finalizeBlock, resultsHash }
  }
  throw errors.badRecording({ reason: 'a record is neither genesis nor block' })
}

function readTitle(frame: Uint8Array): string | undefined {
  return frame.length === TITLE.length ? fromUtf8(frame) : undefined
}

/** Length of the title and the whole records that `bytes` begins with. Throws `abci/20` for another file. */
function wholeLength(bytes: Uint8Array): number {
  if (bytes.length === 0) return 0
  const frames = new FrameReader().push(bytes)
  if (frames.length === 0 || readTitle(frames[0]!) !== TITLE)
    throw errors.badRecording({ reason: 'no title' })
  const whole = frames.slice(0, frames.length - ((frames.length - 1) % 3))
  return whole.reduce((sum, frame) => sum + encodeFrame(frame).length, 0)
}
