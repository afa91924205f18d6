import type { MessagingContext } from '@causeway/messaging'
import { IBC_STORE_NAME } from '@causeway/messaging'
import type { Height } from '@causeway/protocol'
import type { Context } from './context.ts'

/** The block context as libs/messaging sees it, with the chain's own beside it for applications. */
export interface ChainMessagingContext extends MessagingContext<ChainMessagingContext> {
  readonly chain: Context
}

/**
 * Wraps a block context. The wrapper stays valid inside `nested`, because the overlay is swapped in place.
 */
export function messagingContext(chain: Context): ChainMessagingContext {
  const self: ChainMessagingContext = {
    chain,
    timeNanoseconds: chain.timeNanoseconds,
    height: messagingHeight(chain.chainId, chain.height),
    ibc: chain.store(IBC_STORE_NAME),
    emit({ type, attributes }) {
      chain.emit(type, Object.fromEntries(attributes.map(({ key, value }) => [key, value])))
    },
    nested: (run) => chain.nested(() => run(self)),
  }
  return self
}

/**
 * A height of this chain. The revision is the number at the end of the chain id; 0 when there is none. Spec:
 * ibc-go `ParseChainID`.
 */
export function messagingHeight(chainId: string, revisionHeight: bigint): Height {
  const match = /^.*[^\n-]-([1-9][0-9]{0,19})$/.exec(chainId)
  return { revisionNumber: BigInt(match?.[1] ?? '0'), revisionHeight }
}
