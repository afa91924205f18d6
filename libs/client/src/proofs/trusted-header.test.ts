// Trust over validators that all change, from a node that is honest, and from one that lies at any step.
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { GENESIS_NANOSECONDS, equalSet } from '../../../light-clients/src/tendermint/example-chain.fixture.ts'
import { isClientError } from '../errors.ts'
import { httpRpc } from '../rpc/json-rpc.ts'
import { CHAIN_ID, blockJson, startChangingNode } from '../testing/changing-node.fixture.ts'
import type { Answer, ChangingNode } from '../testing/changing-node.fixture.ts'
import { createHub, systemClock } from '../transactions/hub.ts'
import { verifyUpTo } from './trusted-header.ts'

const LAST = 40n
const DAY_MS = 86_400_000
let node: ChangingNode
beforeAll(async () => void (node = await startChangingNode(LAST)))
afterAll(() => node.stop())
afterEach(() => {
  node.lie = (_, answer) => answer
  node.asked.length = 0
})

const hubAt = (milliseconds: number) =>
  createHub(httpRpc(node.url), CHAIN_ID, {
    ...systemClock,
    now: () => Number(GENESIS_NANOSECONDS / 1_000_000n) + milliseconds,
  })
/** The hash that trust reaches, or how it is refused. */
const reach = async (from: bigint, to: bigint, milliseconds = 100_000, periodSeconds?: number) =>
  await verifyUpTo(
    hubAt(milliseconds),
    {
      height: `${from}`,
      hash: node.hash(from),
      ...(periodSeconds === undefined ? {} : { periodSeconds }),
    },
    to,
  ).then(
    ({ trust }) => trust.hash,
    (error: unknown) => {
      if (!isClientError(error)) throw error
      return `${error.codespace}/${error.code}`
    },
  )

describe('trust', () => {
  it('reaches a header whose validators are all others, by headers in between', async () => {
    expect(await reach(1n, LAST)).toBe(node.hash(LAST))
    const heights = node.asked
      .filter((each) => each.startsWith('commit'))
      .map((each) => Number(each.slice(7)))
    // More than the ends, and fewer than all.
    expect(new Set(heights).size).toBeGreaterThan(4)
    expect(new Set(heights).size).toBeLessThan(Number(LAST))
  })

  it('goes from any header to any later one, and stays where it is', async () => {
    for (const [from, to] of [
      [1n, 2n],
      [2n, 3n],
      [5n, 23n],
      [17n, 18n],
      [30n, LAST],
      [LAST, LAST],
    ] as const) {
      expect(await reach(from, to)).toBe(node.hash(to))
    }
  })

  it('does not go back, nor to what is not there', async () => {
    expect(await reach(3n, 2n)).toBe('client/20')
    expect(await reach(3n, LAST + 1n)).toBe('client/62')
    expect(await reach(LAST + 1n, LAST + 2n)).toBe('client/62')
  })

  it('ends with its period, and takes no headers from the future, by a clock a day off', async () => {
    expect(await reach(1n, LAST, 100_000, 98)).toBe('client/61')
    expect(await reach(1n, LAST, 100_000, 100)).toBe(node.hash(LAST))
    expect(await reach(1n, LAST, -DAY_MS)).toBe('client/61')
    expect(await reach(1n, LAST, DAY_MS)).toBe(node.hash(LAST))
    expect(await reach(1n, LAST, 15 * DAY_MS)).toBe('client/61')
  })
})

const strangers = () => equalSet(4, 1n, 100)
const validatorLies: [string, (answer: Answer) => unknown][] = [
  ['more power', (answer) => ((answer.validators[0].voting_power = '1000'), answer)],
  ['one fewer', (answer) => ({ ...answer, validators: answer.validators.slice(1), total: '3' })],
  ['none', () => ({ validators: [], total: '0' })],
  ['one twice', (answer) => ({ total: '5', validators: [...answer.validators, answer.validators[0]] })],
  ['power beyond all bounds', (answer) => power(answer, '9999999999999999999')],
  ['power at the bound', (answer) => power(answer, '9223372036854775807')],
  ['no power', (answer) => power(answer, '0')],
  ['a key that is too short', (answer) => ((answer.validators[0].pub_key.value = 'AAAA'), answer)],
  ['a key of another type', (answer) => ((answer.validators[0].pub_key.type = 'x'), answer)],
  ['too many', (answer) => ({ ...answer, total: '10001' })],
]
const power = (answer: Answer, text: string) => {
  for (const each of answer.validators) each.voting_power = text
  return answer
}
const headerLies: [string, (answer: Answer, height: bigint) => unknown][] = [
  ['the header of strangers', (_, height) => blockJson(height, strangers)],
  ['the next header', (_, height) => blockJson(height + 1n)],
  ['the header before', (_, height) => blockJson(height > 1n ? height - 1n : 1n)],
  ['another chain', (_, height) => blockJson(height, undefined, { chainId: 'zone-2' })],
  [
    'a header of tomorrow',
    (_, height) => blockJson(height, undefined, { time: { seconds: 1_700_090_000n, nanos: 0 } }),
  ],
  [
    'a header of yesterday',
    (_, height) => blockJson(height, undefined, { time: { seconds: 1_699_990_000n, nanos: 0 } }),
  ],
  ['another app hash', (answer) => ((answer.signed_header.header.app_hash = '00'.repeat(32)), answer)],
  ['no signatures', (answer) => ((answer.signed_header.commit.signatures = []), answer)],
  ['absent signatures', (answer) => (flags(answer, 1), answer)],
  ['votes for nothing', (answer) => (flags(answer, 3), answer)],
  ['unknown flags', (answer) => (flags(answer, 7), answer)],
  ['a wrong signature', (answer) => (sign(answer, 'A'.repeat(86) + '=='), answer)],
  ['a short signature', (answer) => (sign(answer, 'AAAA'), answer)],
]
const flags = (answer: Answer, flag: number) => {
  for (const each of answer.signed_header.commit.signatures) each.block_id_flag = flag
}
const sign = (answer: Answer, text: string) => {
  for (const each of answer.signed_header.commit.signatures) each.signature = text
}

describe('a node that lies', () => {
  const [FROM, TO] = [2n, 20n]
  /** Every question of an honest run. */
  const questions = async (method: string) => {
    node.asked.length = 0
    expect(await reach(FROM, TO)).toBe(node.hash(TO))
    return [...new Set(node.asked)].filter((each) => each.startsWith(method))
  }
  // A lie may send trust another way round; it never ends at another header.
  const lied = async (asked: string, lie: (answer: Answer, height: bigint) => unknown, from = FROM) => {
    node.lie = (each, answer) => (each === asked ? lie(answer, BigInt(asked.split(' ')[1]!)) : answer)
    const outcome = await reach(from, TO)
    node.lie = (_, answer) => answer
    expect([node.hash(TO), 'client/61', 'client/2', 'client/62']).toContain(outcome)
    return outcome
  }

  it.each(validatorLies)('about validators, %s, is found out at each step', async (_what, lie) => {
    for (const asked of await questions('validators')) await lied(asked, lie)
    expect(await lied(`validators ${TO}`, lie)).not.toBe(node.hash(TO))
    expect(await lied(`validators ${FROM + 1n}`, lie)).not.toBe(node.hash(TO))
  })

  it.each(headerLies)('about headers, %s, is found out at each step', async (_what, lie) => {
    for (const asked of await questions('commit')) await lied(asked, lie)
    expect(await lied(`commit ${TO}`, lie)).not.toBe(node.hash(TO))
  })

  it('in any member of a header, by anything, throws nothing but errors of this package', async () => {
    const values = ['', 'x', '-1', '00', '9'.repeat(19), '9'.repeat(40), 0, -1, 1e300, null, {}, [], [null]]
    const paths = leaves(blockJson(TO)).filter(
      (path) => !path.includes('signatures.') || path.includes('.0.'),
    )
    for (const [i, path] of paths.entries()) {
      for (const value of values.filter((_, at) => (at + i) % 4 === 0)) {
        const lie = (answer: Answer) => replaced(answer, path, value)
        await lied(`commit ${TO}`, lie, TO - 1n)
        // What is trusted has a hash.
        await lied(`commit ${TO - 1n}`, lie, TO - 1n)
      }
    }
  })
})

/** Paths of everything in a JSON value. */
function leaves(value: unknown, at = ''): string[] {
  if (typeof value !== 'object' || value === null) return [at]
  const below = Object.entries(value).flatMap(([name, each]) =>
    leaves(each, at === '' ? name : `${at}.${name}`),
  )
  return at === '' ? below : [at, ...below]
}

function replaced(answer: Answer, path: string, value: unknown): unknown {
  const names = path.split('.')
  const last = names.pop()!
  names.reduce((each, name) => each[name], answer)[last] = value
  return answer
}
