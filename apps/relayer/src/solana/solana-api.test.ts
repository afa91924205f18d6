import { createServer } from 'node:http'
import type { AddressInfo, Server } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'

import { SolanaApi } from './solana-api.ts'

const KEYS = ['a', 'b', 'c'].map((letter) => letter.repeat(44))
const SIGNATURE = '1'.repeat(88)
const servers: Server[] = []

afterEach(() => {
  for (const server of servers.splice(0)) server.close()
})

/** A node that answers everything with one result. */
async function answering(result: unknown): Promise<SolanaApi> {
  const server = createServer((_, response) => {
    response.setHeader('connection', 'close')
    response.end(JSON.stringify({ jsonrpc: '2.0', id: 1, result }))
  })
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return new SolanaApi(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, 30_000)
}

const transaction = (meta: object) => ({
  ...{ slot: 7, transaction: { message: { accountKeys: KEYS } } },
  meta: { err: null, logMessages: [], ...meta },
})
const call = (programIdIndex: unknown, data: unknown = 'A') => ({
  innerInstructions: [{ index: 0, instructions: [{ programIdIndex, accounts: [], data, stackHeight: 2 }] }],
})

describe('what a transaction called', () => {
  it('is named by the keys of its message, and of its tables', async () => {
    const loadedAddresses = { writable: ['w'], readonly: ['r'] }
    for (const [index, program] of [...KEYS, 'w', 'r'].entries()) {
      const api = await answering(transaction({ loadedAddresses, ...call(index) }))
      expect((await api.transaction(SIGNATURE))?.called).toEqual([{ program, data: 'A' }])
    }
  })

  it('is nothing where it failed, recorded or not', async () => {
    for (const inner of [call(1), { innerInstructions: null }, {}]) {
      const api = await answering(transaction({ err: 'AccountInUse', ...inner }))
      expect(await api.transaction(SIGNATURE)).toMatchObject({ error: 'AccountInUse', called: [] })
    }
  })

  const many = (count: number, of: unknown) => Array.from({ length: count }, () => of)
  it.each<[string, object]>([
    ['is not recorded', { innerInstructions: null }],
    ['is not there', {}],
    ['is of a key that there is not', call(3)],
    ['is of a key below the first', call(-1)],
    ['is of half a key', call(0.5)],
    ['is of a key in words', call('0')],
    ['has no data', call(0, null)],
    ['has data that is no text', call(0, [1, 2])],
    ['is no list', { innerInstructions: {} }],
    ['is a list of something else', { innerInstructions: [7] }],
    ['is more than any transaction can', { innerInstructions: many(1_025, { instructions: [] }) }],
    ['is more than any instruction can', { innerInstructions: [{ instructions: many(1_025, {}) }] }],
    ['has tables of no shape', { ...call(0), loadedAddresses: { writable: 'w' } }],
    ['has too many keys', { ...call(0), loadedAddresses: { writable: many(257, 'w'), readonly: [] } }],
  ])('is an endpoint’s nonsense where it %s', async (_, meta) => {
    const api = await answering(transaction(meta))
    await expect(api.transaction(SIGNATURE)).rejects.toMatchObject({ failure: 'endpoint', retry: 'now' })
  })
})

describe('what a simulation called', () => {
  const simulated = (value: object) => ({ context: { slot: 1 }, value: { err: null, logs: [], ...value } })
  const simulate = async (value: object) =>
    await (await answering(simulated(value))).simulate(new Uint8Array(1), 0n)

  it('is named by address; what a node tells in its own words is none of ours', async () => {
    const instructions = [
      { programId: 'core', accounts: [], data: 'A', stackHeight: 2 },
      { programId: 'token', program: 'spl-token', parsed: { type: 'transfer' }, stackHeight: 3 },
    ]
    const { called } = await simulate({ innerInstructions: [{ index: 0, instructions }] })
    expect(called).toEqual([{ program: 'core', data: 'A' }])
  })

  it('is nothing where it fails, and nonsense where it is not told', async () => {
    expect(await simulate({ err: 'AccountInUse', innerInstructions: null })).toMatchObject({ called: [] })
    await expect(simulate({})).rejects.toMatchObject({ failure: 'endpoint' })
    await expect(simulate({ innerInstructions: [{ instructions: [{}] }] })).rejects.toMatchObject({
      failure: 'endpoint',
    })
  })
})

it('vote accounts come with their stake, most first, whether they vote or not', async () => {
  const of = (letter: string, activatedStake: unknown) => ({ votePubkey: letter.repeat(44), activatedStake })
  const api = await answering({ current: [of('5', 1), of('6', 2 ** 60)], delinquent: [of('7', 3)] })
  const found = await api.voteAccounts()
  expect(found.map(({ address, stake }) => [address.toBase58()[0], stake])).toEqual([
    ['6', 2 ** 60],
    ['7', 3],
    ['5', 1],
  ])
  const wrong = await answering({ current: [of('5', -1)], delinquent: [] })
  await expect(wrong.voteAccounts()).rejects.toMatchObject({ failure: 'endpoint' })
})
