import { createPrivateKey, createPublicKey, sign } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import {
  applyWrites,
  bankHash,
  createNativeSignatureVerifier,
  createWasmLatticeXof,
  encodeEpochStakes,
  encodeTowerSync,
  encodeTransaction,
} from '@causeway/light-clients'
import type { AccountState, AccountWrite, BankFields, LatticeXof, Voter } from '@causeway/light-clients'
import { compareBytes, concatBytes, fromBase58, le64, sha256, utf8 } from '@causeway/primitives'

import { Headers } from '../headers.ts'
import { addressKey, keyAddress } from '../stream/record.ts'
import type { StreamRecord } from '../stream/record.ts'
import { Banks } from './banks.ts'
import type { BanksOptions } from './banks.ts'

/** When slot 0 was, in Unix seconds; slots take a second. */
export const GENESIS_SECONDS = 1_700_000_000n
export const GENESIS_HASH = sha256(utf8('genesis'))
export const CORE = sha256(utf8('core'))
export const ROOT_ACCOUNT = sha256(utf8('root account'))
export const RECORDER = sha256(utf8('recorder'))
export const RECORDER_ACCOUNT = sha256(utf8('recorder account'))
const SLOTS_PER_EPOCH = 32n
const ROOT_DEPTH = 4n
const VOTE_PROGRAM = key('Vote111111111111111111111111111111111111111')
const SYSVARS = key('Sysvar1111111111111111111111111111111111111')
const CLOCK = key('SysvarC1ock11111111111111111111111111111111')
const SLOT_HASHES = key('SysvarS1otHashes111111111111111111111111111')

interface Signer {
  readonly publicKey: Uint8Array
  sign(message: Uint8Array): Uint8Array
}

interface Validator extends Voter {
  readonly signers: readonly [Signer, Signer]
}

/** A bank of the little cluster, with the records that tell of it. */
export interface MadeBank extends BankFields {
  readonly slot: bigint
  readonly parent: MadeBank | undefined
  readonly bankHash: Uint8Array
  readonly accounts: ReadonlyMap<string, AccountState>
  readonly writes: readonly AccountWrite[]
  readonly records: readonly StreamRecord[]
}

/** What a slot does beside its sysvars: accounts by address, and who votes in it (indexes). */
export interface SlotWish {
  readonly changes?: readonly (readonly [Uint8Array, AccountState | undefined])[]
  readonly voters?: readonly number[]
  /** Transactions of two signatures that fail. */
  readonly failed?: readonly Uint8Array[]
}

/** An account of a program. */
export function madeAccount(data: Uint8Array, owner: Uint8Array): AccountState {
  return { lamports: 1_000n, data, isExecutable: false, owner }
}

/** A cluster of a few validators whose banks are made one by one, on any parent. */
export class LittleCluster {
  readonly validators: readonly Validator[]
  readonly genesis: MadeBank
  #writeVersion = 0n
  readonly #xof: LatticeXof

  constructor(xof: LatticeXof, stakes: readonly bigint[] = [40n, 30n, 20n, 10n]) {
    this.#xof = xof
    this.validators = stakes.map(validator)
    const accounts = new Map([
      [addressKey(CLOCK), clock(0n)],
      [addressKey(SLOT_HASHES), madeAccount(new Uint8Array(20_488), SYSVARS)],
      [addressKey(RECORDER_ACCOUNT), this.recorded(0n)],
    ])
    const writes = [...accounts].map(([address, after]) => ({
      pubkey: keyAddress(address),
      before: undefined,
      after,
    }))
    this.genesis = this.#made(0n, undefined, accounts, writes, [])
  }

  /** The recorder's account with the validators of an epoch. */
  recorded(epoch: bigint): AccountState {
    const total = this.validators.reduce((sum, { stake }) => sum + stake, 0n)
    return madeAccount(encodeEpochStakes(epoch, total, this.validators), RECORDER)
  }

  /** The bank of a slot: it votes for its parent, and roots what lies four slots behind that. */
  bank(parent: MadeBank, slot: bigint, wish: SlotWish = {}): MadeBank {
    const hashes = concatBytes(le64(1n), le64(parent.slot), parent.bankHash, new Uint8Array(20_440))
    const changed = new Map<string, AccountState | undefined>([
      [addressKey(CLOCK), clock(slot)],
      [addressKey(SLOT_HASHES), madeAccount(hashes, SYSVARS)],
      ...(wish.changes ?? []).map(([address, state]) => [addressKey(address), state] as const),
    ])
    const accounts = new Map(parent.accounts)
    const writes: AccountWrite[] = []
    for (const [address, after] of changed) {
      writes.push({ pubkey: keyAddress(address), before: accounts.get(address), after })
      if (after) accounts.set(address, after)
      else accounts.delete(address)
    }
    writes.sort((a, b) => compareBytes(a.pubkey, b.pubkey))
    const voters = parent.slot === 0n ? [] : (wish.voters ?? [...this.validators.keys()])
    const votes = voters.map((index) => this.vote(index, parent))
    return this.#made(slot, parent, accounts, writes, votes, wish.failed)
  }

  /** Banks one after the other, up to and with a slot. */
  banksTo(parent: MadeBank, slot: bigint, wish: (slot: bigint) => SlotWish = () => ({})): MadeBank[] {
    const banks: MadeBank[] = []
    for (let at = parent.slot + 1n; at <= slot; at += 1n)
      banks.push(this.bank(banks.at(-1) ?? parent, at, wish(at)))
    return banks
  }

  /** A validator's vote for a bank, or one that names it and that others signed. */
  vote(
    index: number,
    { slot, bankHash: hash }: Pick<MadeBank, 'slot' | 'bankHash'>,
    signers: Validator['signers'] = this.validators[index]!.signers,
  ): Uint8Array {
    const { voteAccount } = this.validators[index]!
    const root = slot > ROOT_DEPTH ? slot - ROOT_DEPTH : undefined
    const lockouts = [{ slot, confirmations: 1 }]
    const data = encodeTowerSync({ root, lockouts, bankHash: hash })
    const instructions = [{ program: VOTE_PROGRAM, accounts: [voteAccount], data }]
    return encodeTransaction({ signers, instructions, recentBlockhash: GENESIS_HASH })
  }

  #made(
    slot: bigint,
    parent: MadeBank | undefined,
    accounts: Map<string, AccountState>,
    writes: AccountWrite[],
    votes: readonly Uint8Array[],
    failed: readonly Uint8Array[] = [],
  ): MadeBank {
    const none = new Uint8Array(2048)
    const ascending = [...writes].sort((a, b) => compareBytes(a.pubkey, b.pubkey))
    const fields = {
      parentBankHash: parent?.bankHash ?? new Uint8Array(32),
      signatureCount: BigInt(2 * (votes.length + failed.length)),
      lastBlockhash: parent === undefined ? GENESIS_HASH : sha256(concatBytes(parent.bankHash, le64(slot))),
      accountsLtHash: applyWrites(parent?.accountsLtHash ?? none, ascending, this.#xof),
    }
    const hash = bankHash(fields, { slot, parentSlot: parent?.slot ?? 0n }, [])
    const transactions = [...votes, ...failed].map((wire, index): StreamRecord => {
      return { kind: 'transaction', slot, isVote: true, isError: index >= votes.length, wire }
    })
    const records = this.#records(slot, parent?.slot, ascending, transactions, fields.lastBlockhash)
    return { ...fields, slot, parent, bankHash: hash, accounts, writes: ascending, records }
  }

  #records(
    slot: bigint,
    parent: bigint | undefined,
    writes: readonly AccountWrite[],
    transactions: readonly StreamRecord[],
    blockhash: Uint8Array,
  ): StreamRecord[] {
    const accounts = writes.map(({ pubkey, after: state }): StreamRecord => {
      this.#writeVersion += 1n
      const writeVersion = this.#writeVersion
      return { kind: 'account', slot, isStartup: false, writeVersion, key: addressKey(pubkey), state }
    })
    if (parent === undefined) return accounts
    const rooted = slot > ROOT_DEPTH + 2n ? [status(slot - ROOT_DEPTH - 2n, undefined, 'rooted')] : []
    const executed = transactions.length
    return [
      status(slot, parent, 'created_bank'),
      ...accounts,
      ...transactions,
      { kind: 'block', slot, parentSlot: parent, blockhash, executed },
      ...rooted,
    ]
  }
}

/** A cluster whose four validators hold 40, 30, 20 and 10 of the stake. */
export async function littleCluster(stakes?: readonly bigint[]): Promise<LittleCluster> {
  return new LittleCluster(await createWasmLatticeXof(), stakes)
}

/** The accounts of a bank as a stream begins with them. */
export function startupAt({ slot, accounts }: MadeBank): StreamRecord[] {
  const records = [...accounts].map(([address, state]): StreamRecord => {
    return { kind: 'account', slot, isStartup: true, writeVersion: 0n, key: address, state }
  })
  return [{ kind: 'format' }, ...records, { kind: 'startupEnd' }]
}

/** A stream that begins at genesis. */
export function streamOf({ genesis }: LittleCluster, banks: readonly MadeBank[]): StreamRecord[] {
  const start: StreamRecord[] = [{ kind: 'format' }, { kind: 'startupEnd' }]
  return [...start, ...genesis.records, ...banks.flatMap(({ records }) => records)]
}

/** Banks that follow a little cluster. */
export async function littleBanks(options: Partial<BanksOptions> = {}) {
  const banks = new Banks({
    genesisHash: GENESIS_HASH,
    hardForks: [],
    latticeXof: await createWasmLatticeXof(),
    watched: [ROOT_ACCOUNT],
    recorderAccount: RECORDER_ACCOUNT,
    slotsKept: 128,
    ...options,
  })
  const headers = new Headers(banks, createNativeSignatureVerifier())
  const follow = (records: readonly StreamRecord[]) => {
    for (const record of records) banks.apply(record)
  }
  return { banks, headers, follow }
}

/** What became of a slot. */
export function status(slot: bigint, parent: bigint | undefined, text: string): StreamRecord {
  return { kind: 'slot', slot, parent, status: text }
}

function clock(slot: bigint): AccountState {
  const epoch = slot / SLOTS_PER_EPOCH
  const [start, now] = [GENESIS_SECONDS + epoch * SLOTS_PER_EPOCH, GENESIS_SECONDS + slot]
  return madeAccount(concatBytes(le64(slot), le64(start), le64(epoch), le64(epoch + 1n), le64(now)), SYSVARS)
}

function validator(stake: bigint, index: number): Validator {
  const [identity, voter] = [signer(`identity ${index}`), signer(`voter ${index}`)]
  return {
    voteAccount: sha256(utf8(`vote account ${index}`)),
    node: identity.publicKey,
    authorizedVoter: voter.publicKey,
    blsKey: undefined,
    stake,
    signers: [identity, voter],
  }
}

function signer(name: string): Signer {
  // PKCS #8 of an Ed25519 key is a fixed prefix and its seed.
  const der = concatBytes(Buffer.from('302e020100300506032b657004220420', 'hex'), sha256(utf8(name)))
  const secret: KeyObject = createPrivateKey({ key: Buffer.from(der), format: 'der', type: 'pkcs8' })
  const spki = createPublicKey(secret).export({ format: 'der', type: 'spki' })
  return {
    publicKey: new Uint8Array(spki.subarray(-32)),
    sign: (message) => new Uint8Array(sign(null, message, secret)),
  }
}

function key(text: string): Uint8Array {
  return fromBase58(text)!
}
