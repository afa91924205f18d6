// The hub: its modules joined.
import type { LightClient } from '@causeway/messaging'
import { CosmosApplication } from './application.ts'
import type { Composition } from './block/composition.ts'
import type { ReadContext } from './block/context.ts'
import { bridgeModules, composition, createFoundation } from './compose.ts'
import { createAddressCodec } from './identifiers.ts'
import type { Holder } from './identifiers.ts'
import { createLines } from './modules/ledger/lines.ts'
import { openListedLines } from './modules/ledger/listings.ts'
import { LEDGER_STORE, balances, readAsset, readBalance } from './modules/ledger/state.ts'
import { oracleModule } from './modules/oracle/module.ts'
import { createOracle } from './modules/oracle/oracle.ts'
import type { PriceSource } from './modules/oracle/price-source.ts'
import { riskModule } from './modules/risk/module.ts'
import { createRisk } from './modules/risk/risk.ts'
import type { HeldAsset } from './modules/risk/risk.ts'
import { stakingModule } from './modules/staking/module.ts'
import { createHubBank } from './modules/transfer/hub-bank.ts'
import { applicationOptions } from './node-options.ts'
import type { NodeOptions } from './node-options.ts'

/** What a hub is made with. */
export interface HubApplicationOptions extends NodeOptions {
  /** This validator's prices. */
  readonly priceSource: PriceSource
}

/** Bech32 prefix of the hub's addresses. */
export const HUB_PREFIX = 'cway'
/** The hub's own token, in which fees are paid. */
export const HUB_DENOM = 'ucway'
/** Chain id of the hub. */
export const HUB_CHAIN_ID = 'causeway-1'

/** Makes the hub over a storage: at its last committed block, or waiting for InitChain. */
export function createHubApplication(options: HubApplicationOptions): CosmosApplication {
  const application = applicationOptions(options)
  const { priceSource } = options
  return new CosmosApplication(hubComposition({ ...application, priceSource }), application)
}

/** The hub's modules, joined. */
export function hubComposition(options: {
  readonly lightClients: readonly LightClient[]
  readonly priceSource: PriceSource
}): Composition {
  const foundation = createFoundation(createAddressCodec(HUB_PREFIX))
  const { addresses, ledger, transferLedger } = foundation
  const oracle = createOracle(options.priceSource)
  const risk = createRisk({ balance: heldAsset, balances: heldAssets, price: oracle.price })
  const lines = createLines(ledger)
  const { checkWithdrawal, checkFee } = risk
  const bank = createHubBank({ addresses, ledger: transferLedger, lines, checkWithdrawal })
  const modules = [
    stakingModule(),
    ...bridgeModules(foundation, {
      lightClients: options.lightClients,
      bank,
      checkWithdrawal,
      openListedLines,
    }),
    oracleModule(),
    riskModule(risk, addresses),
  ]
  return composition(foundation, { name: 'causeway', modules, voteExtensions: oracle, checkFee })
}

function heldAsset(context: ReadContext, holder: Holder, asset: bigint): HeldAsset | undefined {
  const store = context.store(LEDGER_STORE)
  const amount = readBalance(store, holder, asset)
  if (amount === 0n) return undefined
  const { denom, decimals } = readAsset(store, asset)
  return { asset, denom, decimals, amount }
}

function* heldAssets(context: ReadContext, holder: Holder): Iterable<HeldAsset> {
  const store = context.store(LEDGER_STORE)
  for (const { asset, amount } of balances(store, holder.account, holder.subaccount)) {
    const { denom, decimals } = readAsset(store, asset)
    yield { asset, denom, decimals, amount }
  }
}
