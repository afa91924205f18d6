import { connect } from 'node:net'
import type { Socket } from 'node:net'
import { utf8 } from '@causeway/primitives'
import { CheckTxType } from '@causeway/protocol/tendermint/abci/types'
import type { Request } from '@causeway/protocol/tendermint/abci/types'
import { createKeyValueApplication } from '../engine/kvstore.fixture.ts'
import type { KeyValueApplication } from '../engine/kvstore.fixture.ts'
import { parseAddress } from './address.ts'
import { connectAbciClient } from './socket-client.ts'
import type { AbciClient } from './socket-client.ts'
import { startAbciServer } from './socket-server.ts'
import type { AbciServer, AbciServerOptions } from './socket-server.ts'

const cleanups: (() => unknown)[] = []

/** Ends what a test began, the last first: for `afterEach`. */
export async function endAll(): Promise<void> {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
}

/** A server, and what it told. */
export interface Fixture {
  readonly application: KeyValueApplication
  readonly server: AbciServer
  readonly fatal: unknown[]
  readonly failures: Error[]
  readonly peerErrors: Error[]
}

/** Serves a key-value application. */
export async function serve(options: Partial<AbciServerOptions> = {}): Promise<Fixture> {
  const application = createKeyValueApplication()
  const fatal: unknown[] = []
  const failures: Error[] = []
  const peerErrors: Error[] = []
  const server = await startAbciServer({
    address: 'tcp://127.0.0.1:0',
    application,
    onFatal: (error) => void fatal.push(error),
    onFailure: (failure) => void failures.push(failure),
    onPeerError: (error) => void peerErrors.push(error),
    ...options,
  })
  cleanups.push(() => server.stop())
  return { application, server, fatal, failures, peerErrors }
}

/** A client of it. */
export async function client(server: AbciServer): Promise<AbciClient> {
  const connected = await connectAbciClient(server.address)
  cleanups.push(() => connected.close())
  return connected
}

/** A connection to it whose bytes the test writes. */
export async function rawSocket(server: AbciServer): Promise<Socket> {
  const address = parseAddress(server.address)
  const socket = connect(address.kind === 'unix' ? { path: address.path } : address)
  cleanups.push(() => socket.destroy())
  await new Promise((resolve) => socket.once('connect', resolve))
  return socket
}

/** A new transaction to check. */
export const checkTx = (text: string): Request => ({ checkTx: { tx: utf8(text), type: CheckTxType.NEW } })
