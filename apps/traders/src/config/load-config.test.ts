import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import {
  checkLiquidatorConfig,
  checkMarketMakerConfig,
  loadLiquidatorConfig,
  loadMarketMakerConfig,
} from './load-config.ts'

const folder = mkdtempSync(join(tmpdir(), 'traders-config-'))
afterAll(() => rmSync(folder, { recursive: true }))
let files = 0

function file(text: string): string {
  const path = join(folder, `${++files}.yaml`)
  writeFileSync(path, text)
  return path
}

const example = (name: string) => fileURLToPath(new URL(`../../${name}.example.yaml`, import.meta.url))
const fault = (work: () => unknown) => {
  try {
    work()
  } catch (error) {
    return (error as Error).message
  }
  return expect.fail('it was taken')
}

describe('configurations', () => {
  it('have defaults for everything; the examples say the same', () => {
    expect(loadLiquidatorConfig()).toMatchObject({ subaccount: 1, dryRun: false, poll: 5_000 })
    expect(loadMarketMakerConfig()).toMatchObject({ subaccount: 0, everyBlocks: 6, deadMan: 30_000 })
    const { listen: _1, ...liquidator } = loadLiquidatorConfig(example('liquidator'))
    expect(liquidator).toEqual(loadLiquidatorConfig())
    const { listen: _2, ...maker } = loadMarketMakerConfig(example('market-maker'))
    expect(maker).toEqual(loadMarketMakerConfig())
    expect(loadLiquidatorConfig(file('# nothing but a comment\n'))).toEqual(loadLiquidatorConfig())
  })

  it('read cash, parts and durations', () => {
    const { limits, value, poll } = checkLiquidatorConfig({
      ...{ poll: '2s', limits: { notionalPerBid: '0.5', notionalHeld: 1_500 }, value: { safetyBps: 25 } },
    })
    expect([limits.notionalPerBid, limits.notionalHeld, value.safetyBps, poll]).toEqual([
      500_000n,
      1_500_000_000n,
      25n,
      2_000,
    ])
  })

  it.each([
    ['limits: {notionalPerBid: -1}', 'limits.notionalPerBid: expected an amount of cash'],
    ['limits: {notionalPerBid: "1e9"}', 'limits.notionalPerBid: expected an amount of cash'],
    ['poll: soon', 'poll: expected a duration from 200 ms'],
    ['value: {safetyBps: 1.5}', 'value.safetyBps: '],
    ['listen: {host: 0.0.0.0, port: 1}', 'listen.host: expected a loopback address'],
    ['reference: {url: "ftp://x"}', 'reference.url: expected an http:// or https:// address'],
    ['privateKey: abc', 'Unrecognized key'],
    ['subaccount: 70000', 'subaccount: '],
    ['a: [', ':1:'],
  ])('%s is refused by name', (text, expected) => {
    expect(fault(() => loadLiquidatorConfig(file(text)))).toContain(expected)
  })

  it('name a file that is not there, and all problems of one', () => {
    expect(fault(() => loadLiquidatorConfig(join(folder, 'none.yaml')))).toContain('there is no such file')
    const text = fault(() => checkMarketMakerConfig({ everyBlocks: 0, underlyings: ['eth'] }, 'm.yaml'))
    expect(text.split('\n')).toEqual([
      expect.stringMatching(/^m\.yaml: underlyings\[0\]: expected a name such as ETH$/),
      expect.stringMatching(/^m\.yaml: everyBlocks: /),
    ])
  })
})
