import { concatBytes, utf8 } from '@causeway/primitives'
import { WORD, tail, word } from '../abi/abi-words.ts'
import { errors } from './clearing-errors.ts'
import { clearingReader } from './clearing-payload.ts'

/** A trade that a venue elsewhere has matched, to be cleared here. */
export interface Trade {
  /** 32 bytes, the venue's own. */
  readonly tradeId: Uint8Array
  /** Accounts have 20 bytes. */
  readonly buyer: Uint8Array
  readonly buyerSubaccount: number
  readonly seller: Uint8Array
  readonly sellerSubaccount: number
  readonly market: bigint
  readonly sizeE9: bigint
  readonly priceE9: bigint
}

/** What became of one trade; an empty code: it was accepted. */
export interface TradeAnswer {
  readonly tradeId: Uint8Array
  readonly code: string
}

/** Trades of a packet. */
export const TRADES_MAX = 256

const TRADE_WORDS = 8
const ACCOUNT_BYTES = 20

/**
 * Reads (bytes32 tradeId, bytes20 buyer, uint16 buyerSub, bytes20 seller, uint16 sellerSub, uint64 market,
 * uint64 sizeE9, uint64 priceE9)[]. Throws `clearing/4`, `clearing/5`.
 */
export function decodeTrades(body: Uint8Array): readonly Trade[] {
  const reader = clearingReader(body)
  reader.offset(0, WORD)
  const count = reader.size(WORD)
  if (count > TRADES_MAX) throw errors.tooManyTrades({ count, max: TRADES_MAX })
  const start = 2 * WORD
  reader.end(start + count * TRADE_WORDS * WORD)
  return Array.from({ length: count }, (_, i) => {
    const at = (slot: number) => start + (i * TRADE_WORDS + slot) * WORD
    return {
      tradeId: reader.word(at(0)).slice(),
      buyer: reader.leftAligned(at(1), ACCOUNT_BYTES),
      buyerSubaccount: Number(reader.number(at(2), 16)),
      seller: reader.leftAligned(at(3), ACCOUNT_BYTES),
      sellerSubaccount: Number(reader.number(at(4), 16)),
      market: reader.number(at(5), 64),
      sizeE9: reader.number(at(6), 64),
      priceE9: reader.number(at(7), 64),
    }
  })
}

/** The acknowledgement of trades: abi.encode((bytes32 tradeId, string code)[]). */
export function encodeTradeAnswers(answers: readonly TradeAnswer[]): Uint8Array {
  const items = answers.map(({ tradeId, code }) =>
    concatBytes(tradeId, word(BigInt(2 * WORD)), tail(utf8(code))),
  )
  const offsets: Uint8Array[] = []
  let offset = items.length * WORD
  for (const { length } of items) {
    offsets.push(word(BigInt(offset)))
    offset += length
  }
  return concatBytes(word(BigInt(WORD)), word(BigInt(items.length)), ...offsets, ...items)
}
