import { ERRORS as CORE } from './generated/core.ts'
import { ERRORS as HUB_CLIENT } from './generated/hub-client.ts'
import { ERRORS as RECORDER } from './generated/recorder.ts'
import { ERRORS as UPLOAD } from './generated/upload.ts'
import { ERRORS as VAULT } from './generated/vault.ts'

/** Numbers are each one's own among all programs and what they are built of: README.md, "Errors". */
const ALL = [...CORE, ...VAULT, ...RECORDER, ...HUB_CLIENT, ...UPLOAD]

/** Name of an error, behind what refused: `core/StaleReceiptPath`. */
export type ProgramErrorName = (typeof ALL)[number][1]

/** An error of the programs. */
export interface ProgramError {
  readonly code: number
  readonly name: ProgramErrorName
  /** What it means, as the program's source says. */
  readonly message: string
}

const BY_CODE = new Map<number, ProgramError>(
  ALL.map(([code, name, message]) => [code, { code, name, message }]),
)

/** Name of each custom error of the programs, behind what refused: `core/StaleReceiptPath` is 113. */
export const PROGRAM_ERRORS: ReadonlyMap<number, ProgramErrorName> = new Map(
  [...BY_CODE].map(([code, { name }]) => [code, name]),
)

/** The error that a custom error's number stands for; undefined: none of these programs'. */
export function programError(code: number): ProgramError | undefined {
  return BY_CODE.get(code)
}
