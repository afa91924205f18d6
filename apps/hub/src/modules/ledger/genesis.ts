import { U256_MAX, equalBytes } from '@causeway/primitives'
import type { LineLimits, Outflow } from '@causeway/protocol/causeway/ledger/v1/ledger'
import { z } from 'zod'
import type { Context, ReadContext } from '../../block/context.ts'
import { amountText, denomText, invalidGenesis, parseGenesis } from '../../genesis/parse.ts'
import type { AddressCodec } from '../../identifiers.ts'
import { initLines, linesSchema } from './genesis-lines.ts'
import type { LinePorts } from './genesis-lines.ts'
import { invariants } from './invariants.ts'
import { readPause } from './pauses.ts'
import {
  LEDGER_STORE,
  assetIdOf,
  assets,
  balances,
  createAsset,
  lines,
  listings,
  readAsset,
  readBalance,
  readLimits,
  readOutflow,
  readZone,
  writeAsset,
  writeBalance,
  writeZone,
} from './state.ts'

const schema = z.strictObject({
  zone: z.int().min(0).max(0xffff),
  assets: z
    .array(z.strictObject({ denom: denomText, decimals: z.int().min(0).max(18), native: z.boolean() }))
    .max(10_000),
  ...linesSchema,
  balances: z.array(z.strictObject({ holder: z.string(), denom: denomText, amount: amountText })),
})

const VOUCHER = /^ibc\/[0-9A-F]{64}$/

type LedgerGenesis = z.output<typeof schema>

/** What a new ledger needs of the accounts. */
export interface GenesisPorts {
  readonly addresses: AddressCodec
  ensureAccount(context: Context, account: Uint8Array): Uint8Array
  /** Absent on a chain that keeps tokens from elsewhere as plain assets. */
  readonly lines?: LinePorts
}

/** Writes the ledger's part of genesis, after `ibc`'s. Throws `genesis/2`. */
export function initGenesis(context: Context, state: unknown, ports: GenesisPorts): void {
  const genesis = parseGenesis('ledger', schema, state)
  const store = context.store(LEDGER_STORE)
  writeZone(store, genesis.zone)
  for (const [i, asset] of genesis.assets.entries()) {
    if (assetIdOf(store, asset.denom) !== undefined)
      throw invalidGenesis(`ledger.assets.${i}.denom`, 'is named twice')
    requireDenomination(asset, `ledger.assets.${i}.denom`)
    createAsset(store, asset)
  }
  initLines(context, genesis, ports)
  for (const i of genesis.balances.keys()) initBalance(context, genesis, i, ports)
  const [broken] = invariants(context, ports.lines !== undefined)
  if (broken !== undefined) throw invalidGenesis('ledger', broken)
}

/** Only the voucher of a token from elsewhere has a "/": no token that has one can go over IBC. */
function requireDenomination({ denom, native }: LedgerGenesis['assets'][number], path: string): void {
  if (!denom.includes('/')) return
  if (native) throw invalidGenesis(path, 'expected a native denomination without "/"')
  if (!VOUCHER.test(denom))
    throw invalidGenesis(path, 'expected a name without "/", or ibc/ and 64 digits of HEX')
}

function initBalance(context: Context, genesis: LedgerGenesis, index: number, ports: GenesisPorts): void {
  const store = context.store(LEDGER_STORE)
  const entry = genesis.balances[index]!
  const path = `ledger.balances.${index}`
  const id = assetIdOf(store, entry.denom)
  if (id === undefined) throw invalidGenesis(`${path}.denom`, 'no such asset')
  if (entry.amount === 0n) throw invalidGenesis(`${path}.amount`, 'is zero')
  const holder = decodeHolder(ports.addresses, entry.holder, `${path}.holder`)
  if (readBalance(store, holder, id) !== 0n) throw invalidGenesis(`${path}.holder`, 'is named twice')
  const asset = readAsset(store, id)
  const supply = BigInt(asset.supply) + entry.amount
  if (supply > U256_MAX) throw invalidGenesis(`${path}.amount`, 'the supply would exceed 2^256 - 1')
  if (!equalBytes(ports.ensureAccount(context, holder.account), holder.account))
    throw invalidGenesis(`${path}.holder`, 'is a linked wallet: expected its account')
  writeBalance(store, holder, id, entry.amount)
  writeAsset(store, { ...asset, supply: supply.toString() })
}

function decodeHolder(addresses: AddressCodec, text: string, path: string) {
  try {
    return addresses.decodeHolder(text)
  } catch (error) {
    throw invalidGenesis(path, (error as Error).message)
  }
}

/** The ledger's part of a genesis that would make this state. */
export function exportGenesis(context: ReadContext, addresses: AddressCodec): unknown {
  const store = context.store(LEDGER_STORE)
  const denomOf = (asset: bigint): string => readAsset(store, asset).denom
  return {
    zone: readZone(store),
    assets: [...assets(store)].map(({ denom, decimals, native }) => ({ denom, decimals, native })),
    lines: [...lines(store)].map((line) => ({
      client: line.client,
      denom: line.denom,
      asset: denomOf(line.asset),
      listed: line.listed,
      escrowed: line.escrowed,
      inFlight: line.inFlight,
      ...limitsJson(readLimits(store, line.id)),
      ...outflowJson(readOutflow(store, line.id)),
      ...pauseJson(readPause(store, line.id)),
    })),
    listings: [...listings(store)].map(({ creator, clientType, chainId, contract, base, asset }) => ({
      creator: addresses.encode(creator),
      clientType,
      chainId,
      ...(contract === '' ? {} : { contract }),
      base,
      asset: denomOf(asset),
    })),
    balances: [...balances(store)].map(({ holder, asset, amount }) => ({
      holder: addresses.encodeHolder(holder),
      denom: denomOf(asset),
      amount: amount.toString(),
    })),
  }
}

function pauseJson(until: bigint | undefined): object {
  return until === undefined ? {} : { pausedUntilSeconds: until.toString() }
}

function limitsJson(limits: LineLimits): Record<string, string> {
  const set = Object.entries<bigint>({ ...limits }).filter(([, value]) => value !== 0n)
  return Object.fromEntries(set.map(([name, value]) => [name, value.toString()]))
}

function outflowJson({ buckets }: Outflow): object {
  if (buckets.length === 0) return {}
  return {
    outflow: buckets.map(({ startSeconds, amount }) => ({ startSeconds: startSeconds.toString(), amount })),
  }
}
