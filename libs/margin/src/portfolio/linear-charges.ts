import type { E18, RiskModel } from '../model/risk-model.ts'
import { confidencePenalty } from './confidence-penalty.ts'
import { openInterestFraction } from './open-interest.ts'

/** A market without options: a perpetual, or a dated future. */
export interface LinearMarket {
  readonly underlying: string
  readonly spot: number
  readonly mark: number
  readonly confidence: E18
  readonly openInterest: number
}

/** What 1.0 of a perpetual or dated future requires in cash, long or short. */
export interface LinearCharges {
  readonly maintenance: number
  /** Maintenance included. */
  readonly initial: number
  /** For low confidence, initially. */
  readonly penalty: number
  /** For open interest beyond the base, initially; a linear model has it in `initial`. */
  readonly surcharge: number
}

/** Scenario models charge shares of spot, the others of the mark. */
export function linearCharges(model: RiskModel, market: LinearMarket): LinearCharges {
  const { underlying, spot, mark, confidence, openInterest } = market
  const base = openInterestFraction(model, underlying, 0)
  const fraction = openInterestFraction(model, underlying, openInterest)
  const penalty = confidencePenalty(model, 'perp', confidence) * spot
  if (model.kind === 'linear')
    return {
      maintenance: model.maintenanceShare * base * mark,
      initial: fraction * mark,
      penalty,
      surcharge: 0,
    }
  const surcharge = (fraction - base) * mark
  if (model.kind === 'standard')
    return {
      maintenance: model.perp.maintenance * mark,
      initial: model.perp.initial * mark,
      penalty,
      surcharge,
    }
  const { maintenance, initial } = model.contingencies.perp
  return { maintenance: maintenance * spot, initial: (maintenance + initial) * spot, penalty, surcharge }
}
