import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { checkExample, checkFiveCommands } from './five-commands.ts'
import { ROOT, npmStart, runFolders } from './npm-start.ts'
import type { NpmStart } from './npm-start.ts'

const TRADER = 'cway1k84406a4vl244mhwm2n475pa92sdc6nfxz27ht'
const PATIENCE_MS = 900_000
const END_MS_MAX = 20_000
/** Cash: one maker quotes 15,000 a side, the other 30,000. */
const QUOTED_BY_BOTH = 44_000

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
      await checkMakersGoOn(graphqlUrl)
      const clientFile = join(home, 'client.json')
      expect(JSON.parse(readFileSync(clientFile, 'utf8'))).toMatchObject({ version: 1, graphql: graphqlUrl })

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
      await checkFiveCommands(clientFile)
      await checkExample(clientFile)

      first.signalGroup('SIGINT')
      await expectEnded(first, [130])
      await expect(fetch(graphqlUrl)).rejects.toThrow()
      expect(existsSync(clientFile)).toBe(false)
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

/** The tokens that stay collateral in the end: three fifths of Ethereum's ether and of Solana's SOL. */
const ETHER = {
  ...{ denom: 'eth', amount: '300000000000000000', decimals: 18, haircutBps: 1_500, priceStatus: 'fresh' },
  lines: [
    {
      ...{ chainId: 'eip155:31337', escrowed: '300000000000000000', ecosystem: 'EVM', finality: 'FINALIZED' },
      denom: expect.stringMatching(/^transfer\/ethereum-1\/0x[0-9a-f]{40}$/) as string,
    },
  ],
}
const SOL = {
  ...{ denom: 'sol', amount: '3000000000', decimals: 9, haircutBps: 2_000, priceStatus: 'fresh' },
  lines: [
    {
      ...{ chainId: expect.stringMatching(/^solana:\w{32}$/) as string, escrowed: '3000000000' },
      ...{ ecosystem: 'SOLANA', finality: 'ROOTED' },
      denom: 'transfer/solana-2/So11111111111111111111111111111111111111112',
    },
  ],
}
/** Cash from three chains, less what was withdrawn, premiums, fees, and what prices did meanwhile. */
const CASH = { from: 700, to: 1_700 }
const PUT = /^ETH-\d{8}-\d+-P$/

/** The exact position, the proofs that led to it, and the ports that the first instance holds. */
async function checkOnce(second: NpmStart, first: NpmStart): Promise<void> {
  expect({ exit: await second.exited, errors: second.errors() }).toEqual({ exit: 0, errors: '' })
  checkPosition(JSON.parse(second.lines.at(-1) ?? '') as Position)
  const text = second.lines.join('\n')
  for (const [pattern, count] of [
    [/proof height \d+ of zone-1/g, 2],
    [/proof height \d+ of eip155:31337/g, 4],
    [/proof height \d+ of solana:\w{32}/g, 4],
    [/proof height \d+ of causeway-1/g, 10],
    [/ tx 0x[0-9a-f]{64}$/gm, 6],
    [/^ +\d+\.\d s {2}zone-1 +maker-\d deposits 400,000 uusd$/gm, 2],
    [/fills 4 ETH-(PERP|\d{8}-\d+-P) at \d/g, 2],
  ] as const) {
    expect([pattern, text.match(pattern)?.length]).toEqual([pattern, count])
  }
  // The hub's and the zone's; some more convert deposits that came while their prices were not fresh.
  expect([30, 31, 32, 33, 34]).toContain(text.match(/ tx [0-9A-F]{64}$/gm)?.length)
  expect(text).toMatch(/refuses to pay out \d+ of cash: risk\/1: /)
  expect(text).toMatch(
    /shows \S+ USD of cash, 0\.3 eth worth \S+ USD, 3 sol worth \S+ USD, 4 ETH-PERP, 4 ETH-\d{8}-\d+-P$/m,
  )
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

/** One account: cash of three chains, collateral of two, a perpetual and the puts that insure it. */
function checkPosition(position: Position): void {
  expect(position).toMatchObject({ owner: TRADER, inFlight: [] })
  const [cross] = position.accounts[0]?.subaccounts ?? []
  const priced = cross!.collateral.filter(({ price }) => price !== null)
  expect(priced).toMatchObject([ETHER, SOL])
  expect(Number(cross!.cash)).toBeGreaterThan(CASH.from)
  expect(Number(cross!.cash)).toBeLessThan(CASH.to)
  const [put, perpetual] = [...cross!.positions].sort((a, b) => (a.market < b.market ? -1 : 1))
  expect(perpetual).toMatchObject({ market: 'ETH-PERP', size: '4.000000000' })
  expect(put).toMatchObject({ market: expect.stringMatching(PUT) as string, size: '4.000000000' })
  expect(put!.greeks!.delta).toBeLessThan(0)
  expect(put!.greeks!.vega).toBeGreaterThan(0)
  expect(cross!.greeks.delta).toBeLessThan(perpetual!.greeks!.delta)
  for (const margin of [cross!.initialMargin, cross!.maintenanceMargin, cross!.initialRequirement])
    expect(Number(margin)).toBeGreaterThan(0)
}

/** Both makers quote both sides, again whenever somebody has taken a quote, and go on quoting. */
async function checkMakersGoOn(graphqlUrl: string): Promise<void> {
  const levels = 'price size'
  const read = async () => {
    const query = `{ book(market: "ETH-PERP") { sequence bids { ${levels} } asks { ${levels} } } }`
    return ((await ask(graphqlUrl, query)) as { book: Book }).book
  }
  const { sequence } = await read()
  // Two makers can meet at one price: what they quote together tells that both are there
  const isQuoted = (side: Level[]) =>
    side.reduce((sum, { price, size }) => sum + Number(price) * Number(size), 0) > QUOTED_BY_BOTH
  const sides = async () => {
    const { bids, asks } = await read()
    return [bids, asks].map((side) => (isQuoted(side) ? 'quoted' : side))
  }
  await expect.poll(sides, { timeout: 60_000 }).toEqual(['quoted', 'quoted'])
  await expect
    .poll(async () => BigInt((await read()).sequence), { timeout: 60_000 })
    .toBeGreaterThan(BigInt(sequence))
}

async function expectEnded(devnet: NpmStart, codes: (number | NodeJS.Signals)[]): Promise<void> {
  const since = performance.now()
  expect(codes).toContain(await devnet.exited)
  expect(performance.now() - since).toBeLessThan(END_MS_MAX)
  // Orphans are gone when the system's first process has taken note of them.
  await expect.poll(() => devnet.isGone(), { timeout: END_MS_MAX }).toBe(true)
  expect(runFolders(home)).toEqual([])
}

interface Level {
  readonly price: string
  readonly size: string
}

interface Book {
  readonly sequence: string
  readonly bids: Level[]
  readonly asks: Level[]
}

interface Position {
  readonly owner: string
  readonly inFlight: unknown[]
  readonly accounts: { subaccounts: Subaccount[] }[]
}

interface Greeks {
  readonly delta: number
  readonly vega: number
}

interface Subaccount {
  readonly cash: string
  readonly initialMargin: string
  readonly maintenanceMargin: string
  readonly initialRequirement: string
  readonly collateral: { readonly denom: string; readonly price: string | null }[]
  readonly positions: { readonly market: string; readonly size: string; readonly greeks: Greeks | null }[]
  readonly greeks: Greeks
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
