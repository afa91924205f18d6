// What trading is made of: oracle, lines, markets, cash and risk, joined.
import type { LightClient } from '@causeway/messaging'
import { cashInUse, isolatedInUse, moveCash, moveIsolated } from './compose-accounts.ts'
import type { Linking } from './compose-accounts.ts'
import { joinCash } from './compose-cash.ts'
import { joinInsurance } from './compose-insurance.ts'
import { joinFreshness } from './compose-liquidation.ts'
import { joinMarkets } from './compose-markets.ts'
import type { JoinedMarkets } from './compose-markets.ts'
import { riskModulePorts, riskPorts } from './compose-risk.ts'
import type { Settlement } from './compose-settlement.ts'
import type { Bridge, Foundation, HubFees } from './compose.ts'
import type { Module } from './block/module.ts'
import type { Cash } from './modules/cash/cash.ts'
import type { GovernedLines } from './modules/governance/ports.ts'
import type { Insurance } from './modules/insurance/insurance.ts'
import { createLines } from './modules/ledger/lines.ts'
import type { Lines } from './modules/ledger/lines.ts'
import { prolongPause, setPause } from './modules/ledger/pauses.ts'
import { oracleModule } from './modules/oracle/module.ts'
import { createOracle } from './modules/oracle/oracle.ts'
import type { Oracle } from './modules/oracle/oracle.ts'
import type { PriceSource, SurfaceSource } from './modules/oracle/price-source.ts'
import { riskModule } from './modules/risk/module.ts'
import { createRisk } from './modules/risk/risk.ts'
import type { Risk } from './modules/risk/risk.ts'
import { createHubBank } from './modules/transfer/hub-bank.ts'
import type { HubBank } from './modules/transfer/hub-bank.ts'
import { FEE_COLLECTOR } from './named-accounts.ts'
import type { VerifySignatures } from './tx/signatures.ts'
import { FREE_EQUITY_E6_MIN } from './tx/token-bucket.ts'

/** What trading needs; what is a function is asked for when a block runs, so that it may be made after. */
export interface TradingParts {
  readonly lightClients: readonly LightClient[]
  readonly verifySignatures: VerifySignatures
  readonly priceSource: PriceSource
  readonly surfaceSource?: SurfaceSource | undefined
  readonly settlement: Settlement
  bridge(): Bridge
}

/** Oracle, lines, markets, cash and risk of a hub. */
export interface Trading {
  readonly oracle: Oracle
  readonly lines: Lines
  readonly markets: JoinedMarkets
  readonly cash: Cash
  readonly risk: Risk
  readonly bank: HubBank
  readonly insurance: Insurance
  readonly fees: HubFees
  /** What becomes of a trader whose wallet is linked to another account. */
  /** What a vote does with lines. */
  readonly governedLines: GovernedLines
  readonly linking: Required<Pick<Linking, 'inUse' | 'move'>>
  /** In block order: the oracle first, then markets, cash, risk, freshness of prices and insurance. */
  readonly modules: readonly Module[]
  /** Ends a block for risk, after whatever changes what anybody has: it finds who is below maintenance. */
  readonly health: Module
}

/** Joins what trading is made of. */
export function joinTrading(foundation: Foundation, parts: TradingParts): Trading {
  const { settlement, lightClients, verifySignatures } = parts
  const { addresses, ledger, transferLedger } = foundation
  const { owingChanged, pendingE6 } = settlement
  const oracle = createOracle(parts.priceSource, parts.surfaceSource)
  const markets = joinMarkets(foundation, {
    ...{ oracle, verifySignatures, owingChanged },
    cash: () => cash,
    risk: () => risk,
  })
  const ports = riskPorts({
    addresses,
    oracle,
    markets: markets.forRisk,
    pendingE6,
    owingChanged,
    cash: () => cash,
  })
  const risk = createRisk(ports)
  const lines = createLines(ledger, { priceE9: (context, asset) => oracle.price(context, asset).priceE9 })
  const joinedCash = joinCash(foundation, {
    ...{ lightClients, oracle, owingChanged },
    lines: () => lines,
    bank: () => bank,
    bridge: parts.bridge,
    risk: () => risk,
    settleTrading: markets.markets.settle,
    sellCollateral: markets.markets.sellCollateral,
    requireSolvent: (context) => insurance.requireSolvent(context),
  })
  const { cash } = joinedCash
  const { checkWithdrawal } = risk
  const bank = createHubBank({
    ...{ addresses, lines, checkWithdrawal, ledger: transferLedger },
    ...joinedCash.bankPorts,
  })
  const riskParts = riskModulePorts({ markets: markets.forRisk, cash: () => cash, lightClients })
  const { endBlock: scan, ...riskPart } = riskModule(risk, ports, riskParts)
  const { insurance, module: insurancePart } = joinInsurance(foundation, {
    ...{ markets, oracle, risk },
    cash: joinedCash,
  })
  const modules = [
    oracleModule(oracle),
    markets.module,
    joinedCash.module,
    riskPart,
    joinedCash.sales,
    joinFreshness(oracle),
    insurancePart,
  ]
  const linking = {
    inUse: [cashInUse, markets.inUse, isolatedInUse(riskParts)],
    move: [markets.endRights, moveIsolated(addresses, riskParts), moveCash(cash)],
  }
  return {
    oracle,
    lines,
    markets,
    cash,
    risk,
    bank,
    insurance,
    fees: tradersFees(cash, risk),
    linking,
    governedLines: governedLines(lines, joinedCash.writeOff),
    modules,
    health: { name: 'health', messages: [], queries: [], ...(scan && { endBlock: scan }) },
  }
}

function governedLines(lines: Lines, writeOff: GovernedLines['writeOff']): GovernedLines {
  return {
    lineName: (context, denom) => lines.find(context, denom).denom,
    writeOff,
    pauseLine(context, { line: denom, seconds, isLonger }) {
      const line = lines.find(context, denom)
      if (isLonger) prolongPause(context, line, seconds)
      else setPause(context, line, seconds)
    },
  }
}

/** Fees in cash, and what an account must be worth to trade without one. */
function tradersFees(cash: Cash, risk: Risk): HubFees {
  return {
    checkFee: risk.checkFee,
    cashFees: {
      freeE6: cash.freeE6,
      pay(context, holder, amountE6) {
        cash.pay(context, holder, FEE_COLLECTOR, amountE6, 'fee')
        risk.checkWithdrawal(context, holder)
      },
    },
    isWorthEnough: (context, account) =>
      risk.equityE6(context, { account, subaccount: 0 }) >= FREE_EQUITY_E6_MIN,
  }
}
