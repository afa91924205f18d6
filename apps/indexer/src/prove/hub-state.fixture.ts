// A hub's state with real IAVL proofs, behind a real HTTP endpoint, without a chain around it.

import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { MultiStore, createMemoryStorage, type Change } from '@causeway/state-tree'
import { Account } from '@causeway/protocol/causeway/accounts/v1/accounts'
import { Asset } from '@causeway/protocol/causeway/ledger/v1/ledger'
import { QueryBalancesRequest, QueryBalancesResponse } from '@causeway/protocol/causeway/ledger/v1/query'
import { QueryPortfolioRequest, QueryPortfolioResponse } from '@causeway/protocol/causeway/risk/v1/query'
import { fromHex, toBase64, toHex } from '@causeway/primitives'
import { CometRpc } from '../follow/comet-rpc.ts'
import { createJsonRpc } from '../follow/json-rpc.ts'
import type { VerifiedHead } from '../follow/verify-block.ts'
import { accountKey, assetKey, balanceKey } from './hub-keys.ts'

/** A balance of the fixture. */
export type FixtureBalance = { account: string; subaccount: number; asset: bigint; amount: bigint }

const PRICE_E9 = 2_000_000_000n
const DECIMALS = 6
/** Nobody has cash or positions; but a store is never empty. */
const PARAMS: Change[] = [{ key: Uint8Array.of(7), value: Uint8Array.of(1) }]

/** Serves `abci_query` over a committed state; may be told to lie. */
export class HubStateEndpoint {
  readonly store = MultiStore.open({
    storage: createMemoryStorage(),
    storeNames: ['accounts', 'cash', 'ledger', 'markets'],
    keepVersions: 100n,
  })
  balances: FixtureBalance[] = []
  /** Changes what the risk query says. */
  tamper: (answer: QueryPortfolioResponse) => QueryPortfolioResponse = (answer) => answer
  /** Changes the JSON of an answer. */
  tamperJson: (response: Record<string, unknown>) => void = () => undefined
  requests = 0
  readonly #server: Server

  constructor() {
    this.#server = createServer((request, response) => {
      const chunks: Buffer[] = []
      request.on('data', (chunk: Buffer) => chunks.push(chunk))
      request.on('end', () => {
        this.requests++
        const { id, params } = JSON.parse(Buffer.concat(chunks).toString('utf8')) as {
          id: number
          params: { path: string; data: string; height: string }
        }
        const answer = this.#answer(params.path, fromHex(params.data.toLowerCase()), BigInt(params.height))
        this.tamperJson(answer)
        response.end(JSON.stringify({ jsonrpc: '2.0', id, result: { response: answer } }))
      })
    })
  }

  /** Listens; answers the client for it. */
  async listen(): Promise<CometRpc> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve))
    const url = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
    return new CometRpc(url, createJsonRpc(url, { timeoutMs: 5_000, answerBytesMax: 1 << 22 }))
  }

  /** Closes it. */
  async close(): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  /**
   * Commits the balances as the state after block `height`; answers the head under which they are provable.
   */
  commit(height: bigint, balances: FixtureBalance[]): VerifiedHead {
    this.balances = balances
    const ledger: Change[] = balances.map(({ account, subaccount, asset, amount }) => ({
      key: balanceKey(account, subaccount, asset),
      value: amount === 0n ? undefined : fromHex(evenHex(amount)),
    }))
    const assets = [...new Set(balances.map(({ asset }) => asset))]
    for (const id of assets) {
      const asset = Asset.fromPartial({ id, denom: denomOf(id), decimals: DECIMALS, supply: '0' })
      ledger.push({ key: assetKey(id), value: Asset.encode(asset).finish() })
    }
    const accounts = [...new Set(balances.map(({ account }) => account))].map((account, index) => ({
      key: accountKey(account),
      value: Account.encode(Account.fromPartial({ number: BigInt(index + 1) })).finish(),
    }))
    const byKey = (a: Change, b: Change): number => (toHex(a.key) < toHex(b.key) ? -1 : 1)
    for (let version = this.store.version + 1n; version <= height; version++) {
      const changes = version === height ? { accounts, ledger, cash: PARAMS, markets: PARAMS } : {}
      const map = new Map(Object.entries(changes).map(([name, list]) => [name, list.sort(byKey)]))
      this.store.finalize(version, map)
      this.store.commit()
    }
    const hash = new Uint8Array(32)
    return {
      height: height + 1n,
      blockHash: hash,
      timeNanoseconds: 1n,
      appHash: this.store.appHash(),
      validatorsHash: hash,
      nextValidatorsHash: hash,
      resultsHash: hash,
    }
  }

  #answer(path: string, data: Uint8Array, height: bigint): Record<string, unknown> {
    const [, storeName] = /^store\/(\w+)\/key$/.exec(path) ?? []
    if (storeName !== undefined) return this.#prove(storeName, data, height)
    const value = path.includes('risk') ? this.#risk(data, height) : this.#balances(data, height)
    return { code: 0, value: toBase64(value), height: String(height) }
  }

  #prove(storeName: string, key: Uint8Array, height: bigint): Record<string, unknown> {
    const { value, proofs } = this.store.proveKey(storeName, key, height)
    const types = ['ics23:iavl', 'ics23:simple']
    const ops = [...proofs].map((bytes, index) => ({ type: types[index], key: '', data: toBase64(bytes) }))
    const text = value === undefined ? null : toBase64(value)
    return { code: 0, key: toBase64(key), value: text, height: String(height), proofOps: { ops } }
  }

  #balances(data: Uint8Array, height: bigint): Uint8Array {
    const { account } = QueryBalancesRequest.decode(data)
    const balances = this.balances
      .filter((balance) => balance.account === account)
      .map((balance) => ({ ...balance, amount: String(balance.amount), denom: denomOf(balance.asset) }))
    return QueryBalancesResponse.encode(QueryBalancesResponse.fromPartial({ balances, height })).finish()
  }

  #risk(data: Uint8Array, height: bigint): Uint8Array {
    const [account, number] = QueryPortfolioRequest.decode(data).account.split('/')
    const subaccount = Number(number ?? 0)
    const held = this.balances.filter((item) => item.account === account && item.subaccount === subaccount)
    const collateral = held.map(({ asset, amount }) => {
      const valueE6 = (amount * PRICE_E9) / 10n ** 9n
      const [initial, maintenance] = [(valueE6 * 9n) / 10n, (valueE6 * 19n) / 20n].map(String)
      return {
        ...{ asset, denom: denomOf(asset), amount: String(amount), priceE9: PRICE_E9, priceStatus: 'fresh' },
        ...{ valueE6: String(valueE6), initialValueE6: initial!, maintenanceValueE6: maintenance! },
      }
    })
    const equity = String(collateral.reduce((sum, item) => sum + BigInt(item.valueE6), 0n))
    const margins = { equityE6: equity, initialMarginE6: equity, maintenanceMarginE6: equity }
    const answer = QueryPortfolioResponse.fromPartial({
      account: account!,
      subaccount,
      collateral,
      ...margins,
      height,
    })
    return QueryPortfolioResponse.encode(this.tamper(answer)).finish()
  }
}

/** Denomination of a fixture's asset. */
export function denomOf(asset: bigint): string {
  return asset === 2n ? 'ibc/ATOM' : `asset/${asset}`
}

function evenHex(amount: bigint): string {
  const hex = amount.toString(16)
  return hex.length % 2 === 0 ? hex : `0${hex}`
}
