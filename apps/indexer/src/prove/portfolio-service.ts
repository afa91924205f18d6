import type { DataSource } from 'typeorm'
import type { Logger } from 'pino'
import { isProtocolError } from '@causeway/primitives'
import type { ChainFollower } from '../follow/chain-follower.ts'
import { EndpointError } from '../follow/endpoint-error.ts'
import type { VerifiedHead } from '../follow/verify-block.ts'
import { balancesOf, holdersOf, linesOfAssets, type Line } from '../read/hub-rows.ts'
import { accountOfEvmWallet, type Owner } from '../read/owner.ts'
import { queryError } from '../read/query-errors.ts'
import { pageOfTransfers, type Transfer } from '../read/transfers.ts'
import type { CometRpc } from '../follow/comet-rpc.ts'
import { PortfolioReader, type AccountState, type SubaccountState } from './read-portfolio.ts'

/** Everything that one owner has. */
export type Portfolio = {
  readonly owner: string
  readonly accounts: readonly AccountState[]
  readonly lines: readonly Line[]
  readonly inFlight: readonly Transfer[]
  /** The state after this hub block. */
  readonly height: bigint
}

const ACCOUNTS_MAX = 20
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
    const only = owner.kind === 'account' ? owner.subaccount : undefined
    const names = await this.#accountsOf(owner)
    const states = await Promise.all(names.map((account) => this.#account(account, only, head)))
    await this.#compare(states, head)
    const accounts = states.filter(
      ({ record, subaccounts }) => record.value !== undefined || subaccounts.length > 0,
    )
    if (accounts.length === 0 && inFlight.length === 0) return undefined
    const assets = accounts.flatMap(({ subaccounts }) => subaccounts.flatMap(({ collateral }) => collateral))
    const lines = await linesOfAssets(this.#database, this.#hub.chainId, [
      ...new Set(assets.map(({ asset }) => asset)),
    ])
    return { owner: owner.text, accounts, lines, inFlight, height: head.height - 1n }
  }

  async #accountsOf(owner: Owner): Promise<string[]> {
    if (owner.kind === 'account') return [owner.account]
    const holders = await holdersOf(this.#database, this.#hub.chainId, owner, ACCOUNTS_MAX)
    const own = accountOfEvmWallet(owner.text)
    return [...new Set([...(own === undefined ? [] : [own]), ...holders.map(({ account }) => account)])]
  }

  async #account(account: string, only: number | undefined, head: VerifiedHead): Promise<AccountState> {
    const key = `${account}/${only ?? ''}`
    const cached = this.#cache.get(key)
    if (cached?.height === head.height) return cached.state
    const state = this.#read(account, only, head)
    if (this.#cache.size >= CACHE_MAX) this.#cache.clear()
    this.#cache.set(key, { height: head.height, state })
    state.catch(() => this.#cache.delete(key))
    return state
  }

  async #read(account: string, only: number | undefined, head: VerifiedHead): Promise<AccountState> {
    const rpc: CometRpc = this.#hub.follower.endpoint()
    try {
      return await this.#reader.read(rpc, head, account, only)
    } catch (error) {
      if (isProtocolError(error)) {
        this.#log.error({ endpoint: rpc.url, detail: error.message }, 'the hub answered what can not be read')
        throw queryError('HUB_REFUSED', 'the hub endpoint answered what can not be read')
      }
      if (!(error instanceof EndpointError)) throw error
      this.#log.error(
        { kind: error.kind, endpoint: rpc.url, detail: error.message },
        'reading an account failed',
      )
      if (error.isLie) throw queryError('HUB_REFUSED', 'the hub endpoint answered what does not verify')
      throw unavailable()
    }
  }

  /** The tables and the proven state must agree, or one of them is wrong: then neither is served. */
  async #compare(states: readonly AccountState[], head: VerifiedHead): Promise<void> {
    const subaccounts = states.flatMap((state) => state.subaccounts)
    const projected = await balancesOf(this.#database, [
      ...new Set(subaccounts.map(({ account }) => account)),
    ])
    for (const { account, subaccount, asset, amount, height } of projected) {
      // A balance that changed in the newest block is not provable yet.
      if (height >= head.height) continue
      const proven = subaccounts.find((state) => state.account === account && state.subaccount === subaccount)
      if (proven === undefined || isBeyond(proven)) continue
      const found = proven.collateral.find((item) => item.asset === asset)?.amount ?? 0n
      if (found === amount) continue
      this.#log.error(
        { account, subaccount, asset, amount, found, height },
        'tables and proven state disagree',
      )
      throw queryError('INCONSISTENT', 'the tables and the proven state disagree')
    }
  }
}

function isBeyond({ collateral, assetCount }: SubaccountState): boolean {
  return collateral.length < assetCount
}

function unavailable() {
  return queryError('HUB_UNAVAILABLE', 'the hub can not be read now')
}
