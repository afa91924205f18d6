import {
  ERROR_ACKNOWLEDGEMENT,
  SUCCESS_ACKNOWLEDGEMENT,
  TRANSFER_ENCODINGS,
  TRANSFER_PORT,
  TRANSFER_VERSION,
  acknowledgementCommitment,
  packetAcknowledgementKey,
  packetCommitment,
  packetCommitmentKey,
} from '@causeway/messaging'
import { compareBytes, concatBytes, uvarint, utf8 } from '@causeway/primitives'
import { FungibleTokenPacketData } from '@causeway/protocol/ibc/applications/transfer/v1/packet'
import type { Packet, Payload } from '@causeway/protocol/ibc/core/channel/v2/packet'

/** The first client of each chain: simd and the hub follow each other with it. */
export const CLIENT = '07-tendermint-0'
/**
 * The second on the hub and on simd: it follows the zone. (On the zone they follow the hub and simd, in
 * this order.)
 */
export const ZONE_CLIENT = '07-tendermint-1'

/** Who is attacked. */
export type Attacked = 'hub' | 'simd'

/** A key of a chain's packet store. */
export interface StoredEntry {
  readonly key: Uint8Array
  readonly value: Uint8Array
}

/**
 * A packet that the zone's state holds, so that a true proof of it exists, and what each chain must make of
 * it.
 */
export interface HostilePayload {
  readonly name: string
  readonly payloads: (attacked: Attacked, receiver: string) => readonly Payload[]
  /**
   * `error`: received, nothing given, the universal error acknowledged. `success`: taken as what it is.
   * Else the refusal.
   */
  readonly hub: string
  readonly simd: string
}

/** An answer that the zone's state holds, true proof included, to a packet that was sent to it. */
export interface HostileAnswer {
  readonly name: string
  readonly answers: readonly Uint8Array[]
  readonly hub: string
  readonly simd: string
}

const FIRST_SEQUENCE = 101n
const TIMEOUT_SECONDS = BigInt(Math.floor(Date.now() / 1000)) + 21_600n
const DEEP = 10_000
const nativeOf = { hub: 'ucway', simd: 'stake' } as const
/** The zone's client of the attacked chain. */
const zoneClientOf = { hub: CLIENT, simd: ZONE_CLIENT } as const

/** What the zone, whose validators sign everything the attacker likes, sends. */
export const HOSTILE_PAYLOADS: readonly HostilePayload[] = [
  {
    name: 'releases of the native token what was never escrowed',
    payloads: (attacked, receiver) => [
      tokens({
        denom: `transfer/${zoneClientOf[attacked]}/${nativeOf[attacked]}`,
        receiver,
        amount: '1000000',
      }),
    ],
    hub: 'error',
    simd: 'error',
  },
  {
    name: 'releases the collateral that another chain escrowed',
    payloads: (attacked, receiver) => [
      tokens({ denom: `transfer/${zoneClientOf[attacked]}/stake`, receiver, amount: '1000' }),
    ],
    hub: 'error',
    simd: 'error',
  },
  {
    name: 'mints a token of the same name: another denomination, never the listed asset',
    payloads: (_, receiver) => [tokens({ denom: 'stake', receiver, amount: '1000000' })],
    hub: 'success',
    simd: 'success',
  },
  {
    name: 'an amount of 0',
    payloads: (_, receiver) => [tokens({ receiver, amount: '0' })],
    hub: 'error',
    simd: 'error',
  },
  {
    name: 'a negative amount',
    payloads: (_, receiver) => [tokens({ receiver, amount: '-1' })],
    hub: 'error',
    simd: 'error',
  },
  {
    name: 'an amount of 2^256',
    payloads: (_, receiver) => [tokens({ receiver, amount: (2n ** 256n).toString() })],
    hub: 'error',
    simd: 'error',
  },
  {
    name: 'a memo of 32,769 bytes',
    payloads: (_, receiver) => [tokens({ receiver, memo: 'm'.repeat(32_769) })],
    hub: 'error',
    simd: 'error',
  },
  {
    name: 'a denomination of 200 hops',
    payloads: (_, receiver) => [
      tokens({ denom: `${'transfer/07-tendermint-9/'.repeat(200)}bomb`, receiver }),
    ],
    hub: 'error',
    simd: 'success',
  },
  {
    name: 'a receiver that is no address',
    payloads: () => [tokens({ receiver: 'nobody' })],
    hub: 'error',
    simd: 'error',
  },
  {
    name: 'JSON with a second amount',
    payloads: (_, receiver) => [
      json(`{"denom":"bomb","amount":"1","sender":"me","receiver":"${receiver}","amount":"9","memo":""}`),
    ],
    hub: 'error',
    simd: 'success',
  },
  {
    name: 'JSON nested ten thousand deep',
    payloads: () => [json('['.repeat(DEEP) + ']'.repeat(DEEP))],
    hub: 'error',
    simd: 'error',
  },
  {
    name: 'protobuf nested ten thousand deep',
    payloads: () => [payload(nested(DEEP), TRANSFER_ENCODINGS.protobuf)],
    hub: 'error',
    simd: 'error',
  },
  {
    name: 'an unknown application',
    payloads: (_, receiver) => [{ ...tokens({ receiver }), destinationPort: 'treasury' }],
    hub: 'error',
    simd: 'undefined/111222',
  },
  {
    name: 'a good payload before a bad one: neither counts',
    payloads: (_, receiver) => [tokens({ receiver }), tokens({ receiver: 'nobody' })],
    hub: 'error',
    simd: 'mempool:channelv2/2 exactly one payload',
  },
  {
    name: 'a payload of more than 262,144 bytes',
    payloads: (_, receiver) => [tokens({ receiver, memo: 'm'.repeat(262_144) })],
    hub: 'ibc/27',
    simd: 'mempool:channelv2/2',
  },
]

/** What the zone answers. The same packet stays in flight as long as the answer is refused. */
export const HOSTILE_ANSWERS: readonly HostileAnswer[] = [
  {
    name: 'success with a blank inside',
    answers: [utf8('{"result": "AQ=="}')],
    hub: 'transfer/60',
    simd: 'ibc/12',
  },
  {
    name: 'success in base64 without padding',
    answers: [utf8('{"result":"AQ"}')],
    hub: 'transfer/60',
    simd: 'ibc/4',
  },
  {
    name: 'success and error at once',
    answers: [utf8('{"result":"AQ==","error":"x"}')],
    hub: 'transfer/60',
    simd: 'ibc/12',
  },
  {
    name: 'an error of its own making',
    answers: [utf8('{"error":"no"}')],
    hub: 'transfer/60',
    simd: 'ibc/8',
  },
  { name: 'no JSON', answers: [Uint8Array.of(0xff, 0xfe)], hub: 'transfer/60', simd: 'ibc/4' },
  {
    name: 'two answers to one payload',
    answers: [SUCCESS_ACKNOWLEDGEMENT, SUCCESS_ACKNOWLEDGEMENT],
    hub: 'ibc/43',
    simd: 'mempool:channelv2/5',
  },
  {
    name: 'success beside the universal error',
    answers: [SUCCESS_ACKNOWLEDGEMENT, ERROR_ACKNOWLEDGEMENT],
    hub: 'ibc/42',
    simd: 'mempool:channelv2/5',
  },
]

/** The packet that carries the payloads at an index of `HOSTILE_PAYLOADS`. */
export function hostilePacket(attacked: Attacked, index: number, receiver: string): Packet {
  return {
    sequence: FIRST_SEQUENCE + BigInt(index),
    sourceClient: zoneClientOf[attacked],
    destinationClient: ZONE_CLIENT,
    timeoutTimestamp: TIMEOUT_SECONDS,
    payloads: [...HOSTILE_PAYLOADS[index]!.payloads(attacked, receiver)],
  }
}

/**
 * A packet in a lookalike's state that would empty the escrow of simd, or credit what simd never took in on
 * the hub.
 */
export function stolenPacket(attacked: Attacked, receiver: string): Packet {
  const denom = attacked === 'simd' ? `transfer/${CLIENT}/stake` : 'stake'
  return {
    sequence: FIRST_SEQUENCE,
    sourceClient: CLIENT,
    destinationClient: CLIENT,
    timeoutTimestamp: TIMEOUT_SECONDS,
    payloads: [tokens({ denom, receiver, amount: '600' })],
  }
}

/** The packet stores that the attacker's chains start with, keys ascending. */
export function hostileEntries(receivers: Readonly<Record<Attacked, string>>) {
  const commitments = (['hub', 'simd'] as const).flatMap((attacked) =>
    HOSTILE_PAYLOADS.map((_, index) => committed(hostilePacket(attacked, index, receivers[attacked]))),
  )
  const answers = (['hub', 'simd'] as const).flatMap((attacked) =>
    HOSTILE_ANSWERS.map(({ answers: given }, index) => ({
      key: packetAcknowledgementKey(zoneClientOf[attacked], BigInt(index + 1)),
      value: acknowledgementCommitment(given),
    })),
  )
  return {
    zone: [...commitments, ...answers].sort((a, b) => compareBytes(a.key, b.key)),
    lookalikeOfHub: [committed(stolenPacket('simd', receivers.simd))],
    lookalikeOfZone: [committed(stolenPacket('hub', receivers.hub))],
  }
}

/** `depth` messages, each in field 1 of the one around it. */
export function nested(depth: number): Uint8Array {
  let bytes: Uint8Array = new Uint8Array()
  for (let level = 0; level < depth; level += 1)
    bytes = concatBytes(Uint8Array.of(0x0a), uvarint(bytes.length), bytes)
  return bytes
}

function committed(packet: Packet): StoredEntry {
  return { key: packetCommitmentKey(packet.sourceClient, packet.sequence), value: packetCommitment(packet) }
}

function tokens(data: Partial<FungibleTokenPacketData>): Payload {
  const whole = { denom: 'bomb', amount: '1', sender: 'me', receiver: '', memo: '', ...data }
  return payload(FungibleTokenPacketData.encode(whole).finish(), TRANSFER_ENCODINGS.protobuf)
}

function json(text: string): Payload {
  return payload(utf8(text), TRANSFER_ENCODINGS.json)
}

function payload(value: Uint8Array, encoding: string): Payload {
  return {
    sourcePort: TRANSFER_PORT,
    destinationPort: TRANSFER_PORT,
    version: TRANSFER_VERSION,
    encoding,
    value,
  }
}
