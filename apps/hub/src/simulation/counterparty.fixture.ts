// A chain at the other end: a store `ibc` of the real kind under signed headers, and a plain second
// implementation of what an ICS-20 escrow does, which never looks into the hub's books.
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
import { assert, compareBytes, fromHex, toHex } from '@causeway/primitives'
import type { Any, Height } from '@causeway/protocol'
import { CommitmentProof } from '@causeway/protocol/cosmos/ics23/v1/proofs'
import { MerkleProof } from '@causeway/protocol/ibc/core/commitment/v1/commitment'
import type { Packet, Payload } from '@causeway/protocol/ibc/core/channel/v2/packet'
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

const PROVABLE_VERSIONS = 5_000n
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
  readonly #stores = MultiStore.open({
    storage: createMemoryStorage(),
    storeNames: [IBC_STORE_NAME],
    keepVersions: PROVABLE_VERSIONS,
  })
  readonly #changes = new Map<string, Uint8Array | undefined>()
  readonly #times: bigint[] = []
  readonly #headers: ForeignChain
  #nextSequence = 1n

  constructor(chainId: string, startSeconds: bigint) {
    this.chainId = chainId
    this.#times.push(startSeconds, startSeconds)
    this.#headers = new ForeignChain({
      chainId,
      kind: 'ed25519',
      validators: 1,
      genesisSeconds: startSeconds,
      secondsOf: (height) => this.#times[Number(height)]!,
    })
    // A tree without keys can prove nothing.
    this.#changes.set('00', Uint8Array.of(1))
    this.block(startSeconds + 1n)
  }

  /** Commits what was written; the header after it says so, and has a time of its own. */
  block(timeSeconds: bigint): void {
    this.height += 1n
    const last = this.#times.at(-1)!
    this.#times.push(timeSeconds > last ? timeSeconds : last + 1n)
    const changes = [...this.#changes]
      .map(([key, value]) => ({ key: fromHex(key), value }))
      .sort((a, b) => compareBytes(a.key, b.key))
    this.#stores.finalize(this.height, new Map([[IBC_STORE_NAME, changes]]))
    this.#stores.commit()
    this.#changes.clear()
  }

  /** Time of the newest header. */
  get timeSeconds(): bigint {
    return this.#times.at(-1)!
  }

  /** States of a new client at the newest header. */
  clientStates() {
    this.trusted = this.height + 1n
    return this.#headers.clientStates(this.trusted)
  }

  /** The newest header, for a client that knows `trusted`. */
  header(): Any {
    return this.#headers.update(this.height + 1n, this.trusted, this.#stores.appHash())
  }

  /** Two headers of one height. */
  misbehaviour(): Any {
    return this.#headers.misbehaviour(this.client, this.height + 1n, this.trusted)
  }

  /** A key with its proof under the newest header. */
  prove(key: Uint8Array): { proof: Uint8Array; height: Height } {
    const { proofs } = this.#stores.proveKey(IBC_STORE_NAME, key, this.height)
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
    this.#set(packetCommitmentKey(CLIENT_HERE, sequence), packetCommitment(packet))
    this.sent.set(sequence, { packet, state: 'underway', ...(held === undefined ? {} : { held }) })
    return packet
  }

  /** A packet of this chain ends: unlocked unless the hub has taken it. */
  end(sequence: bigint, isTaken: boolean): void {
    const sent = this.sent.get(sequence)
    assert(sent !== undefined, 'a packet ends once')
    this.#set(packetCommitmentKey(CLIENT_HERE, sequence), undefined)
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
    this.#set(packetReceiptKey(CLIENT_HERE, packet.sequence), RECEIPT_VALUE)
    const written = acknowledgementCommitment([acknowledgement])
    this.#set(packetAcknowledgementKey(CLIENT_HERE, packet.sequence), written)
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

  #set(key: Uint8Array, value: Uint8Array | undefined): void {
    this.#changes.set(toHex(key), value)
  }
}
