// Clients whose creation was not read (it came before the root, or inside another message): which chain they
// track is read from the chain's state, with proof. Without it the key of their packets would lack the source
// chain.

import { Any } from '@causeway/protocol/google/protobuf/any'
import { isProtocolError, utf8 } from '@causeway/primitives'
import { decodeStrict } from '@causeway/protocol'
import type { ChainBlock } from '../project/block.ts'
import { change, type Change } from '../project/change.ts'
import { declaredBy } from '../project/project-clients.ts'
import { localClients } from '../project/local-clients.ts'
import { unknownChain, type TrackedChain } from '../project/project-packets.ts'
import { readProven } from '../prove/read-proven.ts'
import type { CometRpc } from './comet-rpc.ts'
import { EndpointError } from './endpoint-error.ts'
import type { VerifiedHead } from './verify-block.ts'

/** Clients found in state, as rows and as what they track. */
export type ResolvedClients = {
  readonly changes: readonly Change[]
  readonly tracked: ReadonlyMap<string, string>
}

/**
 * Looks up the clients that a block's packets name and that nobody knows. `head` is the verified head of that
 * block.
 */
export async function resolveClients(
  block: ChainBlock,
  head: VerifiedHead,
  known: TrackedChain,
  rpc: CometRpc,
): Promise<ResolvedClients> {
  const changes: Change[] = []
  const tracked = new Map<string, string>()
  for (const clientId of localClients(block)) {
    if (known(block.chainId, clientId) !== undefined) continue
    const declared = await readDeclared(rpc, clientId, head)
    const trackedChainId = declared?.trackedChainId ?? unknownChain(block.chainId, clientId)
    tracked.set(clientId, trackedChainId)
    const clientType = clientId.slice(0, Math.max(0, clientId.lastIndexOf('-')))
    const set = { trackedChainId, trustingPeriodSeconds: declared?.trustingPeriodSeconds ?? null }
    changes.push(change('client', { chainId: block.chainId, clientId }, { clientType }, set))
  }
  return { changes, tracked }
}

async function readDeclared(rpc: CometRpc, clientId: string, head: VerifiedHead) {
  try {
    const { value } = await readProven(rpc, 'ibc', utf8(`clients/${clientId}/clientState`), head)
    if (value === undefined) return undefined
    return declaredBy(decodeStrict(Any, 'google.protobuf.Any', value), undefined)
  } catch (error) {
    if (isProtocolError(error)) return undefined
    // The state of an old height may be gone from the node: no reason to stop.
    if (error instanceof EndpointError && (error.kind === 'rpc-error' || error.kind === 'behind'))
      return undefined
    throw error
  }
}
