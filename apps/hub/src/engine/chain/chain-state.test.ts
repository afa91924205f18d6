import { describe, expect, it } from 'vitest'
import type { ResponseFinalizeBlock } from '@causeway/protocol/tendermint/abci/types'
import type { Header } from '@causeway/protocol/tendermint/types/types'
import { hashResults, hashValidatorSet, proposerOf } from '@causeway/light-clients'
import { equalBytes, fromBase64, sha256, utf8 } from '@causeway/primitives'
import { testGenesis, testKeys } from '../chain.fixture.ts'
import { makeBlock } from './block.ts'
import { afterBlock, genesisState, nextHeight, toValidator, withInitChain } from './chain-state.ts'
import type { ChainState } from './chain-state.ts'
import { parseGenesis } from './genesis.ts'
import { decodeState, encodeState } from './state-record.ts'

const keys = testKeys('a', 'b', 'c')
const genesis = parseGenesis(testGenesis(keys, {}, [10, 20, 30]))
const keyOf = (name: string): { ed25519: Uint8Array } => ({
  ed25519: fromBase64(testKeys(name)[0]!.pub_key.value),
})

const answer: ResponseFinalizeBlock = {
  events: [],
  txResults: [],
  validatorUpdates: [],
  consensusParamUpdates: undefined,
  appHash: utf8('app hash'),
}

function advance(state: ChainState, change: Partial<ResponseFinalizeBlock> = {}): ChainState {
  const content = {
    txs: [],
    txHashes: [],
    evidence: [],
    lastCommit: undefined,
    proposerAddress: new Uint8Array(20),
  }
  const { header, blockId } = makeBlock({ ...state, lastTime: genesis.time }, content)
  return afterBlock(state, header, blockId, { ...answer, ...change }, hashResults([]))
}

describe('the state of a chain', () => {
  it('begins as CometBFT makes it of a genesis', () => {
    const state = genesisState(genesis, 7n)
    expect(nextHeight(state)).toBe(1n)
    expect(state.appVersion).toBe(7n)
    expect(state.validators.validators.map(({ votingPower }) => votingPower)).toEqual([30n, 20n, 10n])
    expect(proposerOf(state.validators).votingPower).toBe(30n)
    expect(state.validatorsHash).toEqual(state.nextValidatorsHash)
    // RFC 6962: the root over nothing
    expect(state.lastResultsHash).toEqual(sha256(new Uint8Array(0)))
  })

  it('begins at another height', () => {
    const late = parseGenesis(testGenesis(keys, { initial_height: '100' }))
    expect(nextHeight(genesisState(late, 0n))).toBe(100n)
    expect(nextHeight(advance(genesisState(late, 0n)))).toBe(101n)
  })

  it('takes validators, parameters and app hash of InitChain', () => {
    const validators = [{ pubKey: keyOf('d'), power: 5n }]
    const state = withInitChain(genesisState(genesis, 7n), {
      validators,
      appHash: utf8('first'),
      consensusParams: {
        block: { maxBytes: -1n, maxGas: 8n },
        evidence: undefined,
        validator: undefined,
        version: { app: 9n },
        abci: undefined,
      },
    })
    expect(state.validators.validators).toHaveLength(1)
    expect(state.params.block.maxGas).toBe(8n)
    expect(state.appVersion).toBe(9n)
    expect(state.appHash).toEqual(utf8('first'))
  })

  it('is refused without any validator', () => {
    const empty = parseGenesis(testGenesis([], {}))
    const response = { validators: [], consensusParams: undefined, appHash: utf8('') }
    expect(() => withInitChain(genesisState(empty, 0n), response)).toThrow(
      expect.objectContaining({ code: 1 }),
    )
  })

  it('changes validators two blocks later', () => {
    const first = genesisState(genesis, 0n)
    const second = advance(first, { validatorUpdates: [{ pubKey: keyOf('d'), power: 5n }] })
    expect(second.validators.validators).toHaveLength(3)
    expect(second.nextValidators.validators).toHaveLength(4)
    expect(second.nextValidatorsHash).toEqual(hashValidatorSet(second.nextValidators))
    const third = advance(second)
    expect(third.validators.validators).toHaveLength(4)
    expect(third.lastValidators.validators).toHaveLength(3)
    expect(third.validatorsHash).toEqual(second.nextValidatorsHash)
  })

  it('rotates who proposes in proportion to power', () => {
    const counts = new Map<bigint, number>()
    let state = genesisState(genesis, 0n)
    for (let i = 0; i < 60; i++) {
      const power = proposerOf(state.validators).votingPower
      counts.set(power, (counts.get(power) ?? 0) + 1)
      state = advance(state)
    }
    expect([...counts].sort()).toEqual([
      [10n, 10],
      [20n, 20],
      [30n, 30],
    ])
  })

  it('changes parameters for the next block, hashes them into the header', () => {
    const block = { maxBytes: 2_000_000n, maxGas: 5n }
    const none = { evidence: undefined, validator: undefined, version: undefined, abci: undefined }
    const before = genesisState(genesis, 0n)
    const after = advance(before, { consensusParamUpdates: { block, ...none } })
    const headerOf = (state: ChainState): Header =>
      makeBlock(
        { ...state, lastTime: genesis.time },
        {
          txs: [],
          txHashes: [],
          evidence: [],
          lastCommit: undefined,
          proposerAddress: new Uint8Array(20),
        },
      ).header
    expect(after.params.block).toEqual(block)
    expect(equalBytes(headerOf(after).consensusHash, headerOf(before).consensusHash)).toBe(false)
    expect(headerOf(after).appHash).toEqual(utf8('app hash'))
  })

  it.each([
    ['a negative power', { pubKey: keyOf('d'), power: -1n }],
    ['no key', { pubKey: undefined, power: 1n }],
    ['a key of the wrong length', { pubKey: { ed25519: utf8('short') }, power: 1n }],
    ['a key type that is not allowed', { pubKey: { secp256k1: new Uint8Array(33).fill(2) }, power: 1n }],
  ])('refuses a validator with %s', (_, update) => {
    expect(() => toValidator(update, genesis.params)).toThrow(
      expect.objectContaining({ codespace: 'engine', code: 46 }),
    )
  })

  it('refuses updates that leave no validator, or remove a stranger', () => {
    const state = genesisState(genesis, 0n)
    const all = ['a', 'b', 'c'].map((name) => ({ pubKey: keyOf(name), power: 0n }))
    expect(() => advance(state, { validatorUpdates: all })).toThrow(
      expect.objectContaining({ name: 'ProtocolError' }),
    )
    const stranger = [{ pubKey: keyOf('z'), power: 0n }]
    expect(() => advance(state, { validatorUpdates: stranger })).toThrow(
      expect.objectContaining({ name: 'ProtocolError' }),
    )
  })

  it('is stored and read back', () => {
    const state = advance(advance(genesisState(genesis, 3n)), {
      validatorUpdates: [{ pubKey: keyOf('d'), power: 5n }],
    })
    expect(decodeState(encodeState(state))).toEqual(state)
    expect(() => decodeState(utf8('{}'))).toThrow(expect.objectContaining({ codespace: 'engine', code: 21 }))
    expect(() => decodeState(utf8('not JSON'))).toThrow(expect.objectContaining({ code: 21 }))
  })
})
