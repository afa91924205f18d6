import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Hex } from 'viem'
import { compileSolidity } from '../compile-solidity.ts'

const PACKAGE = join(import.meta.dirname, '../../../contracts/evm')
const { runForge } = createRequire(join(PACKAGE, 'package.json'))('./scripts/forge.mjs') as {
  runForge(
    args: readonly string[],
    environment: Readonly<Record<string, string>>,
  ): { status: number | null; stdout: string; stderr: string }
}
/** What a chain of Shanghai can run: the light client of the hub needs the precompiles of Prague. */
const SOURCES = [
  ...['src/core/IbcCore.sol', 'src/vault/CollateralVault.sol', 'src/tokens/VoucherToken.sol'],
  ...['src/standby/StandbyLines.sol', 'src/clearing/ClearingPort.sol'],
]

/** Creation code of the bridge's contracts, compiled for Shanghai, which has no transient storage. */
export interface ShanghaiContracts {
  readonly ibcCore: Hex
  readonly collateralVault: Hex
  readonly standbyLines: Hex
  readonly clearingPort: Hex
  readonly wrappedEther: Hex
  /** Stands for the light client of the hub, which needs the precompiles of Prague. */
  readonly believingHubClient: Hex
}

/**
 * The contracts from the cache, compiled first where the sources have changed (half a minute). The optimiser
 * keeps them small, since code for an older machine is longer and its limit is the same.
 */
export function requireShanghaiContracts(): ShanghaiContracts {
  const cache = join(process.env['CAUSEWAY_CACHE'] ?? join(homedir(), '.cache', 'causeway'), 'contracts')
  const path = join(cache, `shanghai-${keyOf(join(PACKAGE, 'src'))}`)
  if (!existsSync(path)) compile(path)
  const codeOf = (name: string) => {
    const json = JSON.parse(readFileSync(join(path, `${name}.sol/${name}.json`), 'utf8')) as {
      bytecode: { object: Hex }
    }
    return json.bytecode.object
  }
  return {
    ibcCore: codeOf('IbcCore'),
    collateralVault: codeOf('CollateralVault'),
    standbyLines: codeOf('StandbyLines'),
    clearingPort: codeOf('ClearingPort'),
    wrappedEther: compileSolidity('wrapped-ether.sol', 'WrappedEther', 'shanghai'),
    believingHubClient: compileSolidity(
      'ethereum/believing-hub-client.sol',
      'BelievingHubClient',
      'shanghai',
    ),
  }
}

function keyOf(folder: string): string {
  const hash = createHash('sha256').update(SOURCES.join())
  for (const entry of readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()) {
    if (entry.endsWith('.sol')) hash.update(entry).update(readFileSync(join(folder, entry)))
  }
  return hash.digest('hex').slice(0, 12)
}

function compile(path: string): void {
  console.error('compiling the contracts for Shanghai: once, then cached')
  const building = `${path}.${process.pid}.building`
  const forgeCache = `${building}-cache`
  mkdirSync(dirname(path), { recursive: true })
  const { status, stdout, stderr } = runForge(
    ['build', ...SOURCES, '--out', building, '--cache-path', forgeCache],
    {
      FOUNDRY_EVM_VERSION: 'shanghai',
      FOUNDRY_OPTIMIZER_RUNS: '200',
      FOUNDRY_SOLC: join(import.meta.dirname, 'solc-for-shanghai.mjs'),
    },
  )
  rmSync(forgeCache, { recursive: true, force: true })
  if (status !== 0) throw new Error(`the contracts do not compile for Shanghai: ${stdout}${stderr}`)
  renameSync(building, path)
}
