import {
  acknowledgementCommitment,
  decodeTransfer,
  encodeTransfer,
  merklePath,
  packetAcknowledgementKey,
  packetCommitment,
  packetCommitmentKey,
  packetReceiptKey,
  requireAcknowledgement,
} from '@causeway/messaging'
import { fromHex, toHex } from '@causeway/primitives'
import { expectBytes, expectRefusal, expectSame } from '../expectations.ts'
import { hasMembers, integerAt, isObject, listAt, objectAt, textAt, type JsonObject } from '../json-shape.ts'
import type { VectorCase, VectorFormat } from '../vector-file.ts'

type Check = (vector: JsonObject) => void

/** IBC v2 commitments, acknowledgements, store keys and merkle paths. */
export const ibcPacketsFormat: VectorFormat = {
  name: 'ibc-v2-packets',
  recognise({ json }) {
    if (!isObject(json) || !Object.keys(checks).some((name) => Array.isArray(json[name]))) return undefined
    const unknown = Object.keys(json).filter((name) => !Object.hasOwn(checks, name))
    return {
      cases: [
        ...Object.entries(checks).flatMap(([name, check]) => casesOf(json, name, check)),
        ...unknown.map((name) => ({ name, run: () => failUnknown(name) })),
      ],
    }
  },
}

const checks: Readonly<Record<string, Check>> = {
  packetCommitments: checkPacketCommitment,
  acknowledgementCommitments(vector) {
    const got = acknowledgementCommitment(
      listAt(vector, 'appAcknowledgements').map((hex) => fromHex(String(hex))),
    )
    expectBytes('the commitment', got, fromHex(textAt(vector, 'expectedCommitment')))
  },
  acknowledgementValidity(vector) {
    const acknowledgements = listAt(vector, 'appAcknowledgements').map((hex) => fromHex(String(hex)))
    if (vector.valid === true) requireAcknowledgement(acknowledgements)
    else expectRefusal('the acknowledgement', () => requireAcknowledgement(acknowledgements))
  },
  storeKeys: checkStoreKey,
  merklePaths(vector) {
    const prefix = listAt(vector, 'prefix').map((hex) => fromHex(String(hex)))
    const key = fromHex(textAt(vector, 'path'))
    if (vector.expected === null) return expectRefusal('the path', () => merklePath(prefix, key))
    const expected = listAt(vector, 'expected').join(' ')
    expectSame('the path', merklePath(prefix, key).map(toHex).join(' '), expected)
  },
}

function casesOf(json: JsonObject, name: string, check: Check): VectorCase[] {
  if (!Object.hasOwn(json, name)) return []
  if (!Array.isArray(json[name])) return [{ name, run: () => void listAt(json, name) }]
  return listAt(json, name).map((vector, i) => ({
    name: `${name} ${hasMembers(vector, 'name') ? String(vector.name) : i}`,
    run() {
      if (!isObject(vector)) throw new Error('it is no object')
      check(vector)
    },
  }))
}

function failUnknown(name: string): void {
  throw new Error(`${name} is no known kind of case`)
}

function checkPacketCommitment(vector: JsonObject): void {
  const packet = objectAt(vector, 'packet')
  const payloads = listAt(packet, 'payloads')
    .filter(isObject)
    .map((payload) => ({
      sourcePort: textAt(payload, 'sourcePort'),
      destinationPort: textAt(payload, 'destinationPort'),
      version: textAt(payload, 'version'),
      encoding: textAt(payload, 'encoding'),
      value: fromHex(textAt(payload, 'value')),
    }))
  const got = packetCommitment({
    destinationClient: textAt(packet, 'destinationClient'),
    timeoutTimestamp: integerAt(packet, 'timeoutTimestamp'),
    payloads,
  })
  expectBytes('the commitment', got, fromHex(textAt(vector, 'expectedCommitment')))
  const [payload] = payloads
  if (isObject(vector.transfer) && payload) checkTransfer(vector.transfer, payload)
}

/** The payload is the transfer's encoding, and reads back as the transfer. */
function checkTransfer(transfer: JsonObject, payload: Parameters<typeof decodeTransfer>[0]): void {
  const data = {
    denom: textAt(transfer, 'denom'),
    amount: integerAt(transfer, 'amount'),
    sender: textAt(transfer, 'sender'),
    receiver: textAt(transfer, 'receiver'),
    memo: textAt(transfer, 'memo'),
  }
  expectBytes('the transfer', encodeTransfer(data, payload.encoding).value, payload.value)
  const decoded = decodeTransfer(payload)
  for (const name of ['denom', 'amount', 'sender', 'receiver', 'memo'] as const) {
    expectSame(`the decoded ${name}`, decoded[name], data[name])
  }
}

function checkStoreKey(vector: JsonObject): void {
  const keys: Readonly<Record<string, (clientId: string, sequence: bigint) => Uint8Array>> = {
    commitment: packetCommitmentKey,
    receipt: packetReceiptKey,
    acknowledgement: packetAcknowledgementKey,
  }
  const kind = textAt(vector, 'kind')
  const key = Object.hasOwn(keys, kind) ? keys[kind] : undefined
  if (!key) throw new Error(`${kind} is no known kind of key`)
  const got = key(textAt(vector, 'clientId'), integerAt(vector, 'sequence'))
  expectBytes('the key', got, fromHex(textAt(vector, 'expectedKey')))
}
