import { RelayError } from '../errors.ts'
import type { EthApi, EthLog, LogFilter } from './eth-api.ts'
import { EthRefusal } from './eth-api.ts'

/** A request that one node refuses because of its length is halved down to this many blocks. */
const BLOCKS_PER_REQUEST_MIN = 16n

/**
 * Logs of a range of blocks, all of one endpoint. Providers bound the blocks or the results of a request,
 * each differently: a range that is refused is halved. Throws `RelayError`.
 */
export async function searchLogs(
  api: EthApi,
  filter: LogFilter,
  fromBlock: bigint,
  toBlock: bigint,
): Promise<EthLog[]> {
  if (toBlock < fromBlock) return []
  try {
    return [...(await api.logs(filter, fromBlock, toBlock))]
  } catch (error) {
    if (!(error instanceof EthRefusal) || toBlock - fromBlock < BLOCKS_PER_REQUEST_MIN) throw error
    const middle = fromBlock + (toBlock - fromBlock) / 2n
    const older = await searchLogs(api, filter, fromBlock, middle)
    return [...older, ...(await searchLogs(api, filter, middle + 1n, toBlock))]
  }
}

/** Blocks of the first look backwards; each look takes twice as many. */
const FIRST_LOOK_BLOCKS = 8_192n

/**
 * The newest log that the filter lets through, looked for backwards from the endpoint's newest block;
 * `undefined`: it has none.
 */
export async function findNewestLog(
  api: EthApi,
  filter: LogFilter,
  fromBlock: bigint,
): Promise<EthLog | undefined> {
  let { number: end } = await api.block('latest')
  for (let length = FIRST_LOOK_BLOCKS; end >= fromBlock; length *= 2n) {
    const start = end - length + 1n > fromBlock ? end - length + 1n : fromBlock
    const newest = (await searchLogs(api, filter, start, end)).at(-1)
    if (newest !== undefined) return newest
    end = start - 1n
  }
  return undefined
}

/** Refuses an endpoint whose block is not the one that was finalised: it is behind, or on another branch. */
export async function requireSameBlock(api: EthApi, number: bigint, hash: string): Promise<void> {
  const block = await api.block(number)
  if (block.hash.toLowerCase() === hash.toLowerCase()) return
  throw new RelayError(
    'endpoint',
    'now',
    `${api.url} answered nonsense: block ${number} is not the final one`,
  )
}
