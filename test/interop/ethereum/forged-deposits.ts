import { Packet } from '@causeway/protocol/ibc/core/channel/v2/packet'
import type { Chain } from '@causeway/relayer'
import { decodeAbiParameters, encodeAbiParameters, hexToBytes, parseAbiParameters, bytesToHex } from 'viem'
import { waitFor } from '../processes.ts'

const WAIT_MS = 240_000
/** ICS-20's packet data in Solidity's ABI. */
const TRANSFER = parseAbiParameters(
  '(string denom, string sender, string receiver, uint256 amount, string memo)',
)

/**
 * Waits until the first deposit is final; then offers the hub two that never were, each with the real one's
 * proof under a header that the hub has accepted. What each is refused with.
 */
export async function submitForgeries(
  { hub, evm }: { readonly hub: Chain; readonly evm: Chain },
  clientId: string,
): Promise<Record<string, string>> {
  const { packet, height } = await waitFor('the deposit to be final', () => finalDeposit(evm), WAIT_MS)
  const proof = await evm.prove(workOf(packet), height)
  const updates = await evm.clientUpdates(await hub.clientView(clientId), height)
  const [updated] = await hub.submit({ clientId, updates, batches: [] })
  if (updates.length > 0 && updated?.error !== undefined) throw updated.error
  const refusalOf = async (forged: Packet) => {
    const proofHeight = { revisionNumber: 0n, revisionHeight: height }
    const batches = [[{ work: workOf(forged), proof, proofHeight }]]
    const [outcome] = await hub.submit({ clientId, updates: [], batches })
    const error = outcome?.error ?? outcome?.failed[0]?.error
    return /[a-z]+\/\d+/.exec(error?.message ?? '')?.[0] ?? `${error?.message ?? 'none'}`
  }
  return {
    'of twice as much': await refusalOf(ofTwiceAsMuch(packet)),
    'that was never sent': await refusalOf({ ...packet, sequence: 2n }),
  }
}

async function finalDeposit(evm: Chain) {
  const event = await evm.findPacketEvent('send_packet', 'client-0', 1n)
  const { height } = await evm.head()
  return event === undefined || event.height > height ? undefined : { packet: event.packet, height }
}

function workOf(packet: Packet) {
  return {
    ...{ kind: 'recv' as const, packet, acknowledgement: undefined, eventHeight: 0n },
    ...{ attempts: 0, notBeforeMs: 0n, seenAtMs: 0n, apart: false },
  }
}

function ofTwiceAsMuch(packet: Packet): Packet {
  const forged = Packet.decode(Packet.encode(packet).finish())
  const [payload] = forged.payloads
  if (payload === undefined) throw new Error('a packet without payload')
  const [transfer] = decodeAbiParameters(TRANSFER, bytesToHex(payload.value))
  payload.value = hexToBytes(encodeAbiParameters(TRANSFER, [{ ...transfer, amount: 2n * transfer.amount }]))
  return forged
}
