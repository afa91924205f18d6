// What governance may change of an asset: `initialWeightBps/<asset>`, `maintenanceWeightBps/<asset>`,
// `cancelsRisk/<asset>`. It counts from the first that is set. And four numbers: what dead clients take off.
import { AssetWeight } from '@causeway/protocol/causeway/risk/v1/risk'
import type { Context } from '../../block/context.ts'
import { defineParameters, errors, parametersSchema } from '../../block/parameters.ts'
import type { Parameters } from '../../block/parameters.ts'
import { RISK_STORE, readHaircut, readWeight, weights, writeHaircut, writeWeight } from './state.ts'

const NAME = /^(initialWeightBps|maintenanceWeightBps|cancelsRisk)\/([1-9][0-9]{0,19})$/
const BASIS_POINTS = 10_000n
/** Each is read when a subaccount is valued. */
export const WEIGHTS_MAX = 256

const HAIRCUT_BOUNDS = {
  deadInitialBps: { min: 0n, max: BASIS_POINTS },
  deadInitialStepBps: { min: 0n, max: BASIS_POINTS },
  deadMaintenanceStepBps: { min: 0n, max: BASIS_POINTS },
  // No shorter: a step is what somebody has time to answer
  deadStepSeconds: { min: 3_600n, max: 2_592_000n },
} as const

/** Reads what dead clients take off of a genesis. */
export const haircutSchema = parametersSchema(HAIRCUT_BOUNDS)

/** Weights, and haircuts of dead clients; `isAsset` says which ids there are. */
export function riskParameters(isAsset: (context: Context, id: bigint) => boolean): Parameters {
  const haircut = defineParameters(HAIRCUT_BOUNDS, {
    find: (context) => ({ ...readHaircut(context.store(RISK_STORE)) }),
    write: (context, values) => writeHaircut(context.store(RISK_STORE), values),
  })
  return {
    read: (context) => ({
      ...haircut.read(context),
      ...Object.fromEntries(
        weights(context.store(RISK_STORE)).flatMap(
          ({ asset, initialWeightBps, maintenanceWeightBps, cancelsRisk }) =>
            Object.entries({ initialWeightBps, maintenanceWeightBps, cancelsRisk }).map(
              ([name, value]) => [`${name}/${asset}`, BigInt(value)] as const,
            ),
        ),
      ),
    }),
    change(context, name, value) {
      if (Object.hasOwn(HAIRCUT_BOUNDS, name)) return haircut.change(context, name, value)
      const [, key, id] = NAME.exec(name) ?? []
      if (key === undefined || !isAsset(context, BigInt(id!)))
        throw errors.unknown({ name: name.slice(0, 64) })
      const store = context.store(RISK_STORE)
      const asset = BigInt(id!)
      const before = readWeight(store, asset)
      if (before === undefined && weights(store).length >= WEIGHTS_MAX) throw errors.unknown({ name })
      const weight = before ?? AssetWeight.fromPartial({ asset })
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
