import { formatAmount, formatDecimal } from '../print/format.ts'
import type { Step } from '../print/printer.ts'
import { crossAccount } from './position.ts'
import type { MarketPosition, Position, PositionAsset } from './position.ts'

/** The cross-margin account in words: what is in it, what is left for margin, and what moves it. */
export function describePosition(position: Position): Step {
  const account = crossAccount(position)
  const {
    cash = '0',
    equity = '0',
    initialMargin = '0',
    collateral = [],
    positions = [],
    greeks,
  } = account ?? {}
  const priced = collateral.filter(({ price }) => price !== null)
  const held = [
    `${formatDecimal(cash)} USD of cash`,
    ...priced.map(describeAsset),
    ...positions.map(describeMarket),
  ]
  const risks = positions.length === 0 || greeks === undefined ? {} : { Greeks: describeGreeks(greeks) }
  return {
    who: 'indexer',
    what: `shows ${held.join(', ')}`,
    facts: {
      equity: `${formatDecimal(equity)} USD`,
      'initial margin': `${formatDecimal(initialMargin)} USD`,
      'proven at hub block': position.height,
    },
    details: { ...risks, account: position.owner },
  }
}

/** `0.5 eth worth 1,499.37 USD`. */
function describeAsset({ denom, decimals, amount, value }: PositionAsset): string {
  return `${formatAmount(BigInt(amount), decimals)} ${denom} worth ${formatDecimal(value)} USD`
}

/** `2 ETH-PERP`. */
function describeMarket({ market, size }: MarketPosition): string {
  return `${size.replace(/\.?0+$/, '')} ${market}`
}

function describeGreeks(greeks: NonNullable<ReturnType<typeof crossAccount>>['greeks']): string {
  const { delta, gamma, vega, theta } = greeks
  const named = Object.entries({ delta, gamma, vega, theta })
  return `${named.map(([name, number]) => `${name} ${number.toFixed(2)}`).join(' · ')} USD`
}
