// Writes the IDLs (idl/*.json) and the TypeScript client made from them (src/generated/*.ts). With --check
// nothing is written: it fails when something written before is not what the sources give now.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { rootNode } from '@codama/nodes'
import type { ProgramNode, RootNode } from '@codama/nodes'
import * as prettier from 'prettier'
import { renderClient } from './client/render-client.ts'
import { coreProgram } from './idl/core.ts'
import { hubClientProgram } from './idl/hub-client.ts'
import { recorderProgram, uploadProgram } from './idl/small.ts'
import { vaultProgram } from './idl/vault.ts'

const PROGRAMS: Readonly<Record<string, ProgramNode>> = {
  core: coreProgram,
  'hub-client': hubClientProgram,
  vault: vaultProgram,
  recorder: recorderProgram,
  upload: uploadProgram,
}
const folder = new URL('../', import.meta.url)
const stale: string[] = []
for (const [name, program] of Object.entries(PROGRAMS)) {
  const text = await format(JSON.stringify(rootNode(program)), `idl/${name}.json`)
  await put(`idl/${name}.json`, text)
  const root = JSON.parse(text) as RootNode
  await put(`src/generated/${name}.ts`, await format(renderClient(name, root.program), `${name}.ts`))
}
if (stale.length > 0) {
  process.stderr.write(`stale: ${stale.join(', ')}; run contracts/solana/scripts/generate.ts\n`)
  process.exitCode = 1
}

async function format(text: string, path: string): Promise<string> {
  const options = await prettier.resolveConfig(new URL(path, folder))
  return prettier.format(text, { ...options, filepath: path })
}

async function put(path: string, content: string): Promise<void> {
  const url = new URL(path, folder)
  if (process.argv.includes('--check')) {
    if (read(url) !== content) stale.push(path)
    return
  }
  mkdirSync(new URL('.', url), { recursive: true })
  writeFileSync(url, content)
}

function read(url: URL): string | undefined {
  try {
    return readFileSync(url, 'utf8')
  } catch {
    return undefined
  }
}
