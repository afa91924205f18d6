import { Acknowledgement } from '@causeway/protocol/ibc/core/channel/v2/packet'
import type { Packet } from '@causeway/protocol/ibc/core/channel/v2/packet'
import { encodeFunctionData } from 'viem'
import type { Hex } from 'viem'

import type { ProvenWork } from '../chain.ts'
import { RelayError } from '../errors.ts'
import { CORE_ABI } from './abi.ts'
import { asHex } from './contract-paths.ts'

/**
 * The call that delivers one message with its packed proof. Throws `RelayError` (message) for what the
 * contract can't take.
 */
export function packetCall({ work, proofHeight }: Omit<ProvenWork, 'proof'>, proof: Uint8Array): Hex {
  const packet = writePacket(work.packet)
  const height = proofHeight.revisionHeight
  const proven = asHex(proof)
  if (work.kind === 'recv') {
    const message = { packet, proofCommitment: proven, proofHeight: height }
    return encodeFunctionData({ abi: CORE_ABI, functionName: 'recvPacket', args: [message] })
  }
  if (work.kind === 'timeout') {
    const message = { packet, proofTimeout: proven, proofHeight: height }
    return encodeFunctionData({ abi: CORE_ABI, functionName: 'timeoutPacket', args: [message] })
  }
  const { appAcknowledgements } = Acknowledgement.decode(work.acknowledgement ?? new Uint8Array())
  const [acknowledgement, ...more] = appAcknowledgements
  if (acknowledgement === undefined || more.length > 0) {
    const text = `an acknowledgement of ${appAcknowledgements.length} applications: the contract takes one`
    throw new RelayError('message', 'never', text)
  }
  const message = { packet, acknowledgement: asHex(acknowledgement), proofAcked: proven, proofHeight: height }
  return encodeFunctionData({ abi: CORE_ABI, functionName: 'ackPacket', args: [message] })
}

/**
 * The calls that deliver messages with their packed proofs, in this order: neighbours that are received and
 * have all but their values in common go in one call, for a fifth less gas. Throws `RelayError` (message).
 */
export function packetCalls(works: readonly ProvenWork[], proofs: readonly Uint8Array[]): Hex[] {
  const calls: Hex[] = []
  for (let from = 0; from < works.length;) {
    const first = works[from]
    if (first === undefined) break
    let to = from + 1
    while (isAlike(first, works[to])) to += 1
    calls.push(
      to - from > 1
        ? batchCall(works.slice(from, to), proofs.slice(from, to))
        : packetCall(first, proofs[from] ?? new Uint8Array()),
    )
    from = to
  }
  return calls
}

/** Whether two messages fit into one call of `recvPackets`. */
function isAlike(one: ProvenWork, other: ProvenWork | undefined): boolean {
  if (other === undefined || one.work.kind !== 'recv' || other.work.kind !== 'recv') return false
  const [a, b] = [one.work.packet, other.work.packet]
  const [payload, another] = [a.payloads[0], b.payloads[0]]
  if (payload === undefined || another === undefined || a.payloads.length + b.payloads.length > 2)
    return false
  const names = ['sourcePort', 'destinationPort', 'version', 'encoding'] as const
  return (
    a.sourceClient === b.sourceClient &&
    a.destinationClient === b.destinationClient &&
    one.proofHeight.revisionHeight === other.proofHeight.revisionHeight &&
    names.every((name) => payload[name] === another[name])
  )
}

function batchCall(works: readonly ProvenWork[], proofs: readonly Uint8Array[]): Hex {
  const [first] = works
  const payload = first?.work.packet.payloads[0]
  if (first === undefined || payload === undefined) throw new RelayError('message', 'never', 'an empty batch')
  const { sourceClient, destinationClient } = first.work.packet
  const { sourcePort, destinationPort, version, encoding } = payload
  const message = {
    ...{ sourceClient, destClient: destinationClient },
    ...{ sourcePort, destPort: destinationPort, version, encoding },
    proofHeight: first.proofHeight.revisionHeight,
    packets: works.map(({ work: { packet } }, index) => ({
      sequence: packet.sequence,
      timeoutTimestamp: packet.timeoutTimestamp,
      value: asHex(packet.payloads[0]?.value ?? new Uint8Array()),
      proofCommitment: asHex(proofs[index] ?? new Uint8Array()),
    })),
  }
  return encodeFunctionData({ abi: CORE_ABI, functionName: 'recvPackets', args: [message] })
}

/** The call that shows a client one client message. */
export function updateCall(clientId: string, message: Uint8Array): Hex {
  return encodeFunctionData({ abi: CORE_ABI, functionName: 'updateClient', args: [clientId, asHex(message)] })
}

/** Several calls in one: all or none of them take effect. */
export function multicall(calls: readonly Hex[]): Hex {
  return encodeFunctionData({ abi: CORE_ABI, functionName: 'multicall', args: [calls] })
}

function writePacket(packet: Packet) {
  return {
    sequence: packet.sequence,
    sourceClient: packet.sourceClient,
    destClient: packet.destinationClient,
    timeoutTimestamp: packet.timeoutTimestamp,
    payloads: packet.payloads.map(({ destinationPort, value, ...rest }) => ({
      ...rest,
      destPort: destinationPort,
      value: asHex(value),
    })),
  }
}
