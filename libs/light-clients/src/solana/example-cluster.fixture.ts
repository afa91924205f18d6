import { bls12_381 } from '@noble/curves/bls12-381.js'
import { compareBytes, concatBytes, fromHex, le64, sha256, toHex, utf8 } from '@causeway/primitives'
import { CLOCK_SYSVAR, SYSVAR_OWNER } from './addresses.ts'
import { bankHash } from './bank/bank-hash.ts'
import type { BankFields, HardFork } from './bank/bank-hash.ts'
import type { StateProof } from './bank/state-proof.ts'
import { encodeEpochStakes, readEpochStakes } from './epoch-stakes.ts'
import type { EpochStakes, Voter } from './epoch-stakes.ts'
import type { AccountState } from './lattice/account-state.ts'
import { applyWrites } from './lattice/lattice-delta.ts'
import type { AccountWrite } from './lattice/lattice-delta.ts'
import { rememberingXof } from './lattice/remembering-xof.fixture.ts'
import { asChild } from './tower/tower-consensus.ts'
import { encodeVote, exampleAddress, exampleKey } from './wire.fixture.ts'
import type { ExampleKey, TowerWish } from './wire.fixture.ts'

/** When slot 0 was, in Unix seconds; slots take a second. */
export const GENESIS_SECONDS = 1_700_000_000n

export interface ExampleValidator extends Voter {
  readonly identity: ExampleKey
  readonly voter: ExampleKey
  readonly blsSecret: Uint8Array
  readonly blsKey: Uint8Array
}

/** A bank of the cluster: its hash, what that is made of, and what the slot wrote. */
export interface ExampleBank extends BankFields {
  readonly slot: bigint
  readonly parent: ExampleBank | undefined
  readonly epoch: bigint
  readonly bankHash: Uint8Array
  /** Ascending by address. */
  readonly writes: readonly AccountWrite[]
  readonly accounts: ReadonlyMap<string, AccountState>
}

export interface ClusterWish {
  readonly stakes?: readonly bigint[]
  readonly slotsPerEpoch?: bigint
  readonly hardForks?: readonly HardFork[]
}

/** What a slot writes beside the Clock: address in hex → state, or nothing for an account that goes. */
export type Changes = ReadonlyMap<string, AccountState | undefined>

/** A cluster whose validators sign what they are told to, with banks hashed as Solana hashes them. */
export class ExampleCluster {
  readonly validators: readonly ExampleValidator[]
  readonly slotsPerEpoch: bigint
  readonly hardForks: readonly HardFork[]
  readonly genesis: ExampleBank

  constructor({ stakes = [40n, 30n, 20n, 10n], slotsPerEpoch = 32n, hardForks = [] }: ClusterWish = {}) {
    this.validators = stakes.map(exampleValidator)
    this.slotsPerEpoch = slotsPerEpoch
    this.hardForks = hardForks
    const accounts = new Map([[toHex(CLOCK_SYSVAR), clockAccount(0n, 0n, 0n)]])
    const fields = {
      parentBankHash: new Uint8Array(32),
      signatureCount: 0n,
      lastBlockhash: sha256(utf8('genesis')),
      accountsLtHash: applyWrites(
        new Uint8Array(2048),
        [...accounts].map(([address, after]) => ({ pubkey: fromHex(address), before: undefined, after })),
        rememberingXof,
      ),
    }
    const hash = bankHash(fields, { slot: 0n, parentSlot: 0n }, [])
    this.genesis = { ...fields, slot: 0n, parent: undefined, epoch: 0n, bankHash: hash, writes: [], accounts }
  }

  /** A bank on top of another; `seconds` is the Clock's time. */
  bank(
    parent: ExampleBank,
    slot: bigint,
    changes: Changes = new Map(),
    seconds = GENESIS_SECONDS + slot,
  ): ExampleBank {
    const epoch = slot / this.slotsPerEpoch
    const start = GENESIS_SECONDS + epoch * this.slotsPerEpoch
    const all = new Map([
      ...changes,
      [toHex(CLOCK_SYSVAR), clockAccount(slot, epoch, seconds, start < seconds ? start : seconds)],
    ])
    const accounts = new Map(parent.accounts)
    const writes: AccountWrite[] = []
    for (const [address, after] of all) {
      writes.push({ pubkey: fromHex(address), before: accounts.get(address), after })
      if (after) accounts.set(address, after)
      else accounts.delete(address)
    }
    writes.sort((a, b) => compareBytes(a.pubkey, b.pubkey))
    const fields = {
      parentBankHash: parent.bankHash,
      signatureCount: 2n * slot,
      lastBlockhash: sha256(utf8(`blockhash ${slot}`)),
      accountsLtHash: applyWrites(parent.accountsLtHash, writes, rememberingXof),
    }
    const hash = bankHash(fields, { slot, parentSlot: parent.slot }, this.hardForks)
    return { ...fields, slot, parent, epoch, bankHash: hash, writes, accounts }
  }

  /** What proves the bank's writes. */
  stateProof(bank: ExampleBank): StateProof {
    const parent = bank.parent!
    return {
      parent,
      grandparentSlot: parent.parent?.slot ?? 0n,
      signatureCount: bank.signatureCount,
      lastBlockhash: bank.lastBlockhash,
      writes: bank.writes,
    }
  }

  /** The vote of a validator. */
  vote(index: number, wish: TowerWish): Uint8Array {
    const { identity, voter, voteAccount } = this.validators[index]!
    return encodeVote([identity, voter], voteAccount, wish)
  }

  /** Votes of some validators for a bank, by default of all. */
  votes(bank: { slot: bigint; bankHash: Uint8Array }, voters = [...this.validators.keys()], root?: bigint) {
    return voters.map((index) => this.vote(index, { slot: bank.slot, bankHash: bank.bankHash, root }))
  }

  /** What settles a bank: votes for it, or of two slots later that name it as root. */
  towerProof(bank: ExampleBank, voters?: readonly number[], isFinal = true) {
    const { slot, bankHash } = bank
    const above = isFinal ? this.banksAbove(bank, [slot + 1n, slot + 2n]) : []
    const votes = this.votes(above.at(-1) ?? bank, voters && [...voters], isFinal ? slot : undefined)
    return { slot, bankHash, votes, descendants: above.map(asChild) }
  }

  /** Banks one on the other, above one. */
  banksAbove(bank: ExampleBank, slots: readonly bigint[]): ExampleBank[] {
    return slots.reduce<ExampleBank[]>((all, slot) => [...all, this.bank(all.at(-1) ?? bank, slot)], [])
  }

  /** The validator set of an epoch in the recorder's layout. */
  stakesBytes(epoch: bigint, voters: readonly Voter[] = this.validators): Uint8Array {
    const total = this.validators.reduce((sum, { stake }) => sum + stake, 0n)
    return encodeEpochStakes(epoch, total, voters)
  }

  stakes(epoch = 0n, voters?: readonly Voter[]): EpochStakes {
    return readEpochStakes(this.stakesBytes(epoch, voters))
  }
}

/** An account of a program. */
export function exampleAccount(data: Uint8Array, owner: Uint8Array, lamports = 1_000_000n): AccountState {
  return { lamports, data, isExecutable: false, owner }
}

/** Keys take a while to make, so each is made once. */
const madeKeys = new Map<number, Omit<ExampleValidator, 'stake'>>()

function exampleValidator(stake: bigint, index: number): ExampleValidator {
  const keys = madeKeys.get(index) ?? makeKeys(index)
  madeKeys.set(index, keys)
  return { ...keys, stake }
}

function makeKeys(index: number): Omit<ExampleValidator, 'stake'> {
  const identity = exampleKey(`identity ${index}`)
  const voter = exampleKey(`voter ${index}`)
  const { secretKey: blsSecret, publicKey } = bls12_381.longSignatures.keygen(
    concatBytes(sha256(utf8(`bls ${index}`)), new Uint8Array(16)),
  )
  return {
    identity,
    voter,
    blsSecret,
    voteAccount: exampleAddress(`vote account ${index}`),
    node: identity.publicKey,
    authorizedVoter: voter.publicKey,
    blsKey: publicKey.toBytes(true),
  }
}

function clockAccount(slot: bigint, epoch: bigint, seconds: bigint, start = seconds): AccountState {
  const data = concatBytes(le64(slot), le64(start), le64(epoch), le64(epoch + 1n), le64(seconds))
  return exampleAccount(data, SYSVAR_OWNER, 1_169_280n)
}
