import { createMemoryStorage } from '@causeway/state-tree'
import type { Storage } from '@causeway/state-tree'
import type { JsonValue } from '@causeway/primitives'
import { createHubApplication } from '../app.ts'
import type { HubApplicationOptions } from '../app.ts'
import type { CosmosApplication } from '../application.ts'
import { createSeededPriceSource } from '../modules/oracle/price-source.ts'
import { verifyNatively } from '../workers/native-signatures.ts'
import { clientEntries } from './client-entries.fixture.ts'
import { Driver } from './driver.fixture.ts'
import { testValidators } from './validators.fixture.ts'
import type { Wallet } from './wallet.fixture.ts'

/** Options of a test hub over a storage. */
export function hubOptions(
  storage: Storage,
  overrides: Partial<HubApplicationOptions> = {},
): HubApplicationOptions {
  return {
    chainId: 'causeway-1',
    version: 'test',
    storage,
    keepVersions: 100n,
    verifySignatures: verifyNatively,
    mempoolTransactionsMax: 5_000,
    priceSource: createSeededPriceSource('test', [{ asset: 2n, priceE9: 1_000_000_000n }]),
    ...overrides,
  }
}

/** A hub with four validators and funded wallets, at genesis. */
export function testHub(
  wallets: readonly Wallet[],
  overrides: Partial<HubApplicationOptions> = {},
  appState: JsonValue = hubGenesis(wallets),
  timeNanoseconds?: bigint,
): { hub: CosmosApplication; driver: Driver; storage: Storage } {
  const storage = overrides.storage ?? createMemoryStorage()
  const hub = createHubApplication(hubOptions(storage, overrides))
  const driver = new Driver(hub, testValidators([10n, 10n, 10n, 10n]))
  if (timeNanoseconds !== undefined) driver.timeNanoseconds = timeNanoseconds
  for (const [i, wallet] of wallets.entries()) wallet.accountNumber = BigInt(i + 1)
  driver.initChain(appState)
  return { hub, driver, storage }
}

/** Genesis with a native token for everyone, a client, and one listed line over it. */
export function hubGenesis(wallets: readonly Wallet[], parts: Record<string, JsonValue> = {}): JsonValue {
  return {
    accounts: { gasPrices: [{ denom: 'ucway', priceE9: '25000000' }] },
    ibc: clientEntries(),
    ledger: {
      zone: 0,
      assets: [
        { denom: 'ucway', decimals: 6, native: true },
        { denom: 'usdz', decimals: 6, native: false },
      ],
      lines: [{ client: '07-tendermint-0', denom: 'transfer/07-tendermint-0/uusd', asset: 'usdz' }],
      balances: wallets.map(({ address }) => ({ holder: address, denom: 'ucway', amount: '1000000000' })),
    },
    oracle: { feeds: [{ asset: '2', symbol: 'USDZ' }] },
    risk: { weights: [{ asset: '2', initialWeightBps: 9000, maintenanceWeightBps: 9500 }] },
    ...parts,
  }
}
