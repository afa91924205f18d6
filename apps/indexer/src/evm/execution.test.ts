// Headers and receipts as a real execution client serves them.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { fromHex } from '@causeway/primitives'
import { EndpointError } from '../follow/endpoint-error.ts'
import { LOGGER, SENDER, send, startAnvil, type Anvil } from './anvil.fixture.ts'
import { mayHaveLogsOf, readExecutionHeader } from './execution-header.ts'
import { readReceipts } from './receipts.ts'

type Json = Record<string, unknown>

const logger = fromHex(LOGGER.address.slice(2))
let anvil: Anvil
let [empty, full]: Json[] = []
let receipts: Json[] = []

beforeAll(async () => {
  anvil = await startAnvil('--no-mining', '--order', 'fifo')
  await mine()
  empty = await block('latest')
  await send(anvil, { data: LOGGER.creation, gas: '0x100000' })
  await mine()
  await send(anvil, { to: LOGGER.address, data: `0x${'11'.repeat(32)}`, gas: '0x20000' })
  await send(anvil, { to: LOGGER.address, gas: '0x20000', gasPrice: '0xb2d05e00' })
  await send(anvil, { to: SENDER, value: '0x1', gas: '0x20000', accessList: [], gasPrice: '0xb2d05e00' })
  // Runs out of gas: a receipt of failure, without logs.
  await send(anvil, { to: LOGGER.address, data: `0x${'22'.repeat(32)}`, gas: '0x5800' })
  await mine()
  full = await block('latest')
  receipts = (await anvil.call('eth_getBlockReceipts', [full.number])) as Json[]
})

afterAll(() => anvil.stop())

async function mine(): Promise<void> {
  await anvil.call('anvil_mine', [])
}

async function block(number: string): Promise<Json> {
  return (await anvil.call('eth_getBlockByNumber', [number, false])) as Json
}

function kindOf(run: () => unknown): string {
  try {
    run()
    return 'read'
  } catch (error) {
    if (error instanceof EndpointError) return error.kind
    throw error
  }
}

describe('an execution header', () => {
  it('hashes to its hash', () => {
    const header = readExecutionHeader(full)
    expect(header.number).toBe(3n)
    expect(`0x${Buffer.from(header.hash).toString('hex')}`).toBe(full!.hash)
    expect(readExecutionHeader(empty).number).toBe(1n)
  })

  it('of the networks is read too', () => {
    // Ethereum's first block: before every fork. Its base fee is missing, so this reader, which begins with
    // London, refuses it.
    expect(kindOf(() => readExecutionHeader({ ...full, baseFeePerGas: undefined }))).toBe('malformed')
  })

  it.each([
    ['parentHash', `0x${'00'.repeat(32)}`],
    ['receiptsRoot', `0x${'00'.repeat(32)}`],
    ['logsBloom', `0x${'00'.repeat(256)}`],
    ['timestamp', '0x1'],
    ['gasUsed', '0x1'],
    ['extraData', '0x01'],
    ['withdrawalsRoot', undefined],
    ['requestsHash', null],
    ['blobGasUsed', '0x1'],
  ])('with another %s is a lie', (member, value) => {
    expect(kindOf(() => readExecutionHeader({ ...full, [member]: value }))).toBe('wrong-header')
  })

  it.each([
    ['number', '12'],
    ['number', 12],
    ['timestamp', `0x${'f'.repeat(65)}`],
    ['parentHash', '0x00'],
    ['stateRoot', `0x${'0g'.repeat(32)}`],
    ['logsBloom', undefined],
    ['extraData', `0x${'00'.repeat(33)}`],
  ])('with a malformed %s is refused', (member, value) => {
    expect(kindOf(() => readExecutionHeader({ ...full, [member]: value }))).toBe('malformed')
  })

  it.each([undefined, null, 'block', [], 7])('is not %j', (answer) => {
    expect(kindOf(() => readExecutionHeader(answer))).toBe('malformed')
  })

  it('tells by its bloom filter who may have logged', () => {
    expect(mayHaveLogsOf(readExecutionHeader(full), logger)).toBe(true)
    expect(mayHaveLogsOf(readExecutionHeader(empty), logger)).toBe(false)
    expect(mayHaveLogsOf(readExecutionHeader(full), fromHex(SENDER.slice(2)))).toBe(false)
  })
})

describe('receipts', () => {
  it('are those of the block: of each type, successful and failed', () => {
    const read = readReceipts(receipts, readExecutionHeader(full))
    expect(receipts.map(({ type }) => type)).toEqual(['0x2', '0x0', '0x1', '0x2'])
    expect(read.map(({ isSuccess }) => isSuccess)).toEqual([true, true, true, false])
    expect(read.map(({ logs }) => logs.length)).toEqual([1, 1, 0, 0])
    expect(read[0]!.logs[0]).toEqual({
      address: logger,
      topics: [fromHex(`${'00'.repeat(31)}2a`)],
      data: fromHex('11'.repeat(32)),
    })
    expect(`0x${Buffer.from(read[0]!.from).toString('hex')}`).toBe(SENDER)
    expect(readReceipts([], readExecutionHeader(empty))).toEqual([])
  })

  it.each<[string, (list: Json[]) => unknown]>([
    ['one left out', (list) => list.slice(0, -1)],
    ['two exchanged', ([a, b, ...rest]) => [b, a, ...rest]],
    ['one twice', (list) => [...list, list.at(-1)]],
    ['none', () => []],
    ['another status', ([first, ...rest]) => [{ ...first, status: '0x0' }, ...rest]],
    ['another type', ([first, ...rest]) => [{ ...first, type: '0x3' }, ...rest]],
    ['no log', ([first, ...rest]) => [{ ...first, logs: [] }, ...rest]],
    [
      'a log of somebody else',
      ([first, ...rest]) => [{ ...first, logs: [forged(first!, { address: SENDER })] }, ...rest],
    ],
    ['other data', ([first, ...rest]) => [{ ...first, logs: [forged(first!, { data: '0x' })] }, ...rest]],
    ['other topics', ([first, ...rest]) => [{ ...first, logs: [forged(first!, { topics: [] })] }, ...rest]],
  ])('with %s are a lie', (_, change) => {
    expect(kindOf(() => readReceipts(change(receipts), readExecutionHeader(full)))).toBe('wrong-results')
  })

  it.each<[string, unknown]>([
    ['no list', {}],
    ['no receipt', [null]],
    [
      'five topics',
      [{ logs: [{ address: SENDER, topics: Array(5).fill(`0x${'00'.repeat(32)}`), data: '0x' }] }],
    ],
    ['a short topic', [{ logs: [{ address: SENDER, topics: ['0x00'], data: '0x' }] }]],
  ])('that are malformed are refused: %s', (_, answer) => {
    const list = Array.isArray(answer) && answer[0] !== null ? [{ ...receipts[0], ...answer[0] }] : answer
    expect(kindOf(() => readReceipts(list, readExecutionHeader(full)))).toBe('malformed')
  })
})

function forged(receipt: Json, change: Json): Json {
  return { ...(receipt.logs as Json[])[0], ...change }
}
