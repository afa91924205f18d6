// What the IBC core on Solana tells, as the events that other IBC v2 chains emit: from there on all are
// projected alike.
import { readCoreEvents, type CalledInstruction, type CoreEvent } from '@causeway/contracts-solana'
import { isProtocolError } from '@causeway/primitives'
import type { BlockEvent } from './block.ts'
import { errors } from './errors.ts'
import { packetEvent, receivedEvents } from './packet-event.ts'

/**
 * The events that a core told among what a transaction's programs called, in order. What other programs call
 * counts for nothing, whatever it says. Throws `indexer/4` when the core's own can't be read.
 * @param core Address of the core, base58.
 */
export function toBlockEvents(called: readonly CalledInstruction[], core: string): BlockEvent[] {
  try {
    return readCoreEvents(called, core).flatMap(toEvents)
  } catch (error) {
    // Only an endpoint that invents calls has a core call itself with what ends too early.
    if (isProtocolError(error) || error instanceof RangeError)
      throw errors.malformedLog({ topic: core, reason: error.message })
    throw error
  }
}

function toEvents({ kind, packet, acknowledgement }: CoreEvent): BlockEvent[] {
  if (kind !== 'write_acknowledgement') return [packetEvent(kind, packet)]
  return receivedEvents(packet, acknowledgement === undefined ? [] : [acknowledgement])
}
