// Signatures made by wallets that nobody here wrote are accepted; what is a bit different is not.
import { secp256k1 } from '@noble/curves/secp256k1.js'
import { concatBytes } from '@causeway/primitives'
import { SIGN_MODE } from '@causeway/protocol'
import { AuthInfo, TxBody, TxRaw } from '@causeway/protocol/cosmos/tx/v1beta1/tx'
import { MsgSend } from '@causeway/protocol/cosmos/bank/v1beta1/tx'
import { describe, expect, it } from 'vitest'
import { codeOf } from '../testing/refusal.fixture.ts'
import { trade, tradingZone } from '../testing/trading-zone.fixture.ts'
import { send } from '../testing/wallet.fixture.ts'
import {
  aminoWallet,
  evmWallet,
  partsOf,
  rawParts,
  signed,
  solanaWallet,
} from '../testing/wallets.fixture.ts'
import type { Parts, TestWallet } from '../testing/wallets.fixture.ts'

const ORDER = secp256k1.Point.Fn.ORDER
const wallets: [string, TestWallet][] = [
  ['viem, EIP-712', evmWallet('evm')],
  ['CosmJS, amino JSON', await aminoWallet('cosmos')],
  ['Solana, the text', solanaWallet('solana')],
  ['Solana, off-chain message of the command line', solanaWallet('solana', SIGN_MODE.solanaCli)],
  ['Solana, off-chain message version 0', solanaWallet('solana', SIGN_MODE.solanaV0)],
  ['Solana, off-chain message version 1', solanaWallet('solana', SIGN_MODE.solanaV1)],
]
const stranger = evmWallet('stranger')

function setUp(wallet: TestWallet) {
  const world = tradingZone([wallet.address, stranger.address])
  const pay = send(wallet.address, stranger.address, '7')
  const parts = (changes: Partial<Parts> = {}) => partsOf(wallet.address, [pay], changes)
  const deliver = (tx: Uint8Array) => codeOf(world.driver.execute(world.driver.proposal([tx])).txResults[0])
  const check = (tx: Uint8Array) => codeOf(world.zone.checkTx({ tx, type: 0 }))
  return { ...world, pay, parts, deliver, check }
}

describe.each(wallets)('%s', (_, wallet) => {
  it('moves value, checked and delivered, and its key is remembered', async () => {
    const { driver, parts, deliver } = setUp(wallet)
    expect(codeOf(driver.submit(await signed(wallet, parts({ memo: 'é <&> "\n' }))))).toBe('0')
    expect(driver.block().txResults.map(codeOf)).toEqual(['0'])
    expect(await deliver(await signed(wallet, parts({ sequence: 1n })))).toBe('0')
    expect(await deliver(await signed(wallet, parts({ sequence: 1n })))).toBe('tx/32')
  })

  it('trades by nonce, in any order', async () => {
    const { parts, deliver, traded, driver } = setUp(wallet)
    const now = driver.timeNanoseconds / 1_000_000n
    const free = { isTrade: true, fee: undefined, gasLimit: 20_000n, messages: [trade(wallet.address, 5n)] }
    for (const nonce of [now + 5n, now + 3n, now + 4n])
      expect(deliver(await signed(wallet, parts({ ...free, sequence: nonce })))).toBe('0')
    expect(deliver(await signed(wallet, parts({ ...free, sequence: now + 4n })))).toBe('tx/106')
    expect(traded.map(({ isSession, nonce }) => [isSession, nonce])).toEqual(
      [now + 5n, now + 3n, now + 4n].map((nonce) => [false, nonce]),
    )
  })

  it('is not believed what it has not signed', async () => {
    const { parts, check } = setUp(wallet)
    const good = parts()
    expect(check(await signed(wallet, good))).toBe('0')
    const { parts: again, check: other } = setUp(wallet)
    const signature = await wallet.sign(again())
    const changes: Partial<Parts>[] = [
      { messages: [send(wallet.address, stranger.address, '8')] },
      { messages: [...again().messages, ...again().messages] },
      { memo: 'x' },
      { fee: { denom: 'ucway', amount: '10001' } },
      { gasLimit: 399_999n },
    ]
    for (const change of changes) {
      const raw = rawParts(wallet, again(change))
      expect(other(TxRaw.encode({ ...raw, signatures: [signature] }).finish())).toBe('tx/4')
    }
    expect(other(await signed(wallet, again({ chainId: 'causeway-2' })))).toBe('tx/4')
    expect(other(await signed(wallet, again({ sequence: 1n })))).toBe('tx/32')
    if (wallet.mode === SIGN_MODE.aminoJson) {
      expect(other(await signed(wallet, again({ accountNumber: 2n })))).toBe('tx/4')
    }
  })

  it('signs for nobody else', async () => {
    const { check } = setUp(wallet)
    const theft = partsOf(stranger.address, [send(stranger.address, wallet.address, '7')])
    expect(check(await signed(wallet, theft))).toBe('tx/8')
    const forged = { ...wallet, key: stranger.key, mode: stranger.mode }
    expect(check(await signed(forged, theft))).toMatch(/^tx\/(4|15)$/)
    expect(check(await signed(stranger, theft))).toBe('0')
  })

  it('has one encoding: nobody on the way writes it anew', async () => {
    const { parts, check, pay } = setUp(wallet)
    const raw = TxRaw.decode(await signed(wallet, parts()))
    const body = TxBody.decode(raw.bodyBytes)
    const { fromAddress, toAddress, amount } = MsgSend.decode(pay.value)
    const turned = concatBytes(
      MsgSend.encode({ fromAddress: '', toAddress, amount: [] }).finish(),
      MsgSend.encode({ fromAddress, toAddress: '', amount }).finish(),
    )
    const withBody = (changes: Partial<TxBody>) =>
      check(TxRaw.encode({ ...raw, bodyBytes: TxBody.encode({ ...body, ...changes }).finish() }).finish())
    expect(withBody({ messages: [{ typeUrl: pay.typeUrl, value: turned }] })).toBe('protocol/22')
    expect(withBody({ nonCriticalExtensionOptions: [{ typeUrl: '/x', value: turned }] })).toBe('tx/100')
    const info = AuthInfo.decode(raw.authInfoBytes)
    const withInfo = (authInfo: AuthInfo) =>
      check(TxRaw.encode({ ...raw, authInfoBytes: AuthInfo.encode(authInfo).finish() }).finish())
    expect(withInfo({ ...info, fee: { ...info.fee!, payer: wallet.address } })).toBe('tx/100')
    const [signer] = info.signerInfos
    expect(withInfo({ ...info, signerInfos: [{ ...signer!, publicKey: undefined }] })).toMatch(
      /^tx\/(8|100)$/,
    )
    const padded = concatBytes(raw.authInfoBytes, Uint8Array.of(0x12, 0))
    expect(check(TxRaw.encode({ ...raw, authInfoBytes: padded }).finish())).toMatch(/^(tx\/2|protocol\/)/)
    const memo = concatBytes(raw.bodyBytes, Uint8Array.of(0x12, 0))
    expect(check(TxRaw.encode({ ...raw, bodyBytes: memo }).finish())).toBe('protocol/22')
  })

  it('is refused in the modes of other kinds', async () => {
    const { parts, check } = setUp(wallet)
    for (const mode of Object.values(SIGN_MODE).filter((mode) => mode !== wallet.mode)) {
      const isOwn = wallet.key.type === 2 && mode > 500 && mode < 505
      const isDirect = wallet.key.type === 0 && mode === SIGN_MODE.direct
      const code = check(await signed({ ...wallet, mode }, parts()))
      expect([mode, code]).toEqual([mode, isOwn || isDirect ? 'tx/4' : 'tx/100'])
    }
  })
})

describe('the signature of an EVM wallet', () => {
  const wallet = evmWallet('evm')
  const withSignature = async (change: (signature: Uint8Array) => Uint8Array) => {
    const { parts, check } = setUp(wallet)
    const raw = rawParts(wallet, parts())
    return check(TxRaw.encode({ ...raw, signatures: [change(await wallet.sign(parts()))] }).finish())
  }

  it('has one V', async () => {
    expect(await withSignature((signature) => signature)).toBe('0')
    for (const change of [1, -1, 27, -27, 28, 255]) {
      const code = await withSignature((s) =>
        Uint8Array.from([...s.subarray(0, 64), (s[64]! + change) & 255]),
      )
      expect([change, code]).toEqual([change, 'tx/4'])
    }
    expect(await withSignature((s) => s.subarray(0, 64))).toBe('tx/15')
    expect(await withSignature((s) => concatBytes(s, Uint8Array.of(0)))).toBe('tx/15')
  })

  it('has the lower S', async () => {
    const high = await withSignature((signature) => {
      const s = BigInt(`0x${Buffer.from(signature.subarray(32, 64)).toString('hex')}`)
      const turned = Buffer.from((ORDER - s).toString(16).padStart(64, '0'), 'hex')
      return concatBytes(signature.subarray(0, 32), turned, Uint8Array.of(55 - signature[64]!))
    })
    expect(high).toBe('tx/4')
    expect(await withSignature((s) => concatBytes(new Uint8Array(64), s.subarray(64)))).toBe('tx/4')
    expect(await withSignature((s) => concatBytes(new Uint8Array(64).fill(255), s.subarray(64)))).toBe('tx/4')
  })
})
