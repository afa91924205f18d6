import { malformed } from '../model/shape.ts'
import type { Account, OptionPosition } from '../portfolio/account.ts'
import type { ExpirySnapshot, MarketSnapshot } from '../portfolio/market-snapshot.ts'
import { caseReader, type CaseReader } from './decimals.ts'
import type { CaseContext, ExpectedResult, MarginCase } from './margin-case.ts'
import { mergeOptions } from './merge-options.ts'
import { CASE_UNDERLYING } from './pmrm2-case.ts'
import { pmrmSettings, type PmrmSettings } from './published-settings.ts'

/** Reads one case of the PMRM file: integers in units of 10⁻¹⁸, parallel arrays. Throws `MarginError` 80. */
export function readPmrmCase(value: unknown, name: string, context: CaseContext): MarginCase {
  const settings = pmrmSettings(context, 'PMRM')
  const file = caseReader(value, name, 'e18')
  const result = file.has('Result') ? readResult(file.object('Result')) : {}
  return {
    name,
    model: settings.model,
    ...readPmrmPortfolio(file.object('Scenario'), settings, { timeSeconds: 0, splits: true }),
    expected: result,
  }
}

/** How a portfolio of PMRM shape is read. */
export interface PmrmClock {
  readonly timeSeconds: number
  /** Whether forwards stand in two parts; otherwise `Forwards` is variable as a whole. */
  readonly splits: boolean
}

/** Market and account of a PMRM portfolio. */
export function readPmrmPortfolio(
  scenario: CaseReader,
  { baseHaircut }: PmrmSettings,
  clock: PmrmClock,
): { readonly snapshot: MarketSnapshot; readonly account: Account } {
  const size = scenario.number('Perps')
  const price = scenario.number('PerpPrice')
  const unsettled = scenario.number('UnrealisedPerpPNL') + scenario.number('UnrealisedFunding')
  const spot = scenario.number('SpotPrice')
  const snapshot: MarketSnapshot = {
    timeSeconds: clock.timeSeconds,
    stablePrice: scenario.e18('StablePrice'),
    underlyings: [
      {
        name: CASE_UNDERLYING,
        spot,
        spotConfidence: scenario.e18('SpotConfidence'),
        ...(size === 0 ? {} : { perp: { price, confidence: scenario.e18('PerpConfidence') } }),
        expiries: readExpiries(scenario, clock),
      },
    ],
    assets: [
      {
        name: 'BASE',
        price: spot,
        confidence: scenario.e18('SpotConfidence'),
        maintenanceHaircut: baseHaircut,
        initialHaircut: 0,
        underlying: CASE_UNDERLYING,
        cancelsRisk: true,
      },
    ],
    allowsCrossedSurfaces: true,
  }
  const account: Account = {
    cash: scenario.number('Cash') + (size === 0 ? unsettled : 0),
    perps: size === 0 ? [] : [{ underlying: CASE_UNDERLYING, size, quote: -(size * price), unsettled }],
    options: mergeOptions(readOptions(scenario)),
    collateral: [{ asset: 'BASE', amount: scenario.number('Base') }],
  }
  return { snapshot, account }
}

function readOptions(scenario: CaseReader): OptionPosition[] {
  const columns = optionColumns(scenario)
  return columns.expiries.map((expirySeconds, i) => ({
    underlying: CASE_UNDERLYING,
    expirySeconds,
    strike: columns.strikes[i]!,
    isCall: columns.isCall[i]!,
    amount: columns.amounts[i]!,
  }))
}

/** Each expiry once, by its first feed; a vol confidence is the least of the expiry's options. */
function readExpiries(scenario: CaseReader, { splits }: PmrmClock): ExpirySnapshot[] {
  const { expiries, strikes, isCall, volatilities, volConfidences } = optionColumns(scenario)
  const feeds = scenario.list('FeedExpiries', (each) => each.whole('item'))
  const numbers = (name: string) => parallel(scenario, name, feeds.length, (each) => each.number('item'))
  const confidences = (name: string) => parallel(scenario, name, feeds.length, (each) => each.e18('item'))
  const variable = numbers(splits ? 'ForwardsVariable' : 'Forwards')
  const fixed = splits ? numbers('ForwardsFixed') : variable.map(() => 0)
  const rates = numbers('Rates')
  const forwardConfidences = confidences('ForwardConfidences')
  const rateConfidences = confidences('RateConfidences')
  return feeds
    .map((expirySeconds, feed) => ({ expirySeconds, feed }))
    .filter(({ expirySeconds, feed }) => feeds.indexOf(expirySeconds) === feed)
    .map(({ expirySeconds, feed }) => {
      const options = expiries.map((_, i) => i).filter((i) => expiries[i] === expirySeconds)
      const marks = options.map((i) => ({
        strike: strikes[i]!,
        isCall: isCall[i]!,
        volatility: volatilities[i]!,
      }))
      return {
        expirySeconds,
        forwardFixed: fixed[feed]!,
        forwardVariable: variable[feed]!,
        forwardConfidence: forwardConfidences[feed]!,
        rate: rates[feed]!,
        rateConfidence: rateConfidences[feed]!,
        volConfidence: leastOf(options.map((i) => volConfidences[i]!)),
        markVols: firstMarks(marks),
      }
    })
}

function optionColumns(scenario: CaseReader) {
  const expiries = scenario.list('OptionExpiries', (each) => each.whole('item'))
  const numbers = (name: string) => parallel(scenario, name, expiries.length, (each) => each.number('item'))
  return {
    expiries,
    strikes: numbers('OptionStrikes'),
    isCall: parallel(scenario, 'OptionIsCall', expiries.length, (each) => each.flag('item')),
    amounts: numbers('OptionAmounts'),
    volatilities: numbers('OptionVols'),
    volConfidences: parallel(scenario, 'OptionVolConfidences', expiries.length, (each) => each.e18('item')),
  }
}

/** A list with as many items as another. Throws `MarginError` 80. */
export function parallel<T>(
  scenario: CaseReader,
  name: string,
  length: number,
  read: (item: CaseReader) => T,
): readonly T[] {
  const items = scenario.list(name, read)
  if (items.length === length) return items
  throw malformed(`${scenario.path}.${name}`, `a list of ${length} items`, items)
}

/** The least confidence of several; full when there is none. */
export function leastOf(confidences: readonly bigint[]): bigint {
  return confidences.reduce((least, each) => (each < least ? each : least), 10n ** 18n)
}

/** Of marks of the same option the first. */
export function firstMarks<T extends { readonly strike: number; readonly isCall: boolean }>(
  marks: readonly T[],
): T[] {
  const keys = marks.map(({ strike, isCall }) => `${strike} ${isCall}`)
  return marks.filter((_, i) => keys.indexOf(keys[i]!) === i)
}

function readResult(result: CaseReader): ExpectedResult {
  const figure = (name: string, as: keyof ExpectedResult) =>
    result.has(name) ? { [as]: result.number(name) } : {}
  const charges = ['PerpContingency', 'BaseContingency', 'OptionContingency']
  return {
    ...figure('InitialMarginHand', 'initialMargin'),
    ...figure('MaintenanceMarginHand', 'maintenanceMargin'),
    ...figure('PortfolioMTM', 'value'),
    ...figure('ForwardContingency', 'basis'),
    ...(charges.every((name) => result.has(name))
      ? { maintenanceCharges: charges.reduce((sum, name) => sum - result.number(name), 0) }
      : {}),
  }
}
