// The chains that the tokens of a hub under stress come from: three, with an escrow each, and relayers that
// can be cut off. What is on its way is written down with them, so that a run can stop and go on.
import { createTendermintClient } from '@causeway/light-clients'
import {
  IBC_STORE_NAME,
  SUCCESS_ACKNOWLEDGEMENT,
  createClient,
  createLightClientRegistry,
  isErrorAcknowledgement,
  packetAcknowledgementKey,
  packetCommitmentKey,
  packetReceiptKey,
  registerCounterparty,
} from '@causeway/messaging'
import { assert, fromHex, toHex, utf8 } from '@causeway/primitives'
import type { JsonValue } from '@causeway/primitives'
import type { Any } from '@causeway/protocol'
import { Acknowledgement, Packet } from '@causeway/protocol/ibc/core/channel/v2/packet'
import type { Event } from '@causeway/protocol/tendermint/abci/types'
import { messagingContext } from '../block/messaging-context.ts'
import { CLIENT_HERE, CounterpartyChain, textOf } from '../simulation/counterparty.fixture.ts'
import type { ChainSnapshot } from '../simulation/counterparty.fixture.ts'
import type { Random } from '../simulation/random.fixture.ts'
import { memoryContext } from '../testing/memory-context.fixture.ts'
import { message } from '../testing/messages.fixture.ts'
import { verifyExtensions } from '../testing/validators.fixture.ts'
import type { StressWorld } from './world.fixture.ts'

/** What comes from where. */
export const HOMES = [
  { chainId: 'zone-7', base: 'uusd', asset: 'usdz' },
  { chainId: 'zone-8', base: 'uusd', asset: 'usdz' },
  { chainId: 'zone-9', base: 'aeth', asset: 'eth' },
] as const
/** The home of ether. */
export const HOME_OF_ETHER = 2

/** A packet of the hub that hasn't ended there. */
export interface Outgoing {
  readonly home: number
  readonly packet: Packet
  /** Nobody will ever take it. */
  readonly isLost: boolean
}

/** All that they are, in plain values. */
export interface HomesSnapshot {
  readonly chains: readonly ChainSnapshot[]
  readonly outgoing: readonly { readonly home: number; readonly packet: string; readonly isLost: boolean }[]
}

const RELAYED_EVERY = 4n
const PACKETS_AT_ONCE = 12
const GAS = { base: 400_000n, each: 150_000n } as const

/** The chains. */
export class Homes {
  readonly chains: readonly CounterpartyChain[]
  outgoing: readonly Outgoing[] = []
  readonly #startSeconds: bigint

  constructor(startSeconds: bigint) {
    this.#startSeconds = startSeconds
    this.chains = HOMES.map(({ chainId }, i) => {
      const chain = new CounterpartyChain(chainId, startSeconds - 10n)
      chain.client = `07-tendermint-${i}`
      return chain
    })
  }

  /** Locks what a genesis says to be locked, in the order of homes; gives the entries of its store `ibc`. */
  open(escrowed: readonly bigint[]): JsonValue {
    const context = memoryContext([IBC_STORE_NAME], { timeSeconds: this.#startSeconds })
    const messaging = messagingContext(context)
    const lightClients = createLightClientRegistry([
      createTendermintClient({ verifySignatures: verifyExtensions }),
    ])
    const counterpartyMerklePrefix = [utf8('ibc'), new Uint8Array(0)]
    this.chains.forEach((chain, i) => {
      chain.escrow.set(HOMES[i]!.base, escrowed[i]!)
      chain.block(this.#startSeconds - 5n)
      const signer = 'genesis'
      const { clientId } = createClient(messaging, lightClients, { ...chain.clientStates(), signer })
      assert(clientId === chain.client, 'clients are counted in the order of homes')
      const counterparty = { counterpartyClientId: CLIENT_HERE, counterpartyMerklePrefix }
      registerCounterparty(messaging, { clientId, ...counterparty, signer })
      // A client begins with a header that says nothing of state: the next one does.
      chain.block(this.#startSeconds - 3n)
    })
    const entries = [...context.store(IBC_STORE_NAME).iterate()]
    return { entries: entries.map(([key, value]) => ({ key: toHex(key), value: toHex(value) })) }
  }

  /** Locks tokens and sends word of it; units of the base token. */
  deposit(
    world: StressWorld,
    home: number,
    terms: { amount: bigint; receiver: string; seconds: bigint },
  ): void {
    const { amount, receiver, seconds } = terms
    const timeoutSeconds = world.timeSeconds + seconds
    this.chains[home]!.deposit({ denom: HOMES[home]!.base, amount, receiver, timeoutSeconds })
  }

  /** Before a block: what chains do, and what relayers bring unless they are cut off. */
  act(world: StressWorld, isCutOff: boolean, random: Random): void {
    const isRelayed = !isCutOff && world.height % RELAYED_EVERY === 0n
    this.outgoing = this.outgoing.filter(({ home, packet }) => {
      if (isLive(world, packet)) return true
      this.chains[home]!.forget(packet.sequence)
      return false
    })
    this.chains.forEach((chain, home) => {
      endDeposits(world, chain, isRelayed)
      if (isRelayed) this.#take(world, home, random)
      if (chain.hasChanged) chain.block(world.timeSeconds)
      if (isRelayed) this.#relay(world, home)
    })
  }

  /** What a block has sent, answered and learnt. */
  see(events: readonly Event[], random: Random): void {
    for (const event of events) {
      if (event.type === 'send_packet') this.#sent(packetOf(event), random)
      if (event.type === 'write_acknowledgement') this.#answered(event)
      if (event.type === 'update_client') this.#updated(event)
    }
  }

  /** Everything, to go on with. */
  snapshot(): HomesSnapshot {
    const outgoing = this.outgoing.map(({ home, packet, isLost }) => ({
      ...{ home, isLost, packet: textOf(packet) },
    }))
    return { chains: this.chains.map((chain) => chain.snapshot()), outgoing }
  }

  /** Goes on from there. */
  restore({ chains, outgoing }: HomesSnapshot): void {
    const restored = HOMES.map(
      ({ chainId }, i) => new CounterpartyChain(chainId, this.#startSeconds - 10n, chains[i]),
    )
    ;(this as { chains: readonly CounterpartyChain[] }).chains = restored
    this.outgoing = outgoing.map((each) => ({ ...each, packet: Packet.decode(fromHex(each.packet)) }))
  }

  /** Takes packets of the hub, in time; refuses one now and then. */
  #take(world: StressWorld, home: number, random: Random): void {
    const chain = this.chains[home]!
    for (const { packet, isLost } of this.outgoing.filter((each) => each.home === home)) {
      if (isLost || chain.received.has(packet.sequence)) continue
      if (packet.timeoutTimestamp <= later(chain.timeSeconds, world.timeSeconds) + 2n) continue
      chain.receive(packet, random.chance(0.05))
    }
  }

  #relay(world: StressWorld, home: number): void {
    const chain = this.chains[home]!
    const { relayer } = world.population
    const signer = relayer.address
    const own = this.outgoing.filter((each) => each.home === home)
    const arriving = [...chain.sent.values()].filter(
      ({ state, packet }) => state === 'underway' && packet.timeoutTimestamp > world.timeSeconds + 20n,
    )
    const messages: Any[] = [
      ...arriving.slice(0, PACKETS_AT_ONCE).map(({ packet }) => receiveMessage(chain, packet, signer)),
      ...own
        .filter(({ packet }) => chain.received.has(packet.sequence))
        .slice(0, PACKETS_AT_ONCE)
        .map(({ packet }) => answerMessage(chain, packet, signer)),
      ...own
        .filter(({ packet }) => !chain.received.has(packet.sequence))
        .filter(({ packet }) => packet.timeoutTimestamp <= chain.timeSeconds)
        .slice(0, PACKETS_AT_ONCE)
        .map(({ packet }) => timeoutMessage(chain, packet, signer)),
    ]
    if (messages.length === 0) return
    const clientMessage = chain.header()
    const update = message('ibc.core.client.v1.MsgUpdateClient', {
      ...{ clientId: chain.client, clientMessage, signer },
    })
    const all = [...(chain.trusted < chain.height + 1n ? [update] : []), ...messages]
    world.send('relay', relayer, all, GAS.base + GAS.each * BigInt(all.length))
  }

  #sent(packet: Packet, random: Random): void {
    const home = this.chains.findIndex(({ client }) => client === packet.sourceClient)
    this.outgoing = [...this.outgoing, { home, packet, isLost: random.chance(0.05) }]
  }

  #answered(event: Event): void {
    const packet = packetOf(event)
    const chain = this.chains.find(({ client }) => client === packet.destinationClient)!
    const { appAcknowledgements } = Acknowledgement.decode(
      fromHex(attributeOf(event, 'encoded_acknowledgement_hex')),
    )
    const sent = chain.sent.get(packet.sequence)!
    sent.state = isErrorAcknowledgement(appAcknowledgements) ? 'refused' : 'taken'
  }

  #updated(event: Event): void {
    const chain = this.chains.find(({ client }) => client === attributeOf(event, 'client_id'))!
    const height = BigInt(attributeOf(event, 'consensus_heights').split('-').at(-1)!)
    if (height > chain.trusted) chain.trusted = height
  }
}

/** Ends what the hub has answered, once word of it came, and what came too late. */
function endDeposits(world: StressWorld, chain: CounterpartyChain, isRelayed: boolean): void {
  if (!isRelayed) return
  const store = world.state.store(IBC_STORE_NAME)
  for (const [sequence, { packet, state }] of [...chain.sent]) {
    if (state !== 'underway') chain.end(sequence, state === 'taken')
    else if (packet.timeoutTimestamp <= world.timeSeconds) {
      assert(!store.has(packetReceiptKey(chain.client, sequence)), 'what was received was seen')
      chain.end(sequence, false)
    }
  }
}

function isLive(world: StressWorld, { sourceClient, sequence }: Packet): boolean {
  return world.state.store(IBC_STORE_NAME).has(packetCommitmentKey(sourceClient, sequence))
}

function receiveMessage(chain: CounterpartyChain, packet: Packet, signer: string): Any {
  const { proof, height } = chain.prove(packetCommitmentKey(CLIENT_HERE, packet.sequence))
  const fields = { packet, proofCommitment: proof, proofHeight: height, signer }
  return message('ibc.core.channel.v2.MsgRecvPacket', fields)
}

function answerMessage(chain: CounterpartyChain, packet: Packet, signer: string): Any {
  const { proof, height } = chain.prove(packetAcknowledgementKey(CLIENT_HERE, packet.sequence))
  const said = chain.received.get(packet.sequence)?.acknowledgement ?? SUCCESS_ACKNOWLEDGEMENT
  const acknowledgement = { appAcknowledgements: [said] }
  const fields = { packet, acknowledgement, proofAcked: proof, proofHeight: height, signer }
  return message('ibc.core.channel.v2.MsgAcknowledgement', fields)
}

function timeoutMessage(chain: CounterpartyChain, packet: Packet, signer: string): Any {
  const { proof, height } = chain.prove(packetReceiptKey(CLIENT_HERE, packet.sequence))
  const fields = { packet, proofUnreceived: proof, proofHeight: height, signer }
  return message('ibc.core.channel.v2.MsgTimeout', fields)
}

function packetOf(event: Event): Packet {
  return Packet.decode(fromHex(attributeOf(event, 'encoded_packet_hex')))
}

function attributeOf({ attributes }: Event, name: string): string {
  const found = attributes.find(({ key }) => key === name)?.value
  assert(found !== undefined, `an event without ${name}`)
  return found
}

function later(one: bigint, other: bigint): bigint {
  return one > other ? one : other
}
