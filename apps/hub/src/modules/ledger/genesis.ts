import { U256_MAX } from '@causeway/primitives'
import { z } from 'zod'
import type { Context, ReadContext } from '../../block/context.ts'
import { amountText, denomText, invalidGenesis, parseGenesis } from '../../genesis/parse.ts'
import type { AddressCodec } from '../../identifiers.ts'
import { pathHash } from './lines.ts'
import {
  LEDGER_STORE,
  assetIdOf,
  assets,
  balances,
  createAsset,
  createLine,
  lineOfPathHash,
  lines,
  readAsset,
  readBalance,
  readZone,
  writeAsset,
  writeBalance,
  writeLine,
  writeZone,
} from './state.ts'

const schema = z.strictObject({
  zone: z.int().min(0).max(0xffff),
  assets: z
    .array(z.strictObject({ denom: denomText, decimals: z.int().min(0).max(18), native: z.boolean() }))
    .max(10_000),
  lines: z
    .array(
      z.strictObject({
        client: z.string().min(1).max(64),
        denom: z.string().min(1).max(512),
        asset: denomText,
        listed: z.boolean().optional(),
        escrowed: amountText.optional(),
        inFlight: amountText.optional(),
      }),
    )
    .optional(),
  balances: z.array(z.strictObject({ holder: z.string(), denom: denomText, amount: amountText })),
})

type LedgerGenesis = z.output<typeof schema>

/** What a new ledger needs of the accounts. */
export interface GenesisPorts {
  readonly addresses: AddressCodec
  ensureAccount(context: Context, account: Uint8Array): void
}

/** Writes the ledger's part of genesis. Throws `genesis/2`. */
export function initGenesis(context: Context, state: unknown, ports: GenesisPorts): void {
  const genesis = parseGenesis('ledger', schema, state)
  const store = context.store(LEDGER_STORE)
  writeZone(store, genesis.zone)
  for (const [i, asset] of genesis.assets.entries()) {
    if (assetIdOf(store, asset.denom) !== undefined)
      throw invalidGenesis(`ledger.assets.${i}.denom`, 'is named twice')
    createAsset(store, asset)
  }
  for (const i of (genesis.lines ?? []).keys()) initLine(context, genesis, i)
  for (const i of genesis.balances.keys()) initBalance(context, genesis, i, ports)
}

function initLine(context: Context, genesis: LedgerGenesis, index: number): void {
  const store = context.store(LEDGER_STORE)
  const entry = genesis.lines![index]!
  const path = `ledger.lines.${index}`
  const asset = assetIdOf(store, entry.asset)
  if (asset === undefined) throw invalidGenesis(`${path}.asset`, 'no such asset')
  if (readAsset(store, asset).native) throw invalidGenesis(`${path}.asset`, 'a native asset has no lines')
  if (!entry.denom.startsWith(`transfer/${entry.client}/`)) {
    throw invalidGenesis(`${path}.denom`, `expected a path that starts with transfer/${entry.client}/`)
  }
  const hash = pathHash(entry.denom)
  if (lineOfPathHash(store, hash) !== undefined) throw invalidGenesis(`${path}.denom`, 'is named twice')
  const escrowed = entry.escrowed ?? 0n
  const inFlight = entry.inFlight ?? 0n
  if (inFlight > escrowed) throw invalidGenesis(`${path}.inFlight`, 'exceeds what is escrowed')
  const { client, denom, listed = true } = entry
  const line = createLine(store, hash, { client, denom, asset, listed })
  writeLine(store, { ...line, escrowed: escrowed.toString(), inFlight: inFlight.toString() })
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
  ports.ensureAccount(context, holder.account)
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
    })),
    balances: [...balances(store)].map(({ holder, asset, amount }) => ({
      holder: addresses.encodeHolder(holder),
      denom: denomOf(asset),
      amount: amount.toString(),
    })),
  }
}
