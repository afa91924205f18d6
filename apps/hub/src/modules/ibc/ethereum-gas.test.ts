// What Ethereum's light client does is paid for before it is done, and costs the same whatever a process
// remembers.
import { blstScheme, createEthereumClient } from '@causeway/light-clients'
import type { BlsScheme } from '@causeway/light-clients'
import { toHex } from '@causeway/primitives'
import type { Any } from '@causeway/protocol'
import { SimulateRequest, SimulateResponse } from '@causeway/protocol/cosmos/tx/v1beta1/service'
import { TxRaw } from '@causeway/protocol/cosmos/tx/v1beta1/tx'
import { createMemoryStorage } from '@causeway/state-tree'
import { describe, expect, it } from 'vitest'
import { createHubApplication } from '../../app.ts'
import type { CosmosApplication } from '../../application.ts'
import { EthereumBridge } from '../../testing/ethereum-bridge.fixture.ts'
import { hubOptions } from '../../testing/hub.fixture.ts'
import { message } from '../../testing/messages.fixture.ts'
import { codeOf } from '../../testing/refusal.fixture.ts'
import { VERIFICATION_GAS } from './gas.ts'

const final = { attestedSlot: 110n, finalizedSlot: 104n }

function setUp() {
  const counts = { verified: 0, decoded: 0, loaded: 0 }
  const bls: BlsScheme<unknown> = {
    decodeKey: (bytes) => (counts.decoded++, blstScheme.decodeKey(bytes)),
    expandKey: (key) => blstScheme.expandKey(key as never),
    loadKey: (bytes) => (counts.loaded++, blstScheme.loadKey(bytes)),
    fastAggregateVerify(keys, ...rest) {
      counts.verified++
      return blstScheme.fastAggregateVerify(keys as never, ...rest)
    },
  }
  const storage = createMemoryStorage()
  const bridge = new EthereumBridge({ hub: { storage, lightClients: [createEthereumClient({ bls })] } })
  bridge.passTo(112n)
  Object.assign(counts, { verified: 0, decoded: 0, loaded: 0 })
  return { bridge, counts, storage }
}

/** The gas of a message, of which nothing stays. */
function gasOf(application: CosmosApplication, bridge: EthereumBridge, item: Any): bigint {
  const { bodyBytes, authInfoBytes } = bridge.relayer.parts([item], bridge.relayer.sequence)
  const txBytes = TxRaw.encode({ bodyBytes, authInfoBytes, signatures: [new Uint8Array(64)] }).finish()
  const data = SimulateRequest.encode({ tx: undefined, txBytes }).finish()
  const path = '/cosmos.tx.v1beta1.Service/Simulate'
  const { code, log, value } = application.query({ path, data, height: 0n, prove: false })
  expect([code, log]).toEqual([0, ''])
  return SimulateResponse.decode(value).gasInfo!.gasUsed
}

describe('an update', () => {
  it('costs the same again, and in a process that has just started', () => {
    const { bridge, storage, counts } = setUp()
    for (const wish of [final, { ...final, withNextCommittee: true }, { attestedSlot: 110n }]) {
      const item = bridge.updateMessage(wish)
      const gas = gasOf(bridge.hub, bridge, item)
      expect(gasOf(bridge.hub, bridge, item)).toBe(gas)
      const restarted = createHubApplication(hubOptions(storage))
      expect([gasOf(restarted, bridge, item), gasOf(restarted, bridge, item)]).toEqual([gas, gas])
      expect(gas).toBeGreaterThan(BigInt(VERIFICATION_GAS.blsAggregate))
    }
    // What was decoded once is read back, not validated again.
    expect(counts.decoded).toBe(32)
  })

  it('is decoded once when it brings a committee, whose keys are loaded from then on', () => {
    const { bridge, counts } = setUp()
    expect(codeOf(bridge.update({ ...final, withNextCommittee: true }))).toBe('0')
    expect(counts).toEqual({ verified: 1, decoded: 32, loaded: 32 })
    bridge.passTo(140n)
    expect(codeOf(bridge.update({ attestedSlot: 135n, finalizedSlot: 129n }))).toBe('0')
    expect(counts).toEqual({ verified: 2, decoded: 32, loaded: 64 })
  })

  it('that does not pay for its signature is refused before that is looked at', () => {
    const { bridge, counts } = setUp()
    const item = bridge.updateMessage(final)
    const gas = gasOf(bridge.hub, bridge, item)
    Object.assign(counts, { verified: 0 })
    // Writing the new state takes less than the signature.
    const poor = bridge.deliver(bridge.relayer, [item], gas - BigInt(VERIFICATION_GAS.blsAggregate))
    expect([codeOf(poor), counts.verified]).toEqual(['tx/11', 0])
  })

  it('pays for each key that it brings, and misbehaviour for both signatures', () => {
    const { bridge } = setUp()
    const cheap = gasOf(bridge.hub, bridge, bridge.updateMessage(final))
    const dear = gasOf(bridge.hub, bridge, bridge.updateMessage({ ...final, withNextCommittee: true }))
    expect(Number(dear - cheap)).toBeGreaterThan(32 * VERIFICATION_GAS.blsKey)
    const first = bridge.chain.header(final)
    bridge.chain.reorganise(102n, 'fork')
    const evidence = message('ibc.core.client.v1.MsgUpdateClient', {
      clientId: bridge.client,
      clientMessage: bridge.chain.misbehaviour(first, bridge.chain.header(final)),
      signer: bridge.relayer.address,
    })
    expect(Number(gasOf(bridge.hub, bridge, evidence))).toBeGreaterThan(2 * VERIFICATION_GAS.blsAggregate)
    expect(codeOf(bridge.deliver(bridge.relayer, [evidence]))).toBe('0')
    expect(codeOf(bridge.update(final))).toBe('ibc/61')
  })
})

describe('a new client', () => {
  it('pays for the keys of its first committee', () => {
    const { bridge, counts } = setUp()
    const states = bridge.chain.clientStates(96n)
    const create = message('ibc.core.client.v1.MsgCreateClient', {
      ...states,
      signer: bridge.relayer.address,
    })
    const gas = Number(gasOf(bridge.hub, bridge, create))
    expect(gas).toBeGreaterThan(32 * VERIFICATION_GAS.blsKey)
    Object.assign(counts, { decoded: 0 })
    const poor = bridge.deliver(bridge.relayer, [create], BigInt(32 * VERIFICATION_GAS.blsKey))
    expect([codeOf(poor), counts.decoded]).toEqual(['tx/11', 0])
  })
})

describe('a proof', () => {
  it('pays for its hashes before the first is made', () => {
    const { bridge } = setUp()
    const packet = bridge.deposit({ amount: 5n, receiver: bridge.trader.address })
    const slot = bridge.finalize()
    const item = bridge.receiveMessage(packet, slot)
    const gas = gasOf(bridge.hub, bridge, item)
    for (const less of [2_000n, 8_000n, 15_000n]) {
      expect(codeOf(bridge.deliver(bridge.relayer, [item], gas - less))).toBe('tx/11')
    }
    expect(codeOf(bridge.deliver(bridge.relayer, [item], gas))).toBe('0')
  })
})

describe('replicas', () => {
  it('that execute the same blocks have the same state', () => {
    const { bridge } = setUp()
    bridge.credit(500n)
    bridge.update({ attestedSlot: bridge.slot - 2n, participants: 21 })
    const { packet } = bridge.withdraw({
      denom: 'ucway',
      amount: 7n,
    })
    bridge.acknowledge(packet!, bridge.answer(packet!, 'error'))
    const replica = new EthereumBridge({ isOpen: false })
    for (const request of bridge.driver.requests.slice(replica.driver.requests.length)) {
      replica.hub.finalizeBlock(request)
      replica.hub.commit()
    }
    const hash = ({ hub }: EthereumBridge) => toHex(hub.info().lastBlockAppHash)
    expect(hash(replica)).toBe(hash(bridge))
  })
})
