export { collateralValueE6, totalCollateralValueE6 } from './collateral-value.ts'
export type { Collateral } from './collateral-value.ts'
export { isMarginError, MarginError, marginErrors } from './errors.ts'
export type { MarginErrorDetail } from './errors.ts'
export { goldenMismatches } from './golden/golden-bits.ts'
export type { GoldenRows, GoldenTable } from './golden/golden-bits.ts'
export type { OptionColumns, OptionKernel, Shock } from './kernel/columns.ts'
export { optionKernel } from './kernel/option-kernel.ts'
export { scalarKernel } from './kernel/scalar-kernel.ts'
export { exp } from './math/exp.ts'
export { ln, pow } from './math/ln.ts'
export { normalCdf, normalInverse, normalPdf } from './math/normal.ts'
export { black76, logMoneyness } from './pricing/black76.ts'
export { black76Greeks, blackScholesGreeks } from './pricing/greeks.ts'
export type { ForwardGreeks, ForwardOption, SpotGreeks, SpotOption } from './pricing/greeks.ts'
export { impliedTotalVolatility, impliedVolatility } from './pricing/implied-volatility.ts'
export { futureValue, perpetualValue } from './pricing/linear.ts'
export type { LinearPosition, PerpetualPosition } from './pricing/linear.ts'
export { annualise, observedPart, settlementForward } from './pricing/settlement.ts'
export type { IndexObservation, SettlementForward } from './pricing/settlement.ts'
export {
  butterflyDensity,
  butterflyViolations,
  calendarViolations,
  checkNoArbitrage,
  wingSlope,
} from './pricing/svi-arbitrage.ts'
export type { ButterflyViolation, CalendarViolation, MoneynessGrid } from './pricing/svi-arbitrage.ts'
export { calibrateSvi } from './pricing/svi-calibration.ts'
export type { SviCalibration, VolatilityQuote } from './pricing/svi-calibration.ts'
export { MEDOID_MONEYNESS, medoidOf } from './pricing/svi-medoid.ts'
export type { WeightedSmiles } from './pricing/svi-medoid.ts'
export { sviFromIntegers, sviToIntegers } from './pricing/svi-integers.ts'
export type { SviIntegers } from './pricing/svi-integers.ts'
export { sviVariance, sviVolatility } from './pricing/svi.ts'
export type { SviSurface } from './pricing/svi.ts'
export type { RiskModel, ScenarioModel, StandardModel, LinearModel, E18 } from './model/risk-model.ts'
export { readRiskModel } from './model/read-risk-model.ts'
export { riskModelSchema } from './model/risk-model-schema.ts'
export { presets } from './model/presets.ts'
export type {
  AssetSnapshot,
  ExpirySnapshot,
  MarkVol,
  MarketSnapshot,
  PerpSnapshot,
  UnderlyingSnapshot,
} from './portfolio/market-snapshot.ts'
export { splitForward } from './portfolio/market-snapshot.ts'
export type {
  Account,
  CollateralPosition,
  FuturePosition,
  OptionPosition,
  OptionTerms,
  PerpPosition,
} from './portfolio/account.ts'
export { POSITIONS_MAX } from './portfolio/account.ts'
export { createPortfolio } from './portfolio/portfolio.ts'
export type { Portfolio } from './portfolio/portfolio.ts'
export { createRiskMarket, withOptions } from './portfolio/risk-market.ts'
export type { RiskMarket } from './portfolio/risk-market.ts'
export {
  amountFromBaseUnits,
  cashFromE6,
  priceFromE9,
  sizeFromE9,
  toMicroCashDown,
  toMicroCashUp,
} from './portfolio/ledger-units.ts'
export { evaluate, evaluatePortfolio } from './requirement/evaluate.ts'
export type {
  Charges,
  Factors,
  GroupRequirement,
  Requirement,
  UnderlyingRequirement,
} from './requirement/requirement.ts'
export { accountValue, noMargins, valueAccount } from './requirement/value-account.ts'
export type { Margins } from './requirement/value-account.ts'
export { createWorkspace } from './requirement/workspace.ts'
export type { Workspace } from './requirement/workspace.ts'
export {
  auctionDiscount,
  auctionPrice,
  bufferMargin,
  HUB_AUCTION_CURVE,
  HUB_BUFFER_SHARE,
  insolventPrice,
  maximumFraction,
  startFee,
} from './auction/liquidation.ts'
export type { AuctionCurve, AuctionState } from './auction/liquidation.ts'
export { afterBid } from './auction/liquidate-fraction.ts'
export { coversOrders } from './auction/covers-orders.ts'
export type { OrderSum } from './auction/covers-orders.ts'
export { reserveOrders } from './auction/order-reservation.ts'
export type { OrderReservation } from './auction/order-reservation.ts'
export { instrumentIndex } from './auction/open-orders.ts'
export type { OpenOrder, OrderInstrument } from './auction/open-orders.ts'
export { HUB_PENDING_CREDIT, pendingCreditE6 } from './credit/pending-credit.ts'
export type { PendingCreditTerms, PendingDeposit } from './credit/pending-credit.ts'
export { accrueInterest, borrowRate, cashWithInterestE6, HUB_BORROW_TERMS } from './credit/borrow-interest.ts'
export type { BorrowTerms, CashPool } from './credit/borrow-interest.ts'
export type { Bid } from './auction/liquidate-fraction.ts'
export { parseExactJson } from './formats/exact-number.ts'
export { readMarginCases } from './formats/read-margin-cases.ts'
export type { CaseFormat, UnreadCase } from './formats/read-margin-cases.ts'
export type { CaseContext, ExpectedResult, MarginCase } from './formats/margin-case.ts'
export type { Holdings, LiquidationAction, LiquidationCase } from './formats/liquidation-case.ts'
export { runLiquidation } from './formats/run-liquidation.ts'
export type { LiquidationRun } from './formats/run-liquidation.ts'
export { differences, liquidationDifferences } from './formats/differences.ts'
export type { Difference } from './formats/differences.ts'
export { createBook, moveBook, putAccount } from './scan/book.ts'
export type { Book } from './scan/book.ts'
export { moveBounds } from './scan/move-bounds.ts'
export { boundHealth, boundHealthAbove, scan } from './scan/scan.ts'
export type { AccountBelow, Scan } from './scan/scan.ts'
export type { MoveBounds } from './scan/slot-move.ts'
export { explain, explainPortfolio } from './explain/explain.ts'
export type {
  Contribution,
  ContributionKind,
  ExplainedGroup,
  ExplainedPosition,
  ExplainedRequirement,
  ExplainedScenario,
  ExplainedUnderlying,
  Explanation,
} from './explain/explanation.ts'
export { optionValue } from './explain/held-positions.ts'
export type { Instrument } from './explain/held-positions.ts'
export { jsonOf } from './explain/json-of.ts'
export type { JsonOf } from './explain/json-of.ts'
export { accountGreeks, portfolioGreeks } from './greeks/account-greeks.ts'
export type { AccountGreeks, CashGreeks, PositionGreeks } from './greeks/account-greeks.ts'
export { applyTrades } from './plan/apply-trades.ts'
export { closingTrades } from './plan/closing-trades.ts'
export type { ClosingPlan } from './plan/closing-trades.ts'
export { largestSize } from './plan/largest-size.ts'
export type { LargestSize, SizeQuestion } from './plan/largest-size.ts'
export { liquidationDistance, liquidationPrices } from './plan/liquidation-distance.ts'
export type { JointMove, LiquidationPrice } from './plan/liquidation-distance.ts'
export { movedSnapshot } from './plan/moved-snapshot.ts'
export type { MarketMove } from './plan/moved-snapshot.ts'
export { orderMargin } from './plan/order-margin.ts'
export type { OrderMargin } from './plan/order-margin.ts'
export type { Trade } from './plan/trade.ts'
export { withTradedOptions } from './plan/traded-options.ts'
export type { PortfolioInMarket } from './plan/traded-options.ts'
export { createWhatIf, whatIf } from './plan/what-if.ts'
export type { MarginFigures, WhatIf, WhatIfResult } from './plan/what-if.ts'
