// Relayers between the hub and two chains: honest, late, lost, repeated, out of order, forged.
import {
  ERROR_ACKNOWLEDGEMENT,
  IBC_STORE_NAME,
  SUCCESS_ACKNOWLEDGEMENT,
  isErrorAcknowledgement,
  packetAcknowledgementKey,
  packetCommitmentKey,
  packetReceiptKey,
} from '@causeway/messaging'
import type { Any } from '@causeway/protocol'
import { Acknowledgement, Packet } from '@causeway/protocol/ibc/core/channel/v2/packet'
import type { Event } from '@causeway/protocol/tendermint/abci/types'
import { message } from '../testing/messages.fixture.ts'
import type { Actor } from './actor.fixture.ts'
import { noise } from './actor.fixture.ts'
import { CLIENT_HERE } from './counterparty.fixture.ts'
import type { CounterpartyChain, SentPacket } from './counterparty.fixture.ts'
import { TOKENS } from './genesis.fixture.ts'
import type { Scene } from './scene.fixture.ts'
import { addresses } from './scene.fixture.ts'

/** A packet of the hub, until its end is known there. */
interface Outgoing {
  readonly chain: CounterpartyChain
  readonly packet: Packet
  /** Whether nobody will ever take it there. */
  readonly isLost: boolean
}

const GAS_BASE = 400_000n
const GAS_EACH = 150_000n
const PACKETS_AT_ONCE = 8

/** All relayers. */
export class Relays {
  /** Packets of the hub that have a commitment there. */
  outgoing: Outgoing[] = []
  /** Packets that have ended: relayed again now and then. */
  readonly #old: { readonly chain: CounterpartyChain; readonly packet: Packet }[] = []
  readonly #scene: Scene

  constructor(scene: Scene) {
    this.#scene = scene
  }

  /** Before a block. */
  act(): void {
    const { random, chains } = this.#scene
    for (const chain of chains) {
      if (random.chance(0.25)) this.#deposit(chain)
      this.#endDeposits(chain)
      this.#take(chain)
      if (random.chance(0.35)) this.#relay(chain)
    }
  }

  /** After a block: what it sent and what it answered. */
  see(events: readonly Event[]): void {
    for (const event of events) {
      if (event.type === 'send_packet') this.#sent(packetOf(event))
      if (event.type === 'write_acknowledgement') this.#answered(event)
    }
    const store = this.#scene.state.store(IBC_STORE_NAME)
    const live = ({ packet }: Outgoing) =>
      store.has(packetCommitmentKey(packet.sourceClient, packet.sequence))
    const ended = this.outgoing.filter((each) => !live(each))
    for (const { chain, packet } of ended) chain.forget(packet.sequence)
    this.#old.push(...ended)
    this.outgoing = this.outgoing.filter(live)
    while (this.#old.length > 20) this.#old.shift()
  }

  /** One transaction that brings these packets, after an update. */
  bring(chain: CounterpartyChain, relayer: Actor, packets: readonly SentPacket[]): void {
    const receiving = packets.map(({ packet }) => this.#receiveMessage(chain, relayer, packet))
    this.#relayed('relay of packets', chain, relayer, [this.update(chain, relayer), ...receiving])
  }

  /** The message that brings the hub's client to the newest header. */
  update(chain: CounterpartyChain, relayer: Actor): Any {
    return message('ibc.core.client.v1.MsgUpdateClient', {
      clientId: chain.client,
      clientMessage: chain.header(),
      signer: relayer.address,
    })
  }

  #deposit(chain: CounterpartyChain): void {
    const { random } = this.#scene
    for (let i = random.between(1, 3); i > 0; i--) {
      const token = random.pick(TOKENS.filter(({ chainId }) => chainId === chain.chainId))
      const unit = token.asset === 'usdz' ? 1_000_000n : token.asset === 'eth' ? 10n ** 16n : 10n ** 5n
      chain.deposit({
        denom: random.chance(0.97) ? token.base : 'ujunk',
        amount: random.chance(0.97) ? BigInt(random.between(1, 40_000)) * unit : 2n ** 248n,
        receiver: this.#receiver(),
        timeoutSeconds: this.#scene.timeSeconds + BigInt(random.pick([1, 5, 60, 600, 3_600, 86_000])),
      })
    }
  }

  #receiver(): string {
    const { random } = this.#scene
    const { id } = random.chance(0.95) ? this.#scene.actor() : { id: noise('nobody', 20) }
    if (random.chance(0.03)) return 'cway1nobody'
    return addresses.encodeHolder({ account: id, subaccount: random.chance(0.8) ? 0 : random.between(1, 3) })
  }

  /** Ends what the hub has answered, or never will. */
  #endDeposits(chain: CounterpartyChain): void {
    const { random, timeSeconds, state } = this.#scene
    const store = state.store(IBC_STORE_NAME)
    for (const [sequence, sent] of [...chain.sent]) {
      if (sent.state !== 'underway') {
        if (random.chance(0.3)) chain.end(sequence, sent.state === 'taken')
        continue
      }
      const { packet } = sent
      if (packet.timeoutTimestamp > timeSeconds || random.chance(0.7)) continue
      if (store.has(packetReceiptKey(packet.destinationClient, sequence))) continue
      chain.end(sequence, false)
      this.#old.push({ chain, packet })
    }
  }

  /** The other chain takes packets of the hub, or refuses them. */
  #take(chain: CounterpartyChain): void {
    const { random } = this.#scene
    for (const { packet, isLost } of this.outgoing.filter((each) => each.chain === chain)) {
      if (isLost || chain.received.has(packet.sequence) || random.chance(0.6)) continue
      if (packet.timeoutTimestamp <= chain.timeSeconds + 1n) continue
      if (packet.timeoutTimestamp <= this.#scene.timeSeconds + 1n) continue
      chain.receive(packet, random.chance(0.15))
    }
  }

  #relay(chain: CounterpartyChain): void {
    const { random, timeSeconds, relayers } = this.#scene
    chain.block(timeSeconds)
    const relayer = random.pick(relayers)
    const isLate = ({ packet }: SentPacket) => packet.timeoutTimestamp <= timeSeconds + 2n
    const underway = [...chain.sent.values()].filter(
      (sent) => sent.state === 'underway' && (!isLate(sent) || random.chance(0.04)),
    )
    const messages = [
      ...this.#incoming(chain, relayer, underway),
      ...this.#answers(chain, relayer),
      ...this.#timeouts(chain, relayer),
    ]
    if (messages.length === 0 && random.chance(0.8)) return
    const kind = random.chance(0.06) ? 'relay without update' : 'relay'
    const before = kind === 'relay' ? [this.update(chain, relayer)] : []
    this.#relayed(kind, chain, relayer, [...before, ...messages])
    // A second relayer brings the same.
    if (random.chance(0.15)) {
      const second = relayers.find((each) => each !== relayer)!
      const again = this.#incoming(chain, second, underway, true)
      if (again.length > 0)
        this.#relayed('relay, the second', chain, second, [this.update(chain, second), ...again])
    }
    if (random.chance(0.1)) this.#forge(chain, relayer, underway)
    if (random.chance(0.15)) this.#repeat(chain, relayer)
  }

  #incoming(chain: CounterpartyChain, relayer: Actor, all: readonly SentPacket[], isAll = false): Any[] {
    const { random } = this.#scene
    const chosen = all.filter(() => isAll || random.chance(0.7)).slice(0, PACKETS_AT_ONCE)
    if (random.chance(0.3)) chosen.reverse()
    return chosen.map(({ packet }) => this.#receiveMessage(chain, relayer, packet))
  }

  #answers(chain: CounterpartyChain, relayer: Actor): Any[] {
    return this.outgoing
      .filter((each) => each.chain === chain && chain.received.has(each.packet.sequence))
      .slice(0, PACKETS_AT_ONCE)
      .map(({ packet }) => this.#answerMessage(chain, relayer, packet))
  }

  #answerMessage(chain: CounterpartyChain, relayer: Actor, packet: Packet, isForged = false): Any {
    const { proof, height } = chain.prove(packetAcknowledgementKey(CLIENT_HERE, packet.sequence))
    const said = chain.received.get(packet.sequence)?.acknowledgement ?? SUCCESS_ACKNOWLEDGEMENT
    const other = said === ERROR_ACKNOWLEDGEMENT ? SUCCESS_ACKNOWLEDGEMENT : ERROR_ACKNOWLEDGEMENT
    return message('ibc.core.channel.v2.MsgAcknowledgement', {
      packet,
      acknowledgement: { appAcknowledgements: [isForged ? other : said] },
      proofAcked: proof,
      proofHeight: height,
      signer: relayer.address,
    })
  }

  #timeouts(chain: CounterpartyChain, relayer: Actor): Any[] {
    return this.outgoing
      .filter(({ chain: there, packet }) => there === chain && !chain.received.has(packet.sequence))
      .filter(({ packet }) => packet.timeoutTimestamp <= chain.timeSeconds)
      .slice(0, PACKETS_AT_ONCE)
      .map(({ packet }) => this.#timeoutMessage(chain, relayer, packet))
  }

  #timeoutMessage(chain: CounterpartyChain, relayer: Actor, packet: Packet): Any {
    const { proof, height } = chain.prove(packetReceiptKey(CLIENT_HERE, packet.sequence))
    const signer = relayer.address
    const timeout = { packet, proofUnreceived: proof, proofHeight: height, signer }
    return message('ibc.core.channel.v2.MsgTimeout', timeout)
  }

  /** Proofs of other things, answers that nobody gave, packets that nobody sent, timeouts before time. */
  #forge(chain: CounterpartyChain, relayer: Actor, underway: readonly SentPacket[]): void {
    const { random } = this.#scene
    const out = this.outgoing.filter((each) => each.chain === chain)
    const forged: Any[] = []
    if (underway.length > 0) {
      const { packet } = random.pick(underway)
      const others = [
        { ...packet, sequence: packet.sequence + 1_000n },
        { ...packet, timeoutTimestamp: packet.timeoutTimestamp + 1n },
        { ...packet, sourceClient: 'client-8' },
        { ...packet, destinationClient: '07-tendermint-77' },
        { ...packet, payloads: [] },
      ]
      forged.push(this.#receiveMessage(chain, relayer, random.pick(others)))
    }
    if (out.length > 0) {
      const { packet } = random.pick(out)
      forged.push(this.#answerMessage(chain, relayer, packet, true))
      if (chain.received.has(packet.sequence) || packet.timeoutTimestamp > chain.timeSeconds)
        forged.push(this.#timeoutMessage(chain, relayer, packet))
    }
    for (const each of forged)
      this.#relayed('forged relay', chain, relayer, [this.update(chain, relayer), each])
  }

  /** What has ended is brought once more. */
  #repeat(chain: CounterpartyChain, relayer: Actor): void {
    const own = this.#old.filter((each) => each.chain === chain)
    if (own.length === 0) return
    const { packet } = this.#scene.random.pick(own)
    const isOurs = packet.sourceClient === chain.client
    const again = isOurs
      ? this.#answerMessage(chain, relayer, packet)
      : this.#receiveMessage(chain, relayer, packet)
    this.#relayed('repeated relay', chain, relayer, [this.update(chain, relayer), again])
  }

  #receiveMessage(chain: CounterpartyChain, relayer: Actor, packet: Packet): Any {
    const { proof, height } = chain.prove(packetCommitmentKey(packet.sourceClient, packet.sequence))
    return message('ibc.core.channel.v2.MsgRecvPacket', {
      packet,
      proofCommitment: proof,
      proofHeight: height,
      signer: relayer.address,
    })
  }

  #relayed(kind: string, chain: CounterpartyChain, relayer: Actor, messages: readonly Any[]): void {
    const at = chain.height + 1n
    const gasLimit = GAS_BASE + GAS_EACH * BigInt(messages.length)
    const isForced = this.#scene.random.chance(0.3)
    const onResult = ({ code }: { code: number }) => {
      if (code === 0 && kind !== 'relay without update' && at > chain.trusted) chain.trusted = at
    }
    this.#scene.send(kind, relayer, messages, { gasLimit, isForced, onResult })
  }

  #sent(packet: Packet): void {
    const chain = this.#scene.chains.find(({ client }) => client === packet.sourceClient)!
    this.outgoing.push({ chain, packet, isLost: this.#scene.random.chance(0.25) })
  }

  #answered(event: Event): void {
    const packet = packetOf(event)
    const chain = this.#scene.chains.find(({ client }) => client === packet.destinationClient)!
    const { appAcknowledgements } = Acknowledgement.decode(
      Buffer.from(attributeOf(event, 'encoded_acknowledgement_hex'), 'hex'),
    )
    const sent = chain.sent.get(packet.sequence)!
    sent.state = isErrorAcknowledgement(appAcknowledgements) ? 'refused' : 'taken'
    this.#scene.coverage.note(
      sent.held === undefined ? 'packet of a venue' : 'packet of a deposit',
      sent.state === 'taken' ? '0' : 'error acknowledgement',
    )
  }
}

function packetOf(event: Event): Packet {
  return Packet.decode(Buffer.from(attributeOf(event, 'encoded_packet_hex'), 'hex'))
}

function attributeOf({ attributes }: Event, key: string): string {
  return attributes.find((attribute) => attribute.key === key)?.value ?? ''
}
