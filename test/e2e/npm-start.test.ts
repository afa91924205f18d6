import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { ROOT, npmStart, runFolders } from './npm-start.ts'
import type { NpmStart } from './npm-start.ts'

const TRADER = 'cway1k84406a4vl244mhwm2n475pa92sdc6nfxz27ht'
const PATIENCE_MS = 300_000
const END_MS_MAX = 20_000

let home: string
let running: NpmStart[] = []

beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'devnet-e2e-'))
})

afterEach(async () => {
  for (const one of running) if (!one.isGone()) one.signalGroup('SIGKILL')
  await Promise.all(running.map((one) => one.exited))
  running = []
})

afterAll(() => rmSync(home, { recursive: true, force: true }))

function start(...args: string[]): NpmStart {
  const started = npmStart(...args)
  running.push(started)
  return started
}

describe('npm start', () => {
  it(
    'stays up, serves what it prints, leaves room for a second one, and ends with Ctrl-C',
    async () => {
      const first = start('--home', home)
      // It holds its ports from here on: the second need not wait for the first one's story.
      await first.line(/relays over/)
      await checkOnce(start('--once'), first)
      const graphqlUrl = addressOf(await first.line(/^ {2}GraphQL and GraphiQL /))
      await first.line(/^Ctrl-C ends it/)

      expect(await ask(graphqlUrl, readmeQuery())).toMatchObject({
        portfolio: { equity: expect.any(String) as string },
      })
      const page = await fetch(graphqlUrl, { headers: { accept: 'text/html' } })
      expect(await page.text()).toMatch(/^\s*<!doctype html>/i)
      for (const [name, path] of [
        ['hub RPC', '/status'],
        ['zone RPC', '/status'],
        ['Beacon API', '/eth/v1/beacon/light_client/finality_update'],
        ['relayer metrics', ''],
      ] as const) {
        const answer = await fetch(addressOf(await first.line(new RegExp(`^ {2}${name} `))) + path)
        expect(answer.status).toBe(200)
      }

      first.signalGroup('SIGINT')
      await expectEnded(first, [130])
      await expect(fetch(graphqlUrl)).rejects.toThrow()
    },
    PATIENCE_MS,
  )

  it.each([
    ['SIGINT', [130, 'SIGINT']],
    ['SIGTERM', [143, 'SIGTERM']],
    ['SIGKILL', ['SIGKILL']],
  ] as const)(
    'ends at %s, though npm alone receives it',
    async (signal, codes) => {
      const devnet = start('--home', home)
      await devnet.line(/the hub makes blocks/)
      devnet.signalNpm(signal)
      await expectEnded(devnet, [...codes])
    },
    PATIENCE_MS,
  )

  const seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000)
  const random = generator(seed)
  const instants = Array.from({ length: 5 }, (_, i) => ({
    lines: Math.floor(random() * 4 * (i + 1)),
    ms: random() * 1_500,
  }))

  it.each(instants)(
    `ends with Ctrl-C $ms ms after line $lines of its start (seed ${seed})`,
    async ({ lines, ms }) => {
      const devnet = start('--home', home)
      await devnet.printed(lines)
      await new Promise((resolve) => setTimeout(resolve, ms))
      devnet.signalGroup('SIGINT')
      // Before Node has loaded the command nobody listens, and the signal itself ends it.
      await expectEnded(devnet, [130, 'SIGINT'])
      expect(devnet.errors()).toBe('')
    },
    PATIENCE_MS,
  )
})

/** What the account holds in the end: half of the zone's deposit, three fifths of Ethereum's. */
const DEPOSITED = [
  {
    ...{ denom: 'usdz', amount: '500000000', decimals: 6, haircutBps: 500 },
    ...{ chainId: 'zone-1', base: 'transfer/07-tendermint-0/uusd' },
  },
  {
    ...{ denom: 'usdc', amount: '600000000', decimals: 6, haircutBps: 500 },
    ...{
      chainId: 'eip155:31337',
      base: expect.stringMatching(/^transfer\/ethereum-1\/0x[0-9a-f]{40}$/) as string,
    },
  },
  {
    ...{ denom: 'eth', amount: '300000000000000000', decimals: 18, haircutBps: 1_500 },
    ...{
      chainId: 'eip155:31337',
      base: expect.stringMatching(/^transfer\/ethereum-1\/0x[0-9a-f]{40}$/) as string,
    },
  },
]

/** The exact position, the proofs that led to it, and the ports that the first instance holds. */
async function checkOnce(second: NpmStart, first: NpmStart): Promise<void> {
  expect({ exit: await second.exited, errors: second.errors() }).toEqual({ exit: 0, errors: '' })
  const position = JSON.parse(second.lines.at(-1) ?? '') as Position
  const [account] = position.accounts
  const [cross] = account?.subaccounts ?? []
  const find = (denom: string) => cross?.collateral.find((token) => token.denom === denom)
  expect(position).toMatchObject({ owner: TRADER, inFlight: [] })
  for (const { denom, amount, decimals, haircutBps, chainId, base } of DEPOSITED) {
    const token = find(denom)
    expect(token).toMatchObject({ amount, decimals, priceStatus: 'fresh', haircutBps })
    expect(token?.lines).toEqual([{ chainId, denom: base, escrowed: amount }])
  }
  const value = Number(find('usdz')?.value)
  expect(value).toBeGreaterThan(490)
  expect(value).toBeLessThan(510)

  const text = second.lines.join('\n')
  for (const [pattern, count] of [
    [/proof height \d+ of zone-1/g, 2],
    [/proof height \d+ of eip155:31337/g, 4],
    [/proof height \d+ of causeway-1/g, 6],
    [/ tx [0-9A-F]{64}$/gm, 18], // six join the chains, three a transfer of the zone
    [/ tx 0x[0-9a-f]{64}$/gm, 6],
  ] as const) {
    expect([pattern, text.match(pattern)]).toEqual([pattern, expect.any(Array)])
    expect([pattern, text.match(pattern)?.length]).toEqual([pattern, count])
  }
  expect(text).toContain('shows 1,000 usdz, worth ')
  expect(text).toMatch(/shows 1,000 usdc, worth \S+ USD and 0\.5 eth, worth /)
  expect(text).toContain('the trader has 9,500 uusd')
  expect(text).toContain('the trader has 9,400 USDC')
  const taken = [...first.lines, ...second.lines].filter((line) =>
    /^port \d+ is taken: [\w ]+ is on port \d+$/.test(line),
  )
  expect(taken.length).toBeGreaterThanOrEqual(6)
  const times = second.lines.flatMap((line) => /^ *(\d+\.\d) s {2}/.exec(line)?.[1] ?? [])
  expect(times.map(Number)).toEqual(times.map(Number).sort((a, b) => a - b))
  console.log(`npm start -- --once beside another devnet: position after ${times.at(-1)} s`)
}

async function expectEnded(devnet: NpmStart, codes: (number | NodeJS.Signals)[]): Promise<void> {
  const since = performance.now()
  expect(codes).toContain(await devnet.exited)
  expect(performance.now() - since).toBeLessThan(END_MS_MAX)
  // Orphans are gone when the system's first process has taken note of them.
  await expect.poll(() => devnet.isGone(), { timeout: END_MS_MAX }).toBe(true)
  expect(runFolders(home)).toEqual([])
}

interface Position {
  readonly owner: string
  readonly inFlight: unknown[]
  readonly accounts: { subaccounts: { collateral: { denom: string; value: string; lines: unknown }[] }[] }[]
}

/** The example of the README, for the devnet's trader. */
function readmeQuery(): string {
  const blocks = readFileSync(join(ROOT, 'README.md'), 'utf8').matchAll(/```graphql\n([\s\S]*?)```/g)
  const query = [...blocks].map(([, block]) => block ?? '').find((block) => block.includes('portfolio('))
  if (query === undefined) throw new Error('the README has no example with portfolio(')
  return query.replace(/"cway1…"/, `"${TRADER}"`)
}

async function ask(url: string, query: string): Promise<unknown> {
  const headers = { 'content-type': 'application/json' }
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify({ query }) })
  const { data, errors } = (await response.json()) as { data?: unknown; errors?: unknown }
  expect(errors).toBeUndefined()
  return data
}

function addressOf(line: string): string {
  return /http:\S+/.exec(line)?.[0] ?? ''
}

/** mulberry32: the same instants for the same seed. */
function generator(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}
