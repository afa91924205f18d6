// What governance may change of an asset: `initialWeightBps/<asset>`, `maintenanceWeightBps/<asset>`,
// `cancelsRisk/<asset>`. It counts from the first that is set.
import type { AssetWeight } from '@causeway/protocol/causeway/risk/v1/risk'
import type { Context } from '../../block/context.ts'
import { errors } from '../../block/parameters.ts'
import type { Parameters } from '../../block/parameters.ts'
import { RISK_STORE, readWeight, weights, writeWeight } from './state.ts'

const NAME = /^(initialWeightBps|maintenanceWeightBps|cancelsRisk)\/([1-9][0-9]{0,19})$/
const BASIS_POINTS = 10_000n
/** Each is read when a subaccount is valued. */
export const WEIGHTS_MAX = 256

/** Weights; `isAsset` says which ids there are. */
export function riskParameters(isAsset: (context: Context, id: bigint) => boolean): Parameters {
  return {
    read: (context) =>
      Object.fromEntries(
        weights(context.store(RISK_STORE)).flatMap(({ asset, ...weight }) =>
          Object.entries(weight).map(([name, value]) => [`${name}/${asset}`, BigInt(value)] as const),
        ),
      ),
    change(context, name, value) {
      const [, key, id] = NAME.exec(name) ?? []
      if (key === undefined || !isAsset(context, BigInt(id!)))
        throw errors.unknown({ name: name.slice(0, 64) })
      const store = context.store(RISK_STORE)
      const asset = BigInt(id!)
      const before = readWeight(store, asset)
      if (before === undefined && weights(store).length >= WEIGHTS_MAX) throw errors.unknown({ name })
      const weight = before ?? { asset, initialWeightBps: 0, maintenanceWeightBps: 0, cancelsRisk: false }
      writeWeight(store, changed(weight, key, name, value))
    },
  }
}

function changed(weight: AssetWeight, key: string, name: string, value: bigint): AssetWeight {
  const refuse = (min: number, max: number) =>
    errors.outOfBounds({ name, min: BigInt(min), max: BigInt(max) })
  if (key === 'cancelsRisk') {
    if (value > 1n) throw refuse(0, 1)
    return { ...weight, cancelsRisk: value === 1n }
  }
  const { initialWeightBps, maintenanceWeightBps } = weight
  const isInitial = key === 'initialWeightBps'
  const [min, max] = isInitial ? [0, maintenanceWeightBps] : [initialWeightBps, Number(BASIS_POINTS)]
  if (value < BigInt(min) || value > BigInt(max)) throw refuse(min, max)
  return { ...weight, [key]: Number(value) }
}
