#!/usr/bin/env node
// The compiler as forge runs it: `--version`, or standard JSON from stdin. It is the one of the package solc.
// forge names a source outside its root by an absolute path or by one that begins with `../`, as it came upon
// it; the compiler in JavaScript resolves imports by name only, and sees one name for both. Packages may mark
// assembly blocks in a way that is deprecated: 256 warnings of that hide all others, so the mark is renewed,
// and what else packages are warned of is left out. In CI, where each checkout is new and compiling takes
// minutes, what the compiler gave for the same input is kept outside the checkout.
import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import solc from 'solc'

if (process.argv.includes('--version')) {
  process.stdout.write(`solc, the solidity compiler commandline interface\nVersion: ${solc.version()}\n`)
} else {
  process.stdout.write(JSON.stringify(compile(JSON.parse(readFileSync(0, 'utf8')))))
}

function compile(input) {
  const forgeNames = new Map(Object.keys(input.sources).map((name) => [compilerName(name), name]))
  const forgeName = (name) => forgeNames.get(name) ?? name
  const renamed = JSON.stringify({
    ...input,
    sources: withRenewedMarks(withNames(input.sources, compilerName)),
    settings: { ...input.settings, remappings: input.settings.remappings.map(compilerRemapping) },
  })
  const output = JSON.parse(process.env.CI ? kept(renamed) : solc.compile(renamed))
  const errors = (output.errors ?? []).filter(
    ({ severity, sourceLocation }) =>
      severity === 'error' || !sourceLocation?.file.startsWith('node_modules/'),
  )
  for (const { sourceLocation } of errors)
    if (sourceLocation) sourceLocation.file = forgeName(sourceLocation.file)
  return {
    ...output,
    errors,
    sources: withNames(output.sources ?? {}, forgeName),
    contracts: withNames(output.contracts ?? {}, forgeName),
  }
}

/** The compiler's answer, by its version and all it is given. */
function kept(input) {
  const home = process.env.CAUSEWAY_CACHE ?? join(homedir(), '.cache', 'causeway')
  const name = createHash('sha256').update(input).digest('hex')
  const file = join(home, `solc-${solc.version()}`, `${name}.json.gz`)
  try {
    return gunzipSync(readFileSync(file)).toString()
  } catch {
    const output = solc.compile(input)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(`${file}.${process.pid}`, gzipSync(output))
    renameSync(`${file}.${process.pid}`, file)
    return output
  }
}

/** Packages by their place in the repository, whatever the path to it; the rest as it is. */
function compilerName(name) {
  const at = name.indexOf('node_modules/')
  return at < 0 ? name : name.slice(at)
}

function withRenewedMarks(sources) {
  return Object.fromEntries(
    Object.entries(sources).map(([name, source]) => {
      if (!name.startsWith('node_modules/')) return [name, source]
      const mark = /@solidity memory-safe-assembly(\s+)assembly \{/g
      const content = source.content.replaceAll(mark, '$1assembly ("memory-safe") {')
      return [name, { ...source, content }]
    }),
  )
}

function compilerRemapping(text) {
  const at = text.indexOf('=') + 1
  return text.slice(0, at) + compilerName(text.slice(at))
}

function withNames(record, rename) {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [rename(name), value]))
}
