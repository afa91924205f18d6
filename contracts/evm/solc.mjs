#!/usr/bin/env node
// The compiler as forge runs it: `--version`, or standard JSON from stdin. It is the one of the package solc.
// forge names a source outside its root by an absolute path or by one that begins with `../`, as it came upon
// it; the compiler in JavaScript resolves imports by name only, and sees one name for both.
import { readFileSync } from 'node:fs'
import solc from 'solc'

if (process.argv.includes('--version')) {
  process.stdout.write(`solc, the solidity compiler commandline interface\nVersion: ${solc.version()}\n`)
} else {
  process.stdout.write(JSON.stringify(compile(JSON.parse(readFileSync(0, 'utf8')))))
}

function compile(input) {
  const forgeNames = new Map(Object.keys(input.sources).map((name) => [compilerName(name), name]))
  const forgeName = (name) => forgeNames.get(name) ?? name
  const output = JSON.parse(
    solc.compile(
      JSON.stringify({
        ...input,
        sources: withNames(input.sources, compilerName),
        settings: { ...input.settings, remappings: input.settings.remappings.map(compilerRemapping) },
      }),
    ),
  )
  for (const { sourceLocation } of output.errors ?? [])
    if (sourceLocation) sourceLocation.file = forgeName(sourceLocation.file)
  return {
    ...output,
    sources: withNames(output.sources ?? {}, forgeName),
    contracts: withNames(output.contracts ?? {}, forgeName),
  }
}

/** Packages by their place in the repository, whatever the path to it; the rest as it is. */
function compilerName(name) {
  const at = name.indexOf('node_modules/')
  return at < 0 ? name : name.slice(at)
}

function compilerRemapping(text) {
  const at = text.indexOf('=') + 1
  return text.slice(0, at) + compilerName(text.slice(at))
}

function withNames(record, rename) {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [rename(name), value]))
}
