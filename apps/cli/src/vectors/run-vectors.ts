import { dirname, resolve } from 'node:path'
import { findFiles } from './find-files.ts'
import { formats } from './formats.ts'
import { loadFile, printedPath } from './load-file.ts'
import type { RecognisedFile, VectorFile, VectorFormat } from './vector-file.ts'

/** How a run ended. */
export interface VectorSummary {
  readonly passed: number
  readonly failed: number
  /** Passed cases by format. */
  readonly passedByFormat: Readonly<Record<string, number>>
}

/**
 * Runs every case below a folder. Calls `print` with one line per failing case and, last, `N passed, N
 * failed`. A data file that no format claims, as vectors or as context, is a failing case.
 */
export function runVectors(directory: string, print: (line: string) => void): VectorSummary {
  const root = resolve(directory)
  const { files, faults } = findFiles(root)
  const passedByFormat: Record<string, number> = {}
  const claimed = new Set<string>()
  const unclaimed: { path: string; reason: string }[] = []
  let failed = 0
  const fail = (name: string, reason: string) => {
    failed++
    print(`FAIL ${name}: ${oneLine(reason)}`)
  }

  for (const fault of faults) fail(printedPath(root, fault.path), fault.reason)
  for (const path of files) {
    const result = recognise(root, path)
    if ('reason' in result) {
      unclaimed.push({ path, reason: result.reason })
      continue
    }
    const { file, format, recognised } = result
    for (const context of recognised.context ?? []) claimed.add(resolve(dirname(path), context))
    for (const { name, run } of recognised.cases) {
      const reason = failureOf(run)
      if (reason === undefined) passedByFormat[format.name] = (passedByFormat[format.name] ?? 0) + 1
      else fail(`${file.path} ${name}`.trim(), reason)
    }
  }
  for (const { path, reason } of unclaimed) if (!claimed.has(path)) fail(printedPath(root, path), reason)

  const passed = Object.values(passedByFormat).reduce((sum, count) => sum + count, 0)
  if (passed + failed === 0) print(`no vector was found below ${directory}`)
  print(`${passed} passed, ${failed} failed`)
  return { passed, failed, passedByFormat }
}

type Recognition = { file: VectorFile; format: VectorFormat; recognised: RecognisedFile } | { reason: string }

function recognise(root: string, path: string): Recognition {
  try {
    const file = loadFile(root, path)
    for (const format of formats) {
      const recognised = format.recognise(file)
      if (recognised) return { file, format, recognised }
    }
    return { reason: 'no format claims this file' }
  } catch (error) {
    return { reason: messageOf(error) }
  }
}

function failureOf(run: () => void): string | undefined {
  try {
    run()
    return undefined
  } catch (error) {
    return messageOf(error)
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message || error.name : String(error)
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ').slice(0, 300)
}
