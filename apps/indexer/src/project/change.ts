import type {
  BlockRow,
  ClientRow,
  ClientUpdateRow,
  TransactionAddressRow,
  TransactionRow,
} from '../database/chain-entities.ts'
import type {
  AccountRow,
  AssetRow,
  BalanceChangeRow,
  BalanceRow,
  LineRow,
  PriceRow,
} from '../database/hub-entities.ts'
import type {
  CashChangeRow,
  CashIndexRow,
  CashPoolRow,
  CashRow,
  ConversionRow,
  WithdrawalRow,
} from '../database/cash-entities.ts'
import type {
  AccountFlagRow,
  QuoteFreezeRow,
  SessionKeyRow,
  SurfaceRow,
  VenueGrantRow,
  WalletRow,
} from '../database/holder-entities.ts'
import type {
  BookLevelRow,
  CandleRow,
  FundingRateRow,
  MarketRow,
  SettlementPriceRow,
  TradeRow,
} from '../database/market-entities.ts'
import type {
  CallRewardRow,
  MarginCallRow,
  MarginLevelRow,
  MarginWaitRow,
  StandbyLineRow,
} from '../database/call-entities.ts'
import type {
  BankruptcyRow,
  DeficitChargeRow,
  DeleveragingRow,
  InsuranceFlowRow,
  InsurancePauseRow,
  SocialisedLossRow,
} from '../database/insurance-entities.ts'
import type {
  LiquidationBidRow,
  LiquidationRow,
  LiquidationStepRow,
} from '../database/liquidation-entities.ts'
import type { PacketRow, TransferRow } from '../database/packet-entities.ts'
import type {
  FillRow,
  FundingPaymentRow,
  OrderRow,
  PositionRow,
  SettlementRow,
} from '../database/trading-entities.ts'
import type {
  VaultHoldingRow,
  VaultRequestRow,
  VaultStatusRow,
  VaultWorthRow,
} from '../database/vault-entities.ts'

/** The row type of each projected table. */
export type Rows = {
  block: BlockRow
  transaction: TransactionRow
  transactionAddress: TransactionAddressRow
  client: ClientRow
  clientUpdate: ClientUpdateRow
  packet: PacketRow
  transfer: TransferRow
  account: AccountRow
  balance: BalanceRow
  balanceChange: BalanceChangeRow
  asset: AssetRow
  line: LineRow
  price: PriceRow
  priceHistory: PriceRow
  surface: SurfaceRow
  market: MarketRow
  bookLevel: BookLevelRow
  trade: TradeRow
  candle: CandleRow
  fundingRate: FundingRateRow
  settlementPrice: SettlementPriceRow
  order: OrderRow
  fill: FillRow
  position: PositionRow
  settlement: SettlementRow
  fundingPayment: FundingPaymentRow
  cash: CashRow
  cashChange: CashChangeRow
  cashIndex: CashIndexRow
  cashPool: CashPoolRow
  conversion: ConversionRow
  withdrawal: WithdrawalRow
  wallet: WalletRow
  sessionKey: SessionKeyRow
  accountFlag: AccountFlagRow
  venueGrant: VenueGrantRow
  quoteFreeze: QuoteFreezeRow
  liquidation: LiquidationRow
  liquidationStep: LiquidationStepRow
  liquidationBid: LiquidationBidRow
  marginLevel: MarginLevelRow
  standbyLine: StandbyLineRow
  marginCall: MarginCallRow
  callReward: CallRewardRow
  marginWait: MarginWaitRow
  insuranceFlow: InsuranceFlowRow
  deficitCharge: DeficitChargeRow
  deleveraging: DeleveragingRow
  bankruptcy: BankruptcyRow
  insurancePause: InsurancePauseRow
  socialisedLoss: SocialisedLossRow
  vaultHolding: VaultHoldingRow
  vaultRequest: VaultRequestRow
  vaultStatus: VaultStatusRow
  vaultWorth: VaultWorthRow
}

/** The name of a projected table. */
export type TableName = keyof Rows

/**
 * One row change. `once` columns are written only when the row is new, `set` columns always: so two chains
 * can fill their own columns of one row in either order with the same outcome.
 */
export type Change = {
  readonly table: TableName
  readonly key: Readonly<Record<string, Cell>>
  readonly once: Readonly<Record<string, Cell>>
  readonly set: Readonly<Record<string, Cell>>
  /** Columns that keep the least, or the greatest, of all values written, or their sum. */
  readonly least: Readonly<Record<string, bigint>>
  readonly most: Readonly<Record<string, bigint>>
  readonly sum: Readonly<Record<string, bigint>>
}

/** Columns in which what is written joins what is there. */
export type Joined<Row> = { least?: Partial<Row>; most?: Partial<Row>; sum?: Partial<Row> }

/** What a column may hold. */
export type Cell = string | bigint | number | boolean | null

/** Makes a change whose columns are checked against the table's row type. */
export function change<T extends TableName>(
  table: T,
  key: Partial<Rows[T]>,
  once: Partial<Rows[T]>,
  set: Partial<Rows[T]> = {},
  { least = {}, most = {}, sum = {} }: Joined<Rows[T]> = {},
): Change {
  return { table, key, once, set, least, most, sum } as Change
}

/** Joins changes of the same row, in order, into one per row: the same outcome with fewer statements. */
export function mergeChanges(changes: readonly Change[]): Change[] {
  const merged = new Map<string, Change>()
  for (const next of changes) {
    const id = rowId(next)
    const earlier = merged.get(id)
    merged.set(id, earlier === undefined ? next : join(earlier, next))
  }
  return [...merged.values()]
}

/** A text that names a change's row: table and key columns by name. */
export function rowId({ table, key }: Change): string {
  const parts = Object.keys(key).sort()
  return JSON.stringify([table, ...parts.map((name) => [name, String(key[name])])])
}

function join(earlier: Change, next: Change): Change {
  return {
    table: earlier.table,
    key: earlier.key,
    once: { ...next.once, ...earlier.once },
    set: { ...earlier.set, ...next.set },
    least: joinCells(earlier.least, next.least, (a, b) => (b < a ? b : a)),
    most: joinCells(earlier.most, next.most, (a, b) => (b > a ? b : a)),
    sum: joinCells(earlier.sum, next.sum, (a, b) => a + b),
  }
}

type Cells = Readonly<Record<string, bigint>>

/** Joins each column's values by a rule. */
export function joinCells(a: Cells, b: Cells, rule: (a: bigint, b: bigint) => bigint): Cells {
  const names = Object.keys(b)
  if (names.length === 0) return a
  const result: Record<string, bigint> = { ...a }
  for (const name of names) {
    const earlier = result[name]
    result[name] = earlier === undefined ? b[name]! : rule(earlier, b[name]!)
  }
  return result
}
