// The vault joined to cash, margin, markets and prices.
import { sviVolatility } from '@causeway/margin'
import type { ReadContext } from './block/context.ts'
import type { Module } from './block/module.ts'
import type { Foundation } from './compose.ts'
import type { InUse } from './compose-accounts.ts'
import type { JoinedMarkets } from './compose-markets.ts'
import { heldAsset } from './compose-risk.ts'
import type { Cash } from './modules/cash/cash.ts'
import type { Insurance } from './modules/insurance/insurance.ts'
import { LEDGER_STORE, readAsset } from './modules/ledger/state.ts'
import type { ProtocolMaker } from './modules/markets/ports.ts'
import { MARKETS_STORE, readMarket } from './modules/markets/state.ts'
import type { Oracle } from './modules/oracle/oracle.ts'
import { ORACLE_STORE, readFeed } from './modules/oracle/state.ts'
import type { Risk } from './modules/risk/risk.ts'
import { vaultModule } from './modules/vault/module.ts'
import type { VaultPorts } from './modules/vault/ports.ts'
import { noteFlow } from './modules/vault/results.ts'
import { VAULT_STORE, holdings } from './modules/vault/state.ts'
import { VAULT } from './named-accounts.ts'

/** What the vault needs. */
export interface VaultParts {
  readonly oracle: Oracle
  readonly markets: Pick<JoinedMarkets, 'markets' | 'markE9'>
  readonly risk: Risk
  readonly cash: Cash
  readonly insurance: Pick<Insurance, 'isPaused' | 'requireSolvent'>
}

const NANO_DECIMALS = 9n

/** What markets tell of the vault's account: whose quotes no mark hears. */
export const vaultMaker: ProtocolMaker = {
  holder: VAULT,
  flowed: (context, market, flow) =>
    noteFlow(context, { market: (at, id) => readMarket(at.store(MARKETS_STORE), id) }, market, flow),
}

/** Whoever has shares, or has asked for some, keeps its account. */
export const vaultInUse: InUse = (context, account) => {
  for (const _ of holdings(context.store(VAULT_STORE), account)) return 'shares of the vault'
  return undefined
}

/** Joins the vault. */
export function joinVault({ addresses }: Foundation, parts: VaultParts): Module {
  const { oracle, markets, risk, cash, insurance } = parts
  const ports: VaultPorts = {
    addresses,
    vault: VAULT,
    cash,
    risk,
    settle: markets.markets.settle,
    isPaused: insurance.isPaused,
    requireSolvent: insurance.requireSolvent,
    heldE9: (context, holder, asset) => heldE9(context, risk, { holder, asset }),
    markets: {
      ...markets.markets,
      markE9(context, id) {
        const market = readMarket(context.store(MARKETS_STORE), id)
        return market && markets.markE9(context, market)
      },
    },
    prices: {
      price(context, asset) {
        const { priceE9, state } = oracle.price(context, asset)
        const accepted = readFeed(context.store(ORACLE_STORE), asset)?.price?.timeSeconds ?? 0n
        return { priceE9, isFresh: state === 'fresh', seconds: context.timeSeconds - accepted }
      },
      expiries(context, asset) {
        const { state, expiries } = oracle.surface(context, asset)
        if (state !== 'fresh') return []
        return expiries.map(({ surface, ...rest }) => ({
          ...rest,
          volatility: (strike) => sviVolatility(surface, strike),
        }))
      },
    },
  }
  return vaultModule(ports)
}

function heldE9(
  context: ReadContext,
  risk: Pick<Risk, 'counts'>,
  { holder, asset: id }: { holder: typeof VAULT; asset: bigint },
): bigint | undefined {
  const { denom, decimals } = readAsset(context.store(LEDGER_STORE), id)
  const unit = { asset: id, denom, decimals, amount: 10n ** BigInt(decimals) }
  if (!risk.counts(context, holder, unit)) return undefined
  const held = heldAsset(context, holder, id)
  if (held === undefined) return 0n
  return (held.amount * 10n ** NANO_DECIMALS) / 10n ** BigInt(decimals)
}
