import { appendFileSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { AssertionError, finish, toHex, utf8 } from '@causeway/primitives'
import { testClock, testGenesis, testKeys } from '../engine/chain.fixture.ts'
import { createKeyValueApplication } from '../engine/kvstore.fixture.ts'
import { startEmbeddedNode } from '../engine/start-embedded-node.ts'
import { createSteppingApplication, holdTimers } from '../engine/stepping.fixture.ts'
import type { Application } from './application.ts'
import { encodeFrame } from './frames.ts'
import { openRecording, readRecording, recordApplication } from './recording.ts'
import { replay, replaySteps } from './replay.ts'
import { connectAbciClient } from './socket-client.ts'
import { startAbciServer } from './socket-server.ts'

const directory = mkdtempSync(join(tmpdir(), 'recording-'))
const path = join(directory, 'blocks.rec')
const keys = testKeys('recorder')

beforeAll(async () => {
  const recording = openRecording(path)
  const node = await startEmbeddedNode({
    application: recordApplication(createKeyValueApplication(), recording),
    genesis: testGenesis(keys),
    validators: keys,
    blocks: 'onDemand',
    rpc: false,
    clock: testClock(),
  })
  for (let i = 0; i < 5; i++) {
    await node.submit(utf8(`key${i}=${i}`))
    if (i === 2) await node.submit(utf8(`val:${testKeys('newcomer')[0]!.pub_key.value}!1`))
    node.produceBlock()
  }
  await node.stop()
  recording.close()
})

afterAll(() => rmSync(directory, { recursive: true, force: true }))

/** The application with one answer changed. */
function altered(change: Partial<Application>): Application {
  return { ...createKeyValueApplication(), ...change }
}

describe('a recording', () => {
  it('holds genesis and every block', () => {
    const steps = readRecording(readFileSync(path))
    expect(steps).toHaveLength(6)
    expect('initChain' in steps[0]! && steps[0].initChain.chainId).toBe('test-chain')
    const heights = steps.slice(1).map((step) => 'finalizeBlock' in step && step.finalizeBlock.height)
    expect(heights).toEqual([1n, 2n, 3n, 4n, 5n])
    const third = steps[3]!
    expect('finalizeBlock' in third && third.response.validatorUpdates).toHaveLength(1)
    expect('finalizeBlock' in third && third.response.txResults).toEqual([])
    expect('finalizeBlock' in third && third.resultsHash).toHaveLength(32)
  })

  it('replays into a fresh application', () => {
    const application = createKeyValueApplication()
    expect(replay(path, application)).toMatchObject({ blocks: 5, lastHeight: 5n })
    expect(application.calls.filter((call) => call === 'commit')).toHaveLength(5)
  })

  it('goes on where an application stands', () => {
    const application = createKeyValueApplication()
    const steps = readRecording(readFileSync(path))
    expect(replaySteps(steps.slice(0, 3), application)).toMatchObject({ blocks: 2, lastHeight: 2n })
    expect(replaySteps(steps, application)).toMatchObject({ blocks: 3, lastHeight: 5n })
    expect(replaySteps(steps, application)).toMatchObject({ blocks: 0, lastHeight: 5n })
  })

  it('drives an application behind a socket', async () => {
    const server = await startAbciServer({
      address: 'tcp://127.0.0.1:0',
      application: createKeyValueApplication(),
      onFatal: () => undefined,
    })
    const client = await connectAbciClient(server.address)
    let appHash: Uint8Array | undefined
    for (const step of readRecording(readFileSync(path))) {
      if ('initChain' in step) {
        await client.send({ initChain: step.initChain })
        continue
      }
      const { finalizeBlock } = await client.send({ finalizeBlock: step.finalizeBlock })
      expect(finalizeBlock?.appHash).toEqual(step.response.appHash)
      await client.send({ commit: {} })
      appHash = finalizeBlock?.appHash
    }
    expect(appHash).toEqual(replay(path, createKeyValueApplication()).appHash)
    client.close()
    await server.stop()
  })

  it.each([
    ['the app hash', { appHash: utf8('another') }],
    ['the results hash', { txResults: [] }],
    ['the list of validator and parameter updates', { validatorUpdates: [{ pubKey: undefined, power: 5n }] }],
    [
      'the list of validator and parameter updates',
      {
        consensusParamUpdates: {
          block: { maxBytes: 1n, maxGas: 1n },
          evidence: undefined,
          validator: undefined,
          version: undefined,
          abci: undefined,
        },
      },
    ],
  ])('finds that %s differs', (what, change) => {
    const honest = createKeyValueApplication()
    const application = altered({
      info: honest.info,
      commit: honest.commit,
      finalizeBlock: (request) => {
        const response = honest.finalizeBlock(request)
        return request.height === 2n ? { ...response, ...change } : response
      },
    })
    expect(() => replay(path, application)).toThrow(
      expect.objectContaining({
        codespace: 'abci',
        code: 21,
        detail: expect.objectContaining({ height: 2n, what }),
      }),
    )
  })

  it('finds that the genesis differs', () => {
    const application = altered({
      initChain: () => ({ consensusParams: undefined, validators: [], appHash: utf8('another') }),
    })
    expect(() => replay(path, application)).toThrow(expect.objectContaining({ code: 21 }))
  })

  it('loses a record that was cut short, and goes on', () => {
    const copy = join(directory, 'cut.rec')
    writeFileSync(copy, readFileSync(path))
    truncateSync(copy, readFileSync(copy).length - 20)
    expect(() => readRecording(readFileSync(copy))).toThrow(expect.objectContaining({ code: 20 }))
    const recording = openRecording(copy)
    expect(replay(copy, createKeyValueApplication())).toMatchObject({ blocks: 4 })
    const last = readRecording(readFileSync(path))[5]!
    recording.append(last)
    // A block executed twice after a crash stands there twice
    recording.append(last)
    recording.close()
    expect(replay(copy, createKeyValueApplication())).toMatchObject({ blocks: 5, lastHeight: 5n })
  })

  it('is not opened on another file', () => {
    const other = join(directory, 'other')
    writeFileSync(other, 'something else')
    expect(() => openRecording(other)).toThrow(expect.objectContaining({ codespace: 'abci' }))
    expect(() => readRecording(readFileSync(other))).toThrow(expect.objectContaining({ codespace: 'abci' }))
    appendFileSync(join(directory, 'titled'), encodeFrame(utf8('causeway/abci-recording/v1')))
    expect(readRecording(readFileSync(join(directory, 'titled')))).toEqual([])
  })
})

describe('a recording of blocks in steps', () => {
  it('holds each once, as one of blocks at once does', async () => {
    const inSteps = join(directory, 'steps.rec')
    const recording = openRecording(inSteps)
    const timers = holdTimers()
    const node = await startEmbeddedNode({
      application: recordApplication(createSteppingApplication(), recording),
      genesis: testGenesis(keys),
      validators: keys,
      blocks: { everyMilliseconds: 100 },
      timers,
      rpc: false,
      clock: testClock(),
    })
    for (let i = 0; i < 5; i++) {
      await node.submit(utf8(`key${i}=${i}`))
      if (i === 2) await node.submit(utf8(`val:${testKeys('newcomer')[0]!.pub_key.value}!1`))
      timers.tick()
      timers.step()
      // The last is finished by who stops the node.
      if (i === 4) await node.stop()
      while (timers.step());
    }
    recording.close()
    expect(toHex(readFileSync(inSteps))).toBe(toHex(readFileSync(path)))
  })

  it('holds a block that was begun twice once, and none that was not finished', () => {
    const twice = join(directory, 'twice.rec')
    const recording = openRecording(twice)
    const application = recordApplication(createSteppingApplication(), recording)
    const request = stepOf(1)
    application.finalizeInSteps!(request).next()
    expect(() => application.commit()).toThrow(AssertionError)
    finish(application.finalizeInSteps!(request))
    finish(application.finalizeInSteps!(request))
    application.commit()
    expect(() => application.commit()).toThrow(AssertionError)
    recording.close()
    const steps = readRecording(readFileSync(twice))
    expect(steps).toEqual([readRecording(readFileSync(path))[1]])
    expect(readFileSync(twice).length).toBeLessThan(readFileSync(path).length / 2)
  })
})

/** A block that was recorded. */
function stepOf(height: number) {
  const step = readRecording(readFileSync(path))[height]!
  if (!('finalizeBlock' in step)) throw new Error('genesis is no block')
  return step.finalizeBlock
}
