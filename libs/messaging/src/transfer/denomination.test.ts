import { sha256, toHex, toHexUpper, utf8 } from '@causeway/primitives'
import { Overlay } from '@causeway/state-tree'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { refusal } from '../testing/refusal.fixture.ts'
import {
  DENOMINATION_PATH_MAX,
  cameOver,
  denominationPath,
  parseDenomination,
  voucherOf,
  withHop,
  withoutHop,
} from './denomination.ts'
import { findDenomination, rememberDenomination, resolveVoucher } from './denomination-store.ts'
import { escrowAddress } from './escrow-address.ts'

const empty = { get: () => undefined, has: () => false, iterate: () => [] }

describe('denominations', () => {
  it.each([
    ['uatom', 0, 'uatom'],
    ['transfer/07-tendermint-0/uatom', 1, 'uatom'],
    [
      'transfer/ethereum-4/0xa0b86991c6218b36c1d19d4a2e9eb0ce3606eb48',
      1,
      '0xa0b86991c6218b36c1d19d4a2e9eb0ce3606eb48',
    ],
    [
      'transfer/solana-2/So11111111111111111111111111111111111111112',
      1,
      'So11111111111111111111111111111111111111112',
    ],
    ['transfer/channel-3/wasm.port/08-wasm-12/u', 2, 'u'],
  ])('reads %s', (path, hops, base) => {
    const denomination = parseDenomination(path)
    expect(denomination.hops.length).toBe(hops)
    expect(denomination.base).toBe(base)
    expect(denominationPath(denomination)).toBe(path)
  })

  it.each([
    ['', 'nothing'],
    ['gamm/pool/1', 'a base with slashes'],
    ['transfer/07-tendermint-0/gamm/pool/1', 'a base with slashes behind a hop'],
    ['transfer/07-tendermint-0/', 'no base'],
    ['transfer/07-tendermint-0', 'half a hop'],
    ['/uatom', 'an empty part'],
    ['transfer//uatom', 'an empty client'],
    ['transfer/abc-1/uatom', 'a client id too short'],
    ['t/07-tendermint-0/uatom', 'a port id too short'],
    ['uatom ', 'white space'],
    ['ua\0tom', 'a NUL'],
    ['uаtom', 'a Cyrillic letter'],
    ['ibc/27394FB092D2ECCD56123C74F36E4C1F926001CEADA9CA97EA622B25F41E5EB2', 'a voucher'],
    ['x'.repeat(129), 'a base of 129 characters'],
    ['0xA0b86991c6218b36c1d19d4a2e9eb0ce3606eB48', 'a checksummed EVM address'],
    ['0XA0B86991C6218B36C1D19D4A2E9EB0CE3606EB48', 'an upper-case EVM address'],
  ])('refuses %j: %s', (path) => {
    expect(refusal(() => parseDenomination(path))).toBe('transfer/20')
  })

  it('takes hops as many as fit, and hashes them to one short name', () => {
    const path = `${'transfer/07-tendermint-0/'.repeat(1300)}uatom`
    expect(parseDenomination(path).hops.length).toBe(1300)
    expect(voucherOf(path)).toBe(`ibc/${toHexUpper(sha256(utf8(path)))}`)
    const bomb = `${'transfer/07-tendermint-0/'.repeat(1311)}uatom`
    expect(bomb.length).toBeGreaterThan(DENOMINATION_PATH_MAX)
    expect(refusal(() => parseDenomination(bomb))).toBe('transfer/20')
    expect(refusal(() => parseDenomination('/'.repeat(DENOMINATION_PATH_MAX)))).toBe('transfer/20')
  })

  it('names the known voucher of the Cosmos Hub', () => {
    expect(voucherOf('transfer/channel-0/uatom')).toBe(
      'ibc/27394FB092D2ECCD56123C74F36E4C1F926001CEADA9CA97EA622B25F41E5EB2',
    )
    expect(voucherOf('uatom')).toBe('uatom')
  })

  it('puts a hop on and takes it off again', () => {
    expect(withHop('uatom', '07-tendermint-1')).toBe('transfer/07-tendermint-1/uatom')
    expect(withoutHop('transfer/07-tendermint-1/uatom', '07-tendermint-1')).toBe('uatom')
    expect(cameOver('transfer/07-tendermint-1/uatom', '07-tendermint-1')).toBe(true)
    // A client whose id begins another's, another port, another place in the path
    expect(cameOver('transfer/07-tendermint-11/uatom', '07-tendermint-1')).toBe(false)
    expect(cameOver('transfers/07-tendermint-1/uatom', '07-tendermint-1')).toBe(false)
    expect(cameOver('transfer/ethereum-0/transfer/07-tendermint-1/uatom', '07-tendermint-1')).toBe(false)
    expect(cameOver('uatom', '07-tendermint-1')).toBe(false)
    const longest = 'x'.repeat(DENOMINATION_PATH_MAX)
    expect(refusal(() => withHop(longest, '07-tendermint-1'))).toBe('transfer/20')
  })

  it('is read by hops exactly when its text begins with the hop', () => {
    const client = fc.stringMatching(/^07-tendermint-[0-9]{1,2}$/)
    const path = fc.tuple(fc.array(client, { maxLength: 3 }), client).map(([clients, last]) => ({
      path: `${clients.map((id) => `transfer/${id}/`).join('')}uatom`,
      first: clients[0],
      last,
    }))
    fc.assert(
      fc.property(path, ({ path: text, first, last }) => {
        const [hop] = parseDenomination(text).hops
        expect(cameOver(text, last)).toBe(hop?.portId === 'transfer' && hop.channelId === last)
        if (first !== undefined) expect(withHop(withoutHop(text, first), first)).toBe(text)
      }),
    )
  })
})

describe('the denomination store', () => {
  it('remembers a path once, and finds it by hash and voucher', () => {
    const store = new Overlay(empty)
    const path = 'transfer/07-tendermint-0/uatom'
    expect(rememberDenomination(store, path)).toBe(true)
    expect(rememberDenomination(store, path)).toBe(false)
    const hash = voucherOf(path).slice(4)
    expect(findDenomination(store, hash)).toBe(path)
    expect(findDenomination(store, hash.toLowerCase())).toBe(path)
    expect(findDenomination(store, 'x'.repeat(64))).toBeUndefined()
    expect(findDenomination(store, '00'.repeat(32))).toBeUndefined()
    expect(resolveVoucher(store, voucherOf(path))).toBe(path)
    expect(resolveVoucher(store, 'ucway')).toBe('ucway')
    expect([...store.iterate()].map(([key]) => key[0])).toEqual([3])
  })

  it.each([
    [`ibc/${'0'.repeat(64)}`, 'transfer/21'],
    ['ibc/', 'transfer/21'],
    ['ibc/xyz', 'transfer/21'],
    ['transfer/07-tendermint-0/uatom', 'transfer/20'],
    ['', 'transfer/20'],
  ])('refuses the voucher %j', (voucher, expected) => {
    expect(refusal(() => resolveVoucher(new Overlay(empty), voucher))).toBe(expected)
  })

  it('says by which name a token goes whose path was given', () => {
    const path = 'transfer/07-tendermint-0/uatom'
    expect(() => resolveVoucher(new Overlay(empty), path)).toThrow(
      `name it ${voucherOf(path)}, not by its path`,
    )
  })

  it('knows a voucher in upper case only', () => {
    const store = new Overlay(empty)
    const path = 'transfer/07-tendermint-0/uatom'
    rememberDenomination(store, path)
    expect(refusal(() => resolveVoucher(store, voucherOf(path).toLowerCase()))).toBe('transfer/21')
  })
})

describe('escrow accounts', () => {
  it('are those of ibc-go', () => {
    expect(toHex(escrowAddress('07-tendermint-0'))).toBe('a7349d49e088e5e5ace9817e458bbc697f379d54')
    expect(escrowAddress('07-tendermint-1')).not.toEqual(escrowAddress('07-tendermint-11'))
  })
})
