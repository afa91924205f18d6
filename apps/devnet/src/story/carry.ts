import type { Printer } from '../print/printer.ts'
import type { AskGraphql } from './graphql.ts'
import { poll } from './poll.ts'
import type { FindProofHeight, ProvingMessage } from './proof-height.ts'
import type { SentTransfer } from './trader.ts'

/** One end of a transfer. */
export interface TransferEnd {
  readonly chainId: string
  readonly client: string
  readonly proofHeight: FindProofHeight
}

/** A transfer that is on its way. */
export interface Journey {
  readonly sent: SentTransfer
  readonly from: TransferEnd
  readonly to: TransferEnd
  /** What the receiving chain does with it, for the printed line. */
  readonly arrival: string
}

/** What watching a transfer needs. */
export interface CarryTools {
  readonly ask: AskGraphql
  readonly print: Printer
  readonly signal: AbortSignal
}

interface Stage {
  readonly height: string
  readonly transaction: string
}

interface Timeline {
  readonly received: Stage | null
  readonly credited: Stage | null
  readonly acknowledged: Stage | null
  readonly refunded: Stage | null
}

const TIMEOUT_MS = 180_000
const QUERY = `query Transfer($id: ID!) {
  transfer(id: $id) {
    received { height transaction }
    credited { height transaction }
    acknowledged { height transaction }
    refunded { height transaction }
  }
}`

/**
 * Follows a transfer to its end through the indexer's timeline, and prints each stage as it is seen there.
 * Gives the height at which it was received.
 */
export async function followTransfer(journey: Journey, tools: CarryTools): Promise<bigint> {
  const { from, to, arrival } = journey
  const received = await awaitStage('received', journey, tools)
  await printStage(to, from, arrival, 'MsgRecvPacket', received, journey, tools)
  const acknowledged = await awaitStage('acknowledged', journey, tools)
  const told = 'learns of it: the transfer is finished'
  await printStage(from, to, told, 'MsgAcknowledgement', acknowledged, journey, tools)
  return BigInt(received.height)
}

async function awaitStage(
  name: 'received' | 'acknowledged',
  journey: Journey,
  { ask, signal }: CarryTools,
): Promise<Stage> {
  const { from, to, sent } = journey
  const id = [from.chainId, from.client, to.client, sent.sequence].join('/')
  const stage = await poll(
    `transfer ${id} to be ${name}`,
    async () => {
      const { transfer } = await ask<{ transfer: Timeline | null }>(QUERY, { id })
      if (transfer?.refunded) return 'refused'
      if (transfer?.received && transfer.credited === null) return undefined // its answer is not indexed yet
      return transfer?.[name] ?? undefined
    },
    { signal, timeoutMs: TIMEOUT_MS },
  )
  if (stage === 'refused')
    throw new Error(`${to.chainId} refused transfer ${id}: it was refunded on ${from.chainId}`)
  return stage
}

async function printStage(
  chain: TransferEnd,
  prover: TransferEnd,
  what: string,
  kind: ProvingMessage,
  { height, transaction }: Stage,
  { sent }: Journey,
  { print, signal }: CarryTools,
): Promise<void> {
  const proven = await poll(
    `transaction ${transaction} on ${chain.chainId}`,
    () => chain.proofHeight(transaction, kind, sent.sequence),
    { signal, timeoutMs: TIMEOUT_MS },
  )
  print.step({
    who: chain.chainId,
    what,
    facts: { block: height, 'proof height': `${proven} of ${prover.chainId}` },
    details: { tx: transaction },
  })
}
