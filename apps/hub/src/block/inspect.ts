// What an operator asks of the state: an export, and whether the invariants hold.
import { assert } from '@causeway/primitives'
import type { JsonValue } from '@causeway/primitives'
import type { Chain } from './chain.ts'
import { blockInfo, readContext } from './context.ts'
import type { ReadContext } from './context.ts'
import type { SetMember } from './transaction-zero.ts'

/** `app_state` that would make the state of a committed height. Throws `state/*` for one that is not kept. */
export function exportState(chain: Chain, height: bigint = chain.latest.height): JsonValue {
  const context = contextAt(chain, height)
  const state: Record<string, JsonValue> = {}
  for (const module of chain.composition.modules) {
    const member = module.exportGenesis?.(context)
    if (member !== undefined) state[module.name] = member as JsonValue
  }
  return state
}

/** The validators with which a genesis of the newest state starts; none where nobody bonds. */
export function exportValidators(chain: Chain, height: bigint = chain.latest.height): readonly SetMember[] {
  return chain.composition.validators.bondedSet(contextAt(chain, height))
}

/**
 * Everything that does not hold at the last committed height, one sentence each; the trees' hashes are
 * recomputed, too.
 */
export function brokenInvariants(chain: Chain): readonly string[] {
  const context = contextAt(chain, chain.latest.height)
  const broken = chain.composition.modules.flatMap((module) => module.invariants?.(context) ?? [])
  try {
    chain.stores.verify()
  } catch (error) {
    return [...broken, `state: ${(error as Error).message}`]
  }
  return broken
}

function contextAt(chain: Chain, height: bigint): ReadContext {
  assert(chain.committed !== undefined, 'the chain has a committed block')
  const block = blockInfo(chain.options.chainId, height, chain.committed.timeNanoseconds)
  return readContext(block, (name) => chain.stores.readerAt(name, height))
}
