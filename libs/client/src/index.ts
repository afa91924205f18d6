// The public door of @causeway/client.
export { connect } from './connect.ts'
export type { Causeway, ConnectOptions } from './connect.ts'
export { readClientConfig } from './chains/config.ts'
export type {
  ClientConfig,
  CollateralChain,
  ConfiguredKey,
  CosmosChain,
  CosmosToken,
  EvmChain,
  EvmToken,
  SolanaChain,
  SolanaToken,
} from './chains/config.ts'
export { ClientError, errors as clientErrors, isClientError } from './errors.ts'
export type { Outcome, Retry } from './errors.ts'
export type { Trust } from './proofs/trusted-header.ts'
export type { ProvenAccount } from './proofs/verify-account.ts'
export type { AccountRow } from './read/account.ts'
export type { BookRow } from './read/book.ts'
export type { ClosedOrder, Fill } from './read/fills.ts'
export type { Greeks } from './read/greeks.ts'
export type { AssetRow, LineRow, PriceRow } from './read/ledger.ts'
export type { InsuranceRow, MarginCallsRow, RankRow } from './read/insurance.ts'
export type { LiquidationRow, SaleRow } from './read/liquidation.ts'
export type { SoldShare } from './read/sold.ts'
export type { SmileRow, SurfaceRow } from './read/surface.ts'
export type { MarketRow, UnderlyingRow } from './read/markets.ts'
export type { MarketKind, MarketStatus, OrderType, Side, TimeInForce } from './read/names.ts'
export type { OpenOrder } from './read/orders.ts'
export type { ProtectionRow, VenueGrantRow } from './read/rights.ts'
export type { CollateralRow, Portfolio, PositionRow } from './read/portfolio.ts'
export type { Margins, SupposedTrade, WhatIf } from './read/what-if.ts'
export type { HubEvent } from './rpc/events.ts'
export type { IncludedTransaction } from './rpc/transactions.ts'
export type { BidActions, BidTerms, PlacedBid } from './trade/bids.ts'
export type { CashActions, SentWithdrawal, WithdrawalTerms } from './trade/cash.ts'
export type { WebSocketMaker } from './stream/socket.ts'
export type { AcceptedPrice, Auction, Subscribe, Told, Topic } from './stream/subscribe.ts'
export type { Sent } from './trade/context.ts'
export type { CreditedDeposit, Deposit, DepositActions, DepositTerms } from './trade/deposits.ts'
export type {
  MakerActions,
  MakerOptions,
  MarketQuote,
  PlacedQuotes,
  ProtectionTerms,
} from './trade/makers.ts'
export type { RfqActions, RfqLegTerms, RfqTerms, SignedQuote } from './trade/rfq.ts'
export type { VenueActions, VenueGrantTerms, VenueName } from './trade/venues.ts'
export type { OrderTerms } from './trade/order-terms.ts'
export type { OfferedOrder, OrderActions, PlacedOrder } from './trade/orders.ts'
export type { Trader, TraderOptions } from './trade/trader.ts'
export type { WalletActions } from './trade/wallets.ts'
export type { FeeMax } from './transactions/fees.ts'
export type { Clock } from './transactions/hub.ts'
export type { SendOptions } from './transactions/sender.ts'
export { cosmosWallet } from './wallets/cosmos-wallet.ts'
export type { CosmosWallet } from './wallets/cosmos-wallet.ts'
export { evmWallet } from './wallets/evm-wallet.ts'
export type { EvmSigner, EvmWallet } from './wallets/evm-wallet.ts'
export { createSession, sessionWallet } from './wallets/session.ts'
export type { SessionKeyPair, SessionWallet } from './wallets/session.ts'
export { solanaKey } from './wallets/solana-key.ts'
export { solanaWallet } from './wallets/solana-wallet.ts'
export type { SolanaForm, SolanaSigner, SolanaWallet } from './wallets/solana-wallet.ts'
export type { Signer, Wallet } from './wallets/wallet.ts'
