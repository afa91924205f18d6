import { DirectSecp256k1HdWallet } from '@cosmjs/proto-signing'
import {
  HUB_CHAIN_ID,
  createZoneApplication,
  generateValidatorKey,
  startEmbeddedNode,
  verifyNatively,
  zoneAppState,
} from '@causeway/hub'
import type { EmbeddedNode, ValidatorKeyJson } from '@causeway/hub'
import { sha256, toHex, utf8 } from '@causeway/primitives'
import { checkConfig, createRoute, openChains } from '@causeway/relayer'
import type { Chain } from '@causeway/relayer'
import { createMemoryStorage } from '@causeway/state-tree'
import { connectAttacker } from './attacker.ts'
import type { Attacker } from './attacker.ts'
import { startTestHub } from './embedded-hub.ts'
import { CLIENT, ZONE_CLIENT, hostileEntries } from './hostile-packets.ts'
import type { StoredEntry } from './hostile-packets.ts'
import { waitFor } from './processes.ts'
import { cosmosUser } from './simd-user.ts'
import type { CosmosUser } from './simd-user.ts'
import { startSimd } from './simd.ts'

/** A chain with an honest user and an attacker on it. */
export interface Host {
  readonly name: 'hub' | 'simd' | 'zone'
  readonly id: string
  readonly rpcUrl: string
  readonly prefix: string
  /** The chain's own token. */
  readonly token: string
  readonly chain: Chain
  readonly user: CosmosUser
  readonly attacker: Attacker
  /** The validators' keys, which the test holds; none of simd's. */
  readonly keys: readonly ValidatorKeyJson[]
}

/** A chain with the id of an honest one and validators of its own, whose blocks are made when asked for. */
export interface Lookalike {
  readonly chain: Chain
  readonly node: EmbeddedNode
}

/**
 * Hub and simd with a route between them, and a zone whose validators and state are the attacker's, with
 * routes to both.
 */
export interface Stage {
  readonly hub: Host
  readonly simd: Host
  readonly zone: Host
  readonly lookalikes: { readonly hub: Lookalike; readonly zone: Lookalike }
  stop(): Promise<void>
}

const MNEMONICS = {
  relayer: 'abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about',
  user: 'legal winner thank year wave sausage worth useful legal winner thank yellow',
  attacker: 'letter advice cage absurd amount doctor acoustic avoid letter advice cage above',
}
const SIMD_ID = 'sim-1'
const ZONE_ID = 'zone-1'
const ZONE_PREFIX = 'zone'
const FUNDS = 1_000_000_000n
const BLOCK_MS = 100
/** Enough to prove the genesis state. */
const FIRST_BLOCKS = 3n

/** Starts everything and creates the routes. */
export async function startStage(): Promise<Stage> {
  const stops: (() => Promise<void> | void)[] = []
  const stop = async () => {
    for (const end of stops.reverse()) await end()
  }
  try {
    return { ...(await start(stops)), stop }
  } catch (error) {
    await stop()
    throw error
  }
}

async function start(stops: (() => Promise<void> | void)[]): Promise<Omit<Stage, 'stop'>> {
  const simdNode = await startSimd({
    chainId: SIMD_ID,
    accounts: Object.keys(MNEMONICS),
    blockTimeMs: BLOCK_MS,
  })
  stops.push(() => simdNode.stop())
  const keep = (node: EmbeddedNode) => {
    stops.push(() => node.stop())
    return node
  }
  const keys = { hub: threeValidators('hub'), zone: threeValidators('zone') }
  const hubNode = keep(
    await startTestHub({
      balances: await balances('cway', 'ucway'),
      listing: { creator: await addressOf(MNEMONICS.relayer, 'cway'), chainId: SIMD_ID, base: 'stake' },
      blockMilliseconds: BLOCK_MS,
      validators: keys.hub,
    }),
  )
  const receivers = { hub: await addressOf(MNEMONICS.attacker, 'cway'), simd: simdNode.address('attacker') }
  const entries = hostileEntries(receivers)
  const zoneNode = keep(await startZone(ZONE_ID, keys.zone, entries.zone, { everyMilliseconds: BLOCK_MS }))
  const [evilHub, evilZone] = [
    keep(await startZone(HUB_CHAIN_ID, threeValidators('strangers'), entries.lookalikeOfHub, 'onDemand')),
    keep(await startZone(ZONE_ID, threeValidators('strangers'), entries.lookalikeOfZone, 'onDemand')),
  ]
  const lookalikes = {
    hub: { node: evilHub, chain: await openOne(HUB_CHAIN_ID, evilHub.rpcUrl, ZONE_PREFIX, 'uzone') },
    zone: { node: evilZone, chain: await openOne(ZONE_ID, evilZone.rpcUrl, ZONE_PREFIX, 'uzone') },
  }
  const mnemonics = Object.fromEntries(simdNode.mnemonics) as typeof MNEMONICS
  const host = (facts: Facts) => connectHost(facts, stops)
  const simd = await host({
    name: 'simd',
    id: SIMD_ID,
    rpcUrl: simdNode.rpcUrl,
    prefix: 'cosmos',
    token: 'stake',
    keys: [],
    mnemonics,
  })
  const hub = await host({
    name: 'hub',
    id: HUB_CHAIN_ID,
    rpcUrl: hubNode.rpcUrl,
    prefix: 'cway',
    token: 'ucway',
    keys: keys.hub,
  })
  const zone = await host({
    name: 'zone',
    id: ZONE_ID,
    rpcUrl: zoneNode.rpcUrl,
    prefix: ZONE_PREFIX,
    token: 'uzone',
    keys: keys.zone,
  })
  await connect(simd, CLIENT, hub, CLIENT)
  await connect(hub, ZONE_CLIENT, zone, CLIENT)
  await connect(simd, ZONE_CLIENT, zone, ZONE_CLIENT)
  return { hub, simd, zone, lookalikes }
}

/** Creates a route and checks that the clients are those that everything here counts on. */
async function connect(a: Host, clientOnA: string, b: Host, clientOnB: string): Promise<void> {
  const route = await createRoute({ a: a.chain, b: b.chain, adopt: false })
  if (route.clientOnA !== clientOnA || route.clientOnB !== clientOnB) {
    throw new Error(`${a.id} and ${b.id} follow each other with ${route.clientOnA} and ${route.clientOnB}`)
  }
}

type Facts = Omit<Host, 'chain' | 'user' | 'attacker'> & { readonly mnemonics?: typeof MNEMONICS }

async function connectHost(facts: Facts, stops: (() => void)[]): Promise<Host> {
  const { mnemonics = MNEMONICS, ...host } = facts
  const { id, rpcUrl, prefix, token } = host
  const chain = await openOne(id, rpcUrl, prefix, token, mnemonics.relayer)
  // CosmJS refuses the status of a chain without a block
  await waitFor(`${id} to have headers`, async () => ((await chain.head()).height >= 2n ? true : undefined))
  const user = await cosmosUser(rpcUrl, mnemonics.user, { prefix })
  stops.push(() => user.close())
  const attacker = await connectAttacker({ id, rpcUrl, prefix, escortDenom: token }, mnemonics.attacker)
  stops.push(() => attacker.close())
  return { ...host, user, attacker, chain }
}

async function openOne(
  id: string,
  rpcUrl: string,
  prefix: string,
  token: string,
  mnemonic = MNEMONICS.relayer,
) {
  const chain = {
    id,
    rpc: [rpcUrl],
    addressPrefix: prefix,
    key: { env: 'KEY' },
    gasPrice: `0${token}`,
    poll: '100ms',
  }
  const opened = await openChains(checkConfig({ chains: [chain] }), { KEY: mnemonic }, Date.now)
  return opened.get(id)!
}

async function startZone(
  chainId: string,
  validators: readonly ValidatorKeyJson[],
  entries: readonly StoredEntry[],
  blocks: Parameters<typeof startEmbeddedNode>[0]['blocks'],
): Promise<EmbeddedNode> {
  const state = zoneAppState({ denoms: ['uzone'], balances: await balances(ZONE_PREFIX, 'uzone') })
  const ibc = { entries: entries.map(({ key, value }) => ({ key: toHex(key), value: toHex(value) })) }
  const node = await startEmbeddedNode({
    application: createZoneApplication({
      name: 'zone',
      bech32Prefix: ZONE_PREFIX,
      chainId,
      storage: createMemoryStorage(),
      verifySignatures: verifyNatively,
    }),
    blocks,
    validators,
    genesis: {
      genesis_time: new Date(Date.now() - 1000).toISOString(),
      chain_id: chainId,
      validators: validators.map(({ pub_key }) => ({ pub_key, power: '10' })),
      app_state: { ...(state as object), ibc },
    },
  })
  while (node.height() < FIRST_BLOCKS) node.produceBlock()
  return node
}

function threeValidators(of: string): ValidatorKeyJson[] {
  return [1, 2, 3].map((number) => generateValidatorKey(sha256(utf8(`validator ${number} of ${of}`))))
}

async function balances(prefix: string, denom: string) {
  const holders = await Promise.all(Object.values(MNEMONICS).map((mnemonic) => addressOf(mnemonic, prefix)))
  return holders.map((holder) => ({ holder, denom, amount: FUNDS }))
}

async function addressOf(mnemonic: string, prefix: string): Promise<string> {
  const wallet = await DirectSecp256k1HdWallet.fromMnemonic(mnemonic, { prefix })
  return (await wallet.getAccounts())[0]!.address
}
