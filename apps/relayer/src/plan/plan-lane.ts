import { NANOSECONDS_PER_SECOND } from '@causeway/primitives'

import { filterReason } from './filter.ts'
import { splitBatches } from './split-batches.ts'
import type { ClientView, Head, LaneView, ProofWindow } from './view.ts'
import { compareWork } from './work.ts'
import type { Work } from './work.ts'

/** Why a message stays where it is for now. */
export type WaitReason =
  | 'not-provable' // the header that proves it does not exist yet
  | 'timeout-not-reached' // the proving chain's clock has not passed the packet's timeout
  | 'backoff' // it failed, and its delay is running
  | 'client-inactive' // the light client is frozen or expired
  | 'endpoint-behind' // the client knows a newer header than our endpoint

/** What to do on a lane now. Every message of the view is in exactly one of the lists. */
export interface LanePlan {
  /** The one client update that serves every message behind it. */
  readonly update: { readonly trustedHeight: bigint; readonly height: bigint } | undefined
  /** Header height under which all proofs are made. */
  readonly proofHeight: bigint
  /** One transaction each; the first carries the update. With an update due and nothing else: no batches. */
  readonly batches: readonly (readonly Work[])[]
  readonly waiting: readonly { readonly work: Work; readonly reason: WaitReason }[]
  /** Packets that can no longer be received: the opposite lane has to time them out. */
  readonly expired: readonly Work[]
  readonly refused: readonly { readonly work: Work; readonly reason: string }[]
  /**
   * A client on the proving chain whose commitments have to be written again: messages wait that its newest
   * header would prove if it proved packets at all.
   */
  readonly touch: string | undefined
}

/** Decides what is pending, provable, wanted and fits. Pure: the same view gives the same plan. */
export function planLane(given: LaneView): LanePlan {
  const view = aimed(given)
  const waiting: { work: Work; reason: WaitReason }[] = []
  const expired: Work[] = []
  const refused: { work: Work; reason: string }[] = []
  const ready: Work[] = []
  for (const work of [...view.works].sort(compareWork)) {
    const unwanted = filterReason(work.packet, view.filter)
    const reason = waitReason(work, view)
    if (unwanted !== undefined) refused.push({ work, reason: unwanted })
    else if (isExpired(work, view.target)) expired.push(work)
    else if (reason !== undefined) waiting.push({ work, reason })
    else ready.push(work)
  }
  const update = updateHeight(view, ready)
  // An update that only brings an epoch's validators may be of a header that proves less.
  const isProvenByUpdate = update === view.proving.newest.height && update > view.client.latestHeight
  return {
    update: update === undefined ? undefined : { trustedHeight: view.client.latestHeight, height: update },
    proofHeight: isProvenByUpdate ? update : view.client.latestHeight,
    batches: splitBatches(ready, view.limits, view.gas, update !== undefined),
    waiting,
    expired,
    refused,
    touch: touchedClient(view, waiting),
  }
}

/**
 * Keeps to the header that was on its way. Whoever takes the newest one each time never gets there where a
 * header takes longer than it is the newest, or where the target's clock is behind: there the newest is from
 * the future for ever, and one that waits is not.
 */
function aimed(view: LaneView): LaneView {
  const { aim, client, proving, target, works, nowMs } = view
  if (aim === undefined || client.clientType !== 'attestation') return view
  const isOld = 2n * (target.timeNanoseconds - aim.timeNanoseconds) >= client.trustingPeriodNanoseconds
  if (isOld) return view
  if (aim.height <= client.latestHeight || aim.height >= proving.newest.height) return view
  const isServed = (work: Work) =>
    work.notBeforeMs <= nowMs &&
    isProvable(work, aim, proving.lag) &&
    !isProvable(work, clientHead(client), proving.lag)
  return works.some(isServed) ? { ...view, proving: { ...proving, newest: aim } } : view
}

/** The height that the client has to be brought to: for what is ready, or to stay alive. */
function updateHeight(view: LaneView, ready: readonly Work[]): bigint | undefined {
  const { client, proving, target } = view
  if (!isActive(client, target)) return undefined
  const isCovered =
    ready.length === 0 ||
    (provesPackets(proving, client.latestHeight) &&
      ready.every((work) => isProvable(work, clientHead(client), proving.lag)))
  const isNewer = proving.newest.height > client.latestHeight
  if (!isCovered) return isNewer ? proving.newest.height : undefined
  if (client.latestEpoch !== undefined)
    return proving.epoch !== undefined && proving.epoch.newest > client.latestEpoch
      ? proving.epoch.height
      : undefined
  return isNewer && isRefreshDue(view) ? proving.newest.height : undefined
}

/** Nanoseconds until the client expires, judged by the target chain's clock; never negative. */
export function trustingPeriodLeft(client: ClientView, target: Head): bigint {
  const since = client.trustedSinceNanoseconds ?? client.latestTimeNanoseconds
  const left = since + client.trustingPeriodNanoseconds - target.timeNanoseconds
  return left > 0n ? left : 0n
}

function waitReason(work: Work, view: LaneView): WaitReason | undefined {
  if (work.notBeforeMs > view.nowMs) return 'backoff'
  if (!isActive(view.client, view.target)) return 'client-inactive'
  const { newest, final, lag } = view.proving
  if (view.client.latestHeight > (final ?? newest).height) return 'endpoint-behind'
  const reach = reachOf(view)
  if (reach !== undefined && isProvable(work, reach, lag)) return undefined
  return work.kind === 'timeout' ? 'timeout-not-reached' : 'not-provable'
}

/**
 * The newest header that proofs can be made under: ours, or the client's own, of which at equal heights only
 * the client's time counts, whatever an endpoint says. None where the client's newest proves no packets.
 */
function reachOf({ proving, client }: LaneView): Head | undefined {
  if (proving.newest.height > client.latestHeight) return proving.newest
  return proving.heights?.includes(client.latestHeight) === false ? undefined : clientHead(client)
}

/** Whether packets are proven under a header that the client has already. */
function provesPackets({ heights, oldestHeight }: ProofWindow, height: bigint): boolean {
  return heights === undefined ? height >= oldestHeight : heights.includes(height)
}

/** Whose commitments to write again, so that the first message that waits for nothing else is proven. */
function touchedClient(
  { proving, client }: LaneView,
  waiting: readonly { readonly work: Work; readonly reason: WaitReason }[],
): string | undefined {
  const { final, lag } = proving
  if (final === undefined || final.height < client.latestHeight) return undefined
  const unproven = waiting.find(
    ({ work, reason }) =>
      (reason === 'not-provable' || reason === 'timeout-not-reached') && isProvable(work, final, lag),
  )
  if (unproven === undefined) return undefined
  const { kind, packet } = unproven.work
  return kind === 'recv' ? packet.sourceClient : packet.destinationClient
}

/** Absence counts once the header's clock passed the timeout. */
function isProvable(work: Work, head: Head, lag: bigint): boolean {
  if (work.kind !== 'timeout') return work.eventHeight + lag <= head.height
  return head.timeNanoseconds / NANOSECONDS_PER_SECOND >= work.packet.timeoutTimestamp
}

function isExpired(work: Work, target: Head): boolean {
  return (
    work.kind === 'recv' && target.timeNanoseconds / NANOSECONDS_PER_SECOND >= work.packet.timeoutTimestamp
  )
}

function isActive(client: ClientView, target: Head): boolean {
  return client.status === 'Active' && trustingPeriodLeft(client, target) > 0n
}

function isRefreshDue(view: LaneView): boolean {
  const age = view.target.timeNanoseconds - view.client.latestTimeNanoseconds
  return age * view.refresh.denominator >= view.client.trustingPeriodNanoseconds * view.refresh.numerator
}

function clientHead(client: ClientView): Head {
  return { height: client.latestHeight, timeNanoseconds: client.latestTimeNanoseconds }
}
