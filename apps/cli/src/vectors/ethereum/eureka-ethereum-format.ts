import {
  ibcCommitmentSlot,
  requireCommitment,
  verifyAccountProof,
  verifyIbcCommitment,
} from '@causeway/light-clients'
import {
  acknowledgementCommitment,
  packetAcknowledgementKey,
  packetCommitment,
  packetCommitmentKey,
  packetReceiptKey,
} from '@causeway/messaging'
import { fromUtf8 } from '@causeway/primitives'
import type { Any } from '@causeway/protocol'
import { TxBody } from '@causeway/protocol/cosmos/tx/v1beta1/tx'
import { Any as AnyCodec } from '@causeway/protocol/google/protobuf/any'
import { MsgAcknowledgement, MsgRecvPacket, MsgTimeout } from '@causeway/protocol/ibc/core/channel/v2/tx'
import { MsgUpdateClient } from '@causeway/protocol/ibc/core/client/v1/tx'
import { expectBytes, expectSame } from '../expectations.ts'
import { hasMembers, isListOf, isObject, objectAt, textAt, type JsonObject } from '../json-shape.ts'
import type { VectorFormat } from '../vector-file.ts'
import { readEurekaClient, updateEurekaClient, type EurekaClient } from './eureka-client.ts'
import { hexAt, hexListAt, quantityWord } from './hex.ts'
import { inOrder, type Step } from './in-order.ts'

/**
 * Transactions that a relayer sent to a Cosmos chain with solidity-ibc-eureka's Ethereum client: headers, and
 * packets with EIP-1186 proofs. All are accepted in order.
 */
export const eurekaEthereumFormat: VectorFormat = {
  name: 'eureka-ethereum',
  recognise({ json }) {
    if (!hasMembers(json, 'steps') || !isListOf(json.steps, 'name', 'data')) return undefined
    const [initial, ...rest] = json.steps
    const start = objectAt(initial!, 'data')
    if (!hasMembers(start, 'client_state', 'consensus_state') || !isObject(start.client_state))
      return undefined
    const steps = rest.flatMap((step) => {
      const body = TxBody.decode(hexAt(objectAt(step, 'data'), 'relayer_tx_body'))
      return body.messages.map((message, i) => stepOf(`${textAt(step, 'name')} #${i}`, message))
    })
    return { cases: inOrder(() => readEurekaClient(start), steps) }
  },
}

function stepOf(name: string, message: Any): Step<EurekaClient> {
  return { name: `${name} ${message.typeUrl.split('.').at(-1)}`, run: (client) => apply(client, message) }
}

function apply(client: EurekaClient, { typeUrl, value }: Any): EurekaClient {
  switch (typeUrl) {
    case '/ibc.core.client.v1.MsgUpdateClient':
      return updateEurekaClient(client, headerOf(MsgUpdateClient.decode(value)))
    case '/ibc.core.channel.v2.MsgRecvPacket': {
      const { packet, proofCommitment, proofHeight } = MsgRecvPacket.decode(value)
      const key = packetCommitmentKey(packet!.sourceClient, packet!.sequence)
      prove(client, proofHeight!.revisionHeight, key, packetCommitment(packet!), proofCommitment)
      return client
    }
    case '/ibc.core.channel.v2.MsgAcknowledgement': {
      const { packet, acknowledgement, proofAcked, proofHeight } = MsgAcknowledgement.decode(value)
      const key = packetAcknowledgementKey(packet!.destinationClient, packet!.sequence)
      const expected = acknowledgementCommitment(acknowledgement!.appAcknowledgements)
      prove(client, proofHeight!.revisionHeight, key, expected, proofAcked)
      return client
    }
    case '/ibc.core.channel.v2.MsgTimeout': {
      const { packet, proofUnreceived, proofHeight } = MsgTimeout.decode(value)
      const key = packetReceiptKey(packet!.destinationClient, packet!.sequence)
      prove(client, proofHeight!.revisionHeight, key, undefined, proofUnreceived)
      return client
    }
    default:
      throw new Error(`no message ${typeUrl} was expected`)
  }
}

/** The client message is JSON in protobuf's `bytes`, in an Any. */
function headerOf({ clientMessage }: MsgUpdateClient): JsonObject {
  // ibc.lightclients.wasm.v1.ClientMessage { bytes data = 1 }: read as an Any of which only field 1 is set.
  const data = AnyCodec.decode(clientMessage!.value).typeUrl
  const header: unknown = JSON.parse(data)
  if (!isObject(header)) throw new Error('the header is no object')
  return header
}

function prove(
  client: EurekaClient,
  slot: bigint,
  key: Uint8Array,
  expected: Uint8Array | undefined,
  proofBytes: Uint8Array,
): void {
  const state = client.states.get(slot)
  if (!state) throw new Error(`nothing is stored at the proof's slot ${slot}`)
  const json: unknown = JSON.parse(fromUtf8(proofBytes))
  if (!isObject(json)) throw new Error('the proof is no object')
  const [account, storage] = [objectAt(json, 'account_proof'), objectAt(json, 'storage_proof')]
  const proof = { accountProof: hexListAt(account, 'proof'), storageProof: hexListAt(storage, 'proof') }
  expectBytes('the slot', quantityWord(textAt(storage, 'key')), ibcCommitmentSlot(client.contract, [key]))
  const found = verifyAccountProof(state.stateRoot, client.contract.address, proof.accountProof)
  expectBytes('the storage root', found!.storageRoot, hexAt(account, 'storage_root'))
  const stored = verifyIbcCommitment(state.stateRoot, client.contract, [key], proof)
  expectBytes('the stored word', stored ?? new Uint8Array(32), quantityWord(textAt(storage, 'value')))
  if (expected) requireCommitment(stored, expected)
  else expectSame('what is stored', stored, undefined)
}
