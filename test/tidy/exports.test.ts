import ts from 'typescript'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { isHandWritten, isTest, readSources } from './sources.ts'
import type { SourceFile } from './sources.ts'

const sources = readSources(
  (path) => isHandWritten(path) && /^(libs|apps)\/.*\.ts$/.test(path) && !isTest(path),
)

describe('exports', () => {
  it('each has a docstring', () => {
    expect(sources.flatMap((file) => undocumentedExports(file))).toEqual([])
  })

  it('only the index of a package re-exports', () => {
    const barrels = sources
      .filter((file) => !/^(libs|apps)\/[^/]+\/src\/index\.ts$/.test(file.path))
      .filter((file) => /^export (type )?\{[^}]*\} from/m.test(file.text))
    expect(barrels.map((file) => `${file.path}: import from where it is defined`)).toEqual([])
  })
})

describe('imports', () => {
  it('relative ones go up one folder at most', () => {
    // A module of the hub and a part of a light client may take two: they lie one folder below their peers,
    // the doors that these share beside those.
    const nested = /^(apps\/hub\/src\/modules|libs\/light-clients\/src\/(ethereum|solana))\//
    const found = sources.filter((file) => {
      const up = nested.test(file.path) ? /from '(\.\.\/){3}/ : /from '(\.\.\/){2}/
      return up.test(file.text)
    })
    expect(found.map((file) => `${file.path}: goes up too far`)).toEqual([])
  })

  it('have no runtime cycle', () => {
    expect(findCycles(sources)).toEqual([])
  })
})

describe('tests', () => {
  // The client speaks to others: as with the apps, much of what tests it lies where it meets them.
  it('in deterministic libs and hub are at least as long as the source', () => {
    const core = /^(libs\/(?!client\/)[^/]+|apps\/hub)\//
    const all = readSources((path) => isHandWritten(path) && core.test(path))
    const packages = new Map<string, { source: number; test: number }>()
    for (const file of all) {
      const name = file.path.split('/').slice(0, 2).join('/')
      const lines = packages.get(name) ?? { source: 0, test: 0 }
      if (/\.(test|fixture)\.ts$/.test(file.path)) lines.test += codeLines(file)
      else if (file.path.includes('/src/')) lines.source += codeLines(file)
      packages.set(name, lines)
    }
    const thin = [...packages].filter(([, lines]) => lines.test < lines.source)
    expect(
      thin.map(([name, lines]) => `${name}: ${lines.test} lines of test, ${lines.source} of source`),
    ).toEqual([])
  })
})

/** Lines that hold code: neither blank nor comment. */
function codeLines(file: SourceFile): number {
  return file.lines.filter((line) => !/^\s*($|\/\/|\/?\*)/.test(line)).length
}

function undocumentedExports(file: SourceFile): string[] {
  const parsed = ts.createSourceFile(file.path, file.text, ts.ScriptTarget.ESNext, true)
  return parsed.statements
    .filter((statement) => ts.canHaveModifiers(statement) && isExported(statement))
    .filter((statement) => ts.getJSDocCommentsAndTags(statement).length === 0)
    .map((statement) => {
      const line = parsed.getLineAndCharacterOfPosition(statement.getStart(parsed)).line + 1
      return `${file.path}:${line}: say what it promises, its units and errors`
    })
}

function isExported(statement: ts.Statement): boolean {
  const modifiers = ts.canHaveModifiers(statement) ? ts.getModifiers(statement) : undefined
  return modifiers?.some((modifier) => modifier.kind === ts.SyntaxKind.ExportKeyword) ?? false
}

function runtimeImports(file: SourceFile): string[] {
  const statement = /^(?:import|export)\s+(?!type\b)[^'"]*?from\s+'(\.[^']+)'/gm
  return [...file.text.matchAll(statement)].map((match) => join(dirname(file.path), match[1]!))
}

function findCycles(files: readonly SourceFile[]): string[] {
  const graph = new Map(files.map((file) => [file.path, runtimeImports(file)]))
  const done = new Set<string>()
  const cycles: string[] = []
  const walk = (path: string, trail: readonly string[]): void => {
    if (trail.includes(path)) cycles.push([...trail.slice(trail.indexOf(path)), path].join(' → '))
    if (done.has(path) || trail.includes(path)) return
    for (const next of graph.get(path) ?? []) walk(next, [...trail, path])
    done.add(path)
  }
  for (const path of graph.keys()) walk(path, [])
  return cycles
}
