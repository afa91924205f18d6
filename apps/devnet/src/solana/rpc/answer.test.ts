import { SystemProgram } from '@solana/web3.js'
import { beforeAll, describe, expect, it } from 'vitest'
import { createWasmLatticeXof, toBase58 } from '@causeway/light-clients'
import type { LatticeXof } from '@causeway/light-clients'
import { Cluster } from '../cluster/cluster.ts'
import { OWNER, exampleKeypair, exampleOptions, ownersTransaction } from '../programs.fixture.ts'
import { answerText } from './answer.ts'

let xof: LatticeXof
beforeAll(async () => {
  xof = await createWasmLatticeXof()
})

const RECEIVER = exampleKeypair('receiver of answers').publicKey
const VALID = RECEIVER.toBase58()

interface Answer {
  readonly result?: unknown
  readonly error?: { code: number; message: string; data?: unknown }
}

function start() {
  const cluster = new Cluster(exampleOptions({ programs: [], rootDepth: 4 }), xof)
  for (let i = 0; i < 8; i++) cluster.advance()
  const ask = (method: string, ...params: unknown[]) =>
    JSON.parse(answerText(cluster, JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }))) as Answer
  const payment = (lamports: number) =>
    ownersTransaction(
      [SystemProgram.transfer({ fromPubkey: OWNER.publicKey, toPubkey: RECEIVER, lamports })],
      toBase58(cluster.head.blockhash),
    )
  const send = (wire: Uint8Array, options = {}) =>
    ask('sendTransaction', Buffer.from(wire).toString('base64'), { encoding: 'base64', ...options })
  return { cluster, ask, payment, send }
}

let resting: ReturnType<typeof start>
beforeAll(() => {
  resting = start()
})

describe('a request', () => {
  it.each([
    ['no JSON', '{', -32_700],
    ['another version', '{"jsonrpc":"1.0","id":1,"method":"getSlot"}', -32_600],
    ['no method', '{"jsonrpc":"2.0","id":1}', -32_600],
    ['an id that is none', '{"jsonrpc":"2.0","id":{},"method":"getSlot"}', -32_600],
    ['parameters by name', '{"jsonrpc":"2.0","id":1,"method":"getSlot","params":{}}', -32_600],
    ['no batch', '[]', -32_600],
    ['a long batch', JSON.stringify(new Array(101).fill({})), -32_600],
    ['an unknown method', '{"jsonrpc":"2.0","id":1,"method":"getGold"}', -32_601],
    ["a property of JavaScript's own", '{"jsonrpc":"2.0","id":1,"method":"constructor"}', -32_601],
  ])('is refused: %s', (_, text, code) => {
    expect(JSON.parse(answerText(resting.cluster, text))).toMatchObject({ error: { code } })
  })

  it.each([
    ['getBalance', ['short']],
    ['getBalance', [VALID.repeat(50)]],
    ['getBalance', [VALID, { commitment: 'maybe' }]],
    ['getBalance', [VALID, 'confirmed']],
    ['getMultipleAccounts', [new Array(101).fill(VALID)]],
    ['getMultipleAccounts', ['no list']],
    ['getAccountInfo', [VALID, { encoding: 'base1' }]],
    ['getProgramAccounts', [VALID, { filters: new Array(5).fill({ dataSize: 1 }) }]],
    ['getProgramAccounts', [VALID, { filters: [{ memcmp: { offset: -1, bytes: '1' } }] }]],
    ['getProgramAccounts', [VALID, { filters: [{ memcmp: { offset: 0, bytes: '0' } }] }]],
    ['getProgramAccounts', [VALID, { filters: [{ other: 1 }] }]],
    ['getSignatureStatuses', [new Array(257).fill('1')]],
    ['getSignaturesForAddress', [VALID, { limit: 1_001 }]],
    ['getSignaturesForAddress', [VALID, { commitment: 'processed' }]],
    ['getTransaction', [VALID]],
    ['getBlock', ['5']],
    ['getBlock', [1.5]],
    ['getTokenAccountBalance', [VALID]],
    ['getTokenAccountsByOwner', [VALID, { programId: VALID }]],
    ['getMinimumBalanceForRentExemption', [-1]],
    ['sendTransaction', ['AAAA', { encoding: 'base64' }]],
    ['sendTransaction', ['A'.repeat(1_648), { encoding: 'base64' }]],
    ['sendTransaction', ['A*==', { encoding: 'base64' }]],
    ['sendTransaction', [undefined]],
    ['simulateTransaction', ['AAAA', { encoding: 'base64', sigVerify: true, replaceRecentBlockhash: true }]],
    ['getFeeForMessage', ['/w==']],
    ['requestAirdrop', [VALID, 1e18]],
  ])('is refused: %s of %j', (method, params) => {
    const { ask } = resting
    expect(ask(method, ...params).error?.code).toBe(-32_602)
  })

  it('of several is answered one by one, and bad ones among them refused', () => {
    const { cluster } = start()
    const one = { jsonrpc: '2.0', id: 'a', method: 'getHealth' }
    expect(JSON.parse(answerText(cluster, JSON.stringify([one, 5])))).toMatchObject([
      { id: 'a', result: 'ok' },
      { id: null, error: { code: -32_600 } },
    ])
  })
})

describe('numbers', () => {
  it('beyond those that JavaScript has are written whole', () => {
    const { cluster } = start()
    const lamports = 500_000_000_000_000_000n
    const request = { jsonrpc: '2.0', id: 1, method: 'getBalance' }
    const faucet = [...cluster.state.accounts].find(([, account]) => account.lamports === lamports)!
    const params = [toBase58(Uint8Array.from(Buffer.from(faucet[0], 'hex')))]
    expect(answerText(cluster, JSON.stringify({ ...request, params }))).toContain(`"value":${lamports}}`)
  })
})

describe('a commitment', () => {
  it('is honoured by slots, statuses, transactions and accounts', () => {
    const { cluster, ask, payment, send } = start()
    const signature = send(payment(1_000_000)).result as string
    const view = () => ({
      status: (ask('getSignatureStatuses', [signature]).result as { value: [{ confirmationStatus: string }] })
        .value[0].confirmationStatus,
      transactions: ['confirmed', 'finalized'].map(
        (commitment) => ask('getTransaction', signature, { commitment }).result !== null,
      ),
      listed: ['confirmed', 'finalized'].map(
        (commitment) => (ask('getSignaturesForAddress', VALID, { commitment }).result as unknown[]).length,
      ),
      balances: ['processed', 'confirmed', 'finalized'].map(
        (commitment) => (ask('getBalance', VALID, { commitment }).result as { value: number }).value,
      ),
    })
    const [no, yes] = [0, 1_000_000]
    expect(view()).toEqual({
      status: 'processed',
      transactions: [false, false],
      listed: [0, 0],
      balances: [yes, no, no],
    })
    cluster.advance()
    expect(view()).toEqual({
      status: 'confirmed',
      transactions: [true, false],
      listed: [1, 0],
      balances: [yes, yes, no],
    })
    for (let i = 0; i < 4; i++) cluster.advance()
    expect(view()).toEqual({
      status: 'finalized',
      transactions: [true, true],
      listed: [1, 1],
      balances: [yes, yes, yes],
    })
    const slots = ['processed', 'confirmed', 'finalized'].map(
      (commitment) => ask('getSlot', { commitment }).result as number,
    )
    expect(slots).toEqual([14, 13, 9])
  })

  it('may be asked for at a slot at least', () => {
    const { ask } = start()
    expect(ask('getSlot', { minContextSlot: 5_000 }).error).toMatchObject({
      code: -32_016,
      data: { contextSlot: 4 },
    })
  })
})

describe('a transaction', () => {
  it('that fails is told by preflight with its logs', () => {
    const { send, payment } = start()
    expect(send(payment(10 ** 15)).error).toMatchObject({
      code: -32_002,
      message: 'Transaction simulation failed: Error processing Instruction 0: custom program error: 0x1',
      data: { err: { InstructionError: [0, { Custom: 1 }] }, unitsConsumed: 150 },
    })
  })

  it('whose signature is none is refused by name; without preflight it is dropped', () => {
    const { cluster, send, payment } = start()
    const wire = payment(1_000_000)
    const forged = wire.with(20, wire[20]! ^ 1)
    expect(send(forged).error?.code).toBe(-32_003)
    expect(send(forged, { skipPreflight: true }).result).toEqual(expect.any(String))
    expect(cluster.open.transactions.every(({ isVote }) => isVote)).toBe(true)
  })

  it('is taken once, and not with an old blockhash', () => {
    const { cluster, send, payment } = start()
    const [wire, old] = [payment(1_000_000), payment(2_000_000)]
    expect(send(wire).error).toBeUndefined()
    expect(send(wire).error).toMatchObject({ code: -32_002, data: { err: 'AlreadyProcessed' } })
    for (let i = 0; i < 151; i++) cluster.advance()
    expect(send(old).error).toMatchObject({ code: -32_002, data: { err: 'BlockhashNotFound' } })
  })

  it('is simulated without a trace', () => {
    const { cluster, ask, payment } = start()
    const wire = Buffer.from(payment(1_000_000))
    for (let i = 0; i < 151; i++) cluster.advance()
    const text = wire.toString('base64')
    const accounts = { addresses: [VALID], encoding: 'base64' }
    const options = { encoding: 'base64', accounts }
    expect(ask('simulateTransaction', text, options).result).toMatchObject({
      value: { err: 'BlockhashNotFound' },
    })
    const replaced = ask('simulateTransaction', text, { ...options, replaceRecentBlockhash: true })
    expect(replaced.result).toMatchObject({
      value: {
        err: null,
        fee: 5_000,
        accounts: [{ lamports: 1_000_000 }],
        replacementBlockhash: { blockhash: toBase58(cluster.head.blockhash) },
      },
    })
    expect(cluster.state.account(RECEIVER.toBytes())).toBeUndefined()
  })

  it('in a slot that was skipped can not be asked for', () => {
    const { cluster, ask } = start()
    cluster.skip()
    for (let i = 0; i < 8; i++) cluster.advance()
    expect(ask('getBlock', 10).error?.code).toBe(-32_007)
    expect(ask('getBlocks', 8, 12, { commitment: 'confirmed' }).result).toEqual([8, 9, 11, 12])
    expect(ask('getBlock', 11).result).toMatchObject({ parentSlot: 9, blockHeight: 10 })
  })
})
