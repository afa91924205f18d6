// Who may sign: session keys and what they may not, wallets linked in good and bad moments, isolated
// subaccounts, stake.
import {
  SIGN_MODE,
  adr036SignBytes,
  packSigningKey,
  solanaMessage,
  solanaWrapping,
  walletLinkText,
} from '@causeway/protocol'
import type { SigningKey } from '@causeway/protocol'
import {
  MsgCreateSessionKey,
  MsgLinkWallet,
  MsgRevokeSessionKey,
} from '@causeway/protocol/causeway/accounts/v1/tx'
import { MsgOpenIsolated } from '@causeway/protocol/causeway/risk/v1/tx'
import { MsgDelegate, MsgUndelegate, MsgWithdrawRewards } from '@causeway/protocol/causeway/staking/v1/tx'
import { sha256, utf8 } from '@causeway/primitives'
import { addressOfKey } from '../modules/accounts/accounts.ts'
import type { WalletKey } from '../modules/accounts/link-wallet.ts'
import { Wallet, send } from '../testing/wallet.fixture.ts'
import type { Action } from './action.fixture.ts'
import { packed } from './action.fixture.ts'
import type { Actor } from './actor.fixture.ts'
import { pairOf, signDigest, signWith } from './actor.fixture.ts'
import type { Scene } from './scene.fixture.ts'
import { addresses } from './scene.fixture.ts'

/** Everything about who acts. */
export const identityActions: readonly Action[] = [
  { kind: 'session key', weight: 3, run: openSession },
  { kind: 'session key revoked', weight: 1, run: revokeSession },
  { kind: 'session key beyond its rights', weight: 2, run: overreach },
  { kind: 'link of a new wallet', weight: 1, run: linkNew },
  { kind: 'link of an account', weight: 1, run: linkAccount },
  { kind: 'isolated subaccount', weight: 1, run: isolate },
  { kind: 'stake', weight: 4, run: stake },
]

const DAY = 86_400n

function openSession(scene: Scene): void {
  const actor = scene.actor()
  const seconds = scene.random.pick([30n * DAY, 60n * DAY, 90n * DAY, 90n * DAY, 91n * DAY, 0n, 30n])
  const expiresSeconds = scene.timeSeconds + seconds
  const sessionKey = scene.random.chance(0.9) ? actor.session.publicKey : new Uint8Array(31)
  const fields = { account: actor.address, sessionKey, expiresSeconds }
  const onResult = ({ code }: { code: number }) => {
    if (code === 0) actor.sessionExpirySeconds = expiresSeconds
  }
  const message = packed('accounts.v1.MsgCreateSessionKey', MsgCreateSessionKey, fields)
  scene.send('session key', actor, [message], { onResult })
}

/** One's own key; now and then somebody else's. */
function revokeSession(scene: Scene): void {
  const actor = scene.actor()
  const { session } = scene.random.chance(0.3) ? scene.actor() : actor
  const fields = { account: actor.address, sessionKey: session.publicKey }
  const onResult = ({ code }: { code: number }) => {
    if (code === 0 && session === actor.session) actor.sessionExpirySeconds = 0n
  }
  const message = packed('accounts.v1.MsgRevokeSessionKey', MsgRevokeSessionKey, fields)
  scene.send('session key revoked', actor, [message], { onResult })
}

/** A session key signs what only a wallet may. */
function overreach(scene: Scene): void {
  const actor = scene.actor()
  const messages = [send(actor.address, scene.actor().address, '1')]
  const fee = [{ denom: 'ucway', amount: '10000' }]
  const isForced = scene.random.chance(0.5)
  const options = { sequence: actor.sequence, gasLimit: 200_000n, fee }
  const tx = actor.signBySession(messages, options)
  scene.submit('session key beyond its rights', tx, { isForced })
}

function linkNew(scene: Scene): void {
  const actor = scene.actor()
  const pair = pairOf(`wallet ${scene.random.below(500)}`)
  const key = { type: 2, bytes: pair.publicKey } as const
  const mode = SIGN_MODE.solanaText
  const sign = (text: string) =>
    signWith(pair, solanaMessage(utf8(text), pair.publicKey, solanaWrapping(mode)!))
  link(scene, 'link of a new wallet', actor, { key, mode, sign })
}

/** A Cosmos wallet that has an account: with positions it is refused, without its account ends. */
function linkAccount(scene: Scene): void {
  const actor = scene.actor()
  const other = scene.actor()
  const live = scene.actors.filter(({ isAbsorbed }) => !isAbsorbed).length
  // Most of those who act have to stay.
  const isExpendable = live > scene.actors.length - 8
  const wallet: Wallet = isExpendable ? other : new Wallet(`dust ${scene.random.below(1_000)}`)
  const key = { type: 0, bytes: wallet.publicKey } as const
  const sign = (text: string) =>
    signDigest(wallet.secret, sha256(adr036SignBytes(wallet.address, utf8(text))))
  link(scene, 'link of an account', actor, { key, mode: SIGN_MODE.aminoJson, sign }, () => {
    if (isExpendable) other.isAbsorbed = true
    actor.linked.push(wallet)
  })
}

function link(
  scene: Scene,
  kind: string,
  actor: Actor,
  wallet: { key: SigningKey; mode: number; sign(text: string): Uint8Array },
  onLinked?: () => void,
): void {
  const expiresSeconds = scene.timeSeconds + (scene.random.chance(0.95) ? 100n : 0n)
  const account = scene.random.chance(0.95) ? actor.address : scene.actor().address
  const named = addresses.encode(addressOfKey(wallet.key as WalletKey)!)
  const text = walletLinkText({ chainId: 'causeway-1', account, wallet: named, expiresSeconds })
  const message = packed('accounts.v1.MsgLinkWallet', MsgLinkWallet, {
    account: actor.address,
    walletKey: packSigningKey(wallet.key),
    walletSignMode: wallet.mode,
    walletSignature: wallet.sign(text),
    expiresSeconds,
  })
  const onResult = ({ code }: { code: number }) => code === 0 && onLinked?.()
  scene.send(kind, actor, [message], { onResult, gasLimit: 2_000_000n })
}

function isolate(scene: Scene): void {
  const actor = scene.actor()
  const subaccount = scene.random.pick([0, 1, 3, 3, 3])
  const holder = addresses.encodeHolder({ account: actor.id, subaccount })
  const message = packed('risk.v1.MsgOpenIsolated', MsgOpenIsolated, { holder })
  scene.send('isolated subaccount', actor, [message])
}

function stake(scene: Scene): void {
  const actor = scene.actor()
  const operator = scene.random.chance(0.9)
    ? scene.random.pick(scene.operators).address
    : scene.actor().address
  const delegator = actor.address
  const amount = `${scene.random.pick([1n, 1_000n, 1_000_000n, 10n ** 18n])}`
  const message = scene.random.pick([
    packed('staking.v1.MsgDelegate', MsgDelegate, { delegator, operator, amount }),
    packed('staking.v1.MsgDelegate', MsgDelegate, { delegator, operator, amount }),
    packed('staking.v1.MsgUndelegate', MsgUndelegate, { delegator, operator, amount }),
    packed('staking.v1.MsgWithdrawRewards', MsgWithdrawRewards, { delegator, operator }),
  ])
  scene.send('stake', actor, [message])
}
