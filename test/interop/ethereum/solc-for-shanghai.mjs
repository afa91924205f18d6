#!/usr/bin/env node
// The compiler as forge runs it, for chains without transient storage: the one guard that is kept there is
// replaced by one in storage.
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const compiler = fileURLToPath(new URL('../../../contracts/evm/solc.mjs', import.meta.url))
const guard = new URL('stored-reentrancy-guard.sol', import.meta.url)

const isVersion = process.argv.includes('--version')
const input = isVersion ? '' : JSON.stringify(withStoredGuard(JSON.parse(readFileSync(0, 'utf8'))))
const { stdout, status } = spawnSync(process.execPath, [compiler, ...process.argv.slice(2)], {
  input,
  maxBuffer: 1 << 28,
})
process.stdout.write(stdout)
process.exitCode = status ?? 1

function withStoredGuard(standardJson) {
  for (const [name, source] of Object.entries(standardJson.sources))
    if (name.endsWith('/ReentrancyGuardTransient.sol')) source.content = readFileSync(guard, 'utf8')
  return standardJson
}
