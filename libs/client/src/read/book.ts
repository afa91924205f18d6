// A market's book: the best levels of both sides, with the checksum that the hub's deltas carry.
import { sha256, toHex, utf8 } from '@causeway/primitives'
import { QueryBookRequest, QueryBookResponse } from '@causeway/protocol/causeway/markets/v1/query'
import { fromUnits, PRICE_DIGITS, priceText, readInteger } from '../decimal.ts'
import { errors } from '../errors.ts'
import { ask, queryOf } from '../rpc/queries.ts'
import type { Hub } from '../transactions/hub.ts'

/** One price and what stands there. */
export interface Level {
  readonly priceE9: bigint
  readonly sizeE9: bigint
}

/** A book at one sequence number, best levels first, in 10⁻⁹. */
export interface BookSnapshot {
  readonly bids: readonly Level[]
  readonly asks: readonly Level[]
  readonly sequence: bigint
  readonly height: bigint
}

/** A book as it is shown: decimal texts. */
export interface BookRow {
  readonly market: string
  readonly bids: readonly { readonly price: string; readonly size: string }[]
  readonly asks: readonly { readonly price: string; readonly size: string }[]
  readonly sequence: string
  readonly height: string
}

const DEPTH_MAX = 200
const CHECKSUM_LEVELS = 10
const CHECKSUM_BYTES = 4
const bookQuery = queryOf('causeway.markets.v1', 'Book', QueryBookRequest, QueryBookResponse)

/** The best levels of a market, 200 a side at most. Throws `client/63` for a book whose checksum is wrong. */
export async function readBook(
  hub: Hub,
  market: { readonly id: string; readonly symbol: string },
  depth = 20,
): Promise<BookSnapshot> {
  if (!Number.isInteger(depth) || depth < 1 || depth > DEPTH_MAX) {
    throw errors.badArgument({ name: 'depth', expected: `a number from 1 to ${DEPTH_MAX}` })
  }
  // The checksum takes ten levels.
  const asked = { market: BigInt(market.id), depth: Math.max(depth, CHECKSUM_LEVELS) }
  const answer = await ask(hub.rpc, bookQuery, asked)
  hub.sawHeight(answer.height)
  const levels = (list: QueryBookResponse['bids']): Level[] =>
    list.map(({ priceE9, sizeE9 }) => ({ priceE9, sizeE9: readInteger(sizeE9, 'book') }))
  const [bids, asks] = [levels(answer.bids), levels(answer.asks)]
  if (bookChecksum(bids, asks) !== answer.checksum) {
    throw errors.badBook({ market: market.symbol, reason: 'its checksum is another' })
  }
  const [best, offers] = [bids.slice(0, depth), asks.slice(0, depth)]
  return { bids: best, asks: offers, sequence: answer.sequence, height: answer.height }
}

/** The first 8 hex digits of SHA-256 over the ten best levels of both sides; docs/markets.md. */
export function bookChecksum(bids: readonly Level[], asks: readonly Level[]): string {
  const text = (levels: readonly Level[]) =>
    levels
      .slice(0, CHECKSUM_LEVELS)
      .map(({ priceE9, sizeE9 }) => `${priceE9}:${sizeE9}`)
      .join(',')
  return toHex(sha256(utf8(`${text(bids)}|${text(asks)}`)).subarray(0, CHECKSUM_BYTES))
}

/** A book as texts. */
export function bookRow(market: string, { bids, asks, sequence, height }: BookSnapshot): BookRow {
  const rows = (levels: readonly Level[]) =>
    levels.map(({ priceE9, sizeE9 }) => ({
      price: priceText(priceE9),
      size: fromUnits(sizeE9, PRICE_DIGITS),
    }))
  return {
    market,
    bids: rows(bids),
    asks: rows(asks),
    sequence: sequence.toString(),
    height: height.toString(),
  }
}
