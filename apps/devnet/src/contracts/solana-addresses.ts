import { sha256, toBase58, utf8 } from '@causeway/primitives'

/** Programs are there from the first slot on, at addresses that nobody has a key of: base 58. */
export const SOLANA_PROGRAMS = {
  core: named('program core'),
  vault: named('program vault'),
  hubClient: named('program hub-client'),
  upload: named('program upload'),
  recorder: named('program recorder'),
} as const

/** The test dollar's mint. */
export const SOLANA_USDC: string = named('usdc mint')

/** The SPL Token program: the same on every cluster. */
export const SPL_TOKEN = 'TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA'

/** SOL as a token: the same mint on every cluster. */
export const WRAPPED_SOL = 'So11111111111111111111111111111111111111112'

function named(what: string): string {
  return toBase58(sha256(utf8(`causeway devnet ${what}`)))
}
