// Large headers of Solana on the hub: what they weigh and cost; and deposits before finality.
import { createWasmLatticeXof } from '@causeway/light-clients'
import { sha256, toHex, utf8 } from '@causeway/primitives'
import type { Packet } from '@causeway/protocol/ibc/core/channel/v2/packet'
import { describe, expect, it } from 'vitest'
import { INSURANCE_FUND } from './named-accounts.ts'
import { createAddressCodec } from './identifiers.ts'
import { eventsIn } from './testing/bridge.fixture.ts'
import { message } from './testing/messages.fixture.ts'
import { codeOf } from './testing/refusal.fixture.ts'
import { SolanaBridge, proofBytes } from './testing/solana-bridge.fixture.ts'
import { TRANSACTION_BYTES_MAX } from './tx/limits.ts'

/** Accounts of 8 kB, as vote accounts and sysvars are long, with something in them. */
function accounts(count: number, text: string) {
  const owner = sha256(utf8('owner'))
  return new Map(
    Array.from({ length: count }, (_, i) => {
      const data = new Uint8Array(8_192).fill(i).fill(text.length, 0, 9)
      const state = { lamports: 1n, data, isExecutable: false, owner }
      return [toHex(sha256(utf8(`account ${i}`))), state] as const
    }),
  )
}

describe('a header of 330 kB', () => {
  it('passes through mempool, proposal and block, at 18 gas a byte at most', async () => {
    const bridge = new SolanaBridge({ latticeXof: await createWasmLatticeXof() })
    bridge.slot(accounts(20, 'before'))
    bridge.deposit({ amount: 7n })
    const bank = bridge.slot(accounts(20, 'then'))
    const header = bridge.chain.header(bank)
    expect(header.value.length).toBeGreaterThan(330_000)
    const tx = bridge.relayer.sign([bridge.updateMessage(header)], { gasLimit: 20_000_000n, fee: [] })
    expect(tx.length).toBeLessThan(TRANSACTION_BYTES_MAX)
    expect(codeOf(bridge.driver.submit(tx))).toBe('0')
    const result = bridge.driver.block().txResults.at(-1)!
    expect([codeOf(result), result.log]).toEqual(['0', ''])
    const gasPerByte = Number(result.gasUsed) / tx.length
    expect(gasPerByte).toBeGreaterThan(15)
    expect(gasPerByte).toBeLessThan(18)
    const poor = bridge.update(bridge.chain.header(bridge.slot(accounts(20, 'now'))), undefined, 5_000_000n)
    expect(codeOf(poor)).toBe('tx/11')
  })
})

describe('a deposit that is confirmed, not final', () => {
  it('is previewed under the optimistic head, counts for nothing that leaves, and is credited later', () => {
    const bridge = new SolanaBridge()
    bridge.credit(100_000_000_000n, createAddressCodec('cway').encode(INSURANCE_FUND.account))
    const { stranger } = bridge.evm
    const preview = (packet: Packet, change = (proof: Uint8Array) => proof) => {
      const proof = change(proofBytes(bridge.sent.prove(packet.sequence - 1n)))
      const signer = stranger.address
      const item = { packet, proofCommitment: proof, signer }
      return bridge.evm.deliver(stranger, [message('causeway.preview.v1.MsgPreviewDeposit', item)])
    }
    const packet = bridge.deposit({ amount: 200_000_000n })
    expect(codeOf(preview(packet))).toBe('ibc/68')
    bridge.finalize({ isFinal: false })
    expect(codeOf(preview(packet, (proof) => proof.with(-1, proof.at(-1)! ^ 1)))).toBe('solana/63')
    const shown = preview(packet)
    expect([codeOf(shown), shown.log]).toEqual(['0', ''])
    expect(eventsIn(shown, 'causeway.preview.v1.pending')).toMatchObject([{ amount: '200000000' }])
    expect(bridge.balance('usd')).toBe('0')
    bridge.chain.touch()
    expect(codeOf(bridge.receive(packet))).toBe('0')
    expect(bridge.balance('usd')).toBe('200000000')
    expect(bridge.evm.broken()).toEqual([])
  })
})
