// What becomes of an account when its wallet is linked to another one.
import { equalBytes } from '@causeway/primitives'
import type { Context } from './block/context.ts'
import type { AddressCodec } from './identifiers.ts'
import type { Ledger } from './modules/ledger/ledger.ts'
import { LEDGER_STORE, balances, readAsset } from './modules/ledger/state.ts'
import type { Cash } from './modules/cash/cash.ts'
import { CASH_STORE, cashAccounts, withdrawals } from './modules/cash/state.ts'
import type { LinkPorts } from './modules/accounts/ports.ts'
import { emitIsolated } from './modules/risk/events.ts'
import type { RiskModulePorts } from './modules/risk/module.ts'
import {
  RISK_STORE,
  deleteIsolated,
  isIsolated,
  isolatedHolders,
  writeIsolated,
} from './modules/risk/state.ts'
import { STAKING_STORE, delegations, findValidator } from './modules/staking/state.ts'
import { entries } from './modules/staking/unbonding-state.ts'
import type { VerifySignatures } from './tx/signatures.ts'

/** Tells what of an account can't be moved to another one, in words. */
export type InUse = LinkPorts['whatIsInUse']

/** What linking wallets touches beside the ledger. */
export interface Linking {
  readonly verifySignatures: VerifySignatures
  /** Asked in order; the first that answers refuses the link. */
  readonly inUse?: readonly InUse[]
  /**
   * Before balances move: ends what the account has set for itself, or moves it, and what it holds outside of
   * the ledger, each to the subaccount of the same number.
   */
  readonly move?: readonly LinkPorts['moveAll'][]
}

/** Joins what the module accounts needs. */
export function linkPorts(ledger: Ledger, { verifySignatures, inUse = [], move = [] }: Linking): LinkPorts {
  return {
    verifySignatures,
    whatIsInUse(context, account, to) {
      for (const tell of inUse) {
        const what = tell(context, account, to)
        if (what !== undefined) return what
      }
      return undefined
    },
    moveAll(context, from, to) {
      for (const moved of move) moved(context, from, to)
      moveLedger(ledger, context, from, to)
    },
  }
}

/** A stake, bonded or leaving, or a validator. */
export const stakeInUse: InUse = (context, account) => {
  const store = context.store(STAKING_STORE)
  if (findValidator(store, account) !== undefined) return 'a validator'
  const [bonded] = delegations(store, account)
  const [leaving] = entries(store, account)
  return bonded === undefined && leaving === undefined ? undefined : 'a stake'
}

/** Cash below zero, or that a market's gain locks; a withdrawal that waits: only its account may end it. */
export const cashInUse: InUse = (context, account) => {
  const store = context.store(CASH_STORE)
  for (const withdrawal of withdrawals(store))
    if (equalBytes(withdrawal.account, account)) return 'a withdrawal that waits'
  for (const [, { shares, locks }] of cashAccounts(store, account)) {
    if (shares < 0n) return 'a debt'
    if (locks.some(({ untilSeconds }) => untilSeconds > context.timeSeconds)) return 'cash that is locked'
  }
  return undefined
}

/**
 * What is isolated stays so: it moves where the other account has nothing of that number, or has isolated it
 * too.
 */
export function isolatedInUse({ isEmpty }: Pick<RiskModulePorts, 'isEmpty'>): InUse {
  return (context, account, to) => {
    const store = context.store(RISK_STORE)
    for (const holder of isolatedHolders(store, account)) {
      const target = { account: to, subaccount: holder.subaccount }
      if (isEmpty(context, holder) || isEmpty(context, target) || isIsolated(store, target)) continue
      return `an isolated subaccount ${holder.subaccount}: the other one of this number is not`
    }
    return undefined
  }
}

/** Isolates what takes the place of isolated subaccounts, but for empty ones. Before anything moves. */
export function moveIsolated(
  addresses: AddressCodec,
  { isEmpty }: Pick<RiskModulePorts, 'isEmpty'>,
): LinkPorts['moveAll'] {
  return (context, from, to) => {
    const store = context.store(RISK_STORE)
    for (const holder of [...isolatedHolders(store, from)]) {
      const target = { account: to, subaccount: holder.subaccount }
      deleteIsolated(store, holder)
      if (isEmpty(context, holder) || isIsolated(store, target)) continue
      writeIsolated(store, target)
      emitIsolated(context, addresses, target)
    }
  }
}

/** Moves cash. */
export function moveCash(cash: Pick<Cash, 'freeE6' | 'pay' | 'dropDust'>): LinkPorts['moveAll'] {
  return (context, from, to) => {
    for (const [{ subaccount }] of [...cashAccounts(context.store(CASH_STORE), from)]) {
      const holder = { account: from, subaccount }
      const amountE6 = cash.freeE6(context, holder)
      if (amountE6 > 0n) cash.pay(context, holder, { account: to, subaccount }, amountE6, 'link')
      else cash.dropDust(context, holder)
    }
  }
}

function moveLedger(ledger: Ledger, context: Context, from: Uint8Array, to: Uint8Array): void {
  const store = context.store(LEDGER_STORE)
  for (const { holder, asset, amount } of [...balances(store, from)]) {
    const { denom } = readAsset(store, asset)
    ledger.move(context, holder, { account: to, subaccount: holder.subaccount }, { id: asset, denom }, amount)
  }
}
