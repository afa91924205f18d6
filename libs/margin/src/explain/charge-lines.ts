import type { LinearCharges } from '../portfolio/linear-charges.ts'
import type { ScenarioModel } from '../model/risk-model.ts'
import type { Portfolio } from '../portfolio/portfolio.ts'
import type { RiskMarket } from '../portfolio/risk-market.ts'
import type { Requirement } from '../requirement/requirement.ts'
import { charge, type Line } from './line.ts'
import { standardOptionLines } from './standard-option-lines.ts'

/** What is charged beside the worst outcome, by position and reason. */
export function chargeLines(market: RiskMarket, portfolio: Portfolio, requirement: Requirement): Line[] {
  const { model } = market
  const holdsPerp = new Set(portfolio.perp.filter((_, i) => portfolio.perpSize[i] !== 0))
  const lines = [
    ...linearLines(market, portfolio),
    ...collateralLines(market, portfolio, holdsPerp),
    ...(model.kind === 'standard' ? standardOptionLines(market, model, portfolio) : []),
    ...(model.kind === 'scenario' ? scenarioOptionLines(market, model, portfolio, holdsPerp) : []),
  ]
  if (model.kind !== 'scenario' || !model.contingencies.scaledByLossFactor) return lines
  const more = requirement.lossFactors.initial - 1
  return lines.map((line) => ({ ...line, initial: line.initial + line.maintenance * more }))
}

function linearLines(market: RiskMarket, portfolio: Portfolio): Line[] {
  const { model, underlyings, expiries, pegLoss } = market
  const { perp, perpSize, future, futureSize } = portfolio
  const lines = (position: number, size: number, charges: LinearCharges, underlying: number): Line[] => [
    charge('linear', position, charges.maintenance * size, charges.initial * size),
    charge('confidence', position, 0, charges.penalty * size),
    charge('openInterest', position, 0, charges.surcharge * size),
    charge(
      'peg',
      position,
      0,
      model.kind === 'standard' ? pegLoss * underlyings.spot[underlying]! * size : 0,
    ),
  ]
  return [
    ...Array.from(perp, (underlying, i) =>
      lines(i, Math.abs(perpSize[i]!), underlyings.perpCharges[underlying]!, underlying),
    ).flat(),
    ...Array.from(future, (expiry, i) =>
      lines(
        perp.length + i,
        Math.abs(futureSize[i]!),
        expiries.futureCharges[expiry]!,
        expiries.underlying[expiry]!,
      ),
    ).flat(),
  ]
}

function collateralLines(
  { assets }: RiskMarket,
  { perp, future, option, asset, assetAmount }: Portfolio,
  holdsPerp: ReadonlySet<number>,
): Line[] {
  const first = perp.length + future.length + option.length
  return Array.from(asset, (index, i) => {
    const amount = assetAmount[i]!
    const penalty = assets.penalty[holdsPerp.has(assets.underlying[index]!) ? 1 : 0]![index]!
    return [
      charge(
        'collateral',
        first + i,
        amount * assets.maintenanceCharge[index]!,
        amount * assets.initialCharge[index]!,
      ),
      charge('confidence', first + i, 0, amount * penalty),
    ]
  }).flat()
}

/** Options' shares of the naked shorts at their strikes, and what low confidence costs them. */
function scenarioOptionLines(
  market: RiskMarket,
  { contingencies }: ScenarioModel,
  portfolio: Portfolio,
  holdsPerp: ReadonlySet<number>,
): Line[] {
  const { expiries, options, underlyings } = market
  const { maintenance, initial } = contingencies.nakedOption
  const first = portfolio.perp.length + portfolio.future.length
  return Array.from(portfolio.option, (option, i) => {
    const expiry = options.expiry[option]!
    const underlying = expiries.underlying[expiry]!
    const spot = underlyings.spot[underlying]!
    const naked = nakedShare(market, portfolio, i) * spot
    const penalty = expiries.optionPenalty[holdsPerp.has(underlying) ? 1 : 0]![expiry]!
    return [
      charge('option', first + i, naked * maintenance, naked * (maintenance + initial)),
      charge('confidence', first + i, 0, Math.abs(portfolio.optionAmount[i]!) * spot * penalty),
    ]
  }).flat()
}

/**
 * Naked shorts at a strike, max(0, −(call + put)), belong to those that are short there, by how short they
 * are.
 */
function nakedShare({ options }: RiskMarket, { option, optionAmount }: Portfolio, i: number): number {
  const amount = optionAmount[i]!
  if (amount >= 0) return 0
  const isSame = (other: number | undefined) =>
    other !== undefined &&
    options.expiry[other] === options.expiry[option[i]!] &&
    options.strike[other] === options.strike[option[i]!]
  const beside = isSame(option[i - 1])
    ? optionAmount[i - 1]!
    : isSame(option[i + 1])
      ? optionAmount[i + 1]!
      : 0
  return beside > 0 ? Math.max(0, -(amount + beside)) : -amount
}
