import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { isMarginError } from '../errors.ts'
import { evaluate } from '../requirement/evaluate.ts'
import { differences } from './differences.ts'
import { readCausewayCase } from './causeway-case.ts'
import { parseExactJson } from './exact-number.ts'
import { readMarginCases } from './read-margin-cases.ts'

const page = readFileSync(new URL('../../../../docs/margin.md', import.meta.url), 'utf8')
const [, example = ''] = /```json\n([^]*?)```/.exec(page) ?? []

function refusalOf(change: (file: Record<string, unknown>) => void): string {
  const file = JSON.parse(example) as Record<string, unknown>
  change(file)
  try {
    const { model, snapshot, account } = readCausewayCase(parseExactJson(JSON.stringify(file)), 'case')
    evaluate(model, snapshot, account)
    return ''
  } catch (error) {
    if (!isMarginError(error)) throw error
    return error.message
  }
}

describe('the worked example of docs/margin.md', () => {
  it('comes out as the page says', () => {
    const [unread, ...more] = readMarginCases(example, 'docs/margin.md') ?? []
    expect(more).toEqual([])
    if (unread?.format !== 'causeway-margin/1') throw new Error('the page has no case of our own')
    const { model, snapshot, account, expected } = unread.read()
    const requirement = evaluate(model, snapshot, account)
    expect(differences(requirement, expected)).toEqual([])
    expect(requirement.worst).toBeCloseTo(-1_080, 9)
    expect(requirement.groups[0]).toMatchObject({ underlyings: ['BTC', 'ETH'], lambda: 0.5 })
    expect(requirement.groups[0]!.apart).toBeCloseTo(-2_160, 9)
    expect(requirement.maintenanceCharges).toMatchObject({
      linear: 360,
      collateral: expect.closeTo(99.9, 9) as number,
    })
    expect(requirement.initialCharges.linear).toBeCloseTo(480, 9)
    expect(requirement.initialCharges.collateral).toBeCloseTo(149.85, 9)
  })

  it('JSON.parse reads it as well', () => {
    const { model, snapshot, account, expected } = readCausewayCase(JSON.parse(example), 'example')
    expect(differences(evaluate(model, snapshot, account), expected)).toEqual([])
  })
})

describe('causeway-margin/1 refuses', () => {
  it('what is missing, unknown or of another kind, with its path', () => {
    expect(refusalOf((file) => delete file.account)).toBe('case.account: a value is expected, not nothing')
    expect(refusalOf((file) => (file.spare = 1))).toContain('case.spare: no other member than format, market')
    expect(refusalOf((file) => (file.model = 'pm9'))).toContain('no preset pm9: one of pm2, pm1')
    expect(refusalOf((file) => (file.account = { cash: '5' }))).toBe(
      'case.account.cash: a number is expected, not "5"',
    )
    expect(refusalOf((file) => (file.account = { cash: 5, perps: [{}] }))).toContain(
      'case.account.perps[0].underlying',
    )
    expect(refusalOf((file) => (file.market = { timeSeconds: 0 }))).toContain('case.market.underlyings')
  })

  it('an expiry without a forward', () => {
    const expiry = (members: object) => (file: Record<string, unknown>) => {
      file.account = { cash: 0 }
      const underlying = { name: 'ETH', spot: 1, expiries: [{ expirySeconds: 900, ...members }] }
      file.market = { timeSeconds: 0, underlyings: [underlying] }
    }
    expect(refusalOf(expiry({}))).toContain('forward: a number is expected')
    expect(refusalOf(expiry({ forward: 1 }))).toBe('')
    expect(refusalOf(expiry({ forwardVariable: 1 }))).toBe('')
    expect(refusalOf(expiry({ forward: 0 }))).toContain('forward is not positive')
  })

  it('a forward under 30 minutes from expiry is split', () => {
    const file = JSON.parse(example) as { market: { underlyings: object[] } }
    file.market.underlyings[0] = {
      name: 'BTC',
      spot: 1,
      perp: { price: 1 },
      expiries: [{ expirySeconds: 450, forward: 100 }],
    }
    const { snapshot } = readCausewayCase(file, 'case')
    expect(snapshot.underlyings[0]!.expiries[0]).toMatchObject({ forwardFixed: 75, forwardVariable: 25 })
  })
})

describe('files of no known format', () => {
  it('are told apart from broken ones', () => {
    for (const text of [
      '{}',
      '[]',
      'null',
      '5',
      '{"a": 1}',
      '{"a": {"Scenario": {}}}',
      '[{"format": "causeway-margin/1"}]',
    ])
      expect(readMarginCases(text, 'x'), text).toBeUndefined()
    expect(() => readMarginCases('{', 'x')).toThrow('not JSON')
    const [unread] = readMarginCases('{"format": "causeway-margin/1"}', 'x') ?? []
    expect(() => unread?.read()).toThrow('x.model')
  })
})
