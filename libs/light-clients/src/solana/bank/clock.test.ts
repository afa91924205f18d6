import { concatBytes, le64 } from '@causeway/primitives'
import { describe, expect, it } from 'vitest'
import { codeOf } from '../../refusal.fixture.ts'
import { CLOCK_SYSVAR, SYSVAR_OWNER } from '../addresses.ts'
import { exampleAccount } from '../example-cluster.fixture.ts'
import { exampleAddress } from '../wire.fixture.ts'
import { clocksIn, readClock } from './clock.ts'

const clockData = (slot: bigint, start = 100n, epoch = 3n, seconds = 150n) =>
  concatBytes(le64(slot), le64(start), le64(epoch), le64(epoch + 1n), le64(seconds))
const clock = (...fields: Parameters<typeof clockData>) => exampleAccount(clockData(...fields), SYSVAR_OWNER)

describe('the Clock', () => {
  it('is read', () => {
    expect(readClock(clock(9n))).toEqual({
      slot: 9n,
      epochStartSeconds: 100n,
      epoch: 3n,
      leaderScheduleEpoch: 4n,
      timestampSeconds: 150n,
    })
  })

  it('is a sysvar of one layout', () => {
    const account = clock(9n)
    for (const changed of [
      { ...account, owner: exampleAddress('another') },
      { ...account, isExecutable: true },
      { ...account, data: account.data.subarray(1) },
      { ...account, data: concatBytes(account.data, Uint8Array.of(0)) },
    ]) {
      expect(codeOf(() => readClock(changed))).toBe('solana/43')
    }
  })

  it('has times', () => {
    const minusOne = (1n << 64n) - 1n
    expect(codeOf(() => readClock(clock(9n, 100n, 3n, minusOne)))).toBe('solana/43')
    expect(codeOf(() => readClock(clock(9n, minusOne, 3n, 150n)))).toBe('solana/43')
    expect(codeOf(() => readClock(clock(9n, 151n, 3n, 150n)))).toBe('solana/43')
    expect(codeOf(() => readClock(clock(9n, 150n, 3n, 150n)))).toBe('accepted')
  })
})

describe('what a slot wrote', () => {
  const write = { pubkey: CLOCK_SYSVAR, before: clock(8n), after: clock(9n) }

  it('holds the Clock of the parent and of the slot', () => {
    const { before, after } = clocksIn([{ ...write, pubkey: exampleAddress('x') }, write])
    expect([before.slot, after.slot]).toEqual([8n, 9n])
  })

  it('is refused without it', () => {
    const lists = [
      [],
      [{ ...write, pubkey: exampleAddress('x') }],
      [{ ...write, before: undefined }],
      [{ ...write, after: undefined }],
      [{ ...write, after: clock(8n) }],
      [{ ...write, after: clock(7n) }],
    ]
    for (const writes of lists) expect(codeOf(() => clocksIn(writes))).toBe('solana/43')
  })
})
