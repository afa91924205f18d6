import { InvalidArgumentError } from 'commander'
import type { IndexerConfigInput } from '../config.ts'

/** A chain as the command line names it. */
export type ChainOption = IndexerConfigInput['hub']

/** Reads `ibc-a=http://one:26657,http://two:26657@12:HASH`. Throws `InvalidArgumentError`. */
export function parseChain(text: string): ChainOption {
  const match = /^([^=]{1,50})=([^@]+)(?:@(\d{1,19})(?::([0-9a-fA-F]{64}))?)?$/.exec(text)
  if (match === null) throw new InvalidArgumentError('expected id=url[,url…][@height[:hash]]')
  const [, chainId, urls, height, hash] = match
  const root = height === undefined ? undefined : { height: BigInt(height), hash }
  return { chainId: chainId!, rpcUrls: urls!.split(','), root }
}
