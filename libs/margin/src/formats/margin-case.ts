import type { RiskModel } from '../model/risk-model.ts'
import type { Account } from '../portfolio/account.ts'
import type { MarketSnapshot } from '../portfolio/market-snapshot.ts'

/** One account in one market under one model, read from a file, with what the file says comes out. */
export interface MarginCase {
  readonly name: string
  readonly model: RiskModel
  readonly snapshot: MarketSnapshot
  readonly account: Account
  readonly expected: ExpectedResult
}

/** What a file says comes out, in cash; a figure that it doesn't give is missing. */
export interface ExpectedResult {
  readonly initialMargin?: number
  readonly maintenanceMargin?: number
  /** Mark to market and cash together. */
  readonly value?: number
  readonly optionMark?: number
  readonly collateralMark?: number
  /** Basis contingency, ≤ 0. */
  readonly basis?: number
  /** Maintenance charges of perpetuals, collateral and options together. */
  readonly maintenanceCharges?: number
  /** Profit by scenario in the model's order; `undefined` where the file's figure means something else. */
  readonly scenarioProfits?: readonly (number | undefined)[]
}

/** Files that stand beside cases and belong to them: settings that the cases themselves don't hold. */
export interface CaseContext {
  /** Content of `environment.json` beside the file or in the folder above, from `parseExactJson`. */
  readonly environment?: unknown
}
