// Store `ledger`:
//   0x01 ‖ account 20 ‖ BE16 subaccount ‖ BE64 asset → amount
//   0x02 ‖ BE64 asset → Asset            0x03 ‖ denom → BE64 asset
//   0x04 ‖ BE64 line → Line              0x05 ‖ SHA-256(full path) → BE64 line
//   0x06 → number of the next asset      0x07 → number of the next line
//   0x08 → zone, BE16
//   0x09 ‖ creator 20 ‖ client type ‖ 0x00 ‖ chain id ‖ 0x00 ‖ contract ‖ 0x00 ‖ base → BE64 asset, until the
//   creator's client takes it
//   0x0a ‖ BE64 asset ‖ BE64 line → 0x01
//   0x0b ‖ BE64 line → LineLimits        0x0c ‖ BE64 line → Outflow
//   0x0d ‖ BE64 line → until when it is paused (pauses.ts)
import {
  U64_MAX,
  assert,
  be16,
  be64,
  concatBytes,
  fromBe16,
  fromBe64,
  fromUtf8,
  prefixEnd,
  utf8,
} from '@causeway/primitives'
import type { Page } from '@causeway/messaging'
import type { PageRequest } from '@causeway/protocol/cosmos/base/query/v1beta1/pagination'
import { Asset, Line, LineLimits, Outflow } from '@causeway/protocol/causeway/ledger/v1/ledger'
import type { KeyValueReader, KeyValueStore } from '@causeway/state-tree'
import { ACCOUNT_ID_BYTES, zoneId } from '../../identifiers.ts'
import type { Holder } from '../../identifiers.ts'
import { pageBelow } from '../../query/page.ts'
import { decodeAmount, encodeAmount } from './amounts.ts'

/** Name of the store. */
export const LEDGER_STORE = 'ledger'

/** One balance as it lies in the store. */
export interface StoredBalance {
  readonly holder: Holder
  readonly asset: bigint
  readonly amount: bigint
}

/** The chain that a listed token comes from. */
export interface ListedChain {
  /** Type of the client that follows it. */
  readonly clientType: string
  readonly chainId: string
  /** The IBC contract or program there; empty where the chain itself is the IBC core. */
  readonly contract: string
}

/** A token that becomes a line with the first client that this creator opens of this chain. */
export interface Listing extends ListedChain {
  readonly creator: Uint8Array
  /** The token's denomination on the other chain. */
  readonly base: string
  readonly asset: bigint
}

const PREFIX = {
  balance: Uint8Array.of(1),
  asset: Uint8Array.of(2),
  denom: Uint8Array.of(3),
  line: Uint8Array.of(4),
  path: Uint8Array.of(5),
  nextAsset: Uint8Array.of(6),
  nextLine: Uint8Array.of(7),
  zone: Uint8Array.of(8),
  listing: Uint8Array.of(9),
  assetLine: Uint8Array.of(10),
  limits: Uint8Array.of(11),
  outflow: Uint8Array.of(12),
} as const

const PRESENT = Uint8Array.of(1)
/** No name of a chain or a token holds it. */
const SEPARATOR = '\0'

/** What a subaccount holds of an asset. */
export function readBalance(store: KeyValueReader, holder: Holder, asset: bigint): bigint {
  return decodeAmount(store.get(balanceKey(holder, asset)))
}

/** Writes a balance; zero deletes it. */
export function writeBalance(store: KeyValueStore, holder: Holder, asset: bigint, amount: bigint): void {
  const key = balanceKey(holder, asset)
  if (amount === 0n) store.delete(key)
  else store.set(key, encodeAmount(amount))
}

/** All balances, or those of one account, or of one subaccount; ascending by account, subaccount, asset. */
export function* balances(
  store: KeyValueReader,
  account?: Uint8Array,
  subaccount?: number,
): Iterable<StoredBalance> {
  const scope = subaccount === undefined ? new Uint8Array(0) : be16(subaccount)
  const prefix = concatBytes(PREFIX.balance, account ?? new Uint8Array(0), scope)
  for (const [key, value] of store.iterate(prefix, prefixEnd(prefix))) {
    const holder = {
      account: key.slice(1, 1 + ACCOUNT_ID_BYTES),
      subaccount: fromBe16(key, 1 + ACCOUNT_ID_BYTES),
    }
    yield { holder, asset: fromBe64(key, 3 + ACCOUNT_ID_BYTES), amount: decodeAmount(value) }
  }
}

/** All balances, but for whose they are. */
export function* amounts(store: KeyValueReader): Iterable<readonly [asset: bigint, amount: bigint]> {
  for (const [key, value] of store.iterate(PREFIX.balance, prefixEnd(PREFIX.balance)))
    yield [fromBe64(key, 3 + ACCOUNT_ID_BYTES), decodeAmount(value)]
}

/** One page of a subaccount's balances, by asset. */
export function balancesPage(
  store: KeyValueReader,
  { account, subaccount }: Holder,
  request: PageRequest | undefined,
): Page<Pick<StoredBalance, 'asset' | 'amount'>> {
  const prefix = concatBytes(PREFIX.balance, account, be16(subaccount))
  const { items, pagination } = pageBelow(store, prefix, request)
  const held = items.map(([key, value]) => ({ asset: fromBe64(key), amount: decodeAmount(value) }))
  return { items: held, pagination }
}

/** The asset with this id. */
export function readAsset(store: KeyValueReader, id: bigint): Asset {
  const bytes = store.get(concatBytes(PREFIX.asset, be64(id)))
  assert(bytes !== undefined, `asset ${id} exists`)
  return Asset.decode(bytes)
}

/** The asset with this id, if it exists. */
export function findAsset(store: KeyValueReader, id: bigint): Asset | undefined {
  const bytes = id > U64_MAX ? undefined : store.get(concatBytes(PREFIX.asset, be64(id)))
  return bytes === undefined ? undefined : Asset.decode(bytes)
}

/** Writes an asset that exists. */
export function writeAsset(store: KeyValueStore, asset: Asset): void {
  store.set(concatBytes(PREFIX.asset, be64(asset.id)), Asset.encode(asset).finish())
}

/** Characters of a denomination at most, as in cosmos-sdk. */
export const DENOM_CHARACTERS_MAX = 128

/** Id of the asset with this denomination; one that is too long has none. */
export function assetIdOf(store: KeyValueReader, denom: string): bigint | undefined {
  if (denom.length > DENOM_CHARACTERS_MAX) return undefined
  const bytes = store.get(concatBytes(PREFIX.denom, utf8(denom)))
  return bytes === undefined ? undefined : fromBe64(bytes)
}

/** Creates an asset with no supply. The caller has made sure that the denomination is free. */
export function createAsset(
  store: KeyValueStore,
  parts: Pick<Asset, 'denom' | 'decimals' | 'native'>,
): Asset {
  assert(assetIdOf(store, parts.denom) === undefined, `${parts.denom} is free`)
  const asset = { id: takeId(store, PREFIX.nextAsset), supply: '0', ...parts }
  writeAsset(store, asset)
  store.set(concatBytes(PREFIX.denom, utf8(parts.denom)), be64(asset.id))
  return asset
}

/** Assets with an id above `after`, ascending. */
export function* assets(store: KeyValueReader, after = 0n): Iterable<Asset> {
  const start = concatBytes(PREFIX.asset, be64(after + 1n))
  for (const [, value] of store.iterate(start, prefixEnd(PREFIX.asset))) yield Asset.decode(value)
}

/** One page of the assets, by id. */
export function assetsPage(store: KeyValueReader, request: PageRequest | undefined): Page<Asset> {
  const { items, pagination } = pageBelow(store, PREFIX.asset, request)
  return { items: items.map(([, value]) => Asset.decode(value)), pagination }
}

/** The line with this id, if it exists. */
export function readLine(store: KeyValueReader, id: bigint): Line | undefined {
  const bytes = store.get(concatBytes(PREFIX.line, be64(id)))
  return bytes === undefined ? undefined : Line.decode(bytes)
}

/** Writes a line that exists. */
export function writeLine(store: KeyValueStore, line: Line): void {
  store.set(concatBytes(PREFIX.line, be64(line.id)), Line.encode(line).finish())
}

/** The line whose full path has this SHA-256. */
export function lineOfPathHash(store: KeyValueReader, pathHash: Uint8Array): Line | undefined {
  const id = store.get(concatBytes(PREFIX.path, pathHash))
  if (id === undefined) return undefined
  const line = readLine(store, fromBe64(id))
  assert(line !== undefined, 'a path leads to a line')
  return line
}

/** Creates a line with nothing in escrow. */
export function createLine(
  store: KeyValueStore,
  pathHash: Uint8Array,
  parts: Pick<Line, 'client' | 'denom' | 'asset' | 'listed'>,
): Line {
  assert(lineOfPathHash(store, pathHash) === undefined, `${parts.denom} has no line yet`)
  const line = { id: takeId(store, PREFIX.nextLine), escrowed: '0', inFlight: '0', ...parts }
  writeLine(store, line)
  store.set(concatBytes(PREFIX.path, pathHash), be64(line.id))
  store.set(concatBytes(PREFIX.assetLine, be64(line.asset), be64(line.id)), PRESENT)
  return line
}

/** Lines of one asset, ascending by id; a listed asset has at most 256. */
export function* linesOf(store: KeyValueReader, asset: bigint): Iterable<Line> {
  const prefix = concatBytes(PREFIX.assetLine, be64(asset))
  for (const [key] of store.iterate(prefix, prefixEnd(prefix))) {
    const line = readLine(store, fromBe64(key, prefix.length))
    assert(line !== undefined, 'an asset names lines that exist')
    yield line
  }
}

/** Lines with an id above `after`, ascending. */
export function* lines(store: KeyValueReader, after = 0n): Iterable<Line> {
  const start = concatBytes(PREFIX.line, be64(after + 1n))
  for (const [, value] of store.iterate(start, prefixEnd(PREFIX.line))) yield Line.decode(value)
}

/** What governance has set for a line; 0 where it has set nothing. */
export function readLimits(store: KeyValueReader, line: bigint): LineLimits {
  const bytes = store.get(concatBytes(PREFIX.limits, be64(line)))
  return bytes === undefined ? LineLimits.fromPartial({}) : LineLimits.decode(bytes)
}

/** Writes it; defaults are no key. */
export function writeLimits(store: KeyValueStore, line: bigint, limits: LineLimits): void {
  const key = concatBytes(PREFIX.limits, be64(line))
  const bytes = LineLimits.encode(limits).finish()
  if (bytes.length === 0) store.delete(key)
  else store.set(key, bytes)
}

/** All that is set, ascending by line. */
export function* lineLimits(store: KeyValueReader): Iterable<readonly [bigint, LineLimits]> {
  for (const [key, value] of store.iterate(PREFIX.limits, prefixEnd(PREFIX.limits)))
    yield [fromBe64(key, 1), LineLimits.decode(value)]
}

/** What has left over a line lately. */
export function readOutflow(store: KeyValueReader, line: bigint): Outflow {
  const bytes = store.get(concatBytes(PREFIX.outflow, be64(line)))
  return bytes === undefined ? { buckets: [] } : Outflow.decode(bytes)
}

/** Writes it. */
export function writeOutflow(store: KeyValueStore, line: bigint, outflow: Outflow): void {
  store.set(concatBytes(PREFIX.outflow, be64(line)), Outflow.encode(outflow).finish())
}

/** Writes a listing. */
export function writeListing(store: KeyValueStore, listing: Listing): void {
  store.set(listingKey(listing), be64(listing.asset))
}

/** Deletes a listing. */
export function deleteListing(store: KeyValueStore, listing: Listing): void {
  store.delete(listingKey(listing))
}

/** Whether this token is listed for this creator and chain. */
export function hasListing(store: KeyValueReader, listing: Listing): boolean {
  return store.has(listingKey(listing))
}

/** All listings, or those for one creator and chain; ascending by creator, chain and base. */
export function* listings(
  store: KeyValueReader,
  creator: Uint8Array = new Uint8Array(0),
  chain?: ListedChain,
): Iterable<Listing> {
  const scope = chain === undefined ? new Uint8Array(0) : chainBytes(chain)
  const prefix = concatBytes(PREFIX.listing, creator, scope)
  for (const [key, value] of store.iterate(prefix, prefixEnd(prefix))) {
    const names = fromUtf8(key.subarray(1 + ACCOUNT_ID_BYTES)).split(SEPARATOR)
    const [clientType, chainId, contract, base] = names as [string, string, string, string]
    const listed = { clientType, chainId, contract, base, asset: fromBe64(value) }
    yield { creator: key.slice(1, 1 + ACCOUNT_ID_BYTES), ...listed }
  }
}

/** Writes the zone that new ids carry. */
export function writeZone(store: KeyValueStore, zone: number): void {
  store.set(PREFIX.zone, be16(zone))
}

/** The zone that new ids carry. */
export function readZone(store: KeyValueReader): number {
  const bytes = store.get(PREFIX.zone)
  assert(bytes !== undefined, 'the zone is written at genesis')
  return fromBe16(bytes)
}

function takeId(store: KeyValueStore, counterKey: Uint8Array): bigint {
  const bytes = store.get(counterKey)
  const number = bytes === undefined ? 1n : fromBe64(bytes)
  store.set(counterKey, be64(number + 1n))
  return zoneId(readZone(store), number)
}

function listingKey(listing: Listing): Uint8Array {
  return concatBytes(PREFIX.listing, listing.creator, chainBytes(listing), utf8(listing.base))
}

function chainBytes({ clientType, chainId, contract }: ListedChain): Uint8Array {
  return utf8([clientType, chainId, contract, ''].join(SEPARATOR))
}

/** Built byte by byte: several are made for every transaction. */
function balanceKey({ account, subaccount }: Holder, asset: bigint): Uint8Array {
  assert(account.length === ACCOUNT_ID_BYTES, 'an account id has 20 bytes')
  const key = new Uint8Array(11 + ACCOUNT_ID_BYTES)
  key.set(PREFIX.balance)
  key.set(account, 1)
  key[1 + ACCOUNT_ID_BYTES] = subaccount >> 8
  key[2 + ACCOUNT_ID_BYTES] = subaccount & 0xff
  let high = Number(asset >> 32n)
  let low = Number(asset & 0xffffffffn)
  for (let i = 3; i >= 0; i--) {
    key[3 + ACCOUNT_ID_BYTES + i] = high & 0xff
    key[7 + ACCOUNT_ID_BYTES + i] = low & 0xff
    high >>>= 8
    low >>>= 8
  }
  return key
}
