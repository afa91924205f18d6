import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync } from 'node:fs'
import { createRequire } from 'node:module'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import type { Hex } from 'viem'

const PACKAGE = join(import.meta.dirname, '../../../contracts/evm')
/** What a chain of Shanghai can run: the light client of the hub needs the precompiles of Prague. */
const SOURCES = ['src/core/IbcCore.sol', 'src/vault/CollateralVault.sol', 'src/tokens/VoucherToken.sol']

/** Creation code of the bridge's contracts, compiled for Shanghai, which has no transient storage. */
export interface ShanghaiContracts {
  readonly ibcCore: Hex
  readonly collateralVault: Hex
  readonly wrappedEther: Hex
}

/**
 * The contracts from the cache, compiled first where the sources have changed (half a minute). The optimiser
 * keeps them small, since code for an older machine is longer and its limit is the same.
 */
export async function requireShanghaiContracts(): Promise<ShanghaiContracts> {
  const cache = join(process.env['CAUSEWAY_CACHE'] ?? join(homedir(), '.cache', 'causeway'), 'contracts')
  const path = join(cache, `shanghai-${keyOf(join(PACKAGE, 'src'))}`)
  if (!existsSync(path)) await compile(path)
  const codeOf = (name: string) => {
    const json = JSON.parse(readFileSync(join(path, `${name}.sol/${name}.json`), 'utf8')) as {
      bytecode: { object: Hex }
    }
    return json.bytecode.object
  }
  return {
    ibcCore: codeOf('IbcCore'),
    collateralVault: codeOf('CollateralVault'),
    wrappedEther: wrappedEther(),
  }
}

function keyOf(folder: string): string {
  const hash = createHash('sha256')
  for (const entry of readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()) {
    if (entry.endsWith('.sol')) hash.update(entry).update(readFileSync(join(folder, entry)))
  }
  return hash.digest('hex').slice(0, 12)
}

async function compile(path: string): Promise<void> {
  console.error('compiling the contracts for Shanghai: once, then cached')
  const building = `${path}.${process.pid}.building`
  mkdirSync(dirname(path), { recursive: true })
  const forge = createRequire(join(PACKAGE, 'package.json')).resolve('@foundry-rs/forge/bin.mjs')
  const args = [forge, 'build', ...SOURCES, '--out', building, '--cache-path', `${building}-cache`]
  await promisify(execFile)(process.execPath, args, {
    cwd: PACKAGE,
    env: {
      ...process.env,
      // forge runs the compiler's wrapper by `env node`, so this Node comes first
      PATH: `${dirname(process.execPath)}:${process.env['PATH']}`,
      FOUNDRY_EVM_VERSION: 'shanghai',
      FOUNDRY_OPTIMIZER_RUNS: '200',
    },
  })
  renameSync(building, path)
}

function wrappedEther(): Hex {
  const solc = createRequire(import.meta.url)('solc') as { compile(input: string): string }
  const content = readFileSync(join(import.meta.dirname, '../wrapped-ether.sol'), 'utf8')
  const settings = { evmVersion: 'shanghai', outputSelection: { '*': { '*': ['evm.bytecode.object'] } } }
  const input = { language: 'Solidity', sources: { 'wrapped-ether.sol': { content } }, settings }
  const output = JSON.parse(solc.compile(JSON.stringify(input))) as {
    contracts: Record<string, Record<string, { evm: { bytecode: { object: string } } }>>
  }
  return `0x${output.contracts['wrapped-ether.sol']!['WrappedEther']!.evm.bytecode.object}`
}
