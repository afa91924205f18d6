import { marginErrors } from '../errors.ts'
import { linearModelShape, standardModelShape } from './parameter-shapes.ts'
import { preset } from './presets.ts'
import type { RiskModel, ScenarioModel } from './risk-model.ts'
import { scenarioModelShape } from './scenario-shape.ts'
import { malformed, objectOf } from './shape.ts'

/**
 * Reads a risk model: a parameter set as parsed JSON (from `JSON.parse` or `parseExactJson`), or the name
 * of a preset. The members are those of `RiskModel`; `riskModelSchema` describes them. Throws `MarginError`
 * 80 with the member, what was expected and what was there; 40 for a long static discount above 1 or a
 * short one below 1 (a file that has the two swapped says `"swapped": true` and is read as it was meant);
 * 41 for an underlying in two offset groups.
 */
export function readRiskModel(value: unknown, path = 'model'): RiskModel {
  if (typeof value === 'string') return readRiskModel(preset(value), path)
  const { kind } = objectOf(value, path)
  if (kind === 'standard') return checkOpenInterest(standardModelShape.read(value, path), path)
  if (kind === 'linear') return checkOpenInterest(linearModelShape.read(value, path), path)
  if (kind !== 'scenario') throw malformed(`${path}.kind`, 'one of scenario, standard, linear', kind)
  const { swapped, ...model } = scenarioModelShape.read(value, path)
  const { long, short } = model.staticDiscount
  return checkScenarioModel(
    swapped ? { ...model, staticDiscount: { long: short, short: long } } : model,
    path,
  )
}

function checkScenarioModel(model: ScenarioModel, path: string): ScenarioModel {
  const { long, short } = model.staticDiscount
  if (long.base > 1) throw marginErrors.discountOrder({ side: 'long', base: long.base })
  if (short.base < 1) throw marginErrors.discountOrder({ side: 'short', base: short.base })
  if (model.basis.spotUp < 1) throw malformed(`${path}.basis.spotUp`, 'at least 1', model.basis.spotUp)
  if (model.basis.spotDown > 1) throw malformed(`${path}.basis.spotDown`, 'at most 1', model.basis.spotDown)
  model.scenarios.forEach(({ spot, vol }, index) => {
    if ((vol === 'linearSkew' || vol === 'absoluteSkew') && spot !== 1)
      throw malformed(`${path}.scenarios[${index}].spot`, '1 (a skew keeps the spot)', spot)
  })
  const grouped = new Set<string>()
  for (const underlying of model.offsetGroups.flatMap(({ underlyings }) => underlyings)) {
    if (grouped.has(underlying)) throw marginErrors.groupOverlap({ underlying })
    grouped.add(underlying)
  }
  return checkOpenInterest(model, path)
}

function checkOpenInterest<T extends RiskModel>(model: T, path: string): T {
  const named = new Set<string>()
  model.openInterest.forEach(({ underlying, lower, upper }, index) => {
    const at = `${path}.openInterest[${index}]`
    if (!(upper > lower)) throw malformed(`${at}.upper`, 'more than lower', upper)
    if (named.has(underlying)) throw marginErrors.duplicate({ what: at, key: underlying })
    named.add(underlying)
  })
  return model
}
