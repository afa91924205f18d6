import { assert } from '@causeway/primitives'
import { toNanoseconds } from '@causeway/light-clients'
import type { RequestInitChain, ResponseInitChain } from '@causeway/protocol/tendermint/abci/types'
import { parseAppState } from '../genesis/parse.ts'
import { errors } from '../genesis/genesis-errors.ts'
import type { Chain } from './chain.ts'
import { ExecutionContext } from './context.ts'
import { unlimitedGas } from './gas.ts'
import { Layer } from './layer.ts'

/**
 * Makes genesis of `app_state` and the genesis validators. It stays in memory until block 1 flushes it; the
 * app hash of header 1 is empty, so nothing is provable at height 1. Throws `genesis/*`.
 */
export function initChain(chain: Chain, request: RequestInitChain): ResponseInitChain {
  assert(chain.committed === undefined, 'a chain with blocks is not initialised again')
  const { chainId } = chain.options
  if (request.chainId !== chainId) throw errors.otherChain({ stored: request.chainId, expected: chainId })
  const initialHeight = request.initialHeight === 0n ? 1n : request.initialHeight
  const layer = new Layer(chain.readers())
  const block = chain.nextBlock(initialHeight - 1n, toNanoseconds(request.time))
  const context = new ExecutionContext(block, layer, unlimitedGas())
  const { modules, validators } = chain.composition
  const state = parseAppState(
    request.appStateBytes,
    modules.filter((module) => module.initGenesis !== undefined).map(({ name }) => name),
  )
  validators.initChain(context, { ...request, initialHeight })
  for (const module of modules) module.initGenesis?.(context, state.get(module.name))
  chain.genesis = { layer, block }
  chain.check = chain.newLayer()
  return { consensusParams: undefined, validators: [], appHash: new Uint8Array(0) }
}
