import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'

import { fileFault } from '@causeway/primitives'
import { LineCounter, parseDocument } from 'yaml'
import type { Document } from 'yaml'

import { RelayError } from '../errors.ts'
import { configSchema } from './schema.ts'
import type { RelayerConfig, RelayerConfigInput } from './schema.ts'

const FILE_LENGTH_MAX = 1024 * 1024

/**
 * Reads and checks a configuration file; relative paths in it are relative to the file. Throws `RelayError`
 * (config).
 */
export function loadConfig(path: string): RelayerConfig {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (cause) {
    throw new RelayError('config', 'never', `${path} can't be read: ${fileFault(cause)}`)
  }
  const config = parseConfig(text, path)
  const folder = dirname(resolve(path))
  return {
    ...config,
    database: { folder: resolve(folder, config.database.folder) },
    chains: config.chains.map((chain) => ({
      ...chain,
      key: chain.key.file === undefined ? chain.key : { ...chain.key, file: resolve(folder, chain.key.file) },
    })),
  }
}

/**
 * Checks a configuration text. Every problem is named by line, column and path, for example `12:5
 * chains[0].rpc`.
 */
export function parseConfig(text: string, name = 'config'): RelayerConfig {
  if (text.length > FILE_LENGTH_MAX) throw new RelayError('config', 'never', `${name}: longer than 1 MiB`)
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true })
  const [syntax] = document.errors
  if (syntax !== undefined) {
    const { line, col } = lines.linePos(syntax.pos[0])
    throw new RelayError('config', 'never', `${name}:${line}:${col} ${syntax.message.split('\n')[0]}`)
  }
  const checked = configSchema.safeParse(document.toJS({ maxAliasCount: 50 }))
  if (checked.success) return checked.data
  const problems = checked.error.issues.map((issue) => {
    const path = issue.path.map((part) => (typeof part === 'symbol' ? String(part) : part))
    const own = issue.code === 'unrecognized_keys' ? [...path, issue.keys[0] ?? ''] : path
    const { line, col } = lines.linePos(offsetOf(document, own))
    return `${name}:${line}:${col} ${writePath(own)}: ${issue.message}`
  })
  throw new RelayError('config', 'never', problems.join('\n'))
}

/** Checks a configuration that a program made. */
export function checkConfig(input: RelayerConfigInput): RelayerConfig {
  const checked = configSchema.safeParse(input)
  if (checked.success) return checked.data
  const problems = checked.error.issues.map(
    (issue) => `${writePath(issue.path.map(String))}: ${issue.message}`,
  )
  throw new RelayError('config', 'never', problems.join('\n'))
}

/** Where the value at a path stands; for a missing one, its nearest parent. */
function offsetOf(document: Document, path: readonly (string | number)[]): number {
  for (let length = path.length; length > 0; length -= 1) {
    const node = document.getIn(path.slice(0, length), true)
    const range = (node as { range?: [number, number, number] } | undefined)?.range
    if (range !== undefined && range !== null) return range[0]
  }
  return document.contents?.range?.[0] ?? 0
}

function writePath(path: readonly (string | number)[]): string {
  if (path.length === 0) return '(file)'
  return path
    .map((part, index) => (/^\d+$/.test(String(part)) ? `[${part}]` : `${index === 0 ? '' : '.'}${part}`))
    .join('')
}
