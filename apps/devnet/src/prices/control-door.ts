// The door by which a devnet's SIMULATED exchange is told to move a price: HTTP on the loopback interface,
// open to who can read the devnet's control file.
import { timingSafeEqual } from 'node:crypto'
import { createServer } from 'node:http'
import type { IncomingMessage } from 'node:http'

/** What moves prices. */
export interface PriceMover {
  /** Symbols that can be moved. */
  readonly symbols: readonly string[]
  /** Moves a price by so much of what it is now, basis points; gives by how much it is moved in all. */
  move(symbol: string, bps: number): number
}

/** A door that is open. */
export interface ControlDoor {
  readonly url: string
  stop(): Promise<void>
}

/** A price falls by 95 % at most at once, and rises to five times. */
export const MOVE_BPS = { min: -9_500, max: 40_000 } as const
const HOST = '127.0.0.1'
const BODY_LENGTH_MAX = 1_024
const TIMEOUT_MS = 5_000

/** `POST /move` with `{"symbol":"ETH","bps":-4000}` and the token as bearer. */
export async function openControlDoor(mover: PriceMover, token: string): Promise<ControlDoor> {
  const server = createServer((request, response) => {
    void answer(mover, token, request).then(({ status, body }) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body)),
    )
  })
  server.headersTimeout = TIMEOUT_MS
  server.requestTimeout = TIMEOUT_MS
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, HOST, resolve)
  })
  const bound = server.address()
  return {
    url: `http://${HOST}:${typeof bound === 'object' && bound !== null ? bound.port : 0}`,
    async stop() {
      const closed = new Promise((done) => server.close(done))
      server.closeAllConnections()
      await closed
    },
  }
}

interface Answer {
  readonly status: number
  readonly body: object
}

async function answer(mover: PriceMover, token: string, request: IncomingMessage): Promise<Answer> {
  if (!isToken(request.headers.authorization, token)) return { status: 401, body: { error: 'not your door' } }
  if (request.method !== 'POST' || request.url !== '/move')
    return { status: 404, body: { error: 'POST /move is all there is' } }
  const asked = readMove(await bodyOf(request))
  if (asked === undefined || !mover.symbols.includes(asked.symbol)) {
    const expected = `a symbol of ${mover.symbols.join(', ')} and bps from ${MOVE_BPS.min} to ${MOVE_BPS.max}`
    return { status: 400, body: { error: `expected ${expected}` } }
  }
  return { status: 200, body: { symbol: asked.symbol, movedBps: mover.move(asked.symbol, asked.bps) } }
}

function isToken(header: string | undefined, token: string): boolean {
  const [given, expected] = [Buffer.from(header ?? ''), Buffer.from(`Bearer ${token}`)]
  return given.length === expected.length && timingSafeEqual(given, expected)
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = ''
  try {
    for await (const chunk of request) {
      text += String(chunk)
      if (text.length > BODY_LENGTH_MAX) return ''
    }
  } catch {
    return '' // whoever asked has gone
  }
  return text
}

function readMove(text: string): { readonly symbol: string; readonly bps: number } | undefined {
  try {
    const { symbol, bps } = (JSON.parse(text) ?? {}) as { symbol?: unknown; bps?: unknown }
    const isMove =
      typeof bps === 'number' && Number.isInteger(bps) && bps >= MOVE_BPS.min && bps <= MOVE_BPS.max
    return isMove && typeof symbol === 'string' ? { symbol, bps } : undefined
  } catch {
    return undefined
  }
}
