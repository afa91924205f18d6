import type { AuctionCurve } from '../auction/liquidation.ts'
import type { ScenarioModel } from '../model/risk-model.ts'
import type { Account } from '../portfolio/account.ts'
import type { MarketSnapshot } from '../portfolio/market-snapshot.ts'
import { caseReader, type CaseReader } from './decimals.ts'
import type { CaseContext } from './margin-case.ts'
import { readPmrmPortfolio } from './pmrm-case.ts'
import { auctionSettings, pmrmSettings, type PmrmSettings } from './published-settings.ts'

/** A published auction run: the portfolio before it, then bids, each on the portfolio as it then is. */
export interface LiquidationCase {
  readonly name: string
  readonly model: ScenarioModel
  readonly curve: AuctionCurve
  readonly bufferShare: number
  readonly feeShare: number
  readonly startSeconds: number
  readonly initial: Holdings
  /** Fee taken at the start, in cash. */
  readonly expectedFee: number
  readonly actions: readonly LiquidationAction[]
}

/** A portfolio and the market it is in. */
export interface Holdings {
  readonly snapshot: MarketSnapshot
  readonly account: Account
}

/** One bid, and what the file says of it. */
export interface LiquidationAction extends Holdings {
  readonly timeSeconds: number
  /** Fraction of what is left that the bidder wants at most. */
  readonly wanted: number
  readonly expected: Readonly<Record<LiquidationFigure, number>>
}

/** Figures of a bid, as the file names them. MtM includes cash. */
export type LiquidationFigure = (typeof FIGURES)[number]

const FIGURES = [
  'PreMtM',
  'PreMM',
  'PreBM',
  'PreFMax',
  'ExpectedBidPrice',
  'fLiquidatedOfOriginal',
  'PostMtM',
  'PostMM',
  'PostBM',
  'PostFMax',
] as const

/** Reads one run of the liquidation file. Throws `MarginError` 80. */
export function readLiquidationCase(value: unknown, name: string, context: CaseContext): LiquidationCase {
  const settings = pmrmSettings(context, 'liquidation')
  const file = caseReader(value, name, 'e18')
  const startSeconds = file.whole('StartTime')
  return {
    name,
    model: settings.model,
    ...auctionSettings(context),
    startSeconds,
    initial: readHoldings(file.object('InitialPortfolio'), settings, startSeconds),
    expectedFee: caseReader(value, name).number('LiquidationFee'),
    actions: file.objects('Actions').map((action) => readAction(action, settings)),
  }
}

function readAction(action: CaseReader, settings: PmrmSettings): LiquidationAction {
  const timeSeconds = action.whole('Time')
  const results = action.object('Results')
  return {
    timeSeconds,
    ...readHoldings(action.object('PortfolioAndFeeds'), settings, timeSeconds),
    wanted: action.object('Liquidator').number('PercentWant'),
    expected: Object.fromEntries(
      FIGURES.map((figure) => [figure, results.number(figure)]),
    ) as LiquidationAction['expected'],
  }
}

/** Expiries stand on the clock of the run; forwards have no fixed part. */
function readHoldings(portfolio: CaseReader, settings: PmrmSettings, timeSeconds: number): Holdings {
  return readPmrmPortfolio(portfolio, settings, { timeSeconds, splits: false })
}
