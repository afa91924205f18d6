import type { ReadContext } from '../../block/context.ts'
import type { TransferModulePorts } from './module.ts'
import { TRANSFER_STORE, outgoing, payloadText } from './state.ts'

/**
 * What must hold of transfers under way: each has its commitment, each commitment its transfer where the bank
 * records them, and by line they sum to what the line has in flight.
 */
export function invariants(
  context: ReadContext,
  ports: Pick<TransferModulePorts, 'pendingPackets' | 'recordsTransfers' | 'inFlightByLine'>,
): readonly string[] {
  const broken: string[] = []
  const pending = new Set(ports.pendingPackets(context).map(packetText))
  const recorded = new Set<string>()
  const sums = new Map<bigint, bigint>()
  for (const [id, { line, amount }] of outgoing(context.store(TRANSFER_STORE))) {
    sums.set(line, (sums.get(line) ?? 0n) + amount)
    recorded.add(packetText(id))
    if (!pending.has(packetText(id))) {
      broken.push(`transfer: ${payloadText(id)} is under way without a commitment`)
    }
  }
  for (const packet of ports.recordsTransfers ? pending : []) {
    if (!recorded.has(packet)) broken.push(`transfer: packet ${packet} is in flight without its transfer`)
  }
  for (const [line, inFlight] of ports.inFlightByLine(context)) {
    const sum = sums.get(line) ?? 0n
    sums.delete(line)
    if (sum !== inFlight)
      broken.push(`transfer: line ${line} has ${inFlight} in flight, transfers under way sum to ${sum}`)
  }
  for (const line of sums.keys()) if (line !== 0n) broken.push(`transfer: line ${line} does not exist`)
  return broken
}

function packetText({ client, sequence }: { client: string; sequence: bigint }): string {
  return `${client}/${sequence}`
}
