// What stands on the devnet's Solana from its first slot on: the bridge's programs, a test dollar, wallets.
import { readFileSync } from 'node:fs'
import { associatedAddress, recorderAddress } from '@causeway/contracts-solana'
import { concatBytes, le64 } from '@causeway/primitives'
import { PublicKey } from '@solana/web3.js'
import { SOLANA_ADDRESSES } from '../chains/solana-accounts.ts'
import type { GenesisAccount, SolanaOptions } from '../solana/cluster/options.ts'
import { SOLANA_PROGRAMS, SOLANA_USDC, SPL_TOKEN } from './solana-addresses.ts'

const ARTIFACTS: Readonly<Record<keyof typeof SOLANA_PROGRAMS, string>> = {
  core: 'core',
  vault: 'vault',
  hubClient: 'hub-client',
  upload: 'upload',
  recorder: 'recorder',
}
const LAMPORTS = 100_000_000_000n
/** More than any account's rent. */
const RENT = 10_000_000n
const DECIMALS = 6
const [TOKEN_ACCOUNT_BYTES, TOKEN_ACCOUNT_STATE] = [165, 108]

/** The cluster's options that say what is there; the trader has so many base units of the test dollar. */
export function solanaGenesis(
  traderDollars: bigint,
): Pick<Required<SolanaOptions>, 'programs' | 'accounts' | 'recorder'> {
  const programs = Object.entries(SOLANA_PROGRAMS).map(([name, address]) => ({
    address,
    elf: artifact(ARTIFACTS[name as keyof typeof SOLANA_PROGRAMS]),
  }))
  const recorder = new PublicKey(SOLANA_PROGRAMS.recorder)
  return {
    programs,
    recorder: { program: recorder.toBase58(), account: recorderAddress(recorder).toBase58() },
    accounts: [
      ...Object.values(SOLANA_ADDRESSES).map((address) => ({ address, lamports: LAMPORTS })),
      mint(traderDollars),
      dollarsOf(SOLANA_ADDRESSES.trader, traderDollars),
    ],
  }
}

/** The relayer may mint more. Layout: SPL Token's `Mint`, without an authority that freezes. */
function mint(supply: bigint): GenesisAccount {
  const authority = concatBytes(Uint8Array.of(1, 0, 0, 0), new PublicKey(SOLANA_ADDRESSES.relayer).toBytes())
  const data = concatBytes(authority, le64(supply), Uint8Array.of(DECIMALS, 1), new Uint8Array(36))
  return { address: SOLANA_USDC, lamports: RENT, owner: SPL_TOKEN, data }
}

/** Layout: SPL Token's `Account`, initialised, with nobody else who may use it. */
function dollarsOf(wallet: string, amount: bigint): GenesisAccount {
  const [owner, ofMint] = [new PublicKey(wallet), new PublicKey(SOLANA_USDC)]
  const data = new Uint8Array(TOKEN_ACCOUNT_BYTES)
  data.set(concatBytes(ofMint.toBytes(), owner.toBytes(), le64(amount)))
  data[TOKEN_ACCOUNT_STATE] = 1
  const address = associatedAddress(owner, ofMint, new PublicKey(SPL_TOKEN)).toBase58()
  return { address, lamports: RENT, owner: SPL_TOKEN, data }
}

function artifact(name: string): Uint8Array {
  return readFileSync(new URL(`../../../../contracts/solana/artifacts/${name}.so`, import.meta.url))
}
