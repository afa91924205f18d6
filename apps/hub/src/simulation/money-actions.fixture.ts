// Money: conversions, redemptions and transfers at the edge of what is free, withdrawals that wait.
import { escrowAddress } from '@causeway/messaging'
import {
  MsgCancelWithdrawal,
  MsgConvert,
  MsgRedeem,
  MsgRedirectWithdrawal,
  MsgTransferCash,
  MsgWithdraw,
} from '@causeway/protocol/causeway/cash/v1/tx'
import { MsgPublishExitClaim } from '@causeway/protocol/causeway/exit/v1/tx'
import { sha256, utf8 } from '@causeway/primitives'
import type { Holder } from '../identifiers.ts'
import { CASH_STORE, withdrawals } from '../modules/cash/state.ts'
import { MARKET_HOUSE } from '../named-accounts.ts'
import { message } from '../testing/messages.fixture.ts'
import { send } from '../testing/wallet.fixture.ts'
import type { Action } from './action.fixture.ts'
import { packed } from './action.fixture.ts'
import type { Actor } from './actor.fixture.ts'
import { TOKENS } from './genesis.fixture.ts'
import type { Scene } from './scene.fixture.ts'
import { addresses } from './scene.fixture.ts'

/** Everything about money. */
export const moneyActions: readonly Action[] = [
  { kind: 'convert', weight: 3, run: convert },
  { kind: 'redeem', weight: 6, run: redeem },
  { kind: 'withdraw', weight: 3, run: withdraw },
  { kind: 'cash to another', weight: 4, run: transferCash },
  { kind: 'cancel a withdrawal', weight: 2, run: cancelWithdrawal },
  { kind: 'redirect a withdrawal', weight: 2, run: redirectWithdrawal },
  { kind: 'token to another', weight: 4, run: sendToken },
  { kind: 'token over a line', weight: 3, run: transferToken },
  { kind: 'exit claim', weight: 1, run: exitClaim },
]

const DENOMS = ['usdz', 'eth', 'btc', 'ucway'] as const
const ASSETS = { usdz: 2n, eth: 3n, btc: 4n, ucway: 1n } as const

/** The path of a token here. */
export function pathOf(scene: Scene, token: (typeof TOKENS)[number]): string {
  const { client } = scene.chains.find(({ chainId }) => chainId === token.chainId)!
  return `transfer/${client}/${token.base}`
}

function holderOf(scene: Scene, actor: Actor): Holder {
  const subaccount = scene.random.chance(0.75) ? 0 : scene.random.between(1, 3)
  return { account: actor.id, subaccount }
}

/** A part of it, the whole, a unit more, as much as margin lets go, or nonsense. */
function amountOf(scene: Scene, held: bigint, free: () => bigint): string {
  const { random } = scene
  const least = (amount: bigint) => (amount > 0n ? amount : 1n)
  const choice = random.below(20)
  if (choice < 12) return least(random.part(held / 3n)).toString()
  if (choice < 14) return least(held).toString()
  if (choice === 14) return (held + 1n).toString()
  if (choice === 15) return least(free()).toString()
  if (choice === 16) return (least(free()) + 1n).toString()
  return random.pick(['0', '', '01', '-1', `${2n ** 256n}`, `${2n ** 255n}`, '1', '999'])
}

/** Initial margin with orders counted: what may go without breaking it. */
function freeE6(scene: Scene, holder: Holder): bigint {
  return BigInt(scene.portfolio(holder).initialMarginWithOrdersE6)
}

/** Mostly one who has some of it in its main account. */
function ownerOf(scene: Scene, asset: bigint): Actor {
  const owns = ({ id, isAbsorbed }: Actor) =>
    !isAbsorbed && scene.balance({ account: id, subaccount: 0 }, asset) > 0n
  const owners = scene.actors.filter(owns)
  return scene.random.chance(0.6) && owners.length > 0
    ? scene.ready(scene.random.pick(owners))
    : scene.actor()
}

function convert(scene: Scene): void {
  const actor = ownerOf(scene, ASSETS.usdz)
  const holder = holderOf(scene, actor)
  const amount = amountOf(scene, scene.balance(holder, 2n), () => 1n)
  const denom = scene.random.chance(0.85) ? 'usdz' : scene.random.pick(['eth', 'nothing', 'ucway'])
  const named = addresses.encodeHolder(holder)
  scene.send('convert', actor, [packed('cash.v1.MsgConvert', MsgConvert, { holder: named, denom, amount })])
}

function redeem(scene: Scene): void {
  const actor = scene.actor()
  const holder = holderOf(scene, actor)
  const cashE6 = scene.cashE6(holder)
  const amountE6 = amountOf(scene, cashE6 > 0n ? cashE6 : 0n, () => freeE6(scene, holder))
  const token = scene.random.chance(0.9) ? TOKENS[scene.random.below(2)]! : scene.random.pick(TOKENS)
  const line = scene.random.chance(0.95) ? pathOf(scene, token) : 'transfer/07-tendermint-9/uusd'
  const receiver = scene.random.chance(0.95) ? 'zone1somebody' : scene.random.pick(['', 'with space'])
  const fields = { holder: addresses.encodeHolder(holder), line, amountE6, receiver }
  scene.send('redeem', actor, [packed('cash.v1.MsgRedeem', MsgRedeem, fields)])
}

function withdraw(scene: Scene): void {
  const actor = scene.actor()
  const holder = holderOf(scene, actor)
  const token = scene.random.pick(TOKENS)
  const amount = amountOf(scene, scene.balance(holder, token.id), () => 1_000_000n)
  const fields = {
    holder: addresses.encodeHolder(holder),
    line: pathOf(scene, token),
    amount,
    receiver: 'zone1somebody',
  }
  scene.send('withdraw', actor, [packed('cash.v1.MsgWithdraw', MsgWithdraw, fields)])
}

function transferCash(scene: Scene): void {
  const actor = scene.actor()
  const holder = holderOf(scene, actor)
  const cashE6 = scene.cashE6(holder)
  const amountE6 = amountOf(scene, cashE6 > 0n ? cashE6 : 0n, () => freeE6(scene, holder))
  const other = scene.random.chance(0.5) ? actor : scene.actor()
  const to = scene.random.chance(0.96) ? holderOf(scene, other) : MARKET_HOUSE
  const fields = { from: addresses.encodeHolder(holder), to: addresses.encodeHolder(to), amountE6 }
  scene.send('cash to another', actor, [packed('cash.v1.MsgTransferCash', MsgTransferCash, fields)])
}

function waiting(scene: Scene) {
  const all = [...withdrawals(scene.state.store(CASH_STORE))]
  return all.length === 0 ? undefined : scene.random.pick(all)
}

/** Who waits, or somebody who doesn't. */
function whoWaits(scene: Scene) {
  const chosen = waiting(scene)
  const owner = scene.actors.find(({ id }) => chosen && Buffer.compare(id, chosen.account) === 0)
  const actor = owner !== undefined && scene.random.chance(0.85) ? owner : scene.actor()
  const holder = { account: actor.id, subaccount: chosen?.subaccount ?? 0 }
  return { actor, id: chosen?.id ?? 1n, holder: addresses.encodeHolder(holder) }
}

function cancelWithdrawal(scene: Scene): void {
  const { actor, id, holder } = whoWaits(scene)
  const message = packed('cash.v1.MsgCancelWithdrawal', MsgCancelWithdrawal, { holder, id })
  scene.send('cancel a withdrawal', actor, [message])
}

function redirectWithdrawal(scene: Scene): void {
  const { actor, id, holder } = whoWaits(scene)
  const line = pathOf(scene, scene.random.pick(TOKENS))
  const fields = { holder, id, line, receiver: 'zone1elsewhere' }
  const message = packed('cash.v1.MsgRedirectWithdrawal', MsgRedirectWithdrawal, fields)
  scene.send('redirect a withdrawal', actor, [message])
}

function sendToken(scene: Scene): void {
  const actor = scene.actor()
  const holder = holderOf(scene, actor)
  const denom = scene.random.pick(DENOMS)
  const most = denom === 'ucway' ? 1_000_000n : scene.balance(holder, ASSETS[denom])
  const amount = amountOf(scene, most, () => 1_000n)
  const other = scene.random.chance(0.97) ? holderOf(scene, scene.actor()) : MARKET_HOUSE
  const act = send(addresses.encodeHolder(holder), addresses.encodeHolder(other), amount, denom)
  scene.send('token to another', actor, [act])
}

function transferToken(scene: Scene): void {
  const actor = scene.actor()
  const holder = holderOf(scene, actor)
  const isNative = scene.random.chance(0.2)
  const token = scene.random.pick(TOKENS)
  const chain = scene.chains.find(({ chainId }) => chainId === token.chainId)!
  const held = isNative ? 1_000_000n : scene.balance(holder, token.id)
  const timeout = scene.random.pick([2n, 20n, 60n, 600n, 600n, 86_400n, 86_500n, -5n])
  const act = message('ibc.applications.transfer.v1.MsgTransfer', {
    sourcePort: 'transfer',
    sourceChannel: chain.client,
    token: {
      denom: isNative ? 'ucway' : voucherOf(pathOf(scene, token)),
      amount: amountOf(scene, held, () => 1_000n),
    },
    sender: addresses.encodeHolder(holder),
    receiver: scene.random.chance(0.9) ? 'zone1somebody' : addresses.encode(escrowAddress(chain.client)),
    timeoutHeight: { revisionNumber: 0n, revisionHeight: 0n },
    timeoutTimestamp: scene.timeSeconds + timeout,
    memo: scene.random.chance(0.05) ? 'm'.repeat(40_000) : '',
    encoding: scene.random.pick([
      '',
      '',
      'application/json',
      'application/x-protobuf',
      'application/nothing',
    ]),
  })
  scene.send('token over a line', actor, [act], { gasLimit: 700_000n })
}

function exitClaim(scene: Scene): void {
  const actor = scene.actor()
  const denom = pathOf(scene, scene.random.pick(TOKENS))
  const recipient = `0x${'e1'.repeat(20)}`
  const fields = { sender: actor.address, denom, recipient }
  scene.send('exit claim', actor, [packed('exit.v1.MsgPublishExitClaim', MsgPublishExitClaim, fields)])
}

function voucherOf(path: string): string {
  return `ibc/${hashOf(path)}`
}

function hashOf(path: string): string {
  return Buffer.from(sha256(utf8(path)))
    .toString('hex')
    .toUpperCase()
}
