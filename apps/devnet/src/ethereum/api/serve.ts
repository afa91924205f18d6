import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { BeaconChain } from '../beacon/beacon-chain.ts'
import { answerBeaconApi, failure } from './beacon-api.ts'
import type { ApiAnswer } from './beacon-api.ts'

/** A Beacon API that is served. */
export interface BeaconServer {
  readonly url: string
  close(): Promise<void>
}

const URL_CHARACTERS_MAX = 1_024
const REQUEST_TIMEOUT_MS = 5_000
const CONNECTIONS_MAX = 64

/** Serves a chain's Beacon API on the loopback interface; port 0: a free one. Throws when it is taken. */
export async function serveBeaconApi(chain: BeaconChain, port: number): Promise<BeaconServer> {
  const server = createServer({ maxHeaderSize: 8_192 }, (request, response) => {
    request.resume() // nothing that is asked has a body
    send(response, answer(chain, request))
  })
  server.headersTimeout = REQUEST_TIMEOUT_MS
  server.requestTimeout = REQUEST_TIMEOUT_MS
  server.maxConnections = CONNECTIONS_MAX
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
  const address = server.address()
  const got = typeof address === 'object' && address !== null ? address.port : port
  return {
    url: `http://127.0.0.1:${got}`,
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function answer(chain: BeaconChain, { method, url = '/' }: IncomingMessage): ApiAnswer {
  if (method !== 'GET') return failure(405, 'only GET is answered')
  if (url.length > URL_CHARACTERS_MAX) return failure(414, 'the URL is too long')
  try {
    return answerBeaconApi(chain, url)
  } catch (error) {
    return failure(500, error instanceof Error ? error.message : 'internal error')
  }
}

function send(response: ServerResponse, { status, json, version }: ApiAnswer): void {
  response.writeHead(status, {
    'content-type': 'application/json',
    'cache-control': 'no-store',
    'access-control-allow-origin': '*',
    ...(version === undefined ? {} : { 'eth-consensus-version': version }),
  })
  response.end(JSON.stringify(json))
}
