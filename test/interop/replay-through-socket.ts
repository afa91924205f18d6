import { readFileSync } from 'node:fs'
import { connectAbciClient, readRecording, startAbciServer } from '@causeway/hub'
import type { Application } from '@causeway/hub'
import { hashResults } from '@causeway/light-clients'
import { toHexUpper } from '@causeway/primitives'
import { expect } from 'vitest'

/** Drives a fresh application behind a socket with the recorded requests and compares what it answers. */
export async function replayThroughSocket(path: string, application: Application): Promise<void> {
  const server = await startAbciServer({
    address: 'tcp://127.0.0.1:0',
    application,
    onFatal: (error) => expect.unreachable(String(error)),
  })
  const client = await connectAbciClient(server.address)
  for (const step of readRecording(readFileSync(path))) {
    if ('initChain' in step) {
      await client.send({ initChain: step.initChain })
      continue
    }
    const { finalizeBlock } = await client.send({ finalizeBlock: step.finalizeBlock })
    await client.send({ commit: {} })
    expect(finalizeBlock, `block ${step.finalizeBlock.height}`).toBeDefined()
    expect(toHexUpper(finalizeBlock!.appHash)).toBe(toHexUpper(step.response.appHash))
    expect(toHexUpper(hashResults(finalizeBlock!.txResults))).toBe(toHexUpper(step.resultsHash))
    expect(finalizeBlock!.validatorUpdates).toEqual(step.response.validatorUpdates)
  }
  client.close()
  await server.stop()
}
