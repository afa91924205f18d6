import { describe, expect, it } from 'vitest'
import { fromHex, toHex } from '@causeway/primitives'
import {
  QueryAccountRequest,
  QueryAccountResponse,
  QueryParamsResponse,
} from '@causeway/protocol/cosmos/auth/v1beta1/query'
import { BaseAccount } from '@causeway/protocol/cosmos/auth/v1beta1/auth'
import { createAddressCodec } from '../../identifiers.ts'
import { eventsOf, memoryContext } from '../../testing/memory-context.fixture.ts'
import { refusal } from '../../testing/refusal.fixture.ts'
import { Wallet } from '../../testing/wallet.fixture.ts'
import { addressOfKey, createAccounts } from './accounts.ts'
import { accountsModule } from './module.ts'
import { verifyNatively } from '../../workers/native-signatures.ts'
import { ACCOUNTS_STORE, writeAccount } from './state.ts'

const addresses = createAddressCodec('cway')
const alice = new Wallet('alice')
const bob = new Wallet('bob')
const keyOf = (wallet: Wallet) => ({ type: 0, bytes: wallet.publicKey }) as const

function setUp(state: unknown = { gasPrices: [{ denom: 'ucway', priceE9: '25' }] }) {
  const context = memoryContext([ACCOUNTS_STORE])
  const module = accountsModule(addresses, {
    verifySignatures: verifyNatively,
    whatIsInUse: () => undefined,
    moveAll: () => undefined,
  })
  module.initGenesis!(context, state)
  const query = (path: string, data = new Uint8Array(0)) =>
    module.queries.find((method) => method.path === path)!.answer(context, data)
  return { context, module, accounts: createAccounts(addresses), query }
}

describe('accounts', () => {
  it('are created once, numbered in order from 1, and told', () => {
    const { context, accounts } = setUp()
    for (const id of [alice.id, bob.id, alice.id]) accounts.ensure(context, id)
    expect(accounts.find(context, alice.id)).toMatchObject({ number: 1n, sequence: 0n })
    expect(accounts.find(context, bob.id)).toMatchObject({ number: 2n })
    expect(accounts.find(context, new Uint8Array(20))).toBeUndefined()
    expect(eventsOf(context, 'causeway.accounts.v1.created')).toEqual([
      { account: alice.address },
      { account: bob.address },
    ])
  })

  it('count what they paid for and remember their key', () => {
    const { context, accounts } = setUp()
    accounts.ensure(context, alice.id)
    accounts.advance(context, alice.id, accounts.find(context, alice.id)!, keyOf(alice))
    const publicKey = alice.publicKey
    expect(accounts.find(context, alice.id)).toEqual({ number: 1n, sequence: 1n, publicKey, keyType: 0 })
  })

  it('have the address that Cosmos chains give a key', () => {
    // The generator point: the key of secret 1, whose hash160 is well known.
    const key = fromHex('0279be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798')
    expect(toHex(addressOfKey({ type: 0, bytes: key })!)).toBe('751e76e8199196d454941c45d1b3a323f1433bd6')
  })

  it('tell the least gas prices, also after they changed', () => {
    const { context, accounts } = setUp()
    expect(accounts.gasPrices(context)).toEqual([{ denom: 'ucway', priceE9: 25n }])
    expect(createAccounts(addresses).gasPrices(setUp({ gasPrices: [] }).context)).toEqual([])
    expect(accounts.gasPrices(context)).toEqual([{ denom: 'ucway', priceE9: 25n }])
  })
})

describe('auth queries', () => {
  it('answer a base account, with its key once it is known', () => {
    const { context, accounts, query } = setUp()
    accounts.ensure(context, alice.id)
    const ask = () => {
      const bytes = query(
        '/cosmos.auth.v1beta1.Query/Account',
        QueryAccountRequest.encode({ address: alice.address }).finish(),
      )
      const { account } = QueryAccountResponse.decode(bytes)
      expect(account!.typeUrl).toBe('/cosmos.auth.v1beta1.BaseAccount')
      return BaseAccount.decode(account!.value)
    }
    expect(ask()).toEqual({ address: alice.address, pubKey: undefined, accountNumber: 1n, sequence: 0n })
    accounts.advance(context, alice.id, accounts.find(context, alice.id)!, keyOf(alice))
    expect(ask()).toMatchObject({ sequence: 1n, pubKey: { typeUrl: '/cosmos.crypto.secp256k1.PubKey' } })
  })

  it('say that there is nothing, or what is wrong', () => {
    const { query } = setUp()
    const ask = (address: string) =>
      refusal(() =>
        query('/cosmos.auth.v1beta1.Query/Account', QueryAccountRequest.encode({ address }).finish()),
      )
    expect(ask(bob.address)).toBe('accounts/22')
    expect(ask('cway1')).toBe('identifiers/1')
    expect(ask(`${bob.address}/1`)).toBe('identifiers/1')
    expect(QueryParamsResponse.decode(query('/cosmos.auth.v1beta1.Query/Params')).params).toMatchObject({
      maxMemoCharacters: 256n,
    })
  })
})

describe('accounts genesis', () => {
  it('is exported with numbers in order', () => {
    const state = {
      gasPrices: [{ denom: 'ucway', priceE9: '25' }],
      accounts: [
        { address: bob.address, number: '1', sequence: '7', publicKey: toHex(bob.publicKey) },
        { address: alice.address, number: '4', sequence: '0', publicKey: '' },
      ],
      nextNumber: '9',
    }
    const { context, module } = setUp(state)
    expect(module.exportGenesis!(context)).toEqual(state)
    expect(module.invariants!(context)).toEqual([])
  })

  it('that is malformed is refused', () => {
    for (const state of [
      null,
      {},
      { gasPrices: [{ denom: 'u', priceE9: '1' }] },
      { gasPrices: [], accounts: [{ address: alice.address, publicKey: '05' }] },
      { gasPrices: [], accounts: [{ address: alice.address, number: '0' }] },
      {
        gasPrices: [],
        accounts: [{ address: alice.address }, { address: bob.address, number: '1' }],
      },
      { gasPrices: [], accounts: [{ address: alice.address }], nextNumber: '1' },
    ]) {
      expect(refusal(() => setUp(state))).toBe('genesis/2')
    }
    expect(refusal(() => setUp({ gasPrices: [], accounts: [{ address: 'x' }] }))).toBe('identifiers/1')
  })

  it('has an invariant: numbers are unique', () => {
    const { context, module, accounts } = setUp()
    accounts.ensure(context, alice.id)
    writeAccount(context.store(ACCOUNTS_STORE), bob.id, {
      number: 1n,
      sequence: 0n,
      publicKey: new Uint8Array(0),
      keyType: 0,
    })
    expect(module.invariants!(context)).toHaveLength(1)
  })
})
