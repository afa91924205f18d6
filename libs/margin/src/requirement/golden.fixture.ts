// Whole accounts whose valuation is committed bit for bit: golden-accounts.json.
import { readRiskModel } from '../model/read-risk-model.ts'
import type { Account, OptionPosition } from '../portfolio/account.ts'
import { EXPIRY_DAYS, ethOption, MARKET, ONE } from '../portfolio/market.fixture.ts'
import type { MarketSnapshot } from '../portfolio/market-snapshot.ts'
import { evaluate } from './evaluate.ts'
import type { Requirement } from './requirement.ts'

const perps = [
  { underlying: 'BTC', size: 1.25, quote: -74_000 },
  { underlying: 'ETH', size: -17.5, quote: 53_000, unsettled: -12.75 },
]
const futures = [{ underlying: 'ETH', expirySeconds: 7 * 86_400, size: 3.5, quote: -10_400 }]
const collateral = [
  { asset: 'USDT', amount: 12_345.678901 },
  { asset: 'WETH', amount: 4.000000001 },
]
const spread = [ethOption(2, 2_900, true, 3.5), ethOption(2, 3_200, true, -7)]
const wide: OptionPosition[] = Array.from({ length: 60 }, (_, i) => ({
  ...ethOption(i % EXPIRY_DAYS.length, 1_500 + 50 * i, i % 3 !== 0, ((i * 7) % 11) - 5.25),
}))

const doubted: MarketSnapshot = {
  ...MARKET,
  stablePrice: (ONE * 97n) / 100n,
  underlyings: MARKET.underlyings.map((each) => ({ ...each, spotConfidence: ONE / 2n })),
}

const accounts: Readonly<Record<string, readonly [model: string, MarketSnapshot, Account]>> = {
  'pm2, perpetuals': ['pm2', MARKET, { cash: 1_000.000001, perps }],
  'pm2, a spread': ['pm2', MARKET, { cash: -250.5, options: spread }],
  'pm2, everything': ['pm2', MARKET, { cash: 9_876.543211, perps, futures, options: wide, collateral }],
  'pm2, broken peg and low confidence': ['pm2', doubted, { cash: 5, perps, options: wide, collateral }],
  'pm1, everything': ['pm1', MARKET, { cash: 9_876.543211, perps, futures, options: wide, collateral }],
  'standard, everything': ['standard', MARKET, { cash: 9_876.543211, perps, options: wide, collateral }],
  'linear, no options': ['linear', MARKET, { cash: 9_876.543211, perps, futures, collateral }],
}

/** What is committed of each account: doubles as hexadecimal bits, big-endian, and the rounded margins. */
export function goldenValues(): Record<string, Record<string, string>> {
  return Object.fromEntries(
    Object.entries(accounts).map(([name, [model, snapshot, account]]) => [
      name,
      golden(evaluate(readRiskModel(model), snapshot, account)),
    ]),
  )
}

function golden(requirement: Requirement): Record<string, string> {
  const { markToMarket, maintenanceMargin, initialMargin, worst, gross, underlyings } = requirement
  const profits = underlyings.flatMap(({ scenarioProfits }) => [...scenarioProfits])
  return {
    markToMarket: bitsOf(markToMarket),
    maintenanceMargin: bitsOf(maintenanceMargin),
    initialMargin: bitsOf(initialMargin),
    worst: bitsOf(worst),
    gross: bitsOf(gross),
    scenarioProfits: profits.reduce(mixed, 0n).toString(16),
    maintenanceMarginE6: String(requirement.maintenanceMarginE6),
    initialMarginE6: String(requirement.initialMarginE6),
  }
}

function bitsOf(value: number): string {
  const view = new DataView(new ArrayBuffer(8))
  view.setFloat64(0, value)
  return view.getBigUint64(0).toString(16).padStart(16, '0')
}

/** FNV-1a over 64-bit words: any bit of any scenario changes it. */
function mixed(hash: bigint, value: number): bigint {
  return BigInt.asUintN(64, (hash ^ BigInt(`0x${bitsOf(value)}`)) * 0x100000001b3n)
}
