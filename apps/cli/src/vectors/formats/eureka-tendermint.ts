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
import { acknowledgementCommitment, packetCommitment } from '@causeway/messaging'
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
  const update = () => {
    const { store, context } = trustedClient(json, integerAt(message, 'trusted_height'))
    const bytes = fromHex(textAt(message, 'client_message_hex'))
    const any = packAny(HEADER_TYPE_URL, bytes)
    client.verifyClientMessage(store, any, context)
    expectSame('misbehaviour', client.checkForMisbehaviour(store, any), false)
    const [updated] = client.updateState(store, any, context)
    expectSame('the new height', updated?.revisionHeight, Header.decode(bytes).signedHeader?.header?.height)
    expectSame('the latest height', compareHeights(client.latestHeight(store), updated!), 0)
    expectSame('the status', client.status(store, context.timeNanoseconds), 'Active')
  }
  if (file.name.includes('invalid_protobuf'))
    return { name: 'can not be decoded', run: () => expectUndecodable(message) }
  const isAccepted = file.name.includes('happy_path')
  return {
    name: isAccepted ? 'is accepted' : 'is refused',
    run: isAccepted ? update : () => expectRefusal('it', update),
  }
}

function misbehaviourCase(file: VectorFile, json: JsonObject, member: string): VectorCase {
  const submit = () => {
    const { store, context } = trustedClient(json)
    const message = objectAt(json, member)
    const hexMember = Object.keys(message).find((name) => name.endsWith('_hex')) ?? 'client_message_hex'
    const any = packAny(MISBEHAVIOUR_TYPE_URL, fromHex(textAt(message, hexMember)))
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
      const path = listAt(message, 'path').map((part) => latin1(String(part)))
      const proof = fromHex(textAt(message, 'proof'))
      if (value().length === 0) client.verifyNonMembership(store, height, proof, path, context)
      else client.verifyMembership(store, height, proof, path, value(), context)
    },
  }
  const packet = json.packet
  if (!isObject(packet)) return [verify]
  // A packet's key ends in its kind and eight bytes of sequence.
  const kind = String(listAt(message, 'path').at(-1)).at(-9)
  const commitment = kind === '\u0001' ? commitmentOf : kind === '\u0003' ? acknowledgementOf : undefined
  if (!commitment) return [verify]
  const check = () => expectBytes('the commitment', commitment(packet), value())
  return [verify, { name: "the packet's commitment is the proven value", run: check }]
}

function expectUndecodable(message: JsonObject): void {
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
    payloads: listAt(packet, 'payloads')
      .filter(isObject)
      .map((payload) => ({
        sourcePort: textAt(payload, 'source_port'),
        destinationPort: textAt(payload, 'dest_port'),
        version: textAt(payload, 'version'),
        encoding: textAt(payload, 'encoding'),
        value: fromBase64(textAt(payload, 'value')),
      })),
  })
}

/** The recorder wrote raw bytes as one character each. */
function latin1(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => {
    const code = character.codePointAt(0)!
    if (code > 0xff) throw new Error(`character ${code} stands for no byte`)
    return code
  })
}
