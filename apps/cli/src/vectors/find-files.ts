import { readdirSync, realpathSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileFault } from '@causeway/primitives'
import { isExplanation } from './vector-file.ts'

/** What lies below a folder: files in the order of their names, and what could not be looked at. */
export interface FoundFiles {
  readonly files: readonly string[]
  readonly faults: readonly { readonly path: string; readonly reason: string }[]
}

/**
 * All data files below `directory`, as absolute paths. Links are followed, each folder once; names that begin
 * with a dot and explanations (README, SOURCE, LICENSE) are left out.
 */
export function findFiles(directory: string): FoundFiles {
  const files: string[] = []
  const faults: { path: string; reason: string }[] = []
  const visited = new Set<string>()

  const visit = (path: string): void => {
    try {
      const status = statSync(path)
      if (status.isFile()) files.push(path)
      if (!status.isDirectory()) return
      const real = realpathSync(path)
      if (visited.has(real)) return
      visited.add(real)
      for (const name of dataNames(path)) visit(join(path, name))
    } catch (error) {
      faults.push({ path, reason: fileFault(error) })
    }
  }

  visit(directory)
  return { files, faults }
}

/**
 * Names in a folder in their order, links after the rest: a folder is run under its own name if it can be.
 */
function dataNames(path: string): string[] {
  const entries = readdirSync(path, { withFileTypes: true })
    .filter(({ name }) => !name.startsWith('.') && !isExplanation(name))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
  const isLink = (entry: (typeof entries)[number]) => entry.isSymbolicLink()
  return [...entries.filter((entry) => !isLink(entry)), ...entries.filter(isLink)].map(({ name }) => name)
}
