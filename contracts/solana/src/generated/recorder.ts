// Made from idl/recorder.json by scripts/generate.ts.
import { PublicKey, type TransactionInstruction } from '@solana/web3.js'
import { EMPTY_BYTES, concatBytes, fromHex, le64, utf8 } from '@causeway/primitives'
import { derive, pay, programInstruction, read, sign, write } from '../instruction.ts'
import { openAccount, type Reader } from '../reader.ts'
import { fixedBytes } from '../wire.ts'

/** Errors of the program and of what it is built of: number, name, meaning. */
export const ERRORS = [
  [1, 'accounts/MissingAccount', 'Fewer accounts than the instruction takes.'],
  [2, 'accounts/NotSigner', 'It had to sign.'],
  [3, 'accounts/WrongOwner', 'Another program owns it, or none.'],
  [4, 'accounts/WrongLayout', 'Another magic, version or length.'],
  [5, 'accounts/WrongAddress', 'It is not where its seeds say.'],
  [6, 'accounts/WrongProgram', 'Another program than the one to be called.'],
  [7, 'accounts/AlreadyExists', 'It exists already.'],
  [8, 'accounts/Overflow', 'A number beyond its type.'],
  [9, 'accounts/WrongLength', "The instruction's bytes end too early, or too late."],
  [10, 'accounts/UnknownInstruction', 'No such instruction.'],
  [11, 'accounts/NotWritable', 'It had to be writable.'],
  [
    90,
    'recorder/NotVoteAccount',
    'Not an account of the vote program, or of a layout that this program does not know.',
  ],
  [91, 'recorder/Full', 'No room for another voter: `grow` first.'],
  [92, 'recorder/LargestAlready', 'As large as it gets.'],
  [93, 'recorder/NotFull', 'There is room yet: it grows when it is full.'],
] as const

/** Who votes with an account, and its stake in lamports; no BLS key: zeros. */
export interface Voter {
  readonly voteAccount: PublicKey
  readonly node: PublicKey
  readonly authorizedVoter: PublicKey
  readonly blsKey: Uint8Array
  readonly stake: bigint
}
/** Bytes of it. */
export function encodeVoter(value: Voter): Uint8Array {
  return concatBytes(
    value.voteAccount.toBytes(),
    value.node.toBytes(),
    value.authorizedVoter.toBytes(),
    fixedBytes(value.blsKey, 48),
    le64(value.stake),
  )
}
/** Reads what `encodeVoter` writes. */
export function readVoter(reader: Reader): Voter {
  return {
    voteAccount: reader.address(),
    node: reader.address(),
    authorizedVoter: reader.address(),
    blsKey: reader.bytes(48),
    stake: reader.u64(),
  }
}

/** The recorder's one account. */
export function stakesAddress(program: PublicKey): PublicKey {
  return derive(program, utf8('stakes'))
}

/** Who votes in an epoch, by address; behind them is room for more. */
export interface StakesAccount {
  readonly epoch: bigint
  readonly totalStake: bigint
  readonly voters: readonly Voter[]
}

const STAKES_BEGIN = fromHex('6377797374616b650100000000000000')
/** Reads an account's data; undefined: it is another one. */
export function decodeStakes(data: Uint8Array): StakesAccount | undefined {
  const reader = openAccount(data, STAKES_BEGIN)
  return (
    reader && {
      epoch: reader.u64(),
      totalStake: reader.u64(),
      voters: reader.list(reader.u64(), () => readVoter(reader)),
    }
  )
}

/** Makes the recorder's account, once. */
export function openInstruction(
  program: PublicKey,
  inputs: { readonly payer: PublicKey },
): TransactionInstruction {
  const stakes = stakesAddress(program)
  const keys = [pay(inputs.payer), write(stakes), read(new PublicKey('11111111111111111111111111111111'))]
  return programInstruction(program, 0, keys, EMPTY_BYTES)
}

/** Makes room for more voters, once there is none. */
export function growInstruction(
  program: PublicKey,
  inputs: { readonly payer: PublicKey },
): TransactionInstruction {
  const stakes = stakesAddress(program)
  const keys = [pay(inputs.payer), write(stakes), read(new PublicKey('11111111111111111111111111111111'))]
  return programInstruction(program, 1, keys, EMPTY_BYTES)
}

/** Records vote accounts of the next epoch; about 30 fit a transaction. */
export function recordInstruction(
  program: PublicKey,
  inputs: { readonly voteAccounts: readonly PublicKey[] },
): TransactionInstruction {
  const stakes = stakesAddress(program)
  const keys = [write(stakes), ...inputs.voteAccounts.map(read)]
  return programInstruction(program, 2, keys, EMPTY_BYTES)
}
