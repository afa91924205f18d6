import { describe, expect, it } from 'vitest'
import { ConsensusParams } from '@causeway/protocol/tendermint/types/params'
import type { RequestInitChain } from '@causeway/protocol/tendermint/abci/types'
import { memoryContext } from '../../testing/memory-context.fixture.ts'
import { refusal } from '../../testing/refusal.fixture.ts'
import { testValidators } from '../../testing/validators.fixture.ts'
import { stakingModule } from './module.ts'
import { createStaking } from './staking.ts'
import { STAKING_STORE, readSet, writeSet } from './state.ts'

const validators = testValidators([5n, 7n])
const updates = validators.map(({ publicKey, power }) => ({ pubKey: { ed25519: publicKey }, power }))

function request(changes: Partial<RequestInitChain> = {}): RequestInitChain {
  return {
    time: undefined,
    chainId: 'causeway-1',
    consensusParams: ConsensusParams.fromPartial({ abci: { voteExtensionsEnableHeight: 3n } }),
    validators: updates,
    appStateBytes: new Uint8Array(0),
    initialHeight: 5n,
    ...changes,
  }
}

describe('staking', () => {
  it('keeps the genesis set and the heights that genesis fixed', () => {
    const context = memoryContext([STAKING_STORE])
    const staking = createStaking()
    staking.initChain(context, request())
    expect(staking.initialHeight(context)).toBe(5n)
    expect(staking.voteExtensionsEnableHeight(context)).toBe(3n)
    const set = staking.validatorsAt(context, 5n)
    expect(set.map(({ power }) => power).sort()).toEqual([5n, 7n])
    for (const { address, publicKey } of validators) {
      expect(set.find((member) => Buffer.from(member.publicKey).equals(publicKey))?.address).toEqual(address)
    }
    expect(staking.validatorsAt(context, 500n)).toEqual(set)
    expect(staking.endBlock(context)).toEqual([])
    expect(stakingModule(staking).invariants!(context)).toEqual([])
  })

  it('finds the set of a height among those stored', () => {
    const context = memoryContext([STAKING_STORE])
    const staking = createStaking()
    staking.initChain(context, request())
    const store = context.store(STAKING_STORE)
    const nobody = { operator: new Uint8Array(0), blsKey: new Uint8Array(0) }
    writeSet(store, 9n, { validators: [{ publicKey: validators[0]!.publicKey, power: 99n, ...nobody }] })
    expect(staking.validatorsAt(context, 8n)).toHaveLength(2)
    expect(staking.validatorsAt(context, 9n).map(({ power }) => power)).toEqual([99n])
    expect(staking.validatorsAt(context, 8n)).toHaveLength(2)
    expect(() => readSet(store, 4n)).toThrow('a validator set is stored')
    expect(() => writeSet(store, 10n, { validators: [] })).toThrow('has a member')
  })

  it('never has extensions when genesis enables none', () => {
    const context = memoryContext([STAKING_STORE])
    const staking = createStaking()
    staking.initChain(context, request({ consensusParams: undefined }))
    expect(staking.voteExtensionsEnableHeight(context)).toBe(0n)
  })

  it('refuses sets that make no chain', () => {
    const init = (list: RequestInitChain['validators']) =>
      refusal(() => createStaking().initChain(memoryContext([STAKING_STORE]), request({ validators: list })))
    expect(init([])).toBe('staking/1')
    expect(init([{ pubKey: undefined, power: 1n }])).toBe('staking/2')
    expect(init([{ pubKey: { secp256k1: new Uint8Array(33) }, power: 1n }])).toBe('staking/2')
    expect(init([{ pubKey: { ed25519: new Uint8Array(31) }, power: 1n }])).toBe('staking/2')
    expect(init([{ ...updates[0]!, power: 0n }])).toBe('staking/2')
    expect(init([{ ...updates[0]!, power: -1n }])).toBe('staking/2')
    expect(init([updates[0]!, updates[0]!])).toBe('staking/2')
  })
})
