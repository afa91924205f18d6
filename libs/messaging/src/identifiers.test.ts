import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { clientTypeOf, isClientId, isPortId, requireClientId, requirePortId } from './identifiers.ts'
import { refusal } from './testing/refusal.fixture.ts'

describe('client ids', () => {
  it.each([
    '07-tendermint-0',
    'ethereum-12',
    'solana-3',
    'client-0',
    'channel-0',
    '08-wasm-18446744073709551615',
  ])('takes %s', (id) => {
    expect(requireClientId(id)).toBe(id)
  })

  it.each([
    ['', 'empty'],
    ['solan-1', 'seven characters'],
    [`${'a'.repeat(63)}-1`, '65 characters'],
    ['07-tendermint', 'no number'],
    ['07-tendermint-', 'an empty number'],
    ['07-tendermint-1x', 'no digit'],
    ['tendermint--1', 'an empty part'],
    ['-tendermint-1', 'a hyphen first'],
    ['07/tendermint-1', 'a separator'],
    ['07-tendermint-1\n', 'a line end'],
    ['07-tendermint-１', 'another digit one'],
    ['07-tendermint-18446744073709551616', 'a number of 65 bits'],
    ['07-tendermint-100000000000000000000', '21 digits'],
  ])('refuses %j: %s', (id) => {
    expect(isClientId(id)).toBe(false)
    expect(refusal(() => requireClientId(id))).toBe('ibc/1')
  })

  it('knows the type', () => {
    expect(clientTypeOf('07-tendermint-12')).toBe('07-tendermint')
    expect(refusal(() => clientTypeOf('tendermint'))).toBe('ibc/1')
  })

  it('judges any text, quickly', () => {
    fc.assert(fc.property(fc.string({ maxLength: 200 }), (text) => typeof isClientId(text) === 'boolean'))
    expect(isClientId(`${'a-'.repeat(31)}!`)).toBe(false)
    expect(isClientId('a'.repeat(1_000_000))).toBe(false)
  })
})

describe('port ids', () => {
  it('takes what ICS-24 takes', () => {
    for (const id of ['transfer', 'clearing', 'a.b_c+d-e#[f]<g>', 'a1', 'x'.repeat(128)]) {
      expect(requirePortId(id)).toBe(id)
    }
  })

  it('refuses the rest', () => {
    for (const id of ['', 'a', 'x'.repeat(129), 'tran sfer', 'transfer/x', 'transfér', 'transfer\n']) {
      expect(isPortId(id)).toBe(false)
      expect(refusal(() => requirePortId(id))).toBe('ibc/2')
    }
  })
})
