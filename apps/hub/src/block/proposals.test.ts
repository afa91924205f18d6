// A proposer may be anybody's: what it hands over is judged by bytes and committed state alone.
import { utf8 } from '@causeway/primitives'
import {
  ExtendedCommitInfo,
  ResponseProcessProposal_ProposalStatus as Status,
} from '@causeway/protocol/tendermint/abci/types'
import type { RequestProcessProposal } from '@causeway/protocol/tendermint/abci/types'
import { MsgRecvPacket } from '@causeway/protocol/ibc/core/channel/v2/tx'
import { AssertionError, isProtocolError } from '@causeway/primitives'
import type { ProtocolError } from '@causeway/primitives'
import { describe, expect, it } from 'vitest'
import { commitOf, extendedCommit } from '../testing/validators.fixture.ts'
import { codeOf } from '../testing/refusal.fixture.ts'
import { testHub } from '../testing/hub.fixture.ts'
import { Wallet, send } from '../testing/wallet.fixture.ts'
import type { SignOptions } from '../testing/wallet.fixture.ts'

const NONE = new Uint8Array(0)

function setUp(count = 3) {
  const wallets = Array.from({ length: count }, (_, i) => new Wallet(`w${i}`))
  const refused: [bigint, ProtocolError][] = []
  const made = testHub(wallets, { onProposalRefused: (height, reason) => refused.push([height, reason]) })
  const { driver, hub } = made
  driver.block()
  const zero = ExtendedCommitInfo.encode(driver.lastCommit).finish()
  const judge = (txs: readonly Uint8Array[], changes: Partial<RequestProcessProposal> = {}): string => {
    const { hash: _, decidedLastCommit, ...request } = driver.proposal([])
    const { status } = hub.processProposal({
      ...request,
      hash: NONE,
      proposedLastCommit: decidedLastCommit,
      txs: [...txs],
      ...changes,
    })
    if (status === Status.ACCEPT) return 'accepted'
    return codeOf(refused.at(-1)![1])
  }
  const pay = (wallet: Wallet, options: SignOptions = {}) =>
    wallet.sign([send(wallet.address, wallets[0]!.address, '1')], options)
  const receive = (wallet: Wallet, options: SignOptions = {}) => {
    const value = MsgRecvPacket.encode({ ...MsgRecvPacket.fromPartial({}), signer: wallet.address }).finish()
    return wallet.sign([{ typeUrl: '/ibc.core.channel.v2.MsgRecvPacket', value }], options)
  }
  return { ...made, wallets, zero, judge, pay, receive, refused }
}

describe('a proposal', () => {
  it('of an honest proposer is accepted, and what nobody else refused is executed', () => {
    const { driver, wallets, pay, receive, judge, zero } = setUp()
    expect(judge([zero])).toBe('accepted')
    expect(judge([zero, receive(wallets[0]!), pay(wallets[1]!), pay(wallets[2]!)])).toBe('accepted')
    expect(driver.height).toBe(1n)
  })

  it('without transaction 0 is refused', () => {
    const { judge, pay, wallets } = setUp()
    expect(judge([])).toBe('block/1')
    expect(judge([pay(wallets[0]!)])).toBe('block/2')
  })

  it('with transaction 0 in another place, or twice, is refused', () => {
    const { judge, pay, wallets, zero } = setUp()
    expect(judge([pay(wallets[0]!), zero])).toBe('block/2')
    expect(judge([zero, zero])).toBe('block/30')
  })

  it('with a forged transaction 0 is refused', () => {
    const { judge, driver } = setUp()
    const { lastCommit, validators } = driver
    const forged = {
      ...lastCommit,
      votes: lastCommit.votes.map((vote) => ({ ...vote, voteExtension: utf8('forged') })),
    }
    expect(judge([ExtendedCommitInfo.encode(forged).finish()])).toBe('block/11')
    const old = extendedCommit(
      validators,
      validators.map(() => NONE),
      { chainId: 'causeway-1', height: 2n },
    )
    expect(judge([ExtendedCommitInfo.encode(old).finish()])).toBe('block/12')
    const few = extendedCommit(validators, [NONE, NONE, undefined, undefined], {
      chainId: 'causeway-1',
      height: 1n,
    })
    const honest = ExtendedCommitInfo.encode(few).finish()
    expect(judge([honest])).toBe('block/8')
    expect(judge([honest], { proposedLastCommit: commitOf(few) })).toBe('block/13')
    expect(judge([ExtendedCommitInfo.encode({ ...lastCommit, round: 3 }).finish()])).toBe('block/3')
  })

  it('with bytes that are no transaction is refused', () => {
    const { judge, zero } = setUp()
    expect(judge([zero, utf8('garbage')])).toBe('block/30')
    expect(judge([zero, NONE])).toBe('block/30')
  })

  it('with a transaction twice is refused', () => {
    const { judge, zero, pay, wallets } = setUp()
    const tx = pay(wallets[0]!)
    expect(judge([zero, tx, tx])).toBe('block/34')
  })

  it('with lanes out of order is refused', () => {
    const { judge, zero, pay, receive, wallets } = setUp()
    expect(judge([zero, pay(wallets[0]!), receive(wallets[1]!)])).toBe('block/31')
  })

  it('beyond a lane’s budget is refused', () => {
    const { judge, zero, receive, pay, wallets } = setUp()
    const [first, second, third] = wallets
    const gas = { gasLimit: 25_000_000n, fee: [{ denom: 'ucway', amount: '625000' }] }
    expect(judge([zero, receive(first!, gas)])).toBe('accepted')
    expect(judge([zero, receive(second!, gas), receive(third!, { gasLimit: 9_000n })])).toBe('block/32')
    expect(judge([zero, pay(first!, gas), pay(second!, gas)])).toBe('accepted')
    expect(judge([zero, pay(first!, gas), pay(second!, gas), pay(third!)])).toBe('block/32')
  })

  it('is judged before there is a block, too', () => {
    const { hub, driver } = testHub([new Wallet('w0')])
    const { hash: _, decidedLastCommit: __, ...request } = driver.proposal([])
    const { status } = hub.processProposal({ ...request, hash: NONE, proposedLastCommit: undefined, txs: [] })
    expect(status).toBe(Status.ACCEPT)
  })
})

describe('a decided block with a bad transaction 0', () => {
  it('halts the node at the last good height', () => {
    const { driver, hub, pay, wallets } = setUp()
    const request = driver.proposal([pay(wallets[0]!)])
    for (const txs of [[], request.txs.slice(1), [utf8('forged'), ...request.txs.slice(1)]]) {
      const halt = () => hub.finalizeBlock({ ...request, txs })
      expect(halt).toThrow(AssertionError)
      expect(halt).toThrow('bad transaction 0')
      expect(isProtocolError(catchError(halt))).toBe(false)
    }
    expect(hub.info().lastBlockHeight).toBe(1n)
    expect(codeOf(hub.finalizeBlock(request).txResults[1])).toBe('0')
  })

  it('as does a block out of turn', () => {
    const { driver, hub } = setUp()
    const request = driver.proposal([])
    expect(() => hub.finalizeBlock({ ...request, height: 3n })).toThrow(AssertionError)
    expect(() => hub.finalizeBlock({ ...request, height: 1n })).toThrow(AssertionError)
  })
})

describe('the own proposal', () => {
  const prepare = (
    { hub, driver }: ReturnType<typeof setUp>,
    txs: readonly Uint8Array[],
    maxTxBytes = 22_000_000n,
  ) => {
    const { hash: _, decidedLastCommit: __, ...request } = driver.proposal([])
    return hub.prepareProposal({ ...request, txs: [...txs], maxTxBytes, localLastCommit: driver.lastCommit })
      .txs
  }
  const names = (
    made: ReturnType<typeof setUp>,
    all: Record<string, Uint8Array>,
    txs: readonly Uint8Array[],
  ) =>
    prepare(made, txs)
      .slice(1)
      .map((tx) => Object.keys(all).find((name) => Buffer.from(all[name]!).equals(tx)))

  it('puts packets first and the rest by fee, each sender in turn', () => {
    const made = setUp()
    const [a, b, c] = made.wallets
    const fee = (amount: string) => ({ fee: [{ denom: 'ucway', amount }] })
    const all = {
      cheap: made.pay(a!, fee('5000')),
      cheapNext: made.pay(a!, fee('90000')),
      rich: made.pay(b!, fee('50000')),
      packet: made.receive(c!, fee('5000')),
      afterPacket: made.pay(c!, fee('70000')),
    }
    expect(names(made, all, [all.cheap, all.cheapNext, all.rich, all.packet, all.afterPacket])).toEqual([
      'packet',
      'afterPacket',
      'rich',
      'cheap',
      'cheapNext',
    ])
    expect(made.judge(prepare(made, Object.values(all)))).toBe('accepted')
  })

  it('leaves out what is not in turn, has timed out, or is no transaction', () => {
    const made = setUp()
    const [a, b] = made.wallets
    const all = {
      gap: made.pay(a!, { sequence: 1n }),
      late: made.pay(b!, { sequence: 0n, body: { timeoutHeight: 1n } }),
      good: made.pay(b!, { sequence: 0n }),
      second: made.pay(b!, { sequence: 0n, gasLimit: 150_000n }),
    }
    expect(names(made, all, [utf8('x'), all.gap, all.late, all.good, all.second, all.good])).toEqual(['good'])
  })

  it('waits with a packet whose sender has an ordinary transaction before it', () => {
    const made = setUp()
    const [a] = made.wallets
    const all = { first: made.pay(a!), packet: made.receive(a!) }
    expect(names(made, all, [all.first, all.packet])).toEqual(['first'])
  })

  it('gives back the engine’s own arrays, whose hashes it knows', () => {
    const made = setUp()
    const { driver, wallets } = made
    const signed = [made.pay(wallets[0]!), made.receive(wallets[1]!), made.pay(wallets[2]!)]
    // CheckTx has decoded copies of them by now.
    for (const tx of signed) expect(driver.submit(tx).code).toBe(0)
    const given = new Set<Uint8Array>(signed.map((tx) => tx.slice()))
    const [, ...chosen] = prepare(made, [...given])
    expect(chosen).toHaveLength(3)
    for (const tx of chosen) expect(given.has(tx)).toBe(true)
  })

  it('fits the bytes that the engine allows', () => {
    const made = setUp(20)
    const txs = made.wallets.map((wallet) => made.pay(wallet))
    const limit = BigInt(made.zero.length + 4 + 5 * (txs[0]!.length + 3))
    const chosen = prepare(made, txs, limit)
    expect(chosen.length).toBe(6)
    expect(chosen.reduce((sum, { length }) => sum + 3 + length, 0)).toBeLessThanOrEqual(Number(limit))
  })

  it('fits its own limits, and its own judgement', () => {
    const made = setUp(12)
    const gas = { gasLimit: 10_000_000n, fee: [{ denom: 'ucway', amount: '250000' }] }
    const chosen = prepare(made, [
      ...made.wallets.slice(0, 6).map((w) => made.receive(w, gas)),
      ...made.wallets.slice(6).map((w) => made.pay(w, gas)),
    ])
    expect(chosen.length).toBe(1 + 2 + 3)
    expect(made.judge(chosen)).toBe('accepted')
  })
})

describe('vote extensions', () => {
  const verdict = (hub: ReturnType<typeof setUp>['hub'], voteExtension: Uint8Array) =>
    hub.verifyVoteExtension({ hash: NONE, validatorAddress: NONE, height: 2n, voteExtension }).status

  it('are refused only when oversize or undecodable', () => {
    const { hub } = setUp()
    expect(verdict(hub, NONE)).toBe(1)
    expect(verdict(hub, hub.extendVote({ ...hubRequest(), height: 2n }).voteExtension)).toBe(1)
    expect(verdict(hub, utf8('garbage'))).toBe(2)
    expect(verdict(hub, new Uint8Array(16 * 1024 + 1))).toBe(2)
  })
})

function hubRequest() {
  const time = { seconds: 1_700_000_000n, nanos: 0 }
  return {
    hash: NONE,
    time,
    txs: [],
    proposedLastCommit: undefined,
    misbehavior: [],
    nextValidatorsHash: NONE,
    proposerAddress: NONE,
  }
}

function catchError(run: () => unknown): unknown {
  try {
    run()
    return undefined
  } catch (error) {
    return error
  }
}
