import { checkStrict, packAny, type Height } from '@causeway/protocol'
import { ClientState, Header } from '@causeway/protocol/ibc/lightclients/tendermint/v1/tendermint'
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
    const bytes = fromHex(textAt(message, 'client_message_hex'))
    const any = packAny(textAt(message, 'type_url'), bytes)
    client.verifyClientMessage(store, any, context)
    expectSame('misbehaviour', client.checkForMisbehaviour(store, any), false)
    const [updated] = client.updateState(store, any, context)
    expectSame('the new height', updated?.revisionHeight, Header.decode(bytes).signedHeader?.header?.height)
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
      // The root is that of the client's consensus state: the height in the message is the state's own.
      const { store, height, context } = trustedClient(json)
      const path = pathOf(message)
      const proof = fromHex(textAt(message, 'proof'))
      if (value().length === 0) client.verifyNonMembership(store, height, proof, path, context)
      else client.verifyMembership(store, height, proof, path, value(), context)
    },
  }
  if (json.packet === undefined) return [verify]
  const packet = objectAt(json, 'packet')
  return [verify, { name: 'is about the packet', run: () => checkPacket(packet, message, value()) }]
}

function pathOf(message: JsonObject): Uint8Array[] {
  return listAt(message, 'path').map((part) => latin1(String(part)))
}

/** The key that is proven is the packet's, and so is the value. */
function checkPacket(packet: JsonObject, message: JsonObject, value: Uint8Array): void {
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
  } else if (kind === 3) {
    expectBytes('the key', key, packetAcknowledgementKey(destination, sequence))
    expectBytes('the commitment', acknowledgementOf(packet), value)
  } else throw new Error('the key is none of a packet')
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
