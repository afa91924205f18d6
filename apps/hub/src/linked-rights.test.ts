// What becomes of all that a wallet had set for its own account when that account ends in another one: what
// it let others do ends, what protected it follows its money or ends, and nothing of it is left in the state.
import { packetCommitmentKey } from '@causeway/messaging'
import type { Any } from '@causeway/protocol'
import {
  QueryPendingCreditsRequest,
  QueryPendingCreditsResponse,
} from '@causeway/protocol/causeway/preview/v1/query'
import { describe, expect, it } from 'vitest'
import { exportState } from './block/inspect.ts'
import { createAddressCodec } from './identifiers.ts'
import { INSURANCE_FUND } from './named-accounts.ts'
import { EthereumBridge } from './testing/ethereum-bridge.fixture.ts'
import { LATE, link, linkMessage } from './testing/links.fixture.ts'
import { message } from './testing/messages.fixture.ts'
import { codeOf } from './testing/refusal.fixture.ts'
import {
  E6,
  E9,
  ETH,
  cashOf,
  convert,
  deliver,
  order,
  perpetual,
  place,
  portfolio,
  tradingHub,
  tradingHubOf,
  transferCash,
} from './testing/trading-hub.fixture.ts'
import type { TradingHub } from './testing/trading-hub.fixture.ts'
import type { Wallet } from './testing/wallet.fixture.ts'
import { aminoWallet, sessionKey } from './testing/wallets.fixture.ts'

/** The maker's account takes the taker's wallet in; the events of its block. */
async function linkTold(world: TradingHub): Promise<{ code: string; kinds: string[] }> {
  const code = await link(world)
  const results = world.driver.responses.at(-1)!.txResults
  return { code, kinds: results.flatMap(({ events }) => events.map(({ type }) => type)) }
}

const grant = (wallet: Wallet, market: bigint, subaccount = 0): Any =>
  message('causeway.markets.v1.MsgGrantVenue', {
    signer: wallet.address,
    subaccount,
    client: 'ethereum-0',
    sender: new Uint8Array(20).fill(7),
    markets: [market],
    notionalMaxE6PerDay: 1_000_000n * E6,
    openNotionalMaxE6: 1_000_000n * E6,
    distanceMaxBps: 100,
    expirySeconds: LATE,
  })

const acting = ({ address: signer }: Wallet) => ({ signer, subaccount: 0 })

const isolate = (holder: string): Any => message('causeway.risk.v1.MsgOpenIsolated', { holder })

/** Everything that the hub would write down of itself. */
const stateOf = ({ hub }: TradingHub) =>
  exportState(hub.chain) as unknown as {
    accounts: { nonces?: { account: string }[]; sessions?: object[] }
    markets: { entries: { key: string }[] }
    risk: { isolated?: string[] }
  }

/** Keys of the store `markets` with one of these first bytes: grants, switches by holder and by time, … */
const keysOf = (world: TradingHub, ...prefixes: string[]) =>
  stateOf(world).markets.entries.filter(({ key }) => prefixes.includes(key.slice(0, 2)))

describe('linking a wallet whose account has set something', () => {
  it('ends its venue grants, of every subaccount, and tells', async () => {
    const world = tradingHub()
    const { driver, taker } = world
    const market = perpetual(driver)
    expect(deliver(driver, taker, grant(taker, market))).toBe('0')
    expect(deliver(driver, taker, grant(taker, market, 3))).toBe('0')
    expect(keysOf(world, '0f')).toHaveLength(2)
    const { code, kinds } = await linkTold(world)
    expect(code).toBe('0')
    expect(kinds.filter((kind) => kind === 'causeway.markets.v1.grant')).toHaveLength(2)
    expect(keysOf(world, '0f')).toEqual([])
    expect(world.broken()).toEqual([])
  })

  it('keeps the grants of the account that takes it in', async () => {
    const world = tradingHub()
    const { driver, maker } = world
    expect(deliver(driver, maker, grant(maker, perpetual(driver)))).toBe('0')
    expect(await link(world)).toBe('0')
    expect(keysOf(world, '0f')).toHaveLength(1)
  })

  it('ends its dead man’s switch and its protections', async () => {
    const world = tradingHub()
    const { driver, taker } = world
    const limits = { windowSeconds: 60n, sizeMaxE9: E9, deltaMaxE9: 0n, vegaMaxE6: 0n }
    expect(
      place(
        driver,
        taker,
        message('causeway.markets.v1.MsgCancelAllAfter', { ...acting(taker), seconds: 60n }),
      ),
    ).toBe('0')
    expect(
      place(
        driver,
        taker,
        message('causeway.markets.v1.MsgSetProtection', { ...acting(taker), underlying: ETH, ...limits }),
      ),
    ).toBe('0')
    expect(keysOf(world, '0c', '0d', '0e', '19')).toHaveLength(3)
    expect(await link(world)).toBe('0')
    expect(keysOf(world, '0c', '0d', '0e', '19')).toEqual([])
    // Nothing comes due of it.
    driver.block(120n)
    expect(world.broken()).toEqual([])
  })

  it('forgets its session keys, nonces and bucket; what was signed for it is good for nothing', async () => {
    const world = tradingHub()
    const { driver, taker } = world
    const session = sessionKey('bot').key.bytes
    const created = { account: taker.address, sessionKey: session, expiresSeconds: driver.timeSeconds + 600n }
    expect(deliver(driver, taker, message('causeway.accounts.v1.MsgCreateSessionKey', created))).toBe('0')
    expect(deliver(driver, taker, convert(taker, 1_000n * E6))).toBe('0')
    const resting = order(taker, { market: perpetual(driver), isBuy: true, limitE9: 2_990n * E9 })
    expect(place(driver, taker, resting)).toBe('0')
    expect(
      place(driver, taker, message('causeway.markets.v1.MsgCancelAll', { ...acting(taker), market: 0n })),
    ).toBe('0')
    expect(stateOf(world).accounts.nonces).toHaveLength(1)
    const later = { gasLimit: 30_000n, fee: [], sequence: driver.timeNanoseconds / 1_000_000n + 5_000n }
    const signed = taker.sign([resting], later)
    expect(await link(world)).toBe('0')
    const { nonces, sessions } = stateOf(world).accounts
    expect([nonces, sessions]).toEqual([undefined, undefined])
    expect(codeOf(driver.submit(signed))).toBe('tx/107')
    expect(codeOf(driver.execute(driver.proposal([signed])).txResults.at(-1))).toBe('tx/107')
    expect(world.broken()).toEqual([])
  })

  it('keeps what an isolated subaccount holds isolated, where that number is free', async () => {
    const world = tradingHub()
    const { driver, maker, taker } = world
    expect(deliver(driver, taker, isolate(`${taker.address}/5`))).toBe('0')
    expect(deliver(driver, taker, isolate(`${taker.address}/6`))).toBe('0')
    expect(deliver(driver, taker, convert(taker, 10n * E6))).toBe('0')
    expect(deliver(driver, taker, transferCash(taker.address, `${taker.address}/5`, 4n * E6))).toBe('0')
    expect(await link(world)).toBe('0')
    expect(cashOf(driver, `${maker.address}/5`)).toBe(4n * E6)
    // One that was empty has nothing to protect: its flag ends.
    expect(stateOf(world).risk.isolated).toEqual([`${maker.address}/5`])
    expect([5, 6].map((n) => portfolio(driver, `${maker.address}/${n}`).isolated)).toEqual([true, false])
    expect(world.broken()).toEqual([])
  })

  it('is refused where isolated money would become part of a subaccount that is not', async () => {
    const world = tradingHub()
    const { driver, maker, taker } = world
    expect(deliver(driver, taker, isolate(`${taker.address}/5`))).toBe('0')
    for (const wallet of [maker, taker]) {
      expect(deliver(driver, wallet, convert(wallet, 10n * E6))).toBe('0')
      expect(deliver(driver, wallet, transferCash(wallet.address, `${wallet.address}/5`, E6))).toBe('0')
    }
    expect(await link(world)).toBe('accounts/5')
    expect(cashOf(driver, `${taker.address}/5`)).toBe(E6)
    // Emptied, it stands in nobody's way.
    expect(deliver(driver, taker, transferCash(`${taker.address}/5`, taker.address, E6))).toBe('0')
    expect(await link(world)).toBe('0')
    expect(cashOf(driver, maker.address)).toBe(19n * E6)
    expect(portfolio(driver, `${maker.address}/5`).isolated).toBe(false)
    expect(world.broken()).toEqual([])
  })

  it('joins two isolated subaccounts of one number', async () => {
    const world = tradingHub()
    const { driver, maker, taker } = world
    for (const wallet of [maker, taker]) {
      expect(deliver(driver, wallet, isolate(`${wallet.address}/5`))).toBe('0')
      expect(deliver(driver, wallet, convert(wallet, 10n * E6))).toBe('0')
      expect(deliver(driver, wallet, transferCash(wallet.address, `${wallet.address}/5`, E6))).toBe('0')
    }
    expect(await link(world)).toBe('0')
    expect(cashOf(driver, `${maker.address}/5`)).toBe(2n * E6)
    expect(stateOf(world).risk.isolated).toEqual([`${maker.address}/5`])
  })

  it('leaves a state that another hub starts from', async () => {
    const world = tradingHub()
    const { driver, taker, maker } = world
    expect(deliver(driver, taker, grant(taker, perpetual(driver)))).toBe('0')
    expect(await link(world)).toBe('0')
    const state = exportState(world.hub.chain)
    const second = tradingHubOf(state, driver.timeNanoseconds, world.prices)
    for (let i = 0; i < 2; i++) second.driver.block()
    expect(second.broken()).toEqual([])
    expect(cashOf(second.driver, maker.address)).toBe(cashOf(driver, maker.address))
  })
})

describe('a deposit before finality to the address of a linked wallet', () => {
  it('counts for the account that will get it', async () => {
    const bridge = new EthereumBridge()
    const { trader, stranger, driver } = bridge
    bridge.credit(1_000n * E6, createAddressCodec('cway').encode(INSURANCE_FUND.account))
    expect(
      codeOf(bridge.deliver(stranger, [await linkMessage(stranger.address, await aminoWallet('trader'))])),
    ).toBe('0')
    const packet = bridge.deposit({ amount: 100n * E6, receiver: `${trader.address}/2` })
    const slot = bridge.attest()
    driver.block(0n)
    const proofCommitment = bridge.chain.prove(
      slot,
      packetCommitmentKey(packet.sourceClient, packet.sequence),
    )
    const preview = { packet, proofCommitment, signer: stranger.address }
    const previewed = bridge.deliver(stranger, [message('causeway.preview.v1.MsgPreviewDeposit', preview)])
    expect(codeOf(previewed)).toBe('0')
    const pending = (account: string) => {
      const data = QueryPendingCreditsRequest.encode({ account }).finish()
      const { value } = driver.query('/causeway.preview.v1.Query/PendingCredits', data)
      return QueryPendingCreditsResponse.decode(value).credits.length
    }
    expect([pending(`${stranger.address}/2`), pending(`${trader.address}/2`)]).toEqual([1, 0])
    expect(codeOf(bridge.receive(packet))).toBe('0')
    expect(bridge.balance(`${stranger.address}/2`, 'usd')).toBe(`${100n * E6}`)
    expect(pending(`${stranger.address}/2`)).toBe(0)
    expect(bridge.broken()).toEqual([])
  })
})
