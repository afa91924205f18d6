import { objectOf } from '../model/shape.ts'
import type { Account, OptionPosition } from '../portfolio/account.ts'
import { splitForward, type ExpirySnapshot, type MarketSnapshot } from '../portfolio/market-snapshot.ts'
import { caseReader, type CaseReader } from './decimals.ts'
import type { ExpectedResult, MarginCase } from './margin-case.ts'
import { mergeOptions } from './merge-options.ts'
import { readPmrm2Model } from './pmrm2-model.ts'

/** The one underlying of a case that doesn't name it. */
export const CASE_UNDERLYING = 'UNDERLYING'

/** Whether a value from `parseExactJson` is a PMRM_2 case: `{Scenario, Parameters, Result}`. */
export function isPmrm2Case(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  const { Scenario, Parameters } = value as Record<string, unknown>
  return typeof Scenario === 'object' && typeof Parameters === 'object' && Parameters !== null
}

/** Reads a PMRM_2 case: plain decimals, as numbers or texts. Throws `MarginError` 80 for what is missing. */
export function readPmrm2Case(value: unknown, name: string): MarginCase {
  const file = caseReader(value, name)
  const scenario = file.object('Scenario')
  const parameters = file.object('Parameters')
  const { snapshot, account } = readScenario(scenario)
  const movesSpot = parameters
    .objects('Scenarios')
    .map(
      (each) => ['LINEAR', 'ABS'].includes(each.text('VolShockDirection')) && each.number('SpotShock') !== 1,
    )
  return {
    name,
    model: readPmrm2Model(parameters),
    snapshot,
    account,
    expected: file.has('Result') ? readResult(file.object('Result'), movesSpot) : {},
  }
}

function readScenario(scenario: CaseReader): { snapshot: MarketSnapshot; account: Account } {
  const size = numberOrZero(scenario, 'NumPerps')
  const unsettled = numberOrZero(scenario, 'UnrealisedPerpPNL') + numberOrZero(scenario, 'UnrealisedFunding')
  const price = size === 0 ? 0 : scenario.number('PerpPrice')
  const options = listOrNone(scenario, 'Options')
  const collaterals = listOrNone(scenario, 'Collaterals').map(readCollateral)
  const snapshot: MarketSnapshot = {
    timeSeconds: 0,
    stablePrice: scenario.e18('StablePrice'),
    underlyings: [
      {
        name: CASE_UNDERLYING,
        spot: scenario.number('SpotPrice'),
        spotConfidence: scenario.e18('SpotConfidence'),
        ...(size === 0 ? {} : { perp: { price, confidence: scenario.e18('PerpConfidence') } }),
        expiries: feedsOf(scenario, options).map((feed) => readFeed(feed, options)),
      },
    ],
    assets: collaterals.map(({ asset }) => asset),
    allowsCrossedSurfaces: true,
  }
  const account: Account = {
    cash: scenario.number('Cash') + (size === 0 ? unsettled : 0),
    perps: size === 0 ? [] : [{ underlying: CASE_UNDERLYING, size, quote: -(size * price), unsettled }],
    options: mergeOptions(options.map(readOption)),
    collateral: collaterals.map(({ asset, amount }) => ({ asset: asset.name, amount })),
  }
  return { snapshot, account }
}

/** The first feed of each expiry that has an option: the others, whatever is in them, value nothing. */
function feedsOf(scenario: CaseReader, options: readonly CaseReader[]): readonly CaseReader[] {
  const wanted = new Set(options.map((option) => option.whole('Expiry')))
  return listOrNone(scenario, 'OptionFeeds').filter((feed) => wanted.delete(feed.whole('FeedExpiry')))
}

function listOrNone(from: CaseReader, name: string): readonly CaseReader[] {
  return from.has(name) ? from.objects(name) : []
}

function numberOrZero(from: CaseReader, name: string): number {
  return from.has(name) ? from.number(name) : 0
}

function readFeed(feed: CaseReader, options: readonly CaseReader[]): ExpirySnapshot {
  const expirySeconds = feed.whole('FeedExpiry')
  const hasSurface = feed.has('SVIparam')
  return {
    expirySeconds,
    ...splitForward(feed.number('Forward'), expirySeconds),
    forwardConfidence: feed.e18('ForwardConfidence'),
    rate: feed.number('Rate'),
    rateConfidence: feed.e18('RateConfidence'),
    volConfidence: feed.e18('OptionVolConfidences'),
    ...(hasSurface
      ? { surface: readSurface(feed) }
      : { markVols: options.filter((o) => o.whole('Expiry') === expirySeconds).map(readMarkVol) }),
  }
}

function readSurface(feed: CaseReader) {
  const [a = 0, b = 0, rho = 0, m = 0, sigma = 0, forward = 0, tau = 0] = feed.list('SVIparam', (each) =>
    each.number('item'),
  )
  return { a, b, rho, m, sigma, forward, tau }
}

function readMarkVol(option: CaseReader) {
  return {
    strike: option.number('Strike'),
    isCall: option.flag('IsCall'),
    volatility: option.number('MarkVol'),
  }
}

function readOption(option: CaseReader): OptionPosition {
  return {
    underlying: CASE_UNDERLYING,
    expirySeconds: option.whole('Expiry'),
    strike: option.number('Strike'),
    isCall: option.flag('IsCall'),
    amount: option.number('Amount'),
  }
}

function readCollateral(collateral: CaseReader, index: number) {
  const asset = {
    name: `${index} ${collateral.has('Name') ? collateral.text('Name') : ''}`.trim(),
    price: collateral.number('Price'),
    confidence: collateral.e18('Confidence'),
    maintenanceHaircut: collateral.number('MMHaircut'),
    initialHaircut: collateral.number('IMHaircut'),
    underlying: CASE_UNDERLYING,
    cancelsRisk: collateral.flag('IsRiskCancelling'),
  }
  return { asset, amount: collateral.number('Amount') }
}

function readResult(result: CaseReader, movesSpot: readonly boolean[]): ExpectedResult {
  const figure = (name: string, as: keyof ExpectedResult) =>
    result.has(name) ? { [as]: result.number(name) } : {}
  const rows = ['reg_losses', 'tail_losses', 'skew_losses'].flatMap((name) =>
    result.has(name) ? result.list(name, readLastOfRow) : [],
  )
  return {
    ...figure('IM', 'initialMargin'),
    ...figure('MM', 'maintenanceMargin'),
    ...figure('PortfolioMTM', 'value'),
    ...figure('OptionMTM', 'optionMark'),
    ...figure('CollateralMTM', 'collateralMark'),
    ...figure('ForwardContingency', 'basis'),
    ...(rows.length > 0 ? { scenarioProfits: rows.map((row, i) => (movesSpot[i] ? undefined : row)) } : {}),
  }
}

/** A row is `[spot change, direction, profit]`. */
function readLastOfRow(row: CaseReader): number {
  const numbers = row.raw('item')
  const last: unknown = Array.isArray(numbers) ? numbers.at(-1) : undefined
  return caseReader(objectOf({ profit: last }, row.path), row.path).number('profit')
}
