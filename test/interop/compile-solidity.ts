import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { basename, join } from 'node:path'
import type { Hex } from 'viem'

/** Creation code of a contract of one file (`path` is below this folder), by the compiler from npm. */
export function compileSolidity(path: string, contract: string, evmVersion: 'shanghai' | 'prague'): Hex {
  const solc = createRequire(import.meta.url)('solc') as { compile(input: string): string }
  const content = readFileSync(join(import.meta.dirname, path), 'utf8')
  const file = basename(path)
  const settings = { evmVersion, outputSelection: { '*': { '*': ['evm.bytecode.object'] } } }
  const input = { language: 'Solidity', sources: { [file]: { content } }, settings }
  const output = JSON.parse(solc.compile(JSON.stringify(input))) as SolcOutput
  const code = output.contracts?.[file]?.[contract]?.evm.bytecode.object
  if (code === undefined) throw new Error(`${path}: ${JSON.stringify(output.errors)}`)
  return `0x${code}`
}

interface SolcOutput {
  readonly contracts?: Record<string, Record<string, { evm: { bytecode: { object: string } } }>>
  readonly errors?: readonly unknown[]
}
