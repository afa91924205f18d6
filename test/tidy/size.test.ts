import ts from 'typescript'
import { describe, expect, it } from 'vitest'
import { isHandWritten, listFiles, readSources } from './sources.ts'

const FILE_LINES_MAX = 400
const FUNCTION_LINES_MAX = 70
const COLUMNS_MAX = 110
const DEPTH_BELOW_SRC_MAX = 3
const bannedNames = new Map([
  ['utils', 'the subject of what is in it'],
  ['helpers', 'the subject of what is in it'],
  ['common', 'the package that both sides import'],
  ['misc', 'one file a subject'],
  ['shared', 'the package that both sides import'],
])

const sources = readSources(isHandWritten)

describe('size', () => {
  it('files are short', () => {
    const long = sources.filter((file) => file.lines.length - 1 > FILE_LINES_MAX)
    expect(long.map((file) => `${file.path}: ${file.lines.length - 1} lines, split it by subject`)).toEqual(
      [],
    )
  })

  it('lines are short', () => {
    const long = sources.flatMap((file) =>
      file.lines.flatMap((line, i) => ([...line].length > COLUMNS_MAX ? [`${file.path}:${i + 1}`] : [])),
    )
    expect(long).toEqual([])
  })

  it('functions are short', () => {
    const long = sources
      .filter((file) => /\.(ts|tsx|mjs)$/.test(file.path))
      .filter((file) => !/\.test\.ts$/.test(file.path)) // a describe() is a function only by syntax
      .flatMap((file) => longFunctions(file.path, file.text))
    expect(long).toEqual([])
  })
})

describe('names', () => {
  it('no drawer for everything', () => {
    const found = listFiles().flatMap((path) =>
      path.split('/').flatMap((part) => {
        const replacement = bannedNames.get(part.replace(/\..*$/, ''))
        return replacement === undefined ? [] : [`${path}: name it after ${replacement}`]
      }),
    )
    expect(found).toEqual([])
  })

  it('folders are shallow', () => {
    const deep = listFiles().filter((path) => {
      const below = path.split('/src/')[1]
      return (
        below !== undefined &&
        !below.startsWith('generated/') &&
        below.split('/').length - 1 > DEPTH_BELOW_SRC_MAX
      )
    })
    expect(deep).toEqual([])
  })
})

function longFunctions(path: string, text: string): string[] {
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.ESNext, true)
  const found: string[] = []
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node) && 'body' in node && node.body !== undefined) {
      const first = file.getLineAndCharacterOfPosition(node.getStart(file)).line
      const last = file.getLineAndCharacterOfPosition(node.getEnd()).line
      if (last - first + 1 > FUNCTION_LINES_MAX) {
        found.push(`${path}:${first + 1}: ${last - first + 1} lines, name its steps`)
      }
    }
    ts.forEachChild(node, visit)
  }
  visit(file)
  return found
}
