// Insurance joined to cash, margin, markets and balances.
import { toMicroCashDown } from '@causeway/margin'
import type { ReadContext } from './block/context.ts'
import type { Module } from './block/module.ts'
import type { JoinedCash } from './compose-cash.ts'
import type { JoinedMarkets } from './compose-markets.ts'
import { heldAsset, heldAssets } from './compose-risk.ts'
import type { Foundation } from './compose.ts'
import { sameHolder } from './identifiers.ts'
import type { Holder } from './identifiers.ts'
import { createInsurance } from './modules/insurance/insurance.ts'
import type { Insurance } from './modules/insurance/insurance.ts'
import { insuranceModule } from './modules/insurance/module.ts'
import type { Instrument, InsurancePorts, MarketGroup } from './modules/insurance/ports.ts'
import { isSettled } from './modules/liquidation/freshness.ts'
import { LEDGER_STORE, readAsset } from './modules/ledger/state.ts'
import { history } from './modules/markets/history.ts'
import { MARKETS_STORE } from './modules/markets/state.ts'
import type { Oracle } from './modules/oracle/oracle.ts'
import type { Risk } from './modules/risk/risk.ts'
import { RISK_STORE, weights } from './modules/risk/state.ts'
import { INSURANCE_FUND, VAULT } from './named-accounts.ts'

/** What insurance needs. */
export interface InsuranceParts {
  readonly markets: Pick<JoinedMarkets, 'markets' | 'markE9'>
  readonly oracle: Pick<Oracle, 'price'>
  readonly cash: Pick<JoinedCash, 'cash' | 'socialise' | 'convert'>
  readonly risk: Pick<
    Risk,
    'figures' | 'refresh' | 'dependencies' | 'isFresh' | 'atLevel' | 'evaluate' | 'value'
  >
}

/** Insurance and its module. */
export interface JoinedInsurance {
  readonly insurance: Insurance
  readonly module: Module
}

/** Joins insurance. */
export function joinInsurance(foundation: Foundation, parts: InsuranceParts): JoinedInsurance {
  const ports = insurancePorts(foundation, parts)
  const insurance = createInsurance(ports)
  return { insurance, module: insuranceModule(insurance, ports) }
}

function insurancePorts({ addresses, ledger }: Foundation, parts: InsuranceParts): InsurancePorts {
  const { markets, oracle, cash, risk } = parts
  return {
    addresses,
    fund: INSURANCE_FUND,
    isUninsured: (holder) => sameHolder(holder, VAULT),
    balances: heldAssets,
    collateral: (context, holder) =>
      weights(context.store(RISK_STORE)).flatMap(({ asset }) => {
        const held = heldAsset(context, holder, asset)
        if (held === undefined) return []
        return [{ asset, amount: held.amount, valueE6: risk.value(context, held).valueE6 }]
      }),
    moveAsset(context, from, to, id, amount) {
      const { denom } = readAsset(context.store(LEDGER_STORE), id)
      ledger.move(context, from, to, { id, denom }, amount)
    },
    cash: {
      balanceE6: cash.cash.balanceE6,
      move: cash.cash.move,
      socialise: cash.socialise,
      convert: cash.convert,
    },
    risk: {
      figures: risk.figures,
      refresh: risk.refresh,
      isSettled: (context, holder) => isSettled(context, { risk }, holder),
      *below(context) {
        for (const [holder] of risk.atLevel(context, 'below')) yield holder
      },
      groups: (context, holder) => groupsOf(context, risk, holder),
    },
    markets: {
      instrument: (context, id) => instrumentOf(context, markets, oracle, id),
      positions: (context, holder) =>
        markets.markets.positions(context, holder).map((position) => ({
          ...position,
          fundingE6: markets.markets.fundingE6(context, position),
        })),
      holders: markets.markets.holders,
      move: markets.markets.move,
    },
  }
}

/** The groups that the model knows, each named by its least underlying, with an account's worst losses. */
function groupsOf(context: ReadContext, risk: Pick<Risk, 'evaluate'>, holder: Holder): MarketGroup[] {
  const { requirement } = risk.evaluate(context, holder)
  return requirement.groups
    .map(({ underlyings: names, worst }) => {
      const underlyings = names.map(BigInt).sort((a, b) => (a < b ? -1 : 1))
      return { group: underlyings[0]!, underlyings, lossE6: toMicroCashDown(-worst, 0) }
    })
    .sort((a, b) => (a.group < b.group ? -1 : 1))
}

const HOUR_MINUTES = 60n
const MINUTE_SECONDS = 60n

function instrumentOf(
  context: ReadContext,
  { markets, markE9 }: InsuranceParts['markets'],
  oracle: InsuranceParts['oracle'],
  id: bigint,
): Instrument | undefined {
  const market = markets.market(context, id)
  if (market === undefined) return undefined
  const { underlying, kind, lotE9, status } = market
  const { priceE9: indexE9 } = oracle.price(context, underlying)
  return {
    ...{ id, underlying, lotE9, indexE9 },
    isOption: kind === 'option',
    isSettling: status === 'settling',
    markE9: markE9(context, market),
    gainE9: gainE9(context, underlying, indexE9),
  }
}

/** What an index has gained since the first minute of the last hour that was seen; 0 when none was. */
function gainE9(context: ReadContext, underlying: bigint, indexE9: bigint): bigint {
  const minute = context.timeSeconds / MINUTE_SECONDS
  const from = minute > HOUR_MINUTES ? minute - HOUR_MINUTES : 0n
  const [first] = history(context.store(MARKETS_STORE), underlying, from)
  if (first === undefined || first.coveredNanoseconds === 0n) return 0n
  return indexE9 - first.sum / first.coveredNanoseconds
}
