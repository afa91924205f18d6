import { readFileSync } from 'node:fs'
import { fileFault } from '@causeway/primitives'
import { LineCounter, parseDocument } from 'yaml'
import type { z } from 'zod'
import { errors } from '../errors.ts'
import { configSchema } from './schema.ts'
import type { FeederConfig } from './schema.ts'

const FILE_LENGTH_MAX = 1024 * 1024

/** Reads and checks a configuration file. Throws `feeder/15`, which names every problem by its path. */
export function loadConfig(path: string): FeederConfig {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    throw errors.badConfig({ text: `${path}: ${fileFault(error)}` })
  }
  return parseConfig(text, path)
}

/** Checks the text of a configuration. Throws `feeder/15`. */
export function parseConfig(text: string, file = 'config'): FeederConfig {
  if (text.length > FILE_LENGTH_MAX) throw errors.badConfig({ text: `${file}: longer than 1 MiB` })
  const lineCounter = new LineCounter()
  const document = parseDocument(text, { lineCounter, uniqueKeys: true })
  const [syntax] = document.errors
  if (syntax !== undefined) {
    const { line, col } = lineCounter.linePos(syntax.pos[0])
    throw errors.badConfig({ text: `${file}:${line}:${col} ${syntax.message.split('\n')[0]}` })
  }
  return checkConfig(document.toJS({ maxAliasCount: 50 }), file)
}

/** Checks a configuration that a program made. Throws `feeder/15`. */
export function checkConfig(input: unknown, file = 'config'): FeederConfig {
  const checked = configSchema.safeParse(input)
  if (checked.success) return checked.data
  throw errors.badConfig({
    text: checked.error.issues.map((issue) => `${file}: ${wording(issue)}`).join('\n'),
  })
}

function wording({ path, message }: z.core.$ZodIssue): string {
  const place = path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`)).join('')
  return `${place.replace(/^\./, '') || '(file)'}: ${message}`
}
