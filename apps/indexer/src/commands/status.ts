import { networkFault } from '@causeway/primitives'
import { OperatorError } from '../operator-error.ts'

type Readiness = { ready: boolean; chains: Record<string, unknown>[] }

/** Prints what a running indexer says of itself; exit code 1 when it isn't ready. Throws `OperatorError`. */
export async function status(url: string): Promise<void> {
  const { ready, chains } = await ask(url)
  console.log(ready ? 'ready' : 'not ready')
  console.table(chains)
  process.exitCode = ready ? 0 : 1
}

async function ask(url: string): Promise<Readiness> {
  if (!URL.canParse('/ready', url)) throw new OperatorError(`${url} is no URL: expected http://host:port`)
  try {
    const response = await fetch(new URL('/ready', url), { signal: AbortSignal.timeout(10_000) })
    const answer = (await response.json()) as Partial<Readiness>
    if (typeof answer.ready === 'boolean' && Array.isArray(answer.chains)) return answer as Readiness
  } catch (cause) {
    throw new OperatorError(`no indexer answers at ${url}: ${networkFault(cause)}`, { cause })
  }
  throw new OperatorError(`what answers at ${url} is no indexer`)
}
