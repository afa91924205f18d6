import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { isProtocolError } from '@causeway/primitives'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { findFiles } from '../vectors/find-files.ts'
import { marginCommand } from './command.ts'

const root = fileURLToPath(new URL('../../../../', import.meta.url))
const vectors = join(root, '../shared/vectors/margin')
const folder = mkdtempSync(join(tmpdir(), 'causeway-margin-'))
const example = join(folder, 'example.json')
const options = join(folder, 'options.json')

/** The worked example of docs/margin.md. */
function documented(): string {
  const blocks = [...readFileSync(join(root, 'docs/margin.md'), 'utf8').matchAll(/```json\n([\s\S]*?)```/g)]
  return blocks.map(([, json]) => json!).find((json) => json.includes('"causeway-margin/1"'))!
}

beforeAll(() => {
  writeFileSync(example, documented())
  const { market, account, ...rest } = JSON.parse(documented()) as {
    market: { timeSeconds: number; underlyings: object[] }
    account: object
  }
  const expirySeconds = Date.UTC(2026, 2, 27, 8) / 1000
  const surface = { a: 0.02, b: 0.05, rho: -0.2, m: 0, sigma: 0.3, forward: 3_030, tau: 0.2 }
  const eth = { ...market.underlyings[1], expiries: [{ expirySeconds, forward: 3_030, surface }] }
  const terms = { underlying: 'ETH', expirySeconds, strike: 3_000, isCall: true }
  writeFileSync(
    options,
    JSON.stringify({
      ...rest,
      expected: {},
      market: {
        ...market,
        timeSeconds: expirySeconds - 73 * 86_400,
        underlyings: [market.underlyings[0], eth],
      },
      account: { ...account, cash: -3_900, options: [{ ...terms, amount: -3 }] },
    }),
  )
})
afterAll(() => rmSync(folder, { recursive: true }))

/** What a command prints. */
function run(...args: string[]): string {
  let text = ''
  const write = vi.spyOn(process.stdout, 'write').mockImplementation((chunk) => {
    text += String(chunk)
    return true
  })
  try {
    marginCommand().parse(args, { from: 'user' })
    return text
  } finally {
    write.mockRestore()
  }
}

const json = (...args: string[]) => JSON.parse(run(...args, '--json')) as never[]

/** The error of a command, as it is printed. */
function refusal(...args: string[]): string {
  try {
    run(...args)
    return 'nothing was refused'
  } catch (error) {
    if (!isProtocolError(error)) throw error
    return `${error.codespace}/${error.code}: ${error.message}`
  }
}

interface EvaluatedJson {
  readonly file: string
  readonly case: string
  readonly requirement: {
    maintenanceRequirementE6: string
    initialMargin: number
    initialRequirementE6: string
  }
  readonly explanation: Record<'maintenance' | 'initial', { contributions: { amountE6: string }[] }>
}

describe('margin evaluate', () => {
  it('shows the documented example as it was worked out by hand', () => {
    const text = run('evaluate', example)
    expect(text).toContain('example.json (pm2): healthy')
    expect(text).toMatch(/worst outcome +864\.00 +1080\.00\n/)
    expect(text).toMatch(/perpetuals and futures +360\.00 +480\.00\n/)
    expect(text).toMatch(/haircuts +99\.90 +149\.85\n/)
    expect(text).toMatch(/margin +4671\.0999\d+ +4285\.1499\d+\n/)
  })

  it('explains it: by position, contribution and scenario', () => {
    const text = run('evaluate', example, '--explain')
    expect(text).toMatch(/BTC-PERP +0\.1 +0\.000000 +612\.000000 +780\.000000\n/)
    expect(text).toMatch(
      /ETH-PERP · scenario · spot × 1\.18, vol up · weight 0\.5 +432\.000000 +540\.000000\n/,
    )
    expect(text).toMatch(/spot × 0\.82, vol up +\* -1080\.000000 +1080\.000000 +0\.000000\n/)
    expect(text).toMatch(/all +5995\.000000/)
  })

  it('answers in JSON, exact amounts as text', () => {
    const [found] = json('evaluate', example, '--explain') as unknown as EvaluatedJson[]
    expect([found!.file, found!.case]).toEqual([example, example])
    for (const side of ['maintenance', 'initial'] as const) {
      const parts = found!.explanation[side].contributions
      const sum = parts.reduce((total, { amountE6 }) => total + BigInt(amountE6), 0n)
      expect(String(sum)).toBe(found!.requirement[`${side}RequirementE6`])
    }
  })

  it('shows every case of every file, or the one that is named', () => {
    const both = join(folder, 'both.json')
    const one = JSON.parse(documented()) as object
    writeFileSync(both, JSON.stringify({ first: one, second: { ...one, model: 'linear' } }))
    expect((json('evaluate', both, example) as unknown as EvaluatedJson[]).map((each) => each.case)).toEqual([
      'first',
      'second',
      example,
    ])
    expect(run('evaluate', both, '--case', 'second')).toMatch(/^.*both\.json second \(linear\): healthy\n/)
    expect(refusal('evaluate', both, '--case', 'third')).toMatch(/^cli-margin\/8: .*first, second$/)
  })

  it('explains every public case to the last micro-cash', (context) => {
    if (!existsSync(vectors)) return context.skip('the public vectors are not here: ../shared/vectors/margin')
    const files = findFiles(vectors).files.filter((path) => !path.endsWith('environment.json'))
    const found = json('evaluate', ...files, '--explain') as unknown as EvaluatedJson[]
    expect(found.length).toBeGreaterThan(100)
    for (const { case: name, requirement, explanation } of found)
      for (const side of ['maintenance', 'initial'] as const) {
        const parts = explanation[side].contributions
        const sum = parts.reduce((total, { amountE6 }) => total + BigInt(amountE6), 0n)
        expect(String(sum), name).toBe(requirement[`${side}RequirementE6`])
      }
  })
})

describe('margin what-if', () => {
  it('shows figures before and after, and their change', () => {
    const text = run(
      'what-if',
      example,
      '--trade',
      'buy 2 ETH-PERP @ 3010 fee 3',
      '--trade',
      'withdraw 100 cash',
    )
    expect(text).toContain('healthy, after buy 2 ETH-PERP @ 3010, withdraw 100 cash')
    expect(text).toMatch(/value \(marks and cash\) +5995\.00 +5872\.00 +-123\.00\n/)
    expect(text).toMatch(/initial requirement +1709\.8500\d+ +1469\.8500\d+ +-240\.0000\d+\n/)
  })

  it('takes options by name, also at strikes that nobody holds', () => {
    const [found] = json('what-if', options, '--trade', 'buy 3 ETH-20260327-3100-C') as unknown as {
      before: { initialMargin: number }
      after: { initialMargin: number }
      trades: unknown[]
    }[]
    expect(found!.after.initialMargin).toBeGreaterThan(found!.before.initialMargin)
    expect(found!.trades).toMatchObject([{ instrument: { kind: 'option', strike: 3_100 }, size: 3 }])
    expect(run('what-if', options, '--trade', 'sell 1 ETH-20260327')).toContain('sell 1 ETH-20260327\n')
    expect(run('what-if', options, '--trade', 'deposit 1.5 USDT')).toContain('deposit 1.5 USDT')
    const halves = run('what-if', options, '--trade', 'sell 1 ETH-20260327-2950_5-P')
    expect(halves).toContain('sell 1 ETH-20260327-2950_5-P')
  })

  it.each([
    [
      'hold 2 ETH-PERP',
      /^cli-margin\/4: --trade hold 2 ETH-PERP: expected like "buy 2 ETH-PERP @ 3010 fee 1\.5"/,
    ],
    ['buy -2 ETH-PERP', /^cli-margin\/4: /],
    ['buy 2 SOL-PERP', /^cli-margin\/5: SOL-PERP is not in the market: it has BTC-PERP, ETH-PERP$/],
    ['buy 2 ETH-20270101-3000-C', /^cli-margin\/5: /],
    ['withdraw 9999 USDT', /^cli-margin\/3: .*example\.json: margin\/2: USDT amount is negative: -4999$/],
    ['deposit 1 DAI', /^cli-margin\/3: .*margin\/61: DAI is not in the market$/],
  ])('refuses "%s" in a line', (trade, line) => {
    expect(refusal('what-if', example, '--trade', trade)).toMatch(line)
  })
})

describe('margin greeks', () => {
  it('are in cash, by position, underlying and account', () => {
    const text = run('greeks', options)
    expect(text).toMatch(/position +size +delta +gamma per 1 % +vega per point +theta per day +rho per bp\n/)
    expect(text).toMatch(/ETH-20260327-3000-C +-3 +-\d+\.\d\d +-\d/)
    const [found] = json('greeks', options) as unknown as {
      account: Record<string, number>
      positions: unknown[]
    }[]
    expect(found!.positions).toHaveLength(4)
    expect(Object.keys(found!.account)).toEqual([
      'deltaCash',
      'gammaCash',
      'vegaCash',
      'thetaCash',
      'rhoCash',
    ])
  })
})

describe('margin plan', () => {
  it('shows liquidation prices, trades that restore health, largest sizes', () => {
    const text = run('plan', options, '--lot', '0.01')
    expect(text).toContain('options.json (pm2): fails maintenance')
    expect(text).toMatch(/healthy again at, down/)
    expect(text).toMatch(/closing \d+\.\d\d of notional at the mark restores health: maintenance margin \d/)
    expect(text).toMatch(/ {2}(buy|sell) \d/)
    expect(run('plan', example)).toMatch(/BTC +60000\.00 +\d+\.\d\d +none\n/)
  })

  it('answers in JSON', () => {
    const [found] = json('plan', example, '--lot', '0.1') as unknown as Record<string, unknown>[]
    expect(found).toMatchObject({
      ...{ model: 'pm2', closingTrades: { restoresHealth: true, trades: [] } },
      liquidationPrices: [
        { underlying: 'BTC', up: 'none' },
        { underlying: 'ETH', down: 'none' },
      ],
      largestSizes: [{ buy: { sizeE9: '300000000' } }, { buy: { sizeE9: '8800000000' } }],
    })
  })

  it('refuses an account that it would search for minutes', () => {
    const many = JSON.parse(readFileSync(options, 'utf8')) as { account: { options: object[] } }
    const [first] = many.account.options
    many.account.options = Array.from({ length: 251 }, (_, i) => ({ ...first, strike: 1_000 + i }))
    const path = join(folder, 'many.json')
    writeFileSync(path, JSON.stringify(many))
    expect(refusal('plan', path)).toMatch(/^cli-margin\/9: .*many\.json holds 25\d positions: .* at most 250/)
  })

  it('refuses a lot that is none', () => {
    expect(refusal('plan', example, '--lot', '0')).toMatch(/^cli-margin\/7: /)
    expect(refusal('plan', example, '--lot', '1e-3')).toMatch(/^cli-margin\/7: /)
  })
})

describe('a file that is none', () => {
  it('is told in a line', () => {
    const write = (name: string, text: string) => {
      writeFileSync(join(folder, name), text)
      return join(folder, name)
    }
    expect(refusal('evaluate', join(folder, 'absent'))).toMatch(
      /^cli-margin\/1: .*absent can't be read: there is no such file or folder$/,
    )
    expect(refusal('evaluate', folder)).toMatch(/can't be read: it is a folder, not a file$/)
    expect(refusal('evaluate', write('a.json', '{"a":'))).toMatch(
      /^cli-margin\/3: .*a\.json: margin\/81: not JSON/,
    )
    expect(refusal('evaluate', write('b.json', '{"a":1}'))).toMatch(/^cli-margin\/2: .*b\.json holds no case/)
    const broken = documented().replace('"spot": 60000', '"spot": -1')
    expect(refusal('evaluate', write('c.json', broken))).toMatch(
      /^cli-margin\/3: .*c\.json: margin\/80: .*spot/,
    )
  })
})
