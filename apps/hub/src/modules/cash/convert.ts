// Listed stable tokens become cash at min(1, price), whole micro-units only; what lacks to par is
// insurance's.
import type { PooledAsset } from '@causeway/protocol/causeway/cash/v1/cash'
import type { Context, ReadContext } from '../../block/context.ts'
import type { Holder } from '../../identifiers.ts'
import { addCash } from './cash.ts'
import { errors } from './errors.ts'
import { emitConverted, emitPool } from './events.ts'
import type { CashAsset, CashPorts } from './ports.ts'
import { CASH_STORE, readParams, readPool, readPooled, writePooled } from './state.ts'

const E9 = 1_000_000_000n
const BASIS_POINTS = 10_000n
const MICRO_DECIMALS = 6

/**
 * Converts a balance; gives the cash that was credited. Throws `cash/20` – `cash/22`, `ledger/5`, and, where
 * the price is above 1 and the balance was worth more than its cash, `risk/1` or `risk/2`.
 */
export function convert(
  context: Context,
  ports: CashPorts,
  holder: Holder,
  { asset, amount }: { asset: CashAsset; amount: bigint },
): bigint {
  const pooled = readPooled(context.store(CASH_STORE), asset.id)
  if (pooled === undefined) throw errors.notConvertible({ asset: asset.id })
  const parE6 = toMicro(amount, asset.decimals)
  const unit = microUnit(asset.decimals)
  if (amount % unit !== 0n) throw errors.notWholeMicro({ unit })
  const reason = stopOf(context, ports, pooled, parE6)
  if (reason !== undefined) throw errors.stopped({ asset: asset.id, reason })
  const credited = takeIn(context, ports, holder, { asset, amount, parE6, pooled })
  if (ports.price(context, asset.id).priceE9 > E9) ports.checkWithdrawal(context, holder)
  return credited
}

/**
 * A final deposit converts by itself, as far as it makes whole micro-units; where conversion has stopped it
 * stays what it is.
 */
export function convertDeposit(
  context: Context,
  ports: CashPorts,
  receiver: Holder,
  { asset: id, amount }: { asset: bigint; amount: bigint },
): void {
  const pooled = readPooled(context.store(CASH_STORE), id)
  const asset = pooled && ports.asset(context, id)
  if (pooled === undefined || asset === undefined) return
  const whole = amount - (amount % microUnit(asset.decimals))
  const parE6 = toMicro(whole, asset.decimals)
  if (parE6 === 0n || stopOf(context, ports, pooled, parE6) !== undefined) return
  const holder = { ...receiver, account: ports.ensureAccount(context, receiver.account) }
  takeIn(context, ports, holder, { asset, amount: whole, parE6, pooled })
}

interface Conversion {
  readonly asset: CashAsset
  readonly amount: bigint
  readonly parE6: bigint
  readonly pooled: PooledAsset
}

function takeIn(context: Context, ports: CashPorts, holder: Holder, conversion: Conversion): bigint {
  const { asset, amount, parE6, pooled } = conversion
  const { priceE9 } = ports.price(context, asset.id)
  const cashE6 = priceE9 < E9 ? (parE6 * priceE9) / E9 : parE6
  ports.moveAsset(context, holder, ports.pool, asset, amount)
  const held = BigInt(pooled.parE6) + parE6
  writePooled(context.store(CASH_STORE), { ...pooled, parE6: held.toString() })
  emitPool(context, asset.id, held)
  addCash(context, ports, holder, cashE6, 'convert', parE6)
  addCash(context, ports, ports.insuranceFund, parE6 - cashE6, 'convert')
  emitConverted(context, ports.addresses, { holder, asset: asset.id, parE6, cashE6 })
  return cashE6
}

/** Why an asset doesn't convert now; nothing when it does. */
function stopOf(
  context: ReadContext,
  ports: CashPorts,
  pooled: PooledAsset,
  parE6: bigint,
): string | undefined {
  const store = context.store(CASH_STORE)
  const { minPriceE9, poolShareBps, shareFloorE6 } = readParams(store)
  const { asset } = pooled
  if (!pooled.open) return 'governance has closed it'
  const { priceE9, state } = ports.price(context, asset)
  if (state !== 'fresh') return `its price is ${state}`
  if (priceE9 < minPriceE9) return `its price is below ${minPriceE9}`
  const held = BigInt(pooled.parE6) + parE6
  const total = readPool(store).parE6 + parE6
  if (held > shareFloorE6 && held * BASIS_POINTS > total * poolShareBps)
    return `it would be more than ${poolShareBps} of 10000 of the pool`
  // Balances of an asset don't say which of its lines they came over: all that hold something must be good.
  for (const line of ports.linesOf(context, asset))
    if (line.escrowed !== '0' && !ports.isOpen(context, line)) return `line ${line.id} is not open`
  return undefined
}

/** Micro-units of base units, rounded down. */
export function toMicro(amount: bigint, decimals: number): bigint {
  if (decimals >= MICRO_DECIMALS) return amount / microUnit(decimals)
  return amount * 10n ** BigInt(MICRO_DECIMALS - decimals)
}

/** Base units of one micro-unit; 1 where a base unit is more than that. */
export function microUnit(decimals: number): bigint {
  return decimals > MICRO_DECIMALS ? 10n ** BigInt(decimals - MICRO_DECIMALS) : 1n
}
