import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const bin = fileURLToPath(new URL('../bin/causeway.mjs', import.meta.url))
const run = (...args: string[]) => spawnSync(process.execPath, [bin, ...args], { encoding: 'utf8' })

const topics = ['devnet', 'hub', 'relayer', 'indexer', 'account', 'order', 'market']
topics.push('liquidator', 'market-maker', 'margin', 'vectors')

describe('npx causeway', () => {
  it('--help lists every topic', () => {
    const { status, stdout } = run('--help')
    expect(status).toBe(0)
    for (const topic of topics) expect(stdout).toContain(`  ${topic}`)
  })

  it.each(topics)('%s --help describes itself and exits 0', (topic) => {
    const { status, stdout, stderr } = run(topic, '--help')
    expect(stderr).toBe('')
    expect(status).toBe(0)
    expect(stdout).toContain(`Usage: causeway ${topic}`)
  })

  it('says what it does not know, and where to look', () => {
    const { status, stderr } = run('hbu')
    expect(status).toBe(1)
    expect(stderr).toContain("unknown command 'hbu'")
    expect(stderr).toContain('causeway --help')
  })

  it('tells what a user got wrong in one line', () => {
    const { status, stderr } = run('hub', 'init', '--home', 'never-made', '--account', 'foo')
    expect(status).toBe(1)
    expect(stderr).toMatch(/^[a-z]+\/\d+: .*\n$/)
  })
})
