// The node's WebSocket: subscriptions that come back by themselves after a break.
import { isProtocolError } from '@causeway/primitives'
import { errors } from '../errors.ts'
import { resultOf } from '../rpc/json-rpc.ts'
import type { Members } from '../rpc/members.ts'
import type { Clock } from '../transactions/hub.ts'

/** What a WebSocket of a browser, of Node 22 and of the package ws have in common. */
export interface WebSocketLike {
  send(text: string): void
  close(): void
  onopen: ((event: never) => void) | null
  onclose: ((event: never) => void) | null
  onerror: ((event: never) => void) | null
  onmessage: ((event: never) => void) | null
}

/** Makes WebSockets. */
export type WebSocketMaker = new (url: string) => WebSocketLike

/** Who listens to a query's events. */
export interface Listener {
  onEvent(result: Members): void
  /** The subscription stands: at first, and after every break. What came in between was missed. */
  onReady(): void
  onError(error: Error): void
}

/** Subscriptions of one node. */
export interface Socket {
  /** Listens to a CometBFT query until the function that it gives is called. */
  listen(query: string, listener: Listener): () => void
  close(): void
}

const FIRST_WAIT_MS = 200
const WAIT_MS_MAX = 10_000
const MESSAGE_LENGTH_MAX = 64 * 1024 * 1024

/**
 * A socket to a node, opened when something is first listened to and again whenever it breaks, at waits that
 * double up to ten seconds. Listeners of one query share a subscription: a node gives five to a client.
 */
export function createSocket(rpcUrl: string, WebSocket: WebSocketMaker, clock: Clock): Socket {
  return new ReconnectingSocket(`${rpcUrl.replace(/^http/, 'ws')}/websocket`, WebSocket, clock)
}

class ReconnectingSocket implements Socket {
  readonly #url: string
  readonly #make: WebSocketMaker
  readonly #clock: Clock
  readonly #listeners = new Map<string, Set<Listener>>()
  /** Queries by the id of the request that subscribed to them. */
  readonly #ids = new Map<number, string>()
  #socket: WebSocketLike | undefined
  #isOpen = false
  #isClosed = false
  #nextId = 1
  #waitMs = FIRST_WAIT_MS

  constructor(url: string, make: WebSocketMaker, clock: Clock) {
    this.#url = url
    this.#make = make
    this.#clock = clock
  }

  listen(query: string, listener: Listener): () => void {
    if (this.#isClosed) throw errors.closed({})
    const known = this.#listeners.get(query)
    if (known !== undefined) {
      known.add(listener)
      if (this.#isOpen) queueMicrotask(() => known.has(listener) && listener.onReady())
    } else {
      this.#listeners.set(query, new Set([listener]))
      if (this.#isOpen) this.#subscribe(query)
      else this.#connect()
    }
    return () => this.#unlisten(query, listener)
  }

  close(): void {
    this.#isClosed = true
    this.#listeners.clear()
    this.#socket?.close()
  }

  #unlisten(query: string, listener: Listener): void {
    const set = this.#listeners.get(query)
    if (set?.delete(listener) !== true || set.size > 0) return
    this.#listeners.delete(query)
    if (this.#isOpen) this.#send('unsubscribe', query)
    // Nobody listens: an open socket would keep the program alive.
    if (this.#listeners.size === 0) this.#socket?.close()
  }

  #connect(): void {
    if (this.#socket !== undefined || this.#isClosed || this.#listeners.size === 0) return
    const socket = new this.#make(this.#url)
    this.#socket = socket
    socket.onopen = () => {
      this.#isOpen = true
      this.#waitMs = FIRST_WAIT_MS
      for (const query of this.#listeners.keys()) this.#subscribe(query)
    }
    socket.onmessage = (event: { readonly data?: unknown }) => this.#receive(event.data)
    socket.onerror = () => undefined
    socket.onclose = () => this.#broke()
  }

  #broke(): void {
    this.#socket = undefined
    this.#isOpen = false
    this.#ids.clear()
    if (this.#isClosed || this.#listeners.size === 0) return
    const wait = this.#waitMs
    this.#waitMs = Math.min(wait * 2, WAIT_MS_MAX)
    void this.#clock.sleep(wait).then(() => this.#connect())
  }

  #subscribe(query: string): void {
    this.#ids.set(this.#send('subscribe', query), query)
  }

  #send(method: string, query: string): number {
    const id = this.#nextId++
    this.#socket?.send(JSON.stringify({ jsonrpc: '2.0', id, method, params: { query } }))
    return id
  }

  #receive(data: unknown): void {
    if (typeof data !== 'string' || data.length > MESSAGE_LENGTH_MAX) return this.#socket?.close()
    const id = /"id":\s*([0-9]{1,15})/.exec(data.slice(0, 100))?.[1]
    const query = id === undefined ? undefined : this.#ids.get(Number(id))
    const listeners = query === undefined ? undefined : this.#listeners.get(query)
    if (listeners === undefined) return
    try {
      const result = resultOf(data, 'subscribe')
      const isReady = result['query'] === undefined
      for (const listener of [...listeners]) {
        if (isReady) listener.onReady()
        else listener.onEvent(result)
      }
    } catch (error) {
      if (!isProtocolError(error)) throw error
      for (const listener of [...listeners]) listener.onError(error)
    }
  }
}
