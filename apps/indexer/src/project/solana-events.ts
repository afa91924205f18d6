// What the IBC core on Solana logs, as the events that other IBC v2 chains emit: from there on all chains are
// projected alike.
import { readCoreEvents, type CoreEvent } from '@causeway/contracts-solana'
import { isProtocolError } from '@causeway/primitives'
import type { BlockEvent } from './block.ts'
import { errors } from './errors.ts'
import { packetEvent, receivedEvents } from './packet-event.ts'

/** What a node writes in place of the lines of a log that exceed its 10,000 bytes. */
const CUT = 'Log truncated'

/**
 * The events for which a core's lines in a transaction's log stand, in order. What other programs log counts
 * for nothing, whatever it says. Throws `indexer/4` when the core's own lines can't be read.
 * @param core Address of the core, base58.
 */
export function readCoreLines(logs: readonly string[], core: string): BlockEvent[] {
  try {
    return readCoreEvents(logs, core).flatMap(toEvents)
  } catch (error) {
    // Only an endpoint that invents lines has a core write what ends too early.
    if (isProtocolError(error) || error instanceof RangeError)
      throw errors.malformedLog({ topic: core, reason: error.message })
    throw error
  }
}

/** Whether lines of a log may be missing: a program that logs much has those after it cut. */
export function isCut(logs: readonly string[]): boolean {
  return logs.includes(CUT)
}

function toEvents({ kind, packet, acknowledgement }: CoreEvent): BlockEvent[] {
  if (kind !== 'write_acknowledgement') return [packetEvent(kind, packet)]
  return receivedEvents(packet, acknowledgement === undefined ? [] : [acknowledgement])
}
