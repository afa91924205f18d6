import type { Steps } from '@causeway/primitives'
import type { ValidatorUpdate } from '@causeway/protocol/tendermint/abci/types'
import type { Chain } from './chain.ts'
import type { Context } from './context.ts'

/** Last step of a block before its hash: the modules in order, then the changes of the validator set. */
export function* endBlock(chain: Chain, context: Context): Steps<ValidatorUpdate[]> {
  for (const module of chain.composition.modules) {
    if (module.endBlock === undefined) continue
    yield
    module.endBlock(context)
  }
  return chain.composition.validators.endBlock(context)
}
