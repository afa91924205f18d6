import type { CometPool } from './comet-pool.ts'

const SUBSCRIBE = JSON.stringify({
  jsonrpc: '2.0',
  id: 1,
  method: 'subscribe',
  params: { query: "tm.event='NewBlock'" },
})
const RECONNECT_FIRST_MS = 250
const RECONNECT_LONGEST_MS = 15_000

/**
 * Calls back at each new block: by a WebSocket subscription where it works, and in any case every `pollMs`.
 * What the socket says is not read: it only wakes, the state is fetched from the healthiest endpoint.
 */
export function watchBlocks(pool: CometPool, pollMs: number, onWake: () => void): { close(): void } {
  let closed = false
  let socket: WebSocket | undefined
  let retryMs = RECONNECT_FIRST_MS
  let reconnect: NodeJS.Timeout | undefined
  let attempts = 0

  const connect = () => {
    const urls = pool.rankedUrls()
    const url = urls[attempts % Math.max(urls.length, 1)]
    if (closed || url === undefined) return
    attempts += 1
    try {
      socket = new WebSocket(`${url.replace(/^http/, 'ws').replace(/\/$/, '')}/websocket`)
    } catch {
      return // not an address that a WebSocket can have: polling remains
    }
    socket.addEventListener('open', () => socket?.send(SUBSCRIBE))
    socket.addEventListener('message', () => {
      retryMs = RECONNECT_FIRST_MS
      attempts = 0
      onWake()
    })
    socket.addEventListener('error', () => {})
    socket.addEventListener('close', () => {
      if (closed) return
      reconnect = setTimeout(connect, retryMs)
      reconnect.unref()
      retryMs = Math.min(retryMs * 2, RECONNECT_LONGEST_MS)
    })
  }

  connect()
  const poll = setInterval(onWake, pollMs)
  return {
    close() {
      closed = true
      clearInterval(poll)
      clearTimeout(reconnect)
      socket?.close()
    },
  }
}
