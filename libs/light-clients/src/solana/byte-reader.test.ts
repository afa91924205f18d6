import { describe, expect, it } from 'vitest'
import { codeOf } from '../refusal.fixture.ts'
import { ByteReader } from './byte-reader.ts'
import { errors } from './errors.ts'

const reader = (...bytes: number[]) =>
  new ByteReader(Uint8Array.from(bytes), (reason) => errors.badTransaction({ reason }))

describe('fields', () => {
  it('are little-endian', () => {
    const all = reader(1, 2, 1, 4, 3, 2, 1, 8, 7, 6, 5, 4, 3, 2, 0xf1, 9)
    expect(all.u8()).toBe(1)
    expect(all.u16()).toBe(0x0102)
    expect(all.u32()).toBe(0x01020304)
    expect(all.u64()).toBe(0xf102030405060708n)
    expect(all.take(1)).toEqual(Uint8Array.of(9))
    expect(all.offset).toBe(16)
    all.end()
  })

  it('are not read past the end', () => {
    expect(codeOf(() => reader(1, 2, 3).u32())).toBe('solana/20')
    expect(codeOf(() => reader(1, 2, 3, 4, 5, 6, 7).u64())).toBe('solana/20')
    expect(codeOf(() => reader(1).take(2))).toBe('solana/20')
    expect(codeOf(() => reader().u8())).toBe('solana/20')
  })

  it('are all that there is', () => {
    expect(codeOf(() => reader(1).end())).toBe('solana/20')
  })
})

describe('lengths', () => {
  // solana-short-vec, tests
  it.each([
    [[0x00], 0],
    [[0x7f], 0x7f],
    [[0x80, 0x01], 0x80],
    [[0xff, 0x01], 0xff],
    [[0x80, 0x02], 0x100],
    [[0xff, 0xff, 0x01], 0x7fff],
    [[0x80, 0x80, 0x02], 0x8000],
    [[0xff, 0xff, 0x03], 0xffff],
  ])('%j is %i', (bytes, value) => {
    const all = reader(...bytes)
    expect(all.compactU16()).toBe(value)
    all.end()
  })

  it.each([
    [[0x80, 0x00]],
    [[0x80, 0x80, 0x00]],
    [[0xff, 0x00]],
    [[0x80, 0x80, 0x04]],
    [[0xff, 0xff, 0x83]],
    [[0x80, 0x80, 0x80, 0x00]],
    [[0x80]],
    [[]],
  ])('refuses %j', (bytes) => {
    expect(codeOf(() => reader(...bytes).compactU16())).toBe('solana/20')
  })
})

describe('numbers in LEB128', () => {
  it('take up to 64 bits', () => {
    expect(reader(0xe5, 0x8e, 0x26).varint()).toBe(624_485n)
    expect(reader(...new Array<number>(9).fill(0xff), 1).varint()).toBe((1n << 64n) - 1n)
    expect(reader(0).varint()).toBe(0n)
  })

  it('have one form', () => {
    expect(codeOf(() => reader(0x80, 0x00).varint())).toBe('solana/20')
    expect(codeOf(() => reader(...new Array<number>(9).fill(0xff), 2).varint())).toBe('solana/20')
    expect(codeOf(() => reader(...new Array<number>(10).fill(0xff), 0).varint())).toBe('solana/20')
    expect(codeOf(() => reader(0x80).varint())).toBe('solana/20')
  })
})
