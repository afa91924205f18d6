import { afterEach, describe, expect, it } from 'vitest'
import { concatBytes, fromUtf8, utf8 } from '@causeway/primitives'
import { CheckTxType, Request, Response } from '@causeway/protocol/tendermint/abci/types'
import { createKeyValueApplication } from '../engine/kvstore.fixture.ts'
import { encodeFrame, FrameReader } from './frames.ts'
import { checkTx, client, endAll, rawSocket, serve } from './server.fixture.ts'

afterEach(endAll)

describe('transactions that are prepared in other threads', () => {
  /** Preparations that end when the test says so. */
  function deferred() {
    const begun: string[] = []
    const ends: PromiseWithResolvers<void>[] = []
    const prepareTx = (tx: Uint8Array): Promise<void> => {
      begun.push(fromUtf8(tx))
      const end = Promise.withResolvers<void>()
      ends.push(end)
      return end.promise
    }
    return { begun, ends, prepareTx }
  }

  /** A server whose application tells what it checked, and a peer whose transaction is being prepared. */
  async function waiting() {
    const { begun, ends, prepareTx } = deferred()
    const application = createKeyValueApplication()
    const checked: string[] = []
    const { server, peerErrors } = await serve({
      prepareTx,
      application: {
        ...application,
        checkTx(request) {
          checked.push(fromUtf8(request.tx))
          return application.checkTx(request)
        },
      },
    })
    const socket = await rawSocket(server)
    socket.write(encodeFrame(Request.encode(checkTx('a=1')).finish()))
    await expect.poll(() => begun).toEqual(['a=1'])
    return { begun, ends, checked, server, peerErrors, socket }
  }

  it('are prepared side by side; answers keep their order, other connections do not wait', async () => {
    const { begun, ends, prepareTx } = deferred()
    const { server } = await serve({ prepareTx })
    const connection = await client(server)
    const answered: string[] = []
    const sent = ['a=1', 'b=1', 'c=1'].map(async (text) => {
      const { checkTx: answer } = await connection.send(checkTx(text))
      answered.push(`${text} ${answer!.code}`)
    })
    const echo = connection.send({ echo: { message: 'last' } }).then(() => answered.push('echo'))
    await expect.poll(() => begun).toEqual(['a=1', 'b=1', 'c=1'])
    const other = await client(server)
    expect(await other.send({ echo: { message: 'other' } })).toMatchObject({ echo: { message: 'other' } })
    for (const end of ends.slice(1).reverse()) end.resolve()
    expect(await other.send({ echo: { message: 'still' } })).toMatchObject({ echo: { message: 'still' } })
    expect(answered).toEqual([])
    ends[0]!.resolve()
    await Promise.all([...sent, echo])
    expect(answered).toEqual(['a=1 0', 'b=1 0', 'c=1 0', 'echo'])
  })

  it('are judged by CheckTx whatever their preparation comes to', async () => {
    const outcomes = [
      () => Promise.reject(new Error('the thread ended')),
      () => {
        throw new Error('a fault')
      },
      () => undefined,
    ]
    const { server, fatal } = await serve({ prepareTx: () => outcomes.shift()!() })
    const connection = await client(server)
    const codes = []
    for (const text of ['a=1', 'b=1', 'a']) codes.push((await connection.send(checkTx(text))).checkTx?.code)
    expect(codes).toEqual([0, 0, 2])
    expect(outcomes).toEqual([])
    expect(fatal).toEqual([])
  })

  it('are not prepared again for a recheck', async () => {
    const { begun, prepareTx } = deferred()
    const { server } = await serve({ prepareTx })
    const connection = await client(server)
    const recheck = { checkTx: { tx: utf8('a=1'), type: CheckTxType.RECHECK } }
    expect((await connection.send(recheck)).checkTx?.code).toBe(0)
    expect(begun).toEqual([])
  })

  it('are not taken from a peer that is far ahead, and nothing of it is lost', async () => {
    const { begun, ends, prepareTx } = deferred()
    const { server } = await serve({ prepareTx })
    const socket = await rawSocket(server)
    const [count, bytes] = [400, 50_000]
    const text = (i: number): string => `${i}=${'x'.repeat(bytes)}`
    for (let i = 0; i < count; i++) socket.write(encodeFrame(Request.encode(checkTx(text(i))).finish()))
    await expect.poll(() => begun.length).toBeGreaterThan(0)
    let before = -1
    // Until nothing more is read
    while (before !== begun.length) {
      before = begun.length
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
    expect(before).toBeLessThan(count / 2)
    const reader = new FrameReader()
    let answers = 0
    socket.on('data', (chunk) => (answers += reader.push(chunk).length))
    let ended = 0
    while (answers < count) {
      for (; ended < ends.length; ended++) ends[ended]!.resolve()
      await new Promise((resolve) => setImmediate(resolve))
    }
    expect(answers).toBe(count)
    expect(begun).toHaveLength(count)
  })

  it('are forgotten with their connection', async () => {
    const { begun, ends, checked, server, peerErrors, socket } = await waiting()
    socket.resetAndDestroy()
    await expect.poll(() => peerErrors.length).toBe(1)
    const other = await client(server)
    await other.send({ flush: {} })
    ends[0]!.resolve()
    const sent = other.send(checkTx('b=1'))
    await expect.poll(() => begun).toEqual(['a=1', 'b=1'])
    ends[1]!.resolve()
    await sent
    expect(checked).toEqual(['b=1'])
  })

  it('are answered before a malformed request behind them ends the connection', async () => {
    const { begun, ends, prepareTx } = deferred()
    const { server, peerErrors } = await serve({ prepareTx })
    const socket = await rawSocket(server)
    const reader = new FrameReader()
    const seen: Response[] = []
    socket.on('data', (chunk) => {
      for (const frame of reader.push(chunk)) seen.push(Response.decode(frame))
    })
    const malformed = encodeFrame(Uint8Array.of(0xff, 0xff))
    socket.write(concatBytes(encodeFrame(Request.encode(checkTx('a=1')).finish()), malformed))
    await expect.poll(() => begun).toEqual(['a=1'])
    expect(seen).toEqual([])
    ends[0]!.resolve()
    await new Promise((resolve) => socket.once('close', resolve))
    expect(seen).toHaveLength(2)
    expect(seen[0]?.checkTx?.code).toBe(0)
    expect(seen[1]?.exception?.error).toMatch(/a request/)
    expect(peerErrors).toEqual([expect.objectContaining({ codespace: 'abci' })])
  })

  it('are all answered to a peer that has sent all', async () => {
    const { begun, ends, prepareTx } = deferred()
    const { server, peerErrors } = await serve({ prepareTx })
    const socket = await rawSocket(server)
    const reader = new FrameReader()
    let answers = 0
    socket.on('data', (chunk) => (answers += reader.push(chunk).length))
    for (const text of ['a=1', 'b=1']) socket.write(encodeFrame(Request.encode(checkTx(text)).finish()))
    socket.end()
    await expect.poll(() => begun).toEqual(['a=1', 'b=1'])
    for (const end of ends) end.resolve()
    await new Promise((resolve) => socket.once('close', resolve))
    expect(answers).toBe(2)
    expect(peerErrors).toEqual([])
  })

  it('do not keep the place of a peer that is at fault, far ahead and gone', async () => {
    const { begun, ends, prepareTx } = deferred()
    const { server, peerErrors } = await serve({ prepareTx, connectionsMax: 1 })
    const socket = await rawSocket(server)
    const malformed = encodeFrame(Uint8Array.of(0xff, 0xff))
    socket.write(concatBytes(encodeFrame(Request.encode(checkTx('a=1')).finish()), malformed))
    await expect.poll(() => begun).toEqual(['a=1'])
    // More than is read ahead
    for (let i = 0; i < 40; i++) socket.write(encodeFrame(Buffer.alloc(100_000)))
    await new Promise((resolve) => setTimeout(resolve, 50))
    ends[0]!.resolve()
    await expect.poll(() => peerErrors.length).toBe(1)
    socket.destroy()
    await expect
      .poll(async () => {
        const next = await client(server)
        return next.send({ echo: { message: 'hello' } }).catch(() => undefined)
      })
      .toMatchObject({ echo: { message: 'hello' } })
  })

  it('are not asked of the application once the server was stopped', async () => {
    const { ends, checked, server, peerErrors } = await waiting()
    const stopped = server.stop()
    ends[0]!.resolve()
    await stopped
    await new Promise((resolve) => setImmediate(resolve))
    expect(checked).toEqual([])
    expect(peerErrors).toEqual([])
  })
})
