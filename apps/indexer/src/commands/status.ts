/** Prints what a running indexer says of itself; exit code 1 when it isn't ready. */
export async function status(url: string): Promise<void> {
  const response = await fetch(new URL('/ready', url), { signal: AbortSignal.timeout(10_000) })
  const { ready, chains } = (await response.json()) as { ready: boolean; chains: Record<string, unknown>[] }
  console.log(ready ? 'ready' : 'not ready')
  console.table(chains)
  process.exitCode = ready ? 0 : 1
}
