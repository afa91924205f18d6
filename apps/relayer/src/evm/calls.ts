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
