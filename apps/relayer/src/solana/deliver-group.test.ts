import { associatedAddress } from '@causeway/contracts-solana'
import { AddressLookupTableAccount, Keypair, PublicKey } from '@solana/web3.js'
import type { TransactionInstruction } from '@solana/web3.js'
import { beforeEach, describe, expect, it } from 'vitest'

import { judgeFailure } from '../plan/judge-failure.ts'
import { testWork } from '../plan/lane.fixture.ts'
import { ACCOUNTS_MAX, countAccounts } from './count-accounts.ts'
import { deliverGroup } from './deliver-group.ts'
import type { DeliveryPorts } from './deliver-group.ts'
import type { PreparedWork } from './packet-messages.ts'
import { classifyFailure } from './refusals.ts'
import type { TransactionRequest } from './submitter.ts'

const key = (): PublicKey => Keypair.generate().publicKey
const payer = key()
const buffer = key()
const vault = key()
const core = key()
const lightState = key()
const wallet = key()
const tokenProgram = key()
const OWN_INSTRUCTIONS = 2

/** What a transaction with these messages meets; `null`: nothing. */
let judge: (sequences: readonly bigint[]) => unknown
let sent: TransactionInstruction[][]
let named: Set<string>
/** Which message an instruction is. */
let sequences: Map<string, bigint>

beforeEach(() => {
  judge = () => null
  sent = []
  named = new Set()
  sequences = new Map()
})

/** A refund of a token of its own; its account is named by a lookup table. */
function refund(sequence: bigint, fields: { apart?: boolean } = {}): PreparedWork {
  const mint = key()
  const places = { vault, core, clientId: 'client-0', lightState, mint, tokenProgram }
  const account = associatedAddress(wallet, mint, tokenProgram)
  sequences.set(account.toBase58(), sequence)
  const payout = { mint, wallet, amount: 1n, places, line: undefined, account, isAccountMissing: false }
  const work = testWork({ kind: 'timeout', sequence, ...fields })
  const proven = { work, proof: new Uint8Array(), proofHeight: { revisionNumber: 0n, revisionHeight: 9n } }
  return { proven, proof: new Uint8Array(100), payout, rentPayer: undefined }
}

const sequencesIn = (instructions: readonly TransactionInstruction[]) =>
  instructions.map(({ keys }) => keys.flatMap((one) => sequences.get(one.pubkey.toBase58()) ?? [])[0]!)

function ports(): DeliveryPorts {
  const submitter = {
    payer,
    simulate: async ({ instructions }: TransactionRequest) => {
      const error = judge(sequencesIn(instructions))
      return { error, logs: [], called: [], units: 1 }
    },
    classify: (error: unknown) => classifyFailure(error, [], OWN_INSTRUCTIONS),
    send: async ({ instructions }: TransactionRequest) => {
      sent.push([...instructions])
      const fee = { amount: 1n, denom: 'lamports' }
      return { inclusion: { hash: 'AB', height: 1n, gasUsed: 1n, fee }, logs: [] }
    },
  }
  const note = (instructions: readonly TransactionInstruction[]) => {
    for (const { keys } of instructions) for (const one of keys) named.add(one.pubkey.toBase58())
  }
  const uploads = { put: async () => ({ accounts: { program: core, author: payer, buffer }, fees: 0n }) }
  return {
    submitter,
    uploads: { ...uploads, finish: () => {} },
    lookups: { usable: async () => [], note, isToBlame: () => false },
    receipts: { place: () => ({ leaf: new Uint8Array(32), path: { depth: 0 } }) },
    places: {
      programs: { core, vault, hubClient: key(), upload: key(), recorder: key() },
      ...{
        clientId: 'client-0',
        client: { address: { program: key(), client: key() }, core: { lightState } },
        payer,
      },
    },
  } as unknown as DeliveryPorts
}

async function failuresOf(group: readonly PreparedWork[]) {
  const { delivered } = await deliverGroup(ports(), group)
  return delivered.flatMap(({ outcome: { done, failed } }) =>
    failed.map(({ work, error }) => [
      work.packet.sequence,
      judgeFailure(error, done.length + failed.length),
      error.message.split(' (')[0],
    ]),
  )
}

const DESTINATION_MISSING = 156
const LEFT = 'left for the next flight: its receipt’s path changed'
const refusedAt = (index: number, number = DESTINATION_MISSING) =>
  index === -1 ? null : { InstructionError: [OWN_INSTRUCTIONS + index, { Custom: number }] }

describe('a message that is refused', () => {
  it('counts as an attempt, even where trying at once may help; those behind it are left', async () => {
    judge = (all) => refusedAt(all.indexOf(1n))
    expect(await failuresOf([refund(1n), refund(2n), refund(3n)])).toEqual([
      [1n, 'message', 'refused: vault/DestinationMissing'],
      [2n, 'again', LEFT],
      [3n, 'again', LEFT],
    ])
    expect(sent).toEqual([])
  })

  it('counts behind others too, which arrive', async () => {
    judge = (all) => refusedAt(all.indexOf(2n))
    expect(await failuresOf([refund(1n), refund(2n), refund(3n)])).toEqual([
      [2n, 'message', 'refused: vault/DestinationMissing'],
      [3n, 'again', LEFT],
    ])
    expect(sent.map(sequencesIn)).toEqual([[1n]])
  })

  it('is found where nobody names it', async () => {
    judge = (all) => (all.includes(3n) ? 'SomethingNew' : null)
    expect(await failuresOf([1n, 2n, 3n, 4n].map((one) => refund(one)))).toEqual([
      [3n, 'message', 'SomethingNew'],
      [4n, 'again', LEFT],
    ])
    expect(sent.map(sequencesIn)).toEqual([[1n, 2n]])
  })
})

describe('a transaction', () => {
  it('names no more accounts than it may lock, though a lookup table has room for more', async () => {
    const group = Array.from({ length: 20 }, (_, index) => refund(BigInt(index + 1)))
    await deliverGroup(ports(), group) // tells what is named
    const addresses = [...named].map((one) => new PublicKey(one))
    const state = { deactivationSlot: 2n ** 64n - 1n, lastExtendedSlot: 1, lastExtendedSlotStartIndex: 0 }
    const table = new AddressLookupTableAccount({ key: key(), state: { ...state, addresses } })
    const given = ports()
    given.lookups.usable = async () => [table]
    const without = sent.splice(0).length
    await deliverGroup(given, group)
    expect(sent.length).toBeLessThan(without)
    expect(sent.flatMap(sequencesIn)).toEqual(group.map(({ proven }) => proven.work.packet.sequence))
    const counts = sent.map((one) => countAccounts(payer, one))
    expect(Math.max(...counts)).toBeLessThanOrEqual(ACCOUNTS_MAX)
    expect(counts[0]).toBeGreaterThan(ACCOUNTS_MAX - 6) // by which it is full: a message names more
  })

  it('has one message where that is to travel apart', async () => {
    await failuresOf([refund(1n), refund(2n, { apart: true }), refund(3n), refund(4n)])
    expect(sent.map(sequencesIn)).toEqual([[1n], [2n], [3n, 4n]])
  })
})
