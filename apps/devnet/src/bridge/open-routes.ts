import { checkConfig, createRoute, openChains } from '@causeway/relayer'
import type { Chain } from '@causeway/relayer'
import { testMnemonic } from '../chains/accounts.ts'
import { CLIENTS, ETHEREUM, HUB, SOLANA, ZONE } from '../chains/facts.ts'
import type { Printer } from '../print/printer.ts'
import { RELAYER_KEY, relayerConfig } from './relayer-config.ts'
import type { RelayerPlaces } from './relayer-config.ts'

/** Creates the hub's contracts on Ethereum, which trust what the hub says now. */
export type DeployBridge = (hub: Chain) => Promise<void>

/** The relayer's public test key, as its configuration wants it. */
export function relayerEnvironment(places: RelayerPlaces): NodeJS.ProcessEnv {
  return { [RELAYER_KEY]: testMnemonic('relayer', places.hubRpcUrl) }
}

/**
 * Creates a client of each chain on the hub and of the hub on each chain, and registers them as
 * counterparties; prints each transaction. Gives the chains as the relayer sees them.
 */
export async function openRoutes(
  places: RelayerPlaces,
  deployBridge: DeployBridge,
  print: Printer,
): Promise<ReadonlyMap<string, Chain>> {
  const config = checkConfig({ ...relayerConfig(places), routes: [] })
  const chains = await openChains(config, relayerEnvironment(places), Date.now)
  const [hub, zone, ethereum, solana] = [HUB, ZONE, ETHEREUM, SOLANA].map(({ chainId }) =>
    chains.get(chainId),
  )
  if (hub === undefined || zone === undefined || ethereum === undefined || solana === undefined)
    throw new Error('the relayer did not open every chain')
  const onStep = (text: string) => printStep(text, print)
  const { clientOnA: zoneOnHub } = await createRoute({ a: hub, b: zone, onStep })
  requireClient(zoneOnHub, CLIENTS.zoneOnHub)
  // Ethereum's core names its client on the hub when it is created, and makes its own of the hub itself.
  const { clientId, inclusion } = await hub.createClient(await ethereum.clientSeed({}))
  requireClient(clientId, CLIENTS.ethereumOnHub)
  onStep(
    `created ${clientId} of ${ETHEREUM.chainId} on ${HUB.chainId} (${inclusion.hash} at ${inclusion.height})`,
  )
  await deployBridge(hub)
  await createRoute({ a: hub, b: ethereum, clientOnA: clientId, clientOnB: CLIENTS.hubOnEthereum, onStep })
  const { clientOnA: solanaOnHub } = await createRoute({ a: hub, b: solana, onStep })
  requireClient(solanaOnHub, CLIENTS.solanaOnHub)
  return chains
}

/** What is listed and configured names the clients: on a new chain nobody came before the relayer. */
function requireClient(clientId: string, expected: string): void {
  if (clientId === expected) return
  throw new Error(`the client on the hub is ${clientId}, expected ${expected}: the chain is not new`)
}

/** `created X of A on B (HASH at HEIGHT)`, as the relayer tells it, in columns. */
function printStep(text: string, print: Printer): void {
  const match = /^(.*) on (\S+) \((\w+) at (\d+)\)$/.exec(text)
  if (match === null) return print.step({ who: 'relayer', what: text })
  const [, what = '', who = '', tx = '', block = ''] = match
  print.step({ who, what, facts: { block }, details: { tx } })
}
