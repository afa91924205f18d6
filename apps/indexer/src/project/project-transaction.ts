import type { BlockEvent, BlockTransaction, ChainBlock } from './block.ts'
import { change, type Change } from './change.ts'

const ADDRESSES_MAX = 1000
const ADDRESS = /^[\w./-]{3,128}$/

/** Attributes that hold an address, by event type. */
const addressKeys: Record<string, readonly string[]> = {
  message: ['sender'],
  tx: ['fee_payer'],
  transfer: ['sender', 'recipient'],
  coin_spent: ['spender'],
  coin_received: ['receiver'],
  ibc_transfer: ['sender', 'receiver'],
  fungible_token_packet: ['sender', 'receiver'],
  'causeway.ledger.v1.balance': ['account'],
  'causeway.accounts.v1.created': ['account'],
}

/** The thin row of a transaction, failed ones included, and one row for each address that its events name. */
export function projectTransaction(
  block: ChainBlock,
  transaction: BlockTransaction,
  position: number,
): Change[] {
  const { chainId, height } = block
  const { hash, codespace, gasUsed } = transaction
  const row = { hash, code: BigInt(transaction.code), codespace, gasUsed: gasUsed < 0n ? 0n : gasUsed }
  const addresses = new Set(transaction.events.flatMap(addressesIn))
  return [
    change('transaction', { chainId, height, position }, row),
    ...[...addresses]
      .slice(0, ADDRESSES_MAX)
      .map((address) => change('transactionAddress', { chainId, address, height, position }, {})),
  ]
}

function addressesIn({ type, attributes }: BlockEvent): string[] {
  const keys = addressKeys[type]
  if (keys === undefined) return []
  return attributes
    .filter(({ key, value }) => keys.includes(key) && ADDRESS.test(value))
    .map(({ value }) => value)
}
