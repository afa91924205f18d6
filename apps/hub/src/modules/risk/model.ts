// The risk model of this chain: a preset of libs/margin in which underlyings go by their asset ids, and the
// initial share of notional grows with each market's open interest.
import { presets, readRiskModel } from '@causeway/margin'
import type { RiskModel } from '@causeway/margin'

/** What of the markets is part of the model. */
export interface ModelUnderlying {
  readonly asset: bigint
  /** Its name in presets. */
  readonly symbol: string | undefined
  /** Open notional of its perpetual between which the initial share rises to 1. */
  readonly openNotional: { readonly lowerE6: bigint; readonly upperE6: bigint } | undefined
}

/** The presets that a genesis may name: those that take options and have an order reservation. */
export const MODEL_PRESETS = ['pm2', 'pm1'] as const
/** One of them. */
export type ModelPreset = (typeof MODEL_PRESETS)[number]

/** 3 % maintenance and 1 % initial: what growing open interest grows from. */
const LINEAR_BASE = 0.04
const E6 = 1e6

/** Makes models; the same underlyings give the same object, by which books know that nothing has changed. */
export function createModels(): (preset: ModelPreset, underlyings: readonly ModelUnderlying[]) => RiskModel {
  let known: { readonly key: string; readonly model: RiskModel } | undefined
  return (preset, underlyings) => {
    const json = modelJson(preset, underlyings)
    const key = JSON.stringify(json)
    if (known?.key !== key) known = { key, model: readRiskModel(json) }
    return known.model
  }
}

function modelJson(preset: ModelPreset, underlyings: readonly ModelUnderlying[]): object {
  const base = presets[preset] as { readonly offsetGroups?: readonly Group[] }
  const idOf = new Map(underlyings.map(({ symbol, asset }) => [symbol, asset.toString()]))
  const offsetGroups = (base.offsetGroups ?? []).map(({ underlyings: names, lambda }) => ({
    underlyings: names.flatMap((name) => idOf.get(name) ?? []),
    lambda,
  }))
  const openInterest = underlyings.flatMap(({ asset, openNotional }) =>
    openNotional === undefined || openNotional.upperE6 <= openNotional.lowerE6
      ? []
      : [
          {
            underlying: asset.toString(),
            base: LINEAR_BASE,
            lower: Number(openNotional.lowerE6) / E6,
            upper: Number(openNotional.upperE6) / E6,
          },
        ],
  )
  return {
    ...base,
    offsetGroups: offsetGroups.filter(({ underlyings: members }) => members.length > 1),
    openInterest,
  }
}

interface Group {
  readonly underlyings: readonly string[]
  readonly lambda: number
}
