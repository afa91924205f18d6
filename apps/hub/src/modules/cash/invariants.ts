import type { ReadContext } from '../../block/context.ts'
import { sameHolder } from '../../identifiers.ts'
import type { Holder } from '../../identifiers.ts'
import { toMicro } from './convert.ts'
import { debtors } from './debtors.ts'
import { cashOf } from './pool.ts'
import type { CashPorts } from './ports.ts'
import { CASH_STORE, cashAccounts, pooledAssets, readPool, withdrawals } from './state.ts'

/**
 * What must hold of cash at the end of a block: sums of shares are those of the accounts; 0 ≤ par − Σ signed
 * cash ≤ one micro-unit an account; par is what the pool holds; what waits is held.
 */
export function invariants(
  context: ReadContext,
  ports: Pick<CashPorts, 'asset' | 'balance' | 'pool' | 'waiting' | 'idle'>,
): readonly string[] {
  return [...cashInvariants(context, ports.idle), ...heldInvariants(context, ports)]
}

function cashInvariants(context: ReadContext, idle: Holder): string[] {
  const store = context.store(CASH_STORE)
  const pool = readPool(store)
  const broken: string[] = []
  let [debtShares, creditShares, sum, accounts] = [0n, 0n, 0n, 0n]
  let idleE6 = 0n
  const owing = new Set<string>()
  const key = ({ account, subaccount }: Holder) => `${account.join()}/${subaccount}`
  for (const [holder, { shares }] of cashAccounts(store)) {
    accounts++
    const isIdle = sameHolder(holder, idle)
    sum += isIdle ? shares : cashOf(pool, shares)
    if (isIdle) idleE6 = shares
    else if (shares < 0n) {
      debtShares -= shares
      owing.add(key(holder))
    } else creditShares += shares
  }
  if (idleE6 !== pool.idleE6) broken.push(`cash: ${pool.idleE6} is idle, the markets have ${idleE6}`)
  if (debtShares !== pool.debtShares || creditShares !== pool.creditShares)
    broken.push('cash: the sums of shares are not those of the accounts')
  const noted = [...debtors(store)].map(key)
  if (noted.length !== owing.size || noted.some((each) => !owing.has(each)))
    broken.push(`cash: ${owing.size} owe, ${noted.length} are noted to`)
  const over = pool.parE6 - sum
  if (over < 0n || over > accounts)
    broken.push(`cash: par is ${pool.parE6}, ${accounts} accounts have ${sum} micro-cash`)
  let par = 0n
  for (const { parE6 } of pooledAssets(store)) par += BigInt(parE6)
  if (par !== pool.parE6) broken.push(`cash: assets sum to ${par} micro-units at par of ${pool.parE6}`)
  return broken
}

function heldInvariants(
  context: ReadContext,
  ports: Pick<CashPorts, 'asset' | 'balance' | 'pool' | 'waiting' | 'idle'>,
): string[] {
  const store = context.store(CASH_STORE)
  const broken: string[] = []
  for (const { asset, parE6 } of pooledAssets(store)) {
    const kept = ports.asset(context, asset)
    const held = kept === undefined ? -1n : toMicro(ports.balance(context, ports.pool, asset), kept.decimals)
    if (held < BigInt(parE6)) broken.push(`cash: the pool holds ${held} of ${parE6} of asset ${asset}`)
  }
  const waiting = new Map<bigint, bigint>()
  for (const { asset, amount } of withdrawals(store))
    waiting.set(asset, (waiting.get(asset) ?? 0n) + BigInt(amount))
  for (const [asset, amount] of waiting) {
    const held = ports.balance(context, ports.waiting, asset)
    if (held < amount) broken.push(`cash: ${amount} of asset ${asset} wait, ${held} are held`)
  }
  return broken
}
