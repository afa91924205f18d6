import { backoffMs, pause } from './backoff.ts'

/**
 * Calls `wake` when the endpoint's WebSocket says that there is a block. Only a hint: what it says is never
 * used.
 */
export function watchNewBlocks(rpcUrl: string, wake: () => void, signal: AbortSignal): Promise<void> {
  return keepSubscribed(webSocketUrl(rpcUrl), wake, signal)
}

const SUBSCRIBE = JSON.stringify({
  jsonrpc: '2.0',
  id: 1,
  method: 'subscribe',
  params: { query: "tm.event='NewBlockHeader'" },
})
const BACKOFF = { firstMs: 500, longestMs: 30_000 }

function webSocketUrl(rpcUrl: string): string {
  const url = new URL(rpcUrl)
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:'
  url.pathname = `${url.pathname.replace(/\/$/, '')}/websocket`
  return url.href
}

async function keepSubscribed(url: string, wake: () => void, signal: AbortSignal): Promise<void> {
  for (let failures = 0; !signal.aborted;) {
    const heard = await subscribeOnce(url, wake, signal)
    failures = heard ? 1 : failures + 1
    await pause(backoffMs(failures, BACKOFF), signal)
  }
}

/** Resolves when the connection ends; whether it ever told of a block. */
function subscribeOnce(url: string, wake: () => void, signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    let heard = false
    const socket = new WebSocket(url)
    const close = (): void => socket.close()
    signal.addEventListener('abort', close, { once: true })
    socket.addEventListener('open', () => socket.send(SUBSCRIBE))
    socket.addEventListener('message', () => {
      heard = true
      wake()
    })
    socket.addEventListener('error', () => undefined)
    socket.addEventListener('close', () => {
      signal.removeEventListener('abort', close)
      resolve(heard)
    })
  })
}
