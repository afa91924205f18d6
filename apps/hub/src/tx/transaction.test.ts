import { createMemoryStorage } from '@causeway/state-tree'
import { secp256k1 } from '@noble/curves/secp256k1.js'
import { concatBytes, toHex, utf8 } from '@causeway/primitives'
import type { Any } from '@causeway/protocol'
import { MsgSend } from '@causeway/protocol/cosmos/bank/v1beta1/tx'
import { MsgCreateClient } from '@causeway/protocol/ibc/core/client/v1/tx'
import { SignMode } from '@causeway/protocol/cosmos/tx/signing/v1beta1/signing'
import type { Fee, TxBody } from '@causeway/protocol/cosmos/tx/v1beta1/tx'
import { AuthInfo, TxRaw } from '@causeway/protocol/cosmos/tx/v1beta1/tx'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { testHub } from '../testing/hub.fixture.ts'
import { codeOf } from '../testing/refusal.fixture.ts'
import { Wallet, send } from '../testing/wallet.fixture.ts'
import type { SignOptions } from '../testing/wallet.fixture.ts'
import { authenticationGas } from './authenticate.ts'
import { MEMO_BYTES_MAX, MESSAGES_MAX, TRANSACTION_BYTES_MAX, TRANSACTION_GAS_MAX } from './limits.ts'

const ORDER = secp256k1.Point.Fn.ORDER

function setUp() {
  const alice = new Wallet('alice')
  const bob = new Wallet('bob')
  const { driver, hub } = testHub([alice, bob])
  driver.block()
  const pay = send(alice.address, bob.address, '1')
  const check = (options: SignOptions = {}, messages: readonly Any[] = [pay]) =>
    codeOf(hub.checkTx({ tx: alice.sign(messages, { sequence: 0n, ...options }), type: 0 }))
  const checkBytes = (tx: Uint8Array) => codeOf(hub.checkTx({ tx, type: 0 }))
  return { alice, bob, driver, hub, pay, check, checkBytes }
}

const NO_INFO = { modeInfo: undefined, publicKey: undefined, sequence: 0n }

describe('a transaction', () => {
  it('that is signed, paid and in order is admitted', () => {
    expect(setUp().check()).toBe('0')
  })

  it('of the wrong form is refused', () => {
    const { alice, bob, pay, check, checkBytes } = setUp()
    const body = (changes: Partial<TxBody>) => check({ body: changes })
    expect(body({ messages: [] })).toBe('tx/18')
    expect(
      check(
        {},
        Array.from({ length: MESSAGES_MAX + 1 }, () => pay),
      ),
    ).toBe('tx/102')
    expect(body({ memo: 'x'.repeat(MEMO_BYTES_MAX + 1) })).toBe('tx/12')
    expect(body({ memo: 'é'.repeat(MEMO_BYTES_MAX / 2 + 1) })).toBe('tx/12')
    expect(body({ memo: 'x'.repeat(MEMO_BYTES_MAX) })).toBe('0')
    expect(body({ unordered: true })).toBe('tx/100')
    expect(body({ timeoutTimestamp: { seconds: 1n, nanos: 0 } })).toBe('tx/100')
    expect(body({ extensionOptions: [{ typeUrl: '/some.Option', value: new Uint8Array(0) }] })).toBe('tx/31')
    expect(check({}, [{ typeUrl: '/cosmos.bank.v1beta1.MsgMint', value: new Uint8Array(0) }])).toBe('tx/6')
    expect(
      check({}, [{ typeUrl: pay.typeUrl, value: concatBytes(pay.value, Uint8Array.of(0x78, 1)) }]),
    ).toMatch(/^protocol\//)
    expect(checkBytes(new Uint8Array(TRANSACTION_BYTES_MAX + 1))).toBe('tx/21')
    expect(checkBytes(new Uint8Array(0))).toBe('tx/18')
    expect(checkBytes(utf8('hello world'))).toBe('tx/2')
    expect(bob.address).not.toBe(alice.address)
  })

  it('passes over non-critical extension options, as Cosmos chains do', () => {
    const { check } = setUp()
    expect(
      check({ body: { nonCriticalExtensionOptions: [{ typeUrl: '/x', value: new Uint8Array(0) }] } }),
    ).toBe('0')
  })

  it('whose TxRaw is encoded in another way than ADR-027 has it is refused', () => {
    const { alice, pay, checkBytes } = setUp()
    const tx = alice.sign([pay], { sequence: 0n })
    const { bodyBytes, authInfoBytes, signatures } = TxRaw.decode(tx)
    const field = (number: number, bytes: Uint8Array) => {
      const length = bytes.length < 128 ? [bytes.length] : [(bytes.length & 127) | 128, bytes.length >> 7]
      return concatBytes(Uint8Array.of(number * 8 + 2, ...length), bytes)
    }
    const [body, auth, signature] = [field(1, bodyBytes), field(2, authInfoBytes), field(3, signatures[0]!)]
    expect(checkBytes(concatBytes(body, auth, signature))).toBe('0')
    expect(checkBytes(concatBytes(auth, body, signature))).toBe('tx/2')
    expect(checkBytes(concatBytes(body, auth, signature, Uint8Array.of(0x22, 0)))).toBe('tx/2')
    expect(checkBytes(concatBytes(body, body, auth, signature))).toBe('tx/2')
    expect(checkBytes(tx.subarray(0, tx.length - 1))).toBe('tx/2')
  })

  it('signed in another mode or by several is refused', () => {
    const { alice, bob, pay, check, checkBytes } = setUp()
    expect(check({ mode: SignMode.SIGN_MODE_LEGACY_AMINO_JSON })).toBe('tx/4')
    expect(check({ mode: SignMode.SIGN_MODE_TEXTUAL })).toBe('tx/100')
    expect(check({ mode: SignMode.SIGN_MODE_UNSPECIFIED })).toBe('tx/100')
    expect(check({ authInfo: { signerInfos: [] } })).toBe('tx/15')
    expect(check({ authInfo: { signerInfos: [NO_INFO, NO_INFO] } })).toBe('tx/15')
    expect(check({ authInfo: { signerInfos: [NO_INFO] } })).toBe('tx/100')
    expect(check({}, [pay, send(bob.address, alice.address, '1')])).toBe('tx/15')
    const { bodyBytes, authInfoBytes, signatures } = TxRaw.decode(alice.sign([pay], { sequence: 0n }))
    const resigned = (list: Uint8Array[]) =>
      checkBytes(TxRaw.encode({ bodyBytes, authInfoBytes, signatures: list }).finish())
    expect(resigned([])).toBe('tx/15')
    expect(resigned([signatures[0]!, signatures[0]!])).toBe('tx/15')
    expect(resigned([signatures[0]!.slice(1)])).toBe('tx/15')
    expect(resigned([new Uint8Array(64)])).toBe('tx/4')
  })

  it('with a fee of another kind is refused', () => {
    const { bob } = setUp()
    const fee = (changes: Partial<Fee>) => {
      const { alice, check } = setUp()
      const info = AuthInfo.decode(alice.parts([], 0n).authInfoBytes)
      return check({ authInfo: { signerInfos: info.signerInfos, fee: { ...info.fee!, ...changes } } })
    }
    const coin = { denom: 'ucway', amount: '5000' }
    expect(fee({})).toBe('0')
    expect(fee({ granter: bob.address })).toBe('tx/100')
    expect(fee({ payer: bob.address })).toBe('tx/100')
    expect(fee({ payer: new Wallet('alice').address })).toBe('0')
    expect(fee({ amount: [coin, { denom: 'usdz', amount: '1' }] })).toBe('tx/103')
    for (const amount of ['', '-5000', '5e3', '05000', '0x1388', '9'.repeat(79), ' 5000']) {
      expect(fee({ amount: [{ denom: 'ucway', amount }] })).toBe('tx/103')
    }
    expect(fee({ gasLimit: 0n })).toBe('tx/101')
    // Authentication alone takes more: such a transaction would fill a block and pay nothing.
    expect(fee({ gasLimit: 1n })).toBe('tx/101')
    expect(fee({ gasLimit: 6_000n })).toBe('tx/101')
    expect(fee({ gasLimit: BigInt(TRANSACTION_GAS_MAX) + 1n })).toBe('tx/101')
    expect(fee({ gasLimit: (1n << 64n) - 1n })).toBe('tx/101')
    expect(fee({ amount: [] })).toBe('tx/13')
    expect(fee({ amount: [{ denom: 'ucway', amount: '4999' }] })).toBe('tx/13')
    expect(fee({ amount: [{ denom: 'other', amount: '5000' }] })).toBe('tx/13')
    expect(setUp().check({ authInfo: { tip: { amount: [], tipper: bob.address } } })).toBe('tx/100')
  })

  it('that its sender cannot pay is refused, and costs nothing', () => {
    const { check } = setUp()
    expect(check({ fee: [{ denom: 'ucway', amount: '1000000001' }] })).toBe('tx/5')
    expect(check()).toBe('0')
  })

  it('with a key that is not the signer’s is refused', () => {
    const { alice, bob, check } = setUp()
    const info = (wallet: Wallet) => AuthInfo.decode(wallet.parts([], 0n).authInfoBytes)
    expect(check({ authInfo: info(bob) })).toBe('tx/8')
    const key = (typeUrl: string, value: Uint8Array) => {
      const [signer] = info(alice).signerInfos
      return check({
        authInfo: { ...info(alice), signerInfos: [{ ...signer!, publicKey: { typeUrl, value } }] },
      })
    }
    const secp = '/cosmos.crypto.secp256k1.PubKey'
    expect(key('/cosmos.crypto.ed25519.PubKey', new Uint8Array(0))).toBe('tx/8')
    expect(key(secp, new Uint8Array(0))).toBe('tx/8')
    expect(key(secp, concatBytes(Uint8Array.of(0x0a, 33, 4), new Uint8Array(32)))).toBe('tx/8')
    expect(key(secp, concatBytes(Uint8Array.of(0x0a, 32), alice.publicKey.slice(1)))).toBe('tx/8')
    expect(check({ withoutKey: true })).toBe('tx/8')
  })

  it('needs no key once the account has shown it', () => {
    const { alice, driver, pay } = setUp()
    driver.submit(alice.sign([pay]))
    driver.block()
    expect(codeOf(driver.submit(alice.sign([pay], { withoutKey: true })))).toBe('0')
    expect(driver.block().txResults.map(codeOf)).toEqual(['0', '0'])
  })

  it('is bound to chain, account and sequence', () => {
    const { check } = setUp()
    expect(check({ chainId: 'causeway-2' })).toBe('tx/4')
    expect(check({ accountNumber: 2n })).toBe('tx/4')
    expect(check({ sequence: 1n })).toBe('tx/32')
  })

  it('of an account that does not exist is refused', () => {
    const { alice, checkBytes } = setUp()
    const carol = new Wallet('carol')
    expect(checkBytes(carol.sign([send(carol.address, alice.address, '1')]))).toBe('tx/9')
  })

  it('is admitted once, and each sequence once', () => {
    const { alice, driver, pay, checkBytes } = setUp()
    const tx = alice.sign([pay])
    expect(checkBytes(tx)).toBe('0')
    expect(checkBytes(tx)).toBe('tx/32')
    expect(checkBytes(alice.sign([pay]))).toBe('0')
    driver.block()
    expect(checkBytes(tx)).toBe('0')
  })

  it('with a malleated signature is refused', () => {
    const { alice, pay, checkBytes } = setUp()
    const { bodyBytes, authInfoBytes, signatures } = TxRaw.decode(alice.sign([pay], { sequence: 0n }))
    const s = BigInt(`0x${toHex(signatures[0]!.subarray(32))}`)
    const high = Buffer.from((ORDER - s).toString(16).padStart(64, '0'), 'hex')
    const malleated = concatBytes(signatures[0]!.subarray(0, 32), high)
    expect(checkBytes(TxRaw.encode({ bodyBytes, authInfoBytes, signatures: [malleated] }).finish())).toBe(
      'tx/4',
    )
  })

  it('may end at a height', () => {
    const { check, driver } = setUp()
    expect(check({ body: { timeoutHeight: 1n } })).toBe('tx/30')
    expect(check({ body: { timeoutHeight: 2n } })).toBe('0')
    driver.block()
    expect(check({ body: { timeoutHeight: 2n } })).toBe('tx/30')
  })
})

describe('delivery', () => {
  it('takes the fee and the sequence also when the messages fail', () => {
    const { alice, bob, driver } = setUp()
    const tooMuch = send(alice.address, bob.address, '2000000000')
    expect(codeOf(driver.submit(alice.sign([send(alice.address, bob.address, '5'), tooMuch])))).toBe('0')
    const [, result] = driver.block().txResults
    expect(codeOf(result)).toBe('ledger/5')
    expect(result!.events.map(({ type }) => type)).not.toContain('message')
    expect(result!.data).toEqual(new Uint8Array(0))
    driver.submit(alice.sign([send(alice.address, bob.address, '999990001')]))
    expect(driver.block().txResults.map(codeOf)).toEqual(['0', 'ledger/5'])
    driver.submit(alice.sign([send(alice.address, bob.address, '999985000')]))
    expect(driver.block().txResults.map(codeOf)).toEqual(['0', '0'])
  })

  it('stops at the gas limit, and takes the fee', () => {
    const { alice, bob, driver } = setUp()
    const pay = send(alice.address, bob.address, '1')
    driver.submit(alice.sign([pay], { gasLimit: 9_000n }))
    const [, result] = driver.block().txResults
    expect(codeOf(result)).toBe('tx/11')
    expect(result).toMatchObject({ gasWanted: 9_000n, gasUsed: 9_000n })
    expect(codeOf(driver.submit(alice.sign([pay])))).toBe('0')
  })

  it('pays for a place in a block, however little gas it asks for', () => {
    const { alice, bob, driver } = setUp()
    const pay = send(alice.address, bob.address, '1')
    const parts = { fee: [{ denom: 'ucway', amount: '5000' }], sequence: 0n }
    const { length } = alice.sign([pay], { ...parts, gasLimit: 10_000n })
    const least = BigInt(
      authenticationGas({ bytes: new Uint8Array(length), isTrade: false, signed: { kind: 'direct' } }),
    )
    const free = alice.sign([pay], { ...parts, gasLimit: least - 1n })
    const paid = alice.sign([pay], { ...parts, gasLimit: least })
    expect([free.length, paid.length]).toEqual([length, length])
    expect(codeOf(driver.submit(free))).toBe('tx/101')
    // A decided block, whoever proposed it: the first is no transaction, the second fails and has paid.
    const results = driver.execute(driver.proposal([free, paid])).txResults
    expect(results.map(codeOf)).toEqual(['0', 'tx/101', 'tx/11'])
    expect(results[2]!.events.map(({ type }) => type)).toContain('coin_spent')
  })

  it('answers undecodable bytes of a block with a code', () => {
    const { driver } = setUp()
    const { height, lastCommit } = driver
    const request = driver.proposal([utf8('garbage'), new Uint8Array(0)])
    const results = driver.execute(request).txResults
    expect(results.map(codeOf)).toEqual(['0', 'tx/2', 'tx/18'])
    expect(results[1]).toMatchObject({ gasWanted: 0n, gasUsed: 0n })
    expect([height, lastCommit.votes.length]).toEqual([1n, 4])
  })

  it('gives typed responses, one a message', () => {
    const { alice, bob, driver } = setUp()
    const pay = send(alice.address, bob.address, '1')
    driver.submit(alice.sign([pay, pay]))
    const [, result] = driver.block().txResults
    const indexes = result!.events
      .filter(({ type, attributes }) => type === 'message' && attributes[0]?.key === 'action')
      .map(({ attributes }) => attributes.find(({ key }) => key === 'msg_index')?.value)
    expect(indexes).toEqual(['0', '1'])
    expect(toHex(result!.data)).toContain(toHex(utf8('/cosmos.bank.v1beta1.MsgSendResponse')))
  })
})

describe('any bytes', () => {
  it('are answered with a code, never with an exception', () => {
    const { hub } = setUp()
    const answer = (tx: Uint8Array) => typeof hub.checkTx({ tx, type: 0 }).code === 'number'
    fc.assert(fc.property(fc.uint8Array({ maxLength: 400 }), answer), { numRuns: 500 })
  })

  it('made of a good transaction by changing it are never accepted as another', () => {
    const { alice, bob, hub } = setUp()
    const tx = alice.sign([send(alice.address, bob.address, '1')], { sequence: 0n })
    const changes = fc.array(fc.tuple(fc.nat(tx.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 })
    fc.assert(
      fc.property(changes, (list) => {
        const changed = tx.slice()
        for (const [at, byte] of list) changed[at] = byte
        const { code } = hub.checkTx({ tx: changed, type: 0 })
        return code !== 0 || toHex(changed) === toHex(tx)
      }),
      { numRuns: 500 },
    )
  })

  it('inside messages are answered with a code in delivery', () => {
    const { alice, driver } = setUp()
    const types = [
      '/cosmos.bank.v1beta1.MsgSend',
      '/ibc.core.client.v1.MsgCreateClient',
      '/ibc.core.channel.v2.MsgRecvPacket',
    ]
    fc.assert(
      fc.property(fc.constantFrom(...types), fc.uint8Array({ maxLength: 200 }), (typeUrl, value) => {
        const request = driver.proposal([alice.sign([{ typeUrl, value }], { sequence: 0n })])
        return driver.execute(request, false).txResults.every(({ code }) => typeof code === 'number')
      }),
      { numRuns: 60 },
    )
    const client = MsgCreateClient.encode({
      clientState: undefined,
      consensusState: undefined,
      signer: alice.address,
    }).finish()
    const tx = alice.sign([{ typeUrl: '/ibc.core.client.v1.MsgCreateClient', value: client }], {
      sequence: 0n,
    })
    expect(driver.execute(driver.proposal([tx])).txResults.map(codeOf)).toEqual(['0', 'ibc/5'])
  })
})

describe('a storage of another chain', () => {
  it('is refused', () => {
    const { driver, storage } = testHub([new Wallet('alice')])
    driver.block()
    expect(() => testHub([], { storage, chainId: 'causeway-2' })).toThrow('causeway-1')
    expect(() => testHub([], { storage: createMemoryStorage(), chainId: 'causeway-2' })).toThrow('causeway-1')
  })

  it('takes amounts as MsgSend has them', () => {
    const { alice, bob, check } = setUp()
    const amount = (text: string, denom = 'ucway') =>
      check({}, [send(alice.address, bob.address, text, denom)])
    for (const text of ['0', '-1', '', '1.5', '01', '1e3', '9'.repeat(79), (1n << 256n).toString()]) {
      expect(amount(text)).toBe('ledger/1')
    }
    expect(amount(((1n << 256n) - 1n).toString())).toBe('0')
    const coins = (list: { denom: string; amount: string }[]) => {
      const value = MsgSend.encode({
        fromAddress: alice.address,
        toAddress: bob.address,
        amount: list,
      }).finish()
      return check({}, [{ typeUrl: '/cosmos.bank.v1beta1.MsgSend', value }])
    }
    const coin = { denom: 'ucway', amount: '1' }
    expect(coins([])).toBe('ledger/7')
    expect(coins([coin, coin])).toBe('ledger/9')
    expect(coins(Array.from({ length: 17 }, (_, i) => ({ denom: `d${i}`, amount: '1' })))).toBe('ledger/8')
  })
})
