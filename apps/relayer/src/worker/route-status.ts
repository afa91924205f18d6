import type { Chain } from '../chain.ts'
import { asRelayError } from '../errors.ts'
import { trustingPeriodLeft } from '../plan/plan-lane.ts'

/** One direction of a route as the chains show it, without any running relayer. */
export interface DirectionStatus {
  readonly route: string
  readonly from: string
  readonly to: string
  /** Head of the source chain, and how far the destination's client of it has come. */
  readonly head: bigint
  readonly clientHeight: bigint
  readonly clientStatus: string
  readonly trustingPeriodLeftSeconds: bigint
  /** Packets sent from here whose life is not over, and how many of them the destination has not received. */
  readonly pending: number
  readonly unreceived: number
  readonly oldestPendingSeconds: bigint | undefined
  readonly error: string | undefined
}

/** The two chains of a route and their clients. */
export interface StatusRoute {
  readonly name: string
  readonly a: { readonly chain: Chain; readonly client: string }
  readonly b: { readonly chain: Chain; readonly client: string }
}

/** Reads both directions of a route. A chain that can't be read is reported in its line, not thrown. */
export async function routeStatus(route: StatusRoute): Promise<DirectionStatus[]> {
  const ends = [
    [route.a, route.b],
    [route.b, route.a],
  ] as const
  return await Promise.all(
    ends.map(async ([source, destination]) => {
      const names = { route: route.name, from: source.chain.chainId, to: destination.chain.chainId }
      return await readDirection(names, source, destination).catch((error: unknown) => ({
        ...names,
        ...UNREADABLE,
        error: asRelayError(error).message,
      }))
    }),
  )
}

const UNREADABLE = {
  head: 0n,
  clientHeight: 0n,
  clientStatus: 'Unknown',
  trustingPeriodLeftSeconds: 0n,
  pending: 0,
  unreceived: 0,
  oldestPendingSeconds: undefined,
}

async function readDirection(
  names: { route: string; from: string; to: string },
  source: StatusRoute['a'],
  destination: StatusRoute['a'],
): Promise<DirectionStatus> {
  const [head, destinationHead, client, sequences] = await Promise.all([
    source.chain.head(),
    destination.chain.head(),
    destination.chain.clientView(destination.client),
    source.chain.pendingSequences(source.client),
  ])
  const unreceived = await destination.chain.unreceivedSequences(destination.client, sequences)
  const [oldest] = sequences
  const sentAt = oldest === undefined ? undefined : await sendTime(source, oldest)
  return {
    ...names,
    head: head.height,
    clientHeight: client.latestHeight,
    clientStatus: client.status,
    trustingPeriodLeftSeconds: trustingPeriodLeft(client, destinationHead) / 1_000_000_000n,
    pending: sequences.length,
    unreceived: unreceived.length,
    oldestPendingSeconds: sentAt === undefined ? undefined : (head.timeNanoseconds - sentAt) / 1_000_000_000n,
    error: undefined,
  }
}

async function sendTime(source: StatusRoute['a'], sequence: bigint): Promise<bigint | undefined> {
  const event = await source.chain.findPacketEvent('send_packet', source.client, sequence)
  return event === undefined ? undefined : await source.chain.blockTime(event.height)
}
