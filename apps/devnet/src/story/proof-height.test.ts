import { describe, expect, it } from 'vitest'
import { MsgRecvPacket } from '@causeway/protocol/ibc/core/channel/v2/tx'
import { TxBody, TxRaw } from '@causeway/protocol/cosmos/tx/v1beta1/tx'
import { proofHeight } from './proof-height.ts'

function transaction(...sequences: bigint[]): Uint8Array {
  const messages = sequences.map((sequence) => ({
    typeUrl: '/ibc.core.channel.v2.MsgRecvPacket',
    value: MsgRecvPacket.encode(
      MsgRecvPacket.fromPartial({
        packet: { sequence },
        proofHeight: { revisionNumber: 1n, revisionHeight: 100n + sequence },
      }),
    ).finish(),
  }))
  const other = { typeUrl: '/ibc.core.client.v1.MsgUpdateClient', value: new Uint8Array() }
  const bodyBytes = TxBody.encode(TxBody.fromPartial({ messages: [other, ...messages] })).finish()
  return TxRaw.encode(TxRaw.fromPartial({ bodyBytes })).finish()
}

describe('the proof height', () => {
  it('is that of the packet asked for', () => {
    expect(proofHeight(transaction(1n, 2n), 'MsgRecvPacket', 2n)).toBe(102n)
  })

  it('is undefined for another packet or another kind', () => {
    expect(proofHeight(transaction(1n), 'MsgRecvPacket', 2n)).toBeUndefined()
    expect(proofHeight(transaction(1n), 'MsgAcknowledgement', 1n)).toBeUndefined()
  })
})
