import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { runForge } from './scripts/forge.mjs'

const folder = fileURLToPath(new URL('.', import.meta.url))
const TIMEOUT_MS = 1_200_000

const GAS_TESTS = 'test/{gas/*,hub-client/HubClientGas.t.sol}'

function expectPassed(filter: readonly string[], environment: Readonly<Record<string, string>>): void {
  const { status, stdout, stderr } = runForge(['test', ...filter], environment)
  const closing = stdout.split('\n').find((line) => /^Ran \d+ test suites? in/.test(line))
  process.stdout.write(closing === undefined ? stderr.slice(-4000) : `${closing}\n`)
  if (status !== 0) process.stdout.write(`${stdout.slice(-6000)}\n`)
  expect(closing).toBeDefined()
  expect(status).toBe(0)
}

describe('the contracts', () => {
  it(
    'are as committed: ABIs, bytecodes, storage layouts, and small enough (EIP-170)',
    () => {
      const options = { cwd: folder, encoding: 'utf8' } as const
      const check = spawnSync(process.execPath, ['scripts/generate.mjs', '--check'], options)
      expect(check.stderr).toBe('')
      expect(check.status).toBe(0)
    },
    TIMEOUT_MS,
  )

  it(
    'pass their Foundry tests',
    () => expectPassed(['--no-match-path', GAS_TESTS], { FOUNDRY_PROFILE: 'quick' }),
    TIMEOUT_MS,
  )

  it(
    'take the gas of the snapshots, compiled as they are deployed',
    () => expectPassed(['--match-path', GAS_TESTS], { FORGE_SNAPSHOT_CHECK: 'true' }),
    TIMEOUT_MS,
  )

  it(
    'of the hub’s client have no lint finding',
    () => {
      const { status, stderr } = runForge(['lint', 'src/hub-client', 'src/ics23'])
      expect(stderr).not.toContain('warning[')
      expect(status).toBe(0)
    },
    TIMEOUT_MS,
  )
})
