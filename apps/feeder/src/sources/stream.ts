import { setTimeout as pause } from 'node:timers/promises'
import { isProtocolError } from '@causeway/primitives'
import { WebSocket } from 'ws'
import type { RawData } from 'ws'
import type { Format } from '../formats/format.ts'
import { BACKOFF, backoffMs } from './backoff.ts'
import type { BackoffTerms } from './backoff.ts'
import type { Board } from './board.ts'

/** A source's stream. */
export interface StreamTask {
  readonly source: string
  readonly url: string
  readonly pairs: readonly string[]
  readonly stream: NonNullable<Format['stream']>
  readonly terms?: StreamTerms
}

/** Times of a connection. */
export interface StreamTerms {
  readonly handshakeMs: number
  /** A ping goes out so often, and must have been answered, or anything have come, by the next. */
  readonly pingEveryMs: number
  /** Without a price for so long the connection is given up: it may stand and say nothing. */
  readonly quietMs: number
  readonly backoff: BackoffTerms
}

const TERMS: StreamTerms = { handshakeMs: 5_000, pingEveryMs: 10_000, quietMs: 30_000, backoff: BACKOFF }
const MESSAGE_BYTES_MAX = 1024 * 1024
// A message that makes no sense is left out; a source that sends nothing else is asked anew.
const BAD_MESSAGES_MAX = 20

/**
 * Keeps a stream running until `signal` ends it: connects, subscribes, reads, and connects anew after
 * failures.
 */
export async function follow(
  task: StreamTask,
  board: Board,
  now: () => number,
  signal: AbortSignal,
): Promise<void> {
  const { backoff } = task.terms ?? TERMS
  let failures = 0
  while (!signal.aborted) {
    const { reason, hadPrices } = await connection(task, board, now, signal)
    if (signal.aborted) return
    failures = hadPrices ? 1 : failures + 1
    board.failed(task.source, 'stream', reason)
    await pause(backoffMs(failures, Math.random(), backoff), undefined, { signal }).catch(() => undefined)
  }
}

interface Ended {
  readonly reason: string
  readonly hadPrices: boolean
}

/** One connection from its beginning to its end. A failure that no source can cause rejects: it is a bug. */
function connection(task: StreamTask, board: Board, now: () => number, signal: AbortSignal): Promise<Ended> {
  const { handshakeMs, pingEveryMs, quietMs } = task.terms ?? TERMS
  const { promise, resolve, reject } = Promise.withResolvers<Ended>()
  const socket = new WebSocket(task.url, {
    handshakeTimeout: handshakeMs,
    maxPayload: MESSAGE_BYTES_MAX,
    followRedirects: false,
    perMessageDeflate: false,
  })
  let [hadPrices, isAlive, badMessages, lastPriceMs] = [false, true, 0, performance.now()]
  let reason = 'the connection ended'
  const end = (why: string): void => {
    reason = why
    socket.terminate()
  }
  const beat = setInterval(
    () => {
      if (performance.now() - lastPriceMs > quietMs) return end('no price for too long')
      if (socket.readyState !== WebSocket.OPEN) return
      if (!isAlive) return end('no answer to a ping')
      isAlive = false
      socket.ping()
      if (task.stream.keepAlive !== undefined) socket.send(task.stream.keepAlive)
    },
    Math.min(pingEveryMs, quietMs),
  )
  const onAbort = (): void => end('stopped')
  signal.addEventListener('abort', onAbort, { once: true })
  socket.on('open', () => task.stream.subscribe(task.pairs).forEach((text) => socket.send(text)))
  socket.on('pong', () => (isAlive = true))
  socket.on('error', (error) => (reason = error.message))
  socket.on('message', (data, isBinary) => {
    isAlive = true
    try {
      if (!take(task, board, now, { text: textOf(data, isBinary), socket })) return
      ;[hadPrices, badMessages, lastPriceMs] = [true, 0, performance.now()]
      board.worked(task.source, 'stream')
    } catch (error) {
      if (!isProtocolError(error)) return void (reject(error), end('a bug'))
      board.failed(task.source, 'stream', error.message)
      if (++badMessages >= BAD_MESSAGES_MAX) end(error.message)
    }
  })
  socket.on('close', () => {
    clearInterval(beat)
    signal.removeEventListener('abort', onAbort)
    resolve({ reason, hadPrices })
  })
  if (signal.aborted) onAbort()
  return promise
}

/** Takes a message; whether it had a price of what was asked for. */
function take(
  task: StreamTask,
  board: Board,
  now: () => number,
  { text, socket }: { readonly text: string; readonly socket: WebSocket },
): boolean {
  const message = task.stream.parse(text, now())
  if (message.kind === 'reply') socket.send(message.text)
  if (message.kind !== 'readings') return false
  const asked = message.readings.filter(({ pair }) => task.pairs.includes(pair))
  for (const reading of asked) board.put(task.source, reading)
  return asked.length > 0
}

function textOf(data: RawData, isBinary: boolean): string {
  // No format here is binary: what comes so is read as text, and refused as such.
  const bytes = Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data as Buffer)
  return bytes.toString(isBinary ? 'latin1' : 'utf8')
}
