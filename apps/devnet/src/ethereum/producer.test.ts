import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { parseEther } from 'viem'
import { BeaconChain, FinalityViolation, KEEP_BLOCKS } from './beacon/beacon-chain.ts'
import { types } from './beacon/ssz-types.ts'
import { openEthereum, rpc } from './ethereum.fixture.ts'
import type { TestEthereum } from './ethereum.fixture.ts'
import { beaconNetwork } from './network.ts'
import { createProducer } from './producer.ts'

const ALICE = '0x00000000000000000000000000000000000a11ce'
const FINALITY = 4

let ethereum: TestEthereum

beforeEach(async () => {
  ethereum = await openEthereum({
    slotsPerEpoch: 4,
    epochsPerSyncCommitteePeriod: 2,
    finalitySlots: FINALITY,
  })
})

afterEach(() => ethereum.close())

const numberOf = () => ethereum.execution.blockNumber()

describe('the producer', () => {
  it('makes a block a slot, finalises each after its delay, and leaves skipped slots empty', async () => {
    const { chain, producer, produceUntil } = ethereum
    await produceUntil(FINALITY)
    expect(chain.finalized).toBeUndefined()
    await produceUntil(FINALITY + 1)
    expect(chain.finalized?.slot).toBe(1)
    await producer.produce(12)
    expect([chain.head.slot, chain.finalized?.slot, await numberOf()]).toEqual([12, 5, 6])
    expect(chain.atSlot(9)).toBeUndefined()
    await produceUntil(16)
    expect(chain.finalized?.slot).toBe(12)
    await producer.produce(10) // long over
    expect([chain.head.slot, await numberOf()]).toEqual([16, 10])
  })

  it('makes slots in the order in which they are asked for', async () => {
    const { chain, producer } = ethereum
    await Promise.all([1, 2, 3, 4, 5].map((slot) => producer.produce(slot)))
    expect([chain.head.slot, await numberOf()]).toEqual([5, 5])
  })

  it('follows a reorganisation of what is not final; the transaction in it is gone', async () => {
    const { chain, execution, anvil, produceUntil, producer } = ethereum
    await execution.setBalance(ALICE, parseEther('1'))
    await produceUntil(8)
    await rpc(anvil.rpcUrl, 'anvil_impersonateAccount', ALICE)
    await rpc(anvil.rpcUrl, 'eth_sendTransaction', { from: ALICE, to: ALICE, value: '0x1' })
    await produceUntil(10)
    const orphan = chain.atSlot(9)!
    expect(orphan.message.body.executionPayload.transactions).toHaveLength(1)
    const before = chain.finalized!

    await execution.rollback(2)
    await producer.produce(11)
    expect([chain.head.slot, chain.head.message.body.executionPayload.blockNumber]).toEqual([11, 9])
    expect(chain.atSlot(9)).toBeUndefined()
    expect(chain.isCanonical(orphan)).toBe(false)
    expect(chain.byRoot(orphan.rootHex)).toBe(orphan) // still asked for by those who saw it
    expect(ethereum.get(`/eth/v1/beacon/headers/0x${orphan.rootHex}`).json.data.canonical).toBe(false)
    expect(chain.isCanonical(before)).toBe(true)
    expect(chain.finalized!.slot).toBeGreaterThanOrEqual(before.slot)
    await produceUntil(16)
    expect(chain.finalized?.slot).toBe(12)
    expect(chain.atSlot(12)!.message.body.executionPayload.transactions).toEqual([])
  })

  it('follows snapshots that are reverted, slot by slot, while finality only rises', async () => {
    const { chain, anvil, producer, produceUntil } = ethereum
    await produceUntil(6)
    let final = 0
    let slot = 6
    for (let round = 0; round < 5; round += 1) {
      const snapshot = await rpc<string>(anvil.rpcUrl, 'evm_snapshot')
      for (let i = 0; i <= round % FINALITY; i += 1) await producer.produce(++slot)
      await rpc(anvil.rpcUrl, 'evm_revert', snapshot)
      await producer.produce(++slot)
      expect(chain.head.slot).toBe(slot)
      expect(chain.finalized!.slot).toBeGreaterThanOrEqual(final)
      expect(chain.isCanonical(chain.finalized!)).toBe(true)
      final = chain.finalized!.slot
    }
  })

  it('halts at a reorganisation of what is final, and keeps what it had', async () => {
    const { chain, execution, producer, produceUntil } = ethereum
    await produceUntil(10)
    const { head } = chain
    await execution.rollback(5)
    await expect(producer.produce(11)).rejects.toThrow(FinalityViolation)
    expect(chain.head).toBe(head)
    expect(chain.finalized?.slot).toBe(6)
  })

  it('drops blocks that somebody else made at a time that is no slot of its own', async () => {
    const { chain, anvil, producer, produceUntil } = ethereum
    await produceUntil(3)
    const time = ethereum.network.genesisTimeSeconds
    await rpc(anvil.rpcUrl, 'evm_mine', { timestamp: time + 4 }) // as good as ours
    await rpc(anvil.rpcUrl, 'evm_mine', { timestamp: time + 4 })
    await producer.follow()
    expect([chain.head.slot, await numberOf()]).toEqual([4, 4])
    await produceUntil(6)
    expect([chain.head.slot, await numberOf()]).toEqual([6, 6])
  })

  it('makes the same beacon chain of the same execution chain after a restart', async () => {
    const { chain, execution, producer, produceUntil, network } = ethereum
    await produceUntil(7)
    await producer.produce(10)
    await execution.rollback(1)
    await produceUntil(23)
    const again = new BeaconChain(network)
    const restarted = createProducer(again, execution)
    expect((await restarted.follow()).rootHex).toBe(chain.head.rootHex)
    expect(again.finalized?.rootHex).toBe(chain.finalized?.rootHex)
    expect(again.latestUpdate()).toEqual(chain.latestUpdate())
    await restarted.produce(24)
    expect(await producer.follow()).toMatchObject({ slot: 24, rootHex: again.head.rootHex })
  })
})

describe('a beacon chain', () => {
  it('keeps a bounded number of blocks, and all that is not final', () => {
    const chain = new BeaconChain(beaconNetwork(0, { finalitySlots: FINALITY }))
    const payload = types.ExecutionPayload.defaultValue()
    const total = KEEP_BLOCKS + 50
    for (let slot = 1; slot <= total; slot += 1) chain.append(slot, { ...payload, blockNumber: slot })
    const oldest = chain.atSlot(total - FINALITY - KEEP_BLOCKS + 1)!
    expect(chain.byRoot(oldest.rootHex)).toBe(oldest)
    expect(chain.atSlot(oldest.slot - 1)).toBeUndefined()
    expect(chain.atNumber(oldest.slot - 1)).toBeUndefined()
    expect(chain.atNumber(total)).toBe(chain.head)
    expect([0, 1, 2].map((period) => chain.bestUpdate(period)?.update.signatureSlot)).toEqual([6, 261, 517])
    expect(() => chain.append(total, payload)).toThrow('does not follow')
  }, 60_000)
})
