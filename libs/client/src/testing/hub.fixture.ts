// A hub in this process, with the embedded engine, its RPC, and prices that a test sets: what clients meet.
import { privateKeyToAccount } from 'viem/accounts'
import { sha256, toHex, utf8 } from '@causeway/primitives'
import { createHubApplication, startEmbeddedNode } from '@causeway/hub'
import type { CosmosApplication, EmbeddedNode } from '@causeway/hub'
import { testGenesis, testKeys } from '../../../../apps/hub/src/engine/chain.fixture.ts'
import { createSeededSurfaceSource } from '../../../../apps/hub/src/modules/oracle/seeded-surfaces.ts'
import { E6, E9, ETH, USD, tradingGenesis } from '../../../../apps/hub/src/testing/trading-hub.fixture.ts'
import { hubOptions } from '../../../../apps/hub/src/testing/hub.fixture.ts'
import type { Wallet as HubWallet } from '../../../../apps/hub/src/testing/wallet.fixture.ts'
import { createMemoryStorage } from '@causeway/state-tree'
import type { Storage } from '@causeway/state-tree'
import { connect } from '../connect.ts'
import type { Causeway, ConnectOptions } from '../connect.ts'
import type { Clock } from '../transactions/hub.ts'
import { evmWallet } from '../wallets/evm-wallet.ts'
import type { EvmWallet } from '../wallets/evm-wallet.ts'

/** A hub that runs, and a client of it. */
export interface TestHub {
  readonly node: EmbeddedNode
  readonly application: CosmosApplication
  readonly causeway: Causeway
  readonly clock: Clock
  /** By asset, 10⁻⁹ cash: what the validators say from the next block on. */
  readonly prices: Map<bigint, bigint>
  connect(options?: Partial<ConnectOptions>): Promise<Causeway>
  /** Stops the node and starts it anew over what it stored, at the same address; needs `home`. */
  restart(): Promise<void>
  stop(): Promise<void>
}

/** What a test wants otherwise. */
export interface TestHubOptions {
  /** Who has 1,000 CWAY and 20,000 dollars at genesis. */
  readonly addresses: readonly string[]
  /** Default 100; `onDemand` for none. */
  readonly blockMilliseconds?: number | 'onDemand'
  /** Whether cash pays fees. Default true. */
  readonly cashPaysGas?: boolean
  /** Whether the dollars do. Default false. */
  readonly dollarsPayGas?: boolean
  /** Where blocks are kept over a restart. */
  readonly home?: string
}

// The clients of the genesis trust headers of that time.
const START_MS = 1_700_000_000_000
const DAY_SECONDS = 86_400n
const GRIDS = {
  perpetual: { tickE9: '10000000', lotE9: '100000000' },
  future: { tickE9: '10000000', lotE9: '100000000' },
  option: { tickE9: '10000000', lotE9: '100000000' },
  spot: { tickE9: '10000000', lotE9: '100000000' },
}

const DOLLAR_GAS = [
  { denom: 'ucway', priceE9: '25000000' },
  { denom: 'usdz', priceE9: '25000000' },
]

/** Starts a hub on which these addresses trade ETH; waits until it has prices. */
export async function startTestHub(options: TestHubOptions): Promise<TestHub> {
  const startedAt = performance.now()
  const clock: Clock = {
    now: () => START_MS + (performance.now() - startedAt),
    sleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
  }
  const prices = new Map([
    [USD, E9],
    [ETH, 3_000n * E9],
  ])
  const storage = createMemoryStorage()
  const made: { node?: EmbeddedNode } = {}
  const applicationOf = () => createApplication(storage, { clock, prices, node: () => made.node })
  let application = applicationOf()
  let node = (made.node = await startNode(application, options, { clock, port: 0 }))
  for (let i = 0; i < 3; i++) node.produceBlock()
  const { rpcUrl } = node
  const open = (more: Partial<ConnectOptions> = {}) => connect({ rpc: rpcUrl, clock, ...more })
  const causeway = await open()
  return {
    get node() {
      return node
    },
    get application() {
      return application
    },
    causeway,
    clock,
    prices,
    connect: open,
    async restart() {
      await node.stop()
      application = applicationOf()
      node = made.node = await startNode(application, options, { clock, port: Number(new URL(rpcUrl).port) })
    },
    async stop() {
      causeway.close()
      await node.stop()
    },
  }
}

function createApplication(
  storage: Storage,
  parts: {
    readonly clock: Clock
    readonly prices: ReadonlyMap<bigint, bigint>
    readonly node: () => EmbeddedNode | undefined
  },
): CosmosApplication {
  const seconds = () => BigInt(Math.floor(parts.clock.now() / 1_000))
  return createHubApplication(
    hubOptions(storage, {
      priceSource: () =>
        [...parts.prices].map(([asset, priceE9]) => ({ asset, priceE9, publishTimeSeconds: seconds() })),
      surfaceSource: createSeededSurfaceSource(
        [{ asset: ETH, priceE9: 3_000n * E9, volatilityBps: 6_000 }],
        expiriesAfter,
        seconds,
      ),
      findTransaction: (hash) => parts.node()?.findTransaction(hash),
    }),
  )
}

async function startNode(
  application: CosmosApplication,
  { addresses, blockMilliseconds = 100, home, ...gas }: TestHubOptions,
  { clock, port }: { readonly clock: Clock; readonly port: number },
): Promise<EmbeddedNode> {
  const keys = testKeys('client one')
  return await startEmbeddedNode({
    application,
    genesis: testGenesis(keys, {
      chain_id: 'causeway-1',
      genesis_time: new Date(START_MS).toISOString(),
      app_state: appState(addresses, gas) as never,
    }),
    validators: keys,
    clock: () => BigInt(Math.floor(clock.now())) * 1_000_000n,
    blocks: blockMilliseconds === 'onDemand' ? 'onDemand' : { everyMilliseconds: blockMilliseconds },
    rpc: { port },
    ...(home === undefined ? {} : { home, durability: 'process-kill' }),
  })
}

/** The EVM wallet of a name, the same every time. */
export function testEvmWallet(name: string): EvmWallet {
  return evmWallet(privateKeyToAccount(`0x${toHex(testSecret(name))}`))
}

/** 32 bytes for a name. */
export function testSecret(name: string): Uint8Array {
  return sha256(utf8(`client test ${name}`))
}

function appState(
  addresses: readonly string[],
  { cashPaysGas = true, dollarsPayGas = false }: Pick<TestHubOptions, 'cashPaysGas' | 'dollarsPayGas'>,
) {
  const wallets = addresses.map((address) => ({ address }) as HubWallet)
  const underlying = {
    asset: ETH.toString(),
    name: 'ETH',
    tier: 1,
    ...GRIDS,
    ownerCapE9: `${1_000_000n * E9}`,
    openInterestCapE9: `${10_000_000n * E9}`,
    openNotionalLowerE6: `${10n ** 9n * E6}`,
    openNotionalUpperE6: `${10n ** 10n * E6}`,
  }
  return tradingGenesis(wallets, {
    ...(cashPaysGas ? { cashGasPriceE9: 25_000_000n } : {}),
    genesis: {
      markets: { underlyings: [underlying] },
      ...(dollarsPayGas && { accounts: { gasPrices: DOLLAR_GAS } }),
    },
  })
}

/** The next eight days at 08:00 UTC, where the calendar lists options. */
function expiriesAfter(timeSeconds: bigint): bigint[] {
  const eight = 8n * 3_600n
  const first = ((timeSeconds - eight) / DAY_SECONDS + 1n) * DAY_SECONDS + eight
  return Array.from({ length: 8 }, (_, i) => first + BigInt(i) * DAY_SECONDS)
}
