import { fromUtf8, parseDecimal } from '@causeway/primitives'
import { FungibleTokenPacketData } from '@causeway/protocol/ibc/applications/transfer/v1/packet'
import type { Payload } from '@causeway/protocol/ibc/core/channel/v2/packet'

/** What a filter looks at in an ICS-20 payload. */
export interface TransferSummary {
  readonly denom: string
  readonly amount: bigint
  readonly sender: string
}

/** Reads an ICS-20 payload in any of its three encodings; `undefined` for everything else. Never throws. */
export function readTransfer(payload: Payload): TransferSummary | undefined {
  if (payload.sourcePort !== 'transfer' || payload.version !== 'ics20-1') return undefined
  try {
    if (payload.encoding === 'application/x-protobuf')
      return summarise(FungibleTokenPacketData.decode(payload.value))
    if (payload.encoding === 'application/json') return summarise(JSON.parse(fromUtf8(payload.value)))
    if (payload.encoding === 'application/x-solidity-abi') return readAbi(payload.value)
    return undefined
  } catch {
    return undefined // not ICS-20 data: the filter decides what that means
  }
}

function summarise(data: { denom: unknown; amount: unknown; sender: unknown }): TransferSummary | undefined {
  const { denom, amount, sender } = data
  if (typeof denom !== 'string' || typeof amount !== 'string' || typeof sender !== 'string') return undefined
  return { denom, sender, amount: parseDecimal(amount, 'amount') }
}

/**
 * abi.encode(tuple(string denom, string sender, string receiver, uint256 amount, string memo)), read by
 * offset.
 */
function readAbi(bytes: Uint8Array): TransferSummary | undefined {
  const tuple = bytes.subarray(Number(abiWord(bytes, 0)))
  const text = (slot: number) => {
    const start = Number(abiWord(tuple, slot * 32))
    const length = Number(abiWord(tuple, start))
    if (start + 32 + length > tuple.length) throw new RangeError('string past the end')
    return fromUtf8(tuple.subarray(start + 32, start + 32 + length))
  }
  return { denom: text(0), sender: text(1), amount: abiWord(tuple, 96) }
}

function abiWord(bytes: Uint8Array, offset: number): bigint {
  if (!Number.isSafeInteger(offset) || offset < 0 || offset + 32 > bytes.length)
    throw new RangeError('word past the end')
  let value = 0n
  for (const byte of bytes.subarray(offset, offset + 32)) value = (value << 8n) | BigInt(byte)
  return value
}
