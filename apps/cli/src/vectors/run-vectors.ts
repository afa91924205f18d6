import { dirname, join, resolve } from 'node:path'
import { findFiles } from './find-files.ts'
import { folderFormats, formats } from './formats.ts'
import { UnreadableFile, loadFile, printedPath } from './load-file.ts'
import { byFolder, loadFolder } from './load-folder.ts'
import type { RecognisedFile, VectorCase, VectorFile, VectorFormat } from './vector-file.ts'
import type { FolderFormat, RecognisedFolder, VectorFolder } from './vector-folder.ts'

/** How a run ended. */
export interface VectorSummary {
  readonly passed: number
  readonly failed: number
  /** Passed cases by format. */
  readonly passedByFormat: Readonly<Record<string, number>>
}

/**
 * Runs every case below a folder. Calls `print` with one line per failing case and, last, `N passed, N
 * failed`. A data file that no format claims, as vectors or as context, is a failing case, and so is one
 * without cases.
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
  const judge = (path: string, format: string, cases: readonly VectorCase[]) => {
    for (const { name, run } of cases) {
      const reason = failureOf(run)
      if (reason === undefined) passedByFormat[format] = (passedByFormat[format] ?? 0) + 1
      else fail(`${path} ${name}`.trim(), reason)
    }
  }
  for (const [path, held] of byFolder(files)) {
    const folder = loadFolder(root, path, held)
    for (const format of folderFormats) {
      const recognised = recogniseFolder(format, folder, fail)
      if (!recognised) continue
      for (const name of recognised.claimed) claimed.add(join(path, name))
      judge(folder.path, format.name, recognised.cases)
    }
  }
  for (const path of files) {
    if (claimed.has(path)) continue
    const result = recognise(root, path)
    if ('reason' in result) {
      unclaimed.push({ path, reason: result.reason })
      continue
    }
    const { file, format, recognised } = result
    for (const context of recognised.context ?? []) claimed.add(resolve(dirname(path), context))
    if (recognised.cases.length === 0)
      unclaimed.push({ path, reason: `it is of the format ${format.name} and holds no case` })
    judge(file.path, format.name, recognised.cases)
  }
  for (const { path, reason } of unclaimed) if (!claimed.has(path)) fail(printedPath(root, path), reason)

  const passed = Object.values(passedByFormat).reduce((sum, count) => sum + count, 0)
  if (passed + failed === 0) print(`no vector was found below ${directory}`)
  print(`${passed} passed, ${failed} failed`)
  return { passed, failed, passedByFormat }
}

/**
 * A folder that looks like a format's, but can't be read as one, fails as a whole; a file in it that can't be
 * read at all fails under its own name.
 */
function recogniseFolder(
  format: FolderFormat,
  folder: VectorFolder,
  fail: (name: string, reason: string) => void,
): RecognisedFolder | undefined {
  try {
    return format.recognise(folder)
  } catch (error) {
    if (!(error instanceof UnreadableFile)) fail(folder.path, messageOf(error))
    return undefined
  }
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
