import type { Account, OptionPosition, PerpPosition } from '../portfolio/account.ts'
import type {
  AssetSnapshot,
  ExpirySnapshot,
  MarketSnapshot,
  UnderlyingSnapshot,
} from '../portfolio/market-snapshot.ts'
import { caseReader, type CaseReader } from './decimals.ts'
import type { CaseContext, ExpectedResult, MarginCase } from './margin-case.ts'
import { mergeOptions } from './merge-options.ts'
import { firstMarks, leastOf, parallel } from './pmrm-case.ts'
import { standardSettings, type StandardSettings } from './published-settings.ts'

/** The two markets of the format, in the order of its arrays. */
const MARKETS = ['ETH', 'BTC'] as const
type Market = (typeof MARKETS)[number]

/** An option that expires sooner is marked at the settlement price so far. */
const SETTLEMENT_PRICE_SECONDS = 3_600
const ONE = 10n ** 18n

/** Reads one case of the StandardManager file: two markets, integers in units of 10⁻¹⁸. */
export function readStandardCase(value: unknown, name: string, context: CaseContext): MarginCase {
  const settings = standardSettings(context)
  const file = caseReader(value, name, 'e18')
  const scenario = file.object('Scenario')
  return {
    name,
    model: settings.model,
    snapshot: readSnapshot(scenario, settings),
    account: readAccount(scenario),
    expected: file.has('Result') ? readResult(file.object('Result')) : {},
  }
}

function readSnapshot(scenario: CaseReader, settings: StandardSettings): MarketSnapshot {
  return {
    timeSeconds: 0,
    stablePrice: scenario.e18('USDCValue'),
    underlyings: MARKETS.map((market, index) => readUnderlying(scenario, market, index)),
    assets: MARKETS.map((market) => readBase(scenario, market, settings)),
    allowsCrossedSurfaces: true,
  }
}

function readUnderlying(scenario: CaseReader, market: Market, index: number): UnderlyingSnapshot {
  const price = scenario.list('PerpPrice', (each) => each.number('item'))[index] ?? 0
  const [spotConfidence = ONE, confidence = ONE] = confidencesOf(scenario, index)
  return {
    name: market,
    spot: scenario.number(`${market}SpotPrice`),
    spotConfidence,
    ...(price > 0 ? { perp: { price, confidence } } : {}),
    expiries: readExpiries(scenario, market),
  }
}

/** `SpotPerpConfidences`: by market a pair of spot and perpetual. */
function confidencesOf(scenario: CaseReader, index: number): readonly bigint[] {
  const pairs = scenario.list('SpotPerpConfidences', (pair) => pair.list('item', (each) => each.e18('item')))
  return pairs[index] ?? []
}

function readBase(scenario: CaseReader, market: Market, settings: StandardSettings): AssetSnapshot {
  return {
    name: `w${market}`,
    price: scenario.number(`${market}SpotPrice`),
    confidence: ONE,
    maintenanceHaircut: 1 - settings.baseFactor,
    initialHaircut: settings.baseFactor * (1 - settings.baseInitialScale),
    underlying: market,
  }
}

function readExpiries(scenario: CaseReader, market: Market): ExpirySnapshot[] {
  const { underlyings, expiries, strikes, isCall } = optionColumns(scenario)
  const numbers = (name: string) => parallel(scenario, name, expiries.length, (each) => each.number('item'))
  const confidences = (name: string) => parallel(scenario, name, expiries.length, (each) => each.e18('item'))
  const forwards = numbers('Forwards')
  const volatilities = numbers('OptionVols')
  const volConfidences = confidences('OptionVolConfidences')
  const forwardConfidences = confidences('ForwardConfidences')
  const held = expiries.map((_, i) => i).filter((i) => underlyings[i] === market)
  return held
    .filter((i) => held.find((each) => expiries[each] === expiries[i]) === i)
    .map((first) => {
      const expirySeconds = expiries[first]!
      const options = held.filter((i) => expiries[i] === expirySeconds)
      const settles = expirySeconds < SETTLEMENT_PRICE_SECONDS
      const marks = options.map((i) => ({
        strike: strikes[i]!,
        isCall: isCall[i]!,
        volatility: volatilities[i]!,
      }))
      return {
        expirySeconds,
        forwardFixed: 0,
        forwardVariable: settles ? scenario.number(`SettlementPrice${market}`) : forwards[first]!,
        forwardConfidence: leastOf(options.map((i) => forwardConfidences[i]!)),
        rate: 0,
        rateConfidence: ONE,
        volConfidence: leastOf(options.map((i) => volConfidences[i]!)),
        markVols: firstMarks(marks),
      }
    })
}

function readAccount(scenario: CaseReader): Account {
  const { underlyings, expiries, strikes, isCall, amounts } = optionColumns(scenario)
  const options: OptionPosition[] = expiries.map((expirySeconds, i) => ({
    underlying: underlyings[i]!,
    expirySeconds,
    strike: strikes[i]!,
    isCall: isCall[i]!,
    amount: amounts[i]!,
  }))
  return {
    cash: scenario.number('Cash'),
    perps: MARKETS.flatMap((market) => readPerp(scenario, market)),
    options: mergeOptions(options),
    collateral: MARKETS.map((market) => ({ asset: `w${market}`, amount: scenario.number(`w${market}`) })),
  }
}

/** Profit is size·(perpetual − last entry); funding is −size·(global − account's index). */
function readPerp(scenario: CaseReader, market: Market): PerpPosition[] {
  const size = scenario.number(`Perps_${market}`)
  if (size === 0) return []
  const orZero = (name: string) => (scenario.has(name) ? scenario.number(name) : 0)
  const funding = orZero(`${market}GlobalFundingIndex`) - orZero(`Account${market}FundingIndex`)
  return [
    {
      underlying: market,
      size,
      quote: -size * scenario.number(`LastEntry${market}`),
      unsettled: -size * funding,
    },
  ]
}

function optionColumns(scenario: CaseReader) {
  const underlyings = scenario.list('OptionUnderlying', (each) => each.text('item'))
  const numbers = (name: string) =>
    parallel(scenario, name, underlyings.length, (each) => each.number('item'))
  return {
    underlyings,
    expiries: parallel(scenario, 'OptionExpiries', underlyings.length, (each) => each.whole('item')),
    strikes: numbers('OptionStrikes'),
    isCall: parallel(scenario, 'OptionIsCall', underlyings.length, (each) => each.flag('item')),
    amounts: numbers('OptionAmounts'),
  }
}

function readResult(result: CaseReader): ExpectedResult {
  const figure = (name: string, as: keyof ExpectedResult) =>
    result.has(name) ? { [as]: result.number(name) } : {}
  return {
    ...figure('realIM', 'initialMargin'),
    ...figure('realMM', 'maintenanceMargin'),
    ...figure('PortfolioMtM', 'value'),
  }
}
