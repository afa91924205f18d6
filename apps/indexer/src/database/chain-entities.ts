// What is known of each followed chain: the cursor, and thin rows of its blocks and transactions.

import { EntitySchema } from 'typeorm'
import { count, flag, key, optional, text, timeNanoseconds, u64 } from './columns.ts'

/**
 * The cursor of one followed chain: the last verified and projected block. Written with the rows of that
 * block.
 */
export type ChainRow = {
  chainId: string
  role: string
  rootHeight: bigint
  rootHash: string
  height: bigint
  blockHash: string
  timeNanoseconds: bigint
  appHash: string
  validatorsHash: string
  nextValidatorsHash: string
  resultsHash: string
}

/** One verified block. `appHash` is the header's: the state after the block before. */
export type BlockRow = {
  chainId: string
  height: bigint
  hash: string
  timeNanoseconds: bigint
  appHash: string
  nextValidatorsHash: string
  proposer: string
  transactionCount: number
}

/** One transaction that was in a block, successful (code 0) or not. */
export type TransactionRow = {
  chainId: string
  height: bigint
  position: number
  hash: string
  code: bigint
  codespace: string
  gasUsed: bigint
}

/** An address that a transaction's events name. */
export type TransactionAddressRow = { chainId: string; address: string; height: bigint; position: number }

/** Entity of `ChainRow`. */
export const ChainEntity = new EntitySchema<ChainRow>({
  name: 'Chain',
  tableName: 'chain',
  columns: {
    chainId: key({ ...text, name: 'chain_id' }),
    role: text,
    rootHeight: { ...u64, name: 'root_height' },
    rootHash: { ...text, name: 'root_hash' },
    height: u64,
    blockHash: { ...text, name: 'block_hash' },
    timeNanoseconds: { ...timeNanoseconds, name: 'time_nanoseconds' },
    appHash: { ...text, name: 'app_hash' },
    validatorsHash: { ...text, name: 'validators_hash' },
    nextValidatorsHash: { ...text, name: 'next_validators_hash' },
    resultsHash: { ...text, name: 'results_hash' },
  },
})

/** Entity of `BlockRow`. */
export const BlockEntity = new EntitySchema<BlockRow>({
  name: 'Block',
  tableName: 'block',
  columns: {
    chainId: key({ ...text, name: 'chain_id' }),
    height: key(u64),
    hash: text,
    timeNanoseconds: { ...timeNanoseconds, name: 'time_nanoseconds' },
    appHash: { ...text, name: 'app_hash' },
    nextValidatorsHash: { ...text, name: 'next_validators_hash' },
    proposer: text,
    transactionCount: { ...count, name: 'transaction_count' },
  },
})

/** Entity of `TransactionRow`. */
export const TransactionEntity = new EntitySchema<TransactionRow>({
  name: 'Transaction',
  tableName: 'transaction',
  columns: {
    chainId: key({ ...text, name: 'chain_id' }),
    height: key(u64),
    position: key(count),
    hash: text,
    code: u64,
    codespace: text,
    gasUsed: { ...u64, name: 'gas_used' },
  },
})

/** Entity of `TransactionAddressRow`. */
export const TransactionAddressEntity = new EntitySchema<TransactionAddressRow>({
  name: 'TransactionAddress',
  tableName: 'transaction_address',
  columns: {
    chainId: key({ ...text, name: 'chain_id' }),
    address: key(text),
    height: key(u64),
    position: key(count),
  },
})

/** One IBC client on a followed chain, as its creator declared it. */
export type ClientRow = {
  chainId: string
  clientId: string
  clientType: string
  /** The chain it says it tracks; null when its state isn't known. */
  trackedChainId: string | null
  trustingPeriodSeconds: bigint | null
  initialRevisionHeight: bigint | null
  initialRoot: string | null
  initialNextValidatorsHash: string | null
  initialTimeNanoseconds: bigint | null
  createdHeight: bigint | null
  createdTransaction: string | null
  createdTimeNanoseconds: bigint | null
  counterpartyClientId: string | null
  counterpartyMerklePrefix: string | null
  lastUpdateHeight: bigint | null
  lastUpdateTransaction: string | null
  lastUpdateTimeNanoseconds: bigint | null
  frozen: boolean
}

/** The first time a client on a followed chain reached one height of the chain that it tracks. */
export type ClientUpdateRow = {
  chainId: string
  clientId: string
  revisionNumber: bigint
  revisionHeight: bigint
  height: bigint
  transaction: string
  timeNanoseconds: bigint
}

/** Entity of `ClientRow`. */
export const ClientEntity = new EntitySchema<ClientRow>({
  name: 'Client',
  tableName: 'client',
  columns: {
    chainId: key({ ...text, name: 'chain_id' }),
    clientId: key({ ...text, name: 'client_id' }),
    clientType: { ...text, name: 'client_type' },
    trackedChainId: optional({ ...text, name: 'tracked_chain_id' }),
    trustingPeriodSeconds: optional({ ...u64, name: 'trusting_period_seconds' }),
    initialRevisionHeight: optional({ ...u64, name: 'initial_revision_height' }),
    initialRoot: optional({ ...text, name: 'initial_root' }),
    initialNextValidatorsHash: optional({ ...text, name: 'initial_next_validators_hash' }),
    initialTimeNanoseconds: optional({ ...timeNanoseconds, name: 'initial_time_nanoseconds' }),
    createdHeight: optional({ ...u64, name: 'created_height' }),
    createdTransaction: optional({ ...text, name: 'created_transaction' }),
    createdTimeNanoseconds: optional({ ...timeNanoseconds, name: 'created_time_nanoseconds' }),
    counterpartyClientId: optional({ ...text, name: 'counterparty_client_id' }),
    counterpartyMerklePrefix: optional({ ...text, name: 'counterparty_merkle_prefix' }),
    lastUpdateHeight: optional({ ...u64, name: 'last_update_height' }),
    lastUpdateTransaction: optional({ ...text, name: 'last_update_transaction' }),
    lastUpdateTimeNanoseconds: optional({ ...timeNanoseconds, name: 'last_update_time_nanoseconds' }),
    frozen: { ...flag, default: false },
  },
})

/** Entity of `ClientUpdateRow`. */
export const ClientUpdateEntity = new EntitySchema<ClientUpdateRow>({
  name: 'ClientUpdate',
  tableName: 'client_update',
  columns: {
    chainId: key({ ...text, name: 'chain_id' }),
    clientId: key({ ...text, name: 'client_id' }),
    revisionNumber: key({ ...u64, name: 'revision_number' }),
    revisionHeight: key({ ...u64, name: 'revision_height' }),
    height: u64,
    transaction: text,
    timeNanoseconds: { ...timeNanoseconds, name: 'time_nanoseconds' },
  },
})
