// Our own case format: a model, a market and an account in one JSON file. Documented in docs/margin.md.
import { readRiskModel } from '../model/read-risk-model.ts'
import { exact, flag, list, missing, number, objectOf, oneOf } from '../model/shape.ts'
import { optional, positive, record, text, type Members, type Shape } from '../model/shape.ts'
import { POSITIONS_MAX, type Account } from '../portfolio/account.ts'
import { AMOUNT_MAX, PRICE_MAX, RATE_MAX, VOLATILITY_MAX } from '../portfolio/bounded.ts'
import type {
  AssetSnapshot,
  ExpirySnapshot,
  MarketSnapshot,
  PerpSnapshot,
} from '../portfolio/market-snapshot.ts'
import { splitForward } from '../portfolio/market-snapshot.ts'
import type { ExpectedResult, MarginCase } from './margin-case.ts'

/** The value of `format` in a case of our own. */
export const CAUSEWAY_FORMAT = 'causeway-margin/1'

/** Whether a value says that it is a case of our own. */
export function isCausewayCase(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'format' in value && value.format === CAUSEWAY_FORMAT
}

/**
 * Reads a case of our own from `parseExactJson` (or `JSON.parse`). Throws `MarginError` 80 for a member
 * that is missing, unknown or of another kind, and what `readRiskModel` throws.
 */
export function readCausewayCase(value: unknown, name: string): MarginCase {
  const { model: written, ...rest } = objectOf(value, name)
  const model = readRiskModel(written, `${name}.model`)
  const { market, account, expected } = caseShape.read(rest, name)
  return { name, model, snapshot: market, account, expected }
}

const SECONDS = number({ min: -1e12, max: 1e12 })
const PRICE = number({ min: 0, max: PRICE_MAX })
const AMOUNT = number({ min: -AMOUNT_MAX, max: AMOUNT_MAX })
const ANY = number({ min: -1e12, max: 1e12 })
const CONFIDENCE = optional(exact({ min: 0, max: 1 }), 10n ** 18n)
const ENTRIES = { min: 0, max: POSITIONS_MAX }

const perp: Shape<PerpSnapshot> = record({
  price: positive(PRICE_MAX),
  confidence: CONFIDENCE,
  openInterest: missing(AMOUNT),
})

/** An expiry: `forward` (split by the time left where that is under 30 minutes), or its two parts. */
interface WrittenExpiry extends Omit<ExpirySnapshot, 'forwardFixed' | 'forwardVariable'> {
  readonly forward?: number
  readonly forwardFixed?: number
  readonly forwardVariable?: number
}

const expiry: Shape<WrittenExpiry> = record({
  expirySeconds: SECONDS,
  forward: missing(PRICE),
  forwardFixed: missing(PRICE),
  forwardVariable: missing(PRICE),
  forwardConfidence: CONFIDENCE,
  rate: optional(number({ min: -RATE_MAX, max: RATE_MAX }), 0),
  rateConfidence: CONFIDENCE,
  volConfidence: CONFIDENCE,
  surface: missing(
    record({
      a: ANY,
      b: ANY,
      rho: ANY,
      m: ANY,
      sigma: ANY,
      forward: positive(PRICE_MAX),
      tau: positive(100),
    }),
  ),
  markVols: missing(
    list(
      record({
        strike: positive(PRICE_MAX),
        isCall: flag,
        volatility: number({ min: 0, max: VOLATILITY_MAX }),
      }),
      ENTRIES,
    ),
  ),
  openInterest: missing(AMOUNT),
})

const asset: Shape<AssetSnapshot> = record({
  name: text,
  price: PRICE,
  confidence: CONFIDENCE,
  maintenanceHaircut: optional(number({ min: 0, max: 1 }), 0),
  initialHaircut: optional(number({ min: -1, max: 1 }), 0),
  underlying: missing(text),
  cancelsRisk: missing(flag),
})

interface WrittenMarket extends Omit<MarketSnapshot, 'underlyings'> {
  readonly underlyings: readonly (Omit<MarketSnapshot['underlyings'][number], 'expiries'> & {
    readonly expiries: readonly WrittenExpiry[]
  })[]
}

const market: Shape<WrittenMarket> = record({
  timeSeconds: SECONDS,
  stablePrice: optional(exact({ min: 0, max: 1_000_000 }), 10n ** 18n),
  underlyings: list(
    record({
      name: text,
      spot: positive(PRICE_MAX),
      spotConfidence: CONFIDENCE,
      perp: missing(perp),
      expiries: optional(list(expiry, ENTRIES), []),
    }),
    ENTRIES,
  ),
  assets: optional(list(asset, ENTRIES), []),
  allowsCrossedSurfaces: missing(flag),
})

const account: Shape<Account> = record({
  cash: AMOUNT,
  pendingCredit: missing(AMOUNT),
  isolated: missing(flag),
  perps: missing(
    list(record({ underlying: text, size: AMOUNT, quote: AMOUNT, unsettled: missing(AMOUNT) }), ENTRIES),
  ),
  futures: missing(
    list(record({ underlying: text, expirySeconds: SECONDS, size: AMOUNT, quote: AMOUNT }), ENTRIES),
  ),
  options: missing(
    list(
      record({
        underlying: text,
        expirySeconds: SECONDS,
        strike: positive(PRICE_MAX),
        isCall: flag,
        amount: AMOUNT,
      }),
      ENTRIES,
    ),
  ),
  collateral: missing(list(record({ asset: text, amount: AMOUNT }), ENTRIES)),
})

const figures: Members<ExpectedResult> = {
  initialMargin: missing(ANY),
  maintenanceMargin: missing(ANY),
  value: missing(ANY),
  optionMark: missing(ANY),
  collateralMark: missing(ANY),
  basis: missing(ANY),
  maintenanceCharges: missing(ANY),
  scenarioProfits: missing(list(ANY, ENTRIES)),
}

const { read: readCase } = record({
  format: oneOf(CAUSEWAY_FORMAT),
  market,
  account,
  expected: optional(record(figures), {}),
})

const caseShape = {
  read(value: unknown, path: string) {
    const { market: written, ...rest } = readCase(value, path)
    const underlyings = written.underlyings.map((each) => ({
      ...each,
      expiries: each.expiries.map((one) => withForwardParts(one, written.timeSeconds, path)),
    }))
    return { ...rest, market: { ...written, underlyings } }
  },
}

function withForwardParts(
  { forward, ...rest }: WrittenExpiry,
  timeSeconds: number,
  path: string,
): ExpirySnapshot {
  const { forwardFixed = 0, forwardVariable, expirySeconds } = rest
  if (forward !== undefined) return { ...rest, ...splitForward(forward, expirySeconds - timeSeconds) }
  if (forwardVariable !== undefined) return { ...rest, forwardFixed, forwardVariable }
  return { ...rest, forwardFixed, forwardVariable: PRICE.read(undefined, `${path}.forward`) }
}
