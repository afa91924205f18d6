import type { StandardModel } from '../model/risk-model.ts'

/**
 * Maintenance margin (≤ 0) of one short option alone, in the standard model. `amount` and `mark`, the
 * position's value, are below 0. Spec: the vectors' README, "StandardManager".
 */
export function shortMaintenance(
  { option }: StandardModel,
  spot: number,
  isCall: boolean,
  amount: number,
  mark: number,
): number {
  if (isCall) return mark + option.maintenanceCallSpot * spot * amount
  return mark + Math.min(option.maintenancePutSpot * spot * amount, option.maintenancePutMark * mark)
}

/** Its initial margin: what falls out of the money is taken off, and a put's is beyond its maintenance. */
export function shortInitial(
  model: StandardModel,
  spot: number,
  strike: number,
  isCall: boolean,
  amount: number,
  mark: number,
): number {
  const { spotMin, spotMax, maintenanceOffset } = model.option
  const outOfMoney = Math.max(0, isCall ? strike - spot : spot - strike) / spot
  const margin = mark + Math.max(spotMin, spotMax - outOfMoney) * spot * amount
  return isCall
    ? margin
    : Math.min(margin, maintenanceOffset * shortMaintenance(model, spot, false, amount, mark))
}
