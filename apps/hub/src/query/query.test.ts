import { toHex, utf8 } from '@causeway/primitives'
import {
  QueryAssetsRequest,
  QueryAssetsResponse,
  QueryBalancesRequest,
  QueryBalancesResponse,
  QueryLineRequest,
  QueryLinesRequest,
  QueryLinesResponse,
} from '@causeway/protocol/causeway/ledger/v1/query'
import {
  QueryAllBalancesRequest,
  QueryAllBalancesResponse,
  QueryBalanceRequest,
  QueryBalanceResponse,
  QueryDenomMetadataRequest,
  QueryDenomMetadataResponse,
  QuerySupplyOfRequest,
  QuerySupplyOfResponse,
  QueryTotalSupplyRequest,
  QueryTotalSupplyResponse,
} from '@causeway/protocol/cosmos/bank/v1beta1/query'
import {
  GetTxRequest,
  GetTxResponse,
  SimulateRequest,
  SimulateResponse,
} from '@causeway/protocol/cosmos/tx/v1beta1/service'
import { QueryClientStateRequest } from '@causeway/protocol/ibc/core/client/v1/query'
import { CommitmentProof } from '@causeway/protocol/cosmos/ics23/v1/proofs'
import { calculateRoot } from '@causeway/light-clients'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createHubApplication } from '../app.ts'
import type { CommittedMemory } from '../block/committed-memory.ts'
import { assetIdOf } from '../modules/ledger/state.ts'
import { hubOptions, testHub } from '../testing/hub.fixture.ts'
import { codeOf } from '../testing/refusal.fixture.ts'
import { Wallet, send } from '../testing/wallet.fixture.ts'
import { createMemoryStorage } from '@causeway/state-tree'

const NONE = new Uint8Array(0)

function setUp(blocks = 3) {
  const alice = new Wallet('alice')
  const bob = new Wallet('bob')
  const indexed = {
    height: 2n,
    bytes: NONE,
    timestamp: '2026-01-01T00:00:00Z',
    result: { code: 0, data: NONE, log: '', info: '', gasWanted: 1n, gasUsed: 1n, events: [], codespace: '' },
  }
  const made = testHub([alice, bob], {
    keepVersions: 3n,
    findTransaction: (hash) => (hash === 'AB'.repeat(32) ? indexed : undefined),
  })
  for (let i = 0; i < blocks; i++) made.driver.block()
  return { ...made, alice, bob, query: made.driver.query.bind(made.driver) }
}

describe('the memory that blocks read through', () => {
  it('is not filled by queries of the newest state, nor by long denominations that are sent', () => {
    const { hub, driver, alice, query } = setUp()
    const remembered = () => hub.chain.readers()('ledger') as CommittedMemory
    const ask = (denom: string) =>
      query('/cosmos.bank.v1beta1.Query/SupplyOf', QuerySupplyOfRequest.encode({ denom }).finish())
    const before = remembered().size
    for (let i = 0; i < 50; i++) expect(ask(`junk${i}`).code).toBe(0)
    expect(ask('x'.repeat(500_000)).code).toBe(0)
    expect(remembered().size).toEqual(before)
    const long = `x${'y'.repeat(100_000)}`
    const sent = alice.sign([send(alice.address, alice.address, '1', long)], {
      gasLimit: 2_000_000n,
      fee: [{ denom: 'ucway', amount: '50000' }],
    })
    expect(codeOf(driver.submit(sent))).toBe('0')
    driver.block()
    expect(remembered().size.bytes).toBeLessThan(before.bytes + 10_000)
  })

  it('looks no denomination up that no asset can have', () => {
    const refuse = () => {
      throw new Error('it was looked up')
    }
    const reader = { get: refuse, has: refuse, iterate: refuse }
    expect(assetIdOf(reader, 'x'.repeat(129))).toBeUndefined()
    expect(() => assetIdOf(reader, 'x'.repeat(128))).toThrow('looked up')
  })
})

describe('bank queries', () => {
  it('answer balances at a height', () => {
    const { driver, alice, bob, query } = setUp(1)
    driver.submit(
      alice.sign([send(alice.address, bob.address, '7'), send(alice.address, `${bob.address}/2`, '8')]),
    )
    driver.block()
    const balance = (address: string, height?: bigint) => {
      const data = QueryBalanceRequest.encode({ address, denom: 'ucway' }).finish()
      const answer = query('/cosmos.bank.v1beta1.Query/Balance', data, height === undefined ? {} : { height })
      return [QueryBalanceResponse.decode(answer.value).balance?.amount, answer.height]
    }
    expect(balance(bob.address)).toEqual(['1000000007', 2n])
    expect(balance(`${bob.address}/2`)).toEqual(['8', 2n])
    expect(balance(bob.address, 1n)).toEqual(['1000000000', 1n])
  })

  it('page through balances and supply', () => {
    const { alice, query } = setUp(1)
    const page = { key: NONE, offset: 0n, limit: 1n, countTotal: true, reverse: false }
    const all = query(
      '/cosmos.bank.v1beta1.Query/AllBalances',
      QueryAllBalancesRequest.encode({
        address: alice.address,
        pagination: page,
        resolveDenom: false,
      }).finish(),
    )
    expect(QueryAllBalancesResponse.decode(all.value)).toMatchObject({
      balances: [{ denom: 'ucway', amount: '1000000000' }],
      pagination: { total: 1n, nextKey: NONE },
    })
    const supply = (key: Uint8Array) => {
      const data = QueryTotalSupplyRequest.encode({ pagination: { ...page, key } }).finish()
      return QueryTotalSupplyResponse.decode(query('/cosmos.bank.v1beta1.Query/TotalSupply', data).value)
    }
    const first = supply(NONE)
    expect(first.supply).toEqual([{ denom: 'ucway', amount: '2000000000' }])
    const second = supply(first.pagination!.nextKey)
    expect([second.supply, second.pagination!.nextKey]).toEqual([[{ denom: 'usdz', amount: '0' }], NONE])
    const of = query(
      '/cosmos.bank.v1beta1.Query/SupplyOf',
      QuerySupplyOfRequest.encode({ denom: 'ucway' }).finish(),
    )
    expect(QuerySupplyOfResponse.decode(of.value).amount).toEqual({ denom: 'ucway', amount: '2000000000' })
    const metadata = query(
      '/cosmos.bank.v1beta1.Query/DenomMetadata',
      QueryDenomMetadataRequest.encode({ denom: 'ucway' }).finish(),
    )
    expect(QueryDenomMetadataResponse.decode(metadata.value).metadata).toMatchObject({
      base: 'ucway',
      display: 'cway',
      symbol: 'CWAY',
    })
    const none = query(
      '/cosmos.bank.v1beta1.Query/DenomMetadata',
      QueryDenomMetadataRequest.encode({ denom: 'other' }).finish(),
    )
    expect(none).toMatchObject({ code: 22, codespace: 'ledger' })
  })
})

describe('ledger queries', () => {
  it('list assets, lines and balances', () => {
    const { alice, query } = setUp(1)
    const assets = (afterId: bigint, limit: number) =>
      QueryAssetsResponse.decode(
        query('/causeway.ledger.v1.Query/Assets', QueryAssetsRequest.encode({ afterId, limit }).finish())
          .value,
      ).assets.map(({ denom }) => denom)
    expect(assets(0n, 0)).toEqual(['ucway', 'usdz'])
    expect(assets(0n, 1)).toEqual(['ucway'])
    expect(assets(1n, 10)).toEqual(['usdz'])
    const lines = query(
      '/causeway.ledger.v1.Query/Lines',
      QueryLinesRequest.encode({ afterId: 0n, limit: 0 }).finish(),
    )
    expect(QueryLinesResponse.decode(lines.value)).toMatchObject({
      lines: [{ id: 1n, listed: true, escrowed: '0' }],
      height: 1n,
    })
    expect(
      query('/causeway.ledger.v1.Query/Line', QueryLineRequest.encode({ id: 9n, denom: '' }).finish()).code,
    ).toBe(22)
    expect(
      query('/causeway.ledger.v1.Query/Line', QueryLineRequest.encode({ id: 1n, denom: '' }).finish()).code,
    ).toBe(0)
    const balances = (account: string) =>
      QueryBalancesResponse.decode(
        query('/causeway.ledger.v1.Query/Balances', QueryBalancesRequest.encode({ account }).finish()).value,
      ).balances
    expect(balances(alice.address)).toEqual([
      { account: alice.address, subaccount: 0, asset: 1n, denom: 'ucway', amount: '1000000000' },
    ])
    expect(balances(`${alice.address}/1`)).toEqual([])
  })
})

describe('store queries', () => {
  const key = Uint8Array.of(3)

  it('prove what is there and what is not, under the app hash of the next header', () => {
    const { driver, hub, query } = setUp(3)
    const { appHash } = driver.execute(driver.proposal([]), false)
    expect(toHex(appHash)).not.toBe(toHex(hub.info().lastBlockAppHash))
    for (const data of [key, utf8('absent')]) {
      const answer = query('store/accounts/key', data, { height: 3n, prove: true })
      expect(answer).toMatchObject({ code: 0, height: 3n, key: data })
      const [iavl, simple] = answer.proofOps!.ops.map((op) => CommitmentProof.decode(op.data))
      expect(answer.value.length > 0).toBe(data === key)
      expect(iavl!.exist !== undefined).toBe(data === key)
      expect(toHex(calculateRoot(simple!))).toBe(toHex(hub.info().lastBlockAppHash))
    }
  })

  it('answer without a proof as well', () => {
    const { query } = setUp()
    expect(query('/store/accounts/key', key).value.length).toBeGreaterThan(0)
    expect(query('store/accounts/key', utf8('absent'))).toMatchObject({ code: 0, value: NONE })
  })

  it('say what is wrong', () => {
    const { query } = setUp(5)
    expect(codeOf(query('store/accounts/key', NONE))).toBe('query/18')
    expect(codeOf(query('store/nothing/key', key))).toBe('query/6')
    expect(codeOf(query('store/accounts/other', key))).toBe('query/6')
    expect(codeOf(query('store/accounts/key', key, { height: 6n, prove: true }))).toBe('query/26')
    expect(codeOf(query('store/accounts/key', key, { height: -1n }))).toBe('query/26')
    expect(codeOf(query('store/accounts/key', key, { height: 1n, prove: true }))).toBe('state/1')
    expect(codeOf(query('store/accounts/key', key, { height: 1n }))).toBe('query/26')
  })
})

describe('queries', () => {
  it('of an unknown path have code 6, of an absent thing code 22', () => {
    const { query, bob } = setUp()
    expect(codeOf(query('/cosmos.gov.v1.Query/Proposals', NONE))).toBe('query/6')
    expect(codeOf(query('', NONE))).toBe('query/6')
    const state = query(
      '/ibc.core.client.v1.Query/ClientState',
      QueryClientStateRequest.encode({ clientId: '07-tendermint-9' }).finish(),
    )
    expect(state).toMatchObject({ code: 22, codespace: 'ibc' })
    expect(state.log).toContain('rpc error: code = NotFound')
    expect(bob.address).toContain('cway1')
  })

  it('of malformed requests are refused, never thrown', () => {
    const { query, hub } = setUp()
    for (const path of hub.chain.queries.keys()) {
      expect(query(path, utf8('\xff\xff garbage')).code).not.toBe(0)
      fc.assert(
        fc.property(fc.uint8Array({ maxLength: 60 }), (data) => typeof query(path, data).code === 'number'),
        { numRuns: 20 },
      )
    }
    expect(codeOf(query('/cosmos.bank.v1beta1.Query/Balance', new Uint8Array(4 * 1024 * 1024 + 1)))).toBe(
      'query/18',
    )
    expect(codeOf(query('/cosmos.bank.v1beta1.Query/Balance', NONE, { prove: true }))).toBe('query/18')
  })

  it('of heights that are not kept are refused', () => {
    const { query } = setUp(5)
    const data = QuerySupplyOfRequest.encode({ denom: 'ucway' }).finish()
    const at = (height: bigint) => codeOf(query('/cosmos.bank.v1beta1.Query/SupplyOf', data, { height }))
    expect([at(5n), at(3n)]).toEqual(['0', '0'])
    expect(at(2n)).toBe('state/1')
    expect(at(6n)).toBe('query/26')
    expect(at(-1n)).toBe('query/26')
  })

  it('read genesis before the first block', () => {
    const alice = new Wallet('alice')
    const { driver } = testHub([alice])
    const data = QueryBalanceRequest.encode({ address: alice.address, denom: 'ucway' }).finish()
    expect(
      QueryBalanceResponse.decode(driver.query('/cosmos.bank.v1beta1.Query/Balance', data).value).balance
        ?.amount,
    ).toBe('1000000000')
    expect(codeOf(driver.query('/cosmos.bank.v1beta1.Query/Balance', data, { height: 1n }))).toBe('query/26')
    expect(codeOf(driver.query('store/accounts/key', Uint8Array.of(1), { prove: true }))).toBe('query/26')
  })

  it('tell version and info', () => {
    const { query, hub } = setUp(2)
    expect(new TextDecoder().decode(query('app/version', NONE).value)).toBe('test')
    expect(hub.info()).toMatchObject({ data: 'causeway', lastBlockHeight: 2n, appVersion: 1n })
    const fresh = createHubApplication(hubOptions(createMemoryStorage()))
    expect(fresh.info()).toMatchObject({ lastBlockHeight: 0n, lastBlockAppHash: NONE })
  })
})

describe('Simulate', () => {
  const simulate = (made: ReturnType<typeof setUp>, request: Partial<SimulateRequest>) =>
    made.query(
      '/cosmos.tx.v1beta1.Service/Simulate',
      SimulateRequest.encode({ tx: undefined, txBytes: NONE, ...request }).finish(),
    )

  it('tells the gas that delivery will use, and changes nothing', () => {
    const made = setUp(1)
    const { alice, bob, driver } = made
    const tx = alice.sign([send(alice.address, bob.address, '5')], { sequence: 0n })
    const { gasInfo, result } = SimulateResponse.decode(simulate(made, { txBytes: tx }).value)
    expect(result!.msgResponses).toEqual([{ typeUrl: '/cosmos.bank.v1beta1.MsgSendResponse', value: NONE }])
    driver.submit(tx)
    expect(driver.block().txResults[1]!.gasUsed).toBe(gasInfo!.gasUsed)
  })

  it('needs no signature and no fee, but the right sequence', () => {
    const made = setUp(1)
    const { alice, bob } = made
    const unsigned = (options: Parameters<Wallet['sign']>[1]) =>
      alice.sign([send(alice.address, bob.address, '5')], {
        fee: [],
        gasLimit: 0n,
        mode: 0,
        sequence: 0n,
        ...options,
      })
    expect(codeOf(simulate(made, { txBytes: unsigned({}) }))).toBe('0')
    expect(codeOf(simulate(made, { txBytes: unsigned({ chainId: 'other' }) }))).toBe('0')
    expect(codeOf(simulate(made, { txBytes: unsigned({ sequence: 1n }) }))).toBe('tx/32')
  })

  it('tells why a transaction would fail', () => {
    const made = setUp(1)
    const { alice, bob } = made
    expect(
      codeOf(
        simulate(made, {
          txBytes: alice.sign([send(alice.address, bob.address, '5000000000')], { sequence: 0n }),
        }),
      ),
    ).toBe('ledger/5')
    expect(codeOf(simulate(made, {}))).toBe('query/18')
    expect(codeOf(simulate(made, { txBytes: utf8('garbage') }))).toBe('tx/2')
  })
})

describe('GetTx', () => {
  it('is answered from the engine’s index', () => {
    const { query } = setUp()
    const ask = (hash: string) =>
      query('/cosmos.tx.v1beta1.Service/GetTx', GetTxRequest.encode({ hash }).finish())
    expect(GetTxResponse.decode(ask('ab'.repeat(32)).value).txResponse).toMatchObject({
      height: 2n,
      txhash: 'AB'.repeat(32),
      code: 0,
    })
    expect(codeOf(ask('cd'.repeat(32)))).toBe('query/22')
    expect(codeOf(ask('xyz'))).toBe('query/18')
  })

  it('is an unknown path without one', () => {
    const { driver } = testHub([])
    driver.block()
    expect(codeOf(driver.query('/cosmos.tx.v1beta1.Service/GetTx', NONE))).toBe('query/6')
  })
})
