// Exit claims, through a whole hub: what stands in store `ibc`, and that it never exceeds what its owner
// holds.
import { voucherOf, word } from '@causeway/messaging'
import { fromHex, toHex, utf8 } from '@causeway/primitives'
import { QueryExitClaimsRequest, QueryExitClaimsResponse } from '@causeway/protocol/causeway/exit/v1/query'
import { describe, expect, it } from 'vitest'
import { exportState } from '../../block/inspect.ts'
import { createAddressCodec } from '../../identifiers.ts'
import { cashOwed } from '../../testing/debts.fixture.ts'
import { EthereumBridge, USDC, WETH } from '../../testing/ethereum-bridge.fixture.ts'
import { EthereumChain } from '../../testing/ethereum-chain.fixture.ts'
import { memoryContext } from '../../testing/memory-context.fixture.ts'
import { message } from '../../testing/messages.fixture.ts'
import { codeOf, refusal } from '../../testing/refusal.fixture.ts'
import { send } from '../../testing/wallet.fixture.ts'
import type { Wallet } from '../../testing/wallet.fixture.ts'
import { createExit, exitClaimKey } from './exit.ts'
import type { ExitLine, ExitPorts } from './ports.ts'

const RECIPIENT = `0x${'4e'.repeat(20)}`
const PADDED = '00'.repeat(12) + '4e'.repeat(20)

function setUp(bridge = new EthereumBridge()) {
  const path = (token = USDC) => `transfer/${bridge.client}/${token}`
  const publish = (wallet: Wallet, recipient = RECIPIENT, denom = voucherOf(path())) =>
    bridge.deliver(wallet, [
      message('causeway.exit.v1.MsgPublishExitClaim', { sender: wallet.address, denom, recipient }),
    ])
  const claim = (wallet: Wallet, token = USDC) => {
    const data = utf8(`exit/${wallet.address}/${path(token)}`)
    const { value } = bridge.driver.query('store/ibc/key', data)
    return value.length === 0 ? 'none' : toHex(value)
  }
  const shown = (wallet: Wallet) => {
    const data = QueryExitClaimsRequest.encode({ account: wallet.address }).finish()
    const { value } = bridge.driver.query('/causeway.exit.v1.Query/ExitClaims', data)
    return QueryExitClaimsResponse.decode(value).claims
  }
  return { bridge, path, publish, claim, shown }
}

const words = (amount: bigint) => PADDED + toHex(word(amount))

describe('a claim', () => {
  it('is abi.encode(recipient, amount) under exit/<owner>/<path>, over all subaccounts, and provable', () => {
    const { bridge, path, publish, claim, shown } = setUp()
    const { trader } = bridge
    bridge.credit(500n)
    bridge.credit(70n, `${trader.address}/9`)
    const published = publish(trader)
    expect([codeOf(published), published.log]).toEqual(['0', ''])
    expect(claim(trader)).toBe(words(570n))
    const key = exitClaimKey(trader.address, path())
    expect(new TextDecoder().decode(key)).toBe(`exit/${trader.address}/transfer/ethereum-0/${USDC}`)
    expect(shown(trader)).toMatchObject([{ line: 1n, amount: '570' }])
    const proven = bridge.driver.query('store/ibc/key', key, { prove: true })
    expect(proven.proofOps?.ops).toHaveLength(2)
    expect(bridge.broken()).toEqual([])
  })

  it('falls with whatever leaves the account, in the same transaction', () => {
    const { bridge, publish, claim, path } = setUp()
    const { trader, stranger } = bridge
    bridge.credit(500n)
    publish(trader)
    bridge.deliver(trader, [send(trader.address, stranger.address, '100', 'usd')])
    expect(claim(trader)).toBe(words(400n))
    expect(codeOf(bridge.withdraw({ denom: voucherOf(path()), amount: 150n }).sent)).toBe('0')
    expect(claim(trader)).toBe(words(250n))
    // A transfer that failed changes nothing.
    bridge.deliver(trader, [
      send(trader.address, stranger.address, '50', 'usd'),
      send(trader.address, stranger.address, '900', 'usd'),
    ])
    expect(claim(trader)).toBe(words(250n))
    bridge.deliver(trader, [send(trader.address, stranger.address, '250', 'usd')])
    expect(claim(trader)).toBe('none')
    expect(bridge.broken()).toEqual([])
  })

  it('rises when it is published anew, not by what strangers send', () => {
    const { bridge, publish, claim } = setUp()
    const { trader, stranger } = bridge
    publish(trader)
    expect(claim(trader)).toBe('none')
    bridge.credit(500n)
    expect(claim(trader)).toBe('none')
    publish(trader)
    expect(claim(trader)).toBe(words(500n))
    bridge.credit(40n, stranger.address)
    bridge.deliver(stranger, [send(stranger.address, trader.address, '40', 'usd')])
    expect(claim(trader)).toBe(words(500n))
    publish(trader)
    expect(claim(trader)).toBe(words(540n))
    expect(bridge.broken()).toEqual([])
  })

  it('comes back with a refund, once it is published anew', () => {
    const { bridge, publish, claim, path } = setUp()
    const { trader } = bridge
    bridge.credit(500n)
    publish(trader)
    const { packet } = bridge.withdraw({ denom: voucherOf(path()), amount: 200n })
    expect(claim(trader)).toBe(words(300n))
    expect(codeOf(bridge.acknowledge(packet!, bridge.answer(packet!, 'error')))).toBe('0')
    expect(claim(trader)).toBe(words(300n))
    publish(trader)
    expect(claim(trader)).toBe(words(500n))
    expect(bridge.broken()).toEqual([])
  })

  it('is taken back, and then costs nothing', () => {
    const { bridge, publish, claim, shown } = setUp()
    const { trader } = bridge
    bridge.credit(500n)
    publish(trader)
    expect(codeOf(publish(trader, ''))).toBe('0')
    expect([claim(trader), shown(trader)]).toEqual(['none', []])
    expect(codeOf(publish(trader, ''))).toBe('exit/3')
    expect(bridge.broken()).toEqual([])
  })

  it('of who has something to keep covered is nothing', () => {
    const owner = new EthereumBridge({ isOpen: false }).trader.address
    const { bridge, publish, claim } = setUp(
      new EthereumBridge({
        appState: (state) => ({
          ...state,
          cash: cashOwed({ [`${owner}/4`]: 1n }),
        }),
      }),
    )
    bridge.credit(500n)
    expect(codeOf(publish(bridge.trader))).toBe('0')
    expect(claim(bridge.trader)).toBe('none')
  })

  it('needs a line of an EVM chain, and a recipient there', () => {
    const { bridge, publish } = setUp()
    const { trader } = bridge
    const judge = (recipient: string, denom?: string) => codeOf(publish(trader, recipient, denom))
    expect(judge(RECIPIENT.toUpperCase())).toBe('exit/2')
    expect(judge(`0x${'0'.repeat(40)}`)).toBe('exit/2')
    expect(judge(trader.address)).toBe('exit/2')
    expect(judge(RECIPIENT, 'usd')).toBe('ledger/21')
    expect(judge(RECIPIENT, 'transfer/ethereum-7/x')).toBe('ledger/21')
    expect(judge(RECIPIENT, `transfer/${bridge.client}/${WETH}`)).toBe('0')
  })
})

describe('a pool', () => {
  it('is claimed line by line, by what each holds, and never more than is held', () => {
    const base = new EthereumChain({ genesisSeconds: 1_700_000_000n - 1_200n, chainId: 8_453n, seed: 'base' })
    const creator = new EthereumBridge({ isOpen: false }).relayer.address
    const common = {
      creator,
      clientType: 'ethereum' as const,
      contract: `0x${'ab'.repeat(20)}`,
      asset: 'usd',
      base: USDC,
    }
    const listings = [
      { ...common, chainId: 'eip155:31337' },
      { ...common, chainId: 'eip155:8453' },
    ]
    const { bridge, publish, shown } = setUp(new EthereumBridge({ genesis: { listings } }))
    const { trader, stranger } = bridge
    const first = `transfer/${bridge.client}/${USDC}`
    bridge.credit(600n)
    publish(trader, RECIPIENT, first)
    expect(shown(trader).map(({ amount }) => amount)).toEqual(['600'])
    bridge.client = bridge.open(bridge.relayer, base)
    bridge.chain = base
    const second = `transfer/${bridge.client}/${USDC}`
    const deposit = bridge.deposit({ amount: 301n, receiver: stranger.address, sequence: 1n })
    expect(codeOf(bridge.receive(deposit))).toBe('0')
    publish(trader, RECIPIENT, second)
    // 600 × 600 / 901, 600 × 301 / 901
    expect(shown(trader).map(({ amount }) => amount)).toEqual(['399', '200'])
    expect(bridge.broken()).toEqual([])
    publish(trader, '', first)
    expect(shown(trader).map(({ amount }) => amount)).toEqual(['200'])
    expect(bridge.broken()).toEqual([])
  })
})

describe('after an epoch', () => {
  const account = (i: number) => new Uint8Array(20).fill(i + 1)
  const addresses = createAddressCodec('cway')

  function module(registrations: number) {
    const context = memoryContext(['exit', 'ibc'])
    const holdings = new Map<string, bigint>()
    const line: ExitLine = {
      id: 5n,
      client: 'ethereum-0',
      denom: `transfer/ethereum-0/${USDC}`,
      asset: 2n,
      escrowed: '1000000',
      inFlight: '0',
    }
    let isEpochEnd = false
    const ports: ExitPorts = {
      addresses,
      line: () => line,
      linesOf: () => [line],
      held: (_, owner) => holdings.get(toHex(owner)) ?? 0n,
      owesNothing: () => true,
      writeClaim(at, key, value) {
        if (value === undefined) at.store('ibc').delete(key)
        else at.store('ibc').set(key, value)
      },
      readClaim: (at, key) => at.store('ibc').get(key),
      claims: (at) => at.store('ibc').iterate(),
      isEpochEnd: () => isEpochEnd,
    }
    const exit = createExit(ports)
    for (let i = 0; i < registrations; i++) {
      const sender = addresses.encode(account(i))
      exit.publish(context, { sender, denom: line.denom, recipient: RECIPIENT })
      exit.balanceChanged(context, { account: account(i), subaccount: 0 }, 2n, BigInt(i + 1))
    }
    const amounts = () =>
      Array.from({ length: registrations }, (_, i) => {
        const value = context.store('ibc').get(exitClaimKey(addresses.encode(account(i)), line.denom))
        return value === undefined ? 0 : Number(BigInt(`0x${toHex(value.subarray(32))}`))
      })
    const block = (isEnd = false) => {
      isEpochEnd = isEnd
      exit.refresh(context)
      return amounts().filter((amount) => amount > 0).length
    }
    return { block, amounts }
  }

  it('claims are brought up to date, some a block', () => {
    const { block, amounts } = module(70)
    expect(block()).toBe(0)
    expect([block(true), block(), block(), block()]).toEqual([32, 64, 70, 70])
    expect(amounts().reduce((sum, amount) => sum + amount, 0)).toBe((70 * 71) / 2)
  })

  it('a new epoch begins anew, also where there is nothing to do', () => {
    const { block } = module(40)
    expect([block(true), block(true), block()]).toEqual([32, 32, 40])
    expect(module(0).block(true)).toBe(0)
  })
})

describe('the state', () => {
  it('is exported with registrations, and reads back', () => {
    const { bridge, publish, claim } = setUp()
    bridge.credit(500n)
    publish(bridge.trader)
    const exported = exportState(bridge.hub.chain) as { exit: { registrations: object[] } }
    expect(exported.exit.registrations).toMatchObject([{ line: '1', recipient: PADDED }])
    const copy = new EthereumBridge({ isOpen: false, appState: () => exported as never })
    expect((exportState(copy.hub.chain) as typeof exported).exit).toEqual(exported.exit)
    expect(claim(bridge.trader)).toBe(words(500n))
    expect(copy.broken()).toEqual([])
    const greedy = exported as unknown as { ibc: { entries: { key: string; value: string }[] } }
    const entries = greedy.ibc.entries.map((entry) =>
      entry.key.startsWith(toHex(utf8('exit/'))) ? { ...entry, value: words(501n) } : entry,
    )
    const make = () =>
      new EthereumBridge({ isOpen: false, appState: () => ({ ...exported, ibc: { entries } }) as never })
    expect(refusal(make)).toBe('genesis/2')
    expect(fromHex(PADDED)).toHaveLength(32)
  })
})
