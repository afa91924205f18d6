// What an option is worth by the oracle's surface alone: what its own quotes make of its mark is not asked,
// so that nobody quotes a volatility up and sells to the vault there.
import { black76Greeks, isMarginError } from '@causeway/margin'
import type { VaultExpiry, VaultMarket } from './ports.ts'

const E9 = 1e9
const YEAR_SECONDS = 365 * 86_400

/** Of 1.0: worth in 10⁻⁹ cash, delta in 10⁻⁹ of the underlying, vega in 10⁻⁹ cash for 1.00 of volatility. */
export interface OptionValue {
  readonly fairE9: bigint
  readonly deltaE9: bigint
  readonly vegaE9: bigint
}

/** Values an option; nothing where its smile says nothing. */
export function optionValue(
  { strikeE9, isCall, expirySeconds }: Pick<VaultMarket, 'strikeE9' | 'isCall' | 'expirySeconds'>,
  expiry: VaultExpiry,
  indexE9: bigint,
  nowSeconds: bigint,
): OptionValue | undefined {
  if (expiry.forwardE9 <= 0n || expirySeconds <= nowSeconds || indexE9 <= 0n) return undefined
  const forward = Number(expiry.forwardE9) / E9
  const strike = Number(strikeE9) / E9
  const years = Number(expirySeconds - nowSeconds) / YEAR_SECONDS
  const rate = Math.max(Number(expiry.rateE9) / E9, 0)
  try {
    const volatility = expiry.volatility(strike)
    const { value, forwardDelta, vega } = black76Greeks({ forward, strike, volatility, years, rate, isCall })
    const ratio = forward / (Number(indexE9) / E9)
    return { fairE9: whole(value * E9), deltaE9: whole(forwardDelta * ratio * E9), vegaE9: whole(vega * E9) }
  } catch (error) {
    if (!isMarginError(error)) throw error
    return undefined
  }
}

function whole(value: number): bigint {
  return BigInt(Math.floor(value))
}
