import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fromHex, isProtocolError, toHex } from '@causeway/primitives'
import { describe, expect, it } from 'vitest'
import { TRANSFER_ENCODINGS, decodeTransfer, encodeTransfer } from '../transfer/packet-data.ts'
import { acknowledgementCommitment, requireAcknowledgement } from './acknowledgement-commitment.ts'
import { merklePath } from './merkle-path.ts'
import { packetCommitment } from './packet-commitment.ts'
import { packetAcknowledgementKey, packetCommitmentKey, packetReceiptKey } from './store-keys.ts'

const FILE = join(import.meta.dirname, '../../../../../shared/vectors/ibc-v2-packets/vectors.json')

interface Vectors {
  packetCommitments: {
    name: string
    transfer: { denom: string; amount: string; sender: string; receiver: string; memo: string }
    packet: {
      destinationClient: string
      timeoutTimestamp: number
      payloads: {
        sourcePort: string
        destinationPort: string
        version: string
        encoding: string
        value: string
      }[]
    }
    expectedCommitment: string
  }[]
  acknowledgementCommitments: { name: string; appAcknowledgements: string[]; expectedCommitment: string }[]
  acknowledgementValidity: { appAcknowledgements: string[]; valid: boolean }[]
  storeKeys: {
    kind: 'commitment' | 'receipt' | 'acknowledgement'
    clientId: string
    sequence: number
    expectedKey: string
  }[]
  merklePaths: { prefix: string[]; path: string; expected: string[] | null }[]
}

const KEYS = {
  commitment: packetCommitmentKey,
  receipt: packetReceiptKey,
  acknowledgement: packetAcknowledgementKey,
}

if (!existsSync(FILE)) {
  it.skip(`vectors ibc-v2-packets: ${FILE} is not beside this checkout`, () => undefined)
} else {
  const vectors = JSON.parse(readFileSync(FILE, 'utf8')) as Vectors
  const count = Object.values(vectors).reduce(
    (sum, cases: unknown) => sum + (Array.isArray(cases) ? cases.length : 0),
    0,
  )

  describe(`vectors ibc-v2-packets (${count} cases)`, () => {
    for (const vector of vectors.packetCommitments) {
      const payloads = vector.packet.payloads.map((payload) => ({
        ...payload,
        value: fromHex(payload.value),
      }))
      const transfer = { ...vector.transfer, amount: BigInt(vector.transfer.amount) }

      it(`commits to the ${vector.name}`, () => {
        const timeoutTimestamp = BigInt(vector.packet.timeoutTimestamp)
        const commitment = packetCommitment({ ...vector.packet, timeoutTimestamp, payloads })
        expect(toHex(commitment)).toBe(vector.expectedCommitment)
      })

      it(`reads and writes the transfer of the ${vector.name}`, () => {
        const [payload] = payloads
        expect(decodeTransfer(payload!)).toEqual(transfer)
        expect(encodeTransfer(transfer, payload!.encoding)).toEqual(payload)
        expect(Object.values(TRANSFER_ENCODINGS)).toContain(payload!.encoding)
      })
    }

    for (const { name, appAcknowledgements, expectedCommitment } of vectors.acknowledgementCommitments) {
      it(`commits to the acknowledgement: ${name}`, () => {
        expect(toHex(acknowledgementCommitment(appAcknowledgements.map(fromHex)))).toBe(expectedCommitment)
      })
    }

    vectors.acknowledgementValidity.forEach(({ appAcknowledgements, valid }, index) => {
      it(`judges acknowledgement list ${index}: ${valid ? 'valid' : 'refused'}`, () => {
        expect(accepts(() => requireAcknowledgement(appAcknowledgements.map(fromHex)))).toBe(valid)
      })
    })

    vectors.storeKeys.forEach(({ kind, clientId, sequence, expectedKey }) => {
      it(`makes the ${kind} key`, () => {
        expect(toHex(KEYS[kind](clientId, BigInt(sequence)))).toBe(expectedKey)
      })
    })

    vectors.merklePaths.forEach(({ prefix, path, expected }, index) => {
      it(`makes merkle path ${index}${expected === null ? ': refused' : ''}`, () => {
        const make = () => merklePath(prefix.map(fromHex), fromHex(path)).map(toHex)
        if (expected === null) expect(accepts(make)).toBe(false)
        else expect(make()).toEqual(expected)
      })
    })
  })
}

function accepts(run: () => unknown): boolean {
  try {
    run()
    return true
  } catch (error) {
    if (isProtocolError(error)) return false
    throw error
  }
}
