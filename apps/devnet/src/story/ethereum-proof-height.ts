import { IbcCore } from '@causeway/contracts-evm'
import { createPublicClient, decodeFunctionData, http } from 'viem'
import type { Hex } from 'viem'
import type { FindProofHeight, ProvingMessage } from './proof-height.ts'

const FUNCTIONS = { MsgRecvPacket: 'recvPacket', MsgAcknowledgement: 'ackPacket' } as const

/** Looks in the transactions that an Ethereum node knows. */
export function ethereumProofHeight(rpcUrl: string): FindProofHeight {
  const client = createPublicClient({ transport: http(rpcUrl) })
  return async (transaction, kind, sequence) => {
    const { input } = await client.getTransaction({ hash: transaction as Hex })
    return callProofHeight(input, kind, sequence)
  }
}

/** The proof height that a call of the core names, by itself or among several. */
export function callProofHeight(data: Hex, kind: ProvingMessage, sequence: bigint): bigint | undefined {
  const call = decode(data)
  if (call === undefined) return undefined
  if (call.functionName === 'multicall') {
    for (const inner of call.args[0]) {
      const height = callProofHeight(inner, kind, sequence)
      if (height !== undefined) return height
    }
    return undefined
  }
  if (call.functionName === 'recvPackets') {
    const [{ packets, proofHeight }] = call.args
    const isOne = kind === 'MsgRecvPacket' && packets.some((packet) => packet.sequence === sequence)
    return isOne ? proofHeight : undefined
  }
  if (call.functionName !== 'recvPacket' && call.functionName !== 'ackPacket') return undefined
  const [message] = call.args
  const isIt = call.functionName === FUNCTIONS[kind] && message.packet.sequence === sequence
  return isIt ? message.proofHeight : undefined
}

/** Undefined for what is none of these calls: a client update among them. */
function decode(data: Hex) {
  try {
    return decodeFunctionData({ abi: IbcCore.abi, data })
  } catch {
    return undefined
  }
}
