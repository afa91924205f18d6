import { KeyType } from '../generated/causeway/accounts/v1/accounts.ts'
import type { SigningKey } from './keys.ts'
import type { SolanaWrapping } from './solana-message.ts'

/**
 * Sign modes of transactions: the Cosmos SDK's for Cosmos wallets and session keys, and numbers of our own,
 * which say how a Solana or EVM wallet signed the text.
 */
export const SIGN_MODE = {
  direct: 1,
  aminoJson: 127,
  solanaText: 501,
  solanaCli: 502,
  solanaV0: 503,
  solanaV1: 504,
  eip712: 712,
} as const

const SOLANA_WRAPPINGS: ReadonlyMap<number, SolanaWrapping> = new Map([
  [SIGN_MODE.solanaText, 'none'],
  [SIGN_MODE.solanaCli, 'cli'],
  [SIGN_MODE.solanaV0, 'v0'],
  [SIGN_MODE.solanaV1, 'v1'],
])

/** How a Solana wallet wraps the text in a sign mode; nothing when the mode is none of Solana's. */
export function solanaWrapping(mode: number): SolanaWrapping | undefined {
  return SOLANA_WRAPPINGS.get(mode)
}

/** Whether keys of a kind sign in a mode. */
export function signsIn(type: SigningKey['type'], mode: number): boolean {
  if (type === KeyType.KEY_TYPE_COSMOS) return mode === SIGN_MODE.direct || mode === SIGN_MODE.aminoJson
  if (type === KeyType.KEY_TYPE_ETHEREUM) return mode === SIGN_MODE.eip712
  if (type === KeyType.KEY_TYPE_SOLANA) return solanaWrapping(mode) !== undefined
  return mode === SIGN_MODE.direct
}
