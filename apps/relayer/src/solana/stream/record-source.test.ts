import { appendFileSync, mkdtempSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import type { Server, Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { concatBytes } from '@causeway/primitives'
import { afterEach, describe, expect, it } from 'vitest'

import type { StreamRecord } from './record.ts'
import { openRecordSource } from './record-source.ts'
import type { RecordSource } from './record-source.ts'
import { encodeRecord } from './records.fixture.ts'
import { StreamError } from '../stream-error.ts'

const closers: (() => Promise<void> | void)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

const slot = (number: number): StreamRecord => {
  return { kind: 'slot', slot: BigInt(number), parent: undefined, status: 'processed' }
}
const bytes = (...slots: number[]) =>
  concatBytes(encodeRecord({ kind: 'format' }), ...slots.map((one) => encodeRecord(slot(one))))

/** Everything that a source told, and a way to wait for it. */
function listen(url: string, refuse?: (told: string) => void) {
  const told: string[] = []
  const waiting = new Set<() => void>()
  const tell = (text: string) => {
    told.push(text)
    for (const wake of waiting) wake()
  }
  const source: RecordSource = openRecordSource(url, {
    onStart: () => tell('start'),
    onRecord: (record) => {
      const text = record.kind === 'slot' ? `${record.slot}` : record.kind
      refuse?.(text)
      tell(text)
    },
    onProblem: (error) => tell(`problem: ${error.message}`),
  })
  closers.push(() => source.close())
  const until = (isThere: (told: readonly string[]) => boolean) =>
    new Promise<void>((resolve) => {
      const look = () => {
        if (!isThere(told)) return
        waiting.delete(look)
        resolve()
      }
      waiting.add(look)
      look()
    })
  return { told, until, source }
}

const has = (text: string) => (told: readonly string[]) => told.some((one) => one.includes(text))
const count = (text: string, times: number) => (told: readonly string[]) =>
  told.filter((one) => one === text).length >= times

function temporaryFile(): string {
  const folder = mkdtempSync(join(tmpdir(), 'records-'))
  closers.push(() => rmSync(folder, { recursive: true }))
  return join(folder, 'records')
}

/** A server of records: what each connection is sent at once, and the connections. */
async function serve(
  greeting: Uint8Array,
  port = 0,
): Promise<{ server: Server; sockets: Socket[]; port: number }> {
  const sockets: Socket[] = []
  const server = createServer((socket) => {
    sockets.push(socket)
    socket.on('error', () => undefined)
    socket.write(greeting)
  })
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  closers.push(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  const address = server.address()
  return { server, sockets, port: typeof address === 'object' ? (address?.port ?? 0) : 0 }
}

describe('a file of records', () => {
  it('is read from its start, and followed as it grows, by half records too', async () => {
    const path = temporaryFile()
    writeFileSync(path, bytes(1, 2))
    const { told, until } = listen(pathToFileURL(path).href)
    await until(count('2', 1))
    const third = encodeRecord(slot(3))
    appendFileSync(path, third.subarray(0, 6))
    appendFileSync(path, third.subarray(6))
    await until(count('3', 1))
    expect(told).toEqual(['start', 'format', '1', '2', '3'])
  })

  it('is waited for, and read anew when it shrinks', async () => {
    const path = temporaryFile()
    const { told, until } = listen(pathToFileURL(path).href)
    await until(has('problem'))
    writeFileSync(path, bytes(1, 2, 3))
    await until(count('3', 1))
    truncateSync(path, 0)
    await until(has('shrunk'))
    appendFileSync(path, bytes(4))
    await until(count('4', 1))
    expect(
      told.slice(told.indexOf('3') + 1).filter((one) => !one.startsWith('problem') && one !== 'start'),
    ).toEqual(['format', '4'])
  })

  it('is read anew when another stands in its place', async () => {
    const path = temporaryFile()
    writeFileSync(path, bytes(1))
    const { told, until } = listen(pathToFileURL(path).href)
    await until(count('1', 1))
    writeFileSync(`${path}.new`, bytes(1, 2))
    renameSync(`${path}.new`, path)
    await until(count('2', 1))
    expect(told.some((one) => one.includes('was replaced'))).toBe(true)
  })
})

describe('a server of records', () => {
  it('is heard, and asked again when it goes away within a record', async () => {
    const { sockets, port } = await serve(bytes(1))
    const { told, until } = listen(`tcp://127.0.0.1:${port}`)
    await until(count('1', 1))
    sockets[0]!.end(encodeRecord(slot(2)).subarray(0, 9))
    await until(count('1', 2))
    expect(told).toEqual([
      ...['start', 'format', '1'],
      'problem: the stream has ended within a record, after 9 bytes of it',
      ...['start', 'format', '1'],
    ])
  })

  it('is waited for while nobody listens', async () => {
    const { server, port } = await serve(bytes(1))
    await new Promise((resolve) => server.close(resolve))
    const { told, until } = listen(`tcp://127.0.0.1:${port}`)
    await until(has('ECONNREFUSED'))
    await serve(bytes(1), port)
    await until(count('1', 1))
    expect(told.at(-1)).toBe('1')
  })

  it('is left when what it tells does not fit, and asked again', async () => {
    const { port } = await serve(bytes(1, 2))
    let refusals = 0
    const { told, until } = listen(`tcp://127.0.0.1:${port}`, (text) => {
      if (text === '2' && refusals++ === 0) throw new StreamError('does not fit', 2n)
    })
    await until(count('2', 1))
    expect(told).toEqual([
      'start',
      'format',
      '1',
      'problem: slot 2: does not fit',
      'start',
      'format',
      '1',
      '2',
    ])
  })

  it('is not heard any more once it is closed', async () => {
    const { sockets, port } = await serve(bytes(1))
    const { told, until, source } = listen(`tcp://127.0.0.1:${port}`)
    await until(count('1', 1))
    await source.close()
    sockets[0]!.write(encodeRecord(slot(2)))
    expect(told).toEqual(['start', 'format', '1'])
  })
})

describe('a source', () => {
  it.each(['http://127.0.0.1:1', 'tcp://127.0.0.1', 'file://host/path', 'records.bin'])(
    'is not %s',
    (url) => {
      const sink = { onStart: () => undefined, onRecord: () => undefined, onProblem: () => undefined }
      expect(() => openRecordSource(url, sink)).toThrow('neither tcp://HOST:PORT nor file:///PATH')
    },
  )
})
