import { connect } from 'node:net'
import type { Socket } from 'node:net'
import { Request, Response } from '@causeway/protocol/tendermint/abci/types'
import { concatBytes } from '@causeway/primitives'
import { parseAddress } from './address.ts'
import { errors } from './errors.ts'
import { encodeFrame, FrameReader } from './frames.ts'

/** One connection to an ABCI server: requests are answered in the order in which they are sent. */
export interface AbciClient {
  /** Sends a request. Rejects with `abci/7` for an exception, `abci/9` when the connection ends first. */
  send(request: Request): Promise<Response>
  close(): void
}

interface Waiting {
  readonly resolve: (response: Response) => void
  readonly reject: (error: Error) => void
}

/** Connects to an ABCI server, as CometBFT does. Throws `abci/3`; rejects when nobody listens. */
export async function connectAbciClient(address: string): Promise<AbciClient> {
  const target = parseAddress(address)
  const socket = connect(target.kind === 'unix' ? { path: target.path } : target)
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve)
    socket.once('error', reject)
  })
  return clientOver(socket)
}

function clientOver(socket: Socket): AbciClient {
  const reader = new FrameReader()
  const waiting: Waiting[] = []
  const fail = (error: Error): void => {
    for (const { reject } of waiting.splice(0)) reject(error)
    socket.destroy()
  }
  socket.on('error', () => fail(errors.connectionLost()))
  socket.on('close', () => fail(errors.connectionLost()))
  socket.on('data', (chunk) => {
    try {
      for (const frame of reader.push(chunk)) settle(waiting.shift(), Response.decode(frame))
    } catch {
      fail(errors.malformedMessage({ what: 'a response' }))
    }
  })
  return {
    send: (request) =>
      new Promise((resolve, reject) => {
        if (socket.destroyed) return reject(errors.connectionLost())
        waiting.push({ resolve, reject })
        // CometBFT, too, asks for a flush after what it waits for; ours answers without.
        socket.write(concatBytes(encodeFrame(Request.encode(request).finish())))
      }),
    close: () => void socket.destroy(),
  }
}

function settle(waiting: Waiting | undefined, response: Response): void {
  if (response.exception) waiting?.reject(errors.exception({ text: response.exception.error }))
  else waiting?.resolve(response)
}
