// Blocks of a hub and a zone, with the events that the real chains emit for a set of transfers between them.

import { ERROR_ACKNOWLEDGEMENT, encodeTransfer } from '@causeway/messaging'
import { Acknowledgement, Packet } from '@causeway/protocol/ibc/core/channel/v2/packet'
import { sha256, toBech32, toHex, toHexUpper, utf8 } from '@causeway/primitives'
import type { BlockEvent, BlockTransaction, ChainBlock } from './block.ts'
import { clientTransaction, registerTransaction } from './scenario-clients.fixture.ts'

export const HUB = 'causeway-1'
export const ZONE = 'ibc-a'
export const HUB_CLIENT = '07-tendermint-0'
export const ZONE_CLIENT = '07-tendermint-4'
/** A hub account by number. */
export const trader = (number: number): string => toBech32('cway', new Uint8Array(20).fill(number + 1))
/** A zone address by number. */
export const sender = (number: number): string => toBech32('cosmos', new Uint8Array(20).fill(number + 1))

/** How a transfer ends. */
export type Fate = 'sent' | 'received' | 'refused' | 'acknowledged' | 'error' | 'timeout'

/** One transfer of a scenario. */
export type Plan = { direction: 'deposit' | 'withdrawal'; owner: number; amount: bigint; fate: Fate }

/** An event from an object. */
export function event(type: string, attributes: Record<string, string>): BlockEvent {
  return { type, attributes: Object.entries(attributes).map(([key, value]) => ({ key, value })) }
}

/** A transaction with these events. */
export function transaction(
  name: string,
  events: BlockEvent[],
  bytes = utf8(name),
  code = 0,
): BlockTransaction {
  return {
    hash: toHexUpper(sha256(utf8(name))),
    bytes,
    code,
    codespace: code === 0 ? '' : 'sdk',
    gasUsed: 7n,
    events,
  }
}

/** A block with these transactions. */
export function block(
  chainId: string,
  height: bigint,
  transactions: BlockTransaction[],
  events: BlockEvent[] = [],
): ChainBlock {
  const hash = (name: string): string => toHex(sha256(utf8(`${chainId}/${height}/${name}`)))
  return {
    chainId,
    isHub: chainId === HUB,
    height,
    hash: hash('block').toUpperCase(),
    timeNanoseconds: 1_700_000_000_000_000_000n + height * 1_000_000_000n,
    appHash: hash('app'),
    nextValidatorsHash: hash('validators'),
    provableHeight: height + 1n,
    isFinal: true,
    proposer: hash('proposer').slice(0, 40).toUpperCase(),
    transactions,
    events,
  }
}

/** Both chains' blocks: clients first, then each plan's stages, one stage a block. */
export function scenario(plans: readonly Plan[]): { hub: ChainBlock[]; zone: ChainBlock[] } {
  const stages = { hub: [] as BlockTransaction[][], zone: [] as BlockTransaction[][] }
  stages.hub.push([clientTransaction(HUB_CLIENT, ZONE), registerTransaction(HUB_CLIENT, ZONE_CLIENT)])
  stages.zone.push([clientTransaction(ZONE_CLIENT, HUB), registerTransaction(ZONE_CLIENT, HUB_CLIENT)])
  const balances = new Map<string, bigint>()
  let escrowed = 0n
  const sequences = { deposit: 0n, withdrawal: 0n }
  for (const plan of plans) {
    const sequence = ++sequences[plan.direction]
    const isDeposit = plan.direction === 'deposit'
    const packet = packetOf(plan, sequence)
    const [source, destination] = isDeposit ? [stages.zone, stages.hub] : [stages.hub, stages.zone]
    const name = `${plan.direction}-${sequence}`
    const move = (delta: bigint, kind: string, reason?: string): BlockEvent[] => {
      const account = trader(plan.owner)
      balances.set(account, (balances.get(account) ?? 0n) + delta)
      escrowed += delta
      return hubEvents({
        account,
        delta,
        balance: balances.get(account)!,
        escrowed,
        kind,
        plan,
        sequence,
        reason,
      })
    }
    const isLate = plan.fate === 'timeout'
    const isRefused = plan.fate === 'refused' || plan.fate === 'error'
    const sent = isDeposit ? [] : move(-plan.amount, 'debit')
    source.push([transaction(`${name}-send`, [packetEvent('send_packet', packet), ...sent])])
    if (plan.fate === 'sent') continue
    destination.push([
      updateTransaction(isDeposit ? HUB_CLIENT : ZONE_CLIENT, source.length + 1, `${name}-up`),
    ])
    if (!isLate) {
      const credited = isDeposit && !isRefused ? move(plan.amount, 'credit') : []
      const answers = [acknowledgementEvent(packet, isRefused)]
      destination.push([
        transaction(`${name}-recv`, [packetEvent('recv_packet', packet), ...credited, ...answers]),
      ])
    }
    if (plan.fate === 'received' || plan.fate === 'refused') continue
    const isRefund = isLate || isRefused
    const refund = isRefund && !isDeposit ? move(plan.amount, 'refund', isLate ? 'timeout' : 'error') : []
    const last = isLate ? 'timeout_packet' : 'acknowledge_packet'
    source.push([transaction(`${name}-end`, [packetEvent(last, packet), ...refund])])
  }
  const blocks = (chainId: string, list: BlockTransaction[][]): ChainBlock[] =>
    list.map((transactions, index) => block(chainId, BigInt(index + 1), transactions))
  return { hub: blocks(HUB, stages.hub), zone: blocks(ZONE, stages.zone) }
}

/** The packet of a plan. */
export function packetOf(plan: Plan, sequence: bigint): Packet {
  const isDeposit = plan.direction === 'deposit'
  const data = {
    denom: isDeposit ? 'uatom' : `transfer/${HUB_CLIENT}/uatom`,
    amount: plan.amount,
    sender: isDeposit ? sender(plan.owner) : trader(plan.owner),
    receiver: isDeposit ? trader(plan.owner) : sender(plan.owner),
    memo: '',
  }
  return {
    sequence,
    sourceClient: isDeposit ? ZONE_CLIENT : HUB_CLIENT,
    destinationClient: isDeposit ? HUB_CLIENT : ZONE_CLIENT,
    timeoutTimestamp: 1_700_009_999n,
    payloads: [encodeTransfer(data, 'application/x-protobuf')],
  }
}

/** A packet event as ibc-go emits it. */
export function packetEvent(type: string, packet: Packet, more: Record<string, string> = {}): BlockEvent {
  return event(type, {
    packet_source_client: packet.sourceClient,
    packet_dest_client: packet.destinationClient,
    packet_sequence: String(packet.sequence),
    packet_timeout_timestamp: String(packet.timeoutTimestamp),
    encoded_packet_hex: toHex(Packet.encode(packet).finish()),
    ...more,
    msg_index: '0',
  })
}

function acknowledgementEvent(packet: Packet, isError: boolean): BlockEvent {
  const acknowledgement = isError ? ERROR_ACKNOWLEDGEMENT : utf8('{"result":"AQ=="}')
  const encoded = toHex(Acknowledgement.encode({ appAcknowledgements: [acknowledgement] }).finish())
  return packetEvent('write_acknowledgement', packet, { encoded_acknowledgement_hex: encoded })
}

function updateTransaction(clientId: string, height: number, name: string): BlockTransaction {
  const heights = clientId === HUB_CLIENT ? `0-${height}` : `1-${height}`
  const attributes = { client_id: clientId, client_type: '07-tendermint', consensus_height: heights }
  return transaction(name, [
    event('update_client', { ...attributes, consensus_heights: heights, msg_index: '0' }),
  ])
}

function hubEvents(change: {
  account: string
  delta: bigint
  balance: bigint
  escrowed: bigint
  kind: string
  plan: Plan
  sequence: bigint
  reason: string | undefined
}): BlockEvent[] {
  const { account, delta, balance, escrowed, kind, plan, sequence, reason } = change
  const denom = `transfer/${HUB_CLIENT}/uatom`
  const moved = { line: '1', asset: '2', account, subaccount: '0', amount: String(plan.amount) }
  const packet = { client: HUB_CLIENT, sequence: String(sequence) }
  const other = kind === 'credit' ? { sender: sender(plan.owner) } : { receiver: sender(plan.owner) }
  return [
    event('causeway.ledger.v1.balance', {
      ...{ account, subaccount: '0', asset: '2', denom: 'ibc/ATOM' },
      ...{ delta: String(delta), balance: String(balance) },
    }),
    event('causeway.ledger.v1.line', {
      line: '1',
      client: HUB_CLIENT,
      denom,
      asset: '2',
      escrowed: String(escrowed),
    }),
    event(`causeway.transfer.v1.${kind}`, {
      ...moved,
      ...other,
      ...packet,
      ...(reason === undefined ? {} : { reason }),
    }),
  ]
}
