// Linking wallets through a whole application, with wallets of other people's making.
import { QueryAccountRequest, QueryAccountResponse } from '@causeway/protocol/causeway/accounts/v1/query'
import { MsgLinkWallet } from '@causeway/protocol/causeway/accounts/v1/tx'
import {
  QueryAccountRequest as AuthRequest,
  QueryAccountResponse as AuthResponse,
} from '@causeway/protocol/cosmos/auth/v1beta1/query'
import { BaseAccount } from '@causeway/protocol/cosmos/auth/v1beta1/auth'
import { QueryBalanceRequest, QueryBalanceResponse } from '@causeway/protocol/cosmos/bank/v1beta1/query'
import { SIGN_MODE, packSigningKey, walletLinkText } from '@causeway/protocol'
import { describe, expect, it } from 'vitest'
import { brokenInvariants, exportState } from '../../block/inspect.ts'
import { codeOf } from '../../testing/refusal.fixture.ts'
import { trade, tradingZone } from '../../testing/trading-zone.fixture.ts'
import { Wallet, send } from '../../testing/wallet.fixture.ts'
import {
  aminoWallet,
  evmWallet,
  partsOf,
  sessionKey,
  signed,
  solanaWallet,
} from '../../testing/wallets.fixture.ts'
import type { Parts, TestWallet } from '../../testing/wallets.fixture.ts'
import { LINKED_WALLETS_MAX } from './link-wallet.ts'

const owner = evmWallet('owner')
const cosmos = await aminoWallet('second')
const others: [string, TestWallet][] = [
  ['another EVM wallet', evmWallet('second evm')],
  ['a Cosmos wallet, by ADR-036', cosmos],
  ['a Solana wallet', solanaWallet('second solana')],
  ['a Solana wallet on a Ledger', solanaWallet('second solana', SIGN_MODE.solanaV0)],
]

async function linkMessage(
  wallet: TestWallet,
  expiresSeconds: bigint,
  changes: { account?: string; text?: string; signature?: Uint8Array; mode?: number; named?: string } = {},
) {
  const { account = owner.address, named = account } = changes
  const link = { chainId: 'causeway-1', account, wallet: wallet.address, expiresSeconds }
  const walletSignature = changes.signature ?? (await wallet.signText(changes.text ?? walletLinkText(link)))
  const value = MsgLinkWallet.encode({
    account: named,
    walletKey: packSigningKey(wallet.key),
    walletSignMode: changes.mode ?? wallet.mode,
    walletSignature,
    expiresSeconds,
  }).finish()
  return { typeUrl: '/causeway.accounts.v1.MsgLinkWallet', value }
}

function setUp(holders: readonly string[] = [owner.address]) {
  const payer = new Wallet('payer')
  const world = tradingZone([...holders, payer.address])
  const { driver } = world
  payer.accountNumber = BigInt(holders.length + 1)
  payer.sequence = 0n
  const deliver = (tx: Uint8Array) => codeOf(driver.execute(driver.proposal([tx])).txResults[0])
  const sequences = new Map<string, bigint>()
  const act = async (wallet: TestWallet, messages: Parts['messages'], changes: Partial<Parts> = {}) => {
    const account = changes.account ?? wallet.address
    const sequence = sequences.get(account) ?? 0n
    const code = await deliver(await signed(wallet, partsOf(account, messages, { sequence, ...changes })))
    if (!/^tx\/(4|8|32|107)$/.test(code)) sequences.set(account, sequence + 1n)
    return code
  }
  const link = async (wallet: TestWallet, changes: Parameters<typeof linkMessage>[2] = {}) =>
    act(owner, [await linkMessage(wallet, driver.timeSeconds + 60n, changes)])
  const held = (address: string) => {
    const data = QueryBalanceRequest.encode({ address, denom: 'ucway' }).finish()
    const { value } = driver.query('/cosmos.bank.v1beta1.Query/Balance', data)
    return BigInt(QueryBalanceResponse.decode(value).balance!.amount)
  }
  const account = (address: string) => {
    const data = QueryAccountRequest.encode({ address }).finish()
    return QueryAccountResponse.decode(driver.query('/causeway.accounts.v1.Query/Account', data).value)
  }
  return { ...world, payer, deliver, act, link, held, account }
}

describe.each(others)('%s', (_, wallet) => {
  it('is linked with its word, and then signs for the account', async () => {
    const { link, act, payer, account, zone, held, driver } = setUp()
    expect(await link(wallet)).toBe('0')
    expect(account(wallet.address)).toEqual(account(owner.address))
    expect(account(owner.address).wallets.map(({ address }) => address)).toEqual([
      owner.address,
      wallet.address,
    ])
    const before = held(owner.address)
    const pay = send(owner.address, payer.address, '7')
    expect(await act(wallet, [pay], { account: owner.address, accountNumber: 1n })).toBe('0')
    expect(held(owner.address)).toBe(before - 10_007n)
    const nonce = driver.timeNanoseconds / 1_000_000n
    const free = { account: owner.address, isTrade: true, fee: undefined, gasLimit: 20_000n, sequence: nonce }
    expect(await act(wallet, [trade(owner.address)], free)).toBe('0')
    expect(brokenInvariants(zone.chain)).toEqual([])
  })

  it('brings what its own account held, and what comes later to its address', async () => {
    const { link, held, payer, deliver, zone } = setUp([owner.address, wallet.address])
    expect(await link(wallet)).toBe('0')
    expect([held(owner.address), held(wallet.address)]).toEqual([2_000_000_000n - 10_000n, 0n])
    expect(deliver(payer.sign([send(payer.address, wallet.address, '5')]))).toBe('0')
    expect(deliver(payer.sign([send(payer.address, `${wallet.address}/3`, '6')]))).toBe('0')
    expect([held(owner.address), held(wallet.address)]).toEqual([2_000_000_000n - 9_995n, 0n])
    expect(held(`${owner.address}/3`)).toBe(6n)
    expect(brokenInvariants(zone.chain)).toEqual([])
  })

  it('is no account any more: messages name the one that it was linked to', async () => {
    const { link, act, payer } = setUp([owner.address, wallet.address])
    await link(wallet)
    expect(await act(wallet, [send(wallet.address, payer.address, '1')], { accountNumber: 2n })).toBe(
      'tx/107',
    )
    expect(await act(owner, [send(wallet.address, payer.address, '1')], { account: wallet.address })).toBe(
      'tx/107',
    )
  })

  it('is not linked without its word, for another account, for later, or twice', async () => {
    const { link, act, driver } = setUp([owner.address, wallet.address])
    const thief = evmWallet('thief')
    expect(await link(wallet, { signature: await owner.signText('x') })).toBe('accounts/3')
    expect(await link(wallet, { signature: new Uint8Array(0) })).toBe('accounts/3')
    expect(await link(wallet, { text: 'Causeway wallet link v1' })).toBe('accounts/3')
    // A word given to another account, or for another wallet, time or chain.
    const expires = driver.timeSeconds + 60n
    const word = {
      chainId: 'causeway-1',
      account: owner.address,
      wallet: wallet.address,
      expiresSeconds: expires,
    }
    for (const change of [
      { account: thief.address },
      { wallet: owner.address },
      { expiresSeconds: expires + 1n },
      { chainId: 'causeway-2' },
    ]) {
      const signature = await wallet.signText(walletLinkText({ ...word, ...change }))
      expect(await act(owner, [await linkMessage(wallet, expires, { signature })])).toBe('accounts/3')
    }
    for (const mode of Object.values(SIGN_MODE).filter((mode) => mode !== wallet.mode))
      expect(await link(wallet, { mode })).toBe('accounts/3')
    expect(await act(owner, [await linkMessage(wallet, driver.timeSeconds)])).toBe('accounts/4')
    expect(await link(wallet)).toBe('0')
    expect(await link(wallet)).toBe('accounts/2')
  })
})

describe('linking', () => {
  it('takes the account’s own signature too', async () => {
    const { driver, act, deliver } = setUp([owner.address, cosmos.address])
    const message = await linkMessage(cosmos, driver.timeSeconds + 60n)
    const parts = partsOf(owner.address, [message])
    expect(await deliver(await signed(cosmos, parts))).toBe('tx/8')
    expect(await deliver(await signed({ ...owner, sign: cosmos.sign }, parts))).toMatch(/^tx\/(4|15)$/)
    expect(await act(owner, [message])).toBe('0')
  })

  it('makes no loops and no chains', async () => {
    const [, first] = others[0]!
    const { link, act, driver } = setUp([owner.address, first.address, cosmos.address])
    const message = async (wallet: TestWallet, account: string) =>
      linkMessage(wallet, driver.timeSeconds + 60n, { account })
    expect(await link(owner)).toBe('accounts/2')
    expect(await link(first)).toBe('0')
    // The wallet, which is no account, takes nobody in; nobody takes in a wallet that belongs to somebody.
    expect(await act(first, [await message(owner, first.address)])).toBe('tx/107')
    const theft = await message(first, cosmos.address)
    expect(await act(cosmos, [theft], { accountNumber: 3n })).toBe('accounts/2')
    // An account that has wallets of its own stays one.
    const joined = await message(owner, cosmos.address)
    expect(await act(cosmos, [joined], { accountNumber: 3n })).toBe('accounts/5')
  })

  it('is refused for keys that are no wallets', async () => {
    const { link } = setUp()
    expect(await link(sessionKey('bot'))).toBe('accounts/1')
    const noPoint = {
      ...others[0]![1],
      key: { type: 1, bytes: Uint8Array.from([2, ...new Uint8Array(32).fill(255)]) } as const,
    }
    expect(await link(noPoint)).toBe('accounts/1')
  })

  it('ends at 16 wallets', async () => {
    const { link } = setUp()
    for (let i = 0; i < LINKED_WALLETS_MAX; i++) expect(await link(solanaWallet(`many ${i}`))).toBe('0')
    expect(await link(solanaWallet('one more'))).toBe('accounts/6')
  })

  it('survives an export', async () => {
    const { link, zone } = setUp()
    for (const [, wallet] of others.slice(0, 3)) expect(await link(wallet)).toBe('0')
    const appState = exportState(zone.chain) as { accounts: object }
    const again = tradingZone([], { appState: appState as never })
    expect((exportState(again.zone.chain) as typeof appState).accounts).toEqual(appState.accounts)
  })

  it('is seen by CosmJS: a linked Cosmos wallet has the number and sequence of its account', async () => {
    const { link, driver } = setUp()
    await link(cosmos)
    const ask = (address: string) => {
      const data = AuthRequest.encode({ address }).finish()
      const { value } = driver.query('/cosmos.auth.v1beta1.Query/Account', data)
      return BaseAccount.decode(AuthResponse.decode(value).account!.value)
    }
    expect(ask(cosmos.address)).toMatchObject({ accountNumber: 1n, sequence: 1n, address: cosmos.address })
    expect(ask(cosmos.address).pubKey).toEqual(packSigningKey(cosmos.key))
    expect(ask(owner.address)).toMatchObject({ accountNumber: 1n, sequence: 1n, pubKey: undefined })
  })
})
