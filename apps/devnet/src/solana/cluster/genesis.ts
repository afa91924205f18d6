import { concatBytes, le64 } from '@causeway/primitives'
import { encodeEpochStakes } from '@causeway/light-clients'
import type { AccountState } from '@causeway/light-clients'
import { PublicKey } from '@solana/web3.js'
import type { VirtualMachine } from '../execution/virtual-machine.ts'
import {
  CLOCK,
  EPOCH_REWARDS,
  EPOCH_SCHEDULE,
  OWNERS_AT_GENESIS,
  RECENT_BLOCKHASHES,
  SLOT_HASHES,
  SLOT_HISTORY,
  STAKE_HISTORY,
  SYSTEM_PROGRAM,
  SYSVAR_OWNER,
  UPGRADEABLE_LOADER,
  VOTE_PROGRAM,
  address,
} from '../execution/well-known.ts'
import { bytesOf, keyOf } from '../execution/accounts.ts'
import { clusterGenesisHash } from './genesis-hash.ts'
import type { GenesisAccount, SolanaOptions } from './options.ts'
import { voterOf } from './recorder.ts'
import {
  clockData,
  epochRewardsData,
  epochScheduleData,
  newSlotHistory,
  recentBlockhashesData,
  slotHashesData,
  stakeHistoryData,
} from './sysvars.ts'
import { localKey } from './validator.ts'
import type { LocalKey, Validator } from './validator.ts'
import { newVoteAccount } from './vote-account.ts'

/** Accounts by address in hex. */
export type Accounts = Map<string, AccountState>

const FAUCET_LAMPORTS = 500_000_000n * 1_000_000_000n
/** As the recorder's `open` makes it: room for 67 voters. */
const RECORDER_BYTES = 40 + 67 * 152
const IDENTITY_LAMPORTS = 1_000_000n * 1_000_000_000n

/** Who gives lamports to those who ask. */
export function faucetKey(seed: string): LocalKey {
  return localKey(seed, 'faucet')
}

/** Fills the virtual machine with everything that is there at slot 0; all accounts, and the genesis hash. */
export function makeGenesis(
  machine: VirtualMachine,
  options: Pick<SolanaOptions, 'seed' | 'programs' | 'accounts' | 'recorder'>,
  validators: readonly Validator[],
  slotsPerEpoch: bigint,
): { accounts: Accounts; genesisHash: Uint8Array } {
  const accounts: Accounts = new Map()
  for (const owner of OWNERS_AT_GENESIS)
    for (const each of machine.accountsOf(owner)) accounts.set(keyOf(each.address), each.account)
  dropLibraryFaucet(accounts)
  const put = (key: Uint8Array, account: AccountState) => accounts.set(keyOf(key), account)
  const exempt = (data: Uint8Array, owner: Uint8Array, lamports = machine.rentExemption(data.length)) => ({
    lamports,
    data,
    owner,
    isExecutable: false,
  })
  for (const [key, account] of [...accounts]) {
    if (keyOf(account.owner) === keyOf(SYSVAR_OWNER)) put(bytesOf(key), exempt(account.data, SYSVAR_OWNER))
  }
  for (const [key, data] of sysvarsAtGenesis(slotsPerEpoch)) put(key, exempt(data, SYSVAR_OWNER))
  for (const { identity, voter, voteAccount } of validators) {
    put(identity.publicKey, exempt(new Uint8Array(0), SYSTEM_PROGRAM, IDENTITY_LAMPORTS))
    const [node, withdrawer] = [identity.publicKey, identity.publicKey]
    put(voteAccount, exempt(newVoteAccount({ node, withdrawer, voter: voter.publicKey }), VOTE_PROGRAM))
  }
  put(faucetKey(options.seed).publicKey, exempt(new Uint8Array(0), SYSTEM_PROGRAM, FAUCET_LAMPORTS))
  for (const program of options.programs ?? [])
    for (const [key, data, isExecutable] of programAccounts(program))
      put(key, { ...exempt(data, UPGRADEABLE_LOADER), isExecutable })
  const { recorder } = options
  if (recorder) put(address(recorder.account), exempt(firstSet(validators), address(recorder.program)))
  for (const each of options.accounts ?? []) put(address(each.address), given(each))
  for (const [key, account] of executablesLast(accounts)) machine.setAccount(bytesOf(key), account)
  return { accounts, genesisHash: clusterGenesisHash(options.seed) }
}

function sysvarsAtGenesis(slotsPerEpoch: bigint): [Uint8Array, Uint8Array][] {
  return [
    [CLOCK, clockData({ slot: 0n, epochStartSeconds: 0n, epoch: 0n, seconds: 0n })],
    [SLOT_HASHES, slotHashesData([])],
    [SLOT_HISTORY, newSlotHistory()],
    [RECENT_BLOCKHASHES, recentBlockhashesData([], new Uint8Array(0))],
    [STAKE_HISTORY, stakeHistoryData([])],
    [EPOCH_REWARDS, epochRewardsData(0n, new Uint8Array(32), false)],
    [EPOCH_SCHEDULE, epochScheduleData(slotsPerEpoch)],
  ]
}

/** The virtual machine's own giver of lamports, which nobody has the key of here. */
function dropLibraryFaucet(accounts: Accounts): void {
  for (const [key, { owner, isExecutable }] of accounts)
    if (keyOf(owner) === keyOf(SYSTEM_PROGRAM) && !isExecutable) accounts.delete(key)
}

/** A program and its data, which has no authority: nobody can change it. */
function programAccounts({
  address: text,
  elf,
}: {
  address: string
  elf: Uint8Array
}): [Uint8Array, Uint8Array, boolean][] {
  const program = address(text)
  const [data] = PublicKey.findProgramAddressSync([program], new PublicKey(UPGRADEABLE_LOADER))
  const slot = le64(0n)
  const noAuthority = new Uint8Array(33)
  return [
    [data.toBytes(), concatBytes(Uint8Array.of(3, 0, 0, 0), slot, noAuthority, elf), false],
    [program, concatBytes(Uint8Array.of(2, 0, 0, 0), data.toBytes()), true],
  ]
}

/** The recorder's account with the set of epoch 0, in which nobody could have recorded it. */
function firstSet(validators: readonly Validator[]): Uint8Array {
  const data = new Uint8Array(RECORDER_BYTES)
  const total = validators.reduce((sum, { stake }) => sum + stake, 0n)
  data.set(encodeEpochStakes(0n, total, validators.map(voterOf)))
  return data
}

function given({ owner, data, executable, lamports }: GenesisAccount): AccountState {
  return {
    lamports,
    data: data ?? new Uint8Array(0),
    owner: owner === undefined ? SYSTEM_PROGRAM : address(owner),
    isExecutable: executable ?? false,
  }
}

/** A program is loaded when it is put there: its data has to be there before. */
function executablesLast(accounts: Accounts): [string, AccountState][] {
  return [...accounts].sort(([, a], [, b]) => Number(a.isExecutable) - Number(b.isExecutable))
}
