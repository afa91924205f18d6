import { afterEach, describe, expect, it } from 'vitest'
import { Request, RequestFinalizeBlock } from '@causeway/protocol/tendermint/abci/types'
import { AssertionError, utf8 } from '@causeway/primitives'
import { createKeyValueApplication } from '../engine/kvstore.fixture.ts'
import type { Application } from './application.ts'
import { encodeFrame } from './frames.ts'
import { checkTx, client, endAll, rawSocket, serve } from './server.fixture.ts'
import { Turns } from './turns.ts'

afterEach(endAll)

const block: Request = {
  finalizeBlock: RequestFinalizeBlock.fromPartial({ height: 1n, txs: [utf8('block=1')] }),
}

/** No time passes: others may have as many pauses as they like. */
const timers = { soon: (callback: () => void) => void setImmediate(callback), now: () => 0 }

/** An application that executes its block in as many steps as the test lets it wait for. */
function stepping() {
  const plain = createKeyValueApplication()
  const state = { steps: 0, isReleased: false, fault: undefined as Error | undefined }
  const log: string[] = []
  const application: Application = {
    ...plain,
    checkTx(request) {
      log.push('checkTx')
      return plain.checkTx(request)
    },
    query(request) {
      log.push('query')
      return plain.query(request)
    },
    *finalizeInSteps(request) {
      while (!state.isReleased) {
        state.steps += 1
        yield
      }
      if (state.fault !== undefined) throw state.fault
      log.push('finalizeBlock')
      return plain.finalizeBlock(request)
    },
  }
  const isUnderWay = () => expect.poll(() => state.steps).toBeGreaterThan(2)
  return { application, state, log, isUnderWay }
}

describe('a block that is executed in steps', () => {
  it('lets CheckTx wait for its end, on every connection, and answers everything else', async () => {
    const { application, state, log, isUnderWay } = stepping()
    const begun: string[] = []
    const { server } = await serve({
      application,
      timers,
      prepareTx: (tx) => void begun.push(`${tx.length}`),
    })
    const [consensus, mempool, queries] = [await client(server), await client(server), await client(server)]
    const executed = consensus.send(block)
    await isUnderWay()
    const checked = ['a=1', 'b=22'].map((text) => mempool.send(checkTx(text)))
    await expect.poll(() => begun).toEqual(['3', '4'])
    expect(
      await queries.send({ query: { data: utf8('a'), path: '', height: 0n, prove: false } }),
    ).toHaveProperty('query')
    expect(await queries.send({ echo: { message: 'still' } })).toMatchObject({ echo: { message: 'still' } })
    expect(log).toEqual(['query'])
    state.isReleased = true
    expect((await executed).finalizeBlock?.txResults).toHaveLength(1)
    for (const answer of checked) expect((await answer).checkTx?.code).toBe(0)
    expect(log).toEqual(['query', 'finalizeBlock', 'checkTx', 'checkTx'])
  })

  it('gives its answer in the order of its connection', async () => {
    const { application, state, isUnderWay } = stepping()
    const { server } = await serve({ application, timers })
    const consensus = await client(server)
    const answers: string[] = []
    const note = (name: string) => () => void answers.push(name)
    const all = [
      consensus.send(block).then(note('block')),
      consensus.send({ echo: { message: 'x' } }).then(note('echo')),
      consensus.send(checkTx('a=1')).then(note('checkTx')),
    ]
    await isUnderWay()
    expect(answers).toEqual([])
    state.isReleased = true
    await Promise.all(all)
    expect(answers).toEqual(['block', 'echo', 'checkTx'])
  })

  it('goes on when its connection has gone, and a fault in it still stops the node', async () => {
    const { application, state, log, isUnderWay } = stepping()
    const { server, fatal } = await serve({ application, timers })
    const gone = await rawSocket(server)
    gone.write(encodeFrame(Request.encode(block).finish()))
    await isUnderWay()
    gone.destroy()
    const other = await client(server)
    const checked = other.send(checkTx('a=1'))
    state.isReleased = true
    expect((await checked).checkTx?.code).toBe(0)
    expect(log).toEqual(['finalizeBlock', 'checkTx'])
    state.isReleased = false
    state.steps = 0
    const again = await rawSocket(server)
    again.write(encodeFrame(Request.encode(block).finish()))
    await isUnderWay()
    again.destroy()
    state.fault = new AssertionError('an invariant is broken')
    state.isReleased = true
    await expect.poll(() => fatal).toEqual([state.fault])
  })

  it('makes up by steps for what others took longer than it', async () => {
    const { application } = stepping()
    let now = 0
    const log: string[] = []
    const soon = (callback: () => void) => {
      now += 25
      log.push('pause')
      setImmediate(callback)
    }
    const { server } = await serve({
      application: {
        ...application,
        *finalizeInSteps(request) {
          for (let i = 1; i <= 7; i++) {
            now += 10
            log.push(`${i}`)
            yield
          }
          return application.finalizeBlock(request)
        },
      },
      timers: { soon, now: () => now },
    })
    const consensus = await client(server)
    expect((await consensus.send(block)).finalizeBlock?.txResults).toHaveLength(1)
    // After 25 for others, steps of 10 follow until they are 30; after 50, until 50; after 75, to the end.
    expect(log).toEqual(['1', 'pause', '2', '3', 'pause', '4', '5', 'pause', '6', '7'])
  })

  it('ends at once when a step ends the server', async () => {
    const { application } = stepping()
    let [now, steps] = [0, 0]
    const soon = (callback: () => void) => {
      now += 100
      setImmediate(callback)
    }
    const turns = new Turns(
      {
        ...application,
        *finalizeInSteps() {
          for (;;) {
            now += 1
            if (++steps === 3) turns.end()
            yield
          }
        },
      },
      { soon, now: () => now },
    )
    void turns.answer(block)
    await expect.poll(() => steps).toBe(3)
    await new Promise((resolve) => setImmediate(resolve))
    expect(steps).toBe(3)
  })

  it('does no further step once the server has stopped', async () => {
    const { application, state, log, isUnderWay } = stepping()
    const { server } = await serve({ application, timers })
    const socket = await rawSocket(server)
    socket.write(encodeFrame(Request.encode(block).finish()))
    await isUnderWay()
    await server.stop()
    const { steps } = state
    state.isReleased = true
    for (let i = 0; i < 10; i++) await new Promise((resolve) => setImmediate(resolve))
    expect(state.steps).toBe(steps)
    expect(log).toEqual([])
  })
})
