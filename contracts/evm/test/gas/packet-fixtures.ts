import { writeFileSync } from 'node:fs'
import { encodeAbiParameters, keccak256, parseAbiParameters, toHex as hex } from 'viem'
import type { Hex } from 'viem'
import { privateKeyToAddress } from 'viem/accounts'
import { be64, concatBytes, fromHex, sha256, toBech32, utf8 } from '@causeway/primitives'
import { encodeEvmProof, encodeEvmProofs } from '@causeway/light-clients'
import {
  ERROR_ACKNOWLEDGEMENT,
  acknowledgementCommitment,
  encodeTradeAnswers,
  encodeTransfer,
  packetCommitment,
} from '@causeway/messaging'
import {
  commitVersion,
  encodeHeaders,
  exampleSet,
  exampleStores,
  queryProof,
  signHeader,
} from '../../scripts/example-hub.ts'
import type { Write } from '../../scripts/example-hub.ts'

/*
 * Writes test/fixtures/packets/packets.json: a hub's real store, with packets to this chain, answers to its
 * deposits and to a venue's trades, an exit claim and its line's total, and the proofs of each under one
 * attested header. The end-to-end tests and the gas figures run on it. Run it when the store's or the
 * proofs' format changes:
 *   node contracts/evm/test/gas/packet-fixtures.ts
 */

/** Where test/gas/HubStack.sol puts its contracts. */
const PLACES = {
  token: '0x00000000000000000000000000000000c0117a7e',
  vault: '0x000000000000000000000000000000000000ba17',
  venue: '0x0000000000000000000000000000000000009e4e',
} as const
/** Who locks there: Foundry's `makeAddr("bob")`. */
const BOB = privateKeyToAddress(keccak256(hex('bob')))
/** The first line of StandbyLines: its owner, then its number. */
const LINE: Hex = `${BOB.toLowerCase() as Hex}${'1'.padStart(24, '0')}`

const CHAIN_ID = 'causeway-1'
const HUB_CLIENT = 'ethereum-0'
const EVM_CLIENT = 'client-0'
const HEIGHT = 1_001n
const TIME_SECONDS = 1_800_003_600n
const BATCH = 50
const LEAVES = 40_000
/** The venue's packet comes after 150 deposits. */
const VENUE_SEQUENCE = 151n
const OTHER_STORES = ['accounts', 'bank', 'ledger', 'staking', 'transfer']

/** A packet of the hub, with its proof for a transaction that brings the header, and for a batch. */
interface PacketFixture {
  readonly port: string
  readonly proof: Hex
  readonly sequence: number
  readonly timeoutSeconds: number
  readonly value: Hex
  readonly version: string
}

interface HubPacket {
  readonly sequence: bigint
  readonly port: string
  readonly version: string
  readonly value: Uint8Array
}

/** Everything, with the keys in alphabetical order as Foundry's JSON wants them. */
export function packetFixtures(): Record<string, unknown> {
  const withdrawals = Array.from({ length: BATCH }, (_, i) => withdrawal(1_000n + BigInt(i)))
  const clearing = [marginCall(2_000n), governance(2_001n)]
  const exit = exitClaim()
  const venue = venueTrades()
  const stores = exampleStores()
  commitVersion(stores, 5_000_000n, [
    ...background(),
    ...OTHER_STORES.map((n): Write => [n, utf8(n), utf8('x')]),
  ])
  const appHash = commitVersion(stores, 5_000_001n, [
    ...[...withdrawals, ...clearing].map((p): Write => ['ibc', key(1, p.sequence), commitmentOf(p)]),
    ...answers(),
    ['ibc', key(2, VENUE_SEQUENCE), Uint8Array.of(2)],
    ['ibc', key(3, VENUE_SEQUENCE), acknowledgementCommitment([venue.acknowledgement])],
    ['ibc', exit.key, exit.value],
    ['ibc', exit.totalKey, exit.total],
  ])
  const signers = exampleSet('set of 100', 100, () => 100n)
  const message = {
    chainId: CHAIN_ID,
    height: HEIGHT,
    timeSeconds: TIME_SECONDS,
    appHash,
    nextSetHash: signers.setHash,
  }
  const prove = (path: Uint8Array): Uint8Array => queryProof(stores, 'ibc', path)
  const single = (path: Uint8Array): Hex => hex(encodeEvmProof(prove(path)))
  const batch = (kind: number, from: bigint): Hex[] =>
    encodeEvmProofs(sequences(from).map((sequence) => prove(key(kind, sequence)))).map((proof) => hex(proof))
  return {
    acknowledgements: { batch: batch(3, 1n), single: single(key(3, 1n)) },
    clearing: clearing.map((packet) => packetFixture(packet, single(key(1, packet.sequence)))),
    exit: {
      openedProof: hex(encodeEvmProof(prove(exit.key), signers.setHash)),
      openedTotalProof: hex(encodeEvmProof(prove(exit.totalKey), signers.setHash)),
      owner: exit.owner,
      recipient: exit.recipient,
    },
    header: encodeHeaders(signHeader(signers, message)),
    opened: hex(encodeEvmProof(prove(key(1, 1_000n)), signers.setHash)),
    refusals: { single: single(key(3, 60n)) },
    setHash: hex(signers.setHash),
    single: packetFixture(withdrawals[0]!, single(key(1, 1_000n))),
    timeouts: { batch: batch(2, 101n), single: single(key(2, 101n)) },
    venue: {
      acknowledgement: hex(venue.acknowledgement),
      proof: single(key(3, VENUE_SEQUENCE)),
      value: venue.value,
    },
    withdrawals: batch(1, 1_000n).map((proof, i) => packetFixture(withdrawals[i]!, proof)),
  }
}

/** 40,000 keys as an older hub has them. */
function background(): Write[] {
  return Array.from({ length: LEAVES }, (_, i) => [
    'ibc',
    concatBytes(utf8(`client-${i % 3}`), Uint8Array.of(1 + (i % 3)), be64(BigInt(i))),
    sha256(be64(BigInt(i))),
  ])
}

/** Deposits 1 to 50 were taken, 51 to 100 refused; 101 to 150 never came. */
function answers(): Write[] {
  return Array.from({ length: 2 * BATCH }, (_, i) => BigInt(i + 1)).flatMap((sequence): Write[] => {
    const answer = sequence <= BigInt(BATCH) ? utf8('{"result":"AQ=="}') : ERROR_ACKNOWLEDGEMENT
    return [
      ['ibc', key(2, sequence), Uint8Array.of(2)],
      ['ibc', key(3, sequence), acknowledgementCommitment([answer])],
    ]
  })
}

function withdrawal(sequence: bigint): HubPacket {
  const who = sha256(be64(sequence)).subarray(0, 20)
  const { value, version } = encodeTransfer(
    {
      denom: `transfer/${HUB_CLIENT}/${PLACES.token}`,
      sender: toBech32('cway', who),
      receiver: hex(who),
      amount: 1_000_000n + sequence,
      memo: '',
    },
    'application/x-solidity-abi',
  )
  return { sequence, port: 'transfer', version, value }
}

function marginCall(sequence: bigint): HubPacket {
  return clearingPacket(
    sequence,
    3,
    encodeAbiParameters(parseAbiParameters('bytes32, uint256'), [LINE, 400n]),
  )
}

/** An outflow limit of 25 % in two hours for the token. */
function governance(sequence: bigint): HubPacket {
  const limit = [`0x${PLACES.token.slice(2).padStart(64, '0')}`, 2_500, 7_200, 9].map((word) =>
    typeof word === 'string' ? word.slice(2) : word.toString(16).padStart(64, '0'),
  )
  const call: Hex = `0x${SET_OUTFLOW_LIMIT}${limit.join('')}`
  const target: Hex = `0x${PLACES.vault.slice(2).padStart(64, '0')}`
  return clearingPacket(
    sequence,
    4,
    encodeAbiParameters(parseAbiParameters('bytes32, bytes'), [target, call]),
  )
}

/** Selector of setOutflowLimit(address,(uint16,uint32,uint208)); the test that uses it would fail. */
const SET_OUTFLOW_LIMIT = 'cf6e71de'

function clearingPacket(sequence: bigint, kind: number, body: Hex): HubPacket {
  const value = fromHex(encodeAbiParameters(parseAbiParameters('uint8, bytes'), [kind, body]).slice(2))
  return { sequence, port: 'clearing', version: 'causeway-clearing-1', value }
}

function exitClaim() {
  const account = sha256(utf8('owner')).subarray(0, 20)
  const recipient: Hex = '0x000000000000000000000000000000000000beef'
  const amount = 77n
  return {
    owner: hex(account),
    recipient,
    key: utf8(`exit/${toBech32('cway', account)}/transfer/${HUB_CLIENT}/${PLACES.token}`),
    total: fromHex(encodeAbiParameters(parseAbiParameters('uint256'), [amount]).slice(2)),
    totalKey: utf8(`exit/total/transfer/${HUB_CLIENT}/${PLACES.token}`),
    value: fromHex(encodeAbiParameters(parseAbiParameters('address, uint256'), [recipient, amount]).slice(2)),
  }
}

/** Two trades in a market that the hub does not have, and what it answers (its module `clearing`). */
function venueTrades() {
  const ids = [1, 2].map((n): Hex => `${PLACES.venue}${n.toString(16).padStart(24, '0')}`)
  const [buyer, seller] = [`0x${'b0'.repeat(20)}`, `0x${'5e'.repeat(20)}`] as const
  const body = encodeAbiParameters(
    parseAbiParameters('(bytes32, bytes20, uint16, bytes20, uint16, uint64, uint64, uint64)[]'),
    [ids.map((id) => [id, buyer, 0, seller, 1, 42n, 1_000_000_000n, 65_000_000_000_000n] as const)],
  )
  return {
    acknowledgement: encodeTradeAnswers(
      ids.map((id) => ({ tradeId: fromHex(id.slice(2)), code: 'clearing/not-listed' })),
    ),
    value: encodeAbiParameters(parseAbiParameters('uint8, bytes'), [1, body]),
  }
}

function packetFixture(packet: HubPacket, proof: Hex): PacketFixture {
  return {
    port: packet.port,
    proof,
    sequence: Number(packet.sequence),
    timeoutSeconds: Number(TIME_SECONDS + 3_600n),
    value: hex(packet.value),
    version: packet.version,
  }
}

function commitmentOf({ port, version, value }: HubPacket): Uint8Array {
  return packetCommitment({
    destinationClient: EVM_CLIENT,
    timeoutTimestamp: TIME_SECONDS + 3_600n,
    payloads: [
      { sourcePort: port, destinationPort: port, version, encoding: 'application/x-solidity-abi', value },
    ],
  })
}

function sequences(from: bigint): bigint[] {
  return Array.from({ length: BATCH }, (_, i) => from + BigInt(i))
}

/** commitment (1), receipt (2) or acknowledgement (3) key on the hub. */
function key(kind: number, sequence: bigint): Uint8Array {
  return concatBytes(utf8(HUB_CLIENT), Uint8Array.of(kind), be64(sequence))
}

if (import.meta.main) {
  const target = new URL('../fixtures/packets/packets.json', import.meta.url)
  writeFileSync(target, `${JSON.stringify(packetFixtures(), undefined, 1)}\n`)
}
