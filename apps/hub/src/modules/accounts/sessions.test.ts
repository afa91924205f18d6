// Session keys through a whole application: what they may sign, for how long, how often.
import { MsgCreateSessionKey, MsgRevokeSessionKey } from '@causeway/protocol/causeway/accounts/v1/tx'
import { QueryAccountRequest, QueryAccountResponse } from '@causeway/protocol/causeway/accounts/v1/query'
import { describe, expect, it } from 'vitest'
import { brokenInvariants, exportState } from '../../block/inspect.ts'
import { codeOf } from '../../testing/refusal.fixture.ts'
import { trade, tradingZone } from '../../testing/trading-zone.fixture.ts'
import { Wallet, send } from '../../testing/wallet.fixture.ts'
import { evmWallet, partsOf, sessionKey, signed } from '../../testing/wallets.fixture.ts'
import type { Parts, TestWallet } from '../../testing/wallets.fixture.ts'
import { SESSIONS_MAX, SESSION_SECONDS_MAX } from './sessions.ts'

const owner = evmWallet('owner')
const bot = sessionKey('bot')

function createMessage(key: Uint8Array, expiresSeconds: bigint, account = owner.address) {
  const value = MsgCreateSessionKey.encode({ account, sessionKey: key, expiresSeconds }).finish()
  return { typeUrl: '/causeway.accounts.v1.MsgCreateSessionKey', value }
}

function revokeMessage(key: Uint8Array, account = owner.address) {
  const value = MsgRevokeSessionKey.encode({ account, sessionKey: key }).finish()
  return { typeUrl: '/causeway.accounts.v1.MsgRevokeSessionKey', value }
}

function setUp() {
  const other = new Wallet('other')
  const world = tradingZone([owner.address, other.address])
  const { driver } = world
  let sequence = 0n
  const deliver = (tx: Uint8Array, secondsLater = 1n) =>
    codeOf(driver.execute(driver.proposal([tx], secondsLater)).txResults[0])
  const act = async (messages: Parts['messages'], changes: Partial<Parts> = {}) => {
    const code = await deliver(
      await signed(owner, partsOf(owner.address, messages, { sequence, ...changes })),
    )
    if (!/^tx\/(4|32|105|106|8)$/.test(code)) sequence += 1n
    return code
  }
  const now = () => driver.timeNanoseconds / 1_000_000n
  const order = (nonce: bigint, changes: Partial<Parts> = {}, wallet: TestWallet = bot) => {
    const free = { isTrade: true, fee: undefined, gasLimit: 20_000n, sequence: nonce }
    return signed(wallet, partsOf(owner.address, [trade(owner.address)], { ...free, ...changes }))
  }
  const start = (seconds = 600n) => act([createMessage(bot.key.bytes, driver.timeSeconds + seconds)])
  const account = () => {
    const data = QueryAccountRequest.encode({ address: owner.address }).finish()
    return QueryAccountResponse.decode(driver.query('/causeway.accounts.v1.Query/Account', data).value)
  }
  return { ...world, other, deliver, act, now, order, start, account }
}

describe('a session key', () => {
  it('trades for its account, and the handler knows that it was one', async () => {
    const { start, deliver, order, now, traded, account, zone } = setUp()
    expect(await deliver(await order(now()))).toBe('tx/105')
    expect(await start()).toBe('0')
    const nonce = now()
    expect(await deliver(await order(nonce))).toBe('0')
    expect(traded).toMatchObject([{ isSession: true, nonce }])
    expect(account().sessions.map(({ sessionKey }) => sessionKey)).toEqual([bot.key.bytes])
    expect(brokenInvariants(zone.chain)).toEqual([])
  })

  it('signs nothing else: no transfer, no link, no session, not its own revocation', async () => {
    const { start, deliver, other, driver } = setUp()
    await start()
    const forbidden = [
      send(owner.address, other.address, '1'),
      createMessage(sessionKey('second').key.bytes, driver.timeSeconds + 60n),
      revokeMessage(bot.key.bytes),
      {
        typeUrl: '/causeway.accounts.v1.MsgLinkWallet',
        value: Uint8Array.from([10, 43, ...Buffer.from(owner.address)]),
      },
    ]
    for (const message of forbidden) {
      for (const sequence of [1n, driver.timeNanoseconds / 1_000_000n]) {
        const tx = await signed(bot, partsOf(owner.address, [message], { sequence }))
        expect([message.typeUrl, await deliver(tx)]).toEqual([message.typeUrl, 'tx/105'])
      }
    }
    const hidden = partsOf(owner.address, [trade(owner.address), forbidden[0]!], { sequence: 1n })
    expect(await deliver(await signed(bot, hidden))).toBe('tx/104')
    expect(await deliver(await signed(bot, { ...hidden, messages: hidden.messages.toReversed() }))).toBe(
      'tx/104',
    )
  })

  it('ends with its time, and at once when it is revoked', async () => {
    const { start, deliver, order, now, act, account } = setUp()
    await start(3n)
    expect(await deliver(await order(now()))).toBe('0')
    expect(await deliver(await order(now() + 1n), 5n)).toBe('tx/105')
    await start()
    expect(await deliver(await order(now()))).toBe('0')
    expect(await act([revokeMessage(bot.key.bytes)])).toBe('0')
    expect(await deliver(await order(now()))).toBe('tx/105')
    expect(await act([revokeMessage(bot.key.bytes)])).toBe('accounts/9')
    expect(account().sessions).toEqual([])
  })

  it('that is created anew has not forgotten its nonces', async () => {
    const { start, deliver, order, now, act } = setUp()
    await start()
    const tx = await order(now() + 7n)
    expect(await deliver(tx)).toBe('0')
    await act([revokeMessage(bot.key.bytes)])
    await start()
    expect(await deliver(tx)).toBe('tx/106')
  })

  it('is of its account alone', async () => {
    const { start, deliver, now, other } = setUp()
    await start()
    const parts = { isTrade: true, fee: undefined, gasLimit: 20_000n, sequence: now(), accountNumber: 2n }
    const tx = await signed(bot, partsOf(other.address, [trade(other.address)], parts))
    expect(await deliver(tx)).toBe('tx/105')
  })

  it('signs for one chain, one account number, and its own bytes', async () => {
    const { start, deliver, order, now } = setUp()
    await start()
    expect(await deliver(await order(now(), { chainId: 'causeway-2' }))).toBe('tx/4')
    expect(await deliver(await order(now(), { accountNumber: 2n }))).toBe('tx/4')
    const tx = await order(now())
    expect(await deliver(Uint8Array.from([...tx.subarray(0, -1), tx.at(-1)! ^ 1]))).toBe('tx/4')
    expect(await deliver(tx)).toBe('0')
    expect(await deliver(tx)).toBe('tx/106')
  })

  it('lasts 90 days at most, and there are 32 at a time: expired ones make room', async () => {
    const { act, driver, deliver, account } = setUp()
    const key = (i: number) => sessionKey(`bot ${i}`).key.bytes
    const now = () => driver.timeSeconds
    expect(await act([createMessage(key(0), now())])).toBe('accounts/8')
    expect(await act([createMessage(key(0), now() + SESSION_SECONDS_MAX + 2n)])).toBe('accounts/8')
    expect(await act([createMessage(key(0).slice(1), now() + 60n)])).toBe('accounts/1')
    const many = Array.from({ length: SESSIONS_MAX }, (_, i) => createMessage(key(i), now() + 60n))
    expect(await act(many, { gasLimit: 4_000_000n, fee: { denom: 'ucway', amount: '100000' } })).toBe('0')
    const dear = { gasLimit: 400_000n }
    expect(await act([createMessage(key(99), now() + 60n)], dear)).toBe('accounts/7')
    expect(await act([createMessage(key(5), now() + 90n)], dear)).toBe('0')
    await deliver(new Uint8Array(0), 75n)
    expect(await act([createMessage(key(99), now() + 60n)], dear)).toBe('0')
    expect(account().sessions).toHaveLength(2)
  })

  it('and its nonces survive an export', async () => {
    const { start, deliver, order, now, zone, driver } = setUp()
    await start()
    const tx = await order(now() + 9n)
    expect(await deliver(tx)).toBe('0')
    const appState = exportState(zone.chain) as never
    const again = tradingZone([], { appState })
    again.driver.timeNanoseconds = driver.timeNanoseconds
    const result = again.driver.execute(again.driver.proposal([tx])).txResults[0]
    expect(codeOf(result)).toBe('tx/106')
    const next = again.driver.execute(again.driver.proposal([await order(now() + 10n)])).txResults[0]
    expect(codeOf(next)).toBe('0')
  })
})

describe('free trading', () => {
  const burst = async (order: (nonce: bigint) => Promise<Uint8Array>, from: bigint, count: number) =>
    Promise.all(Array.from({ length: count }, (_, i) => order(from + BigInt(i))))

  it('is 200 at once and 20 a second, in blocks that anybody proposed', async () => {
    const { start, order, now, driver } = setUp()
    await start()
    const results = driver.execute(driver.proposal(await burst(order, now(), 225))).txResults.map(codeOf)
    expect(results.slice(0, 200)).toEqual(results.slice(0, 200).map(() => '0'))
    expect(new Set(results.slice(200))).toEqual(new Set(['tx/13']))
    const later = driver
      .execute(driver.proposal(await burst(order, now() + 1_000n, 25)))
      .txResults.map(codeOf)
    expect(later.filter((code) => code === '0')).toHaveLength(20)
  })

  it('ends in CheckTx as well, and a fee goes on', async () => {
    const { start, order, now, zone } = setUp()
    await start()
    const check = (tx: Uint8Array) => codeOf(zone.checkTx({ tx, type: 0 }))
    const codes = (await burst(order, now(), 205)).map(check)
    expect(codes.filter((code) => code === '0')).toHaveLength(200)
    const paid = { fee: { denom: 'ucway', amount: '500' } }
    expect(check(await order(now() + 500n, paid))).toBe('0')
    expect(check(await order(now() + 501n, { fee: { denom: 'ucway', amount: '499' } }))).toBe('tx/13')
  })

  it('is for accounts that are worth enough, which is looked at every ten blocks', async () => {
    const { start, deliver, order, now, worth } = setUp()
    await start()
    worth.isEnough = false
    expect(await deliver(await order(now()))).toBe('tx/13')
    expect(await deliver(await order(now(), { fee: { denom: 'ucway', amount: '500' } }))).toBe('0')
    worth.isEnough = true
    worth.asked = 0
    for (let i = 0; i < 12; i++) expect(await deliver(await order(now()))).toBe('0')
    expect(worth.asked).toBe(2)
  })

  it('asks for little gas', async () => {
    const { start, deliver, order, now } = setUp()
    await start()
    expect(await deliver(await order(now(), { gasLimit: 30_000n }))).toBe('0')
    expect(await deliver(await order(now(), { gasLimit: 30_001n }))).toBe('tx/101')
    expect(await deliver(await order(now(), { gasLimit: 3_000n }))).toBe('tx/101')
  })
})
