import { concatBytes, le64, toHex } from '@causeway/primitives'
import { describe, expect, it } from 'vitest'
import { codeOf } from '../../refusal.fixture.ts'
import { exampleAccount } from '../example-cluster.fixture.ts'
import { exampleAddress } from '../wire.fixture.ts'
import { ACCOUNT_DATA_BYTES_MAX, accountPreimage } from './account-state.ts'
import type { AccountState } from './account-state.ts'
import { applyWrites, requireWrites } from './lattice-delta.ts'
import type { AccountWrite } from './lattice-delta.ts'
import { LatticeSum, nobleLatticeXof } from './lattice-hash.ts'

const OWNER = exampleAddress('owner')
const [A, B, C] = ['a', 'b', 'c'].map(exampleAddress).sort((a, b) => (toHex(a) < toHex(b) ? -1 : 1)) as [
  Uint8Array,
  Uint8Array,
  Uint8Array,
]
const state = (lamports: bigint, ...data: number[]) => exampleAccount(Uint8Array.from(data), OWNER, lamports)
const PARENT = nobleLatticeXof(Uint8Array.of(1))

const codeOfWrites = (...writes: AccountWrite[]) => codeOf(() => requireWrites(writes))
const write = (
  pubkey: Uint8Array,
  before: AccountState | undefined,
  after: AccountState | undefined,
): AccountWrite => ({ pubkey, before, after })

describe('the preimage of an account', () => {
  it('is lamports, data, executable, owner, address', () => {
    const executable = { ...state(7n, 1, 2), isExecutable: true }
    expect(accountPreimage(A, executable)).toEqual(concatBytes(le64(7n), Uint8Array.of(1, 2, 1), OWNER, A))
    expect(accountPreimage(A, state(7n))).toEqual(concatBytes(le64(7n), Uint8Array.of(0), OWNER, A))
  })
})

describe('the sum of a slot', () => {
  it('is the parent’s, less what was, plus what is', () => {
    const [one, two, three] = [state(1n, 1), state(2n), state(3n, 3)]
    const writes = [write(A, one, two), write(B, undefined, three), write(C, three, undefined)]
    const expected = new LatticeSum(PARENT)
    expected.subtract(nobleLatticeXof(accountPreimage(A, one)))
    expected.add(nobleLatticeXof(accountPreimage(A, two)))
    expected.add(nobleLatticeXof(accountPreimage(B, three)))
    expected.subtract(nobleLatticeXof(accountPreimage(C, three)))
    expect(applyWrites(PARENT, writes, nobleLatticeXof)).toEqual(expected.toBytes())
  })

  it('is undone by the writes turned round', () => {
    const writes = [write(A, state(1n), state(2n, 9)), write(B, state(4n), undefined)]
    const back = writes.map(({ pubkey, before, after }) => write(pubkey, after, before))
    const there = applyWrites(PARENT, writes, nobleLatticeXof)
    expect(applyWrites(there, back, nobleLatticeXof)).toEqual(PARENT)
  })

  it('asks for each state’s vector once, and for none before the list is judged', () => {
    let asked = 0
    const counting = (input: Uint8Array) => {
      asked++
      return nobleLatticeXof(input)
    }
    applyWrites(PARENT, [write(A, state(1n), state(2n)), write(B, undefined, state(1n))], counting)
    expect(asked).toBe(3)
    const twice = [write(A, state(1n), state(2n)), write(A, state(2n), state(3n))]
    expect(codeOf(() => applyWrites(PARENT, twice, counting))).toBe('solana/40')
    expect(asked).toBe(3)
  })
})

describe('a list is refused', () => {
  it('with an account twice, or out of order', () => {
    expect(codeOfWrites(write(A, state(1n), state(2n)), write(A, state(2n), state(3n)))).toBe('solana/40')
    expect(codeOfWrites(write(B, state(1n), state(2n)), write(A, state(2n), state(3n)))).toBe('solana/40')
    expect(codeOfWrites(write(A, state(1n), state(2n)), write(B, state(2n), state(3n)))).toBe('accepted')
  })

  it('with an account that did not change', () => {
    expect(codeOfWrites(write(A, state(1n, 2), state(1n, 2)))).toBe('solana/40')
    expect(codeOfWrites(write(A, undefined, undefined))).toBe('solana/40')
    for (const after of [
      state(2n, 2),
      state(1n, 3),
      state(1n),
      { ...state(1n, 2), owner: A },
      { ...state(1n, 2), isExecutable: true },
    ]) {
      expect(codeOfWrites(write(A, state(1n, 2), after))).toBe('accepted')
    }
  })

  it('with an account that has no lamports, which is one that does not exist', () => {
    expect(codeOfWrites(write(A, state(1n), state(0n)))).toBe('solana/40')
    expect(codeOfWrites(write(A, state(0n), state(1n)))).toBe('solana/40')
    expect(codeOfWrites(write(A, undefined, state(1n << 64n)))).toBe('solana/40')
  })

  it('with what is no account', () => {
    expect(codeOfWrites(write(A.subarray(1), undefined, state(1n)))).toBe('solana/40')
    expect(codeOfWrites(write(A, undefined, { ...state(1n), owner: OWNER.subarray(1) }))).toBe('solana/40')
    const large = exampleAccount(new Uint8Array(ACCOUNT_DATA_BYTES_MAX + 1), OWNER)
    expect(codeOfWrites(write(A, undefined, large))).toBe('solana/40')
  })
})
