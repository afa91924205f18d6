import { describe, expect, it } from 'vitest'
import { fromUtf8 } from '@causeway/primitives'
import { testGenesis, testKeys } from '../chain.fixture.ts'
import { DEFAULT_CONSENSUS_PARAMS } from './consensus-params.ts'
import { genesisToJson, parseGenesis } from './genesis.ts'
import type { GenesisJson } from './genesis.ts'

const keys = testKeys('a', 'b')
const json = testGenesis(keys)

function refusal(change: Record<string, unknown>): unknown {
  try {
    parseGenesis({ ...json, ...change })
  } catch (error) {
    return error
  }
  return undefined
}

describe('parseGenesis', () => {
  it('reads what CometBFT writes', () => {
    const genesis = parseGenesis(json)
    expect(genesis.chainId).toBe('test-chain')
    expect(genesis.time).toEqual({ seconds: 1767323045n, nanos: 6 })
    expect(genesis.initialHeight).toBe(1n)
    expect(genesis.validators.map(({ validator }) => validator.votingPower)).toEqual([10n, 10n])
    expect(fromUtf8(genesis.appState)).toBe('{"greeting":"hello"}')
    expect(genesis.params.abci.voteExtensionsEnableHeight).toBe(1n)
    expect(genesis.params.block).toEqual(DEFAULT_CONSENSUS_PARAMS.block)
  })

  it('fills in what is left out', () => {
    const genesis = parseGenesis({ genesis_time: '2026-01-01T00:00:00Z', chain_id: 'c', initial_height: '0' })
    expect(genesis).toMatchObject({ initialHeight: 1n, validators: [], params: DEFAULT_CONSENSUS_PARAMS })
    expect(genesis.appState.length).toBe(0)
  })

  it('is written back as it was, with everything in it', () => {
    const written = genesisToJson(parseGenesis(json))
    expect(written.validators).toEqual(json.validators)
    expect(written.app_state).toEqual(json.app_state)
    expect(written.consensus_params?.block).toEqual({ max_bytes: '22020096', max_gas: '-1' })
    expect(genesisToJson(parseGenesis(written))).toEqual(written)
  })

  it('takes parameters of all groups', () => {
    const consensus_params = {
      block: { max_bytes: '-1', max_gas: '5' },
      evidence: { max_age_num_blocks: '7', max_age_duration: '1500000000', max_bytes: '9' },
      validator: { pub_key_types: ['secp256k1'] },
      version: { app: '3' },
      abci: { vote_extensions_enable_height: '4' },
    }
    const { params } = parseGenesis({ ...json, consensus_params })
    expect(params.evidence.maxAgeDuration).toEqual({ seconds: 1n, nanos: 500_000_000 })
    expect(genesisToJson(parseGenesis({ ...json, consensus_params })).consensus_params).toEqual(
      consensus_params,
    )
  })

  it.each<[string, Record<string, unknown>]>([
    ['no chain id', { chain_id: '' }],
    ['a long chain id', { chain_id: 'c'.repeat(51) }],
    ['no time', { genesis_time: undefined }],
    ['a bad time', { genesis_time: 'yesterday' }],
    ['a negative initial height', { initial_height: '-1' }],
    ['a fractional initial height', { initial_height: '1.5' }],
    ['validators that are no list', { validators: {} }],
    ['a validator without power', { validators: [{ ...json.validators![0], power: '0' }] }],
    ['a validator without key', { validators: [{ ...json.validators![0], pub_key: undefined }] }],
    ['an unknown key type', { validators: [{ ...json.validators![0], pub_key: { type: 'x', value: '' } }] }],
    ["another's address", { validators: [{ ...json.validators![0], address: keys[1]!.address }] }],
    ['parameters that are no object', { consensus_params: 5 }],
    ['a block of no bytes', { consensus_params: { block: { max_bytes: '0', max_gas: '-1' } } }],
    ['a block over the limit', { consensus_params: { block: { max_bytes: '104857601', max_gas: '-1' } } }],
    ['gas below −1', { consensus_params: { block: { max_bytes: '-1', max_gas: '-2' } } }],
    [
      'a number over 63 bits',
      { consensus_params: { block: { max_bytes: '9223372036854775808', max_gas: '0' } } },
    ],
    ['evidence over a block', { consensus_params: { block: { max_bytes: '1000', max_gas: '-1' } } }],
    ['no key type', { consensus_params: { validator: { pub_key_types: [] } } }],
    ['an unknown key type in parameters', { consensus_params: { validator: { pub_key_types: ['bls'] } } }],
    ['extensions from below 0', { consensus_params: { abci: { vote_extensions_enable_height: '-1' } } }],
  ])('refuses %s', (_, change) => {
    expect(refusal(change)).toMatchObject({ name: 'ProtocolError' })
  })

  it('refuses what is no object', () => {
    for (const value of [null, 5, 'genesis']) {
      expect(() => parseGenesis(value)).toThrow(expect.objectContaining({ codespace: 'engine', code: 1 }))
    }
  })

  it('accepts a validator without an address', () => {
    const { address: _, ...validator } = json.validators![0]!
    const genesis: GenesisJson = { ...json, validators: [validator] }
    expect(genesisToJson(parseGenesis(genesis)).validators![0]!.address).toBe(keys[0]!.address)
  })
})
