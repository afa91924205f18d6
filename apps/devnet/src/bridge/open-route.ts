import { checkConfig, createRoute, openChains } from '@causeway/relayer'
import type { Chain, RouteClients } from '@causeway/relayer'
import { testMnemonic } from '../chains/accounts.ts'
import { FIRST_CLIENT, HUB, ZONE } from '../chains/facts.ts'
import type { Printer } from '../print/printer.ts'
import { RELAYER_KEY, relayerConfig } from './relayer-config.ts'
import type { RelayerPlaces } from './relayer-config.ts'

/** The two chains as the relayer sees them, and the clients that join them. */
export interface OpenRoute {
  readonly chains: ReadonlyMap<string, Chain>
  readonly clients: { readonly onHub: string; readonly onZone: string }
}

/** The relayer's public test key, as its configuration wants it. */
export function relayerEnvironment(places: RelayerPlaces): NodeJS.ProcessEnv {
  return { [RELAYER_KEY]: testMnemonic('relayer', places.hubRpcUrl) }
}

/**
 * Creates a client of each chain on the other and registers them as counterparties; prints each transaction.
 */
export async function openRoute(places: RelayerPlaces, print: Printer): Promise<OpenRoute> {
  const config = checkConfig({ ...relayerConfig(places), routes: [] })
  const chains = await openChains(config, relayerEnvironment(places), Date.now)
  const [hub, zone] = [chains.get(HUB.chainId), chains.get(ZONE.chainId)]
  if (hub === undefined || zone === undefined) throw new Error('the relayer opened neither hub nor zone')
  const routed = await createRoute({ a: hub, b: zone, onStep: (text) => printStep(text, print) })
  return { chains, clients: requireFirst(routed) }
}

/** What is printed and configured names the first client: on a new chain nobody came before the relayer. */
function requireFirst({ clientOnA, clientOnB }: RouteClients): OpenRoute['clients'] {
  if (clientOnA === FIRST_CLIENT) return { onHub: clientOnA, onZone: clientOnB }
  throw new Error(`the client on the hub is ${clientOnA}, expected ${FIRST_CLIENT}: the chain is not new`)
}

/** `created X of A on B (HASH at HEIGHT)`, as the relayer tells it, in columns. */
function printStep(text: string, print: Printer): void {
  const match = /^(.*) on (\S+) \((\w+) at (\d+)\)$/.exec(text)
  if (match === null) return print.step({ who: 'relayer', what: text })
  const [, what = '', who = '', tx = '', block = ''] = match
  print.step({ who, what, facts: { block }, details: { tx } })
}
