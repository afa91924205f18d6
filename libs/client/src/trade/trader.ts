// One account's actions, signed by its wallet or, for trading, by a session key.
import { checkSubaccount } from '../address.ts'
import type { Signer, Wallet } from '../wallets/wallet.ts'
import type { SessionWallet } from '../wallets/session.ts'
import { errors } from '../errors.ts'
import { bidActions } from './bids.ts'
import type { BidActions } from './bids.ts'
import { cashActions } from './cash.ts'
import type { CashActions } from './cash.ts'
import { accountOf } from './context.ts'
import type { TraderContext } from './context.ts'
import { depositActions } from './deposits.ts'
import type { DepositActions } from './deposits.ts'
import { makerActions } from './makers.ts'
import type { MakerActions } from './makers.ts'
import { rfqActions } from './rfq.ts'
import type { RfqActions } from './rfq.ts'
import { venueActions } from './venues.ts'
import type { VenueActions } from './venues.ts'
import { orderActions } from './orders.ts'
import type { OrderActions } from './orders.ts'
import { walletActions } from './wallets.ts'
import type { WalletActions } from './wallets.ts'

/** How a trader is made. */
export interface TraderOptions {
  /** Signs trade messages in place of the wallet: no prompt for each order. */
  readonly session?: SessionWallet
  /** The account, when the signer is a session key; by default the wallet's. */
  readonly account?: string
  /** Where actions go that name no subaccount. Default 0. */
  readonly subaccount?: number
}

/** Acts for one account. */
export interface Trader
  extends
    OrderActions,
    CashActions,
    WalletActions,
    DepositActions,
    MakerActions,
    RfqActions,
    VenueActions,
    BidActions {
  /** An address of the account: the wallet's own. */
  readonly address: string
  /** The account's own address, which differs for a wallet that was linked. Throws `client/44`. */
  account(): Promise<string>
}

/** What a trader's parts share, whoever it is. */
export type TraderParts = Pick<TraderContext, 'hub' | 'accounts' | 'sender' | 'markets' | 'chains'>

/** A trader. Throws `client/20` for a session key without an account. */
export function createTrader(
  parts: TraderParts,
  signer: Wallet | SessionWallet,
  options: TraderOptions = {},
): Trader {
  const address = options.account ?? ('address' in signer ? signer.address : undefined)
  if (address === undefined) {
    throw errors.badArgument({ name: 'account', expected: 'the account that the session key trades for' })
  }
  const trading: Signer = options.session ?? signer
  const subaccount = checkSubaccount(options.subaccount ?? 0)
  const context: TraderContext = { ...parts, wallet: signer, trading, address, subaccount }
  return {
    address,
    account: () => accountOf(context),
    ...orderActions(context),
    ...cashActions(context),
    ...walletActions(context),
    ...depositActions(context),
    ...makerActions(context),
    ...rfqActions(context),
    ...venueActions(context),
    ...bidActions(context),
  }
}
