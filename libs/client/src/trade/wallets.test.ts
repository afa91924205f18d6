// Every kind of wallet, made by the libraries that people use, against a hub that runs: trading, linking,
// sessions.
import { Secp256k1Wallet } from '@cosmjs/amino'
import { DirectSecp256k1Wallet } from '@cosmjs/proto-signing'
import { ed25519 } from '@noble/curves/ed25519.js'
import { Keypair } from '@solana/web3.js'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestHub, testEvmWallet, testSecret } from '../testing/hub.fixture.ts'
import type { TestHub } from '../testing/hub.fixture.ts'
import { cosmosWallet } from '../wallets/cosmos-wallet.ts'
import { createSession, sessionWallet } from '../wallets/session.ts'
import { solanaWallet } from '../wallets/solana-wallet.ts'
import type { SolanaForm } from '../wallets/solana-wallet.ts'
import type { Wallet } from '../wallets/wallet.ts'
import type { Trader } from './trader.ts'

const evm = testEvmWallet('linked evm')
const keypair = Keypair.fromSeed(testSecret('solana'))
const solana = (form?: SolanaForm) =>
  solanaWallet(
    {
      publicKey: keypair.publicKey.toBytes(),
      // What @solana/web3.js's key pair signs with.
      signMessage: (message) => ed25519.sign(message, keypair.secretKey.slice(0, 32)),
    },
    form,
  )
let hub: TestHub
let direct: Wallet
let amino: Wallet

beforeAll(async () => {
  direct = await cosmosWallet(await DirectSecp256k1Wallet.fromKey(testSecret('direct'), 'zone'))
  amino = await cosmosWallet(await Secp256k1Wallet.fromKey(testSecret('amino'), 'cosmos'))
  const addresses = [evm, solana(), direct, amino].map(({ address }) => address)
  hub = await startTestHub({ addresses })
})
afterAll(() => hub.stop())

const code = async (action: Promise<unknown>) =>
  await action.then(
    () => 'nothing',
    (error: { codespace: string; code: number }) => `${error.codespace}/${error.code}`,
  )
const quote = { market: 'ETH-PERP', side: 'buy', size: '0.1', limit: '2900' } as const
const trades = async (trader: Trader) => {
  const { status } = await trader.order(quote)
  const { count } = await trader.cancelAll()
  return [status, count]
}

describe('wallets', () => {
  it.each(['direct', 'amino', 'solana', 'evm'])('%s: pays fees, converts, trades', async (kind) => {
    const wallet = { direct, amino, solana: solana(), evm }[kind]!
    const trader = hub.causeway.trader(wallet)
    const { cash } = await trader.convert({ denom: 'usdz', amount: '1500.25' })
    expect(cash).toBe('1500.25')
    expect(await trades(trader)).toEqual(['resting', 1])
    const { wallets, sequence } = await hub.causeway.account(wallet.address)
    expect(wallets).toMatchObject([{ address: wallet.address, kind: wallet.kind }])
    expect(sequence).toBe('1')
  })

  it.each(['cli', 'v0', 'v1'] as const)('solana signs off-chain messages of form %s', async (form) => {
    expect(await trades(hub.causeway.trader(solana(form)))).toEqual(['resting', 1])
  })

  it('have the addresses of where they come from', () => {
    expect(direct.nativeAddress).toMatch(/^zone1/)
    expect(amino.nativeAddress).toMatch(/^cosmos1/)
    expect(solana().nativeAddress).toBe(keypair.publicKey.toBase58())
    expect(evm.nativeAddress).toMatch(/^0x/)
  })

  it('that change what they sign are caught', async () => {
    const signer = await DirectSecp256k1Wallet.fromKey(testSecret('direct'), 'zone')
    const changing = await cosmosWallet({
      getAccounts: () => signer.getAccounts(),
      signDirect: (address, document) =>
        signer.signDirect(address, { ...document, bodyBytes: new Uint8Array(0) }),
    })
    expect(await code(hub.causeway.trader(changing).order(quote))).toBe('client/45')
    const other = Keypair.fromSeed(testSecret('other'))
    const lying = solanaWallet({
      publicKey: keypair.publicKey.toBytes(),
      signMessage: (message) => ed25519.sign(message, other.secretKey.slice(0, 32)),
    })
    expect(await code(hub.causeway.trader(lying).order(quote))).toBe('client/40')
    await expect(cosmosWallet(signer, 'zone1other')).rejects.toThrow('expected an address of the wallet')
    expect(() => solanaWallet({ publicKey: new Uint8Array(31), signMessage: (m) => m })).toThrow('32 bytes')
  })
})

describe('session keys', () => {
  it('trade for an account until they are revoked, and do nothing else', async () => {
    const wallet = hub.causeway.trader(evm)
    const { seed, publicKey } = createSession()
    const session = sessionWallet(seed)
    expect(session.publicKey).toBe(publicKey)
    expect(await code(hub.causeway.trader(session, { account: evm.address }).order(quote))).toBe('tx/105')
    const { expirySeconds } = await wallet.createSession(session, { seconds: 600 })
    expect((await hub.causeway.account(evm.address)).sessions).toEqual([{ publicKey, expirySeconds }])
    const bot = hub.causeway.trader(session, { account: evm.address })
    expect(await trades(bot)).toEqual(['resting', 1])
    expect(await trades(hub.causeway.trader(evm, { session }))).toEqual(['resting', 1])
    expect(await code(bot.convert({ denom: 'usdz', amount: '1' }))).toBe('client/46')
    await wallet.revokeSession(session)
    expect(await code(bot.order(quote))).toBe('tx/105')
    expect(() => hub.causeway.trader(session)).toThrow('expected the account that the session key trades for')
    expect(await code(wallet.createSession(session, { seconds: 91 * 86_400 }))).toBe('client/20')
    expect(() => sessionWallet('abc')).toThrow('64 hex digits')
  })
})

describe('linked wallets', () => {
  it('sign for the account that they were linked to, and what they held is there', async () => {
    const account = hub.causeway.trader(evm)
    const before = await hub.causeway.portfolio(evm.address)
    await account.link(solana())
    await account.link(amino)
    expect((await hub.causeway.portfolio(solana().address)).account).toBe(evm.address)
    const after = await hub.causeway.portfolio(evm.address)
    expect(Number(after.cash)).toBeCloseTo(Number(before.cash) + 3_000.5, 0)
    for (const wallet of [solana(), amino]) {
      const trader = hub.causeway.trader(wallet)
      expect(await trader.account()).toBe(evm.address)
      expect(await trades(trader)).toEqual(['resting', 1])
      await trader.transfer({ to: `${evm.address}/4`, denom: 'cash', amount: '10' })
    }
    expect((await hub.causeway.portfolio(evm.address, 4)).cash).toBe('20')
    expect(await code(account.link(amino))).toBe('accounts/2')
  })

  it('a signer without amino can’t agree to', async () => {
    expect(await code(hub.causeway.trader(evm).link(direct))).toBe('client/26')
  })
})

describe('money', () => {
  it('moves between accounts and subaccounts, and waits or leaves over its line', async () => {
    const trader = hub.causeway.trader(direct)
    await trader.transfer({ to: evm.address, denom: 'usdz', amount: '5' })
    await trader.transfer({ to: `${direct.address}/2`, denom: 'cash', amount: '100' })
    const [line] = await hub.causeway.lines()
    const left = await trader.redeem({ line: line!.denom, amount: '50', to: 'zone1somebody' })
    expect(left).toMatchObject({ sequence: '1' })
    const gone = await trader.withdraw({ line: line!.denom, amount: '7.5', to: 'zone1somebody' })
    expect(gone).toMatchObject({ sequence: '2' })
    const from = hub.causeway.trader(direct, { subaccount: 2 })
    await from.transfer({ to: direct.address, denom: 'cash', amount: '25' })
    expect((await hub.causeway.portfolio(direct.address, 2)).cash).toBe('75')
    await from.openIsolated(3)
    expect((await hub.causeway.portfolio(direct.address, 3)).isolated).toBe(true)
  })

  it('that is not there, or that nobody knows, is refused with words', async () => {
    const trader = hub.causeway.trader(direct)
    const to = evm.address
    expect(await code(trader.convert({ denom: 'usdz', amount: '50000' }))).toBe('ledger/5')
    expect(await code(trader.convert({ denom: 'doge', amount: '1' }))).toBe('client/24')
    expect(await code(trader.transfer({ to, denom: 'cash', amount: '0' }))).toBe('client/20')
    expect(await code(trader.transfer({ to: 'cosmos1x', denom: 'cash', amount: '1' }))).toBe('client/20')
    expect(await code(trader.transfer({ to: `${to}/0`, denom: 'cash', amount: '1' }))).toBe('client/20')
    expect(await code(trader.transfer({ to, denom: 'cash', amount: '0.0000001' }))).toBe('client/20')
    expect(await code(trader.withdraw({ line: 'transfer/x/y', amount: '1', to: 'z' }))).toBe('client/24')
    expect(await code(trader.redeem({ line: 'transfer/x/y', amount: '1', to: '' }))).toBe('client/20')
    expect(await code(trader.cancelWithdrawal('7'))).toBe('cash/40')
    expect(await code(trader.cancelWithdrawal('x'))).toBe('client/20')
    const nobody = hub.causeway.trader(testEvmWallet('nobody'))
    expect(await code(nobody.order(quote))).toBe('client/44')
  })
})
