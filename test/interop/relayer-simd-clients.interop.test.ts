import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { createLog, startRelayer } from '@causeway/relayer'
import type { RelayerConfigInput } from '@causeway/relayer'

import { need, startSimdPair, until } from './simd-pair.ts'
import type { SimdPair } from './simd-pair.ts'
import { startSimd } from './simd.ts'
import type { Simd } from './simd.ts'
import { cosmosUser } from './simd-user.ts'
import type { CosmosUser } from './simd-user.ts'

let pair: SimdPair
let userA: CosmosUser
let fork: Simd | undefined

beforeAll(async () => {
  pair = await startSimdPair({ trustingPeriodSeconds: 60n })
  userA = await cosmosUser(pair.a.rpcUrl, pair.a.mnemonic('user'))
})

afterAll(async () => {
  userA?.close()
  await pair?.stop()
  await fork?.stop()
})

const transfer = (amount: bigint) => ({
  client: pair.clients.clientOnA,
  amount,
  receiver: pair.b.address('user'),
  timeoutSeconds: BigInt(Math.floor(Date.now() / 1000)) + 3_600n,
})
const toSelf = (address: string) => ({
  typeUrl: '/cosmos.bank.v1beta1.MsgSend',
  value: { fromAddress: address, toAddress: address, amount: [{ denom: 'stake', amount: '1' }] },
})
/** Says "not yet" to a sequence mismatch and passes every other failure on. */
const isSequenceMismatch = (error: unknown) => {
  if (!String(error).includes('account sequence mismatch')) throw error
  return false
}
const settled = () =>
  until(async () => (await pair.chainA.pendingSequences(pair.clients.clientOnA)).length === 0)

describe('a quiet route', () => {
  it('keeps its clients fresh without a single packet', async () => {
    const settings = pair.config()
    const before = await pair.chainB.clientView(pair.clients.clientOnB)
    const routes = need(settings.routes).map((route) => ({ ...route, refreshAtPercent: 5 }))
    const relayer = await pair.start('KEY', { ...settings, routes })
    const refreshed = async () => (await pair.chainB.clientView(pair.clients.clientOnB)).latestHeight
    await until(async () => (await refreshed()) > before.latestHeight)
    const first = await refreshed()
    await until(async () => (await refreshed()) > first)
    await relayer.stop()
  })

  it('carries only what its filter allows, and a dry run sends nothing', async () => {
    const settings = pair.config()
    const filter = { minimumAmounts: { stake: '50' } }
    const filtered = { ...settings, routes: need(settings.routes).map((route) => ({ ...route, filter })) }
    const relayer = await pair.start('KEY', filtered)
    await userA.transfer(transfer(49n))
    await userA.transfer(transfer(50n))
    const pending = () => pair.chainA.pendingSequences(pair.clients.clientOnA)
    await until(async () => (await pending()).length === 1)
    await relayer.stop()
    const options = { env: pair.env, log: createLog('silent'), serve: false }
    const dry = await startRelayer(pair.config('SECOND'), { ...options, dryRun: true })
    expect(await need(dry.routes[0]).rescan()).toBe(1)
    const { height } = await pair.chainB.head()
    await until(async () => (await pair.chainB.head()).height > height + 3n)
    expect(await pending()).toHaveLength(1)
    await dry.stop()
    const other = await pair.start('SECOND')
    await settled()
    await other.stop()
  })
})

describe('a shared key', () => {
  it('used by another program in between costs a recovery of the sequence, no packet', async () => {
    const relayer = await pair.start()
    const thief = await cosmosUser(pair.b.rpcUrl, pair.b.mnemonic('relayer'))
    for (let round = 0; round < 4; round += 1) {
      await userA.transfer(transfer(1n))
      // The two disturb each other: the thief, on CosmJS, simply tries again.
      await until(() => thief.send(toSelf(thief.address)).then(() => true, isSequenceMismatch))
    }
    await settled()
    expect(relayer.unreadiness().filter((reason) => reason.includes('no progress'))).toEqual([])
    thief.close()
    await relayer.stop()
  })
})

describe('equivocation', () => {
  it('seen across two endpoints freezes the client at once', async () => {
    // The same validator key on two copies of the chain: from here on it signs two blocks at every height.
    await pair.a.kill()
    fork = await startSimd({ chainId: pair.a.chainId, accounts: [], copyHomeOf: pair.a })
    await pair.a.restart()
    const settings: RelayerConfigInput = pair.config()
    const [first, second] = settings.chains
    const relayer = await pair.start('KEY', {
      ...settings,
      chains: [{ ...need(first), rpc: [pair.a.rpcUrl, fork.rpcUrl] }, need(second)],
    })
    await until(async () => (await pair.chainB.clientView(pair.clients.clientOnB)).status === 'Frozen')
    await until(() => Promise.resolve(relayer.unreadiness().some((reason) => reason.includes('is Frozen'))))
    await relayer.stop()
  })
})
