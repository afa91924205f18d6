import { NANOSECONDS_PER_SECOND } from '@causeway/primitives'

import { filterReason } from './filter.ts'
import { splitBatches } from './split-batches.ts'
import type { ClientView, Head, LaneView } from './view.ts'
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
}

/** Decides what is pending, provable, wanted and fits. Pure: the same view gives the same plan. */
export function planLane(view: LaneView): LanePlan {
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
  const { newest, lag } = view.proving
  const covered =
    ready.length === 0 ||
    (view.client.latestHeight >= view.proving.oldestHeight &&
      ready.every((work) => isProvable(work, clientHead(view.client), lag)))
  const canUpdate = isActive(view.client, view.target) && newest.height > view.client.latestHeight
  const withUpdate = canUpdate && (!covered || isRefreshDue(view))
  return {
    update: withUpdate ? { trustedHeight: view.client.latestHeight, height: newest.height } : undefined,
    proofHeight: withUpdate ? newest.height : view.client.latestHeight,
    batches: splitBatches(ready, view.limits, view.gas, withUpdate),
    waiting,
    expired,
    refused,
  }
}

/** Nanoseconds until the client expires, judged by the target chain's clock; never negative. */
export function trustingPeriodLeft(client: ClientView, target: Head): bigint {
  const left = client.latestTimeNanoseconds + client.trustingPeriodNanoseconds - target.timeNanoseconds
  return left > 0n ? left : 0n
}

function waitReason(work: Work, view: LaneView): WaitReason | undefined {
  if (work.notBeforeMs > view.nowMs) return 'backoff'
  if (!isActive(view.client, view.target)) return 'client-inactive'
  const { newest, lag } = view.proving
  if (view.client.latestHeight > newest.height) return 'endpoint-behind'
  // At equal heights only the client's own time counts, whatever an endpoint says.
  const reach = newest.height > view.client.latestHeight ? newest : clientHead(view.client)
  if (isProvable(work, reach, lag)) return undefined
  return work.kind === 'timeout' ? 'timeout-not-reached' : 'not-provable'
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
