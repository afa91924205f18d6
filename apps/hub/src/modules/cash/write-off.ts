// What a line's escrow has proven to have lost, by a vote: insurance pays with what it holds of the token and
// with its cash, then everybody with positive cash in proportion, by the index.
import { assert } from '@causeway/primitives'
import type { Context } from '../../block/context.ts'
import { addCash, balanceE6, fromMicro } from './cash.ts'
import { errors } from './errors.ts'
import { emitPool, emitWrittenOff } from './events.ts'
import type { CashAsset, CashPorts } from './ports.ts'
import { lowerCredits } from './socialise.ts'
import { CASH_STORE, readPool, readPooled, writePooled } from './state.ts'
import { toMicro } from './convert.ts'

/** What was lost: the line by its full path or voucher, and base units of its token. */
export interface Loss {
  readonly line: string
  readonly amount: bigint
}

/**
 * Takes a loss out of the books. Throws `cash/24` where insurance and the pool hold less of the token, or
 * positive cash can't bear it, and `ledger/21`, `ledger/23`.
 */
export function writeOff(context: Context, ports: CashPorts, { line: denom, amount }: Loss): void {
  const line = ports.lineOfDenom(context, denom)
  const asset = ports.asset(context, line.asset)
  assert(asset !== undefined, 'a line has an asset')
  // 1. Insurance's own of the token
  const insured = ports.balance(context, ports.insuranceFund, asset.id)
  const own = insured < amount ? insured : amount
  if (own > 0n) ports.loseEscrow(context, line, ports.insuranceFund, own)
  // 2. The pool's: whole micro-units of par go with it
  const pooled = amount - own
  const parE6 = pooled === 0n ? 0n : takeFromPool(context, ports, asset, pooled)
  if (pooled > 0n) ports.loseEscrow(context, ports.lineOfDenom(context, denom), ports.pool, pooled)
  // 3. Insurance's cash, then the index
  const fundE6 = balanceE6(context, ports, ports.insuranceFund)
  const paidE6 = fundE6 < 0n ? 0n : fundE6 < parE6 ? fundE6 : parE6
  if (paidE6 > 0n) addCash(context, ports, ports.insuranceFund, -paidE6, 'writeOff', -paidE6)
  const sharedE6 = parE6 - paidE6
  if (sharedE6 > 0n) {
    const pool = readPool(context.store(CASH_STORE))
    if (!lowerCredits(context, ports, { ...pool, parE6: pool.parE6 - sharedE6 }))
      throw errors.lossTooLarge({ asset: 0n, heldE6: pool.parE6 })
  }
  emitWrittenOff(context, { line: line.id, asset: asset.id, amount, own, paidE6, sharedE6 })
}

/** What of the par goes with so many base units; the pool holds as much at par. */
function takeFromPool(context: Context, ports: CashPorts, asset: CashAsset, amount: bigint): bigint {
  const store = context.store(CASH_STORE)
  const pooled = readPooled(store, asset.id)
  const held = BigInt(pooled?.parE6 ?? 0n)
  const whole = toMicro(amount, asset.decimals)
  const parE6 = fromMicro(whole, asset.decimals) < amount ? whole + 1n : whole
  if (pooled === undefined || parE6 > held) throw errors.lossTooLarge({ asset: asset.id, heldE6: held })
  writePooled(store, { ...pooled, parE6: (held - parE6).toString() })
  emitPool(context, asset.id, held - parE6)
  return parE6
}
