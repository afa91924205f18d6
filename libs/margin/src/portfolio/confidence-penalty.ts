import { doubleFromE18 } from '../formats/exact-number.ts'
import type { E18, RiskModel } from '../model/risk-model.ts'

const ONE: E18 = 10n ** 18n

/**
 * What confidence in a price costs, as a share of notional in initial margin: (1 − confidence)·factor below
 * the threshold, 0 from it on. The comparison is exact.
 */
export function confidencePenalty(
  model: RiskModel,
  kind: 'perp' | 'option' | 'collateral',
  confidence: E18,
): number {
  if (model.kind === 'linear') return 0
  const [threshold, factor] =
    model.kind === 'scenario'
      ? [model.contingencies.confidenceThreshold, model.contingencies.confidenceMargin]
      : [model.confidence[`${kind}Threshold`], model.confidence.factor]
  return confidence < threshold ? doubleFromE18(ONE - confidence) * factor : 0
}
