import type { Logger } from 'pino'

import { equalBytes } from '@causeway/primitives'
import type { Chain } from '../chain.ts'
import type { RouteConfig } from '../config/schema.ts'
import { asRelayError, RelayError } from '../errors.ts'

interface End {
  readonly chain: Chain
  readonly client: string
}

/**
 * Checks that the two clients of every route exist, follow each other's chains and have each other as
 * counterparties: a route that doesn't can carry nothing. Throws `RelayError` (config) that names every
 * problem; a chain that does not answer now is no problem of the configuration and only told.
 */
export async function checkRoutes(
  routes: readonly RouteConfig[],
  chains: ReadonlyMap<string, Chain>,
  log: Logger,
): Promise<void> {
  const problems: string[] = []
  const check = async (route: RouteConfig, own: 'a' | 'b', peer: 'a' | 'b') => {
    const [host, followed] = [endOf(route, own, chains), endOf(route, peer, chains)]
    try {
      const problem = await findProblem(host, followed)
      if (problem !== undefined) problems.push(`route ${route.name}: ${problem}`)
    } catch (cause) {
      const { failure, message } = asRelayError(cause)
      if (failure === 'config')
        problems.push(`route ${route.name}: ${host.client} on ${host.chain.chainId}: ${message}`)
      else log.warn({ route: route.name, chain: host.chain.chainId, error: message }, 'route not checked')
    }
  }
  await Promise.all(routes.flatMap((route) => [check(route, 'a', 'b'), check(route, 'b', 'a')]))
  if (problems.length > 0) throw new RelayError('config', 'never', problems.sort().join('\n'))
}

async function findProblem(host: End, followed: End): Promise<string | undefined> {
  const { chain, client } = host
  const what = `client ${client} on ${chain.chainId}`
  const view = await chain.clientView(client)
  if (view.chainId !== followed.chain.chainId)
    return `${what} follows ${view.chainId}, not ${followed.chain.chainId}`
  const counterparty = await chain.counterparty(client)
  if (counterparty === undefined)
    return `${what} has no counterparty: run relayer client create, or register it`
  if (counterparty.clientId !== followed.client)
    return `the counterparty of ${what} is ${counterparty.clientId}, not ${followed.client}`
  const [got, expected] = [counterparty.merklePrefix, followed.chain.merklePrefix]
  const isSame =
    got.length === expected.length && got.every((part, index) => equalBytes(part, expected[index]!))
  return isSame
    ? undefined
    : `${what} expects proofs under another merkle prefix than that of ${followed.chain.chainId}`
}

function endOf(route: RouteConfig, side: 'a' | 'b', chains: ReadonlyMap<string, Chain>): End {
  const { chain: id, client } = route[side]
  const chain = chains.get(id)
  if (chain === undefined)
    throw new RelayError('config', 'never', `route ${route.name} names a chain that is not open`)
  return { chain, client }
}
