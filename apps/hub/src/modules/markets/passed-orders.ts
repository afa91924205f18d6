import type { ReadContext } from '../../block/context.ts'
import { GAS } from '../../block/gas.ts'
import type { Holder } from '../../identifiers.ts'
import type { Order } from './market.ts'
import { MARKETS_STORE, storedOrders } from './state.ts'

/**
 * The resting orders of a holder or of a whole account, at a price each: reading them as records would cost
 * a maker with many of them more gas than a trade has. Those of an account lie in many places.
 */
export function* passedOrders(
  context: ReadContext,
  of: Holder | Uint8Array,
  priceOf: (order: Order) => number = () => (of instanceof Uint8Array ? GAS.countedOrder : GAS.passedOrder),
): Iterable<Order> {
  const { gas } = context
  const stored = storedOrders(context.store(MARKETS_STORE), of)
  if (gas === undefined) return yield* stored
  const orders = stored[Symbol.iterator]()
  for (;;) {
    const next = gas.prepaid(() => orders.next())
    if (next.done === true) return
    gas.consume(priceOf(next.value))
    yield next.value
  }
}
