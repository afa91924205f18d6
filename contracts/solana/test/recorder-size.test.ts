// The largest set has to fit the one transaction with which the hub learns it, whatever the stakes are.
import { existsSync, readFileSync } from 'node:fs'
import { inflateRawSync } from 'node:zlib'
import { expect, it } from 'vitest'
import { SOLANA_HEADER_TYPE_URL, encodeEpochStakes } from '@causeway/light-clients'
import { encodeTowerSync, encodeTransaction, readRecording } from '@causeway/light-clients'
import type { AccountState, AccountWrite, Voter } from '@causeway/light-clients'
import { concatBytes, le64, sha256, utf8 } from '@causeway/primitives'
import { Header, StateProof } from '@causeway/protocol/causeway/lightclients/solana/v1/solana'
import { TxRaw } from '@causeway/protocol/cosmos/tx/v1beta1/tx'
import { MsgUpdateClient } from '@causeway/protocol/ibc/core/client/v1/tx'
import { RECORDER_GROWTH_VOTERS, RECORDER_VOTERS_MAX } from '../src/recorder/instructions.ts'

/** Of the hub: apps/hub/src/tx/limits.ts. */
const TRANSACTION_BYTES_MAX = 1_048_576
/** For the message's fee, memo and account, and what else a quiet slot may have written. */
const RESERVE_BYTES = 4_000
/** A root is 31 lockouts below what is voted for, and the slot may be one below the root. */
const OPENINGS = 32
const SLOT = 500_000_000n
/**
 * Bytes of the accounts that a slot without users writes: Clock, RecentBlockhashes, SlotHashes, SlotHistory,
 * a vote account, and payers; as recorded of a validator.
 */
const IDLE_ACCOUNTS = [40, 6_008, 20_488, 131_097, 3_762, 0, 0, 0]
const RECORDING = new URL('../../../../shared/vectors/solana-slots/tower-slots-13-45.json', import.meta.url)
const whyNot = existsSync(RECORDING) ? undefined : 'the recorded slots are not beside the checkout'
if (whyNot) console.log(whyNot)

const bytes32 = (name: string) => sha256(utf8(name))
const lattice = new Uint8Array(2_048).fill(0xa5)

function account(data: Uint8Array): AccountState {
  return { lamports: (1n << 63n) + 1n, data, isExecutable: false, owner: bytes32('owner') }
}

function writeOf(name: string, data: Uint8Array): AccountWrite {
  return { pubkey: bytes32(name), before: account(data), after: account(data) }
}

function stateOf(writes: readonly AccountWrite[]): StateProof {
  const opening = { signatureCount: 100_000n, lastBlockhash: bytes32('last'), accountsLtHash: lattice }
  return StateProof.fromPartial({
    ...{ parent: { ...opening, parentBankHash: bytes32('parent') }, grandparentSlot: SLOT },
    ...{ signatureCount: 100_000n, lastBlockhash: bytes32('last'), writes: [...writes] },
  })
}

/** A vote as long as they get: a whole tower, and fee payer and authorised voter apart from each other. */
function longestVote(index: number): Uint8Array {
  const [identity, voter, voteAccount] = ['identity', 'voter', 'account'].map((of) => bytes32(of + index))
  const signer = (publicKey: Uint8Array) => ({ publicKey, sign: () => new Uint8Array(64).fill(1) })
  const lockouts = Array.from({ length: 31 }, (_, i) => ({
    slot: SLOT + BigInt(i) + 1n,
    confirmations: 31 - i,
  }))
  const data = encodeTowerSync({ root: SLOT, lockouts, bankHash: bytes32('bank'), timestamp: 1n << 40n })
  return encodeTransaction({
    signers: [signer(identity!), signer(voter!)],
    instructions: [{ program: bytes32('vote program'), accounts: [voteAccount!, voter!], data }],
    recentBlockhash: bytes32('recent'),
  })
}

/** The epoch's set, all with the same stake: most votes are needed then. */
function fullSet(count: number): Uint8Array {
  const voters = Array.from({ length: count }, (_, i): Voter => {
    const name = concatBytes(bytes32('voter'), le64(BigInt(i)))
    const key = sha256(name)
    return { voteAccount: key, node: key, authorizedVoter: key, blsKey: undefined, stake: 1n << 40n }
  })
  return encodeEpochStakes(1_000n, BigInt(count) << 40n, voters)
}

/** Bytes of the hub's transaction that brings a set of so many voters, as final. */
function transactionBytes(voters: number): number {
  const header = Header.encode(
    Header.fromPartial({
      consensus: {
        tower: {
          ...{ slot: SLOT, bankHash: bytes32('bank') },
          votes: Array.from({ length: Math.ceil((2 * voters) / 3) }, (_, i) => longestVote(i)),
          descendants: Array.from({ length: OPENINGS }, (_, i) => ({
            ...{ slot: SLOT + BigInt(i) + 1n, signatureCount: 100_000n },
            ...{ lastBlockhash: bytes32('last'), accountsLtHash: lattice },
          })),
        },
      },
      state: stateOf([
        writeOf('recorder', fullSet(voters)),
        ...IDLE_ACCOUNTS.map((length, i) => writeOf(`idle ${i}`, new Uint8Array(length))),
      ]),
    }),
  ).finish()
  const message = MsgUpdateClient.fromPartial({
    ...{ clientId: 'solana-light-client-0', signer: `cway1${'q'.repeat(38)}` },
    clientMessage: { typeUrl: SOLANA_HEADER_TYPE_URL, value: header },
  })
  const bodyBytes = MsgUpdateClient.encode(message).finish()
  return TxRaw.encode(TxRaw.fromPartial({ bodyBytes, signatures: [new Uint8Array(64)] })).finish().length
}

it('the largest set fits, final and with the votes of equal stakes; with a step more it would not', () => {
  const bytes = transactionBytes(RECORDER_VOTERS_MAX)
  process.stdout.write(`${RECORDER_VOTERS_MAX} voters in a final header: ${bytes} bytes\n`)
  expect(bytes + RESERVE_BYTES).toBeLessThanOrEqual(TRANSACTION_BYTES_MAX)
  expect(transactionBytes(RECORDER_VOTERS_MAX + RECORDER_GROWTH_VOTERS)).toBeGreaterThan(
    TRANSACTION_BYTES_MAX,
  )
})

it.skipIf(whyNot)("a real validator's quiet slots and votes are no longer than what is counted", () => {
  const json: unknown = JSON.parse(readFileSync(RECORDING, 'utf8'))
  const { slots, votes } = readRecording(json, (packed) => new Uint8Array(inflateRawSync(packed)))
  const quiet = StateProof.encode(stateOf(slots.find(({ slot }) => slot === 14n)!.writes)).finish()
  const counted = stateOf(IDLE_ACCOUNTS.map((length, i) => writeOf(`idle ${i}`, new Uint8Array(length))))
  expect(quiet.length).toBeGreaterThan(300_000)
  expect(quiet.length).toBeLessThanOrEqual(StateProof.encode(counted).finish().length)
  expect(Math.max(...votes.map(({ wire }) => wire.length))).toBeLessThanOrEqual(longestVote(0).length)
})
