// The sum of a line's claims: by it a vault that holds less than is claimed pays everybody the same part.
import { toHex, utf8 } from '@causeway/primitives'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { exportState } from '../../block/inspect.ts'
import { createAddressCodec } from '../../identifiers.ts'
import { EthereumBridge, USDC } from '../../testing/ethereum-bridge.fixture.ts'
import { memoryContext } from '../../testing/memory-context.fixture.ts'
import { message } from '../../testing/messages.fixture.ts'
import { codeOf, refusal } from '../../testing/refusal.fixture.ts'
import { send } from '../../testing/wallet.fixture.ts'
import type { Wallet } from '../../testing/wallet.fixture.ts'
import { createExit, exitClaimKey, exitTotalKey, readExitClaim, readExitTotal } from './exit.ts'
import { exitModule } from './module.ts'
import type { ExitLine, ExitPorts } from './ports.ts'

const RECIPIENT = `0x${'4e'.repeat(20)}`

function setUp(bridge = new EthereumBridge()) {
  const path = () => `transfer/${bridge.client}/${USDC}`
  const publish = (wallet: Wallet, recipient = RECIPIENT) =>
    bridge.deliver(wallet, [
      message('causeway.exit.v1.MsgPublishExitClaim', { sender: wallet.address, denom: path(), recipient }),
    ])
  const total = (height?: bigint) => {
    const { value } = bridge.driver.query('store/ibc/key', exitTotalKey(path()), { height: height ?? 0n })
    return value.length === 0 ? 'none' : readExitTotal(value)
  }
  const claim = (wallet: Wallet) => {
    const { value } = bridge.driver.query('store/ibc/key', exitClaimKey(wallet.address, path()))
    return value.length === 0 ? 'none' : readExitClaim(value).amount
  }
  /** One transaction that pays a fee in the token that claims are over. */
  const pay = (wallet: Wallet, amount: string, gasLimit = 200_000n) => {
    const messages = [send(wallet.address, wallet.address, '1', 'ucway')]
    const tx = wallet.sign(messages, { gasLimit, fee: [{ denom: 'usd', amount }] })
    return bridge.driver.execute(bridge.driver.proposal([tx])).txResults.at(-1)!
  }
  return { bridge, path, publish, total, claim, pay }
}

const ACCOUNTS = 4
const LINES = 3
const ASSET = 2n

type Step =
  | { kind: 'publish' | 'takeBack'; who: number; line: number }
  | { kind: 'deposit' | 'withdraw'; who: number; line: number; n: number }
  | { kind: 'fee'; who: number; n: number }
  | { kind: 'margin'; who: number }
  | { kind: 'block'; isEnd: boolean }

/** Exit claims over three lines of one asset, without the rest of a chain. */
class ClaimWorld {
  readonly context = memoryContext(['exit', 'ibc'])
  readonly #addresses = createAddressCodec('cway')
  readonly #held = Array.from({ length: ACCOUNTS }, () => 0n)
  readonly #escrowed = Array.from({ length: LINES }, () => 0n)
  readonly #owing = new Set<number>()
  #isEpochEnd = false
  readonly #ports: ExitPorts = {
    addresses: this.#addresses,
    line: (_, denom) => this.#lines().find((line) => line.denom === denom)!,
    linesOf: () => this.#lines(),
    held: (_, owner) => this.#held[owner[0]! - 1]!,
    owesNothing: (_, owner) => !this.#owing.has(owner[0]! - 1),
    writeClaim(at, key, value) {
      if (value === undefined) at.store('ibc').delete(key)
      else at.store('ibc').set(key, value)
    },
    readClaim: (at, key) => at.store('ibc').get(key),
    claims: (at) => at.store('ibc').iterate(),
    isEpochEnd: () => this.#isEpochEnd,
  }
  readonly #exit = createExit(this.#ports)

  run(step: Step): void {
    if (step.kind === 'publish') this.#publish(step.who, step.line, RECIPIENT)
    if (step.kind === 'takeBack') {
      const code = refusal(() => this.#publish(step.who, step.line, ''))
      expect(['exit/3', 'nothing']).toContain(code)
    }
    if (step.kind === 'margin') {
      if (!this.#owing.delete(step.who)) this.#owing.add(step.who)
      this.#exit.owingChanged(this.context, account(step.who))
    }
    if (step.kind === 'deposit') this.#change(step.who, BigInt(step.n), step.line)
    if (step.kind === 'withdraw')
      this.#change(
        step.who,
        -least(BigInt(step.n), this.#held[step.who]!, this.#escrowed[step.line]!),
        step.line,
      )
    if (step.kind === 'fee') this.#change(step.who, -least(BigInt(step.n), this.#held[step.who]!))
    if (step.kind === 'block') {
      this.#isEpochEnd = step.isEnd
      this.#exit.refresh(this.context)
    }
  }

  /** Sums of all claims, by line. */
  totals(): bigint[] {
    return this.#lines().map(({ denom }) => {
      const value = this.context.store('ibc').get(exitTotalKey(denom))
      return value === undefined ? 0n : readExitTotal(value)
    })
  }

  broken(): readonly string[] {
    return exitModule(this.#exit, this.#ports).invariants!(this.context)
  }

  #publish(who: number, line: number, recipient: string): void {
    const sender = this.#addresses.encode(account(who))
    this.#exit.publish(this.context, { sender, denom: this.#lines()[line]!.denom, recipient })
  }

  #change(who: number, delta: bigint, line?: number): void {
    if (delta === 0n) return
    this.#held[who]! += delta
    if (line !== undefined) this.#escrowed[line]! += delta
    const told = line === undefined ? this.#exit.feePaid : this.#exit.balanceChanged
    told(this.context, { account: account(who), subaccount: 0 }, ASSET, delta)
  }

  #lines(): ExitLine[] {
    return this.#escrowed.map((escrowed, i) => {
      const client = `ethereum-${i}`
      const denom = `transfer/${client}/${USDC}`
      return { id: BigInt(i), denom, client, asset: ASSET, escrowed: escrowed.toString(), inFlight: '0' }
    })
  }
}

function account(i: number): Uint8Array {
  return new Uint8Array(20).fill(i + 1)
}

function least(...amounts: readonly bigint[]): bigint {
  return amounts.reduce((a, b) => (a < b ? a : b))
}

describe('the sum of a line’s claims', () => {
  it('is abi.encode(uint256) under exit/total/<path>, provable with the claims, and absent when zero', () => {
    const { bridge, path, publish, total } = setUp()
    const { trader, stranger } = bridge
    bridge.credit(500n)
    bridge.credit(70n, stranger.address)
    expect(total()).toBe('none')
    publish(trader)
    expect(total()).toBe(500n)
    publish(stranger)
    expect(total()).toBe(570n)
    const key = exitTotalKey(path())
    expect(new TextDecoder().decode(key)).toBe(`exit/total/transfer/ethereum-0/${USDC}`)
    const proven = bridge.driver.query('store/ibc/key', key, { prove: true })
    expect(toHex(proven.value)).toBe((570).toString(16).padStart(64, '0'))
    expect(proven.proofOps?.ops).toHaveLength(2)
    publish(trader, '')
    expect(total()).toBe(70n)
    publish(stranger, '')
    expect(total()).toBe('none')
    expect(bridge.broken()).toEqual([])
  })

  it('follows whatever leaves, in the same transaction, and a new recipient leaves it as it is', () => {
    const { bridge, publish, total, claim } = setUp()
    const { trader, stranger } = bridge
    bridge.credit(500n)
    publish(trader)
    publish(stranger)
    bridge.deliver(trader, [send(trader.address, stranger.address, '120', 'usd')])
    expect([claim(trader), claim(stranger), total()]).toEqual([380n, 'none', 380n])
    publish(stranger)
    expect(total()).toBe(500n)
    publish(stranger, `0x${'5e'.repeat(20)}`)
    expect(total()).toBe(500n)
    bridge.withdraw({ denom: 'usd', amount: 380n })
    bridge.deliver(trader, [send(trader.address, stranger.address, '380', 'usd')])
    expect([claim(trader), total()]).toEqual(['none', 120n])
    expect(bridge.broken()).toEqual([])
  })

  it('is exported with the claims, and a genesis with another one is refused', () => {
    const { bridge, publish, pay } = setUp()
    bridge.credit(500n)
    publish(bridge.trader)
    expect(codeOf(pay(bridge.trader, '7'))).toBe('0')
    type State = { ibc: { entries: { key: string; value: string }[] }; exit: object }
    const exported = exportState(bridge.hub.chain) as unknown as State
    expect(exported.exit).toMatchObject({ fees: [{ asset: '2', amount: '7' }] })
    const open = (entries: State['ibc']['entries'], exit = exported.exit) =>
      new EthereumBridge({
        isOpen: false,
        appState: () => ({ ...exported, ibc: { entries }, exit }) as never,
      })
    const copy = open(exported.ibc.entries)
    expect(copy.broken()).toEqual([])
    expect((exportState(copy.hub.chain) as unknown as State).exit).toEqual(exported.exit)
    const prefix = toHex(utf8('exit/total/'))
    const other = exported.ibc.entries.map((entry) =>
      entry.key.startsWith(prefix) ? { ...entry, value: `${entry.value.slice(0, -1)}5` } : entry,
    )
    expect(refusal(() => open(other))).toBe('genesis/2')
    expect(refusal(() => open(exported.ibc.entries.filter(({ key }) => !key.startsWith(prefix))))).toBe(
      'genesis/2',
    )
    expect(refusal(() => open(exported.ibc.entries, { registrations: [] }))).toBe('genesis/2')
    expect(refusal(() => open(exported.ibc.entries, { ...exported.exit, fees: [] }))).toBe('genesis/2')
  })
})

describe('a fee in a token with claims', () => {
  it('writes no claim: it lowers them with what leaves next', () => {
    const { bridge, publish, total, claim, pay } = setUp()
    const { trader, stranger } = bridge
    bridge.credit(500n)
    publish(trader)
    expect(codeOf(pay(trader, '7'))).toBe('0')
    expect([claim(trader), total()]).toEqual([500n, 500n])
    expect(bridge.broken()).toEqual([])
    bridge.deliver(trader, [send(trader.address, stranger.address, '10', 'usd')])
    expect([claim(trader), total()]).toEqual([483n, 483n])
    expect(codeOf(pay(trader, '3'))).toBe('0')
    publish(trader)
    expect([claim(trader), total()]).toEqual([480n, 480n])
    expect(bridge.broken()).toEqual([])
  })

  it('is as much work over three claims as over one', () => {
    const costs = [1, 3].map((lines) => {
      const world = new ClaimWorld()
      for (let line = 0; line < lines; line++) {
        world.run({ kind: 'deposit', who: 0, line, n: 600 })
        world.run({ kind: 'publish', who: 0, line })
      }
      world.run({ kind: 'deposit', who: 0, line: 0, n: 600 * (3 - lines) })
      const before = world.context.gas.used
      world.run({ kind: 'fee', who: 0, n: 5 })
      return world.context.gas.used - before
    })
    expect(costs[0]).toBe(costs[1])
    expect(costs[0]).toBeLessThan(1_000)
  })
})

describe('who begins to owe something', () => {
  it('claims nothing from then on, over any line, until it owes nothing any more', () => {
    const world = new ClaimWorld()
    for (const line of [0, 1]) {
      world.run({ kind: 'deposit', who: 0, line, n: 300 })
      world.run({ kind: 'publish', who: 0, line })
    }
    world.run({ kind: 'deposit', who: 1, line: 0, n: 400 })
    world.run({ kind: 'publish', who: 1, line: 0 })
    const [before] = world.totals()
    world.run({ kind: 'margin', who: 0 })
    expect(world.totals()).toEqual([280n, 0n, 0n])
    world.run({ kind: 'margin', who: 0 })
    expect(world.totals()[0]).toBeGreaterThanOrEqual(before!)
    expect(world.broken()).toEqual([])
  })
})

describe('whatever happens', () => {
  const who = fc.nat(ACCOUNTS - 1)
  const line = fc.nat(LINES - 1)
  const step: fc.Arbitrary<Step> = fc.oneof(
    fc.record({ kind: fc.constantFrom('publish' as const, 'takeBack' as const), who, line }),
    fc.record({ kind: fc.constantFrom('deposit' as const, 'withdraw' as const), who, line, n: fc.nat(900) }),
    fc.record({ kind: fc.constant('fee' as const), who, n: fc.nat(50) }),
    fc.record({ kind: fc.constant('margin' as const), who }),
    fc.record({ kind: fc.constant('block' as const), isEnd: fc.boolean() }),
  )

  it('totals are the sums of the claims, and claims are within what is held and the fees since', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const world = new ClaimWorld()
        for (const each of steps) {
          world.run(each)
          expect(world.broken()).toEqual([])
        }
      }),
      { numRuns: 150 },
    )
  })
})
