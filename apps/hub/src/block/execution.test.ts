// How a block runs: order of modules, what fails alone and what stops the node, what one transaction leaves
// to the next.
import { AssertionError, utf8 } from '@causeway/primitives'
import { defineErrors } from '@causeway/primitives'
import {
  MsgDeleteClientCreator,
  MsgDeleteClientCreatorResponse,
} from '@causeway/protocol/ibc/core/client/v1/tx'
import { QueryBalanceRequest, QueryBalanceResponse } from '@causeway/protocol/cosmos/bank/v1beta1/query'
import { createMemoryStorage } from '@causeway/state-tree'
import { createTendermintClient } from '@causeway/light-clients'
import { describe, expect, it } from 'vitest'
import { hubComposition } from '../app.ts'
import { CosmosApplication } from '../application.ts'
import { applicationOptions } from '../node-options.ts'
import { Driver } from '../testing/driver.fixture.ts'
import { hubGenesis, hubOptions, testHub } from '../testing/hub.fixture.ts'
import { codeOf } from '../testing/refusal.fixture.ts'
import { testValidators, verifyExtensions } from '../testing/validators.fixture.ts'
import { Wallet, send } from '../testing/wallet.fixture.ts'
import type { Composition } from './composition.ts'
import type { Context } from './context.ts'
import { brokenInvariants } from './inspect.ts'
import { defineMessage } from './module.ts'
import type { Module } from './module.ts'
import { verifyNatively } from '../workers/native-signatures.ts'

const errors = defineErrors('probe', { refused: [1, () => 'refused on purpose'] })
const PROBE_KEY = utf8('probe')

/** A module whose message does what the test says, and that notes when it is called. */
function probe(run: (context: Context) => void = () => undefined) {
  const calls: string[] = []
  const module: Module = {
    name: 'probe',
    storeName: 'probe',
    messages: [
      defineMessage({
        // A message that the hub does not know otherwise.
        typeName: 'ibc.core.client.v1.MsgDeleteClientCreator',
        codec: MsgDeleteClientCreator,
        responseCodec: MsgDeleteClientCreatorResponse,
        lane: 4,
        signer: () => alice.id,
        handle(context) {
          calls.push('message')
          context.store('probe').set(PROBE_KEY, utf8(`${calls.length}`))
          context.emit('probed', {})
          run(context)
          return {}
        },
      }),
    ],
    queries: [],
    initGenesis: (context) => {
      calls.push('genesis')
      context.store('probe').set(PROBE_KEY, utf8('genesis'))
    },
    beginBlock: (context) => void calls.push(`begin ${context.height}`),
    endBlock: (context) => {
      calls.push(`end ${context.height}`)
      context.emit('ended', { height: context.height.toString() })
    },
    invariants: () => (calls.includes('broken') ? ['probe: broken on purpose'] : []),
  }
  return { module, calls }
}

const alice = new Wallet('alice')
const bob = new Wallet('bob')

const PARTS = { priceSource: () => [], keepVersions: 100n, verifySignatures: verifyNatively }

function setUp(run?: (context: Context) => void) {
  for (const [i, wallet] of [alice, bob].entries())
    Object.assign(wallet, { accountNumber: BigInt(i + 1), sequence: 0n })
  const { module, calls } = probe(run)
  const options = applicationOptions(hubOptions(createMemoryStorage()))
  const lightClients = [createTendermintClient({ verifySignatures: verifyExtensions })]
  const hub = hubComposition({ ...PARTS, lightClients })
  const composition: Composition = { ...hub, modules: [...hub.modules, module] }
  const application = new CosmosApplication(composition, options)
  const driver = new Driver(application, testValidators([10n]))
  driver.initChain(hubGenesis([alice, bob]))
  driver.block()
  const value = MsgDeleteClientCreator.encode({ clientId: '', signer: alice.address }).finish()
  const probing = { typeUrl: '/ibc.core.client.v1.MsgDeleteClientCreator', value }
  const stored = () => {
    const answer = driver.query('store/probe/key', PROBE_KEY)
    return new TextDecoder().decode(answer.value)
  }
  return { application, driver, calls, probing, stored }
}

function balance(driver: Driver, address: string): string {
  const data = QueryBalanceRequest.encode({ address, denom: 'ucway' }).finish()
  const { value } = driver.query('/cosmos.bank.v1beta1.Query/Balance', data)
  return QueryBalanceResponse.decode(value).balance!.amount
}

describe('a block', () => {
  it('begins modules, runs transactions, ends modules', () => {
    const { driver, calls, probing, stored } = setUp()
    expect(calls).toEqual(['genesis', 'begin 1', 'end 1'])
    expect(stored()).toBe('genesis')
    driver.submit(alice.sign([probing]))
    const { events } = driver.block()
    expect(calls.slice(3)).toEqual(['begin 2', 'message', 'end 2'])
    expect(events.map(({ type }) => type)).toEqual(['ended'])
    expect(stored()).toBe('5')
  })

  it('executed twice before commit leaves one block behind', () => {
    const { driver, application, probing, stored } = setUp()
    const request = driver.proposal([alice.sign([probing])])
    const first = application.finalizeBlock(request)
    const other = application.finalizeBlock(driver.proposal([]))
    expect(other.txResults).toHaveLength(1)
    const again = application.finalizeBlock(request)
    expect(again.txResults[1]!.code).toBe(first.txResults[1]!.code)
    application.commit()
    expect(application.info().lastBlockHeight).toBe(2n)
    expect(stored()).not.toBe('genesis')
  })

  it('that was not executed is not committed', () => {
    const { application } = setUp()
    expect(() => application.commit()).toThrow(AssertionError)
  })
})

describe('a message that is refused', () => {
  it('leaves nothing of the transaction but its fee', () => {
    const { driver, probing, stored } = setUp(() => {
      throw errors.refused()
    })
    const before = balance(driver, alice.address)
    driver.submit(alice.sign([send(alice.address, bob.address, '77'), probing]))
    const [, result] = driver.block().txResults
    expect([codeOf(result), result!.log]).toEqual(['probe/1', 'refused on purpose'])
    expect(result!.events.some(({ type }) => type === 'probed')).toBe(false)
    expect(stored()).toBe('genesis')
    expect(BigInt(before) - BigInt(balance(driver, alice.address))).toBe(5_000n)
  })

  it('does not touch what other transactions of the block do', () => {
    let count = 0
    const { driver, probing } = setUp(() => {
      count += 1
      if (count === 2) throw errors.refused()
    })
    for (let i = 0; i < 3; i++) driver.submit(alice.sign([probing]))
    expect(driver.block().txResults.map(codeOf)).toEqual(['0', '0', 'probe/1', '0'])
  })
})

describe('a bug', () => {
  it('in a message stops the node: nothing of the block is kept', () => {
    const { driver, application, probing, stored } = setUp(() => {
      throw new AssertionError('a bug')
    })
    const request = driver.proposal([alice.sign([probing])])
    expect(() => application.finalizeBlock(request)).toThrow(AssertionError)
    expect(() => application.commit()).toThrow(AssertionError)
    expect([application.info().lastBlockHeight, stored()]).toEqual([1n, 'genesis'])
  })

  it('of the language stops it just the same', () => {
    const { driver, application, probing } = setUp(() => {
      ;(undefined as unknown as { missing(): void }).missing()
    })
    expect(() => application.finalizeBlock(driver.proposal([alice.sign([probing])]))).toThrow(TypeError)
  })

  it('does not hide in a simulation', () => {
    const { application, probing } = setUp(() => {
      throw new AssertionError('a bug')
    })
    const tx = alice.sign([probing])
    const data = Uint8Array.of(0x12, (tx.length & 127) | 128, tx.length >> 7, ...tx)
    const ask = () =>
      application.query({ path: '/cosmos.tx.v1beta1.Service/Simulate', data, height: 0n, prove: false })
    expect(ask).toThrow(AssertionError)
  })
})

describe('transactions of one block', () => {
  it('see what those before them did', () => {
    const carol = new Wallet('carol')
    const { driver } = testHub([alice])
    alice.sequence = 0n
    driver.block()
    // Alice funds Carol, whose account exists from there on: number 3, after Alice and the fee collector.
    carol.accountNumber = 3n
    const funding = alice.sign([send(alice.address, carol.address, '100000')])
    const spending = carol.sign([send(carol.address, alice.address, '1')])
    const results = driver.execute(driver.proposal([funding, spending])).txResults
    expect(results.map(codeOf)).toEqual(['0', '0', '0'])
    expect(balance(driver, carol.address)).toBe('94999')
  })

  it('of an account that comes later in the block are refused', () => {
    const carol = new Wallet('carol')
    const { driver } = testHub([alice])
    alice.sequence = 0n
    driver.block()
    const spending = carol.sign([send(carol.address, alice.address, '1')])
    const funding = alice.sign([send(alice.address, carol.address, '100000')])
    const results = driver.execute(driver.proposal([spending, funding])).txResults
    expect(results.map(codeOf)).toEqual(['0', 'tx/9', '0'])
  })

  it('cannot spend twice', () => {
    const { driver } = testHub([alice])
    alice.sequence = 0n
    driver.block()
    const all = () => alice.sign([send(alice.address, bob.address, '999990000')])
    const results = driver.execute(driver.proposal([all(), all()])).txResults
    expect(results.map(codeOf)).toEqual(['0', '0', 'ledger/5'])
    expect(balance(driver, alice.address)).toBe('0')
  })

  it('run out of fee when it is spent', () => {
    const { driver } = testHub([alice])
    alice.sequence = 0n
    driver.block()
    const all = alice.sign([send(alice.address, bob.address, '999995000')])
    const more = alice.sign([send(alice.address, bob.address, '1')])
    const results = driver.execute(driver.proposal([all, more])).txResults
    expect(results.map(codeOf)).toEqual(['0', '0', 'tx/5'])
  })
})

describe('a composition', () => {
  it('has one handler for a message and one for a query', () => {
    const { module } = probe()
    const hub = hubComposition({ ...PARTS, lightClients: [] })
    const make = (modules: Module[]) => () =>
      new CosmosApplication({ ...hub, modules }, applicationOptions(hubOptions(createMemoryStorage())))
    expect(make([...hub.modules, module, { ...module, storeName: 'probe2' }])).toThrow('has one handler')
    const twice = { ...hub.modules[1]!, name: 'twice', storeName: 'twice' }
    expect(make([...hub.modules, twice])).toThrow('has one handler')
    expect(make([...hub.modules, module])).not.toThrow()
  })

  it('asks every module for what does not hold', () => {
    const { application, calls } = setUp()
    expect(brokenInvariants(application.chain)).toEqual([])
    calls.push('broken')
    expect(brokenInvariants(application.chain)).toEqual(['probe: broken on purpose'])
  })
})
