import { checkStrict, packAny, type Height } from '@causeway/protocol'
import {
  ClientState,
  ConsensusState,
  Header,
} from '@causeway/protocol/ibc/lightclients/tendermint/v1/tendermint'
import {
  CLIENT_STATE_TYPE_URL,
  CONSENSUS_STATE_TYPE_URL,
  HEADER_TYPE_URL,
  MISBEHAVIOUR_TYPE_URL,
  compareHeights,
  createNativeSignatureVerifier,
  createTendermintClient,
  type ClientContext,
  type ClientStore,
} from '@causeway/light-clients'
import { fromBase64, fromHex } from '@causeway/primitives'
import {
  acknowledgementCommitment,
  decodeTransfer,
  packetAcknowledgementKey,
  packetCommitment,
  packetCommitmentKey,
  packetReceiptKey,
} from '@causeway/messaging'
import { expectBytes, expectRefusal, expectSame } from '../expectations.ts'
import { hasMembers, integerAt, isObject, listAt, objectAt, textAt, type JsonObject } from '../json-shape.ts'
import { createMemoryClientStore } from '../memory-store.ts'
import type { VectorCase, VectorFile, VectorFormat } from '../vector-file.ts'

const HOUR_NANOSECONDS = 3_600_000_000_000n
const client = createTendermintClient({ verifySignatures: createNativeSignatureVerifier() })

/**
 * 07-tendermint fixtures recorded by solidity-ibc-eureka: a trusted client, and an update, a misbehaviour or
 * a membership proof. Only a file name with `happy_path` says that an update is to be accepted.
 */
export const eurekaTendermintFormat: VectorFormat = {
  name: 'eureka-tendermint',
  recognise(file) {
    const { json } = file
    if (!hasMembers(json, 'client_state_hex', 'consensus_state_hex')) return undefined
    if (isObject(json.update_client_message)) return { cases: [updateCase(file, json)] }
    if (isObject(json.membership_msg)) return { cases: membershipCases(json) }
    const misbehaviour = Object.keys(json).find((name) => /misbehaviour/.test(name) && isObject(json[name]))
    return misbehaviour === undefined ? undefined : { cases: [misbehaviourCase(file, json, misbehaviour)] }
  },
}

interface TrustedClient {
  store: ClientStore
  height: Height
  context: ClientContext
}

/** A client with the fixture's states; an update says at which height its consensus state stands. */
function trustedClient(json: JsonObject, trustedHeight?: bigint): TrustedClient {
  const store = createMemoryClientStore()
  const state = ClientState.decode(fromHex(textAt(json, 'client_state_hex')))
  if (state.latestHeight && trustedHeight !== undefined) state.latestHeight.revisionHeight = trustedHeight
  const clientState = packAny(CLIENT_STATE_TYPE_URL, ClientState.encode(state).finish())
  const consensusState = packAny(CONSENSUS_STATE_TYPE_URL, fromHex(textAt(json, 'consensus_state_hex')))
  const own: Height = { revisionNumber: 0n, revisionHeight: 1n }
  client.initialise(store, clientState, consensusState, { timeNanoseconds: 0n, height: own })
  const height = client.latestHeight(store)
  const timeNanoseconds = client.timestampAtHeight(store, height) + HOUR_NANOSECONDS
  return { store, height, context: { timeNanoseconds, height: { ...own, revisionHeight: 2n } } }
}

function updateCase(file: VectorFile, json: JsonObject): VectorCase {
  const message = objectAt(json, 'update_client_message')
  const trustedHeight = integerAt(message, 'trusted_height')
  const update = () => {
    const { store, context } = trustedClient(json, trustedHeight)
    const any = packAny(textAt(message, 'type_url'), fromHex(textAt(message, 'client_message_hex')))
    client.verifyClientMessage(store, any, context)
    expectSame('misbehaviour', client.checkForMisbehaviour(store, any), false)
    const [updated] = client.updateState(store, any, context)
    expectSame('the new height', updated?.revisionHeight, integerAt(message, 'new_height'))
    expectSame('the latest height', compareHeights(client.latestHeight(store), updated!), 0)
    expectSame('the status', client.status(store, context.timeNanoseconds), 'Active')
  }
  const refuse = () => {
    // What is refused has to be what the file says that it is.
    expectSame('type_url', textAt(message, 'type_url'), HEADER_TYPE_URL)
    const header = Header.decode(fromHex(textAt(message, 'client_message_hex')))
    expectSame('the trusted height of the header', header.trustedHeight?.revisionHeight, trustedHeight)
    expectRefusal('it', update)
  }
  if (file.name.includes('invalid_protobuf'))
    return { name: 'can not be decoded', run: () => expectUndecodable(message) }
  const isAccepted = file.name.includes('happy_path')
  return isAccepted ? { name: 'is accepted', run: update } : { name: 'is refused', run: refuse }
}

function misbehaviourCase(file: VectorFile, json: JsonObject, member: string): VectorCase {
  const submit = () => {
    const { store, context } = trustedClient(json)
    const message = objectAt(json, member)
    const hexMember = Object.keys(message).find((name) => name.endsWith('_hex')) ?? 'client_message_hex'
    const typeUrl = Object.hasOwn(message, 'type_url') ? textAt(message, 'type_url') : MISBEHAVIOUR_TYPE_URL
    const any = packAny(typeUrl, fromHex(textAt(message, hexMember)))
    client.verifyClientMessage(store, any, context)
    expectSame('misbehaviour', client.checkForMisbehaviour(store, any), true)
    client.updateStateOnMisbehaviour(store, any)
    expectSame('the status', client.status(store, context.timeNanoseconds), 'Frozen')
  }
  const isRefused = /invalid|expired|malformed|wrong|no_conflict|negative/.test(file.name)
  return isRefused
    ? { name: 'is refused', run: () => expectRefusal('it', submit) }
    : { name: 'freezes the client', run: submit }
}

function membershipCases(json: JsonObject): VectorCase[] {
  const message = objectAt(json, 'membership_msg')
  const value = () => fromHex(textAt(message, 'value'))
  const verify = {
    name: 'verifies',
    run() {
      const { store, height, context } = trustedClient(json)
      // State at a height is proven by the next header, which is the one that the client knows.
      expectSame('the height of the proof', integerAt(message, 'height') + 1n, height.revisionHeight)
      for (const name of ['delay_block_period', 'delay_time_period'])
        expectSame(name, integerAt(message, name), 0n)
      const path = pathOf(message)
      const proof = fromHex(textAt(message, 'proof'))
      if (value().length === 0) client.verifyNonMembership(store, height, proof, path, context)
      else client.verifyMembership(store, height, proof, path, value(), context)
    },
  }
  const { packet } = json
  if (packet === undefined) return [verify]
  return [verify, { name: 'is about the packet', run: () => checkPacket(json, message, value()) }]
}

function pathOf(message: JsonObject): Uint8Array[] {
  return listAt(message, 'path').map((part) => latin1(String(part)))
}

/** The key that is proven is the packet's, and so is the value; without one, the packet had timed out. */
function checkPacket(json: JsonObject, message: JsonObject, value: Uint8Array): void {
  const packet = objectAt(json, 'packet')
  const sequence = integerAt(packet, 'sequence')
  const [source, destination] = [textAt(packet, 'source_client'), textAt(packet, 'dest_client')]
  const key = pathOf(message).at(-1) ?? new Uint8Array()
  // A packet's key ends in its kind and eight bytes of sequence.
  const kind = key.at(-9)
  if (kind === 1) {
    expectBytes('the key', key, packetCommitmentKey(source, sequence))
    expectBytes('the commitment', commitmentOf(packet), value)
  } else if (kind === 2) {
    expectBytes('the key', key, packetReceiptKey(destination, sequence))
    expectTimedOut(json, packet)
  } else if (kind === 3) {
    expectBytes('the key', key, packetAcknowledgementKey(destination, sequence))
    expectBytes('the commitment', acknowledgementOf(packet), value)
  } else throw new Error('the key is none of a packet')
}

/**
 * Absence of a receipt is proven for a packet that can't be received any more. Nothing in the proof binds its
 * payloads: that they are transfers can be seen.
 */
function expectTimedOut(json: JsonObject, packet: JsonObject): void {
  for (const payload of payloadsOf(packet)) {
    if (payload.sourcePort === 'transfer' || payload.destinationPort === 'transfer') decodeTransfer(payload)
  }
  const proven = ConsensusState.decode(fromHex(textAt(json, 'consensus_state_hex'))).timestamp?.seconds ?? 0n
  const timeout = integerAt(packet, 'timeout_timestamp')
  if (proven < timeout) throw new Error(`the proof stands at ${proven} s, the timeout is ${timeout} s`)
}

function expectUndecodable(message: JsonObject): void {
  expectSame('type_url', textAt(message, 'type_url'), HEADER_TYPE_URL)
  let bytes: Uint8Array
  try {
    bytes = fromHex(textAt(message, 'client_message_hex'))
  } catch {
    return
  }
  expectRefusal('it', () => checkStrict(HEADER_TYPE_URL.slice(1), bytes))
}

function acknowledgementOf(packet: JsonObject): Uint8Array {
  return acknowledgementCommitment([fromBase64(textAt(packet, 'acknowledgement'))])
}

function commitmentOf(packet: JsonObject): Uint8Array {
  return packetCommitment({
    destinationClient: textAt(packet, 'dest_client'),
    timeoutTimestamp: integerAt(packet, 'timeout_timestamp'),
    payloads: payloadsOf(packet),
  })
}

function payloadsOf(packet: JsonObject) {
  return listAt(packet, 'payloads')
    .filter(isObject)
    .map((payload) => ({
      sourcePort: textAt(payload, 'source_port'),
      destinationPort: textAt(payload, 'dest_port'),
      version: textAt(payload, 'version'),
      encoding: textAt(payload, 'encoding'),
      value: fromBase64(textAt(payload, 'value')),
    }))
}

/** The recorder wrote raw bytes as one character each. */
function latin1(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => {
    const code = character.codePointAt(0)!
    if (code > 0xff) throw new Error(`character ${code} stands for no byte`)
    return code
  })
}
