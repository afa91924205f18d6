import type { CometRpc, FetchedBlock } from './comet-rpc.ts'

/**
 * Fetches heights `from` to `to` with up to `parallel` at a time and yields them in order. Leaving the loop
 * early stops the fetches that are under way.
 */
export async function* fetchBlocks(
  rpc: CometRpc,
  from: bigint,
  to: bigint,
  parallel: number,
  signal: AbortSignal,
): AsyncGenerator<FetchedBlock> {
  const stop = new AbortController()
  const both = AbortSignal.any([signal, stop.signal])
  const underWay: Promise<FetchedBlock>[] = []
  let next = from
  try {
    while (next <= to || underWay.length > 0) {
      while (next <= to && underWay.length < parallel) {
        const fetching = rpc.block(next++, both)
        fetching.catch(() => undefined) // judged when its turn comes
        underWay.push(fetching)
      }
      yield await underWay.shift()!
    }
  } finally {
    stop.abort()
  }
}
