import type { LightClientHeader } from './containers.ts'
import type { ChainConfig } from './forks.ts'
import { EXECUTION_PAYLOAD_GINDEX, depthOf, executionBlockHashIndex, forkAt, isForkFrom } from './forks.ts'
import { executionPayloadHeaderRoot } from './hash-tree-root.ts'
import { ZERO_ROOT, branchRoot, isValidBranch } from './merkle-branch.ts'

/*
 * What a light client header proves of the execution layer. The specification upgrades older data to the
 * newest shape first; here each shape is judged by the fork of the header's slot, which comes to the same.
 */

/**
 * Why a header does not prove its execution data; `undefined` when it does. Spec: capella, deneb, gloas
 * `is_valid_light_client_header`.
 */
export function lightClientHeaderFault(config: ChainConfig, header: LightClientHeader): string | undefined {
  const fork = forkAt(config, header.beacon.slot).name
  const { execution, executionBlockHash, executionBranch, beacon } = header
  if (!isForkFrom(fork, 'capella')) {
    const isEmpty = !execution && isZeroHash(executionBlockHash) && executionBranch.length === 0
    return isEmpty ? undefined : 'execution data before Capella'
  }
  if (executionBlockHash) {
    const index = executionBlockHashIndex(fork)
    const isProven = isValidBranch(executionBlockHash, executionBranch, index, beacon.bodyRoot)
    return isProven ? undefined : 'the execution branch does not lead to the body root'
  }
  if (!execution) return 'execution data is missing'
  if (isForkFrom(fork, 'gloas')) return 'an execution payload header after Gloas'
  if (!isForkFrom(fork, 'deneb') && (execution.blobGasUsed !== 0n || execution.excessBlobGas !== 0n)) {
    return 'blob gas before Deneb'
  }
  if (executionBranch.length !== depthOf(EXECUTION_PAYLOAD_GINDEX))
    return 'an execution branch of a wrong length'
  const root = executionPayloadHeaderRoot(execution, fork)
  const isProven = isValidBranch(root, executionBranch, EXECUTION_PAYLOAD_GINDEX, beacon.bodyRoot)
  return isProven ? undefined : 'the execution branch does not lead to the body root'
}

/**
 * Root of a header's execution payload header, from Gloas on the execution block hash; zeros before Capella.
 * Spec: capella, deneb, gloas `get_lc_execution_root`.
 */
export function lightClientExecutionRoot(config: ChainConfig, header: LightClientHeader): Uint8Array {
  const fork = forkAt(config, header.beacon.slot).name
  const { execution, executionBlockHash, executionBranch } = header
  if (!isForkFrom(fork, 'capella')) return ZERO_ROOT
  if (execution) return executionPayloadHeaderRoot(execution, fork)
  if (!executionBlockHash || isForkFrom(fork, 'gloas')) return executionBlockHash ?? ZERO_ROOT
  // A Gloas header of an older block: the inner part of its branch leads to the payload header's root.
  const depth = depthOf(executionBlockHashIndex(fork)) - depthOf(EXECUTION_PAYLOAD_GINDEX)
  const inner = executionBranch.slice(0, executionBranch.length - depthOf(EXECUTION_PAYLOAD_GINDEX))
  const withinPayload = (1 << depth) | (executionBlockHashIndex(fork) & ((1 << depth) - 1))
  return branchRoot(executionBlockHash, inner.slice(inner.length - depth), withinPayload)
}

function isZeroHash(hash: Uint8Array | undefined): boolean {
  return hash === undefined || hash.every((byte) => byte === 0)
}
