// Who gets into a block: by fee within a lane, a share of the critical lanes for every signer, and never a
// proposal that its own rules refuse.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ExtendedCommitInfo } from '@causeway/protocol/tendermint/abci/types'
import type { ProtocolError } from '@causeway/primitives'
import { MsgRecvPacket } from '@causeway/protocol/ibc/core/channel/v2/tx'
import { startEmbeddedNode } from '../engine/start-embedded-node.ts'
import { testGenesis, testKeys } from '../engine/chain.fixture.ts'
import { createHubApplication } from '../app.ts'
import { hubGenesis, hubOptions, testHub } from '../testing/hub.fixture.ts'
import { extendedCommit } from '../testing/validators.fixture.ts'
import { Wallet, send } from '../testing/wallet.fixture.ts'
import type { SignOptions } from '../testing/wallet.fixture.ts'
import { createMemoryStorage } from '@causeway/state-tree'
import { judgeProposal } from './process-proposal.ts'

const NONE = new Uint8Array(0)

function setUp(count: number) {
  const wallets = Array.from({ length: count }, (_, i) => new Wallet(`fair ${i}`))
  const made = testHub(wallets)
  const { driver, hub } = made
  driver.block()
  const request = (): ReturnType<typeof driver.proposal> => driver.proposal([])
  const prepare = (txs: readonly Uint8Array[], maxTxBytes = 22_000_000n) =>
    hub.prepareProposal({ ...request(), txs: [...txs], maxTxBytes, localLastCommit: driver.lastCommit }).txs
  const judge = (txs: readonly Uint8Array[]): ProtocolError | undefined =>
    judgeProposal(hub.chain, {
      ...request(),
      txs: [...txs],
      proposedLastCommit: request().decidedLastCommit,
    })
  const relay = (wallet: Wallet, options: SignOptions = {}) => {
    const value = MsgRecvPacket.encode({ ...MsgRecvPacket.fromPartial({}), signer: wallet.address }).finish()
    return wallet.sign([{ typeUrl: '/ibc.core.channel.v2.MsgRecvPacket', value }], options)
  }
  const pay = (wallet: Wallet, options: SignOptions = {}) =>
    wallet.sign([send(wallet.address, wallet.address, '1')], options)
  return { ...made, wallets, prepare, judge, relay, pay }
}

const gas = (millions: bigint, perGas = 25n): SignOptions => ({
  gasLimit: millions * 1_000_000n,
  fee: [{ denom: 'ucway', amount: (millions * 1_000n * perGas).toString() }],
})
const has = (txs: readonly Uint8Array[], tx: Uint8Array) => txs.some((each) => Buffer.from(each).equals(tx))

describe('lane 1', () => {
  it('takes who pays most for its gas first, then who came first', () => {
    const { wallets, prepare, relay, judge } = setUp(5)
    const [a, b, c, d] = wallets as [Wallet, Wallet, Wallet, Wallet]
    const txs = [relay(a, gas(1n)), relay(b, gas(2n, 40n)), relay(c, gas(1n)), relay(d, gas(1n, 90n))]
    const [, ...chosen] = prepare(txs)
    expect(chosen.map((tx) => txs.findIndex((each) => Buffer.from(each).equals(tx)))).toEqual([3, 1, 0, 2])
    expect(judge(prepare(txs))).toBeUndefined()
  })

  it('is not filled by the first to come: who pays more displaces him', () => {
    const { wallets, prepare, relay } = setUp(8)
    const [rich, ...early] = wallets
    const flood = early.map((wallet) => relay(wallet, gas(6n)))
    const dear = relay(rich!, gas(6n, 26n))
    const chosen = prepare([...flood, dear])
    expect(has(chosen, dear)).toBe(true)
    expect(chosen.length).toBe(1 + 4)
  })

  it('leaves a share to others, whatever one signer pays', () => {
    const { wallets, prepare, relay, judge } = setUp(3)
    const [whale, small, other] = wallets as [Wallet, Wallet, Wallet]
    const flood = Array.from({ length: 20 }, () => relay(whale, gas(2n, 1_000n)))
    const late = [relay(small, gas(1n)), relay(other, gas(5n))]
    const chosen = prepare([...flood, ...late])
    expect(late.every((tx) => has(chosen, tx))).toBe(true)
    // What others leave is the whale's: 25 M gas in lane 1, 6 M of it theirs.
    expect(flood.filter((tx) => has(chosen, tx)).length).toBe(9)
    expect(judge(chosen)).toBeUndefined()
  })

  it('is one signer’s when nobody else comes, beyond the share, too', () => {
    const { wallets, prepare, relay } = setUp(1)
    const flood = Array.from({ length: 20 }, () => relay(wallets[0]!, gas(2n)))
    expect(prepare(flood).length).toBe(1 + 12)
    const { wallets: more, prepare: again, relay: single } = setUp(1)
    expect(again([single(more[0]!, gas(20n))]).length).toBe(2)
  })

  it('counts bytes in shares as well', () => {
    const { wallets, prepare, relay } = setUp(2)
    const [whale, small] = wallets as [Wallet, Wallet]
    const body = { nonCriticalExtensionOptions: [{ typeUrl: '/x', value: new Uint8Array(500_000) }] }
    const flood = Array.from({ length: 5 }, () => relay(whale, { ...gas(3n, 1_000n), body }))
    const late = relay(small, gas(3n))
    const chosen = prepare([...flood, late])
    expect(has(chosen, late)).toBe(true)
    expect(flood.filter((tx) => has(chosen, tx)).length).toBe(4)
  })
})

describe('the order within a lane', () => {
  it('is the proposer’s own: others judge lanes and budgets, which they can know', () => {
    const { wallets, judge, relay, pay, driver } = setUp(4)
    const [a, b, c, d] = wallets as [Wallet, Wallet, Wallet, Wallet]
    const zero = ExtendedCommitInfo.encode(driver.lastCommit).finish()
    const cheapFirst = [relay(a, gas(12n)), relay(b, gas(12n, 90n)), pay(c, gas(1n)), pay(d, gas(1n, 90n))]
    expect(judge([zero, ...cheapFirst])).toBeUndefined()
    expect(judge([zero, ...cheapFirst, relay(a, gas(1n))])).toMatchObject({ codespace: 'block', code: 31 })
  })
})

describe('PrepareProposal and ProcessProposal', () => {
  it('agree, whatever waits', () => {
    const made = setUp(6)
    const choice = fc.record({
      wallet: fc.nat(5),
      isRelay: fc.boolean(),
      millions: fc.constantFrom(1n, 2n, 7n, 20n, 25n),
      perGas: fc.bigInt(25n, 99n),
      bytes: fc.constantFrom(0, 0, 1_000, 400_000),
      skip: fc.constantFrom(0n, 0n, 0n, 1n),
    })
    fc.assert(
      fc.property(
        fc.array(choice, { maxLength: 14 }),
        fc.constantFrom(22_000_000n, 900_000n),
        (list, max) => {
          const next = made.wallets.map(() => 0n)
          const txs = list.map(({ wallet, isRelay, millions, perGas, bytes, skip }) => {
            const sequence = (next[wallet] = next[wallet]! + skip)
            next[wallet] += 1n
            const value = new Uint8Array(bytes)
            const body = bytes === 0 ? {} : { nonCriticalExtensionOptions: [{ typeUrl: '/x', value }] }
            const options = { ...gas(millions, perGas), sequence, body }
            return isRelay
              ? made.relay(made.wallets[wallet]!, options)
              : made.pay(made.wallets[wallet]!, options)
          })
          const chosen = made.prepare([...txs, ...txs.slice(0, 2), Uint8Array.of(1)], max)
          const size = chosen.reduce((sum, { length }) => sum + BigInt(length) + 5n, 0n)
          return made.judge(chosen) === undefined && size <= max + 5n * BigInt(chosen.length)
        },
      ),
      { numRuns: 60 },
    )
  })
})

describe('a transaction 0 larger than a block', () => {
  it('gives no proposal at all, and never one beyond the engine’s limit', () => {
    const { driver, prepare, wallets, pay } = setUp(1)
    const { validators, chainId } = driver
    const late = new Uint8Array(40_000)
    driver.lastCommit = extendedCommit(validators, [NONE, NONE, NONE, late], {
      chainId,
      height: driver.height,
    })
    const zero = ExtendedCommitInfo.encode(driver.lastCommit).finish()
    const tx = pay(wallets[0]!)
    const room = (bytes: number) => prepare([tx], BigInt(bytes)).map(({ length }) => length)
    expect(room(zero.length)).toEqual([])
    expect(room(zero.length + 4)).toEqual([zero.length])
    expect(room(zero.length + 4 + tx.length + 3)).toEqual([zero.length, tx.length])
  })

  it('is a round without a block, not the end of the node', async () => {
    const keys = testKeys('large a')
    const wallet = new Wallet('large')
    const fatal: unknown[] = []
    const node = await startEmbeddedNode({
      application: createHubApplication(hubOptions(createMemoryStorage())),
      // Room for a header and a commit, not for transaction 0.
      genesis: testGenesis(keys, {
        chain_id: 'causeway-1',
        app_state: hubGenesis([wallet]),
        consensus_params: {
          abci: { vote_extensions_enable_height: '1' },
          block: { max_bytes: '1000', max_gas: '-1' },
          evidence: { max_age_num_blocks: '10', max_age_duration: '10', max_bytes: '0' },
        },
      }),
      validators: keys,
      blocks: 'onDemand',
      rpc: false,
      onFatal: (error) => void fatal.push(error),
    })
    try {
      expect(node.produceBlock().height).toBe(1n)
      for (let i = 0; i < 3; i++) {
        expect(() => node.produceBlock()).toThrow(expect.objectContaining({ codespace: 'engine', code: 43 }))
      }
      expect([node.height(), fatal]).toEqual([1n, []])
    } finally {
      await node.stop()
    }
  })
})
