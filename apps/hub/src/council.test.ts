// The emergency council, and lines that are paused or have lost something, on a hub whose stake votes.
import { Content } from '@causeway/protocol/causeway/governance/v1/governance'
import { QueryProposalRequest, QueryProposalResponse } from '@causeway/protocol/causeway/governance/v1/query'
import { MsgCouncilPause } from '@causeway/protocol/causeway/governance/v1/tx'
import { QueryMarketsRequest, QueryMarketsResponse } from '@causeway/protocol/causeway/markets/v1/query'
import type { JsonValue } from '@causeway/primitives'
import { describe, expect, it } from 'vitest'
import { brokenInvariants, exportState } from './block/inspect.ts'
import { ether } from './manipulations/arena.fixture.ts'
import { message } from './testing/messages.fixture.ts'
import { a, b, ballot, c, d, genesis, proposal, setUp } from './testing/staked-driver.fixture.ts'
import { E6, LINE, cashOf } from './testing/trading-hub.fixture.ts'
import { Wallet } from './testing/wallet.fixture.ts'

const HOURS_72 = 259_200n
const WEEK = 604_800n

/** Alice has 1,000 usdz, 600 of it cash; ETH has markets. */
function world() {
  const alice = new Wallet('alice')
  const state = genesis(alice) as { ledger: { balances: object[]; assets: object[] } }
  const { ledger } = state
  const foreign = { decimals: 6, native: false }
  const usdz = { holder: alice.address, denom: 'usdz', amount: `${1_000n * E6}` }
  const parts = {
    ledger: {
      ...ledger,
      assets: [...ledger.assets, { denom: 'usdz', ...foreign }, { denom: 'eth', ...foreign, decimals: 18 }],
      lines: [{ client: '07-tendermint-0', denom: LINE, asset: 'usdz', escrowed: `${1_000n * E6}` }],
      balances: [...ledger.balances, usdz],
    },
    oracle: {
      feeds: [
        { asset: '2', symbol: 'USDZ' },
        { asset: '3', symbol: 'ETH' },
      ],
    },
    cash: { assets: [{ asset: '2' }] },
    markets: { underlyings: [ether()] },
  }
  const set = setUp(parts as never)
  const { deliver, driver, ask, hub } = set
  driver.block()
  let votes = 0n
  /** What is refused before it is in a block: the sequence stays. */
  const refused = (wallet: Wallet, ...messages: Parameters<typeof deliver>[1][]) => {
    const code = deliver(wallet, ...messages)
    wallet.sequence--
    return code
  }
  const pass = (...contents: Content[]): string => {
    expect(deliver(a, proposal(contents))).toBe('0')
    votes += 1n
    expect(deliver(c, ballot(c, 1, votes))).toBe('0')
    driver.block(20n)
    driver.block(10n)
    const request = { id: votes }
    const path = 'governance.v1.Query/Proposal'
    return ask(path, QueryProposalRequest, QueryProposalResponse, request).proposal!.failure
  }
  const callMessage = ({ address }: Wallet, change: { line?: string; market?: bigint }) => ({
    typeUrl: '/causeway.governance.v1.MsgCouncilPause',
    value: MsgCouncilPause.encode(MsgCouncilPause.fromPartial({ member: address, ...change })).finish(),
  })
  const call = (wallet: Wallet, change: { line?: string; market?: bigint }) =>
    deliver(wallet, callMessage(wallet, change))
  const market = () => {
    const request = QueryMarketsRequest.fromPartial({})
    return ask('markets.v1.Query/Markets', QueryMarketsRequest, QueryMarketsResponse, request).markets[0]!
      .market!
  }
  const withdraw = (amount = 10n * E6) =>
    deliver(
      set.alice,
      message('causeway.cash.v1.MsgWithdraw', {
        holder: set.alice.address,
        line: LINE,
        amount: amount.toString(),
        receiver: 'zone1somebody',
      }),
    )
  return {
    ...set,
    refused,
    callMessage,
    pass,
    call,
    market,
    withdraw,
    broken: () => brokenInvariants(hub.chain),
  }
}

const sorted = (...wallets: Wallet[]) => wallets.map(({ id }) => id).sort((x, y) => Buffer.compare(x, y))
const council = (members: Uint8Array[], threshold: number): Content =>
  Content.fromPartial({ setCouncil: { members, threshold } })

describe('the council', () => {
  it('pauses a line for 72 hours when enough of it ask within a day, and no longer', () => {
    const { pass, call, withdraw, driver, broken } = world()
    expect(call(b, { line: LINE })).toBe('governance/40')
    expect(pass(council(sorted(b, c, d), 2))).toBe('')
    expect(call(a, { line: LINE })).toBe('governance/40')
    expect(call(b, { line: LINE })).toBe('0')
    expect(withdraw()).toBe('0')
    expect(call(b, { line: LINE })).toBe('governance/41')
    // A day later the first word is forgotten.
    driver.block(86_400n)
    expect(call(c, { line: LINE })).toBe('0')
    expect(withdraw()).toBe('0')
    expect(call(d, { line: LINE })).toBe('0')
    expect(withdraw()).toBe('cash/43')
    driver.block(HOURS_72 - 100n)
    expect(withdraw()).toBe('cash/43')
    // Not again, by its voucher or its path, until a week is over.
    expect(call(b, { line: LINE })).toBe('governance/42')
    driver.block(100n)
    expect(withdraw()).toBe('0')
    expect(call(b, { line: LINE })).toBe('governance/42')
    driver.block(WEEK)
    expect(call(b, { line: LINE })).toBe('0')
    expect(broken()).toEqual([])
  })

  it('pauses an open market, and no other: what a vote restricted stays so', () => {
    const { pass, call, market, driver, broken } = world()
    expect(pass(council([b.id], 1))).toBe('')
    const { id } = market()
    expect(call(b, { market: id })).toBe('0')
    expect(market()).toMatchObject({ status: 3, statusUntilSeconds: driver.timeSeconds + HOURS_72 })
    driver.block(HOURS_72 + 1n)
    expect(market().status).toBe(1)
    driver.block(WEEK)
    expect(pass(Content.fromPartial({ setMarketStatus: { market: id, status: 2, seconds: 0n } }))).toBe('')
    expect(call(b, { market: id })).toBe('markets/41')
    expect(market()).toMatchObject({ status: 2, statusUntilSeconds: 0n })
    expect(call(b, { market: 77n })).toBe('markets/1')
    expect(broken()).toEqual([])
  })

  it('names one thing, and one that there is', () => {
    const { pass, call, refused, callMessage } = world()
    expect(pass(council([b.id], 1))).toBe('')
    expect(refused(b, callMessage(b, {}))).toBe('governance/39')
    expect(refused(b, callMessage(b, { line: LINE, market: 1n }))).toBe('governance/39')
    expect(call(b, { line: 'transfer/07-tendermint-0/none' })).toBe('ledger/21')
  })

  it('is named by a vote alone: ascending, and as many as it takes; nobody ends it', () => {
    const { pass, call, refused } = world()
    const [first, second] = sorted(b, c)
    const bad: [Uint8Array[], number][] = [
      [[first!], 0],
      [[first!], 2],
      [[second!, first!], 1],
      [[first!, first!], 1],
      [[first!.slice(1)], 1],
      [[], 1],
      [Array.from({ length: 17 }, (_, i) => new Uint8Array(20).fill(i)), 1],
    ]
    for (const [members, threshold] of bad)
      expect(refused(a, proposal([council(members, threshold)]))).toBe('governance/38')
    expect(pass(council([first!, second!], 2))).toBe('')
    expect(call(b, { line: LINE })).toBe('0')
    expect(pass(council([], 0))).toBe('')
    expect(call(c, { line: LINE })).toBe('governance/40')
  })

  it('is exported with what it has asked for', () => {
    const { pass, call, hub, broken } = world()
    expect(pass(council(sorted(b, c), 2))).toBe('')
    expect(call(b, { line: LINE })).toBe('0')
    const exported = exportState(hub.chain) as Record<string, JsonValue>
    const copy = setUp(exported)
    const again = (exportState(copy.hub.chain) as Record<string, JsonValue>)['governance']
    expect(again).toEqual(exported['governance'])
    expect(exported['governance']).toMatchObject({ calls: [{ subject: LINE }] })
    expect(broken()).toEqual([])
  })
})

describe('a vote', () => {
  it('pauses a line and ends the pause; a council’s does not shorten it', () => {
    const { pass, call, withdraw, driver, hub, deliver } = world()
    const pause = (seconds: bigint) => Content.fromPartial({ pauseLine: { line: LINE, seconds } })
    expect(pass(council([b.id], 1), pause(2_000_000n))).toBe('')
    expect(withdraw()).toBe('cash/43')
    expect(call(b, { line: LINE })).toBe('0')
    driver.block(HOURS_72 * 2n)
    expect(withdraw()).toBe('cash/43')
    const { ledger } = exportState(hub.chain) as unknown as {
      ledger: { lines: { pausedUntilSeconds?: string }[] }
    }
    expect(BigInt(ledger.lines[0]!.pausedUntilSeconds!)).toBeGreaterThan(driver.timeSeconds)
    expect(pass(pause(0n))).toBe('')
    expect(withdraw()).toBe('0')
    expect(deliver(a, proposal([pause(31_536_001n)]))).toBe('ledger/27')
  })

  it('writes off what a line has lost', () => {
    const { pass, alice, deliver, refused, driver, broken, hub } = world()
    const convert = { holder: alice.address, denom: 'usdz', amount: `${600n * E6}` }
    expect(deliver(alice, message('causeway.cash.v1.MsgConvert', convert))).toBe('0')
    const before = cashOf(driver, alice.address)
    const loss = (amount: bigint) =>
      Content.fromPartial({ writeOffLine: { line: LINE, amount: amount.toString() } })
    expect(deliver(a, proposal([loss(601n * E6)]))).toBe('cash/24')
    const negative = Content.fromPartial({ writeOffLine: { line: LINE, amount: '-1' } })
    expect(refused(a, proposal([negative]))).toBe('primitives/5')
    expect(pass(loss(150n * E6))).toBe('')
    // A quarter of all cash; the 400 that are no cash stay whole.
    expect(cashOf(driver, alice.address)).toBeLessThanOrEqual((before * 3n) / 4n + 1n)
    expect(cashOf(driver, alice.address)).toBeGreaterThan((before * 3n) / 4n - 10n)
    const { ledger } = exportState(hub.chain) as unknown as { ledger: { lines: { escrowed: string }[] } }
    expect(ledger.lines[0]!.escrowed).toBe(`${850n * E6}`)
    expect(broken()).toEqual([])
  })
})
