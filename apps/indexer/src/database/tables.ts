import type { EntitySchema } from 'typeorm'
import {
  CashChangeEntity,
  CashEntity,
  CashIndexEntity,
  CashPoolEntity,
  ConversionEntity,
  WithdrawalEntity,
} from './cash-entities.ts'
import {
  BlockEntity,
  ChainEntity,
  ClientEntity,
  ClientUpdateEntity,
  TransactionAddressEntity,
  TransactionEntity,
} from './chain-entities.ts'
import {
  AccountFlagEntity,
  QuoteFreezeEntity,
  SessionKeyEntity,
  SurfaceEntity,
  VenueGrantEntity,
  WalletEntity,
} from './holder-entities.ts'
import {
  AccountEntity,
  AssetEntity,
  BalanceChangeEntity,
  BalanceEntity,
  LineEntity,
  PriceEntity,
  PriceHistoryEntity,
} from './hub-entities.ts'
import {
  BookLevelEntity,
  CandleEntity,
  FundingRateEntity,
  MarketEntity,
  SettlementPriceEntity,
  TradeEntity,
} from './market-entities.ts'
import {
  CallRewardEntity,
  MarginCallEntity,
  MarginLevelEntity,
  MarginWaitEntity,
  StandbyLineEntity,
} from './call-entities.ts'
import {
  BankruptcyEntity,
  DeficitChargeEntity,
  DeleveragingEntity,
  InsuranceFlowEntity,
  InsurancePauseEntity,
  SocialisedLossEntity,
} from './insurance-entities.ts'
import { LiquidationBidEntity, LiquidationEntity, LiquidationStepEntity } from './liquidation-entities.ts'
import { PacketEntity, TransferEntity } from './packet-entities.ts'
import {
  FillEntity,
  FundingPaymentEntity,
  OrderEntity,
  PositionEntity,
  SettlementEntity,
} from './trading-entities.ts'
import {
  VaultHoldingEntity,
  VaultRequestEntity,
  VaultStatusEntity,
  VaultWorthEntity,
} from './vault-entities.ts'

/** Every table that projection writes, by the name that its changes use. */
export const tables = {
  block: BlockEntity,
  transaction: TransactionEntity,
  transactionAddress: TransactionAddressEntity,
  client: ClientEntity,
  clientUpdate: ClientUpdateEntity,
  packet: PacketEntity,
  transfer: TransferEntity,
  account: AccountEntity,
  balance: BalanceEntity,
  balanceChange: BalanceChangeEntity,
  asset: AssetEntity,
  line: LineEntity,
  price: PriceEntity,
  priceHistory: PriceHistoryEntity,
  surface: SurfaceEntity,
  market: MarketEntity,
  bookLevel: BookLevelEntity,
  trade: TradeEntity,
  candle: CandleEntity,
  fundingRate: FundingRateEntity,
  settlementPrice: SettlementPriceEntity,
  order: OrderEntity,
  fill: FillEntity,
  position: PositionEntity,
  settlement: SettlementEntity,
  fundingPayment: FundingPaymentEntity,
  cash: CashEntity,
  cashChange: CashChangeEntity,
  cashIndex: CashIndexEntity,
  cashPool: CashPoolEntity,
  conversion: ConversionEntity,
  withdrawal: WithdrawalEntity,
  wallet: WalletEntity,
  sessionKey: SessionKeyEntity,
  accountFlag: AccountFlagEntity,
  venueGrant: VenueGrantEntity,
  quoteFreeze: QuoteFreezeEntity,
  liquidation: LiquidationEntity,
  liquidationStep: LiquidationStepEntity,
  liquidationBid: LiquidationBidEntity,
  marginLevel: MarginLevelEntity,
  standbyLine: StandbyLineEntity,
  marginCall: MarginCallEntity,
  callReward: CallRewardEntity,
  marginWait: MarginWaitEntity,
  insuranceFlow: InsuranceFlowEntity,
  deficitCharge: DeficitChargeEntity,
  deleveraging: DeleveragingEntity,
  bankruptcy: BankruptcyEntity,
  insurancePause: InsurancePauseEntity,
  socialisedLoss: SocialisedLossEntity,
  vaultHolding: VaultHoldingEntity,
  vaultRequest: VaultRequestEntity,
  vaultStatus: VaultStatusEntity,
  vaultWorth: VaultWorthEntity,
} as const

/** All entities, the cursor's table first. */
export const entities: EntitySchema[] = [ChainEntity, ...Object.values(tables)] as EntitySchema[]
