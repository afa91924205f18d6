import { describe, expect, it } from 'vitest'
import type { Account } from '@causeway/protocol/causeway/accounts/v1/accounts'
import { GAS } from '../block/gas.ts'
import { createAddressCodec } from '../identifiers.ts'
import { eventsOf, memoryContext } from '../testing/memory-context.fixture.ts'
import { refusal } from '../testing/refusal.fixture.ts'
import { authenticate, authenticationGas } from './authenticate.ts'
import type { AuthenticationPorts } from './authenticate.ts'
import type { FeeCoin, Transaction } from './transaction.ts'

const addresses = createAddressCodec('cway')
const KEY = { type: 0, bytes: new Uint8Array(33).fill(2) } as const
const SIGNER = new Uint8Array(20).fill(7)

function transaction(changes: Partial<Transaction> = {}): Transaction {
  return {
    bytes: new Uint8Array(300),
    text: '',
    bodyBytes: new Uint8Array(0),
    authInfoBytes: new Uint8Array(0),
    actions: [],
    lane: 4,
    signer: SIGNER,
    isTrade: false,
    tokens: 0,
    key: KEY,
    signed: { kind: 'direct' },
    sequence: 4n,
    signature: new Uint8Array(64),
    gasLimit: 100_000,
    fee: { denom: 'ucway', amount: 2_500n },
    timeoutHeight: 0n,
    ...changes,
  }
}

interface World {
  account?: Account | undefined
  prices?: { denom: string; priceE9: bigint }[]
  spendable?: bigint
  isValid?: boolean
  isSimulation?: boolean
}

function judge(tx: Transaction, world: World = {}) {
  const account =
    'account' in world
      ? world.account
      : { number: 9n, sequence: 4n, publicKey: new Uint8Array(0), keyType: 0 as const }
  const done: string[] = []
  const seen: { facts?: unknown } = {}
  const ports: AuthenticationPorts = {
    addresses,
    findAccount: () => account,
    advance: (_context, _id, _account, key) => void done.push(`advance ${key?.bytes.length}`),
    addressOfKey: (key) => (key.bytes[0] === 2 ? SIGNER : new Uint8Array(20)),
    owner: (_context, address) => address,
    findSession: () => undefined,
    takeNonce: () => undefined,
    takeTokens: () => true,
    gasPrices: () => world.prices ?? [{ denom: 'ucway', priceE9: 25_000_000n }],
    spendable: () => world.spendable ?? 1_000_000n,
    payFee: (_context, holder, fee: FeeCoin) => void done.push(`pay ${fee.amount} from ${holder.subaccount}`),
  }
  const context = memoryContext(['a'], { height: 50n })
  const code = refusal(() =>
    authenticate(context, ports, tx, {
      isValid: (_tx, facts) => {
        seen.facts = facts
        return world.isValid ?? true
      },
      ...(world.isSimulation === undefined ? {} : { isSimulation: world.isSimulation }),
    }),
  )
  return { code, done, context, ...seen }
}

describe('authentication', () => {
  it('takes the fee from subaccount 0, counts the sequence, remembers the key, and tells', () => {
    const { code, done, context, facts } = judge(transaction())
    expect([code, done]).toEqual(['nothing', ['pay 2500 from 0', 'advance 33']])
    expect(facts).toEqual({ key: KEY, chainId: 'causeway-1', accountNumber: 9n })
    const address = addresses.encode(SIGNER)
    expect(eventsOf(context, 'tx')[0]).toEqual({ fee: '2500ucway', fee_payer: address })
    expect(eventsOf(context, 'tx')[1]).toEqual({ acc_seq: `${address}/4` })
  })

  it('needs an account', () => {
    expect(judge(transaction(), { account: undefined }).code).toBe('tx/9')
  })

  it('needs the next sequence: neither an old one nor one to come', () => {
    for (const sequence of [0n, 3n, 5n, (1n << 64n) - 1n])
      expect(judge(transaction({ sequence })).code).toBe('tx/32')
  })

  it('ends with its height', () => {
    expect(judge(transaction({ timeoutHeight: 49n })).code).toBe('tx/30')
    expect(judge(transaction({ timeoutHeight: 50n })).code).toBe('nothing')
  })

  it('asks for the least price, rounded up', () => {
    const fee = (amount: bigint, gasLimit: number) =>
      judge(transaction({ fee: { denom: 'ucway', amount }, gasLimit })).code
    expect(fee(2_500n, 100_000)).toBe('nothing')
    expect(fee(2_499n, 100_000)).toBe('tx/13')
    expect(fee(2_500n, 100_001)).toBe('tx/13')
    expect(fee(1n, 1)).toBe('nothing')
  })

  it('takes any of the denominations that genesis prices, and no other', () => {
    const prices = [
      { denom: 'ucway', priceE9: 25_000_000n },
      { denom: 'usd', priceE9: 1_000_000n },
    ]
    const pay = (denom: string, amount: bigint) =>
      judge(transaction({ fee: { denom, amount } }), { prices }).code
    expect(pay('usd', 100n)).toBe('nothing')
    expect(pay('usd', 99n)).toBe('tx/13')
    expect(pay('uatom', 1_000_000n)).toBe('tx/13')
    expect(judge(transaction({ fee: undefined }), { prices }).code).toBe('tx/13')
  })

  it('takes what is offered where gas is free', () => {
    expect(judge(transaction({ fee: undefined }), { prices: [] }).done).toEqual(['advance 33'])
    expect(judge(transaction(), { prices: [] }).done).toEqual(['pay 2500 from 0', 'advance 33'])
    expect(judge(transaction({ fee: undefined }), { prices: [{ denom: 'ucway', priceE9: 0n }] }).code).toBe(
      'nothing',
    )
  })

  it('refuses who cannot pay', () => {
    expect(judge(transaction(), { spendable: 2_499n }).code).toBe('tx/5')
    expect(judge(transaction(), { spendable: 2_499n, prices: [] }).code).toBe('tx/5')
    expect(judge(transaction(), { spendable: 2_500n }).code).toBe('nothing')
  })

  it('takes the signer’s key only', () => {
    const other = { type: 0, bytes: new Uint8Array(33).fill(3) } as const
    expect(judge(transaction({ key: other })).code).toBe('tx/8')
    expect(judge(transaction({ key: undefined })).code).toBe('tx/8')
    const account = { number: 9n, sequence: 4n, publicKey: KEY.bytes, keyType: 0 as const }
    expect(judge(transaction({ key: undefined }), { account }).code).toBe('nothing')
    expect(judge(transaction({ key: { ...KEY, bytes: KEY.bytes.slice() } }), { account }).code).toBe(
      'nothing',
    )
    expect(judge(transaction({ key: other }), { account }).code).toBe('tx/8')
  })

  it('checks the signature last, and counts nothing without it', () => {
    const { code, done } = judge(transaction(), { isValid: false })
    expect([code, done]).toEqual(['tx/4', ['pay 2500 from 0']])
    expect(judge(transaction({ sequence: 5n }), { isValid: false }).code).toBe('tx/32')
    expect(judge(transaction({ fee: undefined }), { isValid: false }).code).toBe('tx/13')
  })

  it('lets a simulation go without fee and key', () => {
    const free = transaction({ fee: undefined, key: undefined })
    expect(judge(free, { isSimulation: true }).code).toBe('nothing')
    expect(judge(transaction({ sequence: 5n }), { isSimulation: true }).code).toBe('tx/32')
    expect(
      judge(transaction({ key: { type: 0, bytes: new Uint8Array(33).fill(3) } }), { isSimulation: true })
        .code,
    ).toBe('tx/8')
  })

  it('costs the same whatever it does', () => {
    expect(authenticationGas(transaction())).toBe(GAS.transaction + 300 * GAS.transactionByte + GAS.signature)
  })
})
