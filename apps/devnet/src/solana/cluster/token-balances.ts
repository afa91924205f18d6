import { equalBytes, fromBe64 } from '@causeway/primitives'
import type { AccountState } from '@causeway/light-clients'
import { TOKEN_2022_PROGRAM, TOKEN_PROGRAM } from '../execution/well-known.ts'
import type { TokenBalance } from './block.ts'

/** What an account of a token says. */
export interface TokenAccount {
  readonly mint: Uint8Array
  readonly owner: Uint8Array
  readonly amount: bigint
}

const ACCOUNT_BYTES = 165
const ACCOUNT_KIND = 2
const DECIMALS_AT = 44

/** Whether a program is one of the two of tokens. */
export function isTokenProgram(program: Uint8Array): boolean {
  return equalBytes(program, TOKEN_PROGRAM) || equalBytes(program, TOKEN_2022_PROGRAM)
}

/** Reads an account of a token; nothing when it is none, or not open. */
export function readTokenAccount({ owner, data }: AccountState): TokenAccount | undefined {
  if (!isTokenProgram(owner) || data.length < ACCOUNT_BYTES || data[108] === 0) return undefined
  const isLonger = data.length > ACCOUNT_BYTES
  if (isLonger && (equalBytes(owner, TOKEN_PROGRAM) || data[ACCOUNT_BYTES] !== ACCOUNT_KIND)) return undefined
  const amount = fromBe64(Uint8Array.from(data.subarray(64, 72)).reverse())
  return { mint: data.subarray(0, 32), owner: data.subarray(32, 64), amount }
}

/** Decimals of a mint; nothing when it is none. */
export function mintDecimals(mint: AccountState | undefined): number | undefined {
  return mint && isTokenProgram(mint.owner) ? mint.data[DECIMALS_AT] : undefined
}

/** What a transaction's accounts hold of tokens. */
export function tokenBalances(
  keys: readonly Uint8Array[],
  account: (address: Uint8Array) => AccountState | undefined,
): TokenBalance[] {
  return keys.flatMap((key, accountIndex) => {
    const state = account(key)
    const token = state && readTokenAccount(state)
    if (!token) return []
    const decimals = mintDecimals(account(token.mint)) ?? 0
    return [{ ...token, accountIndex, program: state.owner, decimals }]
  })
}
