import { describe, expect, it } from 'vitest'

import { RelayError } from '../errors.ts'
import { PatientPool } from './patient-pool.ts'
import { SolanaRefusal } from './solana-api.ts'
import type { SolanaApi } from './solana-api.ts'

const pool = () =>
  new PatientPool({
    ...{ urls: ['http://one'], requestTimeoutMs: 1, staleAfterMs: 1, nowMs: () => 0 },
    connect: (url) => ({ url }) as SolanaApi,
  })

/** Fails so often, then answers. */
function failing(times: number, error: Error) {
  let asked = 0
  const run = async () => {
    asked += 1
    if (asked <= times) throw error
    return asked
  }
  return { run, asked: () => asked }
}

const refusal = (code: number) => new SolanaRefusal('node getSlot', code, 'no', undefined)

describe('a request', () => {
  it.each([
    ['that was lost', new RelayError('endpoint', 'now', 'did not answer')],
    ['that was one too many', refusal(429)],
    ['of a node that is behind', refusal(-32_016)],
    ['of a node that is not well', refusal(-32_005)],
  ])('%s is made again', async (_, error) => {
    expect(await pool().call(failing(3, error).run)).toBe(4)
  })

  it('that nobody answers ends', async () => {
    const lost = failing(Number.POSITIVE_INFINITY, refusal(429))
    await expect(pool().call(lost.run)).rejects.toThrow('no')
    expect(lost.asked()).toBe(4)
  })

  it.each([
    ['is wrong', refusal(-32_602)],
    ['names what there is not', new RelayError('config', 'never', 'no such client')],
  ])('that %s is not made again', async (_, error) => {
    const wrong = failing(1, error)
    await expect(pool().call(wrong.run)).rejects.toBe(error)
    expect(wrong.asked()).toBe(1)
  })

  it('is made once for who asks again anyway', async () => {
    const lost = failing(1, refusal(429))
    await expect(pool().callOnce(lost.run)).rejects.toThrow('no')
    expect(lost.asked()).toBe(1)
  })
})
