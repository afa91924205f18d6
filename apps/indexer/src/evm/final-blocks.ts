import { equalBytes } from '@causeway/primitives'
import { EndpointError } from '../follow/endpoint-error.ts'
import type { EvmRpc } from './evm-rpc.ts'
import { mayHaveLogsOf, type ExecutionHeader } from './execution-header.ts'

/** Which blocks are asked for. */
export type BlockRange = {
  readonly from: bigint
  /** A block known to be final. */
  readonly to: { readonly number: bigint; readonly hash: Uint8Array }
  /** Hash of the block before `from`; undefined when it isn't known. */
  readonly parentHash: Uint8Array | undefined
}

/**
 * The headers, ascending, of those blocks that may have logs of a contract, and of the last block. Each is
 * linked by hashes to the final one, so that none can be made up and, by the bloom filters in them, none be
 * left out. Throws an `EndpointError`.
 */
export async function findBlocksOf(
  rpc: EvmRpc,
  { from, to, parentHash }: BlockRange,
  contract: Uint8Array,
  parallel: number,
  signal: AbortSignal,
): Promise<ExecutionHeader[]> {
  const found: ExecutionHeader[] = []
  let expected = to.hash
  for (let top = to.number; top >= from; top -= BigInt(parallel)) {
    signal.throwIfAborted()
    const count = Number(min(BigInt(parallel), top - from + 1n))
    const numbers = Array.from({ length: count }, (_, index) => top - BigInt(index))
    for (const header of await Promise.all(numbers.map((number) => rpc.headerByNumber(number, signal)))) {
      if (!equalBytes(header.hash, expected)) {
        throw new EndpointError('wrong-parent', `block ${header.number} is not on the final chain`)
      }
      if (header.number === to.number || mayHaveLogsOf(header, contract)) found.push(header)
      expected = header.parentHash
    }
  }
  if (parentHash !== undefined && !equalBytes(parentHash, expected)) {
    throw new EndpointError('wrong-parent', `block ${from} does not follow the one in the tables`)
  }
  return found.reverse()
}

function min(a: bigint, b: bigint): bigint {
  return a < b ? a : b
}
