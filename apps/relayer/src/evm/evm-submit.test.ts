import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'

import { AttestationHeader } from '@causeway/protocol/causeway/attestation/v1/attestation'
import { decodeFunctionData } from 'viem'
import type { Hex } from 'viem'

import { ATTESTATION_HEADER_TYPE } from '../cosmos/attestation.ts'
import { CORE_ABI } from './abi.ts'
import { Anvil, anvilWallet } from './anvil.fixture.ts'
import { ContractReads } from './contract-reads.ts'
import { submitFlight } from './evm-submit.ts'
import { testPool, testSubmitter } from './submitter.fixture.ts'

let anvil: Anvil

beforeAll(async () => {
  anvil = await Anvil.start()
  await anvil.deployCore()
})

afterAll(async () => await anvil?.stop())

/** The last attestation of an epoch; only its form matters to the core that stands here. */
function rotation(height: bigint) {
  const set = { leafRoot: new Uint8Array(32), count: 1, totalPower: 1n, aggregateKey: new Uint8Array(192) }
  const attestation = { timeSeconds: 1n, appHash: new Uint8Array(32), nextSetHash: new Uint8Array(32) }
  const header = { height, attestation, set, signature: new Uint8Array(96) }
  const value = AttestationHeader.encode(AttestationHeader.fromPartial(header)).finish()
  return { typeUrl: ATTESTATION_HEADER_TYPE, value }
}

describe('a client that many rotations lie before', () => {
  it('is brought on by several transactions, in order', async () => {
    const ports = {
      contract: anvil.core,
      reads: new ContractReads(testPool(anvil.url), anvil.core),
      submitter: testSubmitter([anvil.url], anvilWallet(1)),
      nextSetHash: async () => new Uint8Array(32),
    }
    const updates = Array.from({ length: 19 }, (_, index) => rotation(BigInt(index)))
    let isDone = false
    const flight = submitFlight(ports, { clientId: 'client-0', updates, batches: [] }).finally(
      () => (isDone = true),
    )
    await vi.waitUntil(async () => {
      if (!isDone) await anvil.mine()
      return isDone
    }, 30_000)
    const [outcome, ...more] = await flight
    expect(outcome?.error).toBeUndefined()
    expect(more).toEqual([])
    expect(await updatesOfTransactions()).toEqual([8, 8, 3])
  })
})

/** How many calls each of the relayer's transactions made, oldest first. */
async function updatesOfTransactions(): Promise<number[]> {
  const counts: number[] = []
  const last = Number(await anvil.request<Hex>('eth_blockNumber'))
  for (let number = 0; number <= last; number += 1) {
    interface Block {
      readonly transactions: readonly { readonly from: Hex; readonly input: Hex }[]
    }
    const block = await anvil.request<Block>('eth_getBlockByNumber', `0x${number.toString(16)}`, true)
    for (const { from, input } of block.transactions) {
      if (from.toLowerCase() !== anvilWallet(1).address.toLowerCase()) continue
      const { args } = decodeFunctionData({ abi: CORE_ABI, data: input })
      counts.push((args?.[0] as readonly Hex[]).length)
    }
  }
  return counts
}
