import { readFileSync } from 'node:fs'
import { hashResults } from '@causeway/light-clients'
import { equalBytes, toHexUpper } from '@causeway/primitives'
import type { Application } from './application.ts'
import { errors } from './errors.ts'
import { equalOutcome, readRecording } from './recording.ts'
import type { RecordedStep } from './recording.ts'

/** What a replay went through. */
export interface ReplayReport {
  readonly blocks: number
  readonly lastHeight: bigint
  /** The application's hash after the last block; empty when there was none. */
  readonly appHash: Uint8Array
}

type RecordedBlock = Extract<RecordedStep, { finalizeBlock: unknown }>

/**
 * Drives an application with the blocks of a recording that it hasn't committed, and compares app hash,
 * results hash, validator updates and consensus parameters at every height. Throws `abci/20`, and `abci/21`
 * at the first difference.
 */
export function replay(path: string, application: Application): ReplayReport {
  return replaySteps(readRecording(readFileSync(path)), application)
}

/** The same from steps in memory. */
export function replaySteps(steps: readonly RecordedStep[], application: Application): ReplayReport {
  const info = application.info({
    version: 'replay',
    blockVersion: 11n,
    p2pVersion: 8n,
    abciVersion: '2.0.0',
  })
  let report: ReplayReport = { blocks: 0, lastHeight: info.lastBlockHeight, appHash: info.lastBlockAppHash }
  for (const step of steps) {
    if ('initChain' in step) {
      if (info.lastBlockHeight === 0n) replayGenesis(step, application)
      continue
    }
    const { height } = step.finalizeBlock
    if (height <= info.lastBlockHeight) continue
    report = { blocks: report.blocks + 1, lastHeight: height, appHash: replayBlock(step, application) }
  }
  return report
}

function replayGenesis(step: Extract<RecordedStep, { initChain: unknown }>, application: Application): void {
  const { appHash } = application.initChain(step.initChain)
  if (equalBytes(appHash, step.response.appHash)) return
  throw differs(0n, 'the genesis app hash', step.response.appHash, appHash)
}

function replayBlock(step: RecordedBlock, application: Application): Uint8Array {
  const { height } = step.finalizeBlock
  const response = application.finalizeBlock(step.finalizeBlock)
  const resultsHash = hashResults(response.txResults)
  if (!equalBytes(response.appHash, step.response.appHash)) {
    throw differs(height, 'the app hash', step.response.appHash, response.appHash)
  }
  if (!equalBytes(resultsHash, step.resultsHash)) {
    throw differs(height, 'the results hash', step.resultsHash, resultsHash)
  }
  if (!equalOutcome(step.response, response)) {
    throw errors.replayDiffers({
      height,
      what: 'the list of validator and parameter updates',
      recorded: `${step.response.validatorUpdates.length} long`,
      replayed: `${response.validatorUpdates.length} long or of other content`,
    })
  }
  application.commit()
  return response.appHash
}

function differs(height: bigint, what: string, recorded: Uint8Array, replayed: Uint8Array): Error {
  return errors.replayDiffers({
    height,
    what,
    recorded: toHexUpper(recorded),
    replayed: toHexUpper(replayed),
  })
}
