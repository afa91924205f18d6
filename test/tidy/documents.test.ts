import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { isHandWritten, readSources, root } from './sources.ts'

const documents = readSources((path) => path.endsWith('.md'))

describe('documents', () => {
  it('have no dead links', () => {
    const dead = documents.flatMap((file) =>
      [...file.text.matchAll(/\]\((?!https?:|mailto:)([^)\s]+)\)/g)].flatMap((match) => {
        const [target, anchor] = match[1]!.split('#')
        const path = target === '' ? file.path : join(dirname(file.path), target!)
        if (!existsSync(join(root, path))) return [`${file.path}: ${match[1]}`]
        if (anchor === undefined || !path.endsWith('.md')) return []
        return anchors(readFileSync(join(root, path), 'utf8')).has(anchor)
          ? []
          : [`${file.path}: ${match[1]}`]
      }),
    )
    expect(dead).toEqual([])
  })

  it('name only paths of the repository that exist', () => {
    const missing = documents.flatMap((file) =>
      [...file.text.matchAll(/`((?:apps|libs|contracts|docs|test|scripts)\/[A-Za-z0-9_./-]+)`/g)]
        .map((match) => match[1]!)
        .filter((path) => !existsSync(join(root, path)))
        .map((path) => `${file.path}: ${path}`),
    )
    expect(missing).toEqual([])
  })

  it('decisions are short and numbered without gaps', () => {
    const decisions = documents.filter((file) => /^docs\/decisions\/\d{4}-/.test(file.path))
    expect(decisions.map((file) => Number(file.path.slice(15, 19)))).toEqual(decisions.map((_, i) => i + 1))
    expect(decisions.filter((file) => file.lines.length > 30).map((file) => file.path)).toEqual([])
  })
})

describe('everything', () => {
  it('depends on exact versions', () => {
    const loose = readSources((path) => path.endsWith('package.json')).flatMap((file) => {
      const json = JSON.parse(file.text) as Record<string, Record<string, string> | undefined>
      return ['dependencies', 'devDependencies', 'optionalDependencies'].flatMap((kind) =>
        Object.entries(json[kind] ?? {})
          .filter(([, version]) => !/^(npm:[^@]+@)?\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))
          .map(([name, version]) => `${file.path}: ${name} ${version}`),
      )
    })
    expect(loose).toEqual([])
  })

  it('carries no machine path, no registry host and no unfinished mark', () => {
    const banned = [
      /(^|[\s'"(`])\/(work|root|home)\//,
      /registry\.npm|proxy\.golang/,
      /\bTODO\b|\bFIXME\b/,
      /\.only\(/,
    ]
    const found = readSources((path) => isHandWritten(path) || /\.(md|json|yaml|yml|proto)$/.test(path))
      .filter((file) => !file.path.startsWith('test/tidy/') && file.path !== 'package-lock.json')
      .flatMap((file) =>
        file.lines.flatMap((line, i) =>
          banned.some((ban) => ban.test(line)) ? [`${file.path}:${i + 1}`] : [],
        ),
      )
    expect(found).toEqual([])
  })
})

function anchors(markdown: string): Set<string> {
  const headings = [...markdown.matchAll(/^#+ (.*)$/gm)].map((match) => match[1]!.toLowerCase())
  return new Set(headings.map((text) => text.replace(/[^\p{L}\p{N}\s_-]/gu, '').replace(/\s/g, '-')))
}
