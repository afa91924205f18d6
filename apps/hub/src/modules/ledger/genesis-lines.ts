// Lines and listings at genesis: what is proven over which client, and what it counts as here.
import { fromBase58 } from '@causeway/primitives'
import { z } from 'zod'
import type { Context, ReadContext } from '../../block/context.ts'
import { amountText, denomText, invalidGenesis, u64Text } from '../../genesis/parse.ts'
import type { AddressCodec } from '../../identifiers.ts'
import { LISTED_ESCROW_MAX, POOLED_LINES_MAX, pathHash, voucherDenom } from './lines.ts'
import { OUTFLOW_BUCKETS_MAX } from './outflow.ts'
import { writePause } from './pauses.ts'
import {
  LEDGER_STORE,
  assetIdOf,
  assets,
  createLine,
  hasListing,
  lineOfPathHash,
  readAsset,
  writeLimits,
  writeLine,
  writeListing,
  writeOutflow,
} from './state.ts'
import type { ListedChain } from './state.ts'

/** The client that opens them pays for all its lines at once. */
const LISTINGS_MAX = 1_000
const PATH_CHARACTERS_MAX = 512
const BASE_CHARACTERS_MAX = 400
const EVM_ADDRESS = /^0x[0-9a-f]{40}$/
const EVM_CHAIN = /^eip155:[1-9][0-9]{0,19}$/
const SOLANA_CHAIN = /^solana:[1-9A-HJ-NP-Za-km-z]{32}$/
const SOLANA_KEY_BYTES = 32

/** The two members of the ledger's genesis. */
export const linesSchema = {
  lines: z
    .array(
      z.strictObject({
        client: z.string().min(1).max(64),
        denom: z.string().min(1).max(PATH_CHARACTERS_MAX),
        asset: denomText,
        listed: z.boolean().optional(),
        escrowed: amountText.optional(),
        inFlight: amountText.optional(),
        capE6: u64Text.optional(),
        outflowBps: u64Text.refine((bps) => bps <= 10_000n, 'expected at most 10000').optional(),
        outflowFloorE6: u64Text.optional(),
        pausedUntilSeconds: u64Text.optional(),
        // What has left in the last hour: a window that begins anew would let as much leave again.
        outflow: z
          .array(z.strictObject({ startSeconds: u64Text, amount: amountText }))
          .max(OUTFLOW_BUCKETS_MAX)
          .optional(),
      }),
    )
    .optional(),
  listings: z
    .array(
      z.strictObject({
        creator: z.string(),
        clientType: z.enum(['07-tendermint', 'ethereum', 'solana']).optional(),
        contract: z.string().max(64).optional(),
        chainId: z.string().regex(/^[\x21-\x7e]{1,50}$/, 'expected a chain id'),
        base: printable(BASE_CHARACTERS_MAX),
        asset: denomText,
      }),
    )
    .max(LISTINGS_MAX)
    .optional(),
}

type LinesGenesis = z.output<z.ZodObject<typeof linesSchema>>
type LineEntry = NonNullable<LinesGenesis['lines']>[number]
type ListingEntry = NonNullable<LinesGenesis['listings']>[number]

/** What lines need of other modules. */
export interface LinePorts {
  /** Whether a client exists and its counterparty is registered. */
  hasCounterparty(context: ReadContext, client: string): boolean
}

/** What lines and listings of a genesis are checked with. */
export interface GenesisLinePorts {
  readonly addresses: AddressCodec
  readonly lines?: LinePorts
}

/** Writes lines and listings; the assets are there. Throws `genesis/2`. */
export function initLines(context: Context, genesis: LinesGenesis, ports: GenesisLinePorts): void {
  const { lines = [], listings = [] } = genesis
  if (ports.lines === undefined) {
    if (lines.length > 0) throw invalidGenesis('ledger.lines', 'this chain keeps no lines')
    if (listings.length > 0) throw invalidGenesis('ledger.listings', 'this chain keeps no lines')
    return
  }
  for (const [i, line] of lines.entries()) initLine(context, line, `ledger.lines.${i}`, ports.lines)
  for (const i of listings.keys()) initListing(context, genesis, i, ports.addresses)
  requireOwnVouchers(context)
  requireBoundedPools(lines, listings)
}

function initLine(context: Context, entry: LineEntry, path: string, ports: LinePorts): void {
  const store = context.store(LEDGER_STORE)
  const { client, denom, listed = true, escrowed = 0n, inFlight = 0n } = entry
  const asset = foreignAsset(context, entry.asset, `${path}.asset`)
  if (!denom.startsWith(`transfer/${client}/`))
    throw invalidGenesis(`${path}.denom`, `expected a path that starts with transfer/${client}/`)
  // Whoever creates a client decides what stands behind it: a line of a client that is to come is a listing.
  if (!ports.hasCounterparty(context, client)) {
    const expected = 'expected a client of ibc.entries with its counterparty, or a listing instead of a line'
    throw invalidGenesis(`${path}.client`, expected)
  }
  if (!listed && entry.asset !== voucherDenom(denom))
    throw invalidGenesis(`${path}.asset`, `expected ${voucherDenom(denom)}, as the line is not listed`)
  if (listed && escrowed > LISTED_ESCROW_MAX)
    throw invalidGenesis(`${path}.escrowed`, 'expected at most 2^248 - 1 on a listed line')
  const hash = pathHash(denom)
  if (lineOfPathHash(store, hash) !== undefined) throw invalidGenesis(`${path}.denom`, 'is named twice')
  if (inFlight > escrowed) throw invalidGenesis(`${path}.inFlight`, 'exceeds what is escrowed')
  const line = createLine(store, hash, { client, denom, asset, listed })
  writeLine(store, { ...line, escrowed: escrowed.toString(), inFlight: inFlight.toString() })
  const { capE6 = 0n, outflowBps = 0n, outflowFloorE6 = 0n, pausedUntilSeconds = 0n } = entry
  writeLimits(store, line.id, { capE6, outflowBps, outflowFloorE6 })
  writePause(store, line.id, pausedUntilSeconds)
  const { outflow = [] } = entry
  if (outflow.some(({ startSeconds }, k) => k > 0 && startSeconds <= outflow[k - 1]!.startSeconds))
    throw invalidGenesis(`${path}.outflow`, 'expected ascending times')
  if (outflow.length === 0) return
  const buckets = outflow.map(({ startSeconds, amount }) => ({ startSeconds, amount: amount.toString() }))
  writeOutflow(store, line.id, { buckets })
}

function initListing(context: Context, genesis: LinesGenesis, index: number, addresses: AddressCodec): void {
  const store = context.store(LEDGER_STORE)
  const entry = genesis.listings![index]!
  const path = `ledger.listings.${index}`
  const { clientType = '07-tendermint', contract = '', chainId, base } = entry
  requireListedToken({ clientType, contract, chainId, base }, path)
  const creator = decodeCreator(addresses, entry.creator, `${path}.creator`)
  const asset = foreignAsset(context, entry.asset, `${path}.asset`)
  const listing = { creator, clientType, contract, chainId, base, asset }
  if (hasListing(store, listing)) throw invalidGenesis(path, 'is named twice')
  writeListing(store, listing)
}

/** A listing that no client could ever take, or no packet name, is a slip of the pen. */
function requireListedToken(listed: ListedChain & { base: string }, path: string): void {
  const form = CHAIN_FORMS[listed.clientType]
  if (form === undefined) {
    if (listed.contract !== '')
      throw invalidGenesis(`${path}.contract`, 'only an EVM chain and Solana have one')
    return
  }
  const expected = `expected ${form.addressText}`
  if (!form.isAddress(listed.contract)) throw invalidGenesis(`${path}.contract`, expected)
  if (!form.chain.test(listed.chainId)) throw invalidGenesis(`${path}.chainId`, `expected ${form.chainText}`)
  if (!form.isAddress(listed.base)) throw invalidGenesis(`${path}.base`, expected)
}

/** How a kind of chain writes its id and its addresses, where that is known here. */
interface ChainForm {
  readonly chain: RegExp
  readonly chainText: string
  readonly addressText: string
  isAddress(text: string): boolean
}

const CHAIN_FORMS: Readonly<Record<string, ChainForm>> = {
  ethereum: {
    chain: EVM_CHAIN,
    chainText: 'eip155 and a number',
    addressText: '0x and 40 lower-case hex digits',
    isAddress: (text) => EVM_ADDRESS.test(text),
  },
  solana: {
    chain: SOLANA_CHAIN,
    chainText: 'solana and 32 characters of the genesis hash',
    addressText: '32 bytes in base58',
    isAddress: (text) => fromBase58(text)?.length === SOLANA_KEY_BYTES,
  },
}

/** The first deposit of an unlisted token makes the asset of its voucher: nothing else may have that name. */
function requireOwnVouchers(context: Context): void {
  const store = context.store(LEDGER_STORE)
  for (const { id, denom } of assets(store)) {
    if (!denom.startsWith('ibc/')) continue
    if (lineOfPathHash(store, pathHash(denom))?.asset !== id)
      throw invalidGenesis('ledger.assets', `${denom} is the name of an unlisted token: expected its line`)
  }
}

/** Every listing becomes a line: together they hold less than 2²⁵⁶ of an asset (lines.ts). */
function requireBoundedPools(lines: readonly LineEntry[], listings: readonly ListingEntry[]): void {
  const unlisted = new Set(lines.filter(({ listed }) => listed === false).map(({ asset }) => asset))
  const counts = new Map<string, number>()
  const count = (asset: string, path: string): void => {
    const lineCount = (counts.get(asset) ?? 0) + 1
    counts.set(asset, lineCount)
    if (lineCount > POOLED_LINES_MAX)
      throw invalidGenesis(path, `expected at most ${POOLED_LINES_MAX} lines and listings of an asset`)
    if (lineCount > 1 && unlisted.has(asset))
      throw invalidGenesis(path, 'the asset of an unlisted line has no other line')
  }
  for (const [i, { asset }] of lines.entries()) count(asset, `ledger.lines.${i}.asset`)
  for (const [i, { asset }] of listings.entries()) count(asset, `ledger.listings.${i}.asset`)
}

function foreignAsset(context: Context, denom: string, path: string): bigint {
  const store = context.store(LEDGER_STORE)
  const asset = assetIdOf(store, denom)
  if (asset === undefined) throw invalidGenesis(path, 'no such asset')
  if (readAsset(store, asset).native) throw invalidGenesis(path, 'a native asset has no lines')
  return asset
}

function decodeCreator(addresses: AddressCodec, text: string, path: string): Uint8Array {
  try {
    return addresses.decode(text)
  } catch (error) {
    throw invalidGenesis(path, (error as Error).message)
  }
}

function printable(charactersMax: number) {
  return z
    .string()
    .regex(/^[\x21-\x7e]+$/, 'expected a denomination')
    .max(charactersMax)
}
