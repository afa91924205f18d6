// Every forged packet message and what it must be answered with: on the hub, and on simd.
import { ERROR_ACKNOWLEDGEMENT, SUCCESS_ACKNOWLEDGEMENT } from '@causeway/messaging'
import { concatBytes, utf8 } from '@causeway/primitives'
import { prove } from './attack-journey.ts'
import type { Journey } from './attack-journey.ts'
import { refused } from './attack-table.ts'
import type { Attack } from './attack-table.ts'
import {
  ack,
  asCounterparty,
  flipped,
  groups,
  lower,
  recv,
  recvAs,
  recvByZoneClient,
  recvFromLookalike,
  recvProven,
  reproven,
  retold,
  timeout,
  timeoutEarly,
  upper,
  withGroups,
  withOtherSibling,
  withThirdChild,
} from './forged-packets.ts'
import type { Answered, TimedOut } from './forged-packets.ts'

const NOISE = utf8('trust me')
const NOTHING = new Uint8Array()

/** Forged `MsgRecvPacket`s. */
export const RECEIVE: readonly Attack<Journey>[] = [
  ...refused<Journey>('ics23/21', "commitment/2 index 0: provided value doesn't match", {
    'a larger amount': (j) => recv(j, { packet: retold(j.paid, { amount: '1000000' }) }),
    'another receiver': (j) => recv(j, { packet: retold(j.paid, { receiver: j.target.attacker.address }) }),
    'another token': (j) => recv(j, { packet: retold(j.paid, { denom: 'gold' }) }),
    'a later timeout': (j) => recvAs(j, { timeoutTimestamp: j.paid.timeoutTimestamp + 1n }),
    'another version': (j) => recvAs(j, { payloads: [{ ...j.paid.payloads[0]!, version: 'ics20-2' }] }),
    "to a stranger's client of the same chain": (j) => recvAs(j, { destinationClient: j.strangerOnTarget }),
    'another value in the lower proof': (j) =>
      recv(j, { proof: lower(j, (p) => ({ ...p, value: flipped(p.value) })) }),
  }),
  ...refused<Journey>('ics23/21', 'mempool:channelv2/2 exactly one payload', {
    'its payload twice': (j) => recvAs(j, { payloads: [...j.paid.payloads, ...j.paid.payloads] }),
  }),
  ...refused<Journey>('ics23/21', "commitment/2 index 1: provided value doesn't match", {
    'an inner node left out': (j) => recv(j, { proof: lower(j, (p) => ({ ...p, path: p.path.slice(1) })) }),
    'another value in the upper proof': (j) =>
      recv(j, { proof: upper(j, (p) => ({ ...p, value: flipped(p.value) })) }),
  }),
  ...refused<Journey>('ics23/20', "commitment/2 index 0: provided key doesn't match", {
    'a later sequence': (j) => recvAs(j, { sequence: 99n }),
    "in our counterparty's name, but sent by a stranger's client": (j) =>
      recvProven(j, j.strange, asCounterparty(j.strange)),
    'the proof of another packet': (j) => recvProven(j, j.refused, j.paid),
    'another key in the lower proof': (j) =>
      recv(j, { proof: lower(j, (p) => ({ ...p, key: flipped(p.key) })) }),
  }),
  ...refused<Journey>('ics23/22', 'commitment/2 did not commit to expected root', {
    'sent on a chain that looks like the source': recvFromLookalike,
    'the proof of one height under the root of another': (j) => recv(j, { height: j.later }),
    'another sibling in the upper proof': (j) => recv(j, { proof: upper(j, withOtherSibling) }),
  }),
  ...refused<Journey>('ibc/81', 'clientv2/34 does not match packet source id', {
    "from a stranger's client that names ours as its counterparty, truly proven": (j) =>
      recvProven(j, j.strange),
  }),
  ...refused<Journey>('ics23/21', 'clientv2/34 does not match packet source id', {
    'to our client of another chain': recvByZoneClient,
  }),
  ...refused<Journey>('ibc/80', 'clientv2/35', {
    'to a client that nobody has': (j) => recvAs(j, { destinationClient: '07-tendermint-999' }),
  }),
  ...refused<Journey>('ibc/1', 'mempool:host/2', {
    'to what is no client id': (j) => recvAs(j, { destinationClient: '../clients' }),
  }),
  ...refused<Journey>('ibc/20', 'mempool:channelv2/2 sequence cannot be 0', {
    'sequence 0': (j) => recvAs(j, { sequence: 0n }),
  }),
  ...refused<Journey>('ibc/21', 'mempool:channelv2/2 exactly one payload', {
    'no payload': (j) => recvAs(j, { payloads: [] }),
  }),
  ...refused<Journey>('07-tendermint/29', 'ibc/9', {
    'a height above all known ones': (j) => recv(j, { height: j.later + 100_000n }),
  }),
  ...refused<Journey>('07-tendermint/21', 'client/7', {
    'a height below all known ones': (j) => recv(j, { height: 1n }),
    'height 0': (j) => recv(j, { height: 0n }),
  }),
  ...refused<Journey>('ibc/6', 'mempool:commitment/2', {
    'no proof': (j) => recv(j, { proof: NOTHING }),
  }),
  ...refused<Journey>('ics23/1', 'commitment/2 failed to unmarshal', {
    'a proof of noise': (j) => recv(j, { proof: NOISE }),
  }),
  // In a proof simd skips what it does not know: it would take a true proof with these.
  ...refused<Journey>('ics23/1', "commitment/2 index 0: provided value doesn't match", {
    'a larger amount, with ten thousand groups in the proof': (j) =>
      recv(j, { packet: retold(j.paid, { amount: '1000000' }), proof: concatBytes(j.proof, groups()) }),
  }),
  ...refused<Journey>('mempool:protocol/20', 'mempool:sdk/2 errUnknownField', {
    'a message with ten thousand groups': (j) => withGroups(recv(j)),
  }),
  ...refused<Journey>('ics23/2', 'commitment/2 failed to unmarshal', {
    'a proof of 300 kB': (j) => recv(j, { proof: concatBytes(j.proof, new Uint8Array(300_000)) }),
  }),
  ...refused<Journey>('ics23/3', 'commitment/2 must be existence proof', {
    'a proof that something is absent': async (j) =>
      recv(j, { proof: await prove(j.source, 'timeout', { ...j.paid, sequence: 99n }, j.height) }),
  }),
  ...refused<Journey>('ics23/40', 'commitment/4', {
    'the lower of the two proofs alone': (j) => recv(j, { proof: reproven(j, ([one]) => [one!]) }),
    'four hundred proofs': (j) =>
      recv(j, { proof: reproven(j, ([one]) => Array.from({ length: 400 }, () => one!)) }),
  }),
  ...refused<Journey>('ics23/10', 'commitment/2 index 0: leaf,', {
    'the proofs in the wrong order': (j) => recv(j, { proof: reproven(j, ([one, two]) => [two!, one!]) }),
    'a leaf that does not hash its value': (j) =>
      recv(j, { proof: lower(j, (p) => ({ ...p, leaf: { ...p.leaf!, prehashValue: 0 } })) }),
  }),
  ...refused<Journey>('ics23/11', "commitment/2 index 1: provided value doesn't match", {
    'an inner node with a third child': (j) => recv(j, { proof: lower(j, withThirdChild) }),
  }),
]

/** Forged `MsgAcknowledgement`s for a packet that was received. */
export const ACKNOWLEDGE: readonly Attack<Answered>[] = [
  ...refused<Answered>('ics23/21', "commitment/2 index 0: provided value doesn't match", {
    'the universal error instead of success': (j) => ack(j, [ERROR_ACKNOWLEDGEMENT]),
    'success with a blank inside': (j) => ack(j, [utf8('{"result": "AQ=="}')]),
  }),
  ...refused<Answered>('ics23/20', "commitment/2 index 0: provided key doesn't match", {
    "another packet's refusal, truly proven": async (j) =>
      ack(j, [ERROR_ACKNOWLEDGEMENT], { proof: await prove(j.target, 'ack', j.refused, j.answerHeight) }),
    'a packet that was not received yet': (j) => ack(j, [ERROR_ACKNOWLEDGEMENT], { packet: j.late }),
  }),
  ...refused<Answered>('ics23/22', 'commitment/2 did not commit to expected root', {
    'a height from before the answer': (j) => ack(j, [SUCCESS_ACKNOWLEDGEMENT], { height: j.early }),
  }),
  ...refused<Answered>('ibc/40', 'mempool:channelv2/5 must be of length one', {
    'no answer': (j) => ack(j, []),
  }),
  ...refused<Answered>('ibc/41', 'mempool:channelv2/5 cannot be empty', {
    'an empty answer': (j) => ack(j, [NOTHING]),
  }),
  ...refused<Answered>('ibc/43', 'mempool:channelv2/5 must be of length one', {
    'success twice': (j) => ack(j, [SUCCESS_ACKNOWLEDGEMENT, SUCCESS_ACKNOWLEDGEMENT]),
  }),
  ...refused<Answered>('ibc/86', 'channelv2/2 commitment bytes are not equal', {
    'another amount than was sent': (j) =>
      ack(j, [SUCCESS_ACKNOWLEDGEMENT], { packet: retold(j.paid, { amount: '1000000' }) }),
  }),
  ...refused<Answered>('ibc/81', 'clientv2/34 does not match packet destination id', {
    "at a stranger's client that names ours as its counterparty": (j) =>
      ack(j, [ERROR_ACKNOWLEDGEMENT], { packet: { ...j.paid, destinationClient: j.strangerOnTarget } }),
  }),
  ...refused<Answered>('noop', 'noop', {
    'a packet that was never sent': (j) =>
      ack(j, [ERROR_ACKNOWLEDGEMENT], { packet: { ...j.paid, sequence: 99n } }),
  }),
  ...refused<Answered>('07-tendermint/21', 'client/7', {
    'an unknown height': (j) => ack(j, [SUCCESS_ACKNOWLEDGEMENT], { height: 1n }),
  }),
  ...refused<Answered>('ibc/6', 'mempool:commitment/2', {
    'no proof': (j) => ack(j, [SUCCESS_ACKNOWLEDGEMENT], { proof: NOTHING }),
  }),
  ...refused<Answered>('ics23/1', 'commitment/2 failed to unmarshal', {
    'a proof of noise': (j) => ack(j, [SUCCESS_ACKNOWLEDGEMENT], { proof: NOISE }),
  }),
]

/** Forged `MsgTimeout`s. */
export const TIMEOUT: readonly Attack<TimedOut>[] = [
  ...refused<TimedOut>('ibc/84', 'channelv2/10', {
    'a packet whose time has not come': (j) => timeoutEarly(j, j.late),
    'a received packet, with a proof from before': (j) => timeoutEarly(j, j.swift),
  }),
  ...refused<TimedOut>('ics23/20', 'commitment/2 key is not right of left proof', {
    'a received packet, with the proof of another': (j) => timeout(j, { packet: j.swift }),
  }),
  ...refused<TimedOut>('ics23/3', 'commitment/2 must be non-existence proof', {
    'a received packet, with the proof of its answer': async (j) =>
      timeout(j, { packet: j.swift, proof: await prove(j.target, 'ack', j.swift, j.lateHeight) }),
  }),
  ...refused<TimedOut>('ibc/86', 'channelv2/2 commitment bytes are not equal', {
    'an earlier timeout than was sent': (j) => timeoutEarly(j, j.late, { ...j.late, timeoutTimestamp: 1n }),
    'another amount than was sent': (j) => timeout(j, { packet: retold(j.late, { amount: '1000000' }) }),
  }),
  ...refused<TimedOut>('ibc/81', 'clientv2/34 does not match packet destination id', {
    "at a stranger's client that names ours as its counterparty": (j) =>
      timeout(j, { packet: { ...j.late, destinationClient: j.strangerOnTarget } }),
  }),
  ...refused<TimedOut>('noop', 'noop', {
    'a packet that was never sent': (j) => timeout(j, { packet: { ...j.late, sequence: 99n } }),
  }),
  ...refused<TimedOut>('07-tendermint/21', 'client/7', {
    'an unknown height': (j) => timeout(j, { height: j.lateHeight + 100_000n }),
  }),
  ...refused<TimedOut>('ibc/6', 'mempool:commitment/2', {
    'no proof': (j) => timeout(j, { proof: NOTHING }),
  }),
  ...refused<TimedOut>('ics23/1', 'commitment/2 failed to unmarshal', {
    'a proof of noise': (j) => timeout(j, { proof: NOISE }),
  }),
]
