import type { Inclusion, Outcome } from '../chain.ts'
import { isSetAside } from '../plan/retry-strategy.ts'
import { trustingPeriodLeft } from '../plan/plan-lane.ts'
import { packetId } from '../plan/work.ts'
import type { MessageKind } from '../plan/work.ts'
import type { Ending } from '../queue/journal.ts'
import type { Lane } from './lane.ts'

/** Sets the gauges of a lane. */
export function reportLane({ options, works, client }: Lane): void {
  const { metrics, route, target, nowMs } = options
  const chain = target.chain.chainId
  const count = (kind: MessageKind) => works.filter((work) => work.kind === kind).length
  metrics.pending(route, chain, { recv: count('recv'), ack: count('ack'), timeout: count('timeout') })
  metrics.setAside(route, chain, works.filter((work) => isSetAside(work.attempts)).length)
  const oldestMs = works.reduce((oldest, work) => Math.min(oldest, Number(work.seenAtMs)), nowMs())
  metrics.oldestPending(route, chain, (nowMs() - oldestMs) / 1000)
  if (client === undefined || target.head === undefined) return
  metrics.trustingPeriodLeft(route, chain, Number(trustingPeriodLeft(client, target.head) / 1_000_000_000n))
}

/** Ends the messages that a transaction carried, and tells what it cost. */
export function endDone(lane: Lane, { inclusion, done }: Outcome): void {
  const { log, metrics, name, route, target } = lane.options
  if (inclusion !== undefined) metrics.paid(route, target.chain.chainId, inclusion)
  for (const work of done) {
    const paid = shareOf(inclusion, BigInt(done.length))
    lane.end(work.kind, work.packet, { how: 'relayed', ...paid })
    metrics.submitted(route, target.chain.chainId, work.kind)
    log.info({ packet: packetId(work.packet), kind: work.kind, lane: name, ...paid }, 'relayed')
  }
}

/** What one of `messages` that went in one transaction cost. */
function shareOf(inclusion: Inclusion | undefined, messages: bigint): Omit<Ending, 'how'> {
  if (inclusion === undefined) return {}
  const { hash, height, gasUsed, fee } = inclusion
  return {
    hash,
    height: `${height}`,
    gasUsed: `${gasUsed / messages}`,
    fee: `${fee.amount / messages}${fee.denom}`,
  }
}
