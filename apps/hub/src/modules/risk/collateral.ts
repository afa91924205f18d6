// What one balance is worth, and what a subaccount's balances cover, in whole micro-cash.
import { collateralValueE6 } from '@causeway/margin'
import type { ReadContext } from '../../block/context.ts'
import { countedWeight, lessened } from './haircut.ts'
import type { HeldAsset, RiskPorts } from './ports.ts'
import { RISK_STORE, readWeight } from './state.ts'

/** One balance, valued at its last price. */
export interface ValuedAsset extends HeldAsset {
  readonly priceE9: bigint
  /** Only what is `fresh` lets anything leave. */
  readonly priceState: string
  readonly valueE6: bigint
  readonly initialValueE6: bigint
  readonly maintenanceValueE6: bigint
  /** What of a debt it covers before it is sold: its initial weight, less what is off maintenance. */
  readonly debtCoverE6: bigint
  /** What dead clients take off its weights, in basis points of them. */
  readonly initialCutBps: number
  readonly maintenanceCutBps: number
}

/** Values one balance. */
export function valueOf(
  context: ReadContext,
  { price }: Pick<RiskPorts, 'price'>,
  held: HeldAsset,
): ValuedAsset {
  const { amount, decimals, asset } = held
  const { priceE9, state } = price(context, asset)
  const listed = readWeight(context.store(RISK_STORE), asset)
  const weight = listed && countedWeight(listed)
  const { initialCutBps = 0, maintenanceCutBps = 0 } = listed ?? {}
  const at = (weightBps: number) => collateralValueE6({ amount, decimals, priceE9, weightBps })
  return {
    ...held,
    priceE9,
    priceState: state,
    valueE6: at(10_000),
    initialValueE6: at(weight?.initialWeightBps ?? 0),
    maintenanceValueE6: at(weight?.maintenanceWeightBps ?? 0),
    debtCoverE6: at(lessened(listed?.initialWeightBps ?? 0, maintenanceCutBps)),
    ...{ initialCutBps, maintenanceCutBps },
  }
}
