import { equalBytes } from '@causeway/primitives'
import { z } from 'zod'
import type { Context, ReadContext } from '../../block/context.ts'
import { parametersJson } from '../../block/parameters.ts'
import { amountText, invalidGenesis, parseGenesis, u64Text } from '../../genesis/parse.ts'
import { sameHolder } from '../../identifiers.ts'
import { writeOverdraft } from './debtors.ts'
import { invariants } from './invariants.ts'
import { DEFAULT_PARAMS, paramsSchema } from './params.ts'
import { EMPTY_POOL, INDEX_ONE, withShares } from './pool.ts'
import type { CashPorts } from './ports.ts'
import {
  CASH_STORE,
  cashAccounts,
  pooledAssets,
  readCash,
  readNextWithdrawal,
  readParams,
  readPool,
  readPooled,
  withdrawals,
  writeCash,
  writeNextWithdrawal,
  writeParams,
  writePool,
  writePooled,
  writeWithdrawal,
} from './state.ts'

const signed = z
  .string()
  .regex(/^(0|-?[1-9][0-9]{0,77})$/, 'expected a decimal number')
  .transform((text) => BigInt(text))

const schema = z
  .strictObject({
    params: paramsSchema.optional(),
    debtIndex: amountText.optional(),
    creditIndex: amountText.optional(),
    assets: z
      .array(z.strictObject({ asset: u64Text, parE6: amountText.optional(), open: z.boolean().optional() }))
      .max(256)
      .optional(),
    accounts: z
      .array(
        z.strictObject({
          holder: z.string(),
          shares: signed,
          locks: z.array(z.strictObject({ untilSeconds: u64Text, amountE6: amountText })).optional(),
        }),
      )
      .optional(),
    nextWithdrawal: u64Text.optional(),
    withdrawals: z
      .array(
        z.strictObject({
          id: u64Text,
          holder: z.string(),
          line: u64Text,
          asset: u64Text,
          amount: amountText,
          receiver: z.string(),
          fromCash: z.boolean(),
        }),
      )
      .optional(),
  })
  .optional()

type CashGenesis = NonNullable<z.output<typeof schema>>

/** Writes cash's part of genesis, after the ledger's. Throws `genesis/2`. */
export function initGenesis(context: Context, state: unknown, ports: CashPorts): void {
  const genesis = parseGenesis('cash', schema, state) ?? {}
  const store = context.store(CASH_STORE)
  writeParams(store, genesis.params ?? DEFAULT_PARAMS)
  initAssets(context, genesis, ports)
  initAccounts(context, genesis, ports)
  for (const [i, { holder, amount, ...withdrawal }] of (genesis.withdrawals ?? []).entries()) {
    if (ports.line(context, withdrawal.line)?.asset !== withdrawal.asset)
      throw invalidGenesis(`cash.withdrawals.${i}.line`, 'is no line of the asset')
    const { account, subaccount } = ports.addresses.decodeHolder(holder)
    writeWithdrawal(store, { ...withdrawal, account, subaccount, amount: amount.toString() })
  }
  const { nextWithdrawal = 1n } = genesis
  if (nextWithdrawal > 1n) writeNextWithdrawal(store, nextWithdrawal)
  const [broken] = invariants(context, ports)
  if (broken !== undefined) throw invalidGenesis('cash', broken)
}

function initAssets(context: Context, { assets = [] }: CashGenesis, ports: CashPorts): void {
  const store = context.store(CASH_STORE)
  for (const [i, { asset, parE6 = 0n, open = true }] of assets.entries()) {
    const kept = ports.asset(context, asset)
    if (kept === undefined || kept.native)
      throw invalidGenesis(`cash.assets.${i}.asset`, 'expected an asset that has lines')
    if (readPooled(store, asset) !== undefined)
      throw invalidGenesis(`cash.assets.${i}.asset`, 'is named twice')
    writePooled(store, { asset, parE6: parE6.toString(), open })
  }
}

function initAccounts(context: Context, genesis: CashGenesis, ports: CashPorts): void {
  const store = context.store(CASH_STORE)
  const { debtIndex = INDEX_ONE, creditIndex = INDEX_ONE, accounts = [] } = genesis
  // What was written off has lowered the index of credits.
  if (debtIndex < INDEX_ONE || creditIndex < 1n)
    throw invalidGenesis('cash.debtIndex', 'the index of debts begins at 10^18, that of credits is positive')
  const parE6 = pooledAssets(store).reduce((sum, pooled) => sum + BigInt(pooled.parE6), 0n)
  let pool = { ...EMPTY_POOL, debtIndex, creditIndex, parE6 }
  for (const [i, { holder: text, shares, locks = [] }] of accounts.entries()) {
    const holder = ports.addresses.decodeHolder(text)
    if (readCash(store, holder).shares !== 0n)
      throw invalidGenesis(`cash.accounts.${i}.holder`, 'is named twice')
    if (!equalBytes(ports.ensureAccount(context, holder.account), holder.account))
      throw invalidGenesis(`cash.accounts.${i}.holder`, 'is a linked wallet: expected its account')
    writeCash(store, holder, { shares, locks })
    if (shares < 0n && !sameHolder(holder, ports.idle)) writeOverdraft(store, holder, 'none')
    pool = sameHolder(holder, ports.idle) ? { ...pool, idleE6: shares } : withShares(pool, 0n, shares)
  }
  if (accounts.length > 0 || parE6 !== 0n) writePool(store, pool)
}

/** Cash's part of a genesis that would make this state; accounts' parts of windows begin anew. */
export function exportGenesis(context: ReadContext, ports: Pick<CashPorts, 'addresses'>): unknown {
  const store = context.store(CASH_STORE)
  const { debtIndex, creditIndex } = readPool(store)
  return {
    params: parametersJson({ ...readParams(store) }),
    debtIndex: debtIndex.toString(),
    creditIndex: creditIndex.toString(),
    assets: pooledAssets(store).map((pooled) => ({ ...pooled, asset: pooled.asset.toString() })),
    accounts: [...cashAccounts(store)].map(([holder, { shares, locks }]) => ({
      holder: ports.addresses.encodeHolder(holder),
      shares: shares.toString(),
      locks: locks.map((lock) => ({
        untilSeconds: lock.untilSeconds.toString(),
        amountE6: lock.amountE6.toString(),
      })),
    })),
    nextWithdrawal: readNextWithdrawal(store).toString(),
    withdrawals: [...withdrawals(store)].map(({ account, subaccount, id, line, asset, ...rest }) => ({
      ...rest,
      id: id.toString(),
      line: line.toString(),
      asset: asset.toString(),
      holder: ports.addresses.encodeHolder({ account, subaccount }),
    })),
  }
}
