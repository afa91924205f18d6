import { spawnSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const folder = fileURLToPath(new URL('.', import.meta.url))
const forge = createRequire(import.meta.url).resolve('@foundry-rs/forge/bin.mjs')
const environment = {
  ...process.env,
  // solc.mjs is run by `env node`: this one
  PATH: `${dirname(process.execPath)}:${process.env['PATH']}`,
  // A gas figure that differs from snapshots/ fails its test
  FORGE_SNAPSHOT_CHECK: 'true',
}
const TIMEOUT_MS = 600_000

describe('the contracts', () => {
  it(
    'are as committed: ABIs, bytecodes, storage layouts',
    () => {
      const check = spawnSync(process.execPath, ['scripts/generate.mjs', '--check'], {
        cwd: folder,
        encoding: 'utf8',
      })
      expect(check.stderr).toBe('')
      expect(check.status).toBe(0)
    },
    TIMEOUT_MS,
  )

  it(
    'pass their Foundry tests, with the gas of the snapshots',
    () => {
      const run = spawnSync(process.execPath, [forge, 'test'], {
        cwd: folder,
        env: environment,
        encoding: 'utf8',
        maxBuffer: 1 << 28,
      })
      const closing = run.stdout
        .split('\n')
        .find((line) => line.startsWith('Ran ') && line.includes('test suites'))
      process.stdout.write(`${closing ?? run.stdout.slice(-4000)}\n`)
      if (run.status !== 0) process.stdout.write(`${run.stdout.slice(-8000)}\n${run.stderr.slice(-4000)}\n`)
      expect(run.status).toBe(0)
      expect(closing).toContain(' 0 failed')
    },
    TIMEOUT_MS,
  )

  it(
    'have no lint finding',
    () => {
      const options = { cwd: folder, env: environment, encoding: 'utf8' } as const
      const lint = spawnSync(process.execPath, [forge, 'lint', 'src/hub-client', 'src/ics23'], options)
      expect(lint.stderr).not.toContain('warning[')
    },
    TIMEOUT_MS,
  )
})
