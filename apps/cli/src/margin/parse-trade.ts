import type { MarketSnapshot, Trade } from '@causeway/margin'
import { errors } from './errors.ts'
import { parseInstrument } from './instrument-name.ts'

const NUMBER = String.raw`(\d+(?:\.\d+)?)`
const TRADE = new RegExp(`^(buy|sell) ${NUMBER} (\\S+)(?: ?@ ?${NUMBER})?(?: fee ${NUMBER})?$`)
const TRANSFER = new RegExp(`^(deposit|withdraw) ${NUMBER} (.+)$`)

/**
 * Reads a trade as it is written on the command line: "buy 2 ETH-PERP @ 3010 fee 1.5" (without a price at the
 * mark), "deposit 5 WETH", "withdraw 100 cash". Throws `cli-margin/4` or `/5`.
 */
export function parseTrade(text: string, snapshot: MarketSnapshot): Trade {
  const written = text.trim().replaceAll(/\s+/g, ' ')
  const transfer = TRANSFER.exec(written)
  if (transfer !== null) {
    const [, verb, amount, asset] = transfer as unknown as [string, string, string, string]
    const size = verb === 'deposit' ? Number(amount) : -Number(amount)
    if (asset === 'cash') return { instrument: { kind: 'cash' }, size }
    return { instrument: { kind: 'collateral', asset }, size }
  }
  const trade = TRADE.exec(written)
  if (trade === null) throw errors.badTrade({ trade: text.slice(0, 80) })
  const [, side, size, name, price, fee] = trade
  return {
    instrument: parseInstrument(name!, snapshot),
    size: side === 'buy' ? Number(size) : -Number(size),
    ...(price === undefined ? {} : { price: Number(price) }),
    ...(fee === undefined ? {} : { fee: Number(fee) }),
  }
}
