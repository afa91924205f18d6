import type { EntityManager } from 'typeorm'
import { fromHex, toHex, toHexUpper } from '@causeway/primitives'
import { ChainEntity, type ChainRow } from '../database/chain-entities.ts'
import { EndpointError } from './endpoint-error.ts'
import type { VerifiedHead } from './verify-block.ts'

/** Whether a chain is the hub or one that is connected to it. */
export type ChainRole = 'hub' | 'zone'

/** The last block that is in the tables; undefined before the first. */
export async function loadCursor(manager: EntityManager, chainId: string): Promise<VerifiedHead | undefined> {
  const row = await manager.findOneBy(ChainEntity, { chainId })
  return row === null ? undefined : fromRow(row)
}

/**
 * Moves the cursor inside the caller's transaction. It must stand where the caller last saw it: two indexers
 * on one database can't both write a block. Throws `cursor-moved`.
 */
export async function moveCursor(
  manager: EntityManager,
  chain: { chainId: string; role: ChainRole },
  from: VerifiedHead | undefined,
  root: VerifiedHead,
  to: VerifiedHead,
): Promise<void> {
  const columns = toColumns(to)
  if (from === undefined) {
    const rootColumns = { rootHeight: root.height, rootHash: toHexUpper(root.blockHash) }
    const row = { ...chain, ...rootColumns, ...columns }
    const inserted = await manager
      .createQueryBuilder()
      .insert()
      .into(ChainEntity)
      .values(row)
      .orIgnore()
      .returning('role')
      .execute()
    if ((inserted.raw as unknown[]).length !== 1) throw moved(chain.chainId)
    return
  }
  const where = { chainId: chain.chainId, height: from.height, blockHash: toHexUpper(from.blockHash) }
  const { affected } = await manager.update(ChainEntity, where, columns)
  if (affected !== 1) throw moved(chain.chainId)
}

function moved(chainId: string): EndpointError {
  return new EndpointError('cursor-moved', `another process writes ${chainId} into this database`)
}

function toColumns(head: VerifiedHead): Omit<ChainRow, 'chainId' | 'role' | 'rootHeight' | 'rootHash'> {
  return {
    height: head.height,
    blockHash: toHexUpper(head.blockHash),
    timeNanoseconds: head.timeNanoseconds,
    appHash: toHex(head.appHash),
    validatorsHash: toHex(head.validatorsHash),
    nextValidatorsHash: toHex(head.nextValidatorsHash),
    resultsHash: toHex(head.resultsHash),
  }
}

function fromRow(row: ChainRow): VerifiedHead {
  return {
    height: row.height,
    blockHash: fromHex(row.blockHash.toLowerCase()),
    timeNanoseconds: row.timeNanoseconds,
    appHash: fromHex(row.appHash),
    validatorsHash: fromHex(row.validatorsHash),
    nextValidatorsHash: fromHex(row.nextValidatorsHash),
    resultsHash: fromHex(row.resultsHash),
  }
}
