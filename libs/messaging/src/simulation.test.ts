// Three chains, random senders, relayers that repeat, reorder and stall, and time that passes: nothing is
// lost, nothing doubled. The light clients are oracles over real stores (testing/oracle-client): what is
// under test is everything above proofs.
import { isProtocolError } from '@causeway/primitives'
import type { Packet } from '@causeway/protocol/ibc/core/channel/v2/packet'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ERROR_ACKNOWLEDGEMENT } from './commitments/acknowledgement-commitment.ts'
import { packetCommitmentKey, packetReceiptKey } from './commitments/store-keys.ts'
import {
  balanceOf,
  escrowOf,
  fund,
  hubPorts,
  installTransfer,
  lineOf,
  supplyOf,
  zonePorts,
} from './testing/test-banks.fixture.ts'
import type { TestChain } from './testing/test-chain.fixture.ts'
import {
  acknowledge,
  connect,
  createChains,
  nowSeconds,
  receive,
  send,
  timeOut,
} from './testing/two-chains.fixture.ts'
import { cameOver, withHop, withoutHop } from './transfer/denomination.ts'
import { encodeTransfer } from './transfer/packet-data.ts'
import { SUCCESS_ACKNOWLEDGEMENT } from './transfer/transfer-acknowledgement.ts'
import type { TokenMovement } from './transfer/transfer-ports.ts'

const NAMES = ['alpha', 'beta', 'cway'] as const
type Name = (typeof NAMES)[number]
const ENCODINGS = ['application/json', 'application/x-protobuf', 'application/x-solidity-abi'] as const
const FUNDS = 1_000n

interface Sent {
  readonly packet: Packet
  readonly from: Name
  readonly to: Name
  readonly denomination: string
  readonly amount: bigint
  readonly isValid: boolean
  state: 'in flight' | 'received' | 'refused' | 'ended' | 'refunded'
}

type Step =
  | {
      kind: 'send'
      from: number
      to: number
      token: number
      amount: number
      receiver: number
      encoding: number
      timeout: number
    }
  | { kind: 'receive' | 'acknowledge' | 'timeout' | 'lie'; which: number }
  | { kind: 'advance'; chain: number; seconds: number }

class World {
  readonly chains: Record<Name, TestChain> = createChains(...NAMES)
  readonly clients = new Map<string, string>()
  readonly log: Record<Name, TokenMovement[]> = { alpha: [], beta: [], cway: [] }
  readonly sent: Sent[] = []
  /** Every path that was ever held on a chain. */
  readonly tokens: Record<Name, Set<string>> = {
    alpha: new Set(['ualpha']),
    beta: new Set(['ubeta']),
    cway: new Set(['ucway']),
  }

  constructor() {
    for (const name of NAMES) {
      const ports = name === 'cway' ? hubPorts(name, this.log[name]) : zonePorts(name, this.log[name])
      installTransfer(this.chains[name], ports)
      fund(this.chains[name], `${name}1alice`, `u${name}`, FUNDS)
    }
    this.connect('alpha', 'beta')
    this.connect('beta', 'cway')
    this.connect('cway', 'alpha')
  }

  client(on: Name, of: Name): string {
    return this.clients.get(`${on}>${of}`)!
  }

  send(step: Extract<Step, { kind: 'send' }>): void {
    const from = NAMES[step.from % 3]!
    const to = NAMES[(step.from + 1 + (step.to % 2)) % 3]!
    const tokens = [...this.tokens[from]]
    const denomination = tokens[step.token % tokens.length]!
    const isValid = step.receiver > 0
    const amount = BigInt(step.amount)
    const payload = encodeTransfer(
      {
        denom: denomination,
        amount,
        sender: `${from}1alice`,
        receiver: isValid ? `${to}1alice` : 'nobody',
        memo: '',
      },
      ENCODINGS[step.encoding % 3],
    )
    const timeoutSeconds = nowSeconds(this.chains[from]) + BigInt(step.timeout)
    const options = { signer: `${from}1alice`, timeoutSeconds }
    const packet = this.attempt(() => send(this.chains[from], this.client(from, to), [payload], options))
    if (packet !== undefined) {
      this.sent.push({ packet, from, to, denomination, amount, isValid, state: 'in flight' })
    }
  }

  receive(each: Sent): void {
    const { from, to, packet } = each
    const answer = this.attempt(() => receive(this.chains[to], this.chains[from], packet))
    if (answer === undefined || answer.result === 1) return
    expect(each.state).toBe('in flight')
    const path = this.arrivesAs(each)
    if (each.isValid) this.tokens[to].add(path)
    each.state = each.isValid ? 'received' : 'refused'
  }

  acknowledge(each: Sent): void {
    const { from, to, packet } = each
    const appAcknowledgements = [each.isValid ? SUCCESS_ACKNOWLEDGEMENT : ERROR_ACKNOWLEDGEMENT]
    const answer = this.attempt(() =>
      acknowledge(this.chains[from], this.chains[to], packet, appAcknowledgements),
    )
    if (answer === undefined || answer.result === 1) return
    expect(['received', 'refused']).toContain(each.state)
    each.state = each.state === 'received' ? 'ended' : 'refunded'
  }

  timeOut(each: Sent): void {
    const { from, to, packet } = each
    const answer = this.attempt(() => timeOut(this.chains[from], this.chains[to], packet))
    if (answer === undefined || answer.result === 1) return
    expect(each.state).toBe('in flight')
    each.state = 'refunded'
  }

  /** A relayer who claims the opposite of what happened. */
  lie(each: Sent): void {
    const { from, to, packet } = each
    const wrong = [each.isValid ? ERROR_ACKNOWLEDGEMENT : SUCCESS_ACKNOWLEDGEMENT]
    const isOver = each.state === 'ended' || each.state === 'refunded'
    const answer = this.attempt(() => acknowledge(this.chains[from], this.chains[to], packet, wrong))
    expect(answer?.result).toBe(isOver ? 1 : undefined)
    const more = { ...packet, timeoutTimestamp: packet.timeoutTimestamp + 1_000n }
    const forged = this.attempt(() => receive(this.chains[to], this.chains[from], more))
    expect(forged?.result).toBe(each.state === 'in flight' || this.neverReceived(each) ? undefined : 1)
  }

  /** Relays whatever is still under way. */
  drain(): void {
    for (const each of this.sent) this.receive(each)
    for (const each of this.sent) this.acknowledge(each)
    for (const name of NAMES) this.chains[name].advance(100_000n)
    for (const each of this.sent) this.timeOut(each)
  }

  arrivesAs({ from, to, denomination }: Sent): string {
    const there = this.client(from, to)
    return cameOver(denomination, there)
      ? withoutHop(denomination, there)
      : withHop(denomination, this.client(to, from))
  }

  checkConservation(): void {
    for (const name of NAMES) expect(supplyOf(this.chains[name], `u${name}`)).toBe(FUNDS)
    for (const on of NAMES) {
      for (const of of NAMES) if (on !== of) this.checkClient(on, of)
    }
  }

  checkEnds(): void {
    for (const { packet, from, to, state } of this.sent) {
      const { sourceClient, destinationClient, sequence } = packet
      const isThis = (client: string) => (m: TokenMovement) =>
        m.clientId === client && m.sequence === sequence
      const credits = this.log[to].filter(
        (m) => m.purpose === 'receive' && isThis(destinationClient)(m),
      ).length
      const refunds = this.log[from].filter(
        (m) => (m.purpose === 'timeout' || m.purpose === 'error') && isThis(sourceClient)(m),
      ).length
      expect(['ended', 'refunded']).toContain(state)
      expect([credits, refunds]).toEqual(state === 'ended' ? [1, 0] : [0, 1])
      expect(this.chains[from].reader().has(packetCommitmentKey(sourceClient, sequence))).toBe(false)
    }
  }

  /** What `on` holds in escrow for `of` is what exists over there and what is under way, token by token. */
  private checkClient(on: Name, of: Name): void {
    const client = this.client(on, of)
    for (const denomination of this.tokens[on]) {
      if (cameOver(denomination, client)) continue
      const voucher = withHop(denomination, this.client(of, on))
      const underWay = this.sent
        .filter((each) => each.state === 'in flight' || each.state === 'refused')
        .filter(
          (each) =>
            (each.from === on && each.to === of && each.denomination === denomination) ||
            (each.from === of && each.to === on && each.denomination === voucher),
        )
        .reduce((sum, each) => sum + each.amount, 0n)
      const supply = supplyOf(this.chains[of], voucher)
      expect(escrowOf(this.chains[on], client, denomination)).toBe(supply + underWay)
      if (of === 'cway') expect(lineOf(this.chains[of], this.client(of, on), voucher)).toBe(supply)
    }
  }

  private neverReceived({ to, packet }: Sent): boolean {
    return !this.chains[to].reader().has(packetReceiptKey(packet.destinationClient, packet.sequence))
  }

  private connect(a: Name, b: Name): void {
    const { onA, onB } = connect(this.chains[a], this.chains[b])
    this.clients.set(`${a}>${b}`, onA)
    this.clients.set(`${b}>${a}`, onB)
  }

  private attempt<Result>(run: () => Result): Result | undefined {
    try {
      return run()
    } catch (error) {
      if (isProtocolError(error)) return undefined
      throw error
    }
  }
}

const nat = (max: number) => fc.nat({ max })
const which = nat(1_000)
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('send' as const),
      from: nat(2),
      to: nat(1),
      token: nat(20),
      amount: fc.integer({ min: 1, max: 600 }),
      receiver: nat(5),
      encoding: nat(2),
      timeout: fc.constantFrom(1, 20, 60, 86_400),
    }),
  },
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('receive' as const), which }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('acknowledge' as const), which }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('timeout' as const), which }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('lie' as const), which }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('advance' as const), chain: nat(2), seconds: nat(40) }),
  },
)

function take(world: World, next: Step): void {
  if (next.kind === 'send') return world.send(next)
  if (next.kind === 'advance') return world.chains[NAMES[next.chain]!].advance(BigInt(next.seconds))
  if (world.sent.length === 0) return
  const each = world.sent[next.which % world.sent.length]!
  if (next.kind === 'receive') world.receive(each)
  else if (next.kind === 'acknowledge') world.acknowledge(each)
  else if (next.kind === 'timeout') world.timeOut(each)
  else world.lie(each)
}

describe('three chains', () => {
  it('conserve every token at every step, and end every packet exactly once', () => {
    const seen = { packets: 0, ended: 0, refunded: 0, hops: 0 }
    fc.assert(
      fc.property(fc.array(step, { minLength: 20, maxLength: 60 }), (steps) => {
        const world = new World()
        for (const next of steps) {
          take(world, next)
          world.checkConservation()
        }
        world.drain()
        world.checkConservation()
        world.checkEnds()
        seen.packets += world.sent.length
        seen.ended += world.sent.filter(({ state }) => state === 'ended').length
        seen.refunded += world.sent.filter(({ state }) => state === 'refunded').length
        const paths = NAMES.flatMap((name) => [...world.tokens[name]])
        seen.hops = Math.max(seen.hops, ...paths.map((path) => path.split('/').length >> 1))
      }),
      { numRuns: 60 },
    )
    const counts = `${seen.packets} packets, ${seen.ended} delivered, ${seen.refunded} refunded`
    console.log(`simulation: ${counts}, paths up to ${seen.hops} hops`)
    expect(seen.ended).toBeGreaterThan(0)
    expect(seen.refunded).toBeGreaterThan(0)
    expect(seen.hops).toBeGreaterThan(1)
  })

  it('bring a token round the circle and home again', () => {
    const world = new World()
    const go = (from: Name, to: Name, denom: string) => {
      const payload = encodeTransfer({
        denom,
        amount: 7n,
        sender: `${from}1alice`,
        receiver: `${to}1alice`,
        memo: '',
      })
      const packet = send(world.chains[from], world.client(from, to), [payload], { signer: `${from}1alice` })
      receive(world.chains[to], world.chains[from], packet)
      acknowledge(world.chains[from], world.chains[to], packet, [SUCCESS_ACKNOWLEDGEMENT])
    }
    const onBeta = withHop('ualpha', world.client('beta', 'alpha'))
    const onCway = withHop(onBeta, world.client('cway', 'beta'))
    const onAlpha = withHop(onCway, world.client('alpha', 'cway'))
    go('alpha', 'beta', 'ualpha')
    go('beta', 'cway', onBeta)
    go('cway', 'alpha', onCway)
    expect(balanceOf(world.chains.alpha, 'alpha1alice', onAlpha)).toBe(7n)
    expect(balanceOf(world.chains.alpha, 'alpha1alice', 'ualpha')).toBe(FUNDS - 7n)
    go('alpha', 'cway', onAlpha)
    go('cway', 'beta', onCway)
    go('beta', 'alpha', onBeta)
    expect(balanceOf(world.chains.alpha, 'alpha1alice', 'ualpha')).toBe(FUNDS)
    expect(supplyOf(world.chains.alpha, onAlpha)).toBe(0n)
    expect(supplyOf(world.chains.beta, onBeta)).toBe(0n)
    expect(supplyOf(world.chains.cway, onCway)).toBe(0n)
  })
})
