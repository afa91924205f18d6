// Transactions that should never have been made.
import { TxRaw } from '@causeway/protocol/cosmos/tx/v1beta1/tx'
import type { Any } from '@causeway/protocol'
import { MsgCancelAll } from '@causeway/protocol/causeway/markets/v1/tx'
import { send } from '../testing/wallet.fixture.ts'
import type { Action } from './action.fixture.ts'
import { packed } from './action.fixture.ts'
import type { Actor } from './actor.fixture.ts'
import { noise } from './actor.fixture.ts'
import { orderMessage } from './order-actions.fixture.ts'
import type { Scene } from './scene.fixture.ts'

/** Everything that is refused before or while it is delivered. */
export const poisonActions: readonly Action[] = [
  { kind: 'bytes', weight: 1, run: bytes },
  { kind: 'replay', weight: 3, run: replay },
  { kind: 'bad envelope', weight: 4, run: badEnvelope },
  { kind: 'bad nonce', weight: 2, run: badNonce },
  { kind: 'torn message', weight: 2, run: torn },
  { kind: 'out of gas', weight: 2, run: outOfGas },
  { kind: 'flood', weight: 1, run: flood },
]

function bytes(scene: Scene): void {
  const { random } = scene
  const length = random.pick([1, 30, 300, 70_000])
  const old = scene.oldTransactions
  const whole = old.length === 0 || random.chance(0.5) ? noise(`${random.next()}`, length) : random.pick(old)
  const cut = random.chance(0.5) ? whole : whole.slice(0, random.below(whole.length))
  scene.submit('bytes', cut, { isForced: random.chance(0.5) })
}

function replay(scene: Scene): void {
  if (scene.oldTransactions.length === 0) return
  const isForced = scene.random.chance(0.5)
  scene.submit('replay', scene.random.pick(scene.oldTransactions), { isForced })
}

function ordinary(scene: Scene, actor: Actor): Any {
  return send(actor.address, scene.actor().address, '1')
}

function badEnvelope(scene: Scene): void {
  const { random } = scene
  const actor = scene.actor()
  const act = ordinary(scene, actor)
  const cancelling = packed('markets.v1.MsgCancelAll', MsgCancelAll, { signer: actor.address })
  const others = [
    () => actor.sign([act], { chainId: 'causeway-2', sequence: actor.sequence }),
    () => actor.sign([act], { sequence: actor.sequence + 5n }),
    () => actor.sign([act], { sequence: actor.sequence - 1n }),
    () => actor.sign([act], { accountNumber: 77_777n, sequence: actor.sequence }),
    () => actor.sign([], { sequence: actor.sequence }),
    () => actor.sign([act, cancelling], { sequence: actor.sequence }),
    () => actor.sign([ordinary(scene, scene.actor())], { sequence: actor.sequence }),
    () => actor.sign([act], { sequence: actor.sequence, fee: [] }),
    () => actor.sign([act], { sequence: actor.sequence, fee: [{ denom: 'nothing', amount: '5000' }] }),
    () => actor.sign([act], { sequence: actor.sequence, fee: [{ denom: 'cash', amount: '5000' }] }),
    () => actor.sign([act], { sequence: actor.sequence, gasLimit: 30_000_000n }),
    () => actor.sign([act], { sequence: actor.sequence, body: { memo: 'x'.repeat(300) } }),
    () => actor.sign([act], { sequence: actor.sequence, body: { timeoutHeight: 1n } }),
    () => actor.sign([act], { sequence: actor.sequence, mode: 2 }),
    () => actor.sign(Array<Any>(300).fill(act), { sequence: actor.sequence, gasLimit: 9_000_000n }),
    () => actor.sign([{ typeUrl: '/causeway.no.v1.MsgNothing', value: act.value }], { sequence: 0n }),
    () => flipped(actor.sign([act], { sequence: actor.sequence })),
  ]
  scene.submit('bad envelope', random.pick(others)(), { isForced: random.chance(0.6) })
}

function flipped(tx: Uint8Array): Uint8Array {
  const raw = TxRaw.decode(tx)
  const [signature] = raw.signatures
  signature![10]! ^= 1
  return TxRaw.encode(raw).finish()
}

function badNonce(scene: Scene): void {
  const actor = scene.actor()
  const now = scene.driver.timeNanoseconds / 1_000_000n
  const nonces = [0n, 1n, now - 3n * 86_400_000n, now + 2n * 86_400_000n, 2n ** 64n - 1n]
  const act = orderMessage(actor, scene, scene.market('perpetual'), {})
  const nonce = scene.random.pick(nonces)
  scene.trade('bad nonce', actor, [act], { nonce, isForced: scene.random.chance(0.5) })
}

/** The bytes of a message end too early, or go on, or are others. */
function torn(scene: Scene): void {
  const actor = scene.actor()
  const { random } = scene
  const whole = orderMessage(actor, scene, scene.market('perpetual'), {})
  const { value } = whole
  const values = [value.slice(0, random.below(value.length)), noise(`${random.next()}`, value.length)]
  const longer = new Uint8Array([...value, ...value])
  const message = { ...whole, value: random.pick([...values, longer]) }
  scene.trade('torn message', actor, [message], { isForced: random.chance(0.5) })
}

function outOfGas(scene: Scene): void {
  const actor = scene.actor()
  const gasLimit = scene.random.pick([7_000n, 8_000n, 9_000n, 9_500n, 10_000n])
  scene.send('out of gas', actor, [ordinary(scene, actor)], { gasLimit })
}

/** One account uses up what is free, and goes on. */
function flood(scene: Scene): void {
  const actor = scene.actor()
  const cancelling = packed('markets.v1.MsgCancelAll', MsgCancelAll, { signer: actor.address })
  for (let i = scene.random.between(5, 25); i > 0; i--)
    scene.trade('flood', actor, Array<Any>(10).fill(cancelling), { isForced: scene.random.chance(0.3) })
}
