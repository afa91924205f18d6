import { readFileSync, readdirSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The repository's root folder. */
export const root = fileURLToPath(new URL('../..', import.meta.url))

const skipped = new Set(['node_modules', '.git', '.nx', 'dist', '.cache', '.devnet', 'coverage'])

/** One text file of the repository: its path from the root, and its lines. */
export interface SourceFile {
  readonly path: string
  readonly text: string
  readonly lines: readonly string[]
}

/** Every path below `folder`, from the root, in code-unit order. */
export function listFiles(folder = ''): string[] {
  const found: string[] = []
  for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
    if (skipped.has(entry.name)) continue
    const path = join(folder, entry.name)
    if (entry.isDirectory()) found.push(...listFiles(path))
    else if (entry.isFile()) found.push(path)
  }
  return found.sort()
}

/** Reads the files that `wanted` picks by path. */
export function readSources(wanted: (path: string) => boolean): SourceFile[] {
  return listFiles()
    .filter(wanted)
    .map((path) => {
      const text = readFileSync(join(root, path), 'utf8')
      return { path: relative(root, join(root, path)), text, lines: text.split('\n') }
    })
}

/** Whether a path is code that people wrote here: no generated file. */
export function isHandWritten(path: string): boolean {
  return /\.(ts|tsx|mjs|sol|rs|go)$/.test(path) && !path.includes('/generated/')
}

/** Whether a path is a test or what only tests use. */
export function isTest(path: string): boolean {
  return /\.(test|fixture)\.ts$/.test(path) || path.startsWith('test/') || /\/(bench|scripts)\//.test(path)
}
