// Anybody can fill an account with dust, and a chain with tokens: both can be read, page by page, by a query
// that nobody pays for.
import {
  QueryAllBalancesRequest,
  QueryAllBalancesResponse,
  QueryTotalSupplyRequest,
  QueryTotalSupplyResponse,
} from '@causeway/protocol/cosmos/bank/v1beta1/query'
import type { PageRequest } from '@causeway/protocol/cosmos/base/query/v1beta1/pagination'
import { QueryBalancesRequest, QueryBalancesResponse } from '@causeway/protocol/causeway/ledger/v1/query'
import { beforeAll, describe, expect, it } from 'vitest'
import { UNPAID_GAS_MAX } from '../../block/gas.ts'
import { Layer } from '../../block/layer.ts'
import { createAddressCodec } from '../../identifiers.ts'
import { memoryContext } from '../../testing/memory-context.fixture.ts'
import { refusal } from '../../testing/refusal.fixture.ts'
import { bankQueries } from './bank-queries.ts'
import { voucherDenom } from './lines.ts'
import { queries } from './queries.ts'
import { LEDGER_STORE, createAsset, writeBalance, writeZone } from './state.ts'

const DUST = 20_000
const addresses = createAddressCodec('cway')
const account = new Uint8Array(20).fill(1)
const address = addresses.encode(account)
const methods = [...bankQueries(addresses), ...queries(addresses)]
const denoms = Array.from({ length: DUST }, (_, i) => voucherDenom(`transfer/07-tendermint-9/dust${i}`))
let layer: Layer

beforeAll(() => {
  const below = memoryContext([LEDGER_STORE])
  layer = new Layer((name) => below.store(name))
  const store = layer.store(LEDGER_STORE)
  writeZone(store, 0)
  for (const [i, denom] of denoms.entries()) {
    const { id } = createAsset(store, { denom, decimals: 0, native: false })
    writeBalance(store, { account, subaccount: 0 }, id, BigInt(i + 1))
    if (i < 3) writeBalance(store, { account, subaccount: 7 }, id, 1n)
  }
})

/** What one query answers within the budget of queries, and what it took of it. */
function ask(name: string, request: Uint8Array): { value: Uint8Array; gas: number } {
  const context = memoryContext([LEDGER_STORE], { layer, gasLimit: UNPAID_GAS_MAX })
  const value = methods.find(({ path }) => path.endsWith(`Query/${name}`))!.answer(context, request)
  return { value, gas: context.gas.used }
}

const pageRequest = (parts: Partial<PageRequest>): PageRequest => ({
  key: new Uint8Array(0),
  offset: 0n,
  limit: 0n,
  countTotal: false,
  reverse: false,
  ...parts,
})

function allBalances(parts?: Partial<PageRequest>, of = address) {
  const pagination = parts === undefined ? undefined : pageRequest(parts)
  const request = QueryAllBalancesRequest.encode({ address: of, pagination, resolveDenom: false }).finish()
  const { value, gas } = ask('AllBalances', request)
  const { balances, pagination: next } = QueryAllBalancesResponse.decode(value)
  return { items: balances, ...next!, gas }
}

function totalSupply(parts?: Partial<PageRequest>) {
  const pagination = parts === undefined ? undefined : pageRequest(parts)
  const { value, gas } = ask('TotalSupply', QueryTotalSupplyRequest.encode({ pagination }).finish())
  const { supply, pagination: next } = QueryTotalSupplyResponse.decode(value)
  return { items: supply, ...next!, gas }
}

function ledgerBalances(of: string) {
  const { value, gas } = ask('Balances', QueryBalancesRequest.encode({ account: of }).finish())
  return { items: QueryBalancesResponse.decode(value).balances, gas }
}

describe.each([
  ['AllBalances', allBalances],
  ['TotalSupply', totalSupply],
] as const)('%s with 20,000 entries', (_, list) => {
  it('is listed whole, each page within a tenth of the budget', () => {
    const seen: string[] = []
    let key = new Uint8Array(0)
    do {
      const page = list({ key, limit: 1_000n })
      expect(page.items).toHaveLength(1_000)
      expect(page.gas).toBeLessThan(UNPAID_GAS_MAX / 10)
      seen.push(...page.items.map(({ denom }) => denom))
      key = page.nextKey.slice()
    } while (key.length > 0)
    expect(seen).toEqual(denoms)
  })

  it('shows the first 100 to a wallet that names no page, as CosmJS doesn’t, and reads no further', () => {
    const first = list()
    expect(first.items.map(({ denom }) => denom)).toEqual(denoms.slice(0, 100))
    expect([first.total, first.nextKey.length]).toEqual([0n, 8])
    expect(list({}).items).toEqual(first.items)
    expect(first.gas).toBeLessThan(UNPAID_GAS_MAX / 100)
  })

  it('starts at the end when asked to, and at an offset', () => {
    const last = list({ reverse: true, limit: 2n })
    expect(last.items.map(({ denom }) => denom)).toEqual([denoms[DUST - 1], denoms[DUST - 2]])
    const more = list({ reverse: true, limit: 1n, key: last.nextKey })
    expect(more.items.map(({ denom }) => denom)).toEqual([denoms[DUST - 3]])
    expect(list({ offset: 15n, limit: 1n }).items[0]!.denom).toBe(denoms[15])
    expect(refusal(() => list({ offset: 1n, key: last.nextKey }))).toBe('ibc/121')
  })
})

describe('an account full of dust', () => {
  it('has a total for whoever asks and a bound for it', () => {
    const { items, total } = allBalances({ limit: 1n, countTotal: true })
    expect([items.length, total]).toEqual([1, BigInt(DUST)])
    const context = memoryContext([LEDGER_STORE], { layer, gasLimit: 1_000_000 })
    const request = { address, pagination: pageRequest({ countTotal: true }), resolveDenom: false }
    const method = methods.find(({ path }) => path.endsWith('Query/AllBalances'))!
    expect(refusal(() => method.answer(context, QueryAllBalancesRequest.encode(request).finish()))).toBe(
      'tx/11',
    )
  })

  it('shows its amounts, and each subaccount its own', () => {
    expect(allBalances({ limit: 2n }).items).toEqual([
      { denom: denoms[0], amount: '1' },
      { denom: denoms[1], amount: '2' },
    ])
    expect(allBalances({}, `${address}/7`).items).toHaveLength(3)
    expect(allBalances({}, `${address}/6`).items).toEqual([])
  })

  it('shows its first 1,000 balances to the ledger’s own query', () => {
    const { items, gas } = ledgerBalances(address)
    expect(items.map(({ denom }) => denom)).toEqual(denoms.slice(0, 1_000))
    expect(gas).toBeLessThan(UNPAID_GAS_MAX / 10)
    expect(ledgerBalances(`${address}/7`).items.map(({ amount }) => amount)).toEqual(['1', '1', '1'])
  })
})
