// Bids for accounts under liquidation: honest ones, and such as hope for what is not theirs.
import { LIQUIDATION_STORE, liquidations } from '../modules/liquidation/state.ts'
import { message } from '../testing/messages.fixture.ts'
import type { Action } from './action.fixture.ts'
import type { Scene } from './scene.fixture.ts'
import { addresses } from './scene.fixture.ts'

const E9 = 1_000_000_000n

/** Everything about bids. */
export const bidActions: readonly Action[] = [
  { kind: 'bid for an account', weight: 6, run: (scene) => bid(scene, `${10n ** 15n}`) },
  { kind: 'bid below the price', weight: 1, run: (scene) => bid(scene, `${-(10n ** 15n)}`) },
]

/** For one of them, or, where there is none, for somebody's who is well. */
function bid(scene: Scene, maxPriceE6: string): void {
  const { random } = scene
  const found = [...liquidations(scene.state.store(LIQUIDATION_STORE))]
  const bidder = scene.actor()
  const [holder, record] =
    found.length > 0 ? random.pick(found) : [{ account: scene.actor().id, subaccount: 0 }]
  const shareE9 = random.chance(0.3) ? E9 : 1n + random.part(E9 / 2n)
  const goods = record?.underlying ?? 0n
  const act = message('causeway.liquidation.v1.MsgBid', {
    bidder: addresses.encodeHolder({ account: bidder.id, subaccount: 0 }),
    account: addresses.encodeHolder(holder),
    underlying: random.chance(0.05) ? 3n : goods,
    shareE9,
    maxPriceE6,
  })
  const kind = maxPriceE6.startsWith('-') ? 'bid below the price' : 'bid for an account'
  scene.send(kind, bidder, [act], { gasLimit: 2_000_000n })
}
