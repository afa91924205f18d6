import {
  HUB_CHAIN_ID,
  createHubApplication,
  createSeededPriceSource,
  generateValidatorKey,
  hubAppState,
  openRecording,
  recordApplication,
  startEmbeddedNode,
  verifyNatively,
} from '@causeway/hub'
import type {
  Application,
  EmbeddedNode,
  GenesisBalance,
  GenesisListing,
  ValidatorKeyJson,
} from '@causeway/hub'
import { sha256, utf8 } from '@causeway/primitives'
import { createMemoryStorage } from '@causeway/state-tree'

/** A hub for tests: one validator unless more are named, everything in memory, simulated prices. */
export interface HubSetting {
  readonly balances: readonly GenesisBalance[]
  /** The one listed token: who opens the route, the other chain, the denomination there. */
  readonly listing: Pick<GenesisListing, 'creator' | 'chainId' | 'base'>
  readonly blockMilliseconds?: number
  /** Validators of equal power. */
  readonly validators?: readonly ValidatorKeyJson[]
  /** Where to record what the engine gave the application. */
  readonly recordingPath?: string
}

/** The hub's application, not driven by anything yet. */
export function createTestHub(): Application {
  return createHubApplication({
    chainId: HUB_CHAIN_ID,
    storage: createMemoryStorage(),
    verifySignatures: verifyNatively,
    priceSource: createSeededPriceSource('interop', [{ asset: 2n, priceE9: 2_500_000_000n }]),
  })
}

/** Starts the hub on the embedded engine. */
export async function startTestHub(setting: HubSetting): Promise<EmbeddedNode> {
  const { validators = [generateValidatorKey(sha256(utf8('the validator of a test')))] } = setting
  const application = createTestHub()
  const { recordingPath } = setting
  return startEmbeddedNode({
    application:
      recordingPath === undefined
        ? application
        : recordApplication(application, openRecording(recordingPath)),
    blocks: { everyMilliseconds: setting.blockMilliseconds ?? 200 },
    validators,
    genesis: {
      genesis_time: new Date(Date.now() - 1000).toISOString(),
      chain_id: HUB_CHAIN_ID,
      consensus_params: { abci: { vote_extensions_enable_height: '1' } },
      validators: validators.map(({ pub_key }) => ({ pub_key, power: '10' })),
      app_state: hubAppState({
        denom: 'ucway',
        balances: setting.balances,
        gasPriceE9: 0n,
        assets: [
          {
            denom: 'stake',
            decimals: 6,
            symbol: 'STAKE',
            initialWeightBps: 8_000,
            maintenanceWeightBps: 9_000,
          },
        ],
        listings: [{ ...setting.listing, asset: 'stake' }],
      }),
    },
  })
}
