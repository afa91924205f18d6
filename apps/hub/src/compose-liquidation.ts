// Liquidation joined to margin, markets, cash, balances and insurance.
import type { Context, ReadContext } from './block/context.ts'
import type { Module } from './block/module.ts'
import type { Foundation } from './compose.ts'
import type { InUse } from './compose-accounts.ts'
import type { Holder } from './identifiers.ts'
import type { Cash } from './modules/cash/cash.ts'
import { createLiquidations } from './modules/liquidation/liquidation.ts'
import type { Liquidations } from './modules/liquidation/liquidation.ts'
import { freshnessModule, liquidationModule } from './modules/liquidation/module.ts'
import type { InsurancePort, LiquidationPorts } from './modules/liquidation/ports.ts'
import { LIQUIDATION_STORE, isLiquidated } from './modules/liquidation/state.ts'
import type { Markets } from './modules/markets/market.ts'
import type { Oracle } from './modules/oracle/oracle.ts'
import { ORACLE_STORE, feeds } from './modules/oracle/state.ts'
import type { Risk } from './modules/risk/risk.ts'
import { RISK_STORE, isIsolated } from './modules/risk/state.ts'

/** What liquidation needs. */
export interface LiquidationParts {
  readonly oracle: Pick<Oracle, 'price'>
  readonly markets: Markets
  readonly risk: Risk
  readonly cash: Cash
  readonly insurance: InsurancePort
  /** Whether an account waits for a standby line that was called. */
  readonly isWaiting: (context: ReadContext, holder: Holder) => boolean
}

/** Liquidation, and its module. */
export interface JoinedLiquidation {
  readonly liquidation: Liquidations
  readonly module: Module
}

/** Whoever is under liquidation keeps its account. */
export const liquidationInUse: InUse = (context, account) =>
  isLiquidated(context.store(LIQUIDATION_STORE), account) ? 'a liquidation' : undefined

/** Joins liquidation. */
export function joinLiquidation(foundation: Foundation, parts: LiquidationParts): JoinedLiquidation {
  const ports = liquidationPorts(foundation, parts)
  const liquidation = createLiquidations(ports)
  return { liquidation, module: liquidationModule(liquidation, ports) }
}

/** Which prices are fresh, and since when: before insurance and liquidation judge anybody. */
export const joinFreshness = (oracle: LiquidationParts['oracle']): Module =>
  freshnessModule(freshnessPorts(oracle))

function freshnessPorts(
  oracle: LiquidationParts['oracle'],
): Pick<LiquidationPorts, 'feeds' | 'isPriceFresh'> {
  return {
    *feeds(context) {
      for (const { asset } of feeds(context.store(ORACLE_STORE))) yield asset
    },
    isPriceFresh: (context, asset) => oracle.price(context, asset).state === 'fresh',
  }
}

function liquidationPorts(
  { addresses, accounts, ledger }: Foundation,
  { oracle, markets, risk, cash, insurance, isWaiting }: LiquidationParts,
): LiquidationPorts {
  return {
    addresses,
    owner: accounts.owner,
    ...freshnessPorts(oracle),
    isWaiting,
    risk: {
      ...risk,
      isIsolated: (context, holder) => isIsolated(context.store(RISK_STORE), holder),
    },
    markets,
    insurance,
    cash: { balanceE6: cash.balanceE6, lockedE6: cash.lockedE6, flow: cash.flow },
    moveAsset: (context: Context, from, to, asset, amount) => ledger.move(context, from, to, asset, amount),
  }
}
