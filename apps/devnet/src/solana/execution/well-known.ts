import { assert, fromBase58 } from '@causeway/primitives'

/** Bytes of an address that stands in the source. */
export function address(text: string): Uint8Array {
  const bytes = fromBase58(text)
  assert(bytes?.length === 32, `${text} is no address`)
  return bytes
}

/** Owns wallets. */
export const SYSTEM_PROGRAM: Uint8Array = address('11111111111111111111111111111111')
/** Runs votes, for real. */
export const VOTE_PROGRAM: Uint8Array = address('Vote111111111111111111111111111111111111111')
/** SPL Token. */
export const TOKEN_PROGRAM: Uint8Array = address('TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA')
/** Its successor with extensions. */
export const TOKEN_2022_PROGRAM: Uint8Array = address('TokenzQdBNbLqP5VEhdkAS6EPFLC1PHnBqCXEpPxuEb')
/** Owns address lookup tables. */
export const TABLE_PROGRAM: Uint8Array = address('AddressLookupTab1e1111111111111111111111111')
/** Takes limits and prices of compute units. */
export const COMPUTE_BUDGET_PROGRAM: Uint8Array = address('ComputeBudget111111111111111111111111111111')
/** Owns programs and their code. */
export const UPGRADEABLE_LOADER: Uint8Array = address('BPFLoaderUpgradeab1e11111111111111111111111')
/** Owns every sysvar. */
export const SYSVAR_OWNER: Uint8Array = address('Sysvar1111111111111111111111111111111111111')
/** Slot, epoch and time. */
export const CLOCK: Uint8Array = address('SysvarC1ock11111111111111111111111111111111')
/** Bank hashes of the newest slots. */
export const SLOT_HASHES: Uint8Array = address('SysvarS1otHashes111111111111111111111111111')
/** Which slots have a bank. */
export const SLOT_HISTORY: Uint8Array = address('SysvarS1otHistory11111111111111111111111111')
/** The newest blockhashes. */
export const RECENT_BLOCKHASHES: Uint8Array = address('SysvarRecentB1ockHashes11111111111111111111')
/** Whether an epoch is paying rewards. */
export const EPOCH_REWARDS: Uint8Array = address('SysvarEpochRewards1111111111111111111111111')
/** How long epochs are. */
export const EPOCH_SCHEDULE: Uint8Array = address('SysvarEpochSchedu1e111111111111111111111111')
/** Stakes of the epochs before. */
export const STAKE_HISTORY: Uint8Array = address('SysvarStakeHistory1111111111111111111111111')

/** Whose accounts the virtual machine begins with. */
export const OWNERS_AT_GENESIS: readonly Uint8Array[] = [
  'NativeLoader1111111111111111111111111111111',
  'BPFLoader1111111111111111111111111111111111',
  'BPFLoader2111111111111111111111111111111111',
  'BPFLoaderUpgradeab1e11111111111111111111111',
  'Sysvar1111111111111111111111111111111111111',
  'Feature111111111111111111111111111111111111',
  'Config1111111111111111111111111111111111111',
  '11111111111111111111111111111111',
  'TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA',
  'TokenzQdBNbLqP5VEhdkAS6EPFLC1PHnBqCXEpPxuEb',
].map(address)
