// A hub that trades is exported at heights taken at random; another chain begins with that. Before its first
// block every store of it holds what the first one's does, key by key, but for what is listed here and why.
import { fromHex, toHex } from '@causeway/primitives'
import type { JsonValue } from '@causeway/primitives'
import { packSigningKey, walletLinkText } from '@causeway/protocol'
import type { Any } from '@causeway/protocol'
import { QueryPricesRequest, QueryPricesResponse } from '@causeway/protocol/causeway/oracle/v1/query'
import { MsgMassQuote } from '@causeway/protocol/causeway/markets/v1/tx'
import { describe, expect, it } from 'vitest'
import { exportState } from './block/inspect.ts'
import { arena } from './manipulations/arena.fixture.ts'
import type { Arena } from './manipulations/arena.fixture.ts'
import { Random } from './simulation/random.fixture.ts'
import { message } from './testing/messages.fixture.ts'
import {
  E6,
  E9,
  ETH,
  cashOf,
  convert,
  portfolio,
  redeem,
  transferCash,
} from './testing/trading-hub.fixture.ts'
import type { Wallet } from './testing/wallet.fixture.ts'
import { aminoWallet, sessionKey } from './testing/wallets.fixture.ts'

const NAMES = ['round trip a', 'round trip b', 'round trip c', 'round trip d'] as const
const LINKED = 'round trip d'
const LATE = 4_000_000_000n
const GRID = { tickE9: '10000000', lotE9: '100000000' }
const OPTIONS = {
  limits: { outflowFloorE6: `${1_000n * E6}`, outflowBps: '1' },
  underlying: { future: GRID },
  hasSurfaces: true,
}

/**
 * What an import has otherwise, by store and first byte of the key: an account's bucket is full again; the
 * parts of a window that accounts have used while withdrawals wait begin anew; surfaces are of the last
 * block, and votes bring new ones; what has to be in a block is named by heights of the chain before.
 */
const NOT_KEPT: Readonly<Record<string, readonly string[]>> = {
  accounts: ['08'],
  cash: ['08'],
  oracle: ['02'],
  inclusion: ['01', '02', '03', '04'],
}

/**
 * What of it every run has met: links, sessions and nonces; cash and what waits; positions, orders, the index
 * by the minute, protections, switches, grants; what is isolated.
 */
const EXPECTED: readonly string[] = [
  ...['04', '05', '06', '07'].map((kind) => `accounts ${kind}`),
  ...['01', '02', '03', '05', '06', '07'].map((kind) => `cash ${kind}`),
  ...['01', '02', '03', '04', '08', '09', '0a', '0b', '0c', '0d', '0e', '0f'].map(
    (kind) => `markets ${kind}`,
  ),
  'risk 03',
]

/** Every key and value of a chain's newest state, by store. */
function dump({ hub }: Arena): Map<string, Map<string, string>> {
  const context = hub.chain.readLatest()
  const stores = hub.chain.composition.modules.flatMap(({ storeName }) => storeName ?? [])
  return new Map(
    stores.map((name) => {
      const entries = [...context.store(name).iterate(Uint8Array.of(0), new Uint8Array(64).fill(255))]
      const kept = entries.filter(([key]) => NOT_KEPT[name]?.includes(toHex(key.subarray(0, 1))) !== true)
      return [name, new Map(kept.map(([key, value]) => [toHex(key), toHex(value)]))]
    }),
  )
}

/** Keys at which two states differ, with both values. */
function differences(a: Arena, b: Arena): string[] {
  const [one, other] = [dump(a), dump(b)]
  return [...one].flatMap(([name, entries]) => {
    const others = other.get(name)!
    const keys = new Set([...entries.keys(), ...others.keys()])
    return [...keys].sort().flatMap((key) => {
      const [x, y] = [entries.get(key), others.get(key)]
      return x === y ? [] : [`${name} ${key}: ${x} / ${y}`]
    })
  })
}

const acting = ({ address: signer }: Wallet) => ({ signer, subaccount: 0 })

/** Messages that need no order book, one kind each; amounts at random. */
function actsOf(world: Arena, wallet: Wallet, random: Random): readonly Any[] {
  const perpetual = world.market('ETH-PERP').market!.id
  const to = `${wallet.address}/${random.below(3)}`
  const amountE6 = BigInt(1 + random.below(400)) * E6
  const expirySeconds = world.driver.timeSeconds + BigInt(60 + random.below(5_000))
  return [
    convert(wallet, amountE6 * 4n),
    transferCash(wallet.address, to, amountE6),
    transferCash(to, wallet.address, amountE6 / 2n),
    redeem(wallet, amountE6 * 8n),
    message('causeway.risk.v1.MsgOpenIsolated', { holder: `${wallet.address}/${3 + random.below(3)}` }),
    message('causeway.accounts.v1.MsgCreateSessionKey', {
      account: wallet.address,
      sessionKey: sessionKey(`bot ${random.below(9)}`).key.bytes,
      expiresSeconds: expirySeconds,
    }),
    message('causeway.markets.v1.MsgGrantVenue', {
      ...acting(wallet),
      client: '07-tendermint-0',
      sender: fromHex('07'.repeat(20)),
      markets: [perpetual],
      notionalMaxE6PerDay: amountE6,
      openNotionalMaxE6: amountE6,
      distanceMaxBps: 100,
      expirySeconds,
    }),
  ]
}

/** The same of what a trader sets for itself. */
function settingsOf(wallet: Wallet, random: Random): readonly Any[] {
  const limits = { sizeMaxE9: E9, deltaMaxE9: 0n, vegaMaxE6: 0n }
  const windowSeconds = BigInt(random.below(100))
  return [
    message('causeway.markets.v1.MsgSetProtection', {
      ...acting(wallet),
      ...limits,
      underlying: ETH,
      windowSeconds,
    }),
    message('causeway.markets.v1.MsgCancelAllAfter', { ...acting(wallet), seconds: windowSeconds * 10n }),
  ]
}

function quote(wallet: Wallet, market: bigint, midE9: bigint): Any {
  const sides = { bidE9: midE9 - 3n * E9, bidSizeE9: E9, askE9: midE9 + 3n * E9, askSizeE9: E9 }
  const value = { ...acting(wallet), underlying: ETH, nonce: 0n, quotes: [{ market, ...sides }] }
  return {
    typeUrl: '/causeway.markets.v1.MsgMassQuote',
    value: MsgMassQuote.encode(MsgMassQuote.fromPartial(value)).finish(),
  }
}

/** One block or some of what traders, prices and time do. */
function step(world: Arena, random: Random): void {
  const { driver, prices } = world
  const name = NAMES[random.below(NAMES.length)]!
  const wallet = world.of(name)
  const symbols = [
    ...world.hub.chain.readLatest().store('markets').iterate(Uint8Array.of(8), Uint8Array.of(9)),
  ]
  const market = symbols[random.below(symbols.length)]![1].reduce(
    (sum, byte) => sum * 256n + BigInt(byte),
    0n,
  )
  const priceE9 = prices.get(ETH)!
  const kind = random.below(20)
  if (kind <= 7) {
    const limitE9 = priceE9 - (priceE9 % 10_000_000n) + BigInt(random.below(41) - 20) * E9
    const sizeE9 = BigInt(1 + random.below(20)) * 100_000_000n
    world.order(name, { market, isBuy: random.below(2) === 0, limitE9, sizeE9 })
  } else if (kind <= 13) world.act(name, random.pick(actsOf(world, wallet, random)))
  else if (kind === 14) world.trade(name, random.pick(settingsOf(wallet, random)))
  else if (kind === 15) world.trade(name, quote(wallet, market, priceE9 - (priceE9 % 10_000_000n)))
  else if (kind === 16) driver.block(BigInt(1 + random.below(7_200)))
  else if (kind === 17) prices.set(ETH, (priceE9 * BigInt(90 + random.below(21))) / 100n)
  else prices.set(ETH, (priceE9 * BigInt(990 + random.below(21))) / 1_000n)
  driver.block()
}

async function link(world: Arena): Promise<string> {
  const [account, wallet] = [world.of(NAMES[0]), await aminoWallet(LINKED)]
  const text = {
    chainId: 'causeway-1',
    account: account.address,
    wallet: wallet.address,
    expiresSeconds: LATE,
  }
  const act = message('causeway.accounts.v1.MsgLinkWallet', {
    account: account.address,
    walletKey: packSigningKey(wallet.key),
    walletSignMode: wallet.mode,
    walletSignature: await wallet.signText(walletLinkText(text)),
    expiresSeconds: LATE,
  })
  return world.act(NAMES[0], act)
}

function priceOf({ driver }: Arena) {
  const data = QueryPricesRequest.encode({}).finish()
  const { prices } = QueryPricesResponse.decode(driver.query('/causeway.oracle.v1.Query/Prices', data).value)
  return prices.find(({ asset }) => asset === ETH)
}

function imported(world: Arena): Arena {
  const { driver, prices, hub } = world
  const state = exportState(hub.chain)
  return arena(NAMES, { of: { state, timeNanoseconds: driver.timeNanoseconds }, prices: new Map(prices) })
}

describe('an export at any height', () => {
  it.each([1, 2, 3])('begins another chain with the same state: seed %i', async (seed) => {
    const random = new Random(seed)
    const world = arena(NAMES, OPTIONS)
    await link(world)
    world.fund(...NAMES.slice(0, 3))
    const seen = new Set<string>()
    for (let i = 0; i < 120; i++) {
      step(world, random)
      // More than a window lets go: some of it waits.
      if (i % 30 === 10) world.act(NAMES[1], redeem(world.of(NAMES[1]), 1_700n * E6))
      if (i % 30 !== 10 && random.below(10) !== 0) continue
      const copy = imported(world)
      expect(differences(world, copy).slice(0, 5)).toEqual([])
      for (const [name, entries] of dump(world))
        for (const key of entries.keys()) seen.add(`${name} ${key.slice(0, 2)}`)
    }
    expect(EXPECTED.filter((kind) => !seen.has(kind))).toEqual([])
    // The last one goes on: what it answers is what the first one does.
    const copy = imported(world)
    for (let i = 0; i < 3; i++) {
      world.driver.block()
      copy.driver.block()
    }
    for (const name of NAMES.slice(0, 3)) {
      const { address } = world.of(name)
      expect(cashOf(copy.driver, address)).toBe(cashOf(world.driver, address))
      const [mine, theirs] = [world, copy].map(({ driver }) => portfolio(driver, address).positions)
      expect(theirs).toEqual(mine)
    }
    expect([...world.broken(), ...copy.broken()]).toEqual([])
  })

  it('keeps that a price is held, and how long it has been', () => {
    const world = arena(NAMES)
    world.prices.set(ETH, 3_300n * E9)
    world.blocks(2)
    expect(priceOf(world)).toMatchObject({ status: 'held', priceE9: 3_000n * E9 })
    const copy = imported(world)
    expect(differences(world, copy)).toEqual([])
    copy.driver.block()
    expect(priceOf(copy)).toMatchObject({ status: 'held', priceE9: 3_000n * E9 })
    // Nothing is bought at the price from before the jump.
    expect(copy.order(NAMES[0], { market: copy.market('ETH-PERP').market!.id, isBuy: true })).toBe(
      'markets/3',
    )
    copy.blocks(4)
    expect(priceOf(copy)).toMatchObject({ status: 'fresh', priceE9: 3_300n * E9 })
  })

  it('may be read and written as text between', () => {
    const world = arena(NAMES)
    world.fund(...NAMES)
    const state = JSON.parse(JSON.stringify(exportState(world.hub.chain))) as JsonValue
    const copy = arena(NAMES, { of: { state, timeNanoseconds: world.driver.timeNanoseconds } })
    expect(differences(world, copy)).toEqual([])
  })
})
