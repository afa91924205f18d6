// Listing after genesis: a vote names a client that is there, with its counterparty, so the line is made at
// once.
import type { Context } from '../../block/context.ts'
import { errors } from './errors.ts'
import { emitLine } from './events.ts'
import { LISTED_ESCROW_MAX, POOLED_LINES_MAX, pathHash, voucherDenom } from './lines.ts'
import {
  LEDGER_STORE,
  assetIdOf,
  createAsset,
  createLine,
  lineOfPathHash,
  linesOf,
  listings,
  readAsset,
  writeAsset,
  writeLine,
} from './state.ts'

/** What shall count as one of the chain's assets. */
export interface NewLine {
  /** Exists, with its counterparty. */
  readonly clientId: string
  /** The token's denomination on the other chain. */
  readonly base: string
  readonly asset: string
  readonly decimals: number
}

const PATH_CHARACTERS_MAX = 512
const DECIMALS_MAX = 18
const ASSET_NAME = /^[a-zA-Z][a-zA-Z0-9:._-]{2,63}$/

/**
 * Lists a token. When deposits have made an unlisted line of it, that line is listed with the asset that it
 * has, so that nobody can keep a token out by depositing some. Throws `ledger/30` – `ledger/33`.
 */
export function listLine(context: Context, { clientId, base, asset, decimals }: NewLine): void {
  const store = context.store(LEDGER_STORE)
  const denom = `transfer/${clientId}/${base}`
  const isPath = /^[\x21-\x7e]+$/.test(base) && denom.length <= PATH_CHARACTERS_MAX
  if (!isPath || decimals > DECIMALS_MAX) throw errors.badListing({ denom: denom.slice(0, 128) })
  const hash = pathHash(denom)
  const existing = lineOfPathHash(store, hash)
  if (existing === undefined) {
    const id = poolFor(context, asset, decimals)
    return emitLine(context, createLine(store, hash, { client: clientId, denom, asset: id, listed: true }))
  }
  if (existing.listed || BigInt(existing.escrowed) > LISTED_ESCROW_MAX)
    throw errors.alreadyListed({ denom: denom.slice(0, 128) })
  if (asset !== voucherDenom(denom)) throw errors.otherAsset({ asset: voucherDenom(denom) })
  writeAsset(store, { ...readAsset(store, existing.asset), decimals })
  const line = { ...existing, listed: true }
  writeLine(store, line)
  emitLine(context, line)
}

/** The asset that the line belongs to: made, or one that has room for another line. */
function poolFor(context: Context, denom: string, decimals: number): bigint {
  const store = context.store(LEDGER_STORE)
  const id = assetIdOf(store, denom)
  if (id === undefined) {
    if (!ASSET_NAME.test(denom)) throw errors.badListing({ denom: denom.slice(0, 128) })
    return createAsset(store, { denom, decimals, native: false }).id
  }
  const asset = readAsset(store, id)
  const pooled = [...linesOf(store, id)]
  const count = pooled.length + [...listings(store)].filter((listing) => listing.asset === id).length
  const isPool = !asset.native && pooled.every((line) => line.listed)
  if (!isPool || asset.decimals !== decimals || count >= POOLED_LINES_MAX)
    throw errors.noPool({ denom: denom.slice(0, 128) })
  return id
}
