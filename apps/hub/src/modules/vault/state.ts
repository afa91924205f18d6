// Store `vault`; integers big endian, holder = account 20 ‖ subaccount u16:
//   0x01 → Params                          0x02 → Totals
//   0x03 ‖ holder → Holding                0x04 ‖ id, 0x05 ‖ id → Request: deposits, withdrawals that wait
//   0x06 ‖ minute, 0x07 ‖ hour → Worth     0x08 → Quotes
//   0x09 ‖ market → Result                 0x0a ‖ underlying → Result of its markets that are over
import { be16, be64, concatBytes, fromBe16, fromBe64, prefixEnd } from '@causeway/primitives'
import {
  Holding as StoredHolding,
  Quotes,
  Request as StoredRequest,
  Result as StoredResult,
  Totals as StoredTotals,
  Worth as StoredWorth,
} from '@causeway/protocol/causeway/vault/v1/vault'
import type { KeyValueReader, KeyValueStore } from '@causeway/state-tree'
import { decodeOnce } from '../../decode-once.ts'
import { ACCOUNT_ID_BYTES } from '../../identifiers.ts'
import type { Holder } from '../../identifiers.ts'

/** Name of the store. */
export const VAULT_STORE = 'vault'

/** First bytes of keys. */
export const PREFIX = {
  params: Uint8Array.of(0x01),
  totals: Uint8Array.of(0x02),
  holding: Uint8Array.of(0x03),
  deposit: Uint8Array.of(0x04),
  withdrawal: Uint8Array.of(0x05),
  minute: Uint8Array.of(0x06),
  hour: Uint8Array.of(0x07),
  quotes: Uint8Array.of(0x08),
  result: Uint8Array.of(0x09),
  over: Uint8Array.of(0x0a),
} as const

/** `margin`: below maintenance; `prices`: not all that it depends on are fresh. */
export type Status = 'off' | 'quoting' | 'loss' | 'margin' | 'prices'

/** The vault as a whole. */
export interface Totals {
  /** Of all holders, those in withdrawals that wait among them. */
  readonly shares: bigint
  readonly nextRequest: bigint
  readonly status: Status
}

/** What one subaccount has. */
export interface Holding {
  /** Without those in withdrawals that wait. */
  readonly shares: bigint
  readonly lockedUntilSeconds: bigint
  readonly requests: number
}

/** A deposit (micro-cash) or a withdrawal (shares) that waits. */
export interface Request {
  readonly id: bigint
  readonly holder: Holder
  readonly isDeposit: boolean
  readonly amount: bigint
  readonly requestedSeconds: bigint
}

/** What 1.0 of the shares was worth in a minute or an hour, 10⁻¹⁸ cash; worth micro-cash. */
export interface Worth {
  readonly openE18: bigint
  readonly highE18: bigint
  readonly lowE18: bigint
  readonly closeE18: bigint
  readonly worthE6: bigint
  readonly shares: bigint
}

/** What the vault has made in a market, or in those of an underlying that are over (market 0). */
export interface Result {
  readonly market: bigint
  readonly underlying: bigint
  readonly symbol: string
  readonly boughtE9: bigint
  readonly soldE9: bigint
  readonly tradedE6: bigint
  readonly feesE6: bigint
  readonly fundingE6: bigint
  readonly fills: bigint
}

const NOTHING: Totals = { shares: 0n, nextRequest: 1n, status: 'off' }
const NO_HOLDING: Holding = { shares: 0n, lockedUntilSeconds: 0n, requests: 0 }

const totalsOf = decodeOnce((bytes: Uint8Array): Totals => {
  const { shares, nextRequest, status } = StoredTotals.decode(bytes)
  return { shares: BigInt(shares), nextRequest, status: status as Status }
})

/** The vault as a whole. */
export function readTotals(store: KeyValueReader): Totals {
  const bytes = store.get(PREFIX.totals)
  return bytes === undefined ? NOTHING : totalsOf(bytes)
}

/** Writes it. */
export function writeTotals(store: KeyValueStore, totals: Totals): void {
  const stored = { ...totals, shares: `${totals.shares}` }
  store.set(PREFIX.totals, StoredTotals.encode(stored).finish())
}

/** What a subaccount has. */
export function readHolding(store: KeyValueReader, holder: Holder): Holding {
  const bytes = store.get(holdingKey(holder))
  return bytes === undefined ? NO_HOLDING : holdingOf(bytes)
}

/** Writes it; nothing deletes the key. */
export function writeHolding(store: KeyValueStore, holder: Holder, holding: Holding): void {
  const key = holdingKey(holder)
  if (holding.shares === 0n && holding.requests === 0) store.delete(key)
  else store.set(key, StoredHolding.encode({ ...holding, shares: `${holding.shares}` }).finish())
}

/** All holdings, or those of one account; ascending by holder. */
export function* holdings(store: KeyValueReader, account?: Uint8Array): Iterable<[Holder, Holding]> {
  const prefix = account === undefined ? PREFIX.holding : concatBytes(PREFIX.holding, account)
  for (const [key, value] of store.iterate(prefix, prefixEnd(prefix))) {
    const end = 1 + ACCOUNT_ID_BYTES
    yield [{ account: key.slice(1, end), subaccount: fromBe16(key, end) }, holdingOf(value)]
  }
}

/** Requests that wait, of one kind, as they came. */
export function* requests(store: KeyValueReader, kind: 'deposit' | 'withdrawal'): Iterable<Request> {
  for (const [, value] of store.iterate(PREFIX[kind], prefixEnd(PREFIX[kind]))) yield requestOf(value)
}

/** Writes a request. */
export function writeRequest(store: KeyValueStore, request: Request): void {
  const { id, holder, isDeposit, amount, requestedSeconds } = request
  const stored = { id, isDeposit, amount: `${amount}`, requestedSeconds, ...holder }
  store.set(requestKey(request), StoredRequest.encode(stored).finish())
}

/** Ends a request. */
export function deleteRequest(store: KeyValueStore, request: Request): void {
  store.delete(requestKey(request))
}

/** A request as answers have it. */
export function requestMessage({ holder, amount, ...rest }: Request): StoredRequest {
  return { ...rest, ...holder, amount: `${amount}` }
}

/** What shares were worth in a minute or an hour. */
export function readWorth(store: KeyValueReader, span: 'minute' | 'hour', at: bigint): Worth | undefined {
  const bytes = store.get(concatBytes(PREFIX[span], be64(at)))
  return bytes === undefined ? undefined : worthOf(bytes)
}

/** Writes it. */
export function writeWorth(store: KeyValueStore, span: 'minute' | 'hour', at: bigint, worth: Worth): void {
  store.set(concatBytes(PREFIX[span], be64(at)), StoredWorth.encode(worthMessage(worth)).finish())
}

/** All from a minute or an hour on, ascending. */
export function* worths(
  store: KeyValueReader,
  span: 'minute' | 'hour',
  from = 0n,
): Iterable<readonly [at: bigint, worth: Worth]> {
  const entries = store.iterate(concatBytes(PREFIX[span], be64(from)), prefixEnd(PREFIX[span]))
  for (const [key, value] of entries) yield [fromBe64(key, 1), worthOf(value)]
}

/** Forgets those before a minute or an hour. */
export function dropWorths(store: KeyValueStore, span: 'minute' | 'hour', before: bigint): void {
  const keys = [...store.iterate(PREFIX[span], concatBytes(PREFIX[span], be64(before)))].map(([key]) => key)
  for (const key of keys) store.delete(key)
}

/** As answers have it. */
export function worthMessage(worth: Worth): StoredWorth {
  return {
    openE18: `${worth.openE18}`,
    highE18: `${worth.highE18}`,
    lowE18: `${worth.lowE18}`,
    closeE18: `${worth.closeE18}`,
    worthE6: `${worth.worthE6}`,
    shares: `${worth.shares}`,
  }
}

/** What the vault quotes. */
export function readQuotes(store: KeyValueReader): Quotes {
  const bytes = store.get(PREFIX.quotes)
  return bytes === undefined ? { markets: [], references: [] } : quotesOf(bytes)
}

/** Writes it; nothing deletes the key. */
export function writeQuotes(store: KeyValueStore, quotes: Quotes): void {
  if (quotes.markets.length === 0 && quotes.references.length === 0) store.delete(PREFIX.quotes)
  else store.set(PREFIX.quotes, Quotes.encode(quotes).finish())
}

/** What was made in a market, or (`over`) in an underlying's that are over. */
export function readResult(store: KeyValueReader, of: 'result' | 'over', id: bigint): Result | undefined {
  const bytes = store.get(concatBytes(PREFIX[of], be64(id)))
  return bytes === undefined ? undefined : resultOf(bytes)
}

/** Writes it. */
export function writeResult(store: KeyValueStore, of: 'result' | 'over', result: Result): void {
  const id = of === 'result' ? result.market : result.underlying
  store.set(concatBytes(PREFIX[of], be64(id)), StoredResult.encode(resultMessage(result)).finish())
}

/** Forgets a market's. */
export function deleteResult(store: KeyValueStore, market: bigint): void {
  store.delete(concatBytes(PREFIX.result, be64(market)))
}

/** All after a market, ascending; or all that are over, by underlying. */
export function* results(store: KeyValueReader, of: 'result' | 'over', after = 0n): Iterable<Result> {
  const start = concatBytes(PREFIX[of], be64(after + 1n))
  for (const [, value] of store.iterate(start, prefixEnd(PREFIX[of]))) yield resultOf(value)
}

/** As answers have it. */
export function resultMessage(result: Result): StoredResult {
  const { boughtE9, soldE9, tradedE6, feesE6, fundingE6, ...rest } = result
  return {
    ...rest,
    boughtE9: `${boughtE9}`,
    soldE9: `${soldE9}`,
    tradedE6: `${tradedE6}`,
    feesE6: `${feesE6}`,
    fundingE6: `${fundingE6}`,
  }
}

const quotesOf = decodeOnce(Quotes.decode)

function holdingOf(bytes: Uint8Array): Holding {
  const { shares, ...rest } = StoredHolding.decode(bytes)
  return { ...rest, shares: BigInt(shares) }
}

function requestOf(bytes: Uint8Array): Request {
  const { account, subaccount, amount, ...rest } = StoredRequest.decode(bytes)
  return { ...rest, holder: { account, subaccount }, amount: BigInt(amount) }
}

const worthOf = decodeOnce((bytes: Uint8Array): Worth => {
  const { openE18, highE18, lowE18, closeE18, worthE6, shares } = StoredWorth.decode(bytes)
  return {
    openE18: BigInt(openE18),
    highE18: BigInt(highE18),
    lowE18: BigInt(lowE18),
    closeE18: BigInt(closeE18),
    worthE6: BigInt(worthE6),
    shares: BigInt(shares),
  }
})

function resultOf(bytes: Uint8Array): Result {
  const { boughtE9, soldE9, tradedE6, feesE6, fundingE6, ...rest } = StoredResult.decode(bytes)
  return {
    ...rest,
    boughtE9: BigInt(boughtE9),
    soldE9: BigInt(soldE9),
    tradedE6: BigInt(tradedE6),
    feesE6: BigInt(feesE6),
    fundingE6: BigInt(fundingE6),
  }
}

/** A holder in a key. */
export function holderBytesOf({ account, subaccount }: Holder): Uint8Array {
  return concatBytes(account, be16(subaccount))
}

function holdingKey(holder: Holder): Uint8Array {
  return concatBytes(PREFIX.holding, holderBytesOf(holder))
}

function requestKey({ isDeposit, id }: Request): Uint8Array {
  return concatBytes(isDeposit ? PREFIX.deposit : PREFIX.withdrawal, be64(id))
}
