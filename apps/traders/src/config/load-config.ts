import { readFileSync } from 'node:fs'
import { fileFault } from '@causeway/primitives'
import { LineCounter, parseDocument } from 'yaml'
import type { z } from 'zod'
import { errors } from '../errors.ts'
import { liquidatorSchema } from './liquidator-config.ts'
import type { LiquidatorConfig } from './liquidator-config.ts'
import { marketMakerSchema } from './market-maker-config.ts'
import type { MarketMakerConfig } from './market-maker-config.ts'

const FILE_LENGTH_MAX = 1024 * 1024

/** Reads a liquidator's configuration; no path: defaults. Throws `traders/1`, which names every problem. */
export function loadLiquidatorConfig(path?: string): LiquidatorConfig {
  return checkLiquidatorConfig(path === undefined ? {} : readYaml(path), path)
}

/** Reads a market maker's configuration; no path: defaults. Throws `traders/1`. */
export function loadMarketMakerConfig(path?: string): MarketMakerConfig {
  return checkMarketMakerConfig(path === undefined ? {} : readYaml(path), path)
}

/** Checks what a program made. Throws `traders/1`. */
export function checkLiquidatorConfig(input: unknown, file = 'config'): LiquidatorConfig {
  return checked(liquidatorSchema.safeParse(input), file)
}

/** Checks what a program made. Throws `traders/1`. */
export function checkMarketMakerConfig(input: unknown, file = 'config'): MarketMakerConfig {
  return checked(marketMakerSchema.safeParse(input), file)
}

function readYaml(path: string): unknown {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    throw errors.badConfig({ text: `${path}: ${fileFault(error)}` })
  }
  if (text.length > FILE_LENGTH_MAX) throw errors.badConfig({ text: `${path}: longer than 1 MiB` })
  const lineCounter = new LineCounter()
  const document = parseDocument(text, { lineCounter, uniqueKeys: true })
  const [syntax] = document.errors
  if (syntax !== undefined) {
    const { line, col } = lineCounter.linePos(syntax.pos[0])
    throw errors.badConfig({ text: `${path}:${line}:${col} ${syntax.message.split('\n')[0]}` })
  }
  return document.toJS({ maxAliasCount: 50 }) ?? {} // a file of comments says nothing
}

function checked<Output>(result: z.ZodSafeParseResult<Output>, file: string): Output {
  if (result.success) return result.data
  throw errors.badConfig({
    text: result.error.issues.map((issue) => `${file}: ${wording(issue)}`).join('\n'),
  })
}

function wording({ path, message }: z.core.$ZodIssue): string {
  const place = path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`)).join('')
  return `${place.replace(/^\./, '') || '(file)'}: ${message}`
}
