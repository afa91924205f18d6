import type { EntitySchema } from 'typeorm'
import {
  BlockEntity,
  ChainEntity,
  ClientEntity,
  ClientUpdateEntity,
  TransactionAddressEntity,
  TransactionEntity,
} from './chain-entities.ts'
import {
  AccountEntity,
  AssetEntity,
  BalanceChangeEntity,
  BalanceEntity,
  LineEntity,
  PriceEntity,
  PriceHistoryEntity,
} from './hub-entities.ts'
import { PacketEntity, TransferEntity } from './packet-entities.ts'

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
} as const

/** All entities, the cursor's table first. */
export const entities: EntitySchema[] = [ChainEntity, ...Object.values(tables)] as EntitySchema[]
