// Runs forge itself: the script of its package (`forge` on the path) ends with code 0, whatever forge does.
import { spawnSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { arch, platform } from 'node:process'
import { delimiter, dirname } from 'node:path'
import { fileURLToPath } from 'node:url'

/** @typedef {{ status: number | null, stdout: string, stderr: string }} Ended */

/**
 * Runs forge in the package's folder to its end.
 * @param {readonly string[]} args
 * @param {Readonly<Record<string, string>>} [environment]
 * @returns {Ended}
 */
export function runForge(args, environment = {}) {
  const named = createRequire(createRequire(import.meta.url).resolve('@foundry-rs/forge/bin.mjs'))
  const system = `${platform}-${arch === 'x64' ? 'amd64' : arch}`
  const binary = named.resolve(`@foundry-rs/forge-${system}/bin/forge${platform === 'win32' ? '.exe' : ''}`)
  // solc.mjs is run by `env node`: by this one
  const path = `${dirname(process.execPath)}${delimiter}${process.env['PATH']}`
  return spawnSync(binary, [...args], {
    cwd: fileURLToPath(new URL('../', import.meta.url)),
    env: { ...process.env, ...environment, PATH: path },
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  })
}
