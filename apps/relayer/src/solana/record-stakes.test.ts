/* eslint-disable @nx/enforce-module-boundaries -- the programs' own fixtures: nothing is imitated */
import { RECORDER_GROWTH_VOTERS, recorderAddress } from '@causeway/contracts-solana'
import { readEpochStakes } from '@causeway/light-clients'
import { toBase58 } from '@causeway/primitives'
import { Keypair } from '@solana/web3.js'
import type { PublicKey } from '@solana/web3.js'
import { expect, it } from 'vitest'

import { done } from '../../../../contracts/solana/test/bridge.fixture.ts'
import { accountData, send, startSvm } from '../../../../contracts/solana/test/svm.fixture.ts'
import { makeVoters, setEpoch } from '../../../../contracts/solana/test/vote-accounts.fixture.ts'
import { PatientPool } from './patient-pool.ts'
import { StakeRecorder } from './record-stakes.ts'
import type { SolanaApi } from './solana-api.ts'
import type { SolanaSubmitter, TransactionRequest } from './submitter.ts'

const EPOCH = 5n
const OPEN = 0
const GROW = 1
const RECORD = 2

/** A relayer's recorder over the program, with so many vote accounts, of the stakes that a node tells. */
function start(count: number, stakeAt: (i: number) => number = () => 1_000_000) {
  const recorder = Keypair.generate().publicKey
  const chain = startSvm({ 'recorder-example': recorder })
  setEpoch(chain, EPOCH)
  const keys = makeVoters(chain, count).map(({ key }) => key)
  const state = { epoch: EPOCH, nowMs: 0, kinds: [] as number[] }
  const api = {
    epochInfo: async () => ({ epoch: state.epoch, slotsInEpoch: 1_000 }),
    voteAccounts: async () => keys.map((key, i) => ({ address: key, stake: stakeAt(i) })),
    accounts: async (asked: PublicKey[]) =>
      asked.map((one) => {
        const data = accountData(chain, one)
        return data && { data }
      }),
  }
  const pool = new PatientPool({
    ...{ urls: ['http://one'], requestTimeoutMs: 1, staleAfterMs: 1, nowMs: () => 0 },
    connect: () => api as unknown as SolanaApi,
  })
  const submitter = {
    payer: chain.payer.publicKey,
    newestSlot: 0n,
    inTurn: async (run: () => Promise<void>) => await run(),
    send: async ({ instructions }: TransactionRequest) => {
      done(send(chain, instructions))
      state.kinds.push(instructions[0]!.data[0]!)
    },
  }
  const nowMs = () => (state.nowMs += 60_000)
  const stakes = new StakeRecorder({
    ...{ pool, recorder, nowMs, provenEpoch: async () => undefined },
    submitter: submitter as unknown as SolanaSubmitter,
  })
  const set = () => readEpochStakes(accountData(chain, recorderAddress(recorder))!)
  const sent = (kind: number) => state.kinds.filter((one) => one === kind).length
  const next = () => {
    state.epoch += 1n
    setEpoch(chain, state.epoch)
  }
  return { stakes, set, sent, next, keys }
}

it.each([1, 66, 67, 68, 200])('records %i voters, and grows the account as they need it', async (count) => {
  const { stakes, set, sent } = start(count)
  await stakes.look()
  expect(set()).toMatchObject({ epoch: EPOCH + 1n })
  expect(set().voters.length).toBe(count)
  expect([sent(OPEN), sent(GROW)]).toEqual([1, Math.ceil(count / RECORDER_GROWTH_VOTERS) - 1])
  const before = sent(RECORD)
  await stakes.look()
  expect(sent(RECORD)).toBe(before)
})

it('fills in the next epoch what it made room for, by no more transactions than that takes', async () => {
  const { stakes, set, sent, next } = start(150)
  await stakes.look()
  const before = [sent(GROW), sent(RECORD)] as const
  next()
  await stakes.look()
  expect(set()).toMatchObject({ epoch: EPOCH + 2n })
  expect(set().voters.length).toBe(150)
  expect([sent(GROW) - before[0], sent(RECORD) - before[1]]).toEqual([0, Math.ceil(150 / 28)])
})

it('leaves out who has a thousandth of the stake together, and makes no room for them', async () => {
  // Six with 60,000 and 128 with one each, of 66,060,128: a thousandth is 66,060
  const { stakes, set, sent, keys } = start(200, (i) => (i < 66 ? 1_000_000 : i < 72 ? 10_000 : 1))
  await stakes.look()
  const recorded = set().voters.map(({ voteAccount }) => toBase58(voteAccount))
  expect(recorded.sort()).toEqual(
    keys
      .slice(0, 66)
      .map((key) => key.toBase58())
      .sort(),
  )
  expect([sent(GROW), sent(RECORD)]).toEqual([0, 3])
  await stakes.look()
  expect([sent(GROW), sent(RECORD)]).toEqual([0, 3])
})

it.each([
  ['just a thousandth', 1_000, 999_000, 1],
  ['more than a thousandth', 1_001, 998_999, 2],
])('a last one with %s', async (_, last, first, recorded) => {
  const { stakes, set } = start(2, (i) => (i === 0 ? first : last))
  await stakes.look()
  expect(set().voters.length).toBe(recorded)
})

it('gives all where a node tells of no stake', async () => {
  const { stakes, set } = start(3, () => 0)
  await stakes.look()
  expect(set().voters.length).toBe(3)
})
