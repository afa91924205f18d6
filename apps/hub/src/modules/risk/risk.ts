// Collateral at oracle prices with haircuts, and what may leave an account.
import { collateralValueE6 } from '@causeway/margin'
import type { Context, ReadContext } from '../../block/context.ts'
import type { Holder } from '../../identifiers.ts'
import { errors } from './errors.ts'
import { RISK_STORE, readRequirement, readWeight, weights } from './state.ts'

/** One balance as the ledger tells it. */
export interface HeldAsset {
  readonly asset: bigint
  readonly denom: string
  readonly decimals: number
  readonly amount: bigint
}

/** What risk needs of other modules. */
export interface RiskPorts {
  /** What a subaccount holds of an asset; nothing when it holds none. */
  balance(context: ReadContext, holder: Holder, asset: bigint): HeldAsset | undefined
  /** A subaccount's balances, ascending by asset, read as they are asked for: anyone can add to them. */
  balances(context: ReadContext, holder: Holder): Iterable<HeldAsset>
  price(context: ReadContext, asset: bigint): { readonly priceE9: bigint; readonly state: string }
  /**
   * What deposits that are not final add to a subaccount's maintenance margin, micro-cash; to nothing else.
   */
  pendingE6(context: ReadContext, holder: Holder): bigint
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
  /** Ascending by asset: the first 1,000 balances, and of those beyond whatever covers requirements. */
  readonly collateral: readonly ValuedAsset[]
  readonly equityE6: bigint
  readonly initialMarginE6: bigint
  readonly maintenanceMarginE6: bigint
}

/** What other parts of the chain ask about risk. */
export interface Risk {
  portfolio(context: ReadContext, holder: Holder): Portfolio
  /** One amount, valued. */
  value(context: ReadContext, held: HeldAsset): ValuedAsset
  /** What of a subaccount covers initial requirements, micro-cash; without a fresh price it is nothing. */
  coverageE6(context: ReadContext, holder: Holder): bigint
  /**
   * Refuses what has just left a subaccount when its initial requirement is no longer covered, or when it
   * can't be known. A subaccount that owes nothing may take out everything, whatever the oracle does. Throws
   * `risk/1` or `risk/2`.
   */
  checkWithdrawal(context: Context, holder: Holder): void
  /**
   * The same for a fee that was just paid in an asset. One that covers nothing may always pay: whoever waits
   * for a price or owes margin can still act.
   */
  checkFee(context: Context, holder: Holder, asset: bigint): void
}

/** Balances that a portfolio lists whether they cover anything or not. */
export const BALANCES_SHOWN_MAX = 1_000

/** Makes risk over its ports. */
export function createRisk(ports: RiskPorts): Risk {
  return {
    portfolio: (context, holder) => portfolio(ports, context, holder),
    value: (context, held) => value(context, ports, held),
    coverageE6: (context, holder) =>
      covering(ports, context, holder, 0n).reduce(
        (sum, held) => sum + value(context, ports, held).initialValueE6,
        0n,
      ),
    checkWithdrawal(context, holder) {
      const requiredE6 = initialRequirementE6(context, holder)
      if (requiredE6 > 0n) requireCovered(ports, context, holder, requiredE6)
    },
    checkFee(context, holder, asset) {
      const requiredE6 = initialRequirementE6(context, holder)
      if (requiredE6 === 0n || readWeight(context.store(RISK_STORE), asset) === undefined) return
      requireCovered(ports, context, holder, requiredE6)
    },
  }
}

function portfolio(ports: RiskPorts, context: ReadContext, holder: Holder): Portfolio {
  const shown: HeldAsset[] = []
  for (const held of ports.balances(context, holder)) {
    shown.push(held)
    if (shown.length === BALANCES_SHOWN_MAX) break
  }
  const last = shown.at(-1)?.asset ?? 0n
  const beyond = shown.length < BALANCES_SHOWN_MAX ? [] : covering(ports, context, holder, last)
  const collateral = [...shown, ...beyond].map((held) => value(context, ports, held))
  const requirement = readRequirement(context.store(RISK_STORE), holder)
  const sum = (of: (item: ValuedAsset) => bigint) => collateral.reduce((total, item) => total + of(item), 0n)
  return {
    collateral,
    equityE6: sum(({ valueE6 }) => valueE6),
    initialMarginE6: sum(({ initialValueE6 }) => initialValueE6) - BigInt(requirement?.initialE6 ?? '0'),
    maintenanceMarginE6:
      sum(({ maintenanceValueE6 }) => maintenanceValueE6) +
      ports.pendingE6(context, holder) -
      BigInt(requirement?.maintenanceE6 ?? '0'),
  }
}

function initialRequirementE6(context: ReadContext, holder: Holder): bigint {
  return BigInt(readRequirement(context.store(RISK_STORE), holder)?.initialE6 ?? '0')
}

/** Reads listed assets only: what strangers send in makes it no dearer. */
function requireCovered(ports: RiskPorts, context: ReadContext, holder: Holder, requiredE6: bigint): void {
  let coveredE6 = 0n
  for (const held of covering(ports, context, holder, 0n)) {
    const { asset, priceState, initialValueE6 } = value(context, ports, held)
    if (priceState !== 'fresh') throw errors.priceNotFresh({ asset, state: priceState })
    coveredE6 += initialValueE6
  }
  if (coveredE6 >= requiredE6) return
  throw errors.insufficientMargin({ subaccount: holder.subaccount, missingE6: requiredE6 - coveredE6 })
}

/** Balances in assets that cover requirements, with ids above `after`. */
function covering(ports: RiskPorts, context: ReadContext, holder: Holder, after: bigint): HeldAsset[] {
  return weights(context.store(RISK_STORE))
    .filter(({ asset }) => asset > after)
    .flatMap(({ asset }) => ports.balance(context, holder, asset) ?? [])
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
