import { InvalidArgumentError } from 'commander'
import type { IndexerConfigInput } from '../config.ts'

/** An EVM chain as the command line names it. */
export type EvmChainOption = NonNullable<IndexerConfigInput['evmChains']>[number]

/** A Solana cluster as the command line names it. */
export type SolanaChainOption = NonNullable<IndexerConfigInput['solanaChains']>[number]

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

/** Reads `eip155:1=RPC[,RPC…];BEACON[,BEACON…];CORE@BLOCK[:ROOT]`. Throws `InvalidArgumentError`. */
export function parseEvmChain(text: string): EvmChainOption {
  const match =
    /^(eip155:\d{1,32})=([^;]+);([^;]+);(0x[0-9a-fA-F]{40})@(\d{1,19})(?::(0x[0-9a-fA-F]{64}))?$/.exec(text)
  if (match === null) {
    throw new InvalidArgumentError('expected eip155:id=rpc[,rpc…];beacon[,beacon…];core@block[:beacon root]')
  }
  const [, chainId, rpcUrls, beaconUrls, core, fromBlock, beaconRoot] = match
  return {
    chainId: chainId!,
    rpcUrls: rpcUrls!.split(','),
    beaconUrls: beaconUrls!.split(','),
    core: core!,
    fromBlock: BigInt(fromBlock!),
    ...(beaconRoot === undefined ? {} : { beaconRoot }),
  }
}

/** Reads `solana:5eykt4UsFv8P8NJdTREpY1vzqKqZKvdp=RPC[,RPC…];CORE@SLOT`. Throws `InvalidArgumentError`. */
export function parseSolanaChain(text: string): SolanaChainOption {
  const match = /^(solana:\w{32})=([^;]+);(\w{32,44})@(\d{1,19})$/.exec(text)
  if (match === null) throw new InvalidArgumentError('expected solana:genesis=rpc[,rpc…];core@slot')
  const [, chainId, rpcUrls, core, fromSlot] = match
  return { chainId: chainId!, rpcUrls: rpcUrls!.split(','), core: core!, fromSlot: BigInt(fromSlot!) }
}
