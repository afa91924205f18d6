// Lines: bridged tokens. Σ balances(asset) + Σ in flight = Σ escrowed, over the lines of the asset. That sum
// stays below 2²⁵⁶, so that what is in flight can always be refunded: at most 256 listed lines pool an asset,
// each below 2²⁴⁸, and a line that nobody listed has an asset of its own.
import { U256_MAX, assert, sha256, toHexUpper, utf8 } from '@causeway/primitives'
import type { Asset, Line } from '@causeway/protocol/causeway/ledger/v1/ledger'
import type { Context, ReadContext } from '../../block/context.ts'
import type { Holder } from '../../identifiers.ts'
import { errors } from './errors.ts'
import { emitLine } from './events.ts'
import type { Ledger } from './ledger.ts'
import { requireCap, roomOf, takeRoom } from './outflow.ts'
import type { OutflowPorts, Room } from './outflow.ts'
import { requireOpen } from './pauses.ts'
import {
  LEDGER_STORE,
  createAsset,
  createLine,
  lineOfPathHash,
  readAsset,
  readLine,
  writeLine,
} from './state.ts'

const LISTED_BITS = 248
const UNLISTED_BITS = 256

/** What a listed line may hold. */
export const LISTED_ESCROW_MAX = (1n << BigInt(LISTED_BITS)) - 1n

/** Lines of one asset, listings among them. */
export const POOLED_LINES_MAX = 256

/** What other parts of the chain do with lines. */
export interface Lines {
  /** The line of a full path, or of its voucher `ibc/HASH`. Throws `ledger/21`. */
  find(context: ReadContext, denom: string): Line
  /** The line of a full path, created unlisted, with an asset of its own, unless it exists. */
  ensure(context: Context, client: string, path: string): Line
  /** What may leave over a line within the hour; nothing where it has no limit. */
  room(context: ReadContext, line: Line): Room | undefined
  /**
   * Credits what the other chain's escrow took in. Throws `ledger/6` or `ledger/25` when the line would hold
   * too much, and `ledger/26`.
   */
  deposit(context: Context, line: Line, to: Holder, amount: bigint): void
  /** Debits what the other chain's escrow shall give out. Throws `ledger/5`, `/23`, `/24`, `/26`. */
  withdraw(context: Context, line: Line, from: Holder, amount: bigint): void
  /** The other chain's escrow gave it out. */
  settle(context: Context, lineId: bigint, amount: bigint): void
  /** It did not: credits the holder again. There is always room for it. */
  refund(context: Context, lineId: bigint, to: Holder, amount: bigint): void
  /** The other chain's escrow has lost it: so has a holder. Throws `ledger/5`, `ledger/23`. */
  lose(context: Context, line: Line, from: Holder, amount: bigint): void
}

/** Makes the lines of a chain. */
export function createLines(ledger: Ledger, ports: OutflowPorts): Lines {
  return {
    find(context, denom) {
      const line = lineOfPathHash(context.store(LEDGER_STORE), pathHash(denom))
      if (line === undefined) throw errors.unknownLine({ denom: denom.slice(0, 128) })
      return line
    },
    ensure,
    room: (context, line) => roomOf(context, ports, line),
    deposit(context, line, to, amount) {
      requireOpen(context, line)
      const escrowed = BigInt(line.escrowed) + amount
      const bits = line.listed ? LISTED_BITS : UNLISTED_BITS
      if (escrowed >= 1n << BigInt(bits)) throw errors.overflow({ denom: line.denom, bits })
      requireCap(context, line, escrowed)
      save(context, { ...line, escrowed: escrowed.toString() })
      ledger.mint(context, to, assetOf(context, line), amount)
    },
    withdraw(context, line, from, amount) {
      requireOpen(context, line)
      const free = BigInt(line.escrowed) - BigInt(line.inFlight)
      assert(free >= 0n, 'no more is in flight than the escrow holds')
      ledger.burn(context, from, assetOf(context, line), amount)
      if (free < amount) throw errors.escrowTooLow({ denom: line.denom, need: amount, escrowed: free })
      takeRoom(context, ports, line, amount)
      save(context, { ...line, inFlight: (BigInt(line.inFlight) + amount).toString() })
    },
    settle(context, lineId, amount) {
      const line = land(context, lineId, amount)
      save(context, { ...line, escrowed: (BigInt(line.escrowed) - amount).toString() })
    },
    refund(context, lineId, to, amount) {
      const line = land(context, lineId, amount)
      save(context, line)
      const asset = assetOf(context, line)
      assert(BigInt(asset.supply) + amount <= U256_MAX, 'the lines of an asset hold less than 2^256 together')
      ledger.mint(context, to, asset, amount)
    },
    lose(context, line, from, amount) {
      const free = BigInt(line.escrowed) - BigInt(line.inFlight)
      if (free < amount) throw errors.escrowTooLow({ denom: line.denom, need: amount, escrowed: free })
      ledger.burn(context, from, assetOf(context, line), amount)
      save(context, { ...line, escrowed: (BigInt(line.escrowed) - amount).toString() })
    },
  }
}

/** The voucher denomination `ibc/HASH` of a full path. */
export function voucherDenom(path: string): string {
  return `ibc/${toHexUpper(sha256(utf8(path)))}`
}

/** SHA-256 of a full path, given as the path or as its voucher. */
export function pathHash(denom: string): Uint8Array {
  const voucher = /^ibc\/([0-9A-F]{64})$/.exec(denom)
  if (voucher === null) return sha256(utf8(denom))
  return Uint8Array.from(voucher[1]!.match(/../g)!, (byte) => parseInt(byte, 16))
}

function ensure(context: Context, client: string, path: string): Line {
  const store = context.store(LEDGER_STORE)
  const hash = pathHash(path)
  const existing = lineOfPathHash(store, hash)
  if (existing !== undefined) return existing
  // A token that nobody listed has unknown decimals; its asset counts base units.
  const asset = createAsset(store, { denom: voucherDenom(path), decimals: 0, native: false })
  const line = createLine(store, hash, { client, denom: path, asset: asset.id, listed: false })
  emitLine(context, line)
  return line
}

function land(context: Context, lineId: bigint, amount: bigint): Line {
  const line = readLine(context.store(LEDGER_STORE), lineId)
  assert(line !== undefined, `line ${lineId} exists`)
  const inFlight = BigInt(line.inFlight) - amount
  assert(inFlight >= 0n, 'only what is in flight can land')
  return { ...line, inFlight: inFlight.toString() }
}

function save(context: Context, line: Line): void {
  writeLine(context.store(LEDGER_STORE), line)
  emitLine(context, line)
}

function assetOf(context: ReadContext, line: Line): Asset {
  return readAsset(context.store(LEDGER_STORE), line.asset)
}
