// A chain at the other end: a store `ibc` of the real kind under signed headers, and a plain second
// implementation of what an ICS-20 escrow does, which never looks into the hub's books. Its tree is made anew
// of what it is at every block, so that it can be written down and go on as the same chain.
import { MultiStore, createMemoryStorage } from '@causeway/state-tree'
import {
  ERROR_ACKNOWLEDGEMENT,
  IBC_STORE_NAME,
  RECEIPT_VALUE,
  SUCCESS_ACKNOWLEDGEMENT,
  acknowledgementCommitment,
  decodeTransfer,
  encodeTransfer,
  packetAcknowledgementKey,
  packetCommitment,
  packetCommitmentKey,
  packetReceiptKey,
} from '@causeway/messaging'
import { assert, compareBytes, fromHex, toHex, utf8 } from '@causeway/primitives'
import type { Any, Height } from '@causeway/protocol'
import { CommitmentProof } from '@causeway/protocol/cosmos/ics23/v1/proofs'
import { MerkleProof } from '@causeway/protocol/ibc/core/commitment/v1/commitment'
import { Packet } from '@causeway/protocol/ibc/core/channel/v2/packet'
import type { Payload } from '@causeway/protocol/ibc/core/channel/v2/packet'
import { messagingHeight } from '../block/messaging-context.ts'
import { ForeignChain } from '../testing/foreign-chain.fixture.ts'

/** What became of a packet that this chain has sent. */
export type SentState = 'underway' | 'taken' | 'refused'

/** A packet of this chain until it has ended here. */
export interface SentPacket {
  readonly packet: Packet
  /** What the hub has said, as far as this chain will be told. */
  state: SentState
  /** Of a transfer. */
  readonly held?: { readonly denom: string; readonly amount: bigint }
}

/** All that a chain is, in plain values. */
export interface ChainSnapshot {
  readonly client: string
  readonly trusted: string
  readonly height: string
  readonly timeSeconds: string
  readonly nextSequence: string
  readonly escrow: readonly (readonly [denom: string, amount: string])[]
  readonly sent: readonly {
    readonly packet: string
    readonly state: SentState
    readonly held?: { readonly denom: string; readonly amount: string }
  }[]
  readonly received: readonly { readonly packet: string; readonly acknowledgement: string }[]
}

/** The other chain's client of the hub. */
export const CLIENT_HERE = 'client-7'

/** The chain. */
export class CounterpartyChain {
  readonly chainId: string
  /** The hub's client of it, once it was created. */
  client = ''
  /** Height up to which the hub's client was brought. */
  trusted = 0n
  height = 0n
  /** Tokens locked here, by denomination. */
  readonly escrow = new Map<string, bigint>()
  /** Packets to the hub that haven't ended, by sequence. */
  readonly sent = new Map<bigint, SentPacket>()
  /** Packets of the hub that were taken or refused here, by sequence: the acknowledgement. */
  readonly received = new Map<bigint, { readonly packet: Packet; readonly acknowledgement: Uint8Array }>()
  /** By height of the header. */
  readonly #times = new Map<bigint, bigint>()
  readonly #headers: ForeignChain
  #stores: MultiStore
  #header: { readonly of: string; readonly message: Any } | undefined
  #nextSequence = 1n
  /** What the tree was made of. */
  #committed = ''

  constructor(chainId: string, startSeconds: bigint, from?: ChainSnapshot) {
    this.chainId = chainId
    this.#times.set(0n, startSeconds).set(1n, startSeconds)
    this.#headers = new ForeignChain({
      chainId,
      kind: 'ed25519',
      validators: 1,
      genesisSeconds: startSeconds,
      secondsOf: (height) => this.#times.get(height)!,
    })
    if (from !== undefined) this.#restore(from)
    this.#stores = this.#tree()
    if (from === undefined) this.block(startSeconds + 1n)
  }

  /** Commits what it is; the header after it says so, and has a time of its own. */
  block(timeSeconds: bigint): void {
    const last = this.timeSeconds
    this.height += 1n
    this.#times.set(this.height + 1n, timeSeconds > last ? timeSeconds : last + 1n)
    this.#stores = this.#tree()
  }

  /** Whether it is something else than its newest header says. */
  get hasChanged(): boolean {
    return this.#text() !== this.#committed
  }

  /** Time of the newest header. */
  get timeSeconds(): bigint {
    return this.#times.get(this.height + 1n)!
  }

  /** States of a new client at the newest header. */
  clientStates() {
    this.trusted = this.height + 1n
    return this.#headers.clientStates(this.trusted)
  }

  /** The newest header, for a client that knows `trusted`. */
  header(): Any {
    const of = `${this.height}/${this.trusted}`
    if (this.#header?.of !== of) {
      const message = this.#headers.update(this.height + 1n, this.trusted, this.#stores.appHash())
      this.#header = { of, message }
    }
    return this.#header.message
  }

  /** Two headers of one height. */
  misbehaviour(): Any {
    return this.#headers.misbehaviour(this.client, this.height + 1n, this.trusted)
  }

  /** A key with its proof under the newest header. */
  prove(key: Uint8Array): { proof: Uint8Array; height: Height } {
    const { proofs } = this.#stores.proveKey(IBC_STORE_NAME, key, 1n)
    const proof = MerkleProof.encode({ proofs: proofs.map((each) => CommitmentProof.decode(each)) }).finish()
    return { proof, height: messagingHeight(this.chainId, this.height + 1n) }
  }

  /** Locks tokens and sends word of it. */
  deposit(terms: { denom: string; amount: bigint; receiver: string; timeoutSeconds: bigint }): Packet {
    const { denom, amount, receiver, timeoutSeconds } = terms
    const payload = encodeTransfer({ denom, amount, sender: 'zone1depositor', receiver, memo: '' })
    this.escrow.set(denom, (this.escrow.get(denom) ?? 0n) + amount)
    return this.send(payload, timeoutSeconds, { denom, amount })
  }

  /** Sends any packet. */
  send(payload: Payload, timeoutTimestamp: bigint, held?: SentPacket['held']): Packet {
    const sequence = this.#nextSequence++
    const ends = { sourceClient: CLIENT_HERE, destinationClient: this.client }
    const packet = { sequence, ...ends, timeoutTimestamp, payloads: [payload] }
    this.sent.set(sequence, { packet, state: 'underway', ...(held === undefined ? {} : { held }) })
    return packet
  }

  /** A packet of this chain ends: unlocked unless the hub has taken it. */
  end(sequence: bigint, isTaken: boolean): void {
    const sent = this.sent.get(sequence)
    assert(sent !== undefined, 'a packet ends once')
    this.sent.delete(sequence)
    if (isTaken || sent.held === undefined) return
    const { denom, amount } = sent.held
    this.escrow.set(denom, this.escrow.get(denom)! - amount)
  }

  /** Takes a packet of the hub, or refuses it; pays out what is locked here. */
  receive(packet: Packet, isRefused: boolean): void {
    assert(!this.received.has(packet.sequence), 'a packet is received once')
    const acknowledgement = isRefused ? ERROR_ACKNOWLEDGEMENT : this.#pay(packet)
    this.received.set(packet.sequence, { packet, acknowledgement })
  }

  /** Forgets a packet of the hub that has ended there: nobody asks for it again. */
  forget(sequence: bigint): void {
    this.received.delete(sequence)
  }

  /** The denomination that a packet of the hub gives back here; nothing for one of the hub's own token. */
  returned(packet: Packet): { denom: string; amount: bigint } | undefined {
    const { denom, amount } = decodeTransfer(packet.payloads[0]!)
    const prefix = `transfer/${packet.sourceClient}/`
    return denom.startsWith(prefix) ? { denom: denom.slice(prefix.length), amount } : undefined
  }

  #pay(packet: Packet): Uint8Array {
    const returned = this.returned(packet)
    if (returned !== undefined) {
      const held = this.escrow.get(returned.denom) ?? 0n
      assert(held >= returned.amount, `${this.chainId} owes ${returned.amount} and holds ${held}`)
      this.escrow.set(returned.denom, held - returned.amount)
    }
    return SUCCESS_ACKNOWLEDGEMENT
  }

  /** Everything, to go on with in another process. */
  snapshot(): ChainSnapshot {
    const { client, trusted, height, timeSeconds } = this
    return {
      ...{ client, trusted: `${trusted}`, height: `${height}`, timeSeconds: `${timeSeconds}` },
      nextSequence: `${this.#nextSequence}`,
      escrow: [...this.escrow].map(([denom, amount]) => [denom, `${amount}`]),
      sent: [...this.sent.values()].map(({ packet, state, held }) => ({
        ...{ packet: textOf(packet), state },
        ...(held === undefined ? {} : { held: { denom: held.denom, amount: `${held.amount}` } }),
      })),
      received: [...this.received.values()].map(({ packet, acknowledgement }) => ({
        ...{ packet: textOf(packet), acknowledgement: toHex(acknowledgement) },
      })),
    }
  }

  #restore(from: ChainSnapshot): void {
    this.client = from.client
    this.trusted = BigInt(from.trusted)
    this.height = BigInt(from.height)
    this.#times.set(this.height + 1n, BigInt(from.timeSeconds))
    this.#nextSequence = BigInt(from.nextSequence)
    for (const [denom, amount] of from.escrow) this.escrow.set(denom, BigInt(amount))
    for (const { packet: text, state, held } of from.sent) {
      const packet = Packet.decode(fromHex(text))
      const amounts = held === undefined ? {} : { held: { ...held, amount: BigInt(held.amount) } }
      this.sent.set(packet.sequence, { packet, state, ...amounts })
    }
    for (const { packet: text, acknowledgement } of from.received) {
      const packet = Packet.decode(fromHex(text))
      this.received.set(packet.sequence, { packet, acknowledgement: fromHex(acknowledgement) })
    }
  }

  /** What it is, as a tree of one version. */
  #tree(): MultiStore {
    // A tree without keys can prove nothing.
    const written: [key: Uint8Array, value: Uint8Array][] = [[Uint8Array.of(0), Uint8Array.of(1)]]
    for (const [denom, amount] of this.escrow) written.push([escrowKey(denom), utf8(`${amount}`)])
    for (const { packet } of this.sent.values())
      written.push([packetCommitmentKey(CLIENT_HERE, packet.sequence), packetCommitment(packet)])
    for (const [sequence, { acknowledgement }] of this.received) {
      written.push([packetReceiptKey(CLIENT_HERE, sequence), RECEIPT_VALUE])
      const answered = acknowledgementCommitment([acknowledgement])
      written.push([packetAcknowledgementKey(CLIENT_HERE, sequence), answered])
    }
    const changes = written.map(([key, value]) => ({ key, value })).sort((a, b) => compareBytes(a.key, b.key))
    const stores = MultiStore.open({
      storage: createMemoryStorage(),
      storeNames: [IBC_STORE_NAME],
      keepVersions: 1n,
    })
    stores.finalize(1n, new Map([[IBC_STORE_NAME, changes]]))
    stores.commit()
    this.#committed = this.#text()
    return stores
  }

  #text(): string {
    const held = [...this.escrow].map(([denom, amount]) => `${denom} ${amount}`)
    return [[...this.sent.keys()].join(), [...this.received.keys()].join(), held.join()].join('/')
  }
}

const texts = new WeakMap<Packet, string>()

/** A packet in hexadecimal digits. */
export function textOf(packet: Packet): string {
  let text = texts.get(packet)
  if (text === undefined) texts.set(packet, (text = toHex(Packet.encode(packet).finish())))
  return text
}

/** Where a chain says how much of a token it has locked. */
export function escrowKey(denom: string): Uint8Array {
  return utf8(`escrow/${denom}`)
}
