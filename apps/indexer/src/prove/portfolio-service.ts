import type { DataSource } from 'typeorm'
import type { Logger } from 'pino'
import { isProtocolError } from '@causeway/primitives'
import type { ChainFollower } from '../follow/chain-follower.ts'
import { EndpointError } from '../follow/endpoint-error.ts'
import type { VerifiedHead } from '../follow/verify-block.ts'
import { accountsOf, subaccountsOf, type OwnedAccounts } from '../read/accounts-of.ts'
import { cashAt } from '../read/cash.ts'
import { balancesOf, linesOfAssets, type Line } from '../read/hub-rows.ts'
import type { Owner } from '../read/owner.ts'
import { queryError } from '../read/query-errors.ts'
import { positionsOf, type Position } from '../read/trading.ts'
import { pageOfTransfers, type Transfer } from '../read/transfers.ts'
import type { CometRpc } from '../follow/comet-rpc.ts'
import { readExplained, type Explained } from './explained.ts'
import { readFigures, type Figures } from './market-figures.ts'
import { PortfolioReader, type AccountState, type SubaccountState } from './read-portfolio.ts'

/** Everything that one owner has. */
export type Portfolio = {
  readonly owner: string
  readonly accounts: readonly AccountState[]
  readonly lines: readonly Line[]
  /** Its accounts, and the positions that the tables know. */
  readonly owned: OwnedAccounts
  readonly indexed: readonly Position[]
  readonly inFlight: readonly Transfer[]
  /** The state after this hub block. */
  readonly height: bigint
}

/** Of an account: one subaccount only, and which are known to have something. */
type Which = { readonly only: number | undefined; readonly known: readonly number[] }

const IN_FLIGHT_MAX = 100
const CACHE_MAX = 1000

/**
 * Answers portfolios from the hub's proven state and the tables. Within one hub block, each account is read
 * once.
 */
export class PortfolioService {
  readonly #database: DataSource
  readonly #hub: { readonly chainId: string; readonly follower: Pick<ChainFollower, 'cursor' | 'endpoint'> }
  readonly #log: Logger
  readonly #reader = new PortfolioReader()
  readonly #explained = new Map<string, { height: bigint; read: Promise<Explained> }>()
  #asked: { height: bigint; answers: Map<string, Promise<unknown>> } = { height: -1n, answers: new Map() }
  readonly #cache = new Map<string, { height: bigint; state: Promise<AccountState> }>()

  constructor(
    database: DataSource,
    hub: { chainId: string; follower: Pick<ChainFollower, 'cursor' | 'endpoint'> },
    log: Logger,
  ) {
    this.#database = database
    this.#hub = hub
    this.#log = log
  }

  /** The owner's portfolio; undefined when the hub (with proof) and the tables know nothing of it. */
  async portfolio(owner: Owner): Promise<Portfolio | undefined> {
    const head = this.#hub.follower.cursor
    if (head === undefined) throw unavailable()
    const { edges } = await pageOfTransfers(
      this.#database,
      { owner, unfinished: true },
      { first: IN_FLIGHT_MAX },
    )
    const inFlight = edges.map(({ node }) => node)
    const owned = await accountsOf(this.#database, this.#hub.chainId, owner)
    const { accounts: names, subaccount: only } = owned
    const known = await subaccountsOf(this.#database, names)
    const states = await Promise.all(
      names.map((account) => this.#account(account, { only, known: known.get(account) ?? [] }, head)),
    )
    await this.#compare(states, head)
    const accounts = states.filter(
      ({ record, subaccounts }) => record.value !== undefined || subaccounts.length > 0,
    )
    if (accounts.length === 0 && inFlight.length === 0) return undefined
    const assets = accounts.flatMap(({ subaccounts }) => subaccounts.flatMap(({ collateral }) => collateral))
    const lines = await linesOfAssets(this.#database, this.#hub.chainId, [
      ...new Set(assets.map(({ asset }) => asset)),
    ])
    const indexed = await positionsOf(this.#database, owned, false)
    return { owner: owner.text, accounts, lines, owned, indexed, inFlight, height: head.height - 1n }
  }

  async #account(account: string, which: Which, head: VerifiedHead): Promise<AccountState> {
    const key = `${account}/${which.only ?? ''}`
    const cached = this.#cache.get(key)
    if (cached?.height === head.height) return cached.state
    const state = this.#read(account, which, head)
    if (this.#cache.size >= CACHE_MAX) this.#cache.clear()
    this.#cache.set(key, { height: head.height, state })
    state.catch(() => this.#cache.delete(key))
    return state
  }

  /** The hub's explanation of a subaccount's margin, and its Greeks, after the block of `state`. */
  async explained({ account, subaccount, height }: SubaccountState): Promise<Explained> {
    const key = `${account}/${subaccount}`
    const cached = this.#explained.get(key)
    if (cached?.height === height) return cached.read
    const read = this.#guarded((rpc) => readExplained(rpc, { account, subaccount }, height))
    if (this.#explained.size >= CACHE_MAX) this.#explained.clear()
    this.#explained.set(key, { height, read })
    read.catch(() => this.#explained.delete(key))
    return read
  }

  /** Figures of all markets after the last block that can be proven; each block's are read once. */
  figures(): Promise<Map<bigint, Figures>> {
    return this.asked('figures', readFigures)
  }

  /** What the hub answers for the state after the last block that can be proven; asked once a block. */
  async asked<T>(name: string, read: (rpc: CometRpc, height: bigint) => Promise<T>): Promise<T> {
    const head = this.#hub.follower.cursor
    if (head === undefined) throw unavailable()
    if (this.#asked.height !== head.height || this.#asked.answers.size >= CACHE_MAX)
      this.#asked = { height: head.height, answers: new Map() }
    const { answers } = this.#asked
    const known = answers.get(name)
    if (known !== undefined) return known as Promise<T>
    const answer = this.#guarded((rpc) => read(rpc, head.height - 1n))
    answers.set(name, answer)
    answer.catch(() => answers.delete(name))
    return answer
  }

  #read(account: string, which: Which, head: VerifiedHead): Promise<AccountState> {
    return this.#guarded((rpc) => this.#reader.read(rpc, head, account, which))
  }

  async #guarded<T>(read: (rpc: CometRpc) => Promise<T>): Promise<T> {
    const rpc: CometRpc = this.#hub.follower.endpoint()
    try {
      return await read(rpc)
    } catch (error) {
      if (isProtocolError(error)) {
        this.#log.error({ endpoint: rpc.url, detail: error.message }, 'the hub answered what can not be read')
        throw queryError('HUB_REFUSED', 'the hub endpoint answered what can not be read')
      }
      if (!(error instanceof EndpointError)) throw error
      this.#log.error(
        { kind: error.kind, endpoint: rpc.url, detail: error.message },
        'reading the hub failed',
      )
      if (error.isLie) throw queryError('HUB_REFUSED', 'the hub endpoint answered what does not verify')
      throw unavailable()
    }
  }

  /** The tables and the proven state must agree, or one of them is wrong: then neither is served. */
  async #compare(states: readonly AccountState[], head: VerifiedHead): Promise<void> {
    const subaccounts = states.flatMap((state) => state.subaccounts)
    const accounts = [...new Set(subaccounts.map(({ account }) => account))]
    const stateOf = (row: { account: string; subaccount: number }) =>
      subaccounts.find((state) => state.account === row.account && state.subaccount === row.subaccount)
    for (const row of await balancesOf(this.#database, accounts)) {
      const proven = stateOf(row)
      // A balance that changed in the newest block is not provable yet.
      if (row.height >= head.height || proven === undefined || isBeyond(proven)) continue
      const found = proven.collateral.find((item) => item.asset === row.asset)?.amount ?? 0n
      if (found !== row.amount) throw this.#disagree({ ...row, found })
    }
    for (const row of await cashAt(this.#database, accounts, head.height - 1n)) {
      const found = stateOf(row)?.cash.amountE6
      if (row.isExact && found !== undefined && found !== row.balanceE6)
        throw this.#disagree({ ...row, found })
    }
  }

  #disagree(row: object) {
    this.#log.error(row, 'tables and proven state disagree')
    return queryError('INCONSISTENT', 'the tables and the proven state disagree')
  }
}

function isBeyond({ collateral, assetCount }: SubaccountState): boolean {
  return collateral.length < assetCount
}

function unavailable() {
  return queryError('HUB_UNAVAILABLE', 'the hub can not be read now')
}
