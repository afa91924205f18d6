import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { Request, Response, ResponseOfferSnapshot_Result } from '@causeway/protocol/tendermint/abci/types'
import { AssertionError, concatBytes, utf8, uvarint } from '@causeway/primitives'
import { encodeFrame, FrameReader } from './frames.ts'
import { checkTx, client, endAll, rawSocket, serve } from './server.fixture.ts'
import { connectAbciClient } from './socket-client.ts'

const directory = mkdtempSync(join(tmpdir(), 'abci-'))

afterEach(endAll)

const finalizeBlock: Request = {
  finalizeBlock: {
    txs: [],
    decidedLastCommit: undefined,
    misbehavior: [],
    hash: utf8(''),
    height: 1n,
    time: { seconds: 1n, nanos: 0 },
    nextValidatorsHash: utf8(''),
    proposerAddress: utf8(''),
  },
}

describe.each(['tcp://127.0.0.1:0', `unix://${join(directory, 'a.sock')}`])(
  'the socket server on %s',
  (address) => {
    it('answers every method', async () => {
      const { server, application } = await serve({ address })
      const connection = await client(server)
      expect(await connection.send({ echo: { message: 'hello' } })).toMatchObject({
        echo: { message: 'hello' },
      })
      expect(await connection.send({ flush: {} })).toMatchObject({ flush: {} })
      const info = { version: '0.38', blockVersion: 11n, p2pVersion: 8n, abciVersion: '2.0.0' }
      expect((await connection.send({ info })).info?.version).toBe('1.0.0')
      expect((await connection.send(checkTx('a=1'))).checkTx?.code).toBe(0)
      expect((await connection.send(checkTx('a'))).checkTx?.code).toBe(2)
      const query = { data: utf8('a'), path: '/store', height: 0n, prove: false }
      expect((await connection.send({ query })).query?.log).toBe('does not exist')
      expect((await connection.send({ listSnapshots: {} })).listSnapshots).toEqual({ snapshots: [] })
      const offer = await connection.send({
        offerSnapshot: { snapshot: undefined, appHash: new Uint8Array(0) },
      })
      expect(offer.offerSnapshot?.result).toBe(ResponseOfferSnapshot_Result.REJECT)
      const chunk = await connection.send({ loadSnapshotChunk: { height: 1n, format: 0, chunk: 0 } })
      expect(chunk.loadSnapshotChunk?.chunk.length).toBe(0)
      expect(application.calls).toEqual(['info'])
    })

    it('serves several connections with one application', async () => {
      const { server } = await serve({ address })
      const connections = await Promise.all(Array.from({ length: 4 }, () => client(server)))
      const answers = await Promise.all(
        connections.flatMap((connection, i) => [
          connection.send({ echo: { message: `${i}` } }),
          connection.send(checkTx(`key${i}=1`)),
        ]),
      )
      expect(answers.filter((_, i) => i % 2 === 0).map(({ echo }) => echo?.message)).toEqual([
        '0',
        '1',
        '2',
        '3',
      ])
    })
  },
)

describe('the socket server', () => {
  it('answers in order, and what was read together is written together', async () => {
    const { server } = await serve()
    const socket = await rawSocket(server)
    const count = 2000
    const reader = new FrameReader()
    const messages: string[] = []
    let writes = 0
    const done = new Promise<void>((resolve) => {
      socket.on('data', (chunk) => {
        writes++
        for (const frame of reader.push(chunk)) messages.push(Response.decode(frame).echo!.message)
        if (messages.length === count) resolve()
      })
    })
    const requests = Array.from({ length: count }, (_, i) =>
      encodeFrame(Request.encode({ echo: { message: String(i) } }).finish()),
    )
    socket.write(concatBytes(...requests))
    await done
    expect(messages).toEqual(Array.from({ length: count }, (_, i) => String(i)))
    expect(writes).toBeLessThan(count / 10)
  })

  it('does not read from a peer that does not read, and goes on when it does', async () => {
    const { server } = await serve()
    const socket = await rawSocket(server)
    socket.pause()
    const count = 400
    const message = 'x'.repeat(100_000)
    const request = encodeFrame(Request.encode({ echo: { message } }).finish())
    for (let i = 0; i < count; i++) socket.write(request)
    const reader = new FrameReader()
    let seen = 0
    await new Promise<void>((resolve) => {
      socket.on('data', (chunk) => {
        seen += reader.push(chunk).length
        if (seen === count) resolve()
      })
      socket.resume()
    })
    expect(seen).toBe(count)
  })

  it('refuses a frame over its limit and ends that connection only', async () => {
    const { server, peerErrors, fatal } = await serve({ frameBytesMax: 1000 })
    const other = await client(server)
    const socket = await rawSocket(server)
    const received: Buffer[] = []
    socket.on('data', (chunk: Buffer) => received.push(chunk))
    const closed = new Promise((resolve) => socket.once('close', resolve))
    socket.write(uvarint(1001))
    await closed
    const [frame] = new FrameReader().push(Buffer.concat(received))
    expect(Response.decode(frame!).exception?.error).toMatch(/at most 1000/)
    expect(peerErrors).toEqual([expect.objectContaining({ codespace: 'abci', code: 1 })])
    expect(fatal).toEqual([])
    expect((await other.send({ echo: { message: 'still here' } })).echo?.message).toBe('still here')
  })

  it.each([
    ['bytes that are no request', Uint8Array.of(0x0a, 0xff), 6],
    ['a request without a method', new Uint8Array(0), 5],
    [
      'ApplySnapshotChunk',
      Request.encode({ applySnapshotChunk: { index: 0, chunk: utf8(''), sender: '' } }).finish(),
      10,
    ],
  ])('answers %s with an exception', async (_, message, code) => {
    const { server, peerErrors, fatal } = await serve()
    const socket = await rawSocket(server)
    const closed = new Promise((resolve) => socket.once('close', resolve))
    socket.resume()
    socket.write(encodeFrame(message))
    await closed
    expect(peerErrors.map((error) => (error as { code?: number }).code)).toEqual([code])
    expect(fatal).toEqual([])
  })

  it('answers a broken invariant with an exception, and stops', async () => {
    const { server, application, fatal } = await serve()
    const connection = await client(server)
    const bystander = await client(server)
    application.behaviour.breakAt = 'finalizeBlock'
    await expect(connection.send(finalizeBlock)).rejects.toMatchObject({ codespace: 'abci', code: 7 })
    expect(fatal).toEqual([expect.any(AssertionError)])
    await server.stop()
    await expect(bystander.send({ flush: {} })).rejects.toMatchObject({ code: 9 })
    await expect(connectAbciClient(server.address)).rejects.toThrow()
  })

  it('answers what breaks in CheckTx or a query with a code, and goes on', async () => {
    const { server, application, fatal, failures } = await serve()
    const connection = await client(server)
    application.behaviour.breakAt = 'checkTx'
    const refused = (await connection.send(checkTx('a=1'))).checkTx
    expect(refused).toMatchObject({ codespace: 'abci', code: 11, events: [] })
    application.behaviour.breakAt = 'query'
    const query = { path: '/\u001bbad', data: utf8('a'), height: 0n, prove: false }
    const answer = (await connection.send({ query })).query
    expect(answer).toMatchObject({ codespace: 'abci', code: 11, value: utf8('') })
    application.behaviour.breakAt = undefined
    expect((await connection.send(checkTx('a=1'))).checkTx?.code).toBe(0)
    expect(fatal).toEqual([])
    expect(failures.map(({ message }) => message)).toEqual([
      expect.stringMatching(/^internal error [0-9a-f]{8} in checkTx: AssertionError: /),
      expect.stringMatching(/^internal error [0-9a-f]{8} in query "\/\\u001bbad": AssertionError: /),
    ])
    for (const [i, log] of [refused?.log, answer?.log].entries()) {
      expect(log).toMatch(/^internal error [0-9a-f]{8}$/)
      expect(failures[i]?.message.startsWith(log!)).toBe(true)
    }
  })

  it('answers what was asked before the request that broke', async () => {
    const { server, application } = await serve()
    const connection = await client(server)
    application.behaviour.breakAt = 'finalizeBlock'
    const [echo, broken] = await Promise.allSettled([
      connection.send({ echo: { message: 'first' } }),
      connection.send(finalizeBlock),
    ])
    expect(echo.status).toBe('fulfilled')
    expect(broken.status).toBe('rejected')
  })

  it('takes over the socket file of a dead process, not that of a living one', async () => {
    const path = join(directory, 'stale.sock')
    const stale = createServer().listen(path)
    await new Promise((resolve) => stale.once('listening', resolve))
    await expect(serve({ address: `unix://${path}` })).rejects.toMatchObject({ codespace: 'abci', code: 4 })
    // What a killed process leaves: the file without a listener
    const { server } = await serve({ address: `unix://${join(directory, 'b.sock')}` })
    await server.stop()
    stale.close()
    await serve({ address: `unix://${path}` })
    expect(existsSync(path)).toBe(true)
  })

  it('names the port that it took, and refuses one that is taken', async () => {
    const { server } = await serve()
    expect(server.address).toMatch(/^tcp:\/\/127\.0\.0\.1:[1-9]\d+$/)
    await expect(serve({ address: server.address })).rejects.toMatchObject({ codespace: 'abci', code: 4 })
  })

  it('takes no more connections than it is told', async () => {
    const { server } = await serve({ connectionsMax: 1 })
    await client(server)
    const refused = await rawSocket(server)
    await new Promise((resolve) => refused.once('close', resolve))
  })

  it('fails what waits when the server goes away', async () => {
    const { server } = await serve()
    const connection = await client(server)
    await server.stop()
    await expect(connection.send({ flush: {} })).rejects.toMatchObject({ codespace: 'abci', code: 9 })
    rmSync(directory, { recursive: true, force: true })
  })
})
