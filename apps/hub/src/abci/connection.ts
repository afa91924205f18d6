// One connection of an ABCI server.
import type { Socket } from 'node:net'
import { isProtocolError, uvarint } from '@causeway/primitives'
import { CheckTxType, Request, Response } from '@causeway/protocol/tendermint/abci/types'
import type { PrepareTx } from './application.ts'
import { errors } from './errors.ts'
import { FrameReader } from './frames.ts'
import type { Turns } from './turns.ts'

/** What a connection serves, and whom it tells of what goes wrong. */
export interface ConnectionOptions {
  readonly turns: Turns
  readonly prepareTx: PrepareTx | undefined
  readonly frameBytesMax: number
  /** Told of a fault of the peer, which ends the connection. */
  onPeerError(error: Error): void
  /** Told when the application broke. */
  onBroken(error: unknown): void
}

/** Reads, of 64 KiB at most, that may wait for their turn; then the peer is not read from. */
const READS_MAX = 16

/**
 * Answers requests in their order; what was read at once is answered at once. New transactions of a read are
 * prepared side by side before the first request of that read is handled, and a later read waits for them.
 */
export class Connection {
  readonly #socket: Socket
  readonly #options: ConnectionOptions
  readonly #reader: FrameReader
  #isDone = false
  /** Reads that wait, and when the last of them is answered. */
  #reads = 0
  #answered: Promise<unknown> = Promise.resolve()

  constructor(socket: Socket, options: ConnectionOptions) {
    this.#socket = socket
    this.#options = options
    this.#reader = new FrameReader(options.frameBytesMax)
    socket.setNoDelay(true)
    socket.on('error', (error) => options.onPeerError(error))
    socket.on('close', () => (this.#isDone = true))
    socket.on('end', () => void this.#answered.then(() => socket.end()))
    socket.on('drain', () => this.#flow())
    socket.on('data', (chunk) => this.#read(chunk))
  }

  /** Ends with what is answered: what still waits is not asked of the application any more. */
  stop(): void {
    this.#isDone = true
    this.#socket.destroySoon()
  }

  #read(chunk: Uint8Array): void {
    if (this.#isDone) return
    const requests = this.#requests(chunk)
    const prepared = requests.flatMap((request) => this.#prepare(request) ?? [])
    const isNow = !requests.some((request) => this.#isLater(request))
    if (isNow && prepared.length === 0 && this.#reads === 0) return void this.#answer(requests)
    this.#reads++
    // Whatever a preparation comes to, CheckTx judges
    this.#answered = Promise.allSettled([this.#answered, ...prepared])
      .then(() => this.#drained())
      .then(() => (this.#isDone ? undefined : this.#answer(requests)))
      .then(() => {
        this.#reads--
        this.#flow()
      })
    this.#flow()
  }

  #isLater(request: Request | Error): boolean {
    return !(request instanceof Error) && this.#options.turns.isLater(request)
  }

  /** The requests that a chunk completes, up to one that is none; only why, if it can't be cut. */
  #requests(chunk: Uint8Array): (Request | Error)[] {
    const requests: (Request | Error)[] = []
    try {
      for (const frame of this.#reader.push(chunk)) requests.push(decode(frame))
    } catch (error) {
      requests.push(error as Error)
    }
    return requests
  }

  #prepare(request: Request | Error): Promise<void> | undefined {
    if (request instanceof Error || request.checkTx?.type !== CheckTxType.NEW) return undefined
    try {
      return this.#options.prepareTx?.(request.checkTx.tx)
    } catch {
      // CheckTx comes to the same fault, and there it is contained.
      return undefined
    }
  }

  /** Answers within this call, but for those that have to wait. */
  async #answer(requests: readonly (Request | Error)[]): Promise<void> {
    const out: Uint8Array[] = []
    try {
      for (const request of requests) {
        if (request instanceof Error) throw request
        const answer = this.#options.turns.answer(request)
        appendFrame(out, answer instanceof Promise ? await answer : answer)
      }
    } catch (error) {
      return this.#end(out, error)
    }
    // It may have ended meanwhile
    if (out.length > 0 && !this.#isDone) this.#socket.write(Buffer.concat(out))
    this.#flow()
  }

  #end(out: Uint8Array[], error: unknown): void {
    if (!this.#isDone) {
      this.#isDone = true
      appendFrame(out, { exception: { error: error instanceof Error ? error.message : 'unknown failure' } })
      this.#socket.end(Buffer.concat(out))
      // Read to its end, or it would never be closed
      this.#socket.resume()
    }
    if (isProtocolError(error)) this.#options.onPeerError(error)
    else this.#options.onBroken(error)
  }

  #drained(): Promise<unknown> | undefined {
    const socket = this.#socket
    return socket.writableNeedDrain ? new Promise((resolve) => socket.once('drain', resolve)) : undefined
  }

  /** A peer that doesn't read its answers isn't read from either, nor one who is far ahead. */
  #flow(): void {
    if (this.#isDone) return
    if (this.#reads >= READS_MAX || this.#socket.writableNeedDrain) this.#socket.pause()
    else if (this.#socket.isPaused()) this.#socket.resume()
  }
}

function decode(frame: Uint8Array): Request {
  try {
    return Request.decode(frame)
  } catch {
    throw errors.malformedMessage({ what: 'a request' })
  }
}

function appendFrame(out: Uint8Array[], response: Response): void {
  const bytes = Response.encode(response).finish()
  out.push(uvarint(bytes.length), bytes)
}
