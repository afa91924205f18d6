import { IbcCore } from '@causeway/contracts-evm'
import { encodeFunctionData } from 'viem'
import type { Hex } from 'viem'
import { describe, expect, it } from 'vitest'
import { callProofHeight } from './ethereum-proof-height.ts'

const { abi } = IbcCore
const packet = (sequence: bigint) => ({
  ...{ sequence, sourceClient: 'ethereum-1', destClient: 'client-0', timeoutTimestamp: 1n, payloads: [] },
})
const receive = (sequence: bigint, proofHeight: bigint) => {
  const message = { packet: packet(sequence), proofCommitment: '0x' as Hex, proofHeight }
  return encodeFunctionData({ abi, functionName: 'recvPacket', args: [message] })
}
const acknowledge = (sequence: bigint, proofHeight: bigint) => {
  const message = {
    ...{ packet: packet(sequence), acknowledgement: '0x' as Hex, proofAcked: '0x' as Hex, proofHeight },
  }
  return encodeFunctionData({ abi, functionName: 'ackPacket', args: [message] })
}
const receiveBoth = (sequences: readonly bigint[], proofHeight: bigint) => {
  const common = { sourceClient: 'ethereum-1', destClient: 'client-0', sourcePort: 'a', destPort: 'b' }
  const rest = { timeoutTimestamp: 1n, value: '0x' as Hex, proofCommitment: '0x' as Hex }
  const packets = sequences.map((sequence) => ({ ...rest, sequence }))
  const message = { ...common, version: 'v', encoding: 'e', proofHeight, packets }
  return encodeFunctionData({ abi, functionName: 'recvPackets', args: [message] })
}
const several = (...calls: Hex[]) => encodeFunctionData({ abi, functionName: 'multicall', args: [calls] })

describe('the height under which an Ethereum transaction proves a packet', () => {
  it('is that of the message about it, alone or among others', () => {
    expect(callProofHeight(receive(1n, 7n), 'MsgRecvPacket', 1n)).toBe(7n)
    const update: Hex = '0x12345678'
    const batch = several(update, receive(1n, 7n), acknowledge(1n, 8n), receive(2n, 9n))
    expect(callProofHeight(batch, 'MsgRecvPacket', 2n)).toBe(9n)
    expect(callProofHeight(batch, 'MsgAcknowledgement', 1n)).toBe(8n)
  })

  it('is that of a message about many packets', () => {
    const batch = several(receiveBoth([1n, 2n], 7n), receiveBoth([3n], 8n), acknowledge(1n, 9n))
    expect(callProofHeight(batch, 'MsgRecvPacket', 2n)).toBe(7n)
    expect(callProofHeight(batch, 'MsgRecvPacket', 3n)).toBe(8n)
    expect(callProofHeight(batch, 'MsgAcknowledgement', 1n)).toBe(9n)
    expect(callProofHeight(batch, 'MsgAcknowledgement', 2n)).toBeUndefined()
  })

  it('is unknown where no message is about it', () => {
    expect(callProofHeight(receive(1n, 7n), 'MsgRecvPacket', 2n)).toBeUndefined()
    expect(callProofHeight(receive(1n, 7n), 'MsgAcknowledgement', 1n)).toBeUndefined()
    expect(callProofHeight(several(), 'MsgRecvPacket', 1n)).toBeUndefined()
    expect(callProofHeight('0x', 'MsgRecvPacket', 1n)).toBeUndefined()
  })
})
