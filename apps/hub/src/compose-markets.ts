// Markets joined to cash, margin, prices, accounts and balances.
import { isProtocolError, utf8 } from '@causeway/primitives'
import { readSigningKey } from '@causeway/protocol'
import type { Context, ReadContext } from './block/context.ts'
import { GAS } from './block/gas.ts'
import type { Module } from './block/module.ts'
import type { Foundation } from './compose.ts'
import type { InUse } from './compose-accounts.ts'
import { vaultMaker } from './compose-vault.ts'
import type { Holder } from './identifiers.ts'
import { addressOfKey } from './modules/accounts/accounts.ts'
import { isSignedText } from './modules/accounts/link-wallet.ts'
import type { Cash } from './modules/cash/cash.ts'
import { errors as cashErrors } from './modules/cash/errors.ts'
import type { GovernancePorts } from './modules/governance/ports.ts'
import { LEDGER_STORE, findAsset, readZone } from './modules/ledger/state.ts'
import { endRights } from './modules/markets/end-rights.ts'
import { listUnderlying } from './modules/markets/listing.ts'
import { createMarkets } from './modules/markets/markets.ts'
import type { MarketsBlocks } from './modules/markets/markets.ts'
import type { Market, Markets, Position } from './modules/markets/market.ts'
import { currentMarkE9 } from './modules/markets/marks.ts'
import { marketsModule } from './modules/markets/module.ts'
import type { MarketsPorts, SignedText } from './modules/markets/ports.ts'
import { fundingIndexE18 } from './modules/markets/pure/funding.ts'
import { pauseOpen, setStatus } from './modules/markets/status.ts'
import { MARKETS_STORE, hasTrades } from './modules/markets/state.ts'
import type { Oracle } from './modules/oracle/oracle.ts'
import type { RiskMarkets } from './modules/risk/ports.ts'
import type { FairPrices } from './modules/risk/fair-prices.ts'
import type { Risk } from './modules/risk/risk.ts'
import { FEE_COLLECTOR, MARKET_HOUSE } from './named-accounts.ts'
import type { VerifySignatures } from './tx/signatures.ts'

/** What markets need; what is a function is asked for when a block runs, so that it may be made after. */
export interface MarketsParts {
  readonly oracle: Pick<Oracle, 'price'>
  readonly verifySignatures: VerifySignatures
  readonly owingChanged: NonNullable<MarketsPorts['owingChanged']>
  cash(): Pick<Cash, 'flow' | 'settle' | 'freeE6' | 'requireFree' | 'balanceE6' | 'isOverdrawn'>
  risk(): Pick<Risk, RiskOfMarkets | keyof FairPrices>
}

type RiskOfMarkets = 'initialMarginE6' | 'covers' | 'requireInitial' | 'margins' | 'isTold'

/** Markets, their module, and what others see of them. */
export interface JoinedMarkets {
  readonly markets: Markets & MarketsBlocks
  readonly module: Module
  readonly forRisk: RiskMarkets<Position>
  /** The mark of a market now; nothing where there is none. */
  readonly markE9: (context: ReadContext, market: Market) => bigint | undefined
  /** Whether an account has a position or an order in any subaccount. */
  readonly trades: (context: ReadContext, account: Uint8Array) => boolean
  /** A position or an order: who has one keeps its account. */
  readonly inUse: InUse
  /** Ends what an account has set for venues, its switches and its protections. */
  readonly endRights: (context: Context, account: Uint8Array) => void
  /** What a vote may do. */
  readonly governed: NonNullable<GovernancePorts['markets']>
}

/** Joins markets. */
export function joinMarkets(foundation: Foundation, parts: MarketsParts): JoinedMarkets {
  const ports = marketsPorts(foundation, parts)
  const markets = createMarkets(ports)
  const trades = (context: ReadContext, account: Uint8Array) =>
    hasTrades(context.store(MARKETS_STORE), account)
  return {
    markets,
    module: marketsModule(markets, ports),
    forRisk: {
      ...markets,
      figures(context, id) {
        const { markE9: setE9, openInterestE9, funding } = markets.figures(context, id)
        const indexE18 = funding && { indexE18: fundingIndexE18(funding) }
        const market = markets.market(context, id)
        // What others are worth is the forward's and the surface's.
        const markE9 = market?.kind === 'perpetual' ? currentMarkE9(context, ports, market) : undefined
        return { markE9: markE9 ?? setE9, openInterestE9, funding: indexE18 }
      },
    },
    markE9: (context, market) => currentMarkE9(context, ports, market),
    trades,
    governed: {
      list: (context, underlying) => listUnderlying(context, ports, underlying),
      setStatus: (context, { market, status, seconds }) => setStatus(context, market, { status, seconds }),
      pause: (context, market, seconds) => pauseOpen(context, market, seconds),
    },
    inUse: (context, account) => (trades(context, account) ? 'a position or an order' : undefined),
    endRights: (context, account) => endRights(context, ports, account),
  }
}

function marketsPorts({ addresses, accounts, ledger }: Foundation, parts: MarketsParts): MarketsPorts {
  const assetOf = (context: ReadContext, id: bigint) => findAsset(context.store(LEDGER_STORE), id)
  return {
    addresses,
    zone: (context) => readZone(context.store(LEDGER_STORE)),
    cash: {
      flow: (context, holder, deltaE6, reason) => parts.cash().flow(context, holder, deltaE6, reason),
      settle: (context, legs, reason, until) => parts.cash().settle(context, legs, reason, until),
      freeE6: (context, holder) => parts.cash().freeE6(context, holder),
      requireFree: (context, holder, amountE6) => parts.cash().requireFree(context, holder, amountE6),
    },
    risk: {
      initialMarginE6(context, holder, orders) {
        // Who sells spot sells what it must.
        const opens = orders.some(({ market, sizeE9 }) => market.kind !== 'spot' || sizeE9 > 0n)
        if (opens) requireNotOverdrawn(context, parts, holder)
        return parts.risk().initialMarginE6(context, holder, orders)
      },
      covers(context, holder, sums) {
        requireNotOverdrawn(context, parts, holder)
        return parts.risk().covers(context, holder, sums)
      },
      requireInitial(context, holder) {
        requireNotOverdrawn(context, parts, holder)
        parts.risk().requireInitial(context, holder)
      },
      margins: (context, holder) => parts.risk().margins(context, holder),
    },
    prices: {
      index: parts.oracle.price,
      isTold: (context, market) => parts.risk().isTold(context, market),
      fairE9: (context, market) => parts.risk().fairE9(context, market),
      greeks: (context, market) => parts.risk().greeks(context, market),
      volatilityE9: (context, market, priceE9) => parts.risk().volatilityE9(context, market, priceE9),
      forwardE9: (context, underlying, expiry) => parts.risk().forwardE9(context, underlying, expiry),
    },
    assets: {
      decimals: (context, asset) => assetOf(context, asset)?.decimals,
      balance: (context, holder, asset) => ledger.balance(context, holder, asset),
      move(context, from, to, id, amount) {
        const { denom } = assetOf(context, id)!
        ledger.move(context, from, to, { id, denom }, amount)
      },
    },
    owner: accounts.owner,
    owingChanged: parts.owingChanged,
    isSigned: (context, signed) => isSigned(context, { addresses, accounts }, parts, signed),
    protocolMaker: vaultMaker,
    house: MARKET_HOUSE,
    houseCashE6: (context) => parts.cash().balanceE6(context, MARKET_HOUSE),
    feeCollector: FEE_COLLECTOR,
  }
}

function requireNotOverdrawn(context: ReadContext, { cash }: MarketsParts, holder: Holder): void {
  if (cash().isOverdrawn(context, holder)) throw cashErrors.overdrawn()
}

/** A session key signs the text's bytes; a wallet as it signs any text. */
function isSigned(
  context: Context,
  { addresses, accounts }: Pick<Foundation, 'addresses' | 'accounts'>,
  { verifySignatures }: Pick<MarketsParts, 'verifySignatures'>,
  { account, text, publicKey, signMode: mode, signature }: SignedText,
): boolean {
  const key = publicKey && keyOf(publicKey)
  if (key === undefined) return false
  if (key.type === 'session') {
    const session = accounts.findSession(context, account, key.bytes)
    if (session === undefined || session.expiresSeconds <= context.timeSeconds) return false
    const message = utf8(text)
    context.gas.consume(GAS.signature + GAS.textByte * message.length)
    return verifySignatures([{ scheme: 'ed25519', publicKey: key.bytes, message, signature }])[0] === true
  }
  const wallet = addressOfKey({ type: key.type, bytes: key.bytes })
  if (wallet === undefined || !accounts.linked(context, wallet, account)) return false
  const named = { key: { type: key.type, bytes: key.bytes }, address: addresses.encode(wallet) }
  return isSignedText(context, { verifySignatures }, { ...named, text, mode, signature })
}

function keyOf(publicKey: NonNullable<SignedText['publicKey']>) {
  try {
    return readSigningKey(publicKey)
  } catch (error) {
    if (!isProtocolError(error)) throw error
    return undefined
  }
}
