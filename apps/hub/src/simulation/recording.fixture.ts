// Blocks of a simulation as a file that any node can execute again, and what a node says to each: one line of
// hashes a block, so that processes of other versions of Node can be compared.
import { hashResults } from '@causeway/light-clients'
import { readFileSync } from 'node:fs'
import { sha256, toHex, utf8 } from '@causeway/primitives'
import type { ResponseFinalizeBlock } from '@causeway/protocol/tendermint/abci/types'
import { createMemoryStorage } from '@causeway/state-tree'
import { openRecording, readRecording } from '../abci/recording.ts'
import { createHubApplication } from '../app.ts'
import { hubOptions } from '../testing/hub.fixture.ts'
import type { Simulation } from './simulation.fixture.ts'

/** Writes what a simulation has recorded; gives the line of each block. */
export function writeBlocks(simulation: Simulation, path: string): string[] {
  const recording = openRecording(path)
  const { initialisation, recorded } = simulation
  recording.append({ initChain: initialisation.request, response: initialisation.response })
  for (const { request, response } of recorded)
    recording.append({ finalizeBlock: request, response, resultsHash: hashResults(response.txResults) })
  recording.close()
  return recorded.map(({ request, response }) => lineOf(request.height, response))
}

/** Executes the blocks of a file on a node of its own, which has no prices: it votes for nothing. */
export function replayBlocks(path: string): string[] {
  const options = hubOptions(createMemoryStorage(), { priceSource: () => [], keepVersions: 4n })
  const application = createHubApplication(options)
  const lines: string[] = []
  for (const step of readRecording(readFileSync(path))) {
    if ('initChain' in step) {
      application.initChain(step.initChain)
      continue
    }
    lines.push(lineOf(step.finalizeBlock.height, application.finalizeBlock(step.finalizeBlock)))
    application.commit()
  }
  return lines
}

/** Height, app hash, hash of the results, hash of results and events in full. */
function lineOf(
  height: bigint,
  { appHash, txResults, events, validatorUpdates }: ResponseFinalizeBlock,
): string {
  const all = JSON.stringify([txResults, events, validatorUpdates], (_, item: unknown) => {
    if (typeof item === 'bigint') return `${item}n`
    return item instanceof Uint8Array ? toHex(item) : item
  })
  return [height, toHex(appHash), toHex(hashResults(txResults)), toHex(sha256(utf8(all)))].join(' ')
}
