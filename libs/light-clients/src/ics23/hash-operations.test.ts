import { describe, expect, it } from 'vitest'
import { toHex, utf8 } from '@causeway/primitives'
import { codeOf } from '../refusal.fixture.ts'
import { hashOrPass, hashParts, hashWith, lengthPrefix } from './hash-operations.ts'

const food = utf8('food')

describe('hashWith', () => {
  // Of the public ICS-23 vectors (TestDoHashData).
  it.each([
    [1, 'c1f026582fe6e8cb620d0c85a72fe421ddded756662a8ec00ed4c297ad10676b'],
    [4, 'b1ab9988c7c7c5ec4b2b291adfeeee10e77cdd46'],
    [5, '0bcb587dfb4fc10b36d57f2bba1878f139b75d24'],
    [6, '5b3a452a6acbf1fc1e553a40c501585d5bd3cca176d562e0a0e19a3c43804e88'],
    [8, '5a1ec796f11f3dfc7e8ca5de13828edf2e910eb7dd41caaac356a4acbefb1758'],
  ])('operation %i', (operation, expected) => {
    expect(toHex(hashWith(operation, food))).toBe(expected)
    expect(toHex(hashParts(operation, [utf8('fo'), utf8(''), utf8('od')]))).toBe(expected)
  })

  it('has 64-byte hashes and keccak', () => {
    expect(hashWith(2, food).length).toBe(64)
    expect(hashWith(7, food).length).toBe(64)
    expect(toHex(hashWith(3, utf8('')))).toBe(
      'c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470',
    )
  })

  it('refuses none, BLAKE3 and numbers that are no operation', () => {
    for (const operation of [0, 9, 10, -1, 1.5, NaN])
      expect(codeOf(() => hashWith(operation, food))).toBe('ics23/13')
    expect(hashOrPass(0, food)).toBe(food)
  })
})

describe('lengthPrefix', () => {
  const data = (length: number) => new Uint8Array(length)
  it.each([
    [0, 5, ''],
    [1, 0, '00'],
    [1, 127, '7f'],
    [1, 128, '8001'],
    [1, 300, 'ac02'],
    [3, 258, '00000102'],
    [4, 258, '02010000'],
    [5, 258, '0000000000000102'],
    [6, 258, '0201000000000000'],
    [7, 32, ''],
    [8, 64, ''],
  ])('operation %i of %i bytes', (operation, length, expected) => {
    expect(toHex(lengthPrefix(operation, data(length)))).toBe(expected)
  })

  it('refuses data of another length than required, RLP and unknown operations', () => {
    expect(codeOf(() => lengthPrefix(7, data(31)))).toBe('ics23/15')
    expect(codeOf(() => lengthPrefix(8, data(32)))).toBe('ics23/15')
    for (const operation of [2, 9, -1])
      expect(codeOf(() => lengthPrefix(operation, data(1)))).toBe('ics23/14')
  })
})
