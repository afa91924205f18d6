// A query runs on the thread that makes blocks, for anybody and unpaid: it is bounded, and what breaks in it
// breaks nothing else.
import { AssertionError, U64_MAX, be64, utf8 } from '@causeway/primitives'
import {
  MsgDeleteClientCreator,
  MsgDeleteClientCreatorResponse,
} from '@causeway/protocol/ibc/core/client/v1/tx'
import { QueryAssetsRequest } from '@causeway/protocol/causeway/ledger/v1/query'
import { QueryPortfolioRequest, QueryPortfolioResponse } from '@causeway/protocol/causeway/risk/v1/query'
import { SimulateRequest, SimulateResponse } from '@causeway/protocol/cosmos/tx/v1beta1/service'
import { createMemoryStorage } from '@causeway/state-tree'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { containFailures } from '../abci/contain-failures.ts'
import { hubComposition } from '../app.ts'
import { CosmosApplication } from '../application.ts'
import { defineMessage } from '../block/module.ts'
import type { Module } from '../block/module.ts'
import type { Context, ReadContext } from '../block/context.ts'
import { applicationOptions } from '../node-options.ts'
import { Driver } from '../testing/driver.fixture.ts'
import { hubGenesis, hubOptions } from '../testing/hub.fixture.ts'
import { codeOf } from '../testing/refusal.fixture.ts'
import { testValidators } from '../testing/validators.fixture.ts'
import { Wallet } from '../testing/wallet.fixture.ts'

const NONE = new Uint8Array(0)
const SIMULATE = '/cosmos.tx.v1beta1.Service/Simulate'
const alice = new Wallet('alice')

interface Behaviour {
  message: (context: Context) => void
  query: (context: ReadContext) => Uint8Array
}

/** A hub with one module more, whose message and query do what the test says. */
function setUp(behaviour: Partial<Behaviour> = {}, genesis = hubGenesis([alice])) {
  Object.assign(alice, { accountNumber: 1n, sequence: 0n })
  const module: Module = {
    name: 'probe',
    storeName: 'probe',
    messages: [
      defineMessage({
        typeName: 'ibc.core.client.v1.MsgDeleteClientCreator',
        codec: MsgDeleteClientCreator,
        responseCodec: MsgDeleteClientCreatorResponse,
        lane: 4,
        signer: () => alice.id,
        handle(context) {
          behaviour.message?.(context)
          return {}
        },
      }),
    ],
    queries: [{ path: '/probe', answer: (context) => behaviour.query?.(context) ?? NONE }],
    initGenesis(context) {
      for (let i = 0n; i < 300n; i++) context.store('probe').set(be64(i), new Uint8Array(50_000).fill(1))
    },
  }
  const options = applicationOptions(hubOptions(createMemoryStorage()))
  const hub = hubComposition({ ...options, priceSource: () => [] })
  const inner = new CosmosApplication({ ...hub, modules: [...hub.modules, module] }, options)
  const failures: Error[] = []
  const application = containFailures(inner, (failure) => void failures.push(failure))
  const driver = new Driver(application, testValidators([10n]))
  driver.initChain(genesis)
  driver.block()
  const value = MsgDeleteClientCreator.encode({ clientId: '', signer: alice.address }).finish()
  const probing = { typeUrl: '/ibc.core.client.v1.MsgDeleteClientCreator', value }
  const simulate = (txBytes: Uint8Array) =>
    driver.query(SIMULATE, SimulateRequest.encode({ tx: undefined, txBytes }).finish())
  return { driver, inner, failures, probing, simulate }
}

describe('a query', () => {
  it('that breaks is answered with a code and an id; the chain goes on', () => {
    for (const broken of [new AssertionError('no'), new RangeError('too long'), 'a text', undefined]) {
      const { driver, failures } = setUp({
        query: () => {
          throw broken
        },
      })
      const answer = driver.query('/probe', NONE)
      expect(codeOf(answer)).toBe('abci/11')
      expect(answer.log).toMatch(/^internal error [0-9a-f]{8}$/)
      expect(failures).toMatchObject([{ cause: broken }])
      expect(driver.block().txResults.map(codeOf)).toEqual(['0'])
    }
  })

  it('that never ends its recursion is answered as well', () => {
    const deep = (context: ReadContext): Uint8Array => (context.height >= 0n ? deep(context) : NONE)
    const { driver, failures } = setUp({ query: (context) => Uint8Array.of(deep(context).length + 1) })
    expect(codeOf(driver.query('/probe', NONE))).toBe('abci/11')
    expect(failures).toMatchObject([{ cause: { name: 'RangeError' } }])
  })

  it('may not read the whole state: it ends at a bound', () => {
    let steps = 0
    const { driver, failures } = setUp({
      query(context) {
        for (const _ of context.store('probe').iterate()) steps++
        return NONE
      },
    })
    expect(codeOf(driver.query('/probe', NONE))).toBe('query/11')
    expect(steps).toBeLessThan(200)
    expect(failures).toEqual([])
  })

  it('has a bound for single reads, at old heights and before the first block, too', () => {
    const { driver, inner } = setUp({
      query(context) {
        for (;;) context.store('probe').get(be64(1n))
      },
    })
    expect(codeOf(driver.query('/probe', NONE))).toBe('query/11')
    driver.block()
    expect(codeOf(driver.query('/probe', NONE, { height: 1n }))).toBe('query/11')
    expect(inner.info().lastBlockHeight).toBe(2n)
  })

  it('of any bytes is answered, on every path, and leaves the state as it was', () => {
    const { driver, inner } = setUp()
    const before = inner.chain.stores.appHash()
    const numbers = fc.constantFrom(0n, 1n, U64_MAX - 1n, U64_MAX)
    for (const path of inner.chain.queries.keys()) {
      fc.assert(
        fc.property(fc.uint8Array({ maxLength: 80 }), fc.bigInt(-2n, 3n), (data, height) => {
          return typeof driver.query(path, data, { height }).code === 'number'
        }),
        { numRuns: 25 },
      )
    }
    fc.assert(
      fc.property(numbers, fc.nat(2 ** 32 - 1), (afterId, limit) => {
        const data = QueryAssetsRequest.encode({ afterId, limit }).finish()
        return typeof driver.query('/causeway.ledger.v1.Query/Assets', data).code === 'number'
      }),
    )
    const keys = fc.uint8Array({ maxLength: 600 })
    fc.assert(
      fc.property(keys, fc.boolean(), (key, prove) => {
        return typeof driver.query('store/probe/key', key, { prove }).code === 'number'
      }),
    )
    expect(typeof driver.query('store/probe/key', new Uint8Array(500_000), { prove: true }).code).toBe(
      'number',
    )
    expect(codeOf(driver.query('store/probe/key', new Uint8Array(512 * 1024 + 1)))).toBe('query/18')
    expect(inner.chain.stores.appHash()).toEqual(before)
    expect(driver.block().txResults.map(codeOf)).toEqual(['0'])
  })

  it('of an account full of dust shows a bounded portfolio', () => {
    const count = 3_000
    const genesis = hubGenesis([alice]) as { ledger: { assets: object[]; balances: object[] } }
    for (let i = 0; i < count; i++) {
      genesis.ledger.assets.push({ denom: `dust${i}`, decimals: 0, native: true })
      genesis.ledger.balances.push({ holder: alice.address, denom: `dust${i}`, amount: '1' })
    }
    const { driver } = setUp({}, genesis as never)
    const data = QueryPortfolioRequest.encode({ account: alice.address, explain: false }).finish()
    const answer = driver.query('/causeway.risk.v1.Query/Portfolio', data)
    expect(codeOf(answer)).toBe('0')
    expect(QueryPortfolioResponse.decode(answer.value).collateral).toHaveLength(1_000)
  })
})

describe('a simulation', () => {
  it('has a gas ceiling of its own, below that of a transaction', () => {
    const { driver, probing, simulate } = setUp({ message: (context) => context.gas.consume(6_000_000) })
    expect(codeOf(simulate(alice.sign([probing], { sequence: 0n })))).toBe('tx/11')
    const fee = [{ denom: 'ucway', amount: '625000' }]
    driver.submit(alice.sign([probing], { gasLimit: 25_000_000n, fee }))
    expect(driver.block().txResults.map(codeOf)).toEqual(['0', '0'])
  })

  it('is not helped by the gas limit that it names', () => {
    const { probing, simulate } = setUp({ message: (context) => context.gas.consume(6_000_000) })
    const terms = { sequence: 0n, gasLimit: 25_000_000n, fee: [{ denom: 'ucway', amount: '625000' }] }
    expect(codeOf(simulate(alice.sign([probing], terms)))).toBe('tx/11')
    const { probing: light, simulate: again } = setUp({
      message: (context) => context.gas.consume(4_000_000),
    })
    const { gasInfo } = SimulateResponse.decode(again(alice.sign([light], { sequence: 0n })).value)
    expect(gasInfo!.gasUsed > 4_000_000n).toBe(true)
  })

  it('of too many bytes is refused before they are decoded', () => {
    const { simulate, inner } = setUp()
    expect(codeOf(simulate(new Uint8Array(256 * 1024 + 1)))).toBe('tx/21')
    expect(codeOf(simulate(new Uint8Array(256 * 1024)))).toBe('tx/2')
    expect(inner.chain.transactions.held.entries).toBe(0)
  })

  it('that breaks is answered; a block with the same transaction halts the node', () => {
    const { driver, probing, simulate, failures } = setUp({
      message() {
        throw new AssertionError('an invariant is broken')
      },
    })
    const tx = alice.sign([probing], { sequence: 0n })
    expect(codeOf(simulate(tx))).toBe('abci/11')
    expect(failures).toMatchObject([{ cause: { message: 'an invariant is broken' } }])
    expect(codeOf(driver.submit(tx))).toBe('0')
    expect(() => driver.block()).toThrow('an invariant is broken')
  })

  it('leaves nothing behind, whether it holds good or not', () => {
    const written = Uint8Array.of(9)
    const { driver, probing, simulate, inner } = setUp({
      message: (context) => context.store('probe').set(utf8('simulated'), written),
    })
    const tx = alice.sign([probing], { sequence: 0n })
    for (let i = 0; i < 3; i++) expect(codeOf(simulate(tx))).toBe('0')
    expect(inner.chain.check.store('probe').get(utf8('simulated'))).toBeUndefined()
    expect(inner.chain.check.changes().size).toBe(0)
    expect(codeOf(driver.submit(tx))).toBe('0')
    driver.block()
    expect(driver.query('store/probe/key', utf8('simulated')).value).toEqual(written)
  })
})
