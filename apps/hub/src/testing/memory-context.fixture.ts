import { createMemoryStorage, MultiStore } from '@causeway/state-tree'
import { ExecutionContext, blockInfo } from '../block/context.ts'
import { GasMeter, unlimitedGas } from '../block/gas.ts'
import { Layer } from '../block/layer.ts'

/** A context over empty stores, for tests of one module. */
export function memoryContext(
  storeNames: readonly string[],
  options: { height?: bigint; timeSeconds?: bigint; gasLimit?: number; layer?: Layer } = {},
): ExecutionContext {
  const stores = MultiStore.open({ storage: createMemoryStorage(), storeNames, keepVersions: 1n })
  const layer = options.layer ?? new Layer((name) => stores.reader(name))
  const block = blockInfo(
    'causeway-1',
    options.height ?? 10n,
    (options.timeSeconds ?? 1_700_000_000n) * 1_000_000_000n,
  )
  const gas = options.gasLimit === undefined ? unlimitedGas() : new GasMeter(options.gasLimit)
  return new ExecutionContext(block, layer, gas)
}

/** Events of one type, as plain objects. */
export function eventsOf(
  context: { events: readonly { type: string; attributes: readonly { key: string; value: string }[] }[] },
  type: string,
) {
  return context.events
    .filter((event) => event.type === type)
    .map(({ attributes }) => Object.fromEntries(attributes.map(({ key, value }) => [key, value])))
}
