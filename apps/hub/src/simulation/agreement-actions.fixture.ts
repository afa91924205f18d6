// Quotes of makers, protection of makers, grants to venues, and what venues then send.
import {
  MsgExecuteRfq,
  MsgGrantVenue,
  MsgResetProtection,
  MsgRevokeVenue,
  MsgSetProtection,
} from '@causeway/protocol/causeway/markets/v1/tx'
import type { RfqLeg, RfqQuote } from '@causeway/protocol/causeway/markets/v1/tx'
import { CLEARING_KINDS, clearingPayload, word } from '@causeway/messaging'
import { concatBytes, utf8 } from '@causeway/primitives'
import { packSigningKey } from '@causeway/protocol'
import { quoteText } from '../modules/markets/quote-text.ts'
import type { Action } from './action.fixture.ts'
import { packed } from './action.fixture.ts'
import type { Actor } from './actor.fixture.ts'
import { noise, signWith } from './actor.fixture.ts'
import { ETH } from './genesis.fixture.ts'
import { off } from './order-actions.fixture.ts'
import type { Scene } from './scene.fixture.ts'

/** Everything that two sides agree upon elsewhere. */
export const agreementActions: readonly Action[] = [
  { kind: 'quote', weight: 7, run: quote },
  { kind: 'quote taken twice', weight: 2, run: quoteTwice },
  { kind: 'protection', weight: 3, run: protect },
  { kind: 'protection reset', weight: 3, run: resetProtection },
  { kind: 'venue grant', weight: 3, run: grant },
  { kind: 'venue grant revoked', weight: 1, run: revoke },
  { kind: 'venue trades', weight: 4, run: venueTrades },
]

/** The venue: 20 bytes that its trades' ids begin with. */
const VENUE = noise('venue', 20)
const RFQ_GAS_TOKENS = 4

function legs(scene: Scene): RfqLeg[] {
  const markets = new Map(
    Array.from({ length: scene.random.pick([1, 1, 1, 2, 4]) }, () => {
      const market = scene.market()
      return [market.id, market]
    }),
  )
  return [...markets.values()].map((market) => ({
    market: market.id,
    isBuy: scene.random.chance(0.5),
    sizeE9: BigInt(scene.random.between(1, 30)) * 100_000_000n,
    priceE9: off(scene, market, scene.random.between(-120, 120)),
  }))
}

interface Agreed {
  readonly maker: Actor
  readonly quote: RfqQuote
}

function agree(scene: Scene): Agreed {
  const maker = scene.actor()
  const { random } = scene
  const seconds = random.weighted([
    { seconds: 60, weight: 16 },
    { seconds: -1, weight: 1 },
    { seconds: 301, weight: 1 },
    { seconds: 2, weight: 1 },
  ]).seconds
  const quoted = {
    maker: maker.address,
    makerSubaccount: random.chance(0.9) ? 0 : 1,
    taker: random.chance(0.8) ? '' : scene.actor().address,
    legs: random.chance(0.97) ? legs(scene) : [],
    expireSeconds: scene.timeSeconds + BigInt(seconds),
    nonce: BigInt(random.below(1_000_000)),
  }
  if (random.chance(0.05)) quoted.legs.forEach((leg) => (leg.priceE9 *= 2n))
  if (random.chance(0.04)) quoted.legs.forEach((leg) => (leg.sizeE9 = 2n ** 62n))
  return { maker, quote: quoted }
}

function execute(scene: Scene, kind: string, { maker, quote: quoted }: Agreed, taker: Actor): void {
  const { random } = scene
  const signature = signWith(maker.session, utf8(quoteText('causeway-1', quoted)))
  // Forged: another quote than the one that was signed, or another maker's key.
  const forged = random.chance(0.06)
  const message = packed('markets.v1.MsgExecuteRfq', MsgExecuteRfq, {
    signer: taker.address,
    subaccount: random.chance(0.9) ? 0 : 1,
    quote: forged ? { ...quoted, nonce: quoted.nonce + 1n } : quoted,
    makerPublicKey: packSigningKey({
      type: 'session',
      bytes: (random.chance(0.03) ? taker : maker).session.publicKey,
    }),
    makerSignMode: 0,
    makerSignature: random.chance(0.03) ? signature.slice(1) : signature,
  })
  const tokens = Math.max(RFQ_GAS_TOKENS, 1 + quoted.legs.length)
  scene.trade(kind, taker, [message], { tokens: 1 + quoted.legs.length || tokens })
}

function quote(scene: Scene): void {
  execute(scene, 'quote', agree(scene), scene.random.chance(0.95) ? scene.actor() : scene.actors[0]!)
}

/** By two takers in one block, and by one in one transaction. */
function quoteTwice(scene: Scene): void {
  const agreed = agree(scene)
  const open = { ...agreed, quote: { ...agreed.quote, taker: '' } }
  for (let i = 0; i < 2; i++) execute(scene, 'quote taken twice', open, scene.actor())
}

function protect(scene: Scene): void {
  const actor = scene.actor()
  const { random } = scene
  const message = packed('markets.v1.MsgSetProtection', MsgSetProtection, {
    signer: actor.address,
    underlying: random.pick([ETH, ETH, ETH + 1n, 77n]),
    windowSeconds: random.pick([0n, 10n, 60n, 86_400n, 86_401n]),
    sizeMaxE9: BigInt(random.below(20)) * 100_000_000n,
    deltaMaxE9: BigInt(random.below(20)) * 100_000_000n,
    vegaMaxE6: BigInt(random.below(1_000)) * 1_000_000n,
  })
  scene.trade('protection', actor, [message])
}

function resetProtection(scene: Scene): void {
  const actor = scene.actor()
  const message = { signer: actor.address, underlying: scene.random.pick([ETH, ETH + 1n]) }
  scene.trade('protection reset', actor, [
    packed('markets.v1.MsgResetProtection', MsgResetProtection, message),
  ])
}

function grant(scene: Scene): void {
  const actor = granter(scene)
  const { random } = scene
  const linear = scene.markets().filter(({ kind }) => kind === 'perpetual' || kind === 'spot')
  const ids = [
    ...new Set([...linear, ...Array.from({ length: 4 }, () => scene.market())].map(({ id }) => id)),
  ]
  ids.sort((a, b) => (a < b ? -1 : 1))
  const message = packed('markets.v1.MsgGrantVenue', MsgGrantVenue, {
    signer: actor.address,
    subaccount: 0,
    client: random.pick(scene.chains).client,
    sender: random.chance(0.9) ? VENUE : noise('another venue', random.pick([20, 19])),
    markets: random.chance(0.95) ? ids : [...ids].reverse(),
    notionalMaxE6PerDay: BigInt(random.pick([0, 1_000, 1_000_000, 1_000_000, 10_000_000])) * 1_000_000n,
    openNotionalMaxE6: BigInt(random.pick([1_000, 1_000_000, 10_000_000])) * 1_000_000n,
    distanceMaxBps: random.pick([0, 100, 500, 500, 1_000, 10_001]),
    expirySeconds: scene.timeSeconds + BigInt(random.pick([-1, 60, 100_000, 1_000_000, 10_000_000])),
  })
  // A wallet has to sign it, and it costs a fee like any message that is no trade.
  scene.send('venue grant', actor, [message])
}

function revoke(scene: Scene): void {
  const actor = scene.actor()
  const { client } = scene.random.pick(scene.chains)
  const message = { signer: actor.address, subaccount: 0, client, sender: VENUE }
  scene.trade('venue grant revoked', actor, [packed('markets.v1.MsgRevokeVenue', MsgRevokeVenue, message)])
}

/** Those who clear over venues are few, so that both sides have granted sometimes. */
function granter(scene: Scene): Actor {
  const few = scene.actors.slice(0, 6).filter(({ isAbsorbed }) => !isAbsorbed)
  return scene.random.chance(0.85) && few.length > 0 ? scene.ready(scene.random.pick(few)) : scene.actor()
}

/** A packet of trades: most without a grant, some cleared before, some of nonsense. */
function venueTrades(scene: Scene): void {
  const chain = scene.random.pick(scene.chains)
  const count = scene.random.between(1, 5)
  const trades = Array.from({ length: count }, () => {
    const market = scene.market(scene.random.chance(0.7) ? 'perpetual' : undefined)
    const [buyer, seller] = [granter(scene), granter(scene)]
    const number = scene.random.chance(0.9) ? scene.random.below(1_000_000) : 7
    const id = concatBytes(scene.random.chance(0.9) ? VENUE : noise('forger', 20), noise(`${number}`, 12))
    const wrongSize = scene.random.chance(0.05)
    const sizeE9 = wrongSize ? 2n ** 64n - 1n : BigInt(scene.random.between(1, 20)) * 100_000_000n
    const priceE9 = off(scene, market, scene.random.between(-80, 80))
    return concatBytes(
      ...[id, left(buyer.id), word(0n), left(seller.id), word(0n)],
      ...[word(market.id), word(sizeE9), word(priceE9)],
    )
  })
  const body = concatBytes(word(32n), word(BigInt(count)), ...trades)
  const torn = scene.random.chance(0.05) ? body.slice(0, body.length - 32) : body
  chain.send(
    clearingPayload({ kind: CLEARING_KINDS.trades, body: torn }),
    scene.timeSeconds + BigInt(scene.random.pick([20, 600, 3_600])),
  )
}

function left(bytes: Uint8Array): Uint8Array {
  return concatBytes(bytes, new Uint8Array(32 - bytes.length))
}
