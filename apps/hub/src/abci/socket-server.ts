import { createServer, connect } from 'node:net'
import type { Server } from 'node:net'
import { rm } from 'node:fs/promises'
import { parseAddress } from './address.ts'
import type { AbciAddress } from './address.ts'
import type { Application, PrepareTx } from './application.ts'
import { Connection } from './connection.ts'
import { containFailures } from './contain-failures.ts'
import { errors } from './errors.ts'
import { FRAME_BYTES_MAX } from './frames.ts'
import { Turns, systemTurnTimers } from './turns.ts'
import type { TurnTimers } from './turns.ts'

/** How an application is served to CometBFT. */
export interface AbciServerOptions {
  /** `unix:///path` or `tcp://host:port`; port 0 takes a free one. */
  readonly address: string
  readonly application: Application
  /** What can be done on a new transaction in another thread before CheckTx. */
  readonly prepareTx?: PrepareTx
  /**
   * Called once when a consensus method of the application broke (anything but a `ProtocolError`): the node
   * has to stop.
   */
  readonly onFatal: (error: unknown) => void
  /** Told of what broke in `query` or `checkTx`, whose callers got `abci/11`. */
  readonly onFailure?: (failure: Error) => void
  /** Told of connections that ended by a fault of the peer. */
  readonly onPeerError?: (error: Error) => void
  readonly timers?: TurnTimers
  readonly frameBytesMax?: number
  /** CometBFT opens four. */
  readonly connectionsMax?: number
}

/** A running ABCI server. */
export interface AbciServer {
  /** The address with the port that was taken. */
  readonly address: string
  stop(): Promise<void>
}

const CONNECTIONS_MAX = 16

/**
 * Serves one application object on a socket. All connections share it: a request runs to its end before the
 * next one, but while a block is executed transactions are read and prepared; each connection gets its
 * answers in order. Throws `abci/3`, `abci/4`.
 */
export async function startAbciServer(options: AbciServerOptions): Promise<AbciServer> {
  const address = parseAddress(options.address)
  if (address.kind === 'unix') await removeStaleSocket(address.path)
  const connections = new Set<Connection>()
  const { timers = systemTurnTimers } = options
  const turns = new Turns(containFailures(options.application, options.onFailure), timers)
  // Who has sent all gets all answers
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    const connection = new Connection(socket, {
      turns,
      prepareTx: options.prepareTx,
      frameBytesMax: options.frameBytesMax ?? FRAME_BYTES_MAX,
      onPeerError: (error) => options.onPeerError?.(error),
      onBroken(error) {
        void stop()
        options.onFatal(error)
      },
    })
    connections.add(connection)
    socket.on('close', () => connections.delete(connection))
  })
  server.maxConnections = options.connectionsMax ?? CONNECTIONS_MAX
  let stopping: Promise<void> | undefined
  const stop = (): Promise<void> =>
    (stopping ??= new Promise((resolve) => {
      turns.end()
      server.close(() => resolve())
      for (const connection of connections) connection.stop()
    }))
  await listen(server, address)
  return { address: addressOf(server, address), stop }
}

function listen(server: Server, address: AbciAddress): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const isTaken = error.code === 'EADDRINUSE'
      reject(isTaken ? errors.addressInUse({ address: textOf(address) }) : error)
    })
    server.listen(address.kind === 'unix' ? { path: address.path } : address, resolve)
  })
}

/** A socket file that a killed process left behind; one that is answered is somebody's. Throws `abci/4`. */
async function removeStaleSocket(path: string): Promise<void> {
  const isAnswered = await new Promise<boolean>((resolve) => {
    const probe = connect({ path })
    probe.on('connect', () => resolve(true))
    probe.on('error', () => resolve(false))
    probe.on('connect', () => probe.destroy())
  })
  if (isAnswered) throw errors.addressInUse({ address: `unix://${path}` })
  await rm(path, { force: true })
}

function addressOf(server: Server, address: AbciAddress): string {
  const bound = server.address()
  const port = bound !== null && typeof bound === 'object' ? bound.port : 0
  return textOf(address.kind === 'unix' ? address : { ...address, port })
}

function textOf(address: AbciAddress): string {
  if (address.kind === 'unix') return `unix://${address.path}`
  return `tcp://${address.host.includes(':') ? `[${address.host}]` : address.host}:${address.port}`
}
