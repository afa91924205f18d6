import { existsSync, readFileSync, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import {
  parseExactJson,
  readMarginCases,
  type CaseContext,
  type MarginCase,
  type UnreadCase,
} from '@causeway/margin'
import { fileFault } from '@causeway/primitives'
import { errors, refusing } from './errors.ts'

/** A case of a file: its name there, and what is valued. */
export type FileCase = Pick<MarginCase, 'name' | 'model' | 'snapshot' | 'account'> & { readonly file: string }

const FILE_BYTES_MAX = 256 * 1024 * 1024
/** Settings that some public cases are run with: beside the file, or one folder above. */
const ENVIRONMENTS = ['environment.json', '../environment.json']

/**
 * Every case of a file, of which an auction counts as it is before it; or only the named one. Throws a
 * `ProtocolError` that a user understands.
 */
export function readCases(file: string, only?: string): readonly FileCase[] {
  const text = readText(file)
  const unread = refusing(file, () => readMarginCases(text, file))
  if (unread === undefined) throw errors.noCase({ path: file })
  const context = refusing(file, () => contextOf(file))
  const wanted = unread.filter(({ name }) => only === undefined || name === only)
  if (wanted.length === 0) throw errors.notInFile({ name: only ?? '', known: listOf(unread) })
  return wanted.map((each) =>
    refusing(caseName({ file, name: each.name }), () => readCase(each, file, context)),
  )
}

/** How a case is named to the user: by its file, and by its name where the file has several. */
export function caseName({ file, name }: Pick<FileCase, 'file' | 'name'>): string {
  return name === file ? file : `${file} ${name}`
}

function readCase(unread: UnreadCase, file: string, context: CaseContext): FileCase {
  if (unread.format !== 'liquidation') return { ...unread.read(context), file }
  const { name, model, initial } = unread.read(context)
  return { name, model, ...initial, file }
}

function contextOf(file: string): CaseContext {
  const path = ENVIRONMENTS.map((name) => resolve(dirname(file), name)).find((each) => existsSync(each))
  return path === undefined ? {} : { environment: parseExactJson(readText(path)) }
}

function readText(path: string): string {
  try {
    const { size } = statSync(path)
    if (size > FILE_BYTES_MAX) throw errors.tooLarge({ path, bytes: size, max: FILE_BYTES_MAX })
    return readFileSync(path, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'syscall' in error)
      throw errors.unreadable({ path, reason: fileFault(error) })
    throw error
  }
}

function listOf(cases: readonly { readonly name: string }[]): string {
  const names = cases.slice(0, 8).map(({ name }) => name)
  return `${names.join(', ')}${cases.length > names.length ? ` and ${cases.length - names.length} more` : ''}`
}
