// What governance may change: three numbers, and for each asset whether it converts (`convertible/<asset>`).
import type { Params } from '@causeway/protocol/causeway/cash/v1/cash'
import type { Context, ReadContext } from '../../block/context.ts'
import { defineParameters, errors as parameterErrors, parametersSchema } from '../../block/parameters.ts'
import type { Parameters } from '../../block/parameters.ts'
import type { CashPorts } from './ports.ts'
import { CASH_STORE, pooledAssets, readParams, readPooled, writeParams, writePooled } from './state.ts'

const BASIS_POINTS = 10_000n
const CONVERTIBLE = /^convertible\/([1-9][0-9]{0,19})$/

const BOUNDS = {
  minPriceE9: { min: 900_000_000n, max: 1_000_000_000n },
  poolShareBps: { min: 100n, max: BASIS_POINTS },
  shareFloorE6: { min: 0n, max: 10n ** 18n },
} as const

/** Reads the parameters of a genesis. */
export const paramsSchema = parametersSchema(BOUNDS)

/** 0.99; half of the pool, where it is more than a million cash. */
export const DEFAULT_PARAMS: Params = {
  minPriceE9: 990_000_000n,
  poolShareBps: 5_000n,
  shareFloorE6: 1_000_000_000_000n,
}

/** What governance may change. */
export function cashParameters(ports: Pick<CashPorts, 'asset'>): Parameters {
  const numbers = defineParameters(BOUNDS, {
    find: (context: ReadContext) => ({ ...readParams(context.store(CASH_STORE)) }),
    write: (context, values) => writeParams(context.store(CASH_STORE), values),
  })
  return {
    read(context) {
      const assets = pooledAssets(context.store(CASH_STORE))
      const open = assets.map(({ asset, open }) => [`convertible/${asset}`, open ? 1n : 0n] as const)
      return { ...numbers.read(context), ...Object.fromEntries(open) }
    },
    change(context, name, value) {
      const asset = CONVERTIBLE.exec(name)?.[1]
      if (asset === undefined) numbers.change(context, name, value)
      else setConvertible(context, ports, BigInt(asset), value)
    },
  }
}

function setConvertible(
  context: Context,
  ports: Pick<CashPorts, 'asset'>,
  asset: bigint,
  value: bigint,
): void {
  const name = `convertible/${asset}`
  if (value > 1n) throw parameterErrors.outOfBounds({ name, min: 0n, max: 1n })
  const kept = ports.asset(context, asset)
  if (kept === undefined || kept.native) throw parameterErrors.unknown({ name })
  const store = context.store(CASH_STORE)
  writePooled(store, { parE6: '0', ...readPooled(store, asset), asset, open: value === 1n })
}
