// Collateral at oracle prices with haircuts, and what may leave an account.
import { collateralValueE6 } from '@causeway/margin'
import type { Context, ReadContext } from '../../block/context.ts'
import type { Holder } from '../../identifiers.ts'
import { errors } from './errors.ts'
import { RISK_STORE, readRequirement, readWeight } from './state.ts'

/** One balance as the ledger tells it. */
export interface HeldAsset {
  readonly asset: bigint
  readonly denom: string
  readonly decimals: number
  readonly amount: bigint
}

/** What risk needs of other modules. */
export interface RiskPorts {
  /** A subaccount's balances, ascending by asset. */
  balances(context: ReadContext, holder: Holder): readonly HeldAsset[]
  price(context: ReadContext, asset: bigint): { readonly priceE9: bigint; readonly state: string }
}

/** One balance, valued. Only a fresh price counts; a balance without one is worth nothing here. */
export interface ValuedAsset extends HeldAsset {
  readonly priceE9: bigint
  readonly priceState: string
  readonly valueE6: bigint
  readonly initialValueE6: bigint
  readonly maintenanceValueE6: bigint
}

/** A subaccount, valued. */
export interface Portfolio {
  readonly collateral: readonly ValuedAsset[]
  readonly equityE6: bigint
  readonly initialMarginE6: bigint
  readonly maintenanceMarginE6: bigint
}

/** What other parts of the chain ask about risk. */
export interface Risk {
  portfolio(context: ReadContext, holder: Holder): Portfolio
  /**
   * Refuses what has just left a subaccount when its initial requirement is no longer covered, or when it
   * can't be known. A subaccount that owes nothing may take out everything, whatever the oracle does. Throws
   * `risk/1` or `risk/2`.
   */
  checkWithdrawal(context: Context, holder: Holder): void
}

/** Makes risk over its ports. */
export function createRisk(ports: RiskPorts): Risk {
  const portfolio = (context: ReadContext, holder: Holder): Portfolio => {
    const collateral = ports.balances(context, holder).map((held) => value(context, ports, held))
    const requirement = readRequirement(context.store(RISK_STORE), holder)
    const sum = (of: (item: ValuedAsset) => bigint) =>
      collateral.reduce((total, item) => total + of(item), 0n)
    return {
      collateral,
      equityE6: sum(({ valueE6 }) => valueE6),
      initialMarginE6: sum(({ initialValueE6 }) => initialValueE6) - BigInt(requirement?.initialE6 ?? '0'),
      maintenanceMarginE6:
        sum(({ maintenanceValueE6 }) => maintenanceValueE6) - BigInt(requirement?.maintenanceE6 ?? '0'),
    }
  }
  return {
    portfolio,
    checkWithdrawal(context, holder) {
      const requirement = readRequirement(context.store(RISK_STORE), holder)
      if (requirement === undefined || requirement.initialE6 === '0') return
      const { collateral, initialMarginE6 } = portfolio(context, holder)
      for (const { asset, priceState } of collateral) {
        const counts = readWeight(context.store(RISK_STORE), asset) !== undefined
        if (counts && priceState !== 'fresh') throw errors.priceNotFresh({ asset, state: priceState })
      }
      if (initialMarginE6 >= 0n) return
      throw errors.insufficientMargin({ subaccount: holder.subaccount, missingE6: -initialMarginE6 })
    },
  }
}

function value(context: ReadContext, ports: RiskPorts, held: HeldAsset): ValuedAsset {
  const { amount, decimals, asset } = held
  const { priceE9, state } = ports.price(context, asset)
  const counting = state === 'fresh' ? priceE9 : 0n
  const weight = readWeight(context.store(RISK_STORE), asset)
  const at = (weightBps: number) => collateralValueE6({ amount, decimals, priceE9: counting, weightBps })
  return {
    ...held,
    priceE9,
    priceState: state,
    valueE6: at(10_000),
    initialValueE6: at(weight?.initialWeightBps ?? 0),
    maintenanceValueE6: at(weight?.maintenanceWeightBps ?? 0),
  }
}
