// The door: a hub behind a node's RPC.
import { errors } from './errors.ts'
import { addressBytes, checkSubaccount } from './address.ts'
import type { CollateralChain } from './chains/config.ts'
import type { Trust } from './proofs/trusted-header.ts'
import { verifyAccount } from './proofs/verify-account.ts'
import type { ProvenAccount } from './proofs/verify-account.ts'
import { readAccount } from './read/account.ts'
import type { AccountRow } from './read/account.ts'
import { bookRow, readBook } from './read/book.ts'
import type { BookRow } from './read/book.ts'
import { readAssets, readLines, readPrices } from './read/ledger.ts'
import type { AssetRow, LineRow, PriceRow } from './read/ledger.ts'
import { createMarketDirectory } from './read/market-directory.ts'
import { findUnderlying, readMarket, readUnderlyings } from './read/markets.ts'
import type { MarketRow, UnderlyingRow } from './read/markets.ts'
import { readInsurance, readMarginCalls, readRanks } from './read/insurance.ts'
import type { InsuranceRow, MarginCallsRow, RankRow } from './read/insurance.ts'
import { readLiquidations, readSale } from './read/liquidation.ts'
import type { LiquidationRow, SaleRow } from './read/liquidation.ts'
import { readOrders } from './read/orders.ts'
import type { OpenOrder } from './read/orders.ts'
import { readPortfolio } from './read/portfolio.ts'
import type { Portfolio } from './read/portfolio.ts'
import { readProtection, readVenueGrants } from './read/rights.ts'
import type { ProtectionRow, VenueGrantRow } from './read/rights.ts'
import { readSurface } from './read/surface.ts'
import type { SurfaceRow } from './read/surface.ts'
import { readWhatIf } from './read/what-if.ts'
import type { SupposedTrade, WhatIf } from './read/what-if.ts'
import { httpRpc } from './rpc/json-rpc.ts'
import { objectAt, textAt } from './rpc/members.ts'
import { findTransaction } from './rpc/transactions.ts'
import type { IncludedTransaction } from './rpc/transactions.ts'
import { createSocket } from './stream/socket.ts'
import type { Socket, WebSocketMaker } from './stream/socket.ts'
import { createSubscribe } from './stream/subscribe.ts'
import type { Subscribe } from './stream/subscribe.ts'
import { createAccounts } from './transactions/accounts.ts'
import { createFees } from './transactions/fees.ts'
import type { FeeMax } from './transactions/fees.ts'
import { createHub, systemClock } from './transactions/hub.ts'
import type { Clock, Hub } from './transactions/hub.ts'
import { createSender } from './transactions/sender.ts'
import { createTrader } from './trade/trader.ts'
import type { Trader, TraderOptions } from './trade/trader.ts'
import type { SessionWallet } from './wallets/session.ts'
import type { Wallet } from './wallets/wallet.ts'

/** How a hub is reached. */
export interface ConnectOptions {
  /** `http://127.0.0.1:26657`: a node's RPC. */
  readonly rpc: string
  /** Refuses a node of another chain. */
  readonly chainId?: string
  /** Chains that deposits come from. Trusted: a wrong vault is a lost deposit. */
  readonly chains?: readonly CollateralChain[]
  /** The most that one transaction pays, base units by denomination. Default: 1 CWAY, or 1 of cash. */
  readonly feeMax?: FeeMax
  /** For `subscribe`, where the platform has none (Node 20): that of the package ws. */
  readonly WebSocket?: WebSocketMaker
  /** How long an answer may take. Default 15 s. */
  readonly timeoutMilliseconds?: number
  /** Default: the platform's. */
  readonly clock?: Clock
}

/** A hub that is connected to. */
export interface Causeway {
  readonly chainId: string
  readonly rpc: string
  /** Height of a recent block. */
  height(): Promise<string>
  /** What is traded, ascending by id; of one underlying when its asset id is named. */
  markets(underlying?: string): Promise<MarketRow[]>
  /** One market, read anew. Throws `client/21`. */
  market(symbol: string): Promise<MarketRow>
  /** The best levels of a market's book; `depth` 1 to 200, default 20. */
  book(symbol: string, depth?: number): Promise<BookRow>
  underlyings(): Promise<UnderlyingRow[]>
  /** The oracle's prices. */
  prices(): Promise<PriceRow[]>
  /** The oracle's volatility surface of an underlying, named by its name or asset id. Throws `client/20`. */
  surface(underlying: string): Promise<SurfaceRow>
  assets(): Promise<AssetRow[]>
  /** Tokens of other chains that the hub knows. */
  lines(): Promise<LineRow[]>
  /** Wallets, session keys and free transactions of the account that an address names. Throws `client/44`. */
  account(address: string): Promise<AccountRow>
  portfolio(address: string, subaccount?: number): Promise<Portfolio>
  orders(address: string, subaccount?: number): Promise<OpenOrder[]>
  /** What venues on other chains may clear for a subaccount. */
  venueGrants(address: string, subaccount?: number): Promise<VenueGrantRow[]>
  /** Market-maker protection in an underlying, named by its name or asset id. Throws `client/20`. */
  protection(address: string, underlying: string, subaccount?: number): Promise<ProtectionRow>
  /** Every account under liquidation. */
  liquidations(): Promise<LiquidationRow[]>
  /** What the auction of a subaccount asks now. */
  sale(address: string, subaccount?: number): Promise<SaleRow>
  /** Funds, and what accounts below zero lack. */
  insurance(): Promise<InsuranceRow>
  /** Level of margin, standby lines and calls. */
  marginCalls(address: string, subaccount?: number): Promise<MarginCallsRow>
  /** Places of a subaccount's positions in the queues of deleveraging. */
  ranks(address: string, subaccount?: number): Promise<RankRow[]>
  /** Margins before and after trades that nobody has made. */
  whatIf(address: string, trades: readonly SupposedTrade[], subaccount?: number): Promise<WhatIf>
  /**
   * Cash, positions and balances of a subaccount, proven under a header that follows from a trusted one.
   * `address`
   * is the account's own. Throws `client/61` for what is not proven.
   */
  verifyAccount(
    address: string,
    options: { readonly trust: Trust; readonly subaccount?: number },
  ): Promise<ProvenAccount>
  /** A transaction by hash, once a block holds it. */
  transaction(txHash: string): Promise<IncludedTransaction | undefined>
  /**
   * Follows a topic until the function that it gives is called: `subscribe({ topic: 'fills', address }, on)`.
   * Breaks heal by themselves, and what was missed is told afterwards. Throws `client/7`.
   */
  readonly subscribe: Subscribe
  /** Acts for an account. Throws `client/20`. */
  trader(signer: Wallet | SessionWallet, options?: TraderOptions): Trader
  /** Ends what runs in the background. */
  close(): void
}

/**
 * Connects to a hub. Throws `client/1` – `client/5`: the node can't be reached, or is of a chain that this
 * client can't speak to.
 */
export async function connect(options: ConnectOptions): Promise<Causeway> {
  const { timeoutMilliseconds } = options
  const rpc = httpRpc(options.rpc, timeoutMilliseconds === undefined ? {} : { timeoutMilliseconds })
  const chainId = await chainOf(rpc, options.chainId)
  const hub = createHub(rpc, chainId, options.clock ?? systemClock)
  await requireHub(hub)
  const { chains = [] } = options
  const markets = createMarketDirectory(hub)
  const accounts = createAccounts(hub)
  const opened: { socket?: Socket } = {}
  const socket = () => (opened.socket ??= createSocket(rpc.url, webSocketOf(options), hub.clock))
  const sender = createSender(hub, accounts, createFees(hub, options.feeMax))
  return {
    chainId,
    rpc: rpc.url,
    height: async () => (await hub.height()).toString(),
    markets: (underlying) => markets.all(underlying),
    market: (symbol) => readMarket(hub, symbol),
    book: async (symbol, depth) =>
      bookRow(symbol, await readBook(hub, await markets.bySymbol(symbol), depth)),
    underlyings: () => readUnderlyings(hub),
    prices: () => readPrices(hub),
    surface: async (underlying) => await readSurface(hub, await findUnderlying(hub, underlying)),
    assets: () => readAssets(hub),
    lines: () => readLines(hub),
    liquidations: () => readLiquidations(hub),
    insurance: () => readInsurance(hub),
    account: (address) => readAccount(hub, checkedAddress(address)),
    ...holderReads(hub, accounts, markets),
    verifyAccount: (address, how) => verifyAccount(hub, address, how),
    transaction: (txHash) => findTransaction(rpc, txHash),
    trader: (signer, how) => createTrader({ hub, accounts, sender, markets, chains }, signer, how),
    subscribe: createSubscribe(hub, socket, markets),
    close: () => opened.socket?.close(),
  }
}

function holderReads(
  hub: Hub,
  accounts: ReturnType<typeof createAccounts>,
  markets: ReturnType<typeof createMarketDirectory>,
): Pick<
  Causeway,
  'portfolio' | 'orders' | 'whatIf' | 'venueGrants' | 'protection' | 'sale' | 'marginCalls' | 'ranks'
> {
  const holderOf = async (address: string, subaccount = 0) => ({
    address: (await accounts.resolve(checkedAddress(address))).address,
    subaccount: checkSubaccount(subaccount),
  })
  const orders: Causeway['orders'] = async (address, subaccount) => {
    const holder = await holderOf(address, subaccount)
    await markets.all()
    return await readOrders(hub, holder, (id) => markets.symbolOf(id))
  }
  return {
    orders,
    async venueGrants(address, subaccount) {
      const holder = await holderOf(address, subaccount)
      await markets.all()
      return await readVenueGrants(hub, holder, (id) => markets.symbolOf(id))
    },
    sale: async (address, subaccount) => await readSale(hub, await holderOf(address, subaccount)),
    marginCalls: async (address, subaccount) =>
      await readMarginCalls(hub, await holderOf(address, subaccount)),
    async ranks(address, subaccount) {
      const holder = await holderOf(address, subaccount)
      await markets.all()
      return await readRanks(hub, holder, (id) => markets.symbolOf(id))
    },
    protection: async (address, underlying, subaccount) =>
      await readProtection(hub, await holderOf(address, subaccount), await findUnderlying(hub, underlying)),
    portfolio: async (address, subaccount) =>
      await readPortfolio(hub, await holderOf(address, subaccount), {
        decimalsOf: (asset) => markets.decimalsOf(asset),
        market: (id) => markets.byId(id),
        orders: () => orders(address, subaccount),
      }),
    whatIf: async (address, trades, subaccount) =>
      await readWhatIf(hub, await holderOf(address, subaccount), trades, async (symbol) =>
        BigInt((await markets.bySymbol(symbol)).id),
      ),
  }
}

function webSocketOf(options: ConnectOptions): WebSocketMaker {
  const found = options.WebSocket ?? (globalThis.WebSocket as unknown as WebSocketMaker | undefined)
  if (found === undefined) throw errors.noWebSocket({})
  return found
}

function checkedAddress(address: string): string {
  addressBytes(address)
  return address
}

async function chainOf(rpc: ReturnType<typeof httpRpc>, expected: string | undefined): Promise<string> {
  const chainId = textAt(objectAt(await rpc.call('status', {}), 'node_info', 'status'), 'network', 'status')
  if (expected !== undefined && chainId !== expected) throw errors.otherChain({ expected, got: chainId })
  return chainId
}

/** A hub has markets; a zone of the same parts, and any other chain, has not. */
async function requireHub(hub: Hub): Promise<void> {
  try {
    await readUnderlyings(hub)
  } catch (error) {
    throw errors.unknownChain({ got: hub.chainId, reason: error instanceof Error ? error.message : '' })
  }
}
